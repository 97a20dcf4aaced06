"""A difference as people read it: text of 80 columns, Markdown for a comment on GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from runner.diff import Change, Difference, JobChange, Question, Side, TableChange
from runner.model import Json, Row, Unit, Value
from runner.render import changes as movement
from runner.render import columns, numbers, plain, style
from runner.render.style import Style

WIDTH = columns.WIDTH

NUMBER, CHANGE = 12, 22
"""Columns of a number, and of a change."""

STATES = {
    "came": "is new",
    "went": "is gone",
    "failed": "failed",
    "mended": "had failed before",
    "failed in both": "failed on both sides",
}


def text(found: Difference, *, everything: bool) -> str:
    """Lines for a terminal or a pipe; ``everything`` lists the numbers that are the same, too."""
    look = style.of(found.after.digest)
    lines = [f"{found.after.plan.spec.name}: {found.before.plan.period.name} → {found.after.plan.period.name}"]
    lines += _sides(found)
    lines += _asked(found.asked)
    for job in found.jobs:
        lines += _job(job, look, everything=everything)
    return "\n".join([*map(str.rstrip, lines), "", summary(found)])


def summary(found: Difference) -> str:
    """How much there is of each kind."""
    moved = sum(len(table.moved) for job in found.jobs for table in job.tables)
    return f"{_count(moved, 'number')} moved, {_count(found.same, 'number')} the same"


def markdown(found: Difference, *, everything: bool) -> str:
    """The same as tables; what comes from data is escaped."""
    look = style.of(found.after.digest)
    said = plain.markdown
    before, after = found.before.plan.period.name, found.after.plan.period.name
    parts = [f"## {said(found.after.plan.spec.title)}: {said(before)} → {said(after)}"]
    parts.append("\n".join(f"- {name} {said(_side(side))}" for name, side in _named(found)))
    if found.asked:
        rows = [[one.job, one.what, *map(_value, (one.before, one.after)), _places(one)] for one in found.asked]
        parts.append("### Asked differently\n\n" + _grid(["Job", "What", "Was", "Is", "Where"], rows))
    for job in found.jobs:
        parts += _sections(job, look, everything=everything)
    return "\n\n".join([*parts, said(summary(found))])


# ---- text ------------------------------------------------------------------------------------------------


def _named(found: Difference) -> tuple[tuple[str, Side], ...]:
    return ("was", found.before), ("is", found.after)


def _side(side: Side) -> str:
    at = f", commit {side.plan.revision}" if side.plan.revision else ""
    return f"{side.label}, as of {side.plan.as_of.isoformat(timespec='seconds')}{at}"


def _sides(found: Difference) -> Iterator[str]:
    for name, side in _named(found):
        yield from _folded(f"  {name:4}{_side(side)}", 6)


def _asked(asked: Sequence[Question]) -> Iterator[str]:
    if asked:
        yield ""
        yield "asked differently"
    for job, parts in groupby(asked, lambda one: one.job):
        yield f"  {plain.line(job)}"
        for what, listed in groupby(parts, lambda one: one.what):
            yield f"    {what}"
            for one in listed:
                yield from _question(one)


def _question(one: Question) -> Iterator[str]:
    for sign, value, place in (("-", one.before, one.was_at), ("+", one.after, one.is_at)):
        if value is not None:
            yield from _folded(f"      {sign} {_value(value)}", 8)
            yield from _folded(f"        {place}", 8)


def _places(one: Question) -> str:
    places = [place for value, place in ((one.before, one.was_at), (one.after, one.is_at)) if value is not None]
    return ", ".join(dict.fromkeys(map(str, filter(None, places))))


def _value(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _job(job: JobChange, look: Style, *, everything: bool) -> Iterator[str]:
    if job.state:
        yield ""
        yield from _folded(f"{job.job}: {STATES[job.state]}", 2)
        yield from _folded(f"  {job.reason}", 2) if job.reason else ()
    for table in job.tables:
        if table.differs or everything:
            yield ""
            yield columns.cut(plain.line(f"{job.job} · {table.title}"), WIDTH)
            yield from _table(table, look, everything=everything)


def _table(table: TableChange, look: Style, *, everything: bool) -> Iterator[str]:
    if table.state:
        yield f"  {STATES[table.state]}"
    listed = [change for change in table.changes if change.moved or everything]
    if listed:
        yield from _lines("", "was", "is", "change")
    for _, changes in groupby(listed, lambda change: (change.row, change.head)):
        first, *others = changes
        yield columns.cut(f"  {plain.line(_head(first.head, table, look))}", WIDTH)
        for change in (first, *others):
            yield from _lines(change.column.label, *_numbers(change, look))
    for what, names in _came_and_went(table, look):
        yield from _folded(f"  {what}: {names}", 4)


def _came_and_went(table: TableChange, look: Style) -> Iterator[tuple[str, str]]:
    for what, names in (
        ("new rows", _heads(table.rows_came, table, look)),
        ("rows gone", _heads(table.rows_went, table, look)),
        ("new columns", [column.label for column in table.columns_came]),
        ("columns gone", [column.label for column in table.columns_went]),
    ):
        if names:
            yield what, ", ".join(names)


def _heads(rows: Sequence[Row], table: TableChange, look: Style) -> Sequence[str]:
    return numbers.heads([row.head for row in rows], table.head.unit, look)


def _head(head: Value, table: TableChange, look: Style) -> str:
    return numbers.text(head, Unit.TEXT if isinstance(head, str) else table.head.unit, look)


def _numbers(change: Change, look: Style) -> tuple[str, str, str]:
    was, now = (numbers.text(value, change.column.unit, look) for value in (change.before, change.after))
    gap = movement.difference(change.after, change.before, change.column, look)
    delta = movement.delta(change.after, change.before, change.column, look)
    relative = str(delta) if delta and change.column.unit is not Unit.FRACTION and "%" in delta.text else ""
    return was, now, "  ".join(filter(None, (gap or (str(delta) if delta else ""), relative)))


def _lines(label: str, was: str, now: str, change: str) -> Iterator[str]:
    """A number and its change; a long name goes on below."""
    side = WIDTH - 2 * (NUMBER + 2) - (CHANGE + 2) - 4
    name, *rest = columns.folded(plain.line(label), side) or [""]
    cells = [" " * max(0, NUMBER - columns.width(cell)) + columns.cut(cell, NUMBER) for cell in (was, now)]
    yield f"    {name}{' ' * (side - columns.width(name))}  {cells[0]}  {cells[1]}  {columns.cut(change, CHANGE)}"
    for more in rest:
        yield f"    {more}"


def _folded(said: str, indent: int) -> Iterator[str]:
    """Lines of at most 80 columns; those after the first are indented."""
    begin = len(said) - len(said.lstrip(" "))
    first, *rest = columns.folded(plain.line(said.strip()), WIDTH - max(begin, indent)) or [""]
    yield " " * begin + first
    for line in rest:
        yield " " * indent + line


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# ---- Markdown --------------------------------------------------------------------------------------------


def _sections(job: JobChange, look: Style, *, everything: bool) -> Iterator[str]:
    if job.state:
        reason = f": {job.reason}" if job.reason else ""
        yield f"### {plain.markdown(f'{job.title} {STATES[job.state]}{reason}')}"
    for table in job.tables:
        if not (table.differs or everything):
            continue
        yield f"### {plain.markdown(f'{job.title}, {table.title}')}"
        if table.state:
            yield plain.markdown(f"The table {STATES[table.state]}.")
        rows = [
            [_head(change.head, table, look), change.column.label, *_numbers(change, look)]
            for change in table.changes
            if change.moved or everything
        ]
        if rows:
            yield _grid([table.head.label, "Number", "Was", "Is", "Change"], rows)
        for what, names in _came_and_went(table, look):
            yield plain.markdown(f"{what[:1].upper()}{what[1:]}: {names}")


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([plain.markdown(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
