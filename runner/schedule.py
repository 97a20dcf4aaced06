"""When a digest is due: the instants that cron text names in a time zone.

The five fields name times on the zone's wall clock, each of them once. A time that the clock skips is due at the moment
after the gap, one that it shows twice is due the first time. Debian's cron does so for jobs at a fixed hour; here it
holds for every text, so that what is due does not hang on how the text is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from runner import wallclock
from runner.model import Schedule

MOST = 5000
"""Slots looked at, the latest: every minute of three days, which is what is made up for if nothing else is said."""

_SET_BACK = timedelta(days=1)
"""By no more than this was a clock ever set back."""


def slots(schedule: Schedule, zone: ZoneInfo, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """The instants after ``after`` and up to ``until`` at which the digest is due, ascending, in UTC.

    The latest ``MOST`` of them where there are more.
    """
    start = after.astimezone(UTC)
    return tuple(reversed(list(takewhile(lambda slot: slot > start, islice(_back(schedule, zone, until), MOST)))))


def last_slot(schedule: Schedule, zone: ZoneInfo, until: datetime) -> datetime | None:
    """The latest instant up to ``until`` at which the digest was due; None where there was none in 50 years."""
    return next(_back(schedule, zone, until), None)


def next_slot(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant after ``after`` at which the digest is due; None where there is none in 50 years."""
    walls = CronSim(schedule.cron, wallclock.shown(after, zone))
    return next((slot for wall in walls if (slot := _instant(wall, zone)) > after.astimezone(UTC)), None)


def _back(schedule: Schedule, zone: ZoneInfo, until: datetime) -> Iterator[datetime]:
    """The slots up to ``until``, the latest first; those times of one gap are one slot.

    Where the clock was just set back, it has shown later times than it shows now.
    """
    last = until.astimezone(UTC) + timedelta.resolution
    for wall in CronSim(schedule.cron, wallclock.shown(until, zone) + _SET_BACK, reverse=True):
        slot = _instant(wall, zone)
        if slot < last:
            last = slot
            yield slot


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wallclock.first(wall, zone).astimezone(UTC)
