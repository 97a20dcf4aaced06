"""The units local time is cut into: hours, days, weeks, months, quarters, years, each counted from 1970-01-01.

The keys of ``GRAINS`` are the columns of the ``calendar`` table, and the numbers are the ones it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from runner.engine.moments import DAY, EPOCH, HOUR

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
