"""``funnel/opportunity/totals`` and ``.../stages``: a pipeline by user and by stage. Contract section 7."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runner.endpoints import clock, origin, people, settings
from runner.endpoints.moment import Moment, Told, span
from runner.endpoints.origin import Origin
from runner.endpoints.tables import NUMBER, TEXT, Figures, by_key, cells, difference, largest_first, ratio
from runner.model import Ask, Cell, Column, Job, Json, Path, Period, Query, Row, Section, Shape, Table, Unit, Value

TOTALS = (
    Column("count", "Opportunities", Unit.COUNT),
    Column("count_total_complete", "Completed", Unit.COUNT),
    Column("count_total_won", "Won", Unit.COUNT),
    Column("count_total_lost", "Lost", Unit.COUNT),
    Column("count_win_rate", "Win rate", Unit.FRACTION),
    Column("value_total_complete", "Value completed", Unit.MONEY),
    Column("value_total_won", "Value won", Unit.MONEY),
    Column("value_win_rate", "Win rate by value", Unit.FRACTION),
    Column("average_time_to_win", "Time to win (average)", Unit.SECONDS),
    Column("average_value_annualized_per_won_opportunity", "Value won (average)", Unit.MONEY),
    Column("sales_velocity", "Sales velocity (a day)", Unit.MONEY),
)

STAGES = (
    Column("count", "Reached", Unit.COUNT),
    Column("count_conversion_rate", "Went on", Unit.FRACTION),
    Column("count_lost", "Lost", Unit.COUNT),
    Column("count_lost_ratio", "Lost rate", Unit.FRACTION),
    Column("average_time_to_advance", "Time to go on (average)", Unit.SECONDS),
    Column("value", "Value", Unit.MONEY),
    Column("value_conversion_rate", "Value that went on", Unit.FRACTION),
    Column("value_lost", "Value lost", Unit.MONEY),
    Column("value_lost_ratio", "Value lost rate", Unit.FRACTION),
    Column("weighted_value", "Weighted value", Unit.MONEY),
    Column("weighted_value_conversion_rate", "Weighted value that went on", Unit.FRACTION),
)

DERIVED = ("count_total_lost",)
"""Columns that no answer has."""

RATES = {
    "count_win_rate": ("count_total_won", "count_total_complete"),
    "value_win_rate": ("value_total_won", "value_total_complete"),
    "count_lost_ratio": ("count_lost", "count"),
    "value_lost_ratio": ("value_lost", "value"),
}
"""Column -> the counts it is made of, where both are there."""

USER = Column("user_id", "User", Unit.TEXT)
STAGE = Column("status_id", "Stage", Unit.TEXT)

_TOTALS: dict[str, Shape] = {column.key: NUMBER for column in TOTALS if column.key not in DERIVED}
_STAGES: Shape = [
    {"status": {"id": str, "label": TEXT}, **{column.key: NUMBER for column in STAGES}},
]

EXPECT: Mapping[str, Shape] = {
    "totals": {"aggregations": _TOTALS, "data": [{"user_id": TEXT, **_TOTALS}]},
    "stages": {"aggregations": {"stages": _STAGES}, "data": [{"user_id": TEXT, "stages": _STAGES}]},
}


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The organization's members, the job's own period, and each period it is compared with.

    The job's own period is its cohort's where it has one: that is what a comparison takes the place of. With a compared
    range the answer is the compared report, so each is a call of its own.
    """
    current = moment.period(job, base(job))
    spans = moment.compared(job, current)
    body, note = _body(job, moment, current), _note(job, moment)
    asked = [Ask(job, _query(job, body, current), current, note)]
    for period in spans:
        compared = {**body, "compared_custom_range": span(period)}
        asked.append(Ask(job, _query(job, compared, current), period, note))
    return (*people.asks(job, moment), *asked)


def section(job: Job, told: Told) -> Section:
    """Totals: a row per user. Stages: a row per stage, then users by stages."""
    tables = (_totals(told),) if _report(job) == "totals" else _by_stage(told)
    return Section(job.name, job.title, told.period, told.spans, tables)


