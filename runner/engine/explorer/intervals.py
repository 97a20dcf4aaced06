"""Where x is cut: the bounds and the width of the buckets of a date or a number."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine import buckets
from runner.engine.grains import GRAINS
from runner.engine.moments import DAY
from runner.engine.ranges import Range

AUTO = "auto"
UNITS = ("hour", "day", "week", "month", "quarter", "year")
BUCKETS = 10_000
"""Buckets that an answer may have."""

FARTHEST = 10**18
"""Beyond this, on either side of 0, no number is put in a bucket; 64 bits would not hold it."""

_YEAR_OF_DAYS, _FIVE_YEARS, _FIFTEEN_YEARS = 366 * DAY, 1830 * DAY, 5490 * DAY
_AUTO_BUCKETS = 30


@dataclass(frozen=True, slots=True)
class Dates:
    """Buckets of time: the instants they are made of, and the ``grain`` (a column of the calendar) of their width."""

    over: Range
    grain: str

    @property
    def unit(self) -> str:
        """The width as requests and answers call it."""
        return "week" if self.grain == "sunday_week" else self.grain

    @property
    def indexes(self) -> range:
        """The numbers of the buckets from that of the start to that of the last instant before the end."""
        if self.over.is_empty:
            return range(0)
        index = GRAINS[self.grain].index
        return range(index(self.over.local(self.over.start)), index(self.over.local(self.over.end - 1)) + 1)

    def start(self, index: int) -> int:
        """When a bucket begins, in microseconds UTC."""
        return self.over.utc(GRAINS[self.grain].start(index))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers from ``start`` to below ``end``, None where nothing is said; ``width`` of a bucket, 0 for auto."""

    start: int | None
    end: int | None
    width: int


@dataclass(frozen=True, slots=True)
class Values:
    """No buckets: each value is a place of its own."""


def grain(unit: str, over: Range, week: str) -> str:
    """The column of the calendar for a unit, or for ``auto``: as in overviews, then quarters and years."""
    if unit != AUTO:
        return week if unit == "week" else unit
    length = over.end - over.start
    if length <= _YEAR_OF_DAYS:
        return buckets.grain(over, week)
    if length <= _FIVE_YEARS:
        return "month"
    return "quarter" if length <= _FIFTEEN_YEARS else "year"


def width(lowest: int, highest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that puts the numbers in at most 30 buckets."""
    step = 1
    while True:
        for each in (step, 2 * step, 5 * step):
            if highest // each - lowest // each < _AUTO_BUCKETS:
                return each
        step *= 10
