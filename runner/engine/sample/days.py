"""The sample organization's days: working days, holidays and hours in New York, as integers.

A day is its proleptic ordinal (``date.toordinal``), an instant is whole seconds since 1970 in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from runner.engine.sample import rates

ZONE = ZoneInfo("America/New_York")
DAY = 86_400

_START = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _START.toordinal()
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(DAY // 60))

_FIXED_HOLIDAYS = {(1, 1), (7, 4), (12, 24), (12, 25), (12, 26)}


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day - 1) % 7


@cache
def noon(day: int) -> int:
    """The instant of noon."""
    return int(datetime.combine(date.fromordinal(day), time(12), ZONE).timestamp())


@cache
def is_holiday(day: int) -> bool:
    """Whether the office is closed, weekends aside."""
    found = date.fromordinal(day)
    return (found.month, found.day) in _FIXED_HOLIDAYS or _is_monday_off(found) or _is_thanksgiving(day)


def _is_monday_off(found: date) -> bool:
    """Whether it is Memorial Day, the last Monday of May, or Labor Day, the first of September."""
    return found.weekday() == 0 and ((found.month == 5 and found.day > 24) or (found.month == 9 and found.day < 8))


def _is_thanksgiving(day: int) -> bool:
    """Whether it is the fourth Thursday of November, or the Friday after it."""
    thursday = date.fromordinal(day - (weekday(day) == 4))
    return thursday.weekday() == 3 and thursday.month == 11 and 22 <= thursday.day <= 28


@cache
def workday(day: int) -> int:
    """The day, or a working day soon after it; what falls on a weekend is spread over Monday and Tuesday."""
    if weekday(day) >= 5:
        day += 2
    while weekday(day) >= 5 or is_holiday(day):
        day += 1
    return day


@cache
def rhythm(day: int) -> float:
    """How much is done on a day, 1 on a plain one."""
    found = date.fromordinal(day)
    if is_holiday(day):
        return 0.04
    return rates.WEEKDAYS[weekday(day)] * (0.45 if found.month == 12 and found.day > 20 else 1.0)


@cache
def bulk_day(day: int) -> int:
    """The day, or the next one, on which an e-mail goes out to everybody: the second Tuesday of a month."""
    while not (weekday(day) == 1 and 8 <= date.fromordinal(day).day <= 14):
        day += 1
    return day


def iso(instant: int) -> str:
    """An instant as Close writes it."""
    day, second = divmod(instant, DAY)
    return f"{date_text(day + _EPOCH)}T{_MINUTES[second // 60]}:{second % 60:02}+00:00"


@cache
def date_text(day: int) -> str:
    """A day as ``YYYY-MM-DD``."""
    return date.fromordinal(day).isoformat()


def seconds(instant: datetime) -> int:
    """The first whole second at or after an instant."""
    return -((_START - instant) // timedelta(seconds=1))
