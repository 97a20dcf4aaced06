"""The nouns of the product, each a frozen value: what one stage hands to the next.

    Source -> Spec -> Plan -> Answer -> Digest -> Document

A change is a new value. Numbers stay raw, with their ``Unit``, until they are rendered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, TypeAlias, cast

from runner.errors import Location, Problem, Severity

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""Data as JSON has it."""

Path: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands inside a file: keys and list positions from the top."""

WeekStart: TypeAlias = Literal["monday", "sunday"]

APP_URL = "https://app.close.com"
"""Where Close's own app is, unless the project says otherwise."""


# ---- time ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A named half-open span ``[start, end)``, both ends aware datetimes in the report's zone.

    ``name`` says the span itself, never the word it was asked with (``2026-W47``, not ``last-week``), so that it is
    the same on every run; it is fit for a file name. ``start`` is None for all time up to ``end``.
    """

    name: str
    start: datetime | None
    end: datetime


# ---- source ----------------------------------------------------------------------------------------------

Mark: TypeAlias = tuple[int, int]
"""Line and column of a character, both from 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's data, with the place of every value and every key in it.

    ``values`` and ``keys`` map a path to where the value, or the key that leads to it, begins.
    """

    file: str
    text: str
    data: Json
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def location(self, path: Path, *, key: bool = False) -> Location:
        """The place of the value at ``path`` (or of its key), or of the nearest thing round it that exists."""
        while path and path not in self.values:
            path = path[:-1]
        line, column = (self.keys.get(path) if key else None) or self.values[path]
        return Location(self.file, line, column)

    def problem(
        self,
        path: Path,
        message: str,
        rule: str,
        *,
        key: bool = False,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A finding about the value at ``path`` (or about its key)."""
        location = self.location(path, key=key)
        return Problem(message, rule, location, self.line(location.line), hint, severity)

    def at(self, path: Path) -> Json:
        """The value at ``path``; None where there is none."""
        value: Any = self.data
        for step in path:
            held = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
            value = value[step] if held else None
        return cast("Json", value)

    def line(self, number: int) -> str:
        """Line ``number`` of the text, without its end."""
        lines = self.text.split("\n", number)
        return lines[number - 1].rstrip("\r") if number <= len(lines) else ""


# ---- definition ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One named report job, defaults filled in.

    ``settings`` are the job's keys as written, in the API's own terms; ``places`` says where each of them was written
    (in the job, or in the file's ``defaults``).
    """

    name: str
    endpoint: str
    title: str
    settings: Mapping[str, Json]
    places: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Spec:
    """What the author of a definition meant. Everything in it has been checked.

    ``headline`` names the job whose first number leads the digest; empty: the first job. ``on_partial`` says what
    becomes of a digest in which a job failed. ``excel``: CSV is written for a double click in Excel.
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
    delivers: bool
    source: Source
    on_partial: Literal["send", "hold"] = "send"
    excel: bool = False
    headline: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    app_url: str = APP_URL


# ---- project ---------------------------------------------------------------------------------------------


class Secret:
    """A text that nobody is shown: printed or logged it is ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The text itself, for the wire only."""
        return self._text


@dataclass(frozen=True, slots=True)
class Limits:
    """How patiently a service is asked.

    ``attempts`` for one query at the most, ``timeout`` seconds for each of them, ``wait`` seconds at the most between
    two, ``in_flight`` requests at a time.
    """

    attempts: int = 5
    timeout: float = 90.0
    wait: float = 120.0
    in_flight: int = 8


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """An OAuth app: the environment variables that hold its ID and secret, its file of tokens, who gives new ones."""

    token_file: str
    client_id_env: str = "CLOSE_CLIENT_ID"
    client_secret_env: str = "CLOSE_CLIENT_SECRET"  # noqa: S105 - its name, not the secret
    token_url: str = "https://api.close.com/oauth2/token/"  # noqa: S105 - an address


@dataclass(frozen=True, slots=True)
class Profile:
    """A service that can be asked: the sample organization, Close (or a server like it), or local data.

    ``api_key_env`` names the environment variable that holds the key, ``api_key_file`` a file that does; an ``oauth``
    app asks without a key. ``data`` is a store or a dump, ``ca_file`` holds authorities that are trusted besides the
    public ones. Paths are relative to the project's folder. ``cache`` is how long numbers of closed periods are kept
    (``12h``), empty: not at all.
    """

    name: str
    service: Literal["sample", "close", "data"]
    base_url: str = "https://api.close.com/api/v1/"
    api_key_env: str = "CLOSE_API_KEY"
    api_key_file: str = ""
    oauth: OAuthApp | None = None
    ca_file: str = ""
    limits: Limits = Limits()
    cache: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """What ``runner.yaml`` says; without the file, these defaults. ``reports``, ``output``, ``templates`` are in it."""

    profiles: Mapping[str, Profile] = field(default_factory=lambda: {"sample": Profile("sample", "sample")})
    default_profile: str = "sample"
    reports: str = "reports"
    output: str = "out"
    templates: str = "templates"
    timezone: str = "UTC"
    week_start: WeekStart = "monday"
    locale: str = "en_US"
    currency: str = "USD"
    app_url: str = APP_URL
    recipients: tuple[str, ...] = ()


# ---- asking ----------------------------------------------------------------------------------------------


Shape: TypeAlias = "type | tuple[type, ...] | list[Shape] | dict[str, Shape]"
"""What an answer must look like: a type or several, ``[each]`` item of a list, the keys of an object that are read.

A key that ends in ``?`` may be absent; keys that are not named may be anything.
"""


@dataclass(frozen=True, slots=True)
class Query:
    """One request to the API, without host or key. ``path`` is relative to ``/api/v1/``, ``tz_offset`` is in hours.

    ``key`` is the same text for the same question, whoever asks it.
    """

    method: Literal["GET", "POST"]
    path: str
    expect: Shape
    params: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Json] | None = None
    tz_offset: float | None = None
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = [self.method, self.path, list(self.params), self.body, self.tz_offset]
        key = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        object.__setattr__(self, "key", key)  # made once: a run looks it up many times

    @property
    def group(self) -> str:
        """What the service's rate limits count together: the first part of the path."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Ask:
    """A query with the job it is for and the span it asks of; a look-up has none.

    A job's first ask with a period is its own, those after it are the ones it is compared with. ``part`` is the piece
    that is asked of a period which is asked in pieces too; None for all of it. ``note`` is what a reader must know of
    how the numbers are counted.
    """

    job: Job
    query: Query
    period: Period | None = None
    note: str = ""
    part: Period | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is asked for one definition, ``lookups`` (for IDs of names) first. ``period`` names the digest.

    ``revision`` is the git commit that the definition is at, with a word where it was changed since; empty outside git.
    ``names`` is what the definition's names stand for, kept so that the same can be planned again without asking.
    """

    spec: Spec
    as_of: datetime
    period: Period
    compared: tuple[Period, ...]
    asks: tuple[Ask, ...]
    notes: tuple[str, ...] = ()
    lookups: tuple[Query, ...] = ()
    revision: str = ""
    names: Json = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said to a query, checked for shape."""

    data: Json


@dataclass(frozen=True, slots=True)
class Failure:
    """A query without an answer, and why; ``problem`` places it in the definition where that is known."""

    reason: str
    problem: Problem | None = None


# ---- digest ----------------------------------------------------------------------------------------------


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
