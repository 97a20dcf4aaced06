"""The Explorer's SQL: objects placed at x, put in cells of a bucket and a group, and added up.

Only SQL of the catalog, SQL of searches, columns of the calendar and integers reach a statement.
"""

from __future__ import annotations

from typing import NamedTuple

from runner.engine import grains
from runner.engine.explorer.catalog import Field
from runner.engine.explorer.intervals import FARTHEST, Dates, Numbers
from runner.engine.explorer.question import Places, Question
from runner.engine.moments import MINUTE

_NUMBERS = {"sum": "SUM({y})", "avg": "SUM({y}), COUNT({y})", "min": "MIN({y})", "max": "MAX({y})"}
"""Measure -> what is to be known of the numbers of a cell."""


class _Placed(NamedTuple):
    """The objects that have a place: the tables that are read, which rows of them, and SQL of what these say.

    ``one`` tells the objects of y from each other, ``lead`` their leads; ``group`` is 0 where there are no groups.
    """

    tables: str
    condition: str
    x: str
    y: str
    group: str
    one: str
    lead: str

    def objects(self, join: str = "") -> str:
        """``FROM ... WHERE ...``, with one more table where that is given."""
        return f"FROM {self.tables}{join} WHERE {self.condition}"


def extent(question: Question) -> str:
    """The lowest and the highest x, rounded down, a number."""
    placed = _placed(question)
    return f"SELECT MIN({placed.x}), MAX({placed.x}) {placed.objects()}"


def counts(question: Question) -> str:
    """Each group and how many of y's objects it has."""
    placed = _placed(question)
    by = "" if question.group is None else f" GROUP BY {placed.group}"
    return f"SELECT {placed.group}, COUNT(DISTINCT {placed.one}) {placed.objects()}{by}"


def cells(question: Question, width: int) -> str:
    """Place, group, how many rows that cell has, and what its measure is made of: the sum, the sum and how many
    numbers, the lowest, or the highest.

    A fractional y comes one by one instead: place, group, how often, number. The order in which an engine adds up would
    show in a sum of them.
    """
    placed = _placed(question)
    key, join = _key_of(question, placed, width)
    if _adds_up(question):
        by = key if question.group is None else f"{key}, {placed.group}"
        return f"SELECT {key}, {placed.group}, {_sums(question, placed)} {placed.objects(join)} GROUP BY {by}"
    columns = f"{key} AS k, {placed.group} AS g, {placed.one} AS s, {placed.lead} AS l, {placed.y} AS y"
    found = f"SELECT {columns} {placed.objects(join)}"
    if repeats(question):
        found = f"SELECT k.k, k.g, k.s, k.l, k.y FROM ({found}) k GROUP BY k.k, k.g, k.s, k.l, k.y"
    if question.per_lead:
        found = f"SELECT n.k, n.g, SUM(n.y) AS y FROM ({found}) n GROUP BY n.k, n.g, n.l"
    if question.y.fractional:
        return f"SELECT c.k, c.g, COUNT(*), c.y FROM ({found}) c GROUP BY c.k, c.g, c.y"
    numbers = "" if question.y.is_count and not question.per_lead else ", " + _NUMBERS[question.measure].format(y="c.y")
    return f"SELECT c.k, c.g, COUNT(*){numbers} FROM ({found}) c GROUP BY c.k, c.g"


def days(question: Question) -> str:
    """The same of days without their group, for where longer buckets are made of them."""
    placed, day = _placed(question), _day(question)
    return f"SELECT {day}, {_sums(question, placed)} {placed.objects()} GROUP BY {day}"


def by_day(question: Question) -> bool:
    """Whether longer buckets are to be made of days, which need no calendar: those of one series that add up."""
    long = isinstance(question.places, Dates) and question.places.grain not in ("hour", "day")
    return long and question.group is None and bool(question.x.day) and _adds_up(question)


def repeats(question: Question) -> bool:
    """Whether an object may come into a cell several times, of which one counts."""
    fields = (question.x, question.group)
    return question.y.object != question.rows or any(field is not None and field.listed for field in fields)


