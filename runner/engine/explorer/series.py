"""The series of an answer: cells become points, in order and without gaps, under the names people read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from runner.engine import grains, moments, query
from runner.engine.explorer import intervals, statements
from runner.engine.explorer.catalog import Field
from runner.engine.explorer.intervals import BUCKETS, FARTHEST, Dates, Numbers, Values
from runner.engine.explorer.question import Question
from runner.engine.grains import GRAINS
from runner.engine.inquiry import Backend
from runner.engine.problems import ValidationError

Number: TypeAlias = int | float
Rows: TypeAlias = Sequence[tuple[Any, ...]]
Label: TypeAlias = tuple[str, str]
"""What a value is called, and its ID, which tells it from others that are called so."""

_POINTS = 1_000_000
"""Points that an answer may have, of all its series together."""


_Cells: TypeAlias = Mapping[Any, Number | None]
"""Place -> y."""


def read(backend: Backend, question: Question, names: query.Catalog) -> tuple[str | int | None, list[dict[str, Any]]]:
    """The interval used, None where x has none, and the series."""
    interval, buckets = _buckets(backend, question)
    if isinstance(question.places, Dates) and statements.by_day(question):
        rows = _folded(backend.execute(statements.days(question)), question.places.grain, question.measure)
    else:
        rows = backend.execute(statements.cells(question, interval if isinstance(interval, int) else 1))
    counts = _counts(backend, question, rows)
    found = _cells(question, rows)
    listed: list[tuple[str | None, int, _Cells]]
    if question.group is None:
        listed = [(None, counts.get(0, 0), found.get(0, {}))]
    else:
        label = labels(question.group, names)
        groups = sorted(counts, key=lambda group: (-counts[group], label(group)))
        listed = [(label(group)[0], counts[group], found.get(group, {})) for group in groups]
    if len(listed) * len(buckets) > _POINTS:
        raise ValidationError(
            fields={"group_by": f"That makes {len(listed)} series of {len(buckets)} points: too many."}
        )
    points = _points(question, names, buckets)
    return interval, [{"name": name, "count": count, "data": points(cells)} for name, count, cells in listed]


def labels(field: Field, names: query.Catalog) -> Callable[[Any], Label]:
    """How the values of a field are called."""
    known = _names(field, names)

    def label(value: Any) -> Label:
        if value is None:
            return "None", ""
        if known is not None:
            return known.get(value, (str(value), str(value)))
        if field.type == "boolean":
            return ("true" if value else "false"), ""
        if field.type == "date":
            return moments.text(value, names.offset), str(value)
        return (str(int(value)) if field.type == "number" and value == int(value) else str(value)), ""

    return label


def _names(field: Field, names: query.Catalog) -> Mapping[Any, Label] | None:
    """Value -> name and ID, for values that stand for objects."""
    if field.names in ("user", "user_id"):
        return {(user.no if field.names == "user" else user.id): (user.display, user.id) for user in names.users}
    if field.names in ("template", "pipeline"):
        by_id = names.templates if field.names == "template" else names.pipelines
        return {each.id: (each.name or each.id, each.id) for each in by_id}
    listed = {"lead_status": names.lead_statuses, "opportunity_status": names.opportunity_statuses}.get(field.names)
    return None if listed is None else {each.no: (each.name or each.id, each.id) for each in listed}


def _buckets(backend: Backend, question: Question) -> tuple[str | int | None, range]:
    """The interval used and the buckets to be shown, by index or by lower bound; none where x has no buckets."""
    match question.places:
        case Dates() as dates:
            return dates.unit, dates.indexes
        case Numbers(width=width):
            return _number_buckets(backend, question, width)
        case _:
            return None, range(0)


def _number_buckets(backend: Backend, question: Question, width: int) -> tuple[int, range]:
    ((lowest, highest),) = backend.execute(statements.extent(question))
    if lowest is None:
        return width or 1, range(0)
    if lowest <= -FARTHEST or highest >= FARTHEST:
        raise ValidationError(fields={"x": "It has numbers of more than 18 digits: give a start and an end."})
    step = width or intervals.width(lowest, highest)
    shown = range(lowest // step * step, highest + 1, step)
    if len(shown) > BUCKETS:
        raise ValidationError(fields={"interval": f"That makes {len(shown)} buckets; {BUCKETS} are too many."})
    return step, shown


def _folded(days: Rows, grain: str, measure: str) -> Rows:
    """Rows of days as rows of the longer buckets these lie in."""
    fold = {"min": min, "max": max}.get(measure, sum)
    buckets = defaultdict(list)
    for row in days:
        buckets[grains.of_day(grain, row[0])].append(row)
    rows = []
    for place, each in buckets.items():
        _, counts, *columns = zip(*each, strict=True)
        known = ([number for number in column if number is not None] for column in columns)
        rows.append((place, 0, sum(counts), *(fold(column) if column else None for column in known)))
    return rows


def _counts(backend: Backend, question: Question, rows: Rows) -> Mapping[Any, int]:
    """How many of y's objects each group has; where an object is one row, the cells tell."""
    if question.per_lead or question.y.listed or statements.repeats(question):
        return dict(backend.execute(statements.counts(question)))
    counts: Counter[Any] = Counter()
    for _, group, count, *_ in rows:
        counts[group] += count
    return counts


