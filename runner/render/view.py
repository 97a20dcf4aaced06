"""What every format shows, made once: a digest with each value as the text people read.

Templates get a ``View``; they place its texts and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runner.model import Cell, Column, Digest, FailedSection, Period, Row, Section, Table, Unit
from runner.render import dates, numbers, style
from runner.render.numbers import Delta
from runner.render.style import Style


@dataclass(frozen=True, slots=True)
class CellView:
    """A number and how it changed, against each compared period in order. ``link`` leads to what it counts."""

    text: str
    deltas: tuple[Delta, ...]
    link: str = ""


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
    look = style.of(digest)
    failed = sum(isinstance(section, FailedSection) for section in digest.sections)
    return View(
        language=look.language,
        title=digest.title,
        description=digest.description,
        period=dates.words(digest.period, look),
        compared=_listed(digest.compared, digest.period, look),
        sample=digest.sample,
        missing=f"{failed} of {len(digest.sections)} reports missing" if failed else "",
        notes=digest.notes,
        sections=tuple(_section(section, digest, look) for section in digest.sections),
        provenance=tuple(_provenance(digest, look)),
    )


def _section(section: Section | FailedSection, digest: Digest, look: Style) -> SectionView:
    if isinstance(section, FailedSection):
        return SectionView(section.title, "", "", section.reason, ())
    own = section.period != digest.period or section.compared != digest.compared
    return SectionView(
        title=section.title,
        period=dates.words(section.period, look) if own else "",
        against=_listed(section.compared, section.period, look) if own or len(section.compared) > 1 else "",
        reason="",
        tables=tuple(_table(table, digest, look) for table in section.tables),
    )


def _table(table: Table, digest: Digest, look: Style) -> TableView:
    heads = numbers.heads([line.head for line in table.rows], table.head.unit, look)
    total = table.total

    def row(head: str, line: Row) -> RowView:
        pairs = zip(line.cells, table.columns, strict=True)
        return RowView(head, tuple(_cell(cell, column, digest, look) for cell, column in pairs))

    return TableView(
        title=table.title,
        head=table.head.label,
        columns=tuple(column.label for column in table.columns),
        rows=tuple(row(head, line) for head, line in zip(heads, table.rows, strict=True)),
        total=row(numbers.text(total.head, Unit.TEXT, look), total) if total else None,
    )


def _cell(cell: Cell, column: Column, digest: Digest, look: Style) -> CellView:
    deltas = (numbers.delta(cell.value, past, column, look) for past in cell.before)
    text = numbers.text(cell.value, column.unit, look)
    return CellView(text, tuple(delta for delta in deltas if delta), address(cell, digest))


def address(cell: Cell, digest: Digest) -> str:
    """The whole URL of what a number counts, in the app of the digest; empty where there is none."""
    return f"{digest.app_url.rstrip('/')}{cell.link}" if cell.link.startswith("/") else ""


def _listed(periods: Sequence[Period], beside: Period, look: Style) -> str:
    """The periods in words; the year is left out only of a single one in the year named before."""
    known = beside if len(periods) == 1 else None
    return " and ".join(dates.words(period, look, beside=known) for period in periods)


def _provenance(digest: Digest, look: Style) -> Iterable[tuple[str, str]]:
    """Where the numbers come from: enough to ask for them again."""
    yield "Range", dates.bounds(digest.period, look)
    for period in digest.compared:
        yield "Compared with", dates.bounds(period, look)
    yield "Data as of", f"{dates.moment(digest.as_of, look)} ({dates.offset(digest.as_of, look)})"
    yield "Definition", digest.definition
    yield "Requests", numbers.text(digest.requests, Unit.COUNT, look)
