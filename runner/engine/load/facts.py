"""Staging tables -> the canonical tables: integers for objects, histories as spans, everything sorted by time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from runner.engine.layout import FAR
from runner.engine.load import custom, funnel
from runner.engine.moments import DAY

_HAPPENED = {
    "Email": "coalesce(activity_at, date_sent, date_created)",
    "SMS": "coalesce(activity_at, date_sent, date_created)",
    "Meeting": "coalesce(activity_at, starts_at, date_created)",
}
"""Type -> when it happened; ``activity_at``, else the type's own date, else ``date_created``."""

_ACTIVITIES = {
    "call": (
        "Call",
        "happened",
        "a.direction, CASE WHEN a.direction IS DISTINCT FROM 'outbound' THEN NULL "
        "WHEN a.source = 'External' THEN 'external' WHEN a.call_method = 'power' THEN 'power_dialer' "
        "WHEN a.call_method = 'predictive' THEN 'predictive_dialer' "
        "ELSE 'regular' END, coalesce(a.duration, 0), a.source, a.call_method, a.disposition",
    ),
    "email": (
        "Email",
        "CASE WHEN direction = 'outgoing' AND status = 'sent' THEN coalesce(date_sent, happened) ELSE happened END",
        "a.direction, a.status, CASE WHEN a.direction IS DISTINCT FROM 'outgoing' THEN NULL "
        "WHEN a.sequence_id IS NOT NULL THEN 'sequences' WHEN a.bulk_email_action_id IS NOT NULL THEN 'bulk' "
        "ELSE 'manual' END, a.date_sent, coalesce(a.opens, 0), a.has_reply, a.template_id",
    ),
    "sms": (
        "SMS",
        "CASE WHEN direction = 'outbound' AND status = 'sent' THEN coalesce(date_sent, happened) ELSE happened END",
        "a.direction, a.status, a.date_sent",
    ),
    "meeting": ("Meeting", "coalesce(starts_at, happened)", "a.status, coalesce(a.duration, 0), a.starts_at"),
    "note": ("Note", "happened", ""),
    "task_completed": ("TaskCompleted", "happened", ""),
}
"""Table -> the type it holds, the instant reports count it at, its own columns (layout.py says what they mean)."""

_LEAD = f"""
    INSERT INTO store.lead
    SELECT row_number() OVER (ORDER BY l.date_created, l.id) - 1, l.id, coalesce(l.display_name, l.name), s.no,
        l.date_created, floored(l.date_created, {DAY}), u.no, folded(coalesce(l.display_name, l.name))
    FROM s_lead l LEFT JOIN store.lead_status s ON s.id = l.status_id
    LEFT JOIN store.user_account u ON u.id = l.created_by ORDER BY 1
"""

_CONTACT = """
    INSERT INTO store.contact
    SELECT row_number() OVER (ORDER BY c.date_created, c.id) - 1, c.id, l.no, c.name, c.title, c.date_created,
        folded(c.name)
    FROM s_contact c LEFT JOIN store.lead l ON l.id = c.lead_id ORDER BY 1
"""

_OPPORTUNITY = f"""
    INSERT INTO store.opportunity
    SELECT row_number() OVER (ORDER BY o.date_created, o.id) - 1, o.id, l.no, u.no, c.no,
        o.date_created, floored(o.date_created, {DAY}), s.no, coalesce(o.status_type, s.type),
        coalesce(o.pipeline_id, p.id), o.value, coalesce(o.value_period, 'one_time'), o.value_currency,
        coalesce(o.value, 0) * CASE o.value_period WHEN 'monthly' THEN 12 ELSE 1 END, coalesce(o.confidence, 0),
        o.date_won, o.date_won_day, o.date_lost, o.date_lost_day
    FROM s_opportunity o LEFT JOIN store.lead l ON l.id = o.lead_id
    LEFT JOIN store.opportunity_status s ON s.id = o.status_id LEFT JOIN store.pipeline p ON p.no = s.pipeline
    LEFT JOIN store.user_account u ON u.id = o.user_id LEFT JOIN store.user_account c ON c.id = o.created_by ORDER BY 1
"""

_LOST = """
    UPDATE store.opportunity SET lost_ts = found.moment FROM (
        SELECT p.opportunity, max(p.since) AS moment FROM store.opportunity_span p
        JOIN store.opportunity_status s ON s.no = p.status WHERE s.type = 'lost' GROUP BY p.opportunity
    ) found WHERE opportunity.no = found.opportunity AND lost_ts IS NULL AND lost_day IS NULL
"""


_FLOORED = "CREATE OR REPLACE TEMP MACRO floored(x, size) AS (x - (x % size + size) % size) // size"
"""Division rounded down; SQL's own rounds moments before 1970 up."""

_NAMES = ("SELECT coalesce(display_name, name) FROM s_lead", "SELECT name FROM s_contact")
"""The texts that are compared in lower case, custom fields apart."""


def write(
    connection: duckdb.DuckDBPyConnection, custom_fields: Sequence[dict[str, Any]], step: Callable[[], None]
) -> None:
    """Fill the tables of objects, activities, spans and the calendar of the attached ``store``.

    ``custom_fields`` are those the organization lists. ``step`` hears of each of the ``STEPS`` when it is done.
    """
    connection.execute(_FLOORED)
    custom.fold(connection, *_NAMES)
    for statement in _OBJECTS:
        connection.execute(statement)
        step()
    custom.prepare(connection, custom_fields)
    for statement in _STATEMENTS:
        connection.execute(statement)
        step()


