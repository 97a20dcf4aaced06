"""A table for a screen of 40 columns: the names of its rows and as many numbers as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from runner.render import columns, plain
from runner.render.view import TableView

WIDTH = 40
HEAD = 16
"""Columns that the name of a row may take."""

HEADING = 12
"""Columns that a word of a heading may take, where its numbers need fewer."""

GAP = "  "


def lay(table: TableView, most: int) -> str:
    """The first rows, at most so many, and the total, with the columns that a narrow format shows first."""
    rows = [*table.rows[:most], *([table.total] if table.total else [])]
    names = [plain.line(row.head) for row in rows]
    head = plain.line(table.head)
    side = min(HEAD, max(map(columns.width, [head, *names])))
    laid: list[list[str]] = []
    room = WIDTH - side
    for place in table.main or range(len(table.columns)):
        cells = [plain.line(row.cells[place].text) for row in rows]
        column = _column(plain.line(table.columns[place]), cells, WIDTH - side - len(GAP))
        room -= len(GAP) + columns.width(column[0])
        if room < 0:
            break
        laid.append(column)
    tall = max((len(column) for column in laid), default=0)
    raised = [[" " * columns.width(column[0])] * (tall - len(column)) + column for column in laid]
    heads = [""] * (tall - len(rows) - 1) + [head, *names]
    lines = [[_left(name, side), *(column[place] for column in raised)] for place, name in enumerate(heads)]
    return "\n".join(GAP.join(line).rstrip() for line in lines)


def _column(title: str, cells: Sequence[str], most: int) -> list[str]:
    """The heading, in lines, and the cells below it, all of one width and to the right."""
    longest = max(map(columns.width, title.split(" ")))
    wide = min(most, max(min(HEADING, longest), *map(columns.width, cells), 1))
    return [_right(line, wide) for line in (*_folded(title, wide), *cells)]


def _folded(title: str, most: int) -> list[str]:
    """A heading in lines, broken between words."""
    lines: list[str] = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if columns.width(longer) <= most or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _left(text: str, wide: int) -> str:
    short = _short(text, wide)
    return short + " " * (wide - columns.width(short))


def _right(text: str, wide: int) -> str:
    short = _short(text, wide)
    return " " * (wide - columns.width(short)) + short


def _short(text: str, wide: int) -> str:
    """As much as there is room for; of characters that take none, not more either."""
    return columns.cut(text, wide)[: 2 * wide]
