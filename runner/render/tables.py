"""Tables as they are shown: each number with its change, the columns that a narrow format keeps, bars, folded rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from runner.model import Row, Table, Unit
from runner.render import changes, letters, numbers
from runner.render.scene import Scene, largest, number, past, share
from runner.render.view import Bar, CellView, RowView, TableView

MAIN: Mapping[str, tuple[str, ...]] = {
    "totals": ("count", "count_total_won", "count_win_rate", "average_time_to_win"),
    "stages": ("count", "count_conversion_rate", "count_lost", "average_time_to_advance"),
    "status_overview": ("gained", "lost", "ended", "change"),
    "templates": ("total", "open_rate", "reply_rate"),
}
"""Key of a table -> the columns that a narrow format shows; of other tables the first ones."""

NARROW = 4
CUT = 10

PHONE = 324
"""Pixels that a table may be wide on a phone; columns that go beyond are shown when they are asked for."""

SIZE, SMALL, BOLD = 14, 12, 12.9
"""The size of letters in cells, in headings and, those being bold, in changes."""

GAP = 8

ZERO_TAG = "no activity"


def table(data: Table, view: Scene, *, drawn: bool) -> TableView:
    """A table in words. ``drawn``: a chart beside it shows what it has."""
    heads = numbers.heads([row.head for row in data.rows], data.head.unit, view.look)
    kept = [(head, row) for head, row in zip(heads, data.rows, strict=True) if not _folds(row, data)]
    top = largest(number(value) for row in data.rows if row.cells for value in (row.cells[0].value, past(row.cells[0])))
    left = len(data.rows) - len(kept)
    rows = tuple(_row(head, row, data, view, top) for head, row in kept)
    main = _main(data)
    total = _row(numbers.text(data.total.head, Unit.TEXT, view.look), data.total, data, view, 0) if data.total else None
    return TableView(
        title=data.title,
        head=data.head.label,
        columns=tuple(column.label for column in data.columns),
        rows=rows,
        total=total,
        main=main,
        phone=_phone(data, main, [*rows[:CUT], *([total] if total else [])]),
        cut=CUT,
        folded=f"{left} {'status' if left == 1 else 'statuses'} without leads or change" if left else "",
        behind=drawn,
        now=view.now,
        before=view.before,
    )


def _row(head: str, row: Row, data: Table, view: Scene, top: float) -> RowView:
    timed = data.head.unit is Unit.DATETIME and row is not data.total
    cells = []
    for cell, column in zip(row.cells, data.columns, strict=True):
        deltas = () if timed else changes.deltas(cell, column, view.look)
        cells.append(CellView(view.text(cell.value, column), deltas, view.link(cell)))
    first = row.cells[0] if row.cells else None
    bar = (
        Bar(share(number(first.value), top), share(number(past(first)), top))
        if first and top > 0 and not timed
        else None
    )
    idle = data.key == "comparison" and row is not data.total and _is_nothing(row)
    return RowView(head, tuple(cells), ZERO_TAG if idle else "", bar)


def _folds(row: Row, data: Table) -> bool:
    """Whether a row says nothing: a status that nothing is in, or was, or moved through."""
    return (
        data.key == "status_overview" and _is_nothing(row) and not any(was for cell in row.cells for was in cell.before)
    )


def _is_nothing(row: Row) -> bool:
    return all(not cell.value for cell in row.cells)


def _main(data: Table) -> tuple[int, ...]:
    wanted = [place for place, column in enumerate(data.columns) if column.key in MAIN.get(data.key, ())]
    return tuple(wanted or range(min(NARROW, len(data.columns))))


def _phone(data: Table, main: Sequence[int], rows: Sequence[RowView]) -> tuple[int, ...]:
    """The first of the main columns, up to where a phone has no more room for what is in them."""
    room = PHONE - _broadest(SIZE, [data.head.label, *(row.head for row in rows)])
    shown: list[int] = []
    for place in main:
        cells = [row.cells[place] for row in rows]
        longest = max([cell.text for cell in cells], key=len, default="")
        change = max([delta.text for cell in cells for delta in cell.deltas], key=len, default="")
        sizes = (
            SIZE * letters.ems(longest),
            BOLD * letters.ems(f"▲ {change}"),
            _broadest(SMALL, [data.columns[place].label]),
        )
        room -= max(sizes) + GAP
        if room < 0 and shown:
            break
        shown.append(place)
    return tuple(shown)


def _broadest(size: float, texts: Iterable[str]) -> float:
    """The pixels of the broadest word, as texts break between words."""
    return size * max((letters.ems(word) for text in texts for word in text.split(" ")), default=0)