def _activity(table: str) -> str:
    """SQL that fills a table of activities.

    Their numbers are their places in a sorted table: ``row_number()`` would take all that follows to one thread.
    """
    kind, ts, columns = _ACTIVITIES[table]
    happened = _HAPPENED.get(kind, "coalesce(activity_at, date_created)")
    rows = f"SELECT *, {ts} AS ts FROM (SELECT *, {happened} AS happened FROM s_activity WHERE _type = '{kind}')"
    return f"""
        CREATE TABLE sorted AS
        SELECT a.id, l.no, u.no, a.ts, floored(a.ts, {DAY}), a.happened, a.date_created
            {", " if columns else ""}{columns}
        FROM ({rows}) a LEFT JOIN store.lead l ON l.id = a.lead_id
        LEFT JOIN store.user_account u ON u.id = a.user_id ORDER BY a.ts, a.id;
        INSERT INTO store.{table} SELECT rowid, * FROM sorted;
        DROP TABLE sorted
    """


def _spans(name: str, objects: str, owner: str) -> str:
    """SQL of an object's stays in its statuses, by the rules of histories (contract sections 2 and 11).

    Changes in the order of their own date, then id; moved to the creation when they are earlier; a change to the status
    it already had is none. Without a change the present status holds since the creation.
    """
    return f"""
        INSERT INTO store.{name}_span
        WITH change AS (
            SELECT o.no AS object, o.created, a.id, coalesce(a.activity_at, a.date_created) AS moment,
                old.no AS old_status, new.no AS new_status
            FROM s_activity a JOIN {objects} o ON o.id = {owner}
            LEFT JOIN store.{name}_status old ON old.id = a.old_status_id
            JOIN store.{name}_status new ON new.id = a.new_status_id
            WHERE a._type = '{name.title()}StatusChange'
        ), ordered AS (
            SELECT *, row_number() OVER (PARTITION BY object ORDER BY moment, id) AS place FROM change
        ), step AS (
            SELECT object, 0 AS place, created AS since, coalesce(old_status, new_status) AS status
            FROM ordered WHERE place = 1
            UNION ALL SELECT object, place, greatest(moment, created), new_status FROM ordered
            UNION ALL SELECT no, 0, created, status FROM {objects}
            WHERE status IS NOT NULL AND no NOT IN (SELECT object FROM change)
        ), entered AS (
            SELECT *, lag(status) OVER (PARTITION BY object ORDER BY place) AS previous FROM step
        )
        SELECT object, place, since, lead(since, 1, {FAR}) OVER way, status, previous, lag(since, 1, -{FAR}) OVER way,
            lag(since, 1, -{FAR}) OVER (PARTITION BY object, status ORDER BY place),
            lag(since, 1, -{FAR}) OVER (PARTITION BY object, previous ORDER BY place),
            lag(since, 1, -{FAR}) OVER (PARTITION BY object, previous, status ORDER BY place)
        FROM entered WHERE previous IS NULL OR previous <> status
        WINDOW way AS (PARTITION BY object ORDER BY place) ORDER BY since, object, place
    """


_DAYS = " UNION ".join(
    f"SELECT {day} AS day FROM store.{table}"
    for table, day in (
        *((table, "day") for table in _ACTIVITIES),
        *((table, f"floored({moment}, {DAY})") for table in _ACTIVITIES for moment in ("created", "happened")),
        ("email", f"floored(sent, {DAY})"),
        ("sms", f"floored(sent, {DAY})"),
        ("custom_value", f"floored(ts, {DAY})"),
        ("custom_value", "day"),
        ("lead", "created_day"),
        ("opportunity", "created_day"),
        ("opportunity", f"floored(won_ts, {DAY})"),
        ("opportunity", f"floored(lost_ts, {DAY})"),
        ("opportunity", "won_day"),
        ("opportunity", "lost_day"),
    )
)

_CALENDAR = f"""
    INSERT INTO store.calendar
    SELECT day, day * {DAY}, floored(day + 3, 7), floored(day + 4, 7),
        (year(date) - 1970) * 12 + month(date) - 1, (year(date) - 1970) * 4 + quarter(date) - 1, year(date) - 1970
    FROM (
        SELECT day, DATE '1970-01-01' + day AS date
        FROM (SELECT DISTINCT (day + unnest(range(-2, 3)))::INTEGER AS day FROM ({_DAYS}) WHERE day IS NOT NULL)
    )
    ORDER BY day
"""
"""The days of the data with two on either side of each: one date in a far century does not bring all years between."""

_OBJECTS = (_LEAD, _CONTACT, _OPPORTUNITY)

_STATEMENTS = (
    _spans("lead", "store.lead", "a.lead_id"),
    _spans("opportunity", "store.opportunity", "a.opportunity_id"),
    _LOST,
    funnel.STAYS,
    *map(_activity, _ACTIVITIES),
    *custom.STATEMENTS,
    _CALENDAR,
)

STEPS = len(_OBJECTS) + len(_STATEMENTS)
