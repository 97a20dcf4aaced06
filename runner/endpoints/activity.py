"""``activity``: what people did, by time (``type: overview``) or by user (``type: comparison``). Contract section 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from runner.endpoints import clock, derived, links, origin, settings
from runner.endpoints.moment import Moment, Told, instant, span
from runner.endpoints.origin import Origin
from runner.endpoints.tables import NUMBER, by_key, cells, largest_first
from runner.errors import ServiceError
from runner.metrics import unit
from runner.model import Ask, Column, Job, Json, Period, Query, Row, Section, Shape, Table, Unit

METRICS = Query("GET", "report/activity/metrics/", {"metrics": [{"key": str, "name": str}]})
"""The organization's own list of metrics: their names are read from it, never known beforehand."""


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The metrics' names, the job's own period, its pieces where an overview needs them, each compared period.

    Of a compared period only the totals are read, which one question has right.
    """
    current = moment.period(job)
    compared = tuple(Ask(job, _query(job, period), period) for period in moment.compared(job, current))
    if not _is_overview(job):
        return (Ask(job, METRICS), Ask(job, _query(job, current), current), *compared)
    parts = clock.pieces(current, moment)
    note = clock.joined(job, current, parts) if parts else clock.one_offset(job, current)
    pieces = (Ask(job, _query(job, part), current, part=part) for part in parts)
    return (Ask(job, METRICS), Ask(job, _query(job, current), current, note), *pieces, *compared)


def section(job: Job, told: Told) -> Section:
    """One table: a row per bucket of time or per user, a column per metric, the service's own totals."""
    columns = _columns(job, told)
    told = derived.told(job, told)
    if not _is_overview(job):
        return Section(job.name, job.title, told.period, told.spans, (_comparison(columns, told),))
    rows = _days(told)
    table = _overview(columns, told, told.current["data"] if rows is None else rows)
    notes = (clock.one_offset(job, told.period),) if rows is None and told.parts else ()
    return Section(job.name, job.title, told.period, told.spans, (table,), notes)


