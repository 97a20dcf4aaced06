"""Spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A named half-open span ``[start, end)``, both ends aware datetimes in the report's zone.

    ``name`` says the span itself, never the word it was asked with (``2026-W47``, not ``last-week``), so that it is
    the same on every run; it is fit for a file name. ``start`` is None for all time up to ``end``.
    """

    name: str
    start: datetime | None
    end: datetime
