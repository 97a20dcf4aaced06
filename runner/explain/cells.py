"""A number of a digest by its name: ``ROW/COLUMN``, or ``COLUMN`` for the total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from runner.errors import RunnerError, UsageError
from runner.model import Cell, Digest, FailedSection, Row, Section, Table
from runner.nearest import hint


@dataclass(frozen=True, slots=True)
class Found:
    """A number of a job's table; ``row`` is its position, None for the total."""

    section: Section
    table: Table
    row: int | None
    column: int

    @property
    def line(self) -> Row:
        """The row it stands in."""
        if self.row is not None:
            return self.table.rows[self.row]
        return self.table.total or Row("", "", ())

    @property
    def cell(self) -> Cell:
        """The number."""
        return self.line.cells[self.column]


def find(digest: Digest, job: str, cell: str, table: str | None) -> Found:
    """The number that is called so, in the first table that has it.

    Rows and columns go by their keys or labels in any case, a row of a time also by its date. UsageError with the
    nearest name, RunnerError where the job had failed.
    """
    section = _section(digest, job)
    tables = _tables(section, table)
    for each in tables:
        for row, column in _split(cell):
            found = _places(each, row, column)
            if found:
                return Found(section, each, *found)
    raise UsageError(_unknown(tables, cell))


def everything(digest: Digest) -> Iterator[Found]:
    """Every number there is."""
    for section in (each for each in digest.sections if isinstance(each, Section)):
        for table in section.tables:
            for column in range(len(table.columns)):
                rows: list[int | None] = list(range(len(table.rows)))
                yield from (Found(section, table, row, column) for row in rows + ([None] if table.total else []))


def _section(digest: Digest, job: str) -> Section:
    names = [section.job for section in digest.sections]
    found = next((section for section in digest.sections if section.job == job), None)
    if found is None:
        raise UsageError(f"{digest.name} has no job '{job}'; {hint(job, names) or _listed('there is', names)}")
    if isinstance(found, FailedSection):
        raise RunnerError(f"{digest.name}: job '{job}' had failed: {found.reason}")
    return found


def _tables(section: Section, key: str | None) -> Sequence[Table]:
    keys = [table.key for table in section.tables]
    if key is None or key in keys:
        return [table for table in section.tables if key in (None, table.key)]
    raise UsageError(f"job '{section.job}' has no table '{key}'; {hint(key, keys) or _listed('there is', keys)}")


def _split(cell: str) -> Iterator[tuple[str | None, str]]:
    """Every way to read it: names may have a slash themselves."""
    yield None, cell
    for place, sign in enumerate(cell):
        if sign == "/":
            yield cell[:place], cell[place + 1 :]


def _places(table: Table, row: str | None, column: str) -> tuple[int | None, int] | None:
    there = _position(column, ((one.key, one.label) for one in table.columns))
    if there is None:
        return None
    if row is None or row.casefold() == "total":
        return (None, there) if table.total else None
    line = _position(row, map(_names, table.rows))
    return None if line is None else (line, there)


def _names(row: Row) -> tuple[str, ...]:
    head = row.head
    if isinstance(head, datetime):
        return row.key, head.isoformat(), f"{head:%Y-%m-%dT%H:%M}", f"{head:%Y-%m-%d}"
    return row.key, str(head)


def _position(said: str, named: Iterable[tuple[str, ...]]) -> int | None:
    """The first thing that has the name; as it is written before any case."""
    listed = list(named)
    for plain in (str, str.casefold):
        for place, names in enumerate(listed):
            if plain(said) in map(plain, names):
                return place
    return None


def _unknown(tables: Sequence[Table], cell: str) -> str:
    """What is wrong with the cell's name: its column, its row, or that there is no total."""
    row, slash, column = cell.rpartition("/")
    columns = dict.fromkeys(name for table in tables for one in table.columns for name in (one.key, one.label))
    known = [
        table for table in tables if _position(column, ((one.key, one.label) for one in table.columns)) is not None
    ]
    if not known:
        near = hint(column, columns)
        return f"there is no column '{column}'; {near or _listed('columns', (one.key for one in tables[0].columns))}"
    rows = dict.fromkeys(names[-1] for table in known for names in map(_names, table.rows))
    if not slash or row.casefold() == "total":
        return f"'{known[0].title}' has no total; write ROW/{column}, {_listed('rows', rows)}"
    keys = [name for table in known for names in map(_names, table.rows) for name in names]
    return f"there is no row '{row}'; {hint(row, keys) or _listed('rows', rows)}"


def _listed(what: str, names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f", and {len(known) - MOST} more" if len(known) > MOST else ""
    return f"{what}: {', '.join(known[:MOST]) or 'none'}{more}"


MOST = 12
"""Names that are listed where none is near."""
