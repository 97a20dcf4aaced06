"""What every format shows, made once: a digest with each value as the text people read.

Templates get a ``View``; they place its texts and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale

from runner.model import Cell, Column, Digest, FailedSection, Period, Row, Section, Table, Unit
from runner.render import numbers, words
from runner.render.numbers import Delta, Style


@dataclass(frozen=True, slots=True)
class CellView:
    """A number and how it changed, against each compared period in order."""

    text: str
    deltas: tuple[Delta, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of a table."""

    head: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A table. ``total`` is the service's own, None where it gave none."""

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    total: RowView | None


@dataclass(frozen=True, slots=True)
class SectionView:
    """What one job found, or why it found nothing (``reason``). ``period`` is said where it is not the digest's."""

    title: str
    period: str
    against: str
    reason: str
    tables: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A digest in words."""

    language: str
    title: str
    description: str
    period: str
    compared: str
    sample: bool
    missing: str
    notes: tuple[str, ...]
    sections: tuple[SectionView, ...]
    provenance: tuple[tuple[str, str], ...]


def make(digest: Digest) -> View:
    """The digest in words."""
    style = Style(Locale.parse(digest.locale), digest.currency)
    failed = sum(isinstance(section, FailedSection) for section in digest.sections)
    return View(
        language=str(style.locale).replace("_", "-"),
        title=digest.title,
        description=digest.description,
        period=words.period(digest.period, style.locale),
        compared=_listed(digest.compared, style),
        sample=digest.sample,
        missing=f"{failed} of {len(digest.sections)} reports missing" if failed else "",
        notes=digest.notes,
        sections=tuple(_section(section, digest, style) for section in digest.sections),
        provenance=tuple(_provenance(digest)),
    )


def _section(section: Section | FailedSection, digest: Digest, style: Style) -> SectionView:
    if isinstance(section, FailedSection):
        return SectionView(section.title, "", "", section.reason, ())
    own = section.period != digest.period or section.compared != digest.compared
    return SectionView(
        title=section.title,
        period=words.period(section.period, style.locale) if own else "",
        against=_listed(section.compared, style) if own or len(section.compared) > 1 else "",
        reason="",
        tables=tuple(_table(table, style) for table in section.tables),
    )


def _table(table: Table, style: Style) -> TableView:
    hours = _spacing(table)
    return TableView(
        title=table.title,
        head=table.head.label,
        columns=tuple(column.label for column in table.columns),
        rows=tuple(_row(row, table, style, hours) for row in table.rows),
        total=_row(table.total, table, style, hours) if table.total else None,
    )


def _row(row: Row, table: Table, style: Style, hours: float) -> RowView:
    at = isinstance(row.head, datetime) and table.head.unit is Unit.DATETIME
    head = numbers.bucket(row.head, hours, style) if at and isinstance(row.head, datetime) else None
    cells = zip(row.cells, table.columns, strict=True)
    return RowView(
        head if head is not None else numbers.text(row.head, table.head.unit, style),
        tuple(_cell(cell, column, style) for cell, column in cells),
    )


def _cell(cell: Cell, column: Column, style: Style) -> CellView:
    deltas = (numbers.delta(cell.value, past, column.unit, style, metric=column.key) for past in cell.before)
    return CellView(numbers.text(cell.value, column.unit, style), tuple(deltas))


def _spacing(table: Table) -> float:
    """Hours between the last two rows of time (the first may be cut short); a single row is taken for a day."""
    moments = [row.head for row in table.rows if isinstance(row.head, datetime)]
    return (moments[-1] - moments[-2]).total_seconds() / 3600 if len(moments) > 1 else 24


def _listed(periods: Sequence[Period], style: Style) -> str:
    return " and ".join(words.period(period, style.locale) for period in periods)


def _provenance(digest: Digest) -> Iterable[tuple[str, str]]:
    """Where the numbers come from: enough to ask for them again."""
    yield "Range", f"{words.exact(digest.period)}, {digest.timezone}"
    for period in digest.compared:
        yield "Compared with", words.exact(period)
    yield "Data as of", words.moment(digest.as_of)
    yield "Definition", digest.definition
    yield "Requests", str(digest.requests)
