"""The first number and the tiles beside it: the totals that a digest has, in the order of its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from runner.model import Cell, Column, Table, Unit
from runner.render import changes, figures
from runner.render.changes import Delta
from runner.render.scene import Scene, past
from runner.render.view import Hero, Tile

TILES = 4

STORY = 2
"""So many other numbers are told beside the first."""

COUNTED = frozenset({Unit.COUNT, Unit.MONEY, Unit.SECONDS, Unit.FRACTION, Unit.NUMBER})


@dataclass(frozen=True)
class Total:
    """A number of a table's last line, where it stands."""

    view: Scene
    table: Table
    place: int
    cell: Cell

    @property
    def column(self) -> Column:
        """What it counts."""
        return self.table.columns[self.place]

    @cached_property
    def text(self) -> str:
        """As people read it."""
        return self.view.text(self.cell.value, self.column)

    @cached_property
    def delta(self) -> Delta | None:
        """Its change."""
        return self.view.delta(self.cell, self.column)


def totals(scenes: Iterable[Scene]) -> list[Total]:
    """Every total that is known: those of the headline's job first, then in the jobs' order.

    Each measure is there once, and so is each number: two reports may count the same by different names.
    """
    found: dict[tuple[str, str], Total] = {}
    for view in sorted(scenes, key=lambda each: each.section.job != each.digest.headline):
        for total in _of(view):
            found.setdefault((total.column.key, total.column.label), total)
    numbers_ = {(total.column.unit, total.cell.value, total.cell.before): total for total in reversed(found.values())}
    return [
        total for total in found.values() if numbers_[total.column.unit, total.cell.value, total.cell.before] is total
    ]


def _of(view: Scene) -> Iterator[Total]:
    """The totals of the section's first table that has some; of a series by group there is none that leads."""
    for table in view.section.tables:
        grouped = table.key == "points" and len(table.columns) > 1
        if table.total and not grouped:
            for place, cell in enumerate(table.total.cells):
                if table.columns[place].unit in COUNTED and cell.value is not None:
                    yield Total(view, table, place, cell)
            return


def words(first: Hero) -> str:
    """The first number in a few words: ``$84,250 won (▲ 16.4%)``."""
    delta = f" ({first.deltas[0]})" if first.deltas and first.deltas[0].arrow else ""
    return f"{first.text} {first.label}{delta}"


def hero(found: list[Total]) -> Hero | None:
    """The first number; None where there is none."""
    if not found:
        return None
    first = found[0]
    cell, column, view = first.cell, first.column, first.view
    difference = changes.difference(cell.value, past(cell), column, view.look)
    was = view.text(past(cell), column) if cell.before else ""
    return Hero(
        label=column.label,
        text=first.text,
        deltas=changes.deltas(cell, column, view.look),
        difference=f"{difference} against {view.before} ({was})"
        if difference
        else f"against {view.before} ({was})"
        if was
        else "",
        story=_story(found[1:]),
        link=view.link(cell),
        line=figures.line(first.table, first.place, view) if first.table.head.unit is Unit.DATETIME else None,
    )


def tiles(found: list[Total]) -> tuple[Tile, ...]:
    """The numbers after the first."""
    return tuple(
        Tile(
            label=total.column.label,
            text=total.text,
            delta=total.delta,
            before=f"from {total.view.text(past(total.cell), total.column)}" if total.cell.before else "",
            link=total.view.link(total.cell),
            line=figures.line(total.table, total.place, total.view)
            if total.table.head.unit is Unit.DATETIME and len(total.table.rows) > 1
            else None,
        )
        for total in found[1 : TILES + 1]
    )


def _story(others: list[Total]) -> str:
    """The changes among the other numbers that are notable, in one sentence; what did not change is not told."""
    told = [
        f"{total.column.label} {total.text}, {say(total.delta)}"
        for total in others
        if total.delta and total.delta.tone != "flat"
    ]
    return f"{'; '.join(told[:STORY])}." if told else ""


def say(delta: Delta | None) -> str:
    """A change in words: ``up 16.4%``."""
    return "" if delta is None else f"{delta.spoken} {delta.text}" if delta.arrow else delta.text
