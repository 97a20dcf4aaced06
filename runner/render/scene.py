"""What the parts of a view are made from, and the arithmetic they share: numbers of cells, shares, grids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import takewhile

from runner.model import Cell, Column, Digest, Row, Section, Table, Unit, Value
from runner.render import changes, dates, numbers
from runner.render.changes import Delta
from runner.render.style import Style
from runner.render.view import Line, Tick

GRID = 4
"""Most lines of a chart's grid above zero."""


@dataclass(frozen=True)
class Scene:
    """One section of a digest and how it is written."""

    digest: Digest
    section: Section
    look: Style
    lines: dict[tuple[int, int], Line | None] = field(default_factory=dict, compare=False)
    """What was drawn over time, by the ``id`` of its table and the place of its column."""

    @cached_property
    def now(self) -> str:
        """The section's period in words."""
        return dates.words(self.section.period, self.look)

    @cached_property
    def before(self) -> str:
        """The first compared period in words; empty where there is none."""
        compared = self.section.compared[:1]
        return dates.words(compared[0], self.look, beside=self.section.period) if compared else ""

    def text(self, value: Value, column: Column) -> str:
        """A number as people read it."""
        return numbers.text(value, column.unit, self.look)

    def delta(self, cell: Cell, column: Column) -> Delta | None:
        """How a number changed against the first compared period."""
        return changes.delta(cell.value, cell.before[0], column, self.look) if cell.before else None

    def link(self, cell: Cell) -> str:
        """The whole URL of what a number counts, in the digest's app; empty where there is none."""
        return address(cell, self.digest)


def scenes(digest: Digest, look: Style) -> tuple[Scene, ...]:
    """The sections that did not fail."""
    return tuple(Scene(digest, section, look) for section in digest.sections if isinstance(section, Section))


def address(cell: Cell, digest: Digest) -> str:
    """The whole URL of what a number counts, in the app of the digest; empty where there is none."""
    return f"{digest.app_url.rstrip('/')}{cell.link}" if cell.link.startswith("/") else ""


def number(value: Value) -> float | None:
    """The value as a number to draw; None for what is none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def past(cell: Cell) -> Value:
    """What the number was in the first compared period; None where that is not known."""
    return cell.before[0] if cell.before else None


def column(table: Table, key: str) -> int | None:
    """The place of the column with this key."""
    return next((place for place, each in enumerate(table.columns) if each.key == key), None)


def cell(row: Row, table: Table, key: str) -> Cell | None:
    """The row's cell in the column with this key."""
    place = column(table, key)
    return None if place is None else row.cells[place]


def share(part: float | None, whole: float) -> float | None:
    """``part`` of ``whole``, 0 to 1; None where it is not known or below zero."""
    if part is None or part < 0:
        return None
    return part / whole if whole > 0 else 0.0


def largest(values: Iterable[float | None]) -> float:
    """The largest number there is, 0 where there is none."""
    return max((value for value in values if value is not None), default=0.0)


def grid(top: float, unit: Unit, look: Style) -> tuple[float, tuple[Tick, ...]]:
    """The height of a chart that holds ``top``, and the lines of its grid from zero up, at round numbers."""
    step = _step(Decimal(repr(top)), unit)
    count = next(each for each in range(1, GRID + 2) if step * each >= Decimal(repr(top)))
    height = float(step * count)
    marks = [step * each for each in range(count + 1)]
    return height, tuple(Tick(numbers.short(mark, unit, look), float(mark) / height) for mark in marks)


def _step(top: Decimal, unit: Unit) -> Decimal:
    """The smallest round step of which a few reach ``top``; whole for what is counted, in hours for long durations."""
    least = (
        Decimal(1) if unit in (Unit.COUNT, Unit.SECONDS) else Decimal(100) if unit is Unit.MONEY else Decimal("0.001")
    )
    steps = _seconds() if unit is Unit.SECONDS else _round(least)
    return next(step for step in steps if step * GRID >= top)


def _round(least: Decimal) -> Iterable[Decimal]:
    """``least`` x 1, 2, 5, 10, 20, 50 and so on."""
    while True:
        yield from (least * factor for factor in (1, 2, 5))
        least *= 10


def _seconds() -> Iterable[Decimal]:
    """Round durations: of a clock up to half a day, of days from there on."""
    yield from map(Decimal, (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600))
    yield from _round(Decimal(86400))


def known(values: Sequence[float | None]) -> list[float]:
    """The numbers up to the first that is not known."""
    return [value for value in takewhile(lambda each: each is not None, values) if value is not None]
