"""Spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A named half-open span ``[start, end)``, both ends aware datetimes in the report's zone.

    ``name`` says the span itself, never the word it was asked with (``2026-W47``, not ``last-week``), so that it is
    the same on every run; it is fit for a file name. ``start`` is None for all time up to ``end``.
    """

    name: str
    start: datetime | None
    end: datetime

    def occasion(self, as_of: datetime) -> str:
        """The name under which its digest is delivered at most once: its own; ``2026-11@2026-11-23`` while it runs.

        A period that is not over has other numbers the next day: it is another occasion every local day.
        """
        if self.start is not None and self.end.astimezone(UTC) <= as_of.astimezone(UTC):
            return self.name
        return f"{self.name}@{as_of.astimezone(self.end.tzinfo).date()}"
