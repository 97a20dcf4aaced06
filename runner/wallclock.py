"""What the clock on a wall of a zone shows, and when it first does."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """The local time at ``instant``, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def first(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the local clock shows ``wall`` or later."""
    local = wall.replace(tzinfo=zone, fold=0)
    after = local.astimezone(UTC)
    if shown(after, zone) == wall:
        return local
    # The clock jumped over it: the offsets before and after the jump enclose the instant of the jump.
    before = local.replace(fold=1).astimezone(UTC)
    seconds = range(int((after - before).total_seconds()))
    jump = bisect_left(seconds, True, key=lambda second: shown(before + timedelta(seconds=second), zone) >= wall)
    return (before + timedelta(seconds=jump)).astimezone(zone)
