"""Organizations of a seed behind the engine, whose week begins on Monday or on Sunday."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from runner.engine.inquiry import WeekStart
from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.laws import NOW, Office
from tests.engine.memory import Api
from tests.engine.oracle.world import moment
from tests.engine.organizations import Dump, Maker


def week_start(seed: int) -> WeekStart:
    return "sunday" if seed % 2 else "monday"


@contextmanager
def opened(seed: int, folder: Path, dump: Dump | None = None, now: datetime = NOW) -> Iterator[Office]:
    """The organization of a seed, or the same objects written down in another way, asked at an instant."""
    maker = Maker(seed)
    dump = dump or maker.dump()
    load(write_dump(folder / "dump", form="ndjson", **dump), folder / "store")
    with Store.open(folder / "store") as store:
        office = Office(seed, dump, maker.bounds, Api(store, lambda: now, week_start=week_start(seed)))
        office.now = moment(now.isoformat())
        yield office


def amid(seed: int) -> datetime:
    """An instant that many of the organization's objects lie at or round."""
    return Maker(seed).bounds[seed % 10]
