"""Parts of the Markdown page that are more than text: tables, drawings in blocks, links, what stands inside HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from runner.render import columns, plain
from runner.render.changes import Delta
from runner.render.view import CellView, Chart, Columns, Flow, Funnel, Lines, Move, RowView, Step, TableView, Tile

BLOCKS = 16
"""Characters of the longest bar."""

EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def table(data: TableView) -> Markup:
    """A table with every number, its changes below it."""
    rows = [_row(row) for row in data.rows]
    if data.total:
        rows.append(_row(data.total, strong=True))
    folded = [f"\n<sub>{plain.markdown(data.folded)}</sub>"] if data.folded else []
    return _made([*_grid([plain.markdown(each) for each in (data.head, *data.columns)], rows), *folded])


def drawn(chart: Chart) -> Markup:
    """A chart in blocks; nothing for one that its table tells better."""
    match chart:
        case Lines():
            heads = ["", *(plain.markdown(line.label) for line in chart.lines)]
            totals = ["Total", *(f"**{plain.markdown(line.text)}**{_below(line.delta)}" for line in chart.lines)]
            course = ["Course", *(columns.spark(line) for line in chart.lines)]
            return _made(_grid(heads, [totals, course]))
        case Funnel():
            return _made(_grid(["Stage", "", "Now", "Before", "Go on"], [_step(step) for step in chart.steps], left=2))
        case Flow():
            rows = [
                [plain.markdown(move.label), bar(move.share), f"{_number(move)}{_below(move.delta)}"]
                for move in chart.moves
            ]
            rest = [f"\n<sub>{plain.markdown(chart.rest)}</sub>"] if chart.rest else []
            return _made([*_grid(["Move", "", ""], rows, left=2), *rest])
        case Columns():
            return Markup("")


def number(told: CellView | Tile | Step | Move) -> Markup:
    """A number, as a link to what it counts where there is one."""
    return _made([_number(told)])


def summary(text: str) -> Markup:
    """Text inside an HTML element of the page, where Markdown's own escapes would be seen."""
    return Markup(escape(plain.joined(text)))  # noqa: S704 - escaped


def link(url: str) -> Markup:
    """Where a link of the page leads."""
    return _made([plain.destination(url)])


def bar(share: float | None) -> str:
    """A bar of blocks, to an eighth of one."""
    eighths = round((share or 0) * BLOCKS * 8)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8]


def _number(told: CellView | Tile | Step | Move) -> str:
    text = plain.markdown(told.text)
    return f"[{text}]({plain.destination(told.link)})" if told.link else text


def _row(row: RowView, *, strong: bool = False) -> list[str]:
    mark = "**" if strong else ""
    tag = f"<br><sub>{plain.markdown(row.tag)}</sub>" if row.tag else ""
    head = f"{mark}{plain.markdown(row.head)}{mark}{tag}"
    return [head, *[f"{mark}{_number(cell)}{mark}{''.join(map(_below, cell.deltas))}" for cell in row.cells]]


def _step(step: Step) -> list[str]:
    on = f"{plain.markdown(step.goes_on)} <sub>{step.delta}</sub>" if step.delta else plain.markdown(step.goes_on)
    return [plain.markdown(step.label), bar(step.share), f"**{_number(step)}**", plain.markdown(step.before_text), on]


def _below(delta: Delta | None) -> str:
    return f"<br><sub>{plain.markdown(str(delta))}</sub>" if delta else ""


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> Iterator[str]:
    """A table of cells that are Markdown already; the first columns to the left, numbers to the right."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "|".join(":--" if place < left else "--:" for place in range(len(heads))) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _made(lines: Sequence[str] | Iterator[str]) -> Markup:
    return Markup("\n".join(lines))  # noqa: S704 - each piece of data in it has been made harmless
