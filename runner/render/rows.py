"""Rows of HTML tables, and the small things that stand in each cell: numbers with their changes and bars.

A digest has hundreds of them, and a template takes five times as long for each. Pieces are plain text here, with all
data in them escaped; what leaves is ``Markup``.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from runner.render import plain
from runner.render.changes import Delta
from runner.render.svg.element import percent
from runner.render.view import Bar, CellView, Goal, Move, RowView, Step, TableView

SCHEMES = ("https://", "http://", "mailto:")


def href(link: str) -> str:
    """The link if it leads to a page or to a person; data is not to run anything."""
    return link if link.lower().startswith(SCHEMES) else "#"


def length(share: float) -> str:
    """A share as a length in CSS: ``64.06%``."""
    return percent(100 * share)


def heads(table: TableView) -> Markup:
    """The headings of a table, those of columns that a narrow screen does not show marked."""
    first = f'<th scope="col">{plain.html(table.head)}</th>'
    return _made([first, *(_head(column, table.phone, place) for place, column in enumerate(table.columns))])


def rows(table: TableView, *, whole: bool = False) -> Markup:
    """The rows of a table; those beyond its cut are marked to be folded away, unless it is shown as a ``whole``."""
    cut = len(table.rows) if whole else table.cut
    return _made([_row(row, table.phone, over=place >= cut) for place, row in enumerate(table.rows)])


def total(table: TableView) -> Markup:
    """The row of a table's total; nothing where it has none."""
    return _made([_row(table.total, table.phone)] if table.total else [])


def number(told: CellView | Goal | Step | Move) -> Markup:
    """A number, as a link to what it counts where there is one."""
    return _made([_number(told.text, told.link)])


def change(delta: Delta, kind: str = "delta") -> Markup:
    """A change in its tone, its arrow in words for those who hear it; ``kind`` is the class of its looks."""
    return _made([_change(delta, kind)])


def bars(now: float | None, before: float | None = None) -> Markup:
    """Two bars, as long as their shares of what room there is."""
    return _made([_bars(now, before)])


def _head(column: str, shown: Sequence[int], place: int) -> str:
    marked = ' class="extra"' if shown and place not in shown else ""
    return f'<th scope="col"{marked}>{plain.html(column)}</th>'


def _row(row: RowView, shown: Sequence[int], *, over: bool = False) -> str:
    head = plain.html(row.head)
    tag = f'<span class="pill">{plain.html(row.tag)}</span>' if row.tag else ""
    cells = "".join(
        [
            _cell(cell, extra=bool(shown) and place not in shown, bar=row.bar if place == 0 else None)
            for place, cell in enumerate(row.cells)
        ]
    )
    marked = ' class="over"' if over else ""
    return f'<tr{marked}><th scope="row"><span class="who" title="{head}">{head}</span>{tag}</th>{cells}</tr>\n'


def _cell(cell: CellView, *, extra: bool, bar: Bar | None) -> str:
    said = _number(cell.text, cell.link) + "".join([_change(delta) for delta in cell.deltas])
    if bar:
        said = f'<span class="barred">{_bars(bar.now, bar.before)}<span>{said}</span></span>'
    return f'<td class="extra">{said}</td>' if extra else f"<td>{said}</td>"


def _number(text: str, link: str) -> str:
    said = plain.html(text)
    return f'<a class="quiet" href="{plain.html(href(link))}" rel="noreferrer">{said}</a>' if link else said


def _change(delta: Delta, kind: str = "delta") -> str:
    arrow = f'<span aria-hidden="true">{plain.html(delta.arrow)}&nbsp;</span>' if delta.arrow else ""
    spoken = f'<span class="hidden">{plain.html(delta.spoken)} </span>' if delta.spoken else ""
    return f'<span class="{plain.html(kind)} {plain.html(delta.tone)}">{arrow}{spoken}{plain.html(delta.text)}</span>'


def _bars(now: float | None, before: float | None) -> str:
    first = f'<span class="bar now" style="width:{length(now)}"></span>' if now else ""
    second = f'<span class="bar before" style="width:{length(before)}"></span>' if before else ""
    return f'<span class="bars" aria-hidden="true">{first}{second}</span>'


def _made(parts: Sequence[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - each piece of data in it has been escaped
