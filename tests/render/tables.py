"""Made-up tables and the scenes they stand in, for the rules that read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from runner.model import Cell, Column, Digest, Period, Row, Section, Table, Unit, Value
from runner.render import style
from runner.render.scene import Scene
from tests.render.digests import W46, W47, digest

CALLS = Column("calls.all.all.count", "Calls", Unit.COUNT)
WON = Column("opportunities.won.all.sum_annualized_value", "Won", Unit.MONEY)
LOST = Column("opportunities.lost.all.count", "Lost", Unit.COUNT)
USER = Column("user_id", "User", Unit.TEXT)
STAGE = Column("status_id", "Stage", Unit.TEXT)
TEMPLATE = Column("template_id", "Template", Unit.TEXT)
STATUS = Column("status_id", "Status", Unit.TEXT)

Pair = tuple[Value, Value]
"""A number now and before."""


def rows(named: dict[str, list[Pair]]) -> tuple[Row, ...]:
    return tuple(
        Row(name.lower(), name, tuple(Cell(now, (was,)) for now, was in pairs)) for name, pairs in named.items()
    )


def people(
    named: dict[str, list[Pair]], total: list[Pair] | None = None, columns: tuple[Column, ...] = (CALLS,)
) -> Table:
    last = rows({"Total": total})[0] if total else None
    return Table("comparison", "By user", USER, columns, rows(named), last)


def days(values: list[Value], total: Pair, others: dict[Column, Pair] | None = None) -> Table:
    """A week by day: one metric's values, and the totals of it and of others that nobody counted by day."""
    assert W47.start is not None
    more = others or {}
    lines = tuple(
        Row(str(place), W47.start + timedelta(days=place), (Cell(value), *(Cell(None) for _ in more)))
        for place, value in enumerate(values)
    )
    head = Column("datetime", "When", Unit.DATETIME)
    last = rows({"Total": [total, *more.values()]})[0]
    return Table("overview", "Over time", head, (CALLS, *more), lines, last)


def stages(named: dict[str, tuple[Pair, Pair]]) -> Table:
    columns = (
        Column("count", "Reached", Unit.COUNT),
        Column("count_conversion_rate", "Went on", Unit.FRACTION),
    )
    return Table("stages", "By stage", STAGE, columns, rows({name: list(pairs) for name, pairs in named.items()}))


def templates(named: dict[str, tuple[Pair, Pair]], total: Pair) -> Table:
    columns = (Column("total", "Sent", Unit.COUNT), Column("reply_rate", "Reply rate", Unit.FRACTION))
    last = rows({"Total": [total, (None, None)]})[0]
    return Table(
        "templates", "By template", TEMPLATE, columns, rows({name: list(pairs) for name, pairs in named.items()}), last
    )


def statuses(named: dict[str, tuple[Pair, Pair]]) -> Table:
    columns = (Column("ended", "Ended", Unit.COUNT), Column("change", "Net change", Unit.COUNT))
    return Table(
        "status_overview", "By status", STATUS, columns, rows({name: list(pairs) for name, pairs in named.items()})
    )


def moves(named: dict[str, Pair]) -> Table:
    columns = (Column("count", "Leads", Unit.COUNT),)
    lines = tuple(
        Row(
            ">".join("" if each == "Created" else each.lower() for each in name.split(" → ")),
            name,
            (Cell(now, (was,)),),
        )
        for name, (now, was) in named.items()
    )
    head = Column("status_ids", "From → to", Unit.TEXT)
    return Table("status_transitions_summary", "From start to end", head, columns, lines)


def section(*tables: Table, period: Period = W47, compared: tuple[Period, ...] = (W46,)) -> Section:
    return Section("job", "Job", period, compared, tables)


def scene(*tables: Table, as_of: datetime | None = None) -> Scene:
    made = section(*tables)
    whole = digest(made, compared=(W46,))
    whole = replace(whole, as_of=as_of or whole.as_of)
    return Scene(whole, made, style.of(whole))


def whole(*tables: Table) -> Digest:
    return digest(section(*tables), compared=(W46,))