def _cells(question: Question, rows: Rows) -> Mapping[Any, _Cells]:
    """The cells of each group."""
    found: dict[Any, dict[Any, Number | None]] = defaultdict(dict)
    index = _index(question.places)
    if question.y.fractional:
        numbers: dict[tuple[Any, Any], list[tuple[Number, int]]] = defaultdict(list)
        for place, group, times, number in rows:
            numbers[group, place] += [] if number is None else [(number, times)]
        for (group, place), each in numbers.items():
            found[group][index(place)] = _measured(question.measure, each)
        return found
    for place, group, count, *known in rows:
        found[group][index(place)] = _value(question.measure, *(known or [count]))
    return found


def _index(places: Dates | Numbers | Values) -> Callable[[Any], Any]:
    """Turns a place of a statement into that of a point."""
    if isinstance(places, Dates) and places.grain == "hour":
        return lambda at: GRAINS["hour"].index(places.over.local(at))
    return lambda place: place


def _value(measure: str, number: int | None, count: int | None = None) -> Number | None:
    """y of a cell whose sum, lowest or highest number is known, for an average with how many there are."""
    if measure == "sum":
        return int(number or 0)
    if number is None or measure != "avg":
        return None if number is None else int(number)
    return _number(Fraction(int(number), count or 1))


def _measured(measure: str, numbers: Sequence[tuple[Number, int]]) -> Number | None:
    """y of numbers, each with how often it occurs; exact up to the last step."""
    exact = [(Fraction(number), times) for number, times in numbers]
    if measure == "sum" or (measure == "avg" and exact):
        total = sum((number * times for number, times in exact), Fraction(0))
        return _number(total if measure == "sum" else total / sum(times for _, times in exact))
    if not exact:
        return None
    return _number((min if measure == "min" else max)(number for number, _ in exact))


def _number(exact: Fraction) -> Number:
    return exact.numerator if exact.denominator == 1 else float(exact)


def _points(question: Question, names: query.Catalog, buckets: range) -> Callable[[_Cells], list[list[Any]]]:
    """Makes the points of a series."""
    measure, places = question.measure, question.places
    if isinstance(places, Dates):
        starts = [moments.text(places.start(index), question.offset) for index in buckets]
        return lambda cells: _filled(cells, buckets, starts, measure)
    if isinstance(places, Numbers):
        return lambda cells: _filled(cells, buckets, buckets, measure)
    label = labels(question.x, names)
    return lambda cells: _ranked(cells, label)


def _filled(cells: _Cells, buckets: range, shown: Iterable[str | int], measure: str) -> list[list[Any]]:
    nothing = 0 if measure == "sum" else None
    return [[x, cells.get(bucket, nothing)] for bucket, x in zip(buckets, shown, strict=True)]


def _ranked(cells: _Cells, label: Callable[[Any], Label]) -> list[list[Any]]:
    """The places by y from the highest, those without one last, then by label and ID."""
    valued = [(y, label(place)) for place, y in cells.items()]
    valued.sort(key=lambda each: (each[0] is None, -(each[0] or 0), each[1]))
    return [[name, y] for y, (name, _) in valued]
