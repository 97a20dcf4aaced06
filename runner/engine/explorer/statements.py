"""The Explorer's SQL: objects placed at x, put in cells of a bucket and a group, and added up.

Only SQL of the catalog, SQL of searches, columns of the calendar and integers reach a statement.
"""

from __future__ import annotations

from runner.engine import grains
from runner.engine.explorer.catalog import Field
from runner.engine.explorer.intervals import FARTHEST, Dates, Numbers
from runner.engine.explorer.question import Question
from runner.engine.moments import MINUTE

_NUMBERS = {"sum": "SUM({y})", "avg": "SUM({y}), COUNT({y})", "min": "MIN({y})", "max": "MAX({y})"}
"""Measure -> what is to be known of the numbers of a cell."""


def extent(question: Question) -> str:
    """The lowest and the highest x, rounded down, a number."""
    return f"SELECT MIN(p.x), MAX(p.x) FROM ({_placed(question)}) p WHERE {_placing(question)}"


def counts(question: Question) -> str:
    """Each group and how many of y's objects it has."""
    return f"SELECT p.g, COUNT(DISTINCT p.s) FROM ({_placed(question)}) p WHERE {_placing(question)} GROUP BY p.g"


def cells(question: Question, width: int) -> str:
    """Place, group, how many rows that cell has, and what its measure is made of: the sum, the sum and how many
    numbers, the lowest, or the highest.

    A fractional y comes one by one instead: place, group, how often, number. The order in which an engine adds up would
    show in a sum of them.
    """
    key, join = _key_of(question, width)
    objects = f"FROM ({_placed(question)}) p{join} WHERE {_placing(question)}"
    if not (repeats(question) or question.per_lead or question.y.fractional):
        numbers = "" if question.y.is_count else ", " + _NUMBERS[question.measure].format(y="p.y")
        group, by = ("0", key) if question.group is None else ("p.g", f"{key}, p.g")
        return f"SELECT {key}, {group}, COUNT(*){numbers} {objects} GROUP BY {by}"
    found = f"SELECT {key} AS k, p.g, p.s, p.l, p.y {objects}"
    if repeats(question):
        found = f"SELECT k.k, k.g, k.s, k.l, k.y FROM ({found}) k GROUP BY k.k, k.g, k.s, k.l, k.y"
    if question.per_lead:
        found = f"SELECT n.k, n.g, SUM(n.y) AS y FROM ({found}) n GROUP BY n.k, n.g, n.l"
    if question.y.fractional:
        return f"SELECT c.k, c.g, COUNT(*), c.y FROM ({found}) c GROUP BY c.k, c.g, c.y"
    numbers = "" if question.y.is_count and not question.per_lead else ", " + _NUMBERS[question.measure].format(y="c.y")
    return f"SELECT c.k, c.g, COUNT(*){numbers} FROM ({found}) c GROUP BY c.k, c.g"


def by_day(question: Question) -> bool:
    """Whether the places are days where longer buckets are asked for.

    Days need no calendar, and they add up where there is one series and nothing can be in two of them.
    """
    long = isinstance(question.places, Dates) and question.places.grain not in ("hour", "day")
    plain = not (repeats(question) or question.per_lead or question.y.fractional)
    return long and plain and question.group is None and bool(question.x.day)


def repeats(question: Question) -> bool:
    """Whether an object may come into a cell several times, of which one counts."""
    fields = (question.x, question.group)
    return question.y.object != question.rows or any(field is not None and field.listed for field in fields)


def _placed(question: Question) -> str:
    """The objects: the one y is of (s), its lead (l), x, group (g) and y."""
    rows, lead = question.rows, _lead(question)
    joins = [f"FROM {rows} r"]
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
    conditions = [f"{lead} IS NOT NULL"]
    if question.found:
        conditions.append(f"{_key(question, question.x.object)} IN ({question.found})")
    x = _value(question, question.x, "vx")
    x = _floor(x) if question.x.fractional else x
    group = _value(question, question.group, "vg") if question.group else "0"
    columns = f"{_key(question, question.y.object)} AS s, {lead} AS l, {x} AS x, {group} AS g"
    if question.x.day:
        columns += f", {_day(question)} AS d"
    y = _value(question, question.y, "vy")
    return f"SELECT {columns}, {y} AS y {' '.join(joins)} WHERE {' AND '.join(conditions)}"


def _lead(question: Question) -> str:
    return _key(question, "lead")


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


def _placing(question: Question) -> str:
    """Which objects have a place: those with an x, in the range."""
    places, conditions = question.places, []
    if isinstance(places, Dates):
        conditions += [f"p.x >= {places.over.start:d}", f"p.x < {places.over.end:d}"]
    elif isinstance(places, Numbers):
        conditions += [f"p.x >= {places.start:d}"] if places.start is not None else []
        conditions += [f"p.x < {places.end:d}"] if places.end is not None else []
    return " AND ".join(conditions or ["p.x IS NOT NULL"])


def _key_of(question: Question, width: int) -> tuple[str, str]:
    """SQL of the bucket or value that a placed object (p) is at, for hours when (UTC) it began; then what to join."""
    match question.places:
        case Dates(grain="hour") as dates:
            return dates.over.started("p.x", "hour"), ""
        case Dates(grain=grain) if question.x.day and (grain == "day" or by_day(question)):
            return "p.d", ""
        case Dates() as dates:
            on = (
                "c.day = p.d" if question.x.day else f"c.ts = {dates.over.started('p.x', 'day')} + ({_shift(question)})"
            )
            return f"c.{dates.grain}", f" JOIN calendar c ON {on}"
        case Numbers():
            return f"p.x - ((p.x % {width:d}) + {width:d}) % {width:d}", ""
        case _:
            return "p.x", ""
