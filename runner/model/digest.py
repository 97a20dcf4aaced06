"""A report before it is rendered: meaning without format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from runner.model.checking import Verdict
from runner.model.goal import Progress
from runner.model.period import Period
from runner.model.project import APP_URL
from runner.model.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """What one job found. ``period`` and ``compared`` are the job's own, ``endpoint`` is what it asked.

    ``notes`` are what the answers told of how it is counted; they take the place of what the plan's asks say of it.
    """

    job: str
    title: str
    period: Period
    compared: tuple[Period, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class FailedSection:
    """A job that gave nothing, and why."""

    job: str
    title: str
    reason: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A report ready to be rendered: meaning without format. Links are paths below ``app_url``.

    ``headline`` names the job whose first number leads (empty: the first), ``revision`` the git commit that the
    definition is at, where it is in one. ``checks`` and ``targets`` are what became of the definition's own.
    """

    name: str
    title: str
    description: str
    timezone: str
    locale: str
    currency: str
    period: Period
    compared: tuple[Period, ...]
    as_of: datetime
    definition: str
    requests: int
    sample: bool
    sections: tuple[Section | FailedSection, ...]
    notes: tuple[str, ...] = ()
    app_url: str = APP_URL
    headline: str = ""
    revision: str = ""
    excel: bool = False
    checks: tuple[Verdict, ...] = ()
    targets: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered file: its name inside the digest's folder and its bytes."""

    name: str
    content: bytes = field(repr=False)
