"""Tables and paragraphs for a screen of 80 columns; wide and combining characters count as they are shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from runner.render import plain
from runner.render.view import CellView, TableView

WIDTH = 80
HEAD = 26
"""Columns that the name of a row may take."""

HEADING = 14
"""Columns a heading tries to fit into, word by word."""

GAP = "  "

FIGURE = WIDTH - HEAD - len(GAP)
"""Columns that a cell may take beside the name of its row."""


def lay(table: TableView) -> Markup:
    """The table as lines of at most 80 columns; what does not fit side by side goes below, its rows named again."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    names = [plain.line(row.head) for row in rows]
    side = min(HEAD, max(map(width, [plain.line(table.head), *names])))
    columns = [
        _column(plain.line(title), [_said(row.cells[place]) for row in rows])
        for place, title in enumerate(table.columns)
    ]
    blocks = [_block(group, plain.line(table.head), names, side) for group in _groups(columns, WIDTH - side)]
    return Markup("\n\n".join(blocks))  # noqa: S704 - plain text; Markup says that it is laid out already


def wrap(text: str) -> Markup:
    """A paragraph of at most 80 columns."""
    return Markup("\n".join(_folded(plain.line(text), WIDTH)))  # noqa: S704 - plain text, as above


def width(text: str) -> int:
    """The columns a text takes on a screen."""
    return sum(
        0 if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"} else
        2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )  # fmt: skip


def cut(text: str, most: int) -> str:
    """The text, or as much of it as there is room for, with ``…`` for the rest."""
    return text if width(text) <= most else f"{_fit(text, most - 1)}…"


def _folded(text: str, most: int) -> list[str]:
    """The text in lines of at most so many columns, broken between words, inside a word only where it must be."""
    lines: list[str] = []
    rest = text.strip()
    while width(rest) > most:
        taken = _fit(rest, most)
        space = taken.rfind(" ") if rest[len(taken)] != " " else len(taken)
        end = space if space > 0 else len(taken)
        lines.append(rest[:end].rstrip(" "))
        rest = rest[end:].lstrip(" ")
    return [*lines, rest] if rest else lines


def _fit(text: str, most: int) -> str:
    """The longest beginning that takes at most so many columns, one character at least."""
    taken = 0
    for place, char in enumerate(text):
        taken += width(char)
        if taken > most and place:
            return text[:place]
    return text


def _said(cell: CellView) -> str:
    return plain.line("  ".join([cell.text, *map(str, cell.deltas)]))


def _column(title: str, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """A column's heading, in lines, and its cells, all of one width and to the right."""
    longest = max(map(width, title.split(" ")))
    heading = _folded(title, min(max(HEADING, longest), FIGURE)) or [""]
    cells = [cut(cell, FIGURE) for cell in cells]
    wide = max(map(width, [*heading, *cells]))
    return [_right(line, wide) for line in heading], [_right(cell, wide) for cell in cells]


def _groups(columns: Sequence[tuple[list[str], list[str]]], room: int) -> Iterator[list[tuple[list[str], list[str]]]]:
    """The columns in groups that fit beside each other."""
    group: list[tuple[list[str], list[str]]] = []
    taken = 0
    for column in columns:
        wide = len(GAP) + width(column[0][0])
        if group and taken + wide > room:
            yield group
            group, taken = [], 0
        group.append(column)
        taken += wide
    yield group


def _block(group: Sequence[tuple[list[str], list[str]]], head: str, names: Sequence[str], side: int) -> str:
    tall = max(len(heading) for heading, _ in group)
    headings = [[" " * width(heading[0])] * (tall - len(heading)) + heading for heading, _ in group]
    lines = [
        GAP.join([_left(head if place == tall - 1 else "", side), *(heading[place] for heading in headings)])
        for place in range(tall)
    ]
    lines.append("─" * min(WIDTH, max(map(width, lines))))
    for place, name in enumerate(names):
        lines.append(GAP.join([_left(cut(name, side), side), *(cells[place] for _, cells in group)]))
    return "\n".join(line.rstrip() for line in lines)


def _left(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))


def _right(text: str, wide: int) -> str:
    return " " * (wide - width(text)) + text
