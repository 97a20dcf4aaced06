"""The buckets an overview's range falls into."""

from __future__ import annotations

from runner.engine.grains import GRAINS
from runner.engine.moments import DAY, HOUR
from runner.engine.ranges import Range


def grain(over: Range, week: str) -> str:
    """The grain of an overview: hours up to 25 hours, days up to 93, then ``week`` up to 366 days, else months."""
    length = over.end - over.start
    if length <= 25 * HOUR:
        return "hour"
    if length <= 93 * DAY:
        return "day"
    return week if length <= 366 * DAY else "month"


def starts(over: Range, grain: str) -> dict[int, int]:
    """Index of each bucket the range touches -> its start in microseconds UTC, the first cut to the range's start."""
    if over.is_empty:
        return {}
    index, start = GRAINS[grain].index, GRAINS[grain].start
    first, last = index(over.local(over.start)), index(over.local(over.end - 1))
    midnight = over.utc(0)
    return {first: over.start} | {each: midnight + start(each) for each in range(first + 1, last + 1)}
