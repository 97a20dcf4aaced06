"""``sent_emails``: sent e-mails by template, and what came of them. Contract section 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runner.endpoints import clock, links, settings
from runner.endpoints.moment import Moment, Told, inclusive
from runner.endpoints.origin import Origin
from runner.endpoints.tables import NUMBER, TEXT, Figures, by_key, cells, largest_first, ratio
from runner.model import Ask, Column, Job, Period, Query, Row, Section, Shape, Table, Unit

COLUMNS = (
    Column("total", "Sent", Unit.COUNT),
    Column("opened", "Opened", Unit.COUNT),
    Column("responded", "Replied", Unit.COUNT),
    Column("open_rate", "Open rate", Unit.FRACTION),
    Column("reply_rate", "Reply rate", Unit.FRACTION),
)

COUNTS = ("total", "opened", "responded")

RATES = {"open_rate": ("opened", "total"), "reply_rate": ("responded", "total")}
"""Column -> what it is made of."""

ALL = (None,)
"""The key of the row of all e-mails: it has no template."""

EXPECT: Shape = {
    "sent_email_stats": [
        {"template_id": TEXT, "name": TEXT, "total": NUMBER, "opened": NUMBER, "responded": NUMBER},
    ]
}


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The job's own period, and each period it is compared with."""
    current = moment.period(job)
    return tuple(Ask(job, _query(job, moment, period), period) for period in (current, *moment.compared(job, current)))


def section(job: Job, told: Told) -> Section:
    """One table: a row per template, all e-mails as the total. Rates are made of the counts, not of whole percents."""
    now, *before = [by_key(data["sent_email_stats"], "template_id") for data in (told.current, *told.before)]

    def row(key: tuple[Any, ...], name: str) -> Row:
        past = [_figures(rows[key]) if key in rows else None for rows in before]
        return Row(name, now[key].get("name") or name, cells(COLUMNS, _figures(now[key]), past, _links(now[key])))

    rows = largest_first(row(key, str(*key)) for key in now if key != ALL)
    total = row(ALL, "total") if ALL in now else None
    table = Table("templates", "By template", Column("template_id", "Template", Unit.TEXT), COLUMNS, rows, total)
    return Section(job.name, job.title, told.period, told.spans, (table,))


def source(_: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
    """Where a number of the table stands; without a row, one of the total."""
    key, stats = table.columns[column].key, told.current["sent_email_stats"]
    there = [str(one["template_id"]) if one["template_id"] is not None else None for one in stats]
    base = ("sent_email_stats", there.index(None if row is None else table.rows[row].key))
    if key in RATES:
        return Origin(tuple((*base, part) for part in RATES[key]), "ratio")
    return Origin(((*base, key),), search=(*base, "_queries", key))


def _query(job: Job, moment: Moment, period: Period) -> Query:
    params = (*settings.filled(user_id="".join(settings.users(job))), *inclusive(period))
    path = f"report/sent_emails/{moment.organization_path}/"
    return Query("GET", path, EXPECT, params=params, tz_offset=clock.offset(period))


def _figures(row: Mapping[str, Any]) -> Figures:
    counts = {key: row.get(key) for key in COUNTS}
    return {
        **counts,
        **{rate: ratio(counts[part], counts[whole]) for rate, (part, whole) in RATES.items()},
    }


def _links(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: links.search(links.inside(row, "_queries", key)) for key in COUNTS}
