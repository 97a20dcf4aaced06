"""The tests of a definition: ``Source`` -> ``Trial`` each, or every problem of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from runner import period
from runner.errors import DefinitionError
from runner.model import Expected, Json, Path, Source, Trial
from runner.spec import wording
from runner.spec.findings import Finding, problems
from runner.spec.schema import rules


def read_trials(source: Source, zone: ZoneInfo) -> tuple[Trial, ...]:
    """The tests in the order written; DefinitionError with all problems. Plain dates begin in ``zone``."""
    breaches = [] if rules("test").accepts(source.data) else wording.breaches("test", source)
    broken = {breach.path[:length] for breach in breaches for length in range(len(breach.path) + 1)}
    found = [*wording.findings(breaches), *_meant(source.data, zone, broken)]
    if found:
        raise DefinitionError(*problems(source, found))
    data: Any = source.data
    return tuple(_trial(name, said, source, zone) for name, said in data["tests"].items())


def _meant(data: Json, zone: ZoneInfo, broken: set[Path]) -> Iterator[Finding]:
    """What the schema cannot see, in the tests that it found nothing wrong with."""
    tests: Any = data.get("tests") if isinstance(data, dict) else None
    for name, said in tests.items() if isinstance(tests, dict) else ():
        if ("tests", name) not in broken:
            yield from _instant(said, ("tests", name), zone)


def _instant(said: Mapping[str, Any], path: Path, zone: ZoneInfo) -> Iterator[Finding]:
    if "as_of" not in said:
        if "recording" not in said.get("given", {}):
            hint = "write as_of: 2026-11-23, or a time with its offset; only a recording has an instant of its own"
            yield Finding(path, "the test does not say as of when", "missing-key", hint, key=True)
        return
    try:
        period.moment(said["as_of"], zone)
    except ValueError as error:
        yield Finding((*path, "as_of"), str(error), "calendar")


def _trial(name: str, said: Mapping[str, Any], source: Source, zone: ZoneInfo) -> Trial:
    given, expect = said.get("given", {}), said["expect"]
    path: Path = ("tests", name)
    return Trial(
        name=name,
        source=source,
        place=path,
        as_of=period.moment(said["as_of"], zone) if "as_of" in said else None,
        dump=given.get("dump", ""),
        recording=given.get("recording", ""),
        period=str(expect.get("period", "")),
        cells=tuple(
            Expected(
                place=(*path, "expect", "cells", index),
                job=cell["job"],
                column=cell["column"],
                value=cell["value"],
                row=cell.get("row", ""),
                table=cell.get("table", ""),
                before=cell.get("before"),
                compared="before" in cell,
            )
            for index, cell in enumerate(expect.get("cells", ()))
        ),
        sentences=tuple(expect.get("sentences", ())),
        failed=tuple(expect.get("failed", ())),
        checks=expect.get("checks", {}),
    )
