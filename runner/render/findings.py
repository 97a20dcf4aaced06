"""One sentence or two for a section: facts that its tables show, by rule, never causes. A table of rules by table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from runner.model import Cell, Column, Row, Table, Unit
from runner.render import changes, numbers, rules, scene
from runner.render.headline import say
from runner.render.scene import Scene, largest, number, past


def finding(view: Scene) -> str:
    """What the section found, in the words of its first table that has a rule; empty where there is nothing to say."""
    for table in view.section.tables:
        if table.key in FINDINGS and table.rows:
            said = " ".join(FINDINGS[table.key](table, view))
            if said:
                return said
    return ""


def over_time(table: Table, view: Scene) -> Iterator[str]:
    """When the first metric was highest, and which other one changed most."""
    if table.head.unit is not Unit.DATETIME:
        yield from by_kind(table, view)
        return
    column = table.columns[0]
    if len(table.columns) == 1 or table.key == "overview":
        yield from _peak(table, column, view)
    if table.total:
        changed = _most_changed(table, view)
        if changed:
            yield changed


def _peak(table: Table, column: Column, view: Scene) -> Iterator[str]:
    values = [number(row.cells[0].value) for row in table.rows]
    top = largest(values)
    if top <= 0 or len(values) < 2:
        return
    heads = numbers.heads([row.head for row in table.rows], table.head.unit, view.look)
    places = [place for place, value in enumerate(values) if value == top]
    text = view.text(table.rows[places[0]].cells[0].value, column)
    over = view.digest.as_of >= view.section.period.end
    if len(places) == 1 and over and places[0] == len(values) - 1 and len(values) >= rules.RECORD_AFTER:
        yield f"{column.label}: {text} in the last of {len(values)}, the highest of them."
    elif len(places) == 1:
        yield f"{column.label} peaked on {heads[places[0]]} ({text})."


def _most_changed(table: Table, view: Scene) -> str:
    """The notable change among the totals that is largest against what it was."""
    cells = table.total.cells if table.total else ()
    found = []
    for column, cell in zip(table.columns[1:] or table.columns, cells[1:] or cells, strict=True):
        delta, was, now = view.delta(cell, column), number(past(cell)), number(cell.value)
        if delta and delta.arrow and was and now is not None and column.unit is not Unit.FRACTION:
            found.append((abs(now - was) / was, f"{column.label}: {view.text(cell.value, column)}, {say(delta)}."))
    size, said = max(found, default=(0.0, ""))
    return said if size >= rules.TOLD_CHANGE else ""


def by_person(table: Table, view: Scene) -> Iterator[str]:
    """Who is first in the first column and with what part of the whole; whose number fell furthest."""
    column = table.columns[0]
    first = table.rows[0]
    value = number(first.cells[0].value)
    if not value or value < 0:
        return
    whole = number(table.total.cells[0].value) if table.total else None
    adds_up = column.unit in (Unit.COUNT, Unit.MONEY) and whole and whole >= value and len(table.rows) > 1
    part = f", {numbers.whole_percent(value / whole, view.look)} of the total" if adds_up and whole else ""
    yield f"{first.head} leads with {view.text(first.cells[0].value, column)} ({column.label}{part})."
    fallen = [
        (was - now, row)
        for row in table.rows
        if (now := number(row.cells[0].value)) is not None and (was := number(past(row.cells[0]))) is not None
        if was > now and (delta := view.delta(row.cells[0], column)) and delta.tone == "bad"
    ]
    if fallen:
        _, row = max(fallen, key=lambda each: each[0])
        cell = row.cells[0]
        yield f"{row.head} is down from {view.text(past(cell), column)} to {view.text(cell.value, column)}."


def by_template(table: Table, view: Scene) -> Iterator[str]:
    """How many e-mails had a template, and which template is answered most."""
    total = scene.cell(table.total, table, "total") if table.total else None
    sent = number(total.value) if total else None
    if sent:
        used = sum(number(cell.value) or 0 for row in table.rows if (cell := scene.cell(row, table, "total")))
        if 0 < used <= sent:
            counted = table.columns[scene.column(table, "total") or 0]
            yield f"{view.text(int(used), counted)} of {view.text(int(sent), counted)} e-mails used a template."
    best = _best_rate(table)
    if best:
        row, cell, base = best
        rate = table.columns[scene.column(table, "reply_rate") or 0]
        counted = table.columns[scene.column(table, "total") or 0]
        yield f"“{row.head}” is answered most: {view.text(cell.value, rate)} of {view.text(base.value, counted)}."


def _best_rate(table: Table) -> tuple[Row, Cell, Cell] | None:
    rated = []
    for row in table.rows:
        rate, base = scene.cell(row, table, "reply_rate"), scene.cell(row, table, "total")
        if rate and base and number(rate.value) and (number(base.value) or 0) >= rules.RATE_BASE:
            rated.append((number(rate.value) or 0.0, row, rate, base))
    if len(rated) < 2:
        return None
    top = max(each[0] for each in rated)
    _, row, rate, base = next(each for each in rated if each[0] == top)
    return row, rate, base


def by_status(table: Table, view: Scene) -> Iterator[str]:
    """How many came in, and which status changed most."""
    for other in view.section.tables:
        if other.key == "status_transitions_summary":
            created = sum(number(row.cells[0].value) or 0 for row in other.rows if row.key.startswith(">"))
            if created:
                column = other.columns[0]
                yield f"New {column.label.lower()}: {view.text(int(created), column)}."
    place = scene.column(table, "change")
    if place is None:
        return
    moved = [(abs(number(row.cells[place].value) or 0), row) for row in table.rows]
    size, row = max(moved, key=lambda each: each[0])
    ended = scene.cell(row, table, "ended")
    if size and ended:
        change = changes.difference(row.cells[place].value, 0, table.columns[place], view.look)
        yield f"{row.head} changed most: {change}, to {view.text(ended.value, table.columns[place])}."


def by_stage(table: Table, view: Scene) -> Iterator[str]:
    """How much of the first stage reaches the last, and which step lost most against before."""
    counts = [number(cell.value) if (cell := scene.cell(row, table, "count")) else None for row in table.rows]
    first, last = counts[0], counts[-1]
    if first and last is not None and last <= first and len(counts) > 1:
        names = [str(row.head) for row in table.rows]
        yield f"{numbers.whole_percent(last / first, view.look)} of {names[0]} reaches {names[-1]}."
    fallen = conversion_falls(table)
    if fallen:
        _, place = max(fallen)
        yield f"The step from {table.rows[place].head} to {table.rows[place + 1].head} lost most ground."


def conversion_falls(table: Table) -> list[tuple[float, int]]:
    """By how much the conversion of stages fell, and which stage: those of enough opportunities only."""
    found = []
    for place, row in enumerate(table.rows[:-1]):
        rate, base = scene.cell(row, table, "count_conversion_rate"), scene.cell(row, table, "count")
        if rate is None or base is None:
            continue
        now, was = number(rate.value), number(past(rate))
        enough = min(number(base.value) or 0, number(past(base)) or 0) >= rules.CONVERSION_BASE
        if now is not None and was is not None and enough and was - now >= rules.CONVERSION_FALL:
            found.append((was - now, place))
    return found


def by_outcome(table: Table, view: Scene) -> Iterator[str]:
    """How many of those that came to an end were won."""
    if table.total is None:
        return
    won, complete = (scene.cell(table.total, table, key) for key in ("count_total_won", "count_total_complete"))
    rate = scene.cell(table.total, table, "count_win_rate")
    if won and complete and rate and number(complete.value):
        column, percent = (
            table.columns[scene.column(table, key) or 0] for key in ("count_total_won", "count_win_rate")
        )
        said = f"{view.text(won.value, column)} of {view.text(complete.value, column)} that ended were won"
        yield f"{said} ({view.text(rate.value, percent)})."


def by_kind(table: Table, view: Scene) -> Iterator[str]:
    """What has most, and its part of all."""
    column = table.columns[0]
    ranked = [(number(row.cells[0].value) or 0.0, row) for row in table.rows]
    top, row = max(ranked, key=lambda each: each[0])
    if top > 0 and len(table.columns) == 1:
        head = numbers.heads([each.head for each in table.rows], table.head.unit, view.look)[table.rows.index(row)]
        yield f"{head} has most: {view.text(row.cells[0].value, column)}."


FINDINGS: Mapping[str, Callable[[Table, Scene], Iterator[str]]] = {
    "overview": over_time,
    "comparison": by_person,
    "templates": by_template,
    "status_overview": by_status,
    "stages": by_stage,
    "totals": by_outcome,
    "points": over_time,
}
"""Key of a table -> what is said of it."""
