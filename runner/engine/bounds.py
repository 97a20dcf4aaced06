"""The period of the reports that take ``date_start`` and ``date_end``: whole seconds, both ends belonging to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runner.engine import moments, searches
from runner.engine.fields import Fields
from runner.engine.moments import DAY, MINUTE

SECOND = 1_000_000

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From the second that begins at ``start`` to the end of the one that begins at ``end``, microseconds UTC.

    None is no bound on that side.
    """

    start: int | None
    end: int | None

    def conditions(self, column: str) -> list[str]:
        """SQL that holds where the moment in a column lies in the period."""
        first = [] if self.start is None else [f"{column} >= {self.start:d}"]
        last = [] if self.end is None else [f"{column} < {self.end + SECOND:d}"]
        return first + last

    def searches(self, field: str) -> list[str]:
        """Searches that hold where the moment in a field lies in the period."""
        first = [] if self.start is None else [f"{field} >= {text(self.start)}"]
        last = [] if self.end is None else [f"{field} <= {text(self.end)}"]
        return first + last


def text(second: int) -> str:
    """A second as search strings quote it, in UTC."""
    return searches.quote(moments.to_datetime(second, 0).isoformat(" ", "seconds").removesuffix("+00:00"))


def read(said: Fields, offset: int) -> Bounds:
    """The period that ``date_start`` and ``date_end`` name.

    Each is a moment with Z or an offset, or a plain date: the first or the last second of that day on a clock that is
    ``offset`` minutes east of UTC.
    """
    start = _second(said, "date_start", offset, into=0)
    end = _second(said, "date_end", offset, into=DAY - SECOND)
    if start is not None and end is not None and start > end:
        said.refuse("date_start", "The start is after the end.")
    return Bounds(start, end)


def _second(said: Fields, name: str, offset: int, *, into: int) -> int | None:
    """The second a parameter names; a plain date is ``into`` after its midnight. None where it is absent or refused."""
    if not said.has(name):
        return None
    value = said.text(name).strip()
    try:
        if _DATE.fullmatch(value):
            return moments.stored(value) - offset * MINUTE + into
        return cut(moments.instant(value))
    except ValueError as problem:
        said.refuse(name, str(problem))
        return None


def cut(at: int) -> int:
    """The beginning of the second a moment lies in."""
    return at - at % SECOND