def _adds_up(question: Question) -> bool:
    """Whether each object is one row, whose number is whole."""
    return not (repeats(question) or question.per_lead or question.y.fractional)


def _sums(question: Question, placed: _Placed) -> str:
    return "COUNT(*)" + ("" if question.y.is_count else f", {_NUMBERS[question.measure].format(y=placed.y)}")


def _placed(question: Question) -> _Placed:
    rows, lead = question.rows, _key(question, "lead")
    joins = [f"{rows} r"]
    fields = [question.x, question.y, *([question.group] if question.group else [])]
    if rows != "lead" and any(field.object == "lead" and field.column for field in fields):
        joins.append("JOIN lead l ON l.no = r.lead")
    for field, alias, join in (
        (question.x, "vx", "JOIN"),
        (question.y, "vy", "LEFT JOIN"),
        (question.group, "vg", "LEFT JOIN"),
    ):
        if field is not None and not field.column:
            owner = _key(question, field.object)
            joins.append(f"{join} ({field.values.format(shift=_shift(question))}) {alias} ON {alias}.owner = {owner}")
    x = _value(question, question.x, "vx")
    x = _floor(x) if question.x.fractional else x
    conditions = [f"{lead} IS NOT NULL", *_placing(question.places, x)]
    if question.found:
        conditions.append(f"{_key(question, question.x.object)} IN ({question.found})")
    return _Placed(
        " ".join(joins),
        " AND ".join(conditions),
        x=x,
        y=_value(question, question.y, "vy"),
        group=_value(question, question.group, "vg") if question.group else "0",
        one=_key(question, question.y.object),
        lead=lead,
    )


def _key(question: Question, kind: str) -> str:
    """The column with the number of a row's own object or of its lead."""
    return "r.no" if kind == question.rows else "r.lead"


def _value(question: Question, field: Field, alias: str) -> str:
    if not field.column:
        return f"{alias}.value"
    return field.column.format(o=_row(question, field), shift=_shift(question))


def _row(question: Question, field: Field) -> str:
    return "r" if field.object == question.rows else "l"


def _day(question: Question) -> str:
    """The local day of an x whose day in UTC is known."""
    at, day = (each.format(o=_row(question, question.x)) for each in (question.x.column, question.x.day))
    return grains.local_day(at, day, question.offset)


def _shift(question: Question) -> int:
    return question.offset * MINUTE


def _floor(number: str) -> str:
    """A floating number rounded down, on engines that round and on those that cut; what is too far is put at the edge.

    Buckets have whole bounds, so that a number and the whole one below it are in the same.
    """
    whole = f"CAST({number} AS BIGINT)"
    return (
        f"CASE WHEN {number} >= {FARTHEST} THEN {FARTHEST} WHEN {number} <= -{FARTHEST} THEN -{FARTHEST} "
        f"WHEN {whole} > {number} THEN {whole} - 1 ELSE {whole} END"
    )


def _placing(places: Places, x: str) -> list[str]:
    """Which objects have a place: those with an x, in the range."""
    match places:
        case Dates(over=over):
            return [over.holds(x)]
        case Numbers(start=start, end=end) if start is not None or end is not None:
            first = [] if start is None else [f"{x} >= {start:d}"]
            return first if end is None else [*first, f"{x} < {end:d}"]
        case _:
            return [f"{x} IS NOT NULL"]


def _key_of(question: Question, placed: _Placed, width: int) -> tuple[str, str]:
    """SQL of the bucket or value that a placed object is at, for hours when (UTC) it began; then what to join."""
    x = placed.x
    match question.places:
        case Dates(grain="hour") as dates:
            return dates.over.started(x, "hour"), ""
        case Dates(grain="day") if question.x.day:
            return _day(question), ""
        case Dates() as dates:
            begun = f"c.ts = {dates.over.started(x, 'day')} + ({_shift(question)})"
            day = f"c.day = {_day(question)}" if question.x.day else begun
            return f"c.{dates.grain}", f" JOIN calendar c ON {day}"
        case Numbers():
            return f"{x} - (({x} % {width:d}) + {width:d}) % {width:d}", ""
        case _:
            return x, ""
