"""Tables and paragraphs for a screen of 80 columns; wide and combining characters count as they are shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from runner.render import plain
from runner.render.changes import Delta
from runner.render.view import CellView, Columns, Flow, Funnel, Goal, Hero, Line, Lines, TableView, Tile

WIDTH = 80
HEAD = 26
"""Columns that the name of a row may take."""

HEADING = 14
"""Columns a heading tries to fit into, word by word."""

GAP = "  "

BAR = 24
"""Columns of the longest bar."""

SPARK = "▁▂▃▄▅▆▇█"

MARKS = {"good": "\U000f0001", "bad": "\U000f0002", "strong": "\U000f0003", "dim": "\U000f0004", "": "\U000f0000"}
"""Tone -> the sign before text of that tone; the last one ends it. They take no room and are taken out, or become
colours, when all is laid out; ``plain.line`` lets none of them in from data."""

FIGURE = WIDTH - HEAD - len(GAP)
"""Columns that a cell may take beside the name of its row."""


def lay(table: TableView) -> Markup:
    """The table as lines of at most 80 columns; what does not fit side by side goes below, its rows named again."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    names = [plain.line(f"{row.head} ({row.tag})" if row.tag else row.head) for row in rows]
    side = min(HEAD, max(map(width, [plain.line(table.head), *names])))
    columns = [
        _column(plain.line(title), [_said(row.cells[place]) for row in rows])
        for place, title in enumerate(table.columns)
    ]
    blocks = [_block(group, plain.line(table.head), names, side) for group in _groups(columns, WIDTH - side)]
    return Markup("\n\n".join(blocks))  # noqa: S704 - plain text; Markup says that it is laid out already


def wrap(text: str) -> Markup:
    """A paragraph of at most 80 columns."""
    return Markup("\n".join(folded(plain.line(text), WIDTH)))  # noqa: S704 - plain text, as above


def toned(text: str, tone: str) -> str:
    """The text between the signs of its tone; a flat one has none."""
    return f"{MARKS[tone]}{text}{MARKS['']}" if tone in MARKS and text else text


def strong(text: str) -> Markup:
    """A heading that stands out on a terminal."""
    return Markup("\n".join(toned(line, "strong") for line in folded(plain.line(text), WIDTH)))  # noqa: S704 - as above


def change(delta: Delta | None) -> str:
    """A change in its tone."""
    return toned(plain.line(str(delta)), delta.tone) if delta else ""


def spark(line: Line | None) -> str:
    """A line over time in one row of blocks; a gap where a number is not known."""
    if line is None or len(line.points) > WIDTH // 2:
        return ""
    top = max((point.now or 0 for point in line.points), default=0) or 1
    steps = len(SPARK) - 1
    return "".join(" " if point.now is None else SPARK[round(point.now / top * steps)] for point in line.points)


def bar(share: float | None) -> str:
    """A bar from the left, to half a column."""
    halves = round((share or 0) * BAR * 2)
    return "━" * (halves // 2) + "╸" * (halves % 2)


def lead(hero: Hero) -> Markup:
    """The first number with its change, and what is said of it."""
    first = f"{toned(plain.line(hero.text), 'strong')} {plain.line(hero.label)}"
    lines = folded(
        "  ".join(part for part in (first, *map(change, hero.deltas), plain.line(hero.difference)) if part), WIDTH
    )
    return Markup("\n".join([*lines, *folded(plain.line(hero.story), WIDTH)]))  # noqa: S704 - plain text, as above


def figures(lines: Sequence[Tile | Line]) -> Markup:
    """Numbers with their changes and their course, one a line."""
    rows = [
        [
            plain.line(each.label),
            toned(plain.line(each.text), "strong"),
            change(each.delta),
            spark(each if isinstance(each, Line) else each.line),
        ]
        for each in lines
    ]
    return _aligned(rows, "<><<")


def goals(told: Sequence[Goal]) -> Markup:
    """Targets, one a line: number and goal, a bar of what is reached, and below it whether that is enough."""
    rows = [
        [
            plain.line(each.label),
            toned(plain.line(each.text), "strong"),
            plain.line(f"of {each.goal}" if each.goal else ""),
            bar(each.share),
            plain.line(each.percent),
        ]
        for each in told
    ]
    lines = str(_aligned(rows, "<><<>")).split("\n")
    paces = [[f"  {toned(line, each.tone)}" for line in folded(plain.line(each.pace), WIDTH - 2)] for each in told]
    pairs = zip(lines, paces, strict=True)
    return Markup("\n".join(part for line, pace in pairs for part in (line, *pace)))  # noqa: S704 - plain text, as above


def drawn(chart: Lines | Funnel | Flow | Columns) -> Markup:
    """A chart in letters."""
    match chart:
        case Lines():
            return figures(chart.lines)
        case Funnel():
            rows = [
                [
                    plain.line(step.label), bar(step.share), toned(step.text, "strong"),
                    toned(f"was {step.before_text}" if step.before_text else "", "dim"), step.goes_on,
                    change(step.delta),
                ]
                for step in chart.steps
            ]  # fmt: skip
            return _aligned(rows, "<<><<<")
        case Flow():
            rows = [
                [plain.line(move.label), bar(move.share), toned(move.text, "strong"), change(move.delta)]
                for move in chart.moves
            ]
            return _aligned(rows, "<<><", rest=chart.rest)
        case Columns():
            top = max((sum(part.height for part in bucket.parts) for bucket in chart.buckets), default=0) or 1
            rows = [
                [
                    plain.line(bucket.label),
                    bar(sum(part.height for part in bucket.parts) / top),
                    toned(bucket.text, "strong"),
                ]
                for bucket in chart.buckets
            ]
            return _aligned(rows, "<<>")


def _aligned(rows: Sequence[Sequence[str]], sides: str, rest: str = "") -> Markup:
    """Rows in columns, each as wide as its widest cell, the first one cut to what room there is."""
    wide = [max((width(row[place]) for row in rows), default=0) for place in range(len(sides))]
    room = WIDTH - sum(wide[1:]) - len(GAP) * (len(sides) - 1)
    wide[0] = min(wide[0], max(room, HEAD // 2))
    lines = []
    for row in rows:
        cells = [cut(row[0], wide[0]), *row[1:]]
        placed = [
            (_left if side == "<" else _right)(cell, size)
            for cell, side, size in zip(cells, sides, wide, strict=True)
            if size
        ]
        lines.append(GAP.join(placed).rstrip())
    return Markup("\n".join([*lines, *([rest] if rest else [])]))  # noqa: S704 - plain text, as above


def width(text: str) -> int:
    """The columns a text takes on a screen."""
    if text.isascii():
        return len(text)
    return sum(
        0 if char in _SIGNS or unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"} else
        2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )  # fmt: skip


def cut(text: str, most: int) -> str:
    """The text, or as much of it as there is room for, with ``…`` for the rest."""
    return text if width(text) <= most else f"{_fit(text, most - 1)}…"


_SIGNS = frozenset(MARKS.values())


def folded(text: str, most: int) -> list[str]:
    """The text in lines of at most so many columns, broken between words, inside a word only where it must be."""
    lines: list[str] = []
    rest = text.strip()
    while len(taken := _fit(rest, most)) < len(rest):
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
    return "  ".join([plain.line(cell.text), *map(change, cell.deltas)])


def _column(title: str, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """A column's heading, in lines, and its cells, all of one width and to the right."""
    longest = max(map(width, title.split(" ")))
    heading = folded(title, min(max(HEADING, longest), FIGURE)) or [""]
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
