"""``activity``: what people did, by time (``type: overview``) or by user (``type: comparison``). Contract section 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from runner.endpoints.moment import Moment, Told
from runner.errors import ServiceError
from runner.model import Ask, Cell, Column, Job, Json, Path, Period, Query, Row, Section, Shape, Table, Unit, Value

METRICS = Query("GET", "report/activity/metrics/", {"metrics": [{"key": str, "name": str}]})
"""The organization's own list of metrics: their names are read from it, never known beforehand."""

NUMBER = (int, float, type(None))

UNITS = {"count": Unit.COUNT, "duration": Unit.SECONDS, "value": Unit.MONEY}
"""Last word of a metric's measure -> its unit; anything else is a plain number."""


def unready(job: Job) -> tuple[tuple[str, Path, str], ...]:
    """Names of users and smart views, which need a look-up; IDs are asked as they are."""
    found: list[tuple[str, Path, str]] = []
    for index, user in enumerate(_users(job)):
        if not user.startswith("user_"):
            found.append(("users", (index,), f"'{user}' needs a look-up, which comes later; write the user's ID"))
    smart_view = _smart_view(job)
    if smart_view and not smart_view.startswith("save_"):
        found.append(("query", ("smart_view",), f"'{smart_view}' needs a look-up, which comes later; write its ID"))
    return tuple(found)


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The metrics' names, the job's own period, and each period it is compared with."""
    current = moment.period(job)
    periods = (current, *moment.compared(job, current))
    return (Ask(job, METRICS), *(Ask(job, _query(job, period), period) for period in periods))


def section(job: Job, told: Told) -> Section:
    """One table: a row per bucket of time or per user, a column per metric, the service's own totals."""
    columns = tuple(Column(key, label, unit(key)) for key, label in _labels(job, told).items())
    table = _overview(columns, told) if job.settings["type"] == "overview" else _comparison(columns, told)
    return Section(job.name, job.title, told.period, tuple(period for period, _ in told.compared), (table,))


def unit(metric: str) -> Unit:
    """The unit of a metric by the last word of its key (``calls.all.all.sum_duration`` is in seconds)."""
    return UNITS.get(metric.rpartition(".")[2].rpartition("_")[2], Unit.NUMBER)


def _query(job: Job, period: Period) -> Query:
    kind, metrics = job.settings["type"], _metrics(job)
    numbers: dict[str, Shape] = {f"{metric}?": NUMBER for metric in metrics}
    key = {"overview": "datetime", "comparison": "user_id"}[str(kind)]
    body: dict[str, Json] = {"type": kind, "metrics": list(metrics)}
    if period.start is None:
        body["relative_range"] = "all-time"
    else:
        body["datetime_range"] = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    if _users(job):
        body["users"] = list(_users(job))
    if _smart_view(job):
        body["query"] = {"type": "saved_search", "saved_search_id": _smart_view(job)}
    expect: Shape = {
        "data": [{key: str, **numbers}],
        "aggregations": {"totals": numbers},
        "lookup?": {"user?": dict[str, Shape]()},
    }
    return Query("POST", "report/activity/", expect, body=body, tz_offset=_offset(period))


def _offset(period: Period) -> float:
    """Hours east of UTC where the period begins: the API takes one fixed offset for the whole of it."""
    shift = (period.start or period.end).utcoffset()
    return shift.total_seconds() / 3600 if shift else 0.0


def _overview(columns: tuple[Column, ...], told: Told) -> Table:
    zone = told.period.end.tzinfo
    rows = []
    for row in told.current["data"]:
        at = _moment(row["datetime"]).astimezone(zone)
        rows.append(Row(row["datetime"], at, tuple(Cell(row.get(column.key)) for column in columns)))
    head = Column("datetime", "When", Unit.DATETIME)
    return Table("overview", "Over time", head, columns, tuple(rows), _total(columns, told))


def _comparison(columns: tuple[Column, ...], told: Told) -> Table:
    names = _names(told)
    now = {row["user_id"]: row for row in told.current["data"]}
    before = [{row["user_id"]: row for row in data["data"]} for _, data in told.compared]
    rows = [
        Row(user, names.get(user, user), _cells(columns, row, [past.get(user) for past in before]))
        for user, row in now.items()
    ]
    rows.sort(key=lambda row: (-_size(row.cells[0].value), str(row.head), row.key))
    head = Column("user_id", "User", Unit.TEXT)
    return Table("comparison", "By user", head, columns, tuple(rows), _total(columns, told))


def _total(columns: tuple[Column, ...], told: Told) -> Row:
    now, *before = [data["aggregations"]["totals"] for data in (told.current, *(data for _, data in told.compared))]
    return Row("total", "Total", _cells(columns, now, before))


def _cells(columns: tuple[Column, ...], now: Mapping[str, Value], before: Sequence[Any]) -> tuple[Cell, ...]:
    """A cell per column; a row that the compared period does not have compares with nothing, not with 0."""
    return tuple(
        Cell(now.get(column.key), tuple(past.get(column.key) if past else None for past in before))
        for column in columns
    )


def _size(value: Value) -> float:
    return value if isinstance(value, int | float) else -1


def _labels(job: Job, told: Told) -> dict[str, str]:
    """Metric -> its name in this organization, in the definition's order; the key where there is no name."""
    listed = told.lookups.get(METRICS.path, {"metrics": []})
    names = {metric["key"]: metric["name"] for metric in listed["metrics"]}
    return {metric: names.get(metric) or metric for metric in _metrics(job)}


def _names(told: Told) -> dict[str, str]:
    people: dict[str, str] = {}
    for data in (*(data for _, data in told.compared), told.current):
        users = data.get("lookup", {}).get("user", {})
        people |= {user: entry["display"] for user, entry in users.items() if entry.get("display")}
    return people


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ServiceError(f"report/activity/: a row's datetime is '{text}', not a moment with an offset")
    return at


def _metrics(job: Job) -> tuple[str, ...]:
    return _texts(job.settings["metrics"])


def _users(job: Job) -> tuple[str, ...]:
    return _texts(job.settings.get("users"))


def _smart_view(job: Job) -> str | None:
    query = job.settings.get("query")
    return str(query["smart_view"]) if isinstance(query, dict) else None


def _texts(said: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in said) if isinstance(said, list) else ()
