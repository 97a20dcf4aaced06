"""Local clocks: the buckets of time, the words for ranges, the same days earlier.

Moments are microseconds since 1970, UTC; ``minutes`` is how far a clock runs east of UTC; a range is ``(start, end)``,
half-open. A local time is a naive datetime.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta, timezone

from tests.engine.oracle.world import EPOCH, MINUTE, Row, is_day, moment

Range = tuple[int, int]
ZERO = EPOCH.replace(tzinfo=None)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
SAME_DAYS = {"same-days-last-month": 1, "same-days-last-quarter": 3, "same-days-last-year": 12}


def local(at: int, minutes: int) -> datetime:
    return ZERO + timedelta(microseconds=at + minutes * MINUTE)


def utc(shown: datetime, minutes: int) -> int:
    return (shown - ZERO) // timedelta(microseconds=1) - minutes * MINUTE


def said(text: str, minutes: int) -> int:
    """The moment a request names; a plain date is the local midnight."""
    return moment(text) - (minutes * MINUTE if is_day(text) else 0)


def months_later(shown: datetime, months: int) -> datetime:
    """The same day and time some months later or earlier; a day the month does not have becomes its last."""
    year, month = divmod(shown.year * 12 + shown.month - 1 + months, 12)
    return shown.replace(year=year, month=month + 1, day=min(shown.day, calendar.monthrange(year, month + 1)[1]))


def floor(shown: datetime, grain: str, week_start: str) -> datetime:
    """The start of the bucket a local time lies in."""
    shown = shown.replace(minute=0, second=0, microsecond=0)
    if grain == "hour":
        return shown
    shown = shown.replace(hour=0)
    if grain == "week":
        return shown - timedelta(days=(shown.weekday() + (week_start == "sunday")) % 7)
    if grain in MONTHS:
        return months_later(shown.replace(day=1), -((shown.month - 1) % MONTHS[grain]))
    return shown


def later(start: datetime, grain: str, steps: int = 1) -> datetime:
    """The start of the bucket some steps after the one that begins at ``start``."""
    if grain in MONTHS:
        return months_later(start, steps * MONTHS[grain])
    return start + steps * LENGTHS[grain]


def word(said: str, created: int, now: int, minutes: int, week_start: str) -> Range:
    """The range a word of ``relative_range`` names, in an organization made at ``created``."""
    if said == "all-time":
        return min(created, now), now
    which, grain = {"today": ("this", "day"), "yesterday": ("last", "day")}.get(said) or said.split("-")
    start = later(floor(local(now, minutes), grain, week_start), grain, -1 if which == "last" else 0)
    return utc(start, minutes), utc(later(start, grain), minutes)


def earlier(over: Range, said: str, minutes: int) -> Range:
    """The same days of the last week, month, quarter or year."""

    def back(at: int) -> int:
        shown = local(at, minutes)
        moved = shown - timedelta(days=7) if said == "same-days-last-week" else months_later(shown, -SAME_DAYS[said])
        return utc(moved, minutes)

    return back(over[0]), back(over[1])


def between(ends: Row) -> Range:
    return moment(ends["start"]), moment(ends["end"])


def printed(shown: datetime, minutes: int) -> str:
    """A local time as answers print it."""
    at = shown.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
