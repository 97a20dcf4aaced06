"""Charts as data: what a table shows at a glance. A table of makers by the key of what they draw.

Sizes are fractions of the largest thing drawn beside them; nothing is drawn of what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from runner.model import Cell, Row, Table, Unit
from runner.render import numbers, scene
from runner.render.scene import Scene, largest, number, past, share
from runner.render.view import Band, Bucket, Chart, Columns, Flow, Funnel, Line, Lines, Move, Node, Part, Point, Step

MOST_LINES = 4
"""Metrics that are drawn over time; the table has the others."""

MOST_SERIES = 6
"""Series in a column; the others are drawn together."""

MOST_COLUMNS = 16
"""More columns than this are drawn as a line."""

MOST_MOVES = 8

ARROW = " → "
"""Between the two statuses of a move."""


def chart(table: Table, view: Scene) -> Chart | None:
    """The chart of a table; None where there is none to draw."""
    make = CHARTS.get(table.key)
    return make(table, view) if make and table.rows else None


# ---- over time -------------------------------------------------------------------------------------------


def lines(table: Table, view: Scene) -> Lines | None:
    """A line for each of the first metrics over the buckets of time."""
    if table.head.unit is not Unit.DATETIME or len(table.rows) < 2:
        return None
    drawn = [line(table, place, view) for place in range(min(len(table.columns), MOST_LINES))]
    found = tuple(each for each in drawn if each is not None)
    if not found:
        return None
    said = "; ".join(
        f"{each.label}: {', '.join(f'{point.label} {point.text}' for point in each.points)}" for each in found
    )
    compared = view.before if any(point.before is not None for each in found for point in each.points) else ""
    return Lines("lines", table.title, said, view.now, compared, found)


def line(table: Table, place: int, view: Scene) -> Line | None:
    """One metric over time; None where a number is below zero or none is known. What is yet to come has no number.

    The first number and its tiles show the lines of the charts: each is made once for its scene.
    """
    asked = id(table), place
    if asked not in view.lines:
        view.lines[asked] = _line(table, place, view)
    return view.lines[asked]


def _line(table: Table, place: int, view: Scene) -> Line | None:
    column = table.columns[place]
    labels = numbers.heads([row.head for row in table.rows], table.head.unit, view.look)
    cells = [row.cells[place] for row in table.rows]
    come = [_has_begun(row, view) for row in table.rows]
    values = [number(cell.value) if begun else None for cell, begun in zip(cells, come, strict=True)]
    before = [number(past(cell)) for cell in cells]
    if not any(value is not None for value in values) or any((value or 0) < 0 for value in (*values, *before)):
        return None
    height, ticks = scene.grid(largest((*values, *before)) or 1.0, column.unit, view.look)
    points = tuple(
        Point(
            label,
            view.text(cell.value, column) if value is not None else numbers.NONE,
            share(value, height),
            view.text(past(cell), column),
            share(was, height),
            numbers.brief(cell.value, column.unit, view.look) if value is not None else numbers.NONE,
        )
        for label, cell, value, was in zip(labels, cells, values, before, strict=True)
    )
    top = largest(values)
    peak = next((spot for spot, value in enumerate(values) if value == top and top > 0), None)
    total = table.total.cells[place] if table.total else None
    text = view.text(total.value, column) if total else ""
    return Line(column.label, text, view.delta(total, column) if total else None, points, ticks, peak)


def _has_begun(row: Row, view: Scene) -> bool:
    return not isinstance(row.head, datetime) or row.head <= view.digest.as_of


def columns(table: Table, view: Scene) -> Chart | None:
    """Columns over time or by kind, stacked where the series add up; lines where there are very many."""
    if table.head.unit is Unit.TEXT or not table.columns:
        return None
    stacked = len(table.columns) == 1 or table.total is not None
    if len(table.rows) > MOST_COLUMNS or not stacked:
        return lines(table, view)
    values = [[number(cell.value) for cell in row.cells] for row in table.rows]
    if any((value or 0) < 0 for row in values for value in row):
        return None
    legend = [column.label for column in table.columns] if len(table.columns) > 1 else []
    kept, legend = _ranked(values, legend)
    unit, heads = table.columns[0], numbers.heads([row.head for row in table.rows], table.head.unit, view.look)
    top = largest(sum(each or 0.0 for each in row) for row in values) or 1.0
    buckets = []
    for row, head, numbers_ in zip(table.rows, heads, values, strict=True):
        parts = [sum(numbers_[place] or 0.0 for place in places) for places in kept]
        whole = _whole(sum(parts)) if any(each is not None for each in numbers_) else None
        drawn = tuple(Part(view.text(_whole(part), unit), part / top) for part in parts)
        brief = numbers.brief(whole, unit.unit, view.look)
        buckets.append(Bucket(head, view.text(whole, unit), drawn, _is_running(row, table, view), brief))
    said = "; ".join(f"{bucket.label}: {bucket.text}" for bucket in buckets)
    return Columns("columns", table.title, said, tuple(legend), tuple(buckets))


def _ranked(values: Sequence[Sequence[float | None]], legend: list[str]) -> tuple[list[list[int]], list[str]]:
    """The places of each part of a column, the rest of many series together; and their names."""
    if len(legend) <= MOST_SERIES:
        return [[place] for place in range(max(1, len(legend)))], legend
    sizes = [sum(row[place] or 0.0 for row in values) for place in range(len(legend))]
    order = sorted(range(len(legend)), key=lambda place: (-sizes[place], place))
    first, rest = sorted(order[: MOST_SERIES - 1]), order[MOST_SERIES - 1 :]
    return [*([place] for place in first), rest], [*(legend[place] for place in first), f"{len(rest)} others"]


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _is_running(row: Row, table: Table, view: Scene) -> bool:
    """Whether the last bucket is not over."""
    return row is table.rows[-1] and view.digest.as_of < view.section.period.end and _has_begun(row, view)


# ---- funnels and flows -----------------------------------------------------------------------------------


def funnel(table: Table, view: Scene) -> Funnel | None:
    """The stages as bars, with the part that went on between them."""
    reached = [scene.cell(row, table, "count") for row in table.rows]
    counts = [number(cell.value) if cell else None for cell in reached]
    before = [number(past(cell)) if cell else None for cell in reached]
    top = largest((*counts, *before))
    if not top:
        return None
    column = table.columns[scene.column(table, "count") or 0]
    rate = scene.column(table, "count_conversion_rate")
    steps = []
    for row, cell, count, was in zip(table.rows, reached, counts, before, strict=True):
        on = None if rate is None or row is table.rows[-1] else row.cells[rate]
        goes_on = on is not None and on.value is not None
        steps.append(
            Step(
                str(row.head),
                view.text(cell.value if cell else None, column),
                view.link(cell) if cell else "",
                share(count, top),
                view.text(past(cell), column) if cell and cell.before else "",
                share(was, top),
                f"{numbers.whole_percent(on.value, view.look)} go on" if on and goes_on else "",
                view.delta(on, table.columns[rate]) if on and goes_on and rate is not None else None,
            )
        )
    said = "; ".join(f"{step.label}: {step.text}" + (f", {step.goes_on}" if step.goes_on else "") for step in steps)
    return Funnel("funnel", table.title, said, view.now, view.before, tuple(steps))


def flow(table: Table, view: Scene) -> Flow | None:
    """Where things went, from the left to the right, and the largest moves by rank."""
    labels = _labels(table, view)
    moved = [_Moved(row, count) for row in table.rows if (count := number(row.cells[0].value))]
    if not moved:
        return None
    total, top = sum(each.count for each in moved), largest(each.count for each in moved)
    column = table.columns[0]
    sources = _nodes([(each.source, each.count) for each in moved], labels)
    targets = _nodes([(each.target, each.count) for each in moved], labels)
    bands = tuple(
        Band(
            list(sources).index(each.source),
            list(targets).index(each.target),
            view.text(each.cell.value, column),
            each.count / total,
        )
        for each in moved
    )
    moves = tuple(
        Move(
            str(each.row.head),
            view.text(each.cell.value, column),
            view.link(each.cell),
            view.delta(each.cell, column),
            each.count / top,
        )
        for each in moved[:MOST_MOVES]
    )
    left, right = (
        tuple(Node(label, view.text(_whole(size), column), size / total) for label, size in side.values())
        for side in (sources, targets)
    )
    rest = len(moved) - len(moves)
    return Flow(
        "flow",
        table.title,
        "; ".join(f"{move.label}: {move.text}" for move in moves),
        left,
        right,
        bands,
        moves,
        f"{rest} smaller {'move is' if rest == 1 else 'moves are'} not shown here" if rest else "",
    )


@dataclass(frozen=True, slots=True)
class _Moved:
    """A row of moves with its number; from nowhere (an empty source) comes what was created."""

    row: Row
    count: float

    @property
    def source(self) -> str:
        return self.row.key.partition(">")[0]

    @property
    def target(self) -> str:
        return self.row.key.partition(">")[2]

    @property
    def cell(self) -> Cell:
        return self.row.cells[0]


def _labels(moves: Table, view: Scene) -> dict[str, str]:
    """Status -> what it is called: in the order of the section's table of statuses, others as the moves call them."""
    known = {"": "Created"}
    for table in view.section.tables:
        if table.key == "status_overview":
            known |= {row.key: str(row.head) for row in table.rows}
    for row in moves.rows:
        names = str(row.head).split(ARROW)
        for status, name in zip(row.key.split(">", 1), names, strict=False):
            known.setdefault(status, name if len(names) == 2 else status)
    return known


def _nodes(sizes: Sequence[tuple[str, float]], labels: Mapping[str, str]) -> dict[str, tuple[str, float]]:
    """Status -> its label and size, in the organization's order; statuses that it does not list come last."""
    found: dict[str, float] = {}
    for status, size in sizes:
        found[status] = found.get(status, 0.0) + size
    order = {status: place for place, status in enumerate(labels)}
    ranked = sorted(found, key=lambda status: (order.get(status, len(order)), status))
    return {status: (labels.get(status, status), found[status]) for status in ranked}


CHARTS: Mapping[str, Callable[[Table, Scene], Chart | None]] = {
    "overview": lines,
    "points": columns,
    "stages": funnel,
    "status_transitions_summary": flow,
}
"""Key of a table -> how it is drawn."""
