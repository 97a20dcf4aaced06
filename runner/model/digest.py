"""A report before it is rendered: meaning without format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from runner.model.period import Period
from runner.model.project import APP_URL


class Unit(Enum):
    """What a raw value counts. Money is in cents of the digest's currency, durations are in seconds."""

    COUNT = "count"
    MONEY = "money"
    SECONDS = "seconds"
    FRACTION = "fraction"
    NUMBER = "number"
    TEXT = "text"
    DATETIME = "datetime"
    DATE = "date"


Value: TypeAlias = "str | int | float | datetime | None"
"""A raw value; None is a number the service did not give, never 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of a table: its key in the API, its label for people, its unit."""

    key: str
    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with the ones it is compared with, in the order of the digest's compared periods.

    ``link`` is the path inside Close's app that lists what the number counts, empty where there is none.
    """

    value: Value
    before: tuple[Value, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about (raw, with the unit of ``Table.head``) and a cell per column."""

    key: str
    head: Value
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by columns, ``head`` the first. ``total`` is a sum of rows only where each thing counted is in one row."""

    key: str
    title: str
    head: Column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None


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
    definition is at, where it is in one.
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


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered file: its name inside the digest's folder and its bytes."""

    name: str
    content: bytes = field(repr=False)
