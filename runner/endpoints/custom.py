"""``custom``: any field against any other, as in Close's Explorer. Contract section 6."""

from __future__ import annotations

from collections.abc import Sequence

from runner.endpoints import clock, fields, series, settings
from runner.endpoints.moment import Moment, Told
from runner.endpoints.origin import Origin
from runner.endpoints.series import Grid, Name
from runner.endpoints.tables import NUMBER, TEXT
from runner.model import Ask, Cell, Column, Job, Period, Query, Row, Section, Shape, Table, Unit, Value

EXPECT: Shape = {"series": [{"count": NUMBER, "name?": TEXT}], "interval?": (str, int, float, type(None))}

TRANSFORMS = {"avg": "average", "min": "lowest", "max": "highest"}

SAID = ("x", "y", "interval", "transform_y", "group_by")
"""Settings that are parameters as they are written."""


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The job's own period, and each period it is compared with."""
    current = moment.period(job)
    return tuple(
        Ask(job, _query(job, moment, period), period, clock.one_offset(job, period))
        for period in (current, *moment.compared(job, current))
    )


def section(job: Job, told: Told) -> Section:
    """One table: a row per place, a column per series; without readable points, a row per series with its count."""
    now, *before = [series.read(data) for data in (told.current, *told.before)]
    bare = now.series and all(one.points is None for one in now.series.values())
    table = _counts(now, before) if bare else _points(job, told, now, before)
    return Section(job.name, job.title, told.period, told.spans, (table,))


def source(job: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
    """Where a number of the table stands; without a row, one of the totals."""
    if table.key == "series":
        return Origin((("series", row or 0, "count"),))
    now = series.read(told.current)
    points = list(list(now.series.values())[column].points or ())
    if row is not None:
        found = [place for place, name in enumerate(points) if name == now.places[row]]
        return Origin(tuple(("series", column, "data", place, 1) for place in found))
    if _y(job).endswith(".count"):
        return Origin((("series", column, "count"),))
    return Origin(tuple(("series", column, "data", place, 1) for place in range(len(points))), "sum")


# ---- asking ----------------------------------------------------------------------------------------------


def _query(job: Job, moment: Moment, period: Period) -> Query:
    said = {key: settings.text(job, key) for key in SAID}
    params = settings.filled(query=settings.filtered(job, "search"), **said, **_bounds(job, period))
    path = f"report/custom/{moment.organization_path}/"
    return Query("GET", path, EXPECT, params=params, tz_offset=clock.offset(period))


def _bounds(job: Job, period: Period) -> dict[str, str]:
    """The bounds of a number x, or the span of a date x; neither where the job says neither."""
    bounds = job.settings.get("bounds")
    if isinstance(bounds, dict):
        return {key: str(bounds[key]) for key in ("start", "end") if key in bounds}
    if job.settings.get("range") is None:
        return {}
    return {"start": period.start.isoformat() if period.start else "", "end": period.end.isoformat()}


# ---- tables ----------------------------------------------------------------------------------------------


def _points(job: Job, told: Told, now: Grid, before: Sequence[Grid]) -> Table:
    y, unit = _measure(job, told), _unit(job)
    columns = tuple(Column(_key(job, name), _said(name, y), unit) for name in now.series)
    past = [series.past(now, grid) for grid in before]
    rows = tuple(
        Row(
            str(place[0]),
            _row_head(place, told),
            tuple(
                Cell((one.points or {}).get(place), tuple(values.get((name, place)) for values in past))
                for name, one in now.series.items()
            ),
        )
        for place in now.places
    )
    head = Column(settings.text(job, "x"), _head(job, told, now), _head_unit(job, now))
    return Table("points", f"{y} by {head.label}", head, columns, rows, _total(job, now, before))


def _counts(now: Grid, before: Sequence[Grid]) -> Table:
    """What is certain of an answer: how many objects each series has."""
    rows = tuple(
        Row(
            _said(name, "all"),
            _said(name, "All"),
            (Cell(one.count, tuple(_count(name, now, grid) for grid in before)),),
        )
        for name, one in now.series.items()
    )
    columns = (Column("count", "Count", Unit.COUNT),)
    return Table("series", "By series", Column("series", "Series", Unit.TEXT), columns, rows)


def _total(job: Job, now: Grid, before: Sequence[Grid]) -> Row | None:
    """Counts: the service's own, of the objects in the series. Sums: of the points, where no object is in two."""
    if not now.series:
        return None
    if _y(job).endswith(".count"):
        if _transformed(job):
            return None
        cells = [Cell(one.count, tuple(_count(name, now, grid) for grid in before)) for name, one in now.series.items()]
    elif _adds_up(job):
        cells = [
            Cell(_sum(one), tuple(_sum(series.counterpart(name, now, grid)) for grid in before))
            for name, one in now.series.items()
        ]
    else:
        return None
    return Row("total", "Total", tuple(cells))


def _count(name: Name, now: Grid, before: Grid) -> Value:
    found = series.counterpart(name, now, before)
    return found.count if found else None


def _sum(one: series.Series | None) -> int | float | None:
    """The sum of a series' points; None where one of them is missing."""
    values = list(one.points.values()) if one and one.points is not None else [None]
    numbers = [value for value in values if isinstance(value, int | float)]
    return sum(numbers) if len(numbers) == len(values) else None


def _adds_up(job: Job) -> bool:
    """Whether each object's number is in one point only: not with a list's values, nor a lead's at several x."""
    x, y = settings.text(job, "x"), _y(job)
    alone = fields.same_object(x, y) or not y.startswith("lead.")
    return settings.text(job, "transform_y") in ("", "sum") and not fields.is_custom(x) and alone


# ---- words -----------------------------------------------------------------------------------------------


def _y(job: Job) -> str:
    return settings.text(job, "y") or "lead.count"


def _transformed(job: Job) -> bool:
    """Whether the numbers are something else than sums: a transform has no effect on counts of x's own object."""
    own = _y(job).endswith(".count") and fields.same_object(settings.text(job, "x"), _y(job))
    return settings.text(job, "transform_y") in TRANSFORMS and not own


def _measure(job: Job, told: Told) -> str:
    label = fields.label(told.written.get("y") or _y(job))
    return f"{label} ({TRANSFORMS[settings.text(job, 'transform_y')]})" if _transformed(job) else label


def _unit(job: Job) -> Unit:
    """The unit of y; averages of counts are no whole numbers."""
    unit = fields.unit(_y(job))
    return Unit.NUMBER if unit is Unit.COUNT and _transformed(job) else unit


def _key(job: Job, name: Name) -> str:
    return _y(job) if name[0] is None else f"{_y(job)}:{name[0]}"


def _said(name: Name, alone: str) -> str:
    return alone if name[0] is None else str(name[0])


def _head(job: Job, told: Told, now: Grid) -> str:
    """What x is: of numbers each row says where it begins, of times how wide it is, where that is known."""
    x, asked = settings.text(job, "x"), settings.text(job, "interval")
    label = fields.label(told.written.get("x") or x)
    width = now.interval or asked
    if now.kind is Unit.NUMBER:
        return f"{label}, from"
    return f"{label}, by {width}" if now.kind is Unit.DATETIME and width not in ("", "auto") else label


def _head_unit(job: Job, now: Grid) -> Unit:
    return fields.unit(settings.text(job, "x")) if now.kind is Unit.NUMBER else now.kind


def _row_head(place: Name, told: Told) -> Value:
    at = series.moment(place[0])
    return at.astimezone(told.period.end.tzinfo) if at else place[0]
