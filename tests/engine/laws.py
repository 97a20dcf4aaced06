"""An organization that the engine serves and the oracle knows, to hold the two against each other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.memory import Api
from tests.engine.oracle.search import Search
from tests.engine.oracle.world import World, moment
from tests.engine.organizations import ORGANIZATION, Dump, Maker

Row = dict[str, Any]

NOW = datetime(2026, 11, 6, 15, 30, 12, 345678, tzinfo=UTC)
"""Some of the data is later."""

OFFSETS = {None: 0, "-5": -300, "5.5": 330, "1": 60, "-4.95": -297, "12.75": 765}


class Office:
    """One organization, with a ``Random`` of its own that makes up requests."""

    def __init__(self, seed: int, dump: Dump, bounds: list[datetime], api: Api) -> None:
        self.seed, self.dump, self.api, self.bounds = seed, dump, api, bounds
        self.world = World(dump)
        self.now = moment(NOW.isoformat())
        self.random = random.Random(f"requests {seed}")
        self.pick = self.random.choice
        self.views = [row["id"] for row in dump["saved_search"] if row.get("query") != ""]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def offset(self) -> str | None:
        return self.pick([*OFFSETS])

    def search(self, offset: str | None = None) -> Search:
        return Search(self.world, self.now, OFFSETS[offset])

    def instant(self) -> datetime:
        return self.pick(self.bounds) + timedelta(
            microseconds=self.pick([0, 0, 0, 0, 500_000, -1, 1_000_000, -1_000_000])
        )

    def said(self, at: datetime) -> str:
        """A moment as requests name it; a plain date now and then."""
        local = at.astimezone(timezone(timedelta(minutes=self.pick([0, -300, 330]))))
        return self.pick(
            [at.isoformat(), at.isoformat().replace("+00:00", "Z"), local.isoformat(" "), at.date().isoformat()]
        )

    def dates(self) -> Row:
        """``date_start`` and ``date_end``, or one of them, or none."""
        start, end = sorted((self.instant(), self.instant()))
        if self.chance(0.2):
            end = start
        found = {"date_start": self.said(start), "date_end": self.said(end)}
        return {key: value for key, value in found.items() if self.chance(0.8)}

    def user(self) -> str:
        return str(self.pick(["user_a", "user_b", "user_c", "user_gone", "user_met"]))

    def get(self, path: str, params: Row, offset: str | None = None) -> Any:
        """The answer, which must be one, or the errors by field of a request that is refused."""
        headers = {} if offset is None else {"x-tz-offset": offset}
        response = self.api.get(path, query_string=params, headers=headers)
        told = response.get_json()
        assert response.status_code in (200, 400), (self.seed, path, params, offset, response.text)
        return told if response.status_code == 200 else told["field-errors"]

    def leads(self, query: str, offset: str | None = None) -> set[str]:
        """The leads that the engine lists for a search string."""
        told = self.get("lead/", {"query": query, "_limit": 1000, "_fields": "id"}, offset)
        assert "data" in told, (self.seed, query, told)
        found = {row["id"] for row in told["data"]}
        assert told["total_results"] == len(found) == len(told["data"]), (self.seed, query)
        return found

    def filtered(self, params: Row, offset: str | None) -> set[str] | None:
        """The leads that a request's ``query`` or ``smart_view_id`` lets through, as the oracle sees it."""
        if params.get("smart_view_id"):
            return self.search(offset).saved(params["smart_view_id"])
        query = (params.get("query") or "").strip()
        return self.search(offset).leads(query) if query else None


@contextmanager
def office(seed: int, folder: Path, dump: Dump | None = None) -> Iterator[Office]:
    """The organization of a seed, or the same rows in another order, through the loader."""
    maker = Maker(seed)
    dump = dump or maker.dump()
    load(write_dump(folder / "dump", form="ndjson", **dump), folder / "store")
    with Store.open(folder / "store") as store:
        yield Office(seed, dump, maker.bounds, Api(store, lambda: NOW))


def path(report: str) -> str:
    return f"report/{report}/{ORGANIZATION}/"
