"""What is worth a look: a few facts out of all tables, found by rule. Silence is fine.

A candidate's score is the size of its change times the root of what it is based on: a large change of much counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from runner.model import Row, Table, Unit
from runner.render import changes, findings, numbers, rules, scene
from runner.render.headline import Total, say
from runner.render.scene import Scene, number, past
from runner.render.view import Look

SIGNS = {"good": "▲", "bad": "▼", "warn": "!"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be worth a look, and how much."""

    score: float
    look: Look


def looks(scenes: Iterable[Scene], totals: Sequence[Total]) -> tuple[Look, ...]:
    """The most telling facts, bad ones first; a good one is among them where there is any."""
    found = [*_totals(totals)]
    for view in scenes:
        if view.section.compared:
            for table in view.section.tables:
                found += RULES[table.key](table, view) if table.key in RULES else ()
    ranked = sorted(found, key=lambda each: (-each.score, each.look.title))
    chosen = ranked[: rules.LOOKS]
    good = next((each for each in ranked if each.look.tone == "good"), None)
    if good and good not in chosen:
        chosen = [*chosen[:-1], good]
    order = ("bad", "warn", "good")
    chosen.sort(key=lambda each: (order.index(each.look.tone), -each.score, each.look.title))
    return tuple(each.look for each in chosen)


def _candidate(score: float, tone: Literal["good", "bad", "warn"], title: str, text: str, link: str = "") -> Candidate:
    return Candidate(score, Look(tone, SIGNS[tone], title, text, link))


def _totals(totals: Sequence[Total]) -> Iterator[Candidate]:
    """A total that moved far from what it was. The first number is seen anyway."""
    for total in totals[1:]:
        now, was = number(total.cell.value), number(past(total.cell))
        delta = total.delta
        if now is None or not was or delta is None or delta.tone == "flat" or total.column.unit is Unit.FRACTION:
            continue
        base = max(now, was) / (100 if total.column.unit is Unit.MONEY else 1)
        change = abs(now - was) / was
        if change >= rules.TOTAL_CHANGE and base >= rules.TOTAL_BASE:
            title = f"{total.column.label}: {say(delta)}"
            text = f"{total.text}, it was {total.view.text(past(total.cell), total.column)} in {total.view.before}."
            yield _candidate(
                min(change, 3.0) * sqrt(min(base, 10_000)), delta.tone, title, text, total.view.link(total.cell)
            )


def _stages(table: Table, view: Scene) -> Iterator[Candidate]:
    """The stage whose conversion fell furthest."""
    fallen = findings.conversion_falls(table)
    if not fallen:
        return
    fall, place = max(fallen)
    row, following = table.rows[place], table.rows[place + 1]
    rate, base = scene.cell(row, table, "count_conversion_rate"), scene.cell(row, table, "count")
    if rate and base:
        column = table.columns[scene.column(table, "count") or 0]
        title = f"{row.head} to {following.head} fell to {numbers.whole_percent(rate.value, view.look)}"
        was = numbers.whole_percent(past(rate), view.look)
        text = f"It was {was} in {view.before}; {view.text(base.value, column)} reached {row.head}."
        yield _candidate(10 * fall * sqrt(number(base.value) or 0), "bad", title, text, view.link(base))


def _people(table: Table, view: Scene) -> Iterator[Candidate]:
    """Somebody who did something before and nothing now."""
    counts = [place for place, column in enumerate(table.columns) if column.unit is Unit.COUNT]
    if not counts:
        return
    for row in table.rows:
        now = [number(row.cells[place].value) for place in counts]
        before = [number(past(row.cells[place])) or 0.0 for place in counts]
        if all(value == 0 for value in now) and sum(before) >= rules.QUIET_BEFORE:
            most = sorted(
                (place for place in counts if number(past(row.cells[place]))),
                key=lambda place: -(number(past(row.cells[place])) or 0),
            )
            told = " and ".join(
                f"{view.text(past(row.cells[place]), table.columns[place])} ({table.columns[place].label})"
                for place in most[:2]
            )
            title = f"{row.head} has no activity"
            yield _candidate(sqrt(sum(before)), "warn", title, f"In {view.before}: {told}.")


def _templates(table: Table, view: Scene) -> Iterator[Candidate]:
    """A template that is answered more or less than before."""
    place = scene.column(table, "reply_rate")
    if place is None:
        return
    for row in table.rows:
        rate, base = row.cells[place], scene.cell(row, table, "total")
        now, was = number(rate.value), number(past(rate))
        if base is None or now is None or was is None:
            continue
        enough = min(number(base.value) or 0, number(past(base)) or 0) >= rules.REPLY_BASE
        if enough and abs(now - was) >= rules.REPLY_CHANGE:
            up = now > was
            title = (
                f"Replies to “{row.head}” {'rose' if up else 'fell'} to {view.text(rate.value, table.columns[place])}"
            )
            counted = table.columns[scene.column(table, "total") or 0]
            delta = view.delta(rate, table.columns[place])
            text = f"{say(delta).capitalize()} against {view.before}, over {view.text(base.value, counted)} sent."
            score = 10 * abs(now - was) * sqrt(number(base.value) or 0)
            yield _candidate(score, "good" if up else "bad", title, text, view.link(base))


def _statuses(table: Table, view: Scene) -> Iterator[Candidate]:
    """A status that grew and now shrinks, or the other way round."""
    place = scene.column(table, "change")
    if place is None:
        return
    for row in table.rows:
        now, was = number(row.cells[place].value), number(past(row.cells[place]))
        if now and was and now * was < 0 and min(abs(now), abs(was)) >= rules.NET_BASE:
            yield _turned(row, place, table, view, now, was)


def _turned(row: Row, place: int, table: Table, view: Scene, now: float, was: float) -> Candidate:
    column = table.columns[place]
    sizes = [
        changes.difference(value, 0, column, view.look) for value in (row.cells[place].value, past(row.cells[place]))
    ]
    title = f"{row.head} {'grows' if now > 0 else 'shrinks'} again: {sizes[0]}"
    return _candidate(sqrt(abs(now - was)), "warn", title, f"It was {sizes[1]} in {view.before}.")


RULES: Mapping[str, Callable[[Table, Scene], Iterator[Candidate]]] = {
    "stages": _stages,
    "comparison": _people,
    "templates": _templates,
    "status_overview": _statuses,
}
"""Key of a table -> what in it may be worth a look."""
