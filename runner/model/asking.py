"""What is asked, and what is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from runner.errors import Problem
from runner.model.definition import Job, Spec
from runner.model.period import Period
from runner.model.source import Json

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

    @property
    def occasion(self) -> str:
        """The ``period`` of the keys under which the digest is delivered."""
        return self.period.occasion(self.as_of)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said to a query, checked for shape."""

    data: Json


@dataclass(frozen=True, slots=True)
class Failure:
    """A query without an answer, and why; ``problem`` places it in the definition where that is known."""

    reason: str
    problem: Problem | None = None
