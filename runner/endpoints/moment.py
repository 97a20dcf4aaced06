"""What an endpoint's module is given: when it is asked, and what it was told; and how a span goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from runner import period
from runner.model import Job, Json, Period, WeekStart


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a plan is made for, the calendar its periods are counted in, the organization that is asked."""

    as_of: datetime
    zone: ZoneInfo
    week_start: WeekStart
    organization: str = ""

    @property
    def organization_path(self) -> str:
        """The organization's ID as a part of a path."""
        return quote(self.organization, safe="")

    def period(self, job: Job, key: str = "range") -> Period:
        """The job's range as an absolute span; everything up to the instant where it has none."""
        said = job.settings.get(key)
        return period.resolve("all-time" if said is None else _range(said), self.as_of, self.zone, self.week_start)

    def compared(self, job: Job, current: Period) -> tuple[Period, ...]:
        """The spans of the job's ``compare``, in the order written."""
        said = job.settings.get("compare")
        words = said if isinstance(said, list) else [] if said is None else [said]
        return tuple(period.compare(_range(word), current, self.as_of, self.zone, self.week_start) for word in words)


def _range(said: Json) -> str | int | dict[str, Json]:
    """A range as a definition may say it; the schema lets nothing else through."""
    return cast("str | int | dict[str, Json]", said)


@dataclass(frozen=True, slots=True)
class Told:
    """The answers to a job's queries: its own period, the compared ones in order, look-ups by path.

    ``parts`` are the answers for pieces of its own period in order, where it was asked in pieces too.

    Each answer has the shape its query expects. A look-up that could not be had is not there; the numbers always are.
    ``written`` are the job's settings that are one text, as the author wrote them: with names where the job has IDs.
    """

    period: Period
    current: Any
    compared: tuple[tuple[Period, Any], ...]
    lookups: Mapping[str, Any]
    written: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[tuple[Period, Any], ...] = ()

    @property
    def before(self) -> tuple[Any, ...]:
        """The answers for the compared periods."""
        return tuple(data for _, data in self.compared)

    @property
    def spans(self) -> tuple[Period, ...]:
        """The compared periods."""
        return tuple(span for span, _ in self.compared)


def span(period: Period) -> dict[str, Json] | None:
    """A half-open period as the API takes one; None for all time, which only a word can say."""
    return None if period.start is None else {"start": period.start.isoformat(), "end": period.end.isoformat()}


def inclusive(period: Period) -> tuple[tuple[str, str], ...]:
    """``date_start`` and ``date_end`` of the reports that count both ends in, to the second: up to the last second.

    All time has no start; its end is said, so that the same question asked later has the same answer.
    """
    last = period.end - timedelta.resolution
    end = ("date_end", last.replace(microsecond=0).isoformat())
    return (("date_start", period.start.isoformat()), end) if period.start else (end,)


def instant(text: str) -> datetime | None:
    """The moment that a text says, if it says one with an offset; None at the ends of the calendar, too.

    The first and the last year have moments that are none in another zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and MINYEAR < at.year < MAXYEAR else None
