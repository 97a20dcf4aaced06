"""What an answer says of the service's rate limit. Contract section 1."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

_PART = re.compile(r"(limit|remaining|reset)\s*=\s*([0-9.eE+-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many more requests are taken within the next ``reset`` seconds, of how many."""

    limit: float
    remaining: float
    reset: float


def rate(headers: Mapping[str, str]) -> Rate | None:
    """What the ``RateLimit`` header says (``limit=100, remaining=50, reset=5.2``); None unless it says all three."""
    said = {name.lower(): _number(text) for name, text in _PART.findall(headers.get("ratelimit", ""))}
    limit, remaining, reset = said.get("limit"), said.get("remaining"), said.get("reset")
    return None if limit is None or remaining is None or reset is None else Rate(limit, remaining, reset)


def wait(headers: Mapping[str, str], content: bytes) -> float | None:
    """The longest of the waits that an answer asks for, in seconds; None where none can be read."""
    return max((seconds for seconds in _waits(headers, content) if seconds is not None), default=None)


def skew(headers: Mapping[str, str], now: datetime) -> float | None:
    """How many seconds ``now`` is ahead of the service's clock; None where the answer does not say what time it is."""
    try:
        return (now - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):
        return None


def _waits(headers: Mapping[str, str], content: bytes) -> Iterator[float | None]:
    said = rate(headers)
    yield said.reset if said else None
    after = headers.get("retry-after", "")
    yield _number(after)
    yield _until(after, headers.get("date", ""))
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return
    for place in (body, body.get("error")) if isinstance(body, dict) else ():
        yield _number(place.get("rate_reset")) if isinstance(place, dict) else None


def _number(text: object) -> float | None:
    """Seconds, when they are a number that can be waited for."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    try:
        seconds = float(text)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(seconds) or seconds < 0 else seconds


def _until(date: str, now: str) -> float | None:
    """Seconds from the answer's own ``Date`` to ``date``: the service's clock need not be ours."""
    try:
        seconds = (parsedate_to_datetime(date) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(seconds, 0.0)
