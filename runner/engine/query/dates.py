"""The span of time a date names, and the spans of comparisons with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runner.engine import moments
from runner.engine.moments import DAY, MINUTE
from runner.engine.query.syntax import Operator

_DATE = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(?P<seconds>:\d\d(?P<fraction>\.\d+)?)?(?P<zone>Z|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from ``low`` to before ``high``; None is without end on that side."""

    low: int | None
    high: int | None


def compared(operator: Operator, start: int, end: int) -> Span:
    """Where the operator holds, of a literal that names what is from ``start`` to before ``end``."""
    match operator:
        case ":":
            return Span(start, end)
        case ">=":
            return Span(start, None)
        case "<":
            return Span(None, start)
        case ">":
            return Span(end, None)
        case "<=":
            return Span(None, end)


def read(text: str, offset: int) -> tuple[int, int]:
    """The microseconds UTC, start and end, that a literal names.

    It names a day of a clock ``offset`` minutes east of UTC, a minute, a second, or an instant. A time without zone is
    UTC. ``ValueError`` says what is wrong with it.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text[:40]}' is no date or moment, like 2026-11-16 or 2026-11-16T09:30:00Z.")
    start = moments.stored(text)
    if found.end() == len("2026-11-16"):
        start -= offset * MINUTE
        return start, start + DAY
    length = 1 if found["fraction"] else 1_000_000 if found["seconds"] else MINUTE
    return start, start + length


def days(span: Span, offset: int) -> Span:
    """The days since 1970-01-01 whose midnight, on a clock at the offset, lies in a span of microseconds UTC."""
    low, high = (None if at is None else -(-(at + offset * MINUTE) // DAY) for at in (span.low, span.high))
    return Span(low, high)
