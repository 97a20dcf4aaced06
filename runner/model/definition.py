"""What the author of a definition meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from runner.model.goal import WorkingDays
from runner.model.policy import Kind
from runner.model.project import APP_URL, WeekStart
from runner.model.source import Json, Path, Source

if TYPE_CHECKING:  # few definitions have them
    from runner.model.checking import Check
    from runner.model.derived import Derived
    from runner.model.goal import Target


@dataclass(frozen=True, slots=True)
class Job:
    """One named report job, defaults filled in.

    ``settings`` are the job's keys as written, in the API's own terms; ``places`` says where each of them was written
    (in the job, or in the file's ``defaults``). ``derived`` are those of its metrics that the definition itself makes,
    each after those it is made of.
    """

    name: str
    endpoint: str
    title: str
    settings: Mapping[str, Json]
    places: Mapping[str, Path]
    derived: tuple[Derived, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way a digest goes: over the channel ``via``, for e-mail ``to`` addresses. ``place`` is where it is written.

    ``attach`` are the formats whose files go with an e-mail. ``subject`` is a template; empty: the digest's own.
    """

    kind: Kind
    via: str
    place: Path
    to: tuple[str, ...] = ()
    subject: str = ""
    attach: tuple[str, ...] = ()
    thread: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest is due: five fields of ``cron`` in the definition's zone, and how late it may still be sent."""

    cron: str
    max_catchup: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Spec:
    """What the author of a definition meant. Everything in it has been checked.

    ``headline`` names the job whose first number leads the digest; empty: the first job. ``on_partial`` says what
    becomes of a digest in which a job failed, ``when_empty`` of one without a number, ``send_if`` whether the numbers
    must have changed, or a check of severity error must have failed. ``on_failure`` are the ways that a notice of
    failed jobs goes. ``for_each`` member of its users there is a digest. ``excel``: CSV is written for a double click
    in Excel.
    """

    name: str
    title: str
    description: str
    timezone: str
    week_start: WeekStart
    locale: str
    currency: str
    jobs: tuple[Job, ...]
    formats: tuple[str, ...]
    source: Source
    deliver: tuple[Delivery, ...] = ()
    on_failure: tuple[Delivery, ...] = ()
    on_partial: Literal["send", "hold"] = "send"
    when_empty: Literal["send", "skip"] = "send"
    send_if: Literal["always", "changed", "check_failed"] = "always"
    for_each: Literal["user", "group", ""] = ""
    schedule: Schedule | None = None
    excel: bool = False
    headline: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    app_url: str = APP_URL
    checks: tuple[Check, ...] = ()
    targets: tuple[Target, ...] = ()
    working_days: WorkingDays = field(default_factory=WorkingDays)
