"""The periods of a definition that are over, found by how its period moves from day to day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from runner import endpoints, period
from runner.model import Period, Spec

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bygone:
    """A period that is over, and the instant that its digest is made for."""

    period: Period
    as_of: datetime


def periods(spec: Spec, first: date, last: date, now: datetime) -> tuple[Bygone, ...]:
    """Every period of the definition from the day ``first`` to the day ``last`` that is over at ``now``, in order.

    A digest is made for the first midnight of the definition's zone at which its range names the period and that is
    over: for ``last-week`` the end of the week. A range that names a period only while it runs (``this-month``) is
    taken at the period's last moment; all time is never over.
    """
    zone = ZoneInfo(spec.timezone)
    start, end = _utc(period.begin(first, zone)), min(_utc(period.begin(last + _DAY, zone)), _utc(now))
    found: dict[str, Bygone] = {}
    for midnight in _midnights(first, last + _DAY, zone):
        one = endpoints.period(spec, midnight)
        if one.start is None or _utc(one.start) < start or _utc(one.end) > end:
            continue
        over = _utc(one.end) <= _utc(midnight)
        known = found.get(one.name)
        if not known or (over and _utc(known.as_of) < _utc(one.end)):
            found[one.name] = Bygone(one, midnight if over else (_utc(one.end) - timedelta.resolution).astimezone(zone))
    return tuple(sorted(found.values(), key=lambda each: _utc(each.period.end)))


def _midnights(first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
    day = first
    while day <= last:
        yield period.begin(day, zone)
        day += _DAY


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
