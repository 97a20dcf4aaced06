"""The series of an answer: cells become points, in order and without gaps, under the names people read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from runner.engine import moments, query
from runner.engine.explorer import intervals, statements
from runner.engine.explorer.catalog import Field
from runner.engine.explorer.intervals import BUCKETS, FARTHEST, Dates, Numbers
from runner.engine.explorer.question import Question
from runner.engine.inquiry import Backend
from runner.engine.problems import ValidationError

Number: TypeAlias = int | float
Label: TypeAlias = tuple[str, str]
"""What a value is called, and its ID, which tells it from others that are called so."""

_POINTS = 1_000_000
"""Points that an answer may have, of all its series together."""


@dataclass(slots=True)
class Cell:
    """The numbers of a bucket and a group: how many, their sum, lowest and highest."""

    count: int = 0
    total: Fraction = Fraction(0)
    lowest: Fraction | None = None
    highest: Fraction | None = None

    def add(self, number: Number, times: int) -> None:
        """Take in a number that occurs so often."""
        exact = Fraction(number)
        self.count += times
        self.total += exact * times
        self.lowest = exact if self.lowest is None else min(self.lowest, exact)
        self.highest = exact if self.highest is None else max(self.highest, exact)

    def value(self, measure: str) -> Number | None:
        """The sum, 0 of nothing; or the average, lowest or highest, None of nothing."""
        match measure:
            case "sum":
                found: Fraction | None = self.total
            case "avg":
                found = self.total / self.count if self.count else None
            case "min":
                found = self.lowest
            case _:
                found = self.highest
        if found is None:
            return None
        return found.numerator if found.denominator == 1 else float(found)


_Cells: TypeAlias = Mapping[Any, Cell]


def read(backend: Backend, question: Question, names: query.Catalog) -> tuple[str | int | None, list[dict[str, Any]]]:
    """The interval used, None where x has none, and the series."""
    interval, buckets = _buckets(backend, question)
    width = interval if isinstance(interval, int) else 1
    found = _cells(backend.execute(statements.cells(question, width)), fractional=question.y.fractional)
    counts: dict[Any, int] = dict(backend.execute(statements.counts(question)))
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
    if field.names == "template":
        return {each.id: (each.name or each.id, each.id) for each in names.templates}
    listed = {
        "lead_status": names.lead_statuses,
        "opportunity_status": names.opportunity_statuses,
        "pipeline": names.pipelines,
    }.get(field.names)
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


def _cells(rows: Iterable[tuple[Any, ...]], *, fractional: bool) -> Mapping[Any, _Cells]:
    """Group -> place -> cell."""
    found: dict[Any, dict[Any, Cell]] = defaultdict(dict)
    for place, group, *numbers in rows:
        if not fractional:
            count, total, lowest, highest = numbers
            low, high = (None if bound is None else Fraction(int(bound)) for bound in (lowest, highest))
            found[group][place] = Cell(int(count), Fraction(int(total or 0)), low, high)
            continue
        cell = found[group].setdefault(place, Cell())
        number, times = numbers
        if number is not None:
            cell.add(number, int(times))
    return found


def _points(question: Question, names: query.Catalog, buckets: range) -> Callable[[_Cells], list[list[Any]]]:
    """Makes the points of a series."""
    measure, places = question.measure, question.places
    if isinstance(places, Dates):
        starts = [moments.text(places.start(index), question.offset) for index in buckets]
        return lambda cells: _filled(cells, buckets, starts, measure)
    if isinstance(places, Numbers):
        return lambda cells: _filled(cells, buckets, buckets, measure)
    label = labels(question.x, names)
    return lambda cells: _ranked(cells, label, measure)


def _filled(cells: _Cells, buckets: range, shown: Iterable[str | int], measure: str) -> list[list[Any]]:
    nothing = Cell()
    return [[x, cells.get(bucket, nothing).value(measure)] for bucket, x in zip(buckets, shown, strict=True)]


def _ranked(cells: _Cells, label: Callable[[Any], Label], measure: str) -> list[list[Any]]:
    """The places by y from the highest, those without one last, then by label and ID."""
    valued = [(cell.value(measure), label(place)) for place, cell in cells.items()]
    valued.sort(key=lambda each: (each[0] is None, -(each[0] or 0), each[1]))
    return [[name, y] for y, (name, _) in valued]
