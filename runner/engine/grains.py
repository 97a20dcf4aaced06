"""The units local time is cut into: hours, days, weeks, months, quarters, years, each counted from 1970-01-01.

The keys of ``GRAINS`` (but for hours) are the columns of the ``calendar`` table, and the numbers are the ones it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from runner.engine.moments import DAY, EPOCH, HOUR, MINUTE

_FIRST_DAY = EPOCH.date()


@dataclass(frozen=True, slots=True)
class Grain:
    """A unit: the ``index`` of the one a local moment lies in, and the local moment one ``start``s at."""

    index: Callable[[int], int]
    start: Callable[[int], int]


def _weeks(days_before: int) -> Grain:
    """Weeks of which number 0 begins ``days_before`` days before 1970-01-01, a Thursday."""
    return Grain(lambda at: (at // DAY + days_before) // 7, lambda index: (7 * index - days_before) * DAY)


def _months(size: int) -> Grain:
    def index(at: int) -> int:
        day = _FIRST_DAY + timedelta(days=at // DAY)
        return ((day.year - _FIRST_DAY.year) * 12 + day.month - 1) // size

    def start(index: int) -> int:
        years, month = divmod(index * size, 12)
        return (date(_FIRST_DAY.year + years, month + 1, 1) - _FIRST_DAY).days * DAY

    return Grain(index, start)


GRAINS: dict[str, Grain] = {
    "hour": Grain(lambda at: at // HOUR, lambda index: index * HOUR),
    "day": Grain(lambda at: at // DAY, lambda index: index * DAY),
    "week": _weeks(days_before=3),
    "sunday_week": _weeks(days_before=4),
    "month": _months(1),
    "quarter": _months(3),
    "year": _months(12),
}


@lru_cache(maxsize=1 << 16)
def of_day(grain: str, day: int) -> int:
    """The index of the unit that a day of local time lies in, by its number since 1970-01-01."""
    return GRAINS[grain].index(day * DAY)


_DAY_MINUTES = DAY // MINUTE


def local_day(at: str, day: str, offset: int) -> str:
    """SQL of the day a moment ``at`` lies in on a clock ``offset`` minutes east, where its ``day`` in UTC is known.

    It adds to that column instead of dividing, so that an engine knows how few days there are.
    """
    days, minutes = divmod(offset, _DAY_MINUTES)
    local = f"{day} + ({days:d})" if days else day
    if not minutes:
        return local
    into = f"{at} - CAST({day} AS BIGINT) * {DAY}"
    return f"{local} + CASE WHEN {into} >= {DAY - minutes * MINUTE:d} THEN 1 ELSE 0 END"
