"""Moments and offsets as requests and answers write them.

A moment is an integer, microseconds since 1970-01-01 UTC; an offset is an integer, minutes east of UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL = EPOCH.replace(tzinfo=None)
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_DAY_MINUTES = 24 * 60
_YEARS = range(2, 9999)
"""Years that are read: the outermost two are left out, so that a shift by an offset stays inside the calendar."""

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)([T ](?P<time>\d\d:\d\d(:\d\d(\.\d+)?)?)(?P<zone>Z|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def instant(text: str) -> int:
    """The moment a request names: ISO 8601 with ``Z`` or an offset. ``ValueError`` says what is wrong with it."""
    found = _MOMENT.fullmatch(text)
    if found is None or found["zone"] is None:
        raise ValueError(f"'{text[:40]}' is not a moment with Z or an offset, like 2026-11-16T00:00:00-05:00.")
    return _read(text)


def stored(text: str) -> int:
    """The moment a dump holds: as ``instant``; without an offset, and as a plain date, it is UTC."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text[:40]}' is no date or moment.")
    return _read(f"{found['date']}T{found['time'] or '00:00'}{found['zone'] or 'Z'}")


def from_datetime(at: datetime) -> int:
    """The moment of an aware datetime."""
    return (at - EPOCH) // timedelta(microseconds=1)


def to_datetime(at: int, offset: int) -> datetime:
    """The moment on a clock that runs ``offset`` minutes east of UTC."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(_zone(offset))


@cache
def _suffix(offset: int) -> str:
    """The offset as it is written; putting it behind a local moment takes a third of what ``isoformat`` takes."""
    return to_datetime(0, offset).isoformat()[len(_LOCAL.isoformat()) :]


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(minutes=offset))


@lru_cache(maxsize=4096)
def text(at: int, offset: int) -> str:
    """The moment as answers print it: ISO 8601 with the offset; a fraction, where there is one, of three digits."""
    local = _LOCAL + timedelta(microseconds=at + offset * MINUTE)
    shown = local.isoformat(timespec="milliseconds") if at % 1_000_000 else local.isoformat()
    return shown + _suffix(offset)


def search_text(at: int) -> str:
    """The moment as search strings write it: in UTC, with milliseconds, or finer where it is finer."""
    fraction = "microseconds" if at % 1_000 else "milliseconds"
    return to_datetime(at, 0).isoformat(timespec=fraction).removesuffix("+00:00") + "+0000"


def offset(hours: str | None) -> int:
    """The offset an ``x-tz-offset`` header says in decimal hours, to the nearest minute; 0 without the header.

    ``ValueError`` where it is no number, or a day or more.
    """
    if hours is None:
        return 0
    said = hours.strip()
    if not _NUMBER.fullmatch(said):
        raise ValueError(f"'{said[:40]}' is not a number of hours.")
    minutes = int((Decimal(said) * 60).to_integral_value(ROUND_HALF_UP))
    if abs(minutes) >= _DAY_MINUTES:
        raise ValueError(f"'{said[:40]}' is beyond 24 hours.")
    return minutes


def _read(said: str) -> int:
    try:
        at = datetime.fromisoformat(said.upper())
    except ValueError:
        raise ValueError(f"'{said[:40]}' is not in the calendar.") from None
    if at.year not in _YEARS:
        raise ValueError(f"'{said[:40]}' is outside the years {_YEARS.start} to {_YEARS.stop - 1}.")
    return from_datetime(at)