def source(_: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
    """Where a number of one of the tables stands; without a row, one of the totals."""
    key = table.columns[column].key
    wanted = None if row is None else table.rows[row].key
    if table.key == "stages":
        return _parts(told.current, ("aggregations", *_stage(told.current["aggregations"], wanted or "")), key)
    users = [_key((one["user_id"],)) for one in told.current["data"]]
    base: Path = ("aggregations",) if wanted is None else ("data", users.index(wanted))
    if table.key == "totals":
        return _parts(told.current, base, key)
    measure, stage = key.split(".", 1)
    return Origin(((*base, *_stage(origin.at(told.current, base), stage), measure),))


def _stage(row: Mapping[str, Any], stage: str) -> Path:
    return "stages", [one["status"]["id"] for one in row["stages"]].index(stage)


def _parts(data: Any, base: Path, key: str) -> Origin:
    if key in DERIVED:
        return Origin(((*base, "count_total_complete"), (*base, "count_total_won")), "difference")
    parts = tuple((*base, part) for part in RATES.get(key, ()))
    if parts and all(origin.at(data, part) is not None for part in parts):
        return Origin(parts, "ratio")
    return Origin(((*base, key),))


# ---- asking ----------------------------------------------------------------------------------------------


def _report(job: Job) -> str:
    return job.endpoint.rpartition("/")[2]


def base(job: Job) -> str:
    """The setting that says the job's own period."""
    return "cohort" if job.settings["type"] == "created-cohort" else "range"


def _query(job: Job, body: dict[str, Json], period: Period) -> Query:
    return Query("POST", f"report/{job.endpoint}/", EXPECT[_report(job)], body=body, tz_offset=clock.offset(period))


def _body(job: Job, moment: Moment, current: Period) -> dict[str, Json]:
    body: dict[str, Json] = {"pipeline": job.settings["pipeline"], "type": job.settings["type"]}
    body |= _range("report", moment.period(job))
    if base(job) == "cohort":
        body |= _range("cohort", current)
    if users := settings.users(job):
        body["users"] = list(users)
    return body | settings.saved_search(job)


def _range(of: str, period: Period) -> dict[str, Json]:
    said = span(period)
    return {f"{of}_datetime_range": said} if said else {f"{of}_relative_range": "all-time"}


def _note(job: Job, moment: Moment) -> str:
    """What a reader must know of a cohort that is looked at in a window of its own."""
    if base(job) == "range" or job.settings.get("range") is None:
        return ""
    return f"{job.name}: only what happened to its opportunities within {moment.period(job).name} counts"


# ---- totals ----------------------------------------------------------------------------------------------


def _totals(told: Told) -> Table:
    names = people.names(told)
    now, *before = [by_key(data["data"], "user_id") for data in (told.current, *told.before)]
    rows = (
        Row(_key(key), _name(key, names), _cells(TOTALS, _won, row, [past.get(key) for past in before]))
        for key, row in now.items()
    )
    total = _cells(TOTALS, _won, told.current["aggregations"], [data["aggregations"] for data in told.before])
    return Table("totals", "By user", USER, TOTALS, largest_first(rows), Row("total", "Total", total))


def _won(row: Mapping[str, Any]) -> Figures:
    """The row with what was lost, and with rates made of the counts."""
    return {
        **row,
        "count_total_lost": difference(row.get("count_total_complete"), row.get("count_total_won")),
        "count_win_rate": _rate(row, "count_win_rate"),
        "value_win_rate": _rate(row, "value_win_rate"),
    }


# ---- stages ----------------------------------------------------------------------------------------------


def _by_stage(told: Told) -> tuple[Table, ...]:
    now, *before = [_stages(data["aggregations"]) for data in (told.current, *told.before)]
    rows = tuple(
        Row(stage, _label(row), _cells(STAGES, _lost, row, [past.get(stage) for past in before]))
        for stage, row in now.items()
    )
    stages = Table("stages", "By stage", STAGE, STAGES, rows)
    if not told.current["data"]:
        return (stages,)
    heads = {stage: _label(row) for stage, row in now.items()}
    return (
        stages,
        _users(told, heads, "count", "Reached, by user"),
        _users(told, heads, "count_conversion_rate", "Went on, by user"),
    )


def _users(told: Told, stages: Mapping[str, str], measure: str, title: str) -> Table:
    """One measure: a row per user, a column per stage."""
    names = people.names(told)
    unit = next(column.unit for column in STAGES if column.key == measure)
    columns = tuple(Column(f"{measure}.{stage}", label, unit) for stage, label in stages.items())
    now, *before = [
        {key: _spread(row, measure) for key, row in by_key(data["data"], "user_id").items()}
        for data in (told.current, *told.before)
    ]
    rows = (
        Row(_key(key), _name(key, names), cells(columns, row, [past.get(key) for past in before]))
        for key, row in now.items()
    )
    total, *past = [_spread(data["aggregations"], measure) for data in (told.current, *told.before)]
    row = Row("total", "Total", cells(columns, total, past))
    return Table(f"users.{measure}", title, USER, columns, largest_first(rows), row)


def _stages(row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Stage -> its numbers, in the pipeline's order."""
    listed = [{**one, "id": one["status"]["id"]} for one in row["stages"]]
    return {stage: one for (stage,), one in by_key(listed, "id").items()}


def _spread(row: Mapping[str, Any], measure: str) -> Figures:
    return {f"{measure}.{stage}": one.get(measure) for stage, one in _stages(row).items()}


def _label(row: Mapping[str, Any]) -> str:
    return str(row["status"].get("label") or row["status"]["id"])


def _lost(row: Mapping[str, Any]) -> Figures:
    """The row with rates made of the counts."""
    figures = {column.key: row.get(column.key) for column in STAGES}
    figures["count_lost_ratio"] = _rate(row, "count_lost_ratio")
    figures["value_lost_ratio"] = _rate(row, "value_lost_ratio")
    return figures


# ---- both ------------------------------------------------------------------------------------------------


def _cells(
    columns: Sequence[Column],
    figures: Callable[[Mapping[str, Any]], Figures],
    now: Mapping[str, Any],
    before: Sequence[Mapping[str, Any] | None],
) -> tuple[Cell, ...]:
    return cells(columns, figures(now), [figures(past) if past else None for past in before])


def _rate(row: Mapping[str, Any], said: str) -> Value:
    """The rate of the counts; the service's own where one of them is missing."""
    part, whole = RATES[said]
    known = row.get(part) is not None and row.get(whole) is not None
    return ratio(row[part], row[whole]) if known else row.get(said)


def _key(key: tuple[Any, ...]) -> str:
    return str(key[0] or "")


def _name(key: tuple[Any, ...], names: Mapping[str, str]) -> str:
    """A user's name; the ID where it is not known."""
    return names.get(key[0]) or str(key[0] or "Nobody")
