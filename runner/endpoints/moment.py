"""What an endpoint's module is given: when it is asked, and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from runner import period
from runner.model import Job, Json, Period, WeekStart


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a plan is made for, and the calendar its periods are counted in."""

    as_of: datetime
    zone: ZoneInfo
    week_start: WeekStart

    def period(self, job: Job) -> Period:
        """The job's ``range`` as an absolute span."""
        return period.resolve(_range(job.settings["range"]), self.as_of, self.zone, self.week_start)

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

    Each answer has the shape its query expects. A look-up that could not be had is not there; the numbers always are.
    """

    period: Period
    current: Any
    compared: tuple[tuple[Period, Any], ...]
    lookups: Mapping[str, Any]
