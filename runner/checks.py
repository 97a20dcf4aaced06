"""Checks on a digest's numbers: each demand of the definition held against what the jobs found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import copysign, inf, isfinite
from typing import TypeAlias

from runner import nearest
from runner.errors import Severity
from runner.model import (
    Breach,
    Cell,
    Check,
    Column,
    Digest,
    FailedSection,
    Fault,
    Limit,
    Number,
    Row,
    Section,
    Spec,
    Table,
    Unit,
    Value,
    Verdict,
)

TOTAL, EVERY = "total", "every"
"""Words for a row: the table's own total, and each of its rows."""

DIGITS = 12
"""Changes are held against limits to so many decimals: 80 against 100 is 20% less, whatever binary fractions say."""

Sections: TypeAlias = "Sequence[Section | FailedSection]"


@dataclass(frozen=True, slots=True)
class Found:
    """A number where it stands."""

    section: Section
    table: Table
    row: Row
    place: int

    @property
    def column(self) -> Column:
        """What it counts."""
        return self.table.columns[self.place]

    @property
    def cell(self) -> Cell:
        """The number itself."""
        return self.row.cells[self.place]


def verdicts(spec: Spec, sections: Sections) -> tuple[Verdict, ...]:
    """What came of each of the definition's checks, in its order."""
    return tuple(_verdict(spec, check, sections) for check in spec.checks)


def failed(digest: Digest) -> tuple[Verdict, ...]:
    """The checks of severity error that failed."""
    return tuple(one for one in digest.checks if one.breaches and one.check.severity is Severity.ERROR)


def find(number: Number, sections: Sections) -> tuple[Found, ...] | Breach:
    """The numbers meant, one but for ``every`` row; or what there is none of."""
    section = next((one for one in sections if one.job == number.job), None)
    if not isinstance(section, Section):
        return Breach("not-loaded", text=section.reason if section else "")
    tables = [table for table in section.tables if number.table in ("", table.key)]
    held = [(table, place) for table in tables if (place := _column(table, number.column)) is not None]
    if not held:
        hint = nearest.hint(number.column, [column.key for table in tables for column in table.columns])
        return Breach("no-number", text=hint)
    for table, place in held:
        if rows := _rows(table, number.row):
            return tuple(Found(section, table, row, place) for row in rows)
    named = {str(row.head): None for table, _ in held for row in table.rows}
    hint = "" if number.row in (TOTAL, EVERY) else nearest.hint(number.row, named)
    return Breach("no-row", held[0][0].key, column=held[0][0].columns[held[0][1]], text=hint)


def value(found: Value) -> int | float | None:
    """The value as a number; None where it is none, or not known."""
    known = isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found)
    return found if known and isinstance(found, int | float) else None


def change(now: float, before: float, mark: str) -> float:
    """By which part of ``before`` a number changed, or by how many points (``pp``); from nothing, without end."""
    if mark == "pp":
        return round(now - before, DIGITS)
    if before == 0:
        return copysign(inf, now) if now else 0.0
    return round((now - before) / abs(before), DIGITS)


def _verdict(spec: Spec, check: Check, sections: Sections) -> Verdict:
    found = find(check.number, sections)
    if isinstance(found, Breach):
        empty = found.fault == "no-row" and check.nullable
        breaches: tuple[Breach, ...] = () if empty else (found,)
    else:
        breaches = tuple(breach for one in found for breach in _judged(check, one))
    location = spec.source.location(check.place, key=True)
    return Verdict(check, breaches, location, spec.source.line(location.line))


def _judged(check: Check, found: Found) -> Iterator[Breach]:
    now = value(found.cell.value)
    if now is None:
        if not check.nullable:
            yield _breach("missing", found)
        return
    for limit in check.limits:
        if limit.sort in ("min", "max"):
            bound = limit.amount.raw(found.column.unit)
            if bound is None:
                yield _breach("unfit", found, limit)
            elif now < bound if limit.sort == "min" else now > bound:
                yield _breach("limit", found, limit)
        else:
            yield from _moved(check, found, limit, now)


def _moved(check: Check, found: Found, limit: Limit, now: float) -> Iterator[Breach]:
    """What is wrong with how the number changed."""
    before = value(found.cell.before[0]) if found.cell.before else None
    if limit.amount.mark == "pp" and found.column.unit is not Unit.FRACTION:
        yield _breach("unfit", found, limit)
    elif before is None:
        if not check.nullable:
            yield _breach("missing", found, limit)
    else:
        moved = change(now, before, limit.amount.mark)
        bound = round(limit.amount.size, DIGITS)
        if moved < bound if limit.sort == "change_min" else moved > bound:
            yield _breach("limit", found, limit)


def _breach(fault: Fault, found: Found, limit: Limit | None = None) -> Breach:
    return Breach(fault, found.table.key, found.row, found.column, found.cell, limit)


def _column(table: Table, key: str) -> int | None:
    return next((place for place, column in enumerate(table.columns) if column.key == key), None)


def _rows(table: Table, wanted: str) -> tuple[Row, ...]:
    if wanted == EVERY:
        return table.rows
    if wanted == TOTAL:
        return (table.total,) if table.total else ()
    named = [row for row in table.rows if wanted == row.key] or [row for row in table.rows if wanted == _name(row)]
    return tuple(named[:1])


def _name(row: Row) -> str:
    """What a row is called: a day by its date."""
    return row.head.date().isoformat() if isinstance(row.head, datetime) else str(row.head)
