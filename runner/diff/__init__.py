"""What moved between two digests of a definition: numbers by the keys of their rows and columns, never by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias, TypeVar

from runner.diff import questions
from runner.diff.questions import Question
from runner.model import Cell, Column, Digest, FailedSection, Plan, Row, Section, Table, Unit, Value

__all__ = ["Change", "Difference", "JobChange", "Question", "Side", "TableChange", "between"]

Key: TypeAlias = tuple[str, int]
"""A row or column: its key, and how many before it have the same one."""

Keyed = TypeVar("Keyed", Row, Column)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, what was asked, what was said."""

    label: str
    plan: Plan
    digest: Digest


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is on both sides. ``head`` is the row's, with the unit of ``TableChange.head``."""

    row: str
    head: Value
    column: Column
    before: Value
    after: Value

    @property
    def moved(self) -> bool:
        """Whether it is not what it was."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table of one job. ``state`` is ``came`` or ``went`` where only one side has it, and then has nothing else.

    ``changes`` has every number that is on both sides, the same ones too.
    """

    key: str
    title: str
    head: Column
    state: str = ""
    changes: tuple[Change, ...] = ()
    rows_came: tuple[Row, ...] = ()
    rows_went: tuple[Row, ...] = ()
    columns_came: tuple[Column, ...] = ()
    columns_went: tuple[Column, ...] = ()

    @property
    def moved(self) -> tuple[Change, ...]:
        """The numbers that are not what they were."""
        return tuple(change for change in self.changes if change.moved)

    @property
    def differs(self) -> bool:
        """Whether the two sides are not the same."""
        others = (self.rows_came, self.rows_went, self.columns_came, self.columns_went)
        return bool(self.state or self.moved or any(others))


@dataclass(frozen=True, slots=True)
class JobChange:
    """A job. ``state`` is ``came``, ``went``, ``failed`` (only after), ``mended`` (only before), ``failed in both``.

    ``reason`` says why it failed.
    """

    job: str
    title: str
    state: str = ""
    reason: str = ""
    tables: tuple[TableChange, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the two sides are not the same."""
        return self.state not in ("", FAILED) or any(table.differs for table in self.tables)


FAILED = "failed in both"


@dataclass(frozen=True, slots=True)
class Difference:
    """The two sides, what they ask differently, and every job of both."""

    before: Side
    after: Side
    asked: tuple[Question, ...]
    jobs: tuple[JobChange, ...]

    @property
    def differs(self) -> bool:
        """Whether a number, or what is asked, is not the same."""
        return bool(self.asked) or any(job.differs for job in self.jobs)

    @property
    def same(self) -> int:
        """Numbers that are the same on both sides."""
        return sum(not change.moved for job in self.jobs for table in job.tables for change in table.changes)


def between(before: Side, after: Side) -> Difference:
    """What differs; jobs and tables in the order they have after, those that went at the end."""
    old = {section.job: section for section in before.digest.sections}
    new = {section.job: section for section in after.digest.sections}
    jobs = tuple(_job(old.get(name), new.get(name)) for name in (*new, *(name for name in old if name not in new)))
    return Difference(before, after, questions.between(before.plan, after.plan), jobs)


def _job(old: Section | FailedSection | None, new: Section | FailedSection | None) -> JobChange:
    match old, new:
        case Section(), Section():
            return JobChange(new.job, new.title, tables=_tables(old, new))
        case _, FailedSection():
            state = "failed" if isinstance(old, Section) else FAILED if old else "came"
            return JobChange(new.job, new.title, state, new.reason)
        case FailedSection(), Section():
            return JobChange(new.job, new.title, "mended", old.reason)
        case _, Section():
            return JobChange(new.job, new.title, "came")
        case _:
            gone = old or new
            return JobChange(gone.job, gone.title, "went") if gone else JobChange("", "")


def _tables(old: Section, new: Section) -> tuple[TableChange, ...]:
    before = {table.key: table for table in old.tables}
    after = {table.key: table for table in new.tables}
    keys = (*after, *(key for key in before if key not in after))
    return tuple(_table(before.get(key), after.get(key)) for key in keys)


def _table(old: Table | None, new: Table | None) -> TableChange:
    if old is None or new is None:
        one = old or new
        head = one.head if one else Column("", "", Unit.TEXT)
        return TableChange(one.key if one else "", one.title if one else "", head, "went" if old else "came")
    rows_before, rows_after = _keyed(_rows(old)), _keyed(_rows(new))
    columns_before, columns_after = _keyed(old.columns), _keyed(new.columns)
    both = [(row, key) for row, key in product(rows_after, columns_after)]
    past, now = _cells(old), _cells(new)
    return TableChange(
        new.key,
        new.title,
        new.head,
        changes=tuple(
            Change(row[0], rows_after[row].head, columns_after[key], past[row, key].value, now[row, key].value)
            for row, key in both
            if (row, key) in past
        ),
        rows_came=_missing(rows_after, rows_before),
        rows_went=_missing(rows_before, rows_after),
        columns_came=_missing(columns_after, columns_before),
        columns_went=_missing(columns_before, columns_after),
    )


def _rows(table: Table) -> Sequence[Row]:
    return (*([table.total] if table.total else []), *table.rows)


def _keyed(listed: Iterable[Keyed]) -> dict[Key, Keyed]:
    seen: Counter[str] = Counter()
    found = {}
    for one in listed:
        found[one.key, seen[one.key]] = one
        seen[one.key] += 1
    return found


def _cells(table: Table) -> dict[tuple[Key, Key], Cell]:
    columns = _keyed(table.columns)
    return {
        (row, key): cell
        for row, one in _keyed(_rows(table)).items()
        for key, cell in zip(columns, one.cells, strict=True)
    }


def _missing(here: Mapping[Key, Keyed], there: Mapping[Key, Keyed]) -> tuple[Keyed, ...]:
    return tuple(one for key, one in here.items() if key not in there)