def source(_: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
    """Where a number of the table stands; without a row, one of its totals."""
    metric = table.columns[column].key
    totals = ("aggregations", "totals", metric)
    if row is None:
        return Origin((totals,), search=("queries", "leads", metric))
    key = table.rows[row].key
    if table.key == "overview" and _days(told) is not None:
        piece, there = _day(told, key)
        return Origin((totals if there is None else ("data", there, metric),), piece=piece)
    return Origin((("data", origin.place(told.current["data"], table.head.key, key), metric),))


def _query(job: Job, period: Period) -> Query:
    kind, metrics = job.settings["type"], derived.asked(job, _metrics(job))
    numbers: dict[str, Shape] = {f"{metric}?": NUMBER for metric in metrics}
    key = {"overview": "datetime", "comparison": "user_id"}[str(kind)]
    body: dict[str, Json] = {"type": kind, "metrics": list(metrics)}
    said = span(period)
    body |= {"datetime_range": said} if said else {"relative_range": "all-time"}
    if users := settings.users(job):
        body["users"] = list(users)
    body |= settings.saved_search(job)
    expect: Shape = {
        "data": [{key: str, **numbers}],
        "aggregations": {"totals": numbers},
        "lookup?": {"user?": dict[str, Shape]()},
    }
    return Query("POST", "report/activity/", expect, body=body, tz_offset=clock.offset(period))


def _overview(columns: tuple[Column, ...], told: Told, buckets: Sequence[Mapping[str, Any]]) -> Table:
    """Each bucket beside that in the same place of each compared period: Monday beside Monday, the 3rd beside the 3rd.

    A bucket that the other period does not have, or not of the same width, is beside nothing; and so are all where the
    clock changes in the other period, whose rows then begin at other times of day.
    """
    zone = told.period.end.tzinfo
    others = [
        data["data"] if clock.is_steady(period) and _width(data["data"]) == _width(buckets) else []
        for period, data in told.compared
    ]
    rows = []
    for place, row in enumerate(buckets):
        past = [other[place] if place < len(other) else None for other in others]
        rows.append(Row(row["datetime"], _moment(row["datetime"]).astimezone(zone), cells(columns, row, past)))
    head = Column("datetime", "When", Unit.DATETIME)
    return Table("overview", "Over time", head, columns, tuple(rows), _total(columns, told))


def _width(buckets: Sequence[Mapping[str, Any]]) -> int:
    """Days from the second bucket to the third (the first may be cut short), or between the two there are."""
    starts = [_moment(row["datetime"]) for row in buckets[:3]]
    return round((starts[-1] - starts[-2]) / timedelta(days=1)) if len(starts) > 1 else 0


def _days(told: Told) -> list[Mapping[str, Any]] | None:
    """The rows of all pieces, one per local day; None where there are no pieces, or one has rows of another width.

    The row of a day that was asked by itself is its totals: averages and distinct counts do not add up.
    """
    rows: list[Mapping[str, Any]] = []
    for part, data in told.parts:
        begun = [start for start, _ in clock.days(part)]
        if len(begun) == 1:
            rows.append({**data["aggregations"]["totals"], "datetime": begun[0].isoformat()})
        elif [_moment(row["datetime"]).timestamp() for row in data["data"]] == [day.timestamp() for day in begun]:
            rows += data["data"]
        else:
            return None
    return rows or None


def _day(told: Told, key: str) -> tuple[int, int | None]:
    """The piece that has the day's row, and its position; None where the row is the piece's totals."""
    for piece, (part, data) in enumerate(told.parts):
        begun = [start for start, _ in clock.days(part)]
        if len(begun) == 1 and begun[0].isoformat() == key:
            return piece, None
        found = [place for place, row in enumerate(data["data"]) if len(begun) > 1 and row["datetime"] == key]
        if found:
            return piece, found[0]
    raise ServiceError(f"report/activity/: no answer has a row for {key[:40]!a}")


def _comparison(columns: tuple[Column, ...], told: Told) -> Table:
    names = _names(told)
    now, *before = [by_key(data["data"], "user_id") for data in (told.current, *told.before)]
    rows = largest_first(
        Row(user, names.get(user, user), cells(columns, row, [past.get((user,)) for past in before]))
        for (user,), row in now.items()
    )
    head = Column("user_id", "User", Unit.TEXT)
    return Table("comparison", "By user", head, columns, rows, _total(columns, told))


def _total(columns: tuple[Column, ...], told: Told) -> Row:
    now, *before = [data["aggregations"]["totals"] for data in (told.current, *told.before)]
    pages = {column.key: links.search(links.inside(told.current, "queries", "leads", column.key)) for column in columns}
    return Row("total", "Total", cells(columns, now, before, pages))


def _columns(job: Job, told: Told) -> tuple[Column, ...]:
    """A column per metric in the definition's order, named as in this organization; by its key without a name."""
    listed = told.lookups.get(METRICS.path, {"metrics": []})
    names = {metric["key"]: metric["name"] for metric in listed["metrics"]}
    own = {one.name: Column(one.name, one.label, one.unit) for one in job.derived}
    return tuple(own.get(key) or Column(key, names.get(key) or key, unit(key)) for key in _metrics(job))


def _names(told: Told) -> dict[str, str]:
    people: dict[str, str] = {}
    for data in (*told.before, told.current):
        users = data.get("lookup", {}).get("user", {})
        people |= {user: entry["display"] for user, entry in users.items() if entry.get("display")}
    return people


def _moment(text: str) -> datetime:
    at = instant(text)
    if at is None:
        raise ServiceError(f"report/activity/: a row's datetime is {text[:40]!a}, not a moment with an offset")
    return at


def _is_overview(job: Job) -> bool:
    return job.settings["type"] == "overview"


def _metrics(job: Job) -> tuple[str, ...]:
    return settings.texts(job.settings["metrics"])
