"""The few objects of an organization, in its order: resources as served, users, pipelines, statuses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from runner.engine.layout import TABLES
from runner.engine.load import fields, files
from runner.engine.load.files import BadRow, File
from runner.engine.load.staging import refusal
from runner.errors import RunnerError

Row = dict[str, Any]
Resources = Mapping[str, list[Row]]

_LISTS = {"statuses": "object", "memberships": "member", "inactive_memberships": "member", "members": "member"}
"""Key of an object -> what it lists."""

_PEOPLE = """
    SELECT created_by FROM s_lead UNION SELECT created_by FROM s_opportunity
    UNION SELECT user_id FROM s_opportunity UNION SELECT user_id FROM s_activity
"""


def read(found: Mapping[str, File], *, skip_bad: bool) -> tuple[dict[str, list[Row]], list[BadRow]]:
    """The rows of the small files, one per id at the place of its first copy, and the rows left out."""
    resources: dict[str, list[Row]] = {}
    skipped: list[BadRow] = []
    for name in files.SMALL:
        chosen: dict[str, Row] = {}
        for line, row, unreadable in files.rows(found[name]) if name in found else ():
            reason = unreadable or _fault(row)
            if reason:
                skipped.append(BadRow(found[name].path.name, line, fields.identity(row), reason))
            else:
                chosen[row["id"]] = max(chosen.get(row["id"], row), row, key=_rank)
        resources[name] = list(chosen.values())
    if skipped and not skip_bad:
        raise RunnerError(refusal(skipped))
    return resources, skipped


def write(connection: duckdb.DuckDBPyConnection, resources: Resources) -> None:
    """Fill ``resource``, ``user_account``, ``pipeline`` and the status tables of the attached ``store``."""
    listed = [
        (kind, place, row["id"], json.dumps(row, sort_keys=True))
        for kind, rows in resources.items()
        for place, row in enumerate(rows)
    ]
    _fill(connection, "resource", listed)
    _fill(connection, "user_account", _numbered(_users(resources, _column(connection, _PEOPLE))))
    pipelines = resources["pipeline"]
    _fill(connection, "pipeline", _numbered((row["id"], row.get("name")) for row in pipelines))
    _fill(connection, "lead_status", _numbered(_lead_statuses(connection, resources["lead_status"])))
    _fill(connection, "opportunity_status", _numbered(_opportunity_statuses(connection, pipelines)))


def _users(resources: Resources, met: Iterable[str]) -> list[tuple[Any, ...]]:
    """Present users by last name, first name, id; then removed ones and those met only in objects, by full name, id."""
    members, former = (_members(resources, key) for key in ("memberships", "inactive_memberships"))
    present = {row["id"]: (row.get("first_name"), row.get("last_name"), row.get("email")) for row in resources["user"]}
    for user, (name, email) in members.items():
        present.setdefault(user, (name, None, email))
    removed = {user: (former.get(user) or (None, None)) for user in {*former, *met} - present.keys()}
    first = [(user, *names, members.get(user, (None,))[0], 1) for user, names in present.items()]
    last = [(user, None, None, email, name, 0) for user, (name, email) in removed.items()]
    first.sort(key=lambda row: (row[2] or "", row[1] or "", row[0]))
    last.sort(key=lambda row: (row[4] or "", row[0]))
    return [*first, *last]


def _members(resources: Resources, key: str) -> dict[str, tuple[str | None, str | None]]:
    """User -> full name and e-mail, of the organization's memberships."""
    rows = [row for each in resources["organization"] for row in each.get(key) or []]
    return {row["user_id"]: (row.get("user_full_name"), row.get("user_email")) for row in rows if row.get("user_id")}


def _lead_statuses(connection: duckdb.DuckDBPyConnection, listed: Sequence[Row]) -> list[tuple[Any, ...]]:
    known = [(row["id"], row.get("label"), int(row.get("is_deleted") is True)) for row in listed]
    met = connection.execute(_met("Lead", "", "s_lead")).fetchall()
    return [*known, *((status, label, 1) for status, label, _ in _unlisted(known, met))]


def _opportunity_statuses(connection: duckdb.DuckDBPyConnection, pipelines: Sequence[Row]) -> list[tuple[Any, ...]]:
    known: dict[str, tuple[Any, ...]] = {}
    for place, pipeline in enumerate(pipelines):
        for row in pipeline.get("statuses") or []:  # one that two pipelines list belongs to the first
            deleted = int(row.get("is_deleted") is True)
            known.setdefault(row["id"], (row["id"], row.get("label"), row.get("type"), place, deleted))
    met = connection.execute(_met("Opportunity", "status_type", "s_opportunity")).fetchall()
    unlisted = _unlisted(known.values(), met)
    return [*known.values(), *((status, label, kind, None, 1) for status, label, kind in unlisted)]


def _met(kind: str, status_type: str, table: str) -> str:
    """SQL of every status in changes and objects: id, label, type; a change's word goes before an object's."""
    old, new, own = (f"{side}{status_type}" if status_type else "NULL" for side in ("old_", "new_", ""))
    change = f"FROM s_activity WHERE _type = '{kind}StatusChange'"
    return f"""
        SELECT id, coalesce(max(label) FILTER (WHERE seen = 1), max(label)),
            coalesce(max(kind) FILTER (WHERE seen = 1), max(kind))
        FROM (
            SELECT old_status_id AS id, old_status_label AS label, {old} AS kind, 1 AS seen {change}
            UNION ALL SELECT new_status_id, new_status_label, {new}, 1 {change}
            UNION ALL SELECT status_id, status_label, {own}, 2 FROM {table}
        ) WHERE id IS NOT NULL GROUP BY id
    """


def _unlisted(known: Iterable[tuple[Any, ...]], met: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The statuses that the organization does not list: deleted ones, by label, then id."""
    ids = {row[0] for row in known}
    return sorted((row for row in met if row[0] not in ids), key=lambda row: (row[1] or "", row[0]))


def _fault(row: Any) -> str:
    return fields.fault("object", row) or next(_faults(row), "")


def _faults(row: Row) -> Iterator[str]:
    """What is wrong with the objects that an object lists."""
    for key, resource in _LISTS.items():
        yield from (f"{key}: {why}" for item in row.get(key) or [] if (why := fields.fault(resource, item)))


def _rank(row: Row) -> tuple[float, str]:
    updated = row.get("date_updated")
    at = fields.instant(updated).timestamp() if updated else float("-inf")
    return at, json.dumps(row, sort_keys=True, ensure_ascii=False)


def _numbered(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(number, *row) for number, row in enumerate(rows)]


def _column(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [value for (value,) in connection.execute(sql).fetchall() if value is not None]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows column by column, which one statement does for any number of them."""
    if rows:
        kinds = [column.rpartition(" ")[2] for column in TABLES[table].split(", ")]
        columns = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
        connection.execute(
            f"INSERT INTO store.{table} SELECT {columns}", [list(column) for column in zip(*rows, strict=True)]
        )
