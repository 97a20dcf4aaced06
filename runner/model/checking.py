"""What a definition demands of its numbers, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from runner.errors import Location, Severity
from runner.model.source import Path
from runner.model.table import Cell, Column, Row, Unit

Sort: TypeAlias = Literal["min", "max", "change_min", "change_max"]
"""What a limit holds: the number itself, or its change against the first compared period."""

Fault: TypeAlias = Literal["limit", "missing", "no-row", "no-number", "not-loaded", "unfit"]
"""Why a check failed: beyond a limit, a number that is not known, or nothing that the check could look at."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A size as a definition writes it (``text``): per cent are fractions, durations seconds, money whole units.

    ``mark`` says which of them it is; empty: a bare number, in whatever the number is counted.
    """

    size: int | float
    mark: Literal["", "%", "pp", "s"]
    text: str

    def raw(self, unit: Unit) -> int | float | None:
        """The size as raw values of this unit have it; None where it is of another kind."""
        fits = {Unit.FRACTION: ("", "%"), Unit.SECONDS: ("", "s")}.get(unit, ("",))
        if self.mark not in fits or unit in (Unit.TEXT, Unit.DATETIME, Unit.DATE):
            return None
        return round(self.size * 100, 4) if unit is Unit.MONEY else self.size  # 1000.55 is 100055 cents, no less


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a number, or its change, may go."""

    sort: Sort
    amount: Amount


@dataclass(frozen=True, slots=True)
class Number:
    """Where a number stands: job, column, row (``total``, ``every``, or a row's key or name); any table if empty."""

    job: str
    column: str
    row: str = "total"
    table: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A demand on a number. ``nullable``: a number that is missing passes. ``place`` is where it is written."""

    name: str
    number: Number
    limits: tuple[Limit, ...]
    place: Path
    nullable: bool = False
    severity: Severity = Severity.ERROR
    message: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """One number that is not as demanded, or why none could be looked at (``text``).

    ``table`` is its key, ``row`` the line the number stands in, ``limit`` what it is beyond.
    """

    fault: Fault
    table: str = ""
    row: Row | None = None
    column: Column | None = None
    cell: Cell | None = None
    limit: Limit | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check: it passed where there is no breach. ``location`` and ``excerpt`` are of its definition."""

    check: Check
    breaches: tuple[Breach, ...]
    location: Location
    excerpt: str = ""
