"""Rows of a dump -> typed staging tables: SQL parses each object once, checks every field, keeps one row per id."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from runner.engine.load import files
from runner.engine.load.fields import FIELDS, NESTED, STAGED, sound
from runner.engine.load.files import LONGEST, BadRow, File
from runner.engine.load.sift import sift
from runner.errors import RunnerError

Connection = duckdb.DuckDBPyConnection

SHOWN = 20
"""Bad rows that an error names; the others are counted."""

PAGE = 10_000
"""Rows taken from SQL at a time."""

_CAST = {
    "id": "{value} ->> '$'",
    "text": "{value} ->> '$'",
    "moment": "epoch_us(TRY_CAST({value} ->> '$' AS TIMESTAMPTZ))",
    "whole": "TRY_CAST(TRY_CAST({value} AS DECIMAL(20, 1)) AS BIGINT)",
    "flag": "CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    "list": "CASE WHEN json_array_length({value}) > 0 THEN 1 ELSE 0 END",
}
"""Kind of field -> SQL of its value, from its JSON text ``{value}``."""

_DATES = ("date_won", "date_lost")
"""Dates that may be plain: a day is kept in a column ``_day`` beside the moment."""

_NOTHING = "SELECT NULL::JSON AS body, NULL::VARCHAR AS parent WHERE false"

_KNOWN = "('Call', 'Email', 'SMS', 'Meeting', 'Note', 'TaskCompleted', 'LeadStatusChange', 'OpportunityStatusChange')"


def stage(connection: Connection, found: Mapping[str, File], scratch: Path, *, skip_bad: bool) -> list[BadRow]:
    """Fill the tables ``s_lead``, ``s_opportunity`` and ``s_activity``, one row per id.

    Gives the rows left out; RunnerError names them where ``skip_bad`` does not allow it.
    """
    skipped: list[BadRow] = []
    sources: dict[str, list[str]] = {resource: [] for resource in STAGED}
    for resource in STAGED:
        connection.execute(f"CREATE TABLE s_{resource} AS {_typed(resource, _NOTHING)}")
    for file in (found[resource] for resource in files.LARGE if resource in found):
        scan, bad = _take(connection, file, scratch, skip_bad=skip_bad)
        skipped += bad
        for resource, source in _sources(file.resource, scan).items():
            sources[resource].append(source)
    for resource, scans in sources.items():
        _settle(connection, resource, " UNION ALL ".join(scans) or _NOTHING, scratch)
        connection.execute(f"ALTER TABLE s_{resource} DROP sound")
    return skipped


def _take(connection: Connection, file: File, scratch: Path, *, skip_bad: bool) -> tuple[str, list[BadRow]]:
    """Stage a file; gives SQL of the rows taken. One that is not sound throughout is sifted row by row first."""
    scan = _scan(file.path, array=files.is_array(file))
    try:
        if _staged(connection, file.resource, scan):
            return scan, []
    except duckdb.OutOfMemoryException as error:
        raise RunnerError(f"{file.path}: {error}") from error
    except duckdb.Error as error:
        unreadable = str(error)  # it is no JSON as SQL reads it; the exact pass says where
    else:
        unreadable = ""
    clean = scratch / f"{file.resource}.ndjson"
    rows = sift(file, clean)
    if rows and not skip_bad:
        named = "\n".join(f"  {row}" for row in rows[:SHOWN])
        more = f"\n  and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        raise RunnerError(f"{count} cannot be loaded, so nothing was (--skip-bad leaves them out):\n{named}{more}")
    scan = _scan(clean, array=False)
    if not _staged(connection, file.resource, scan):
        raise RunnerError(f"{file.path}: cannot be read {unreadable}")
    return scan, rows


def _staged(connection: Connection, resource: str, scan: str) -> bool:
    """Whether all of the file's objects are sound; then they are in the staging tables, else none of them."""
    sources = _sources(resource, scan)
    for name, source in sources.items():
        connection.execute(f"CREATE OR REPLACE TABLE taken_{name} AS {_typed(name, source)}")
    if any(one(connection, f"SELECT COUNT(*) FROM taken_{name} WHERE NOT sound") for name in sources):
        return False
    for name in sources:
        known = f" WHERE _type IN {_KNOWN}" if name == "activity" else ""
        connection.execute(f"INSERT INTO s_{name} SELECT * FROM taken_{name}{known}")
        connection.execute(f"DROP TABLE taken_{name}")
    return True


def _scan(path: Path, *, array: bool) -> str:
    form = "array" if array else "newline_delimited"
    # The reader takes a path for a pattern; in brackets a character stands for itself.
    name = "".join(f"[{char}]" if char in "*?[" else char for char in str(path)).replace("'", "''")
    return (
        f"SELECT json AS body, NULL::VARCHAR AS parent FROM read_json_objects('{name}', format = '{form}', "
        f"maximum_object_size = {LONGEST}, compression = '{'gzip' if path.suffix == '.gz' else 'none'}')"
    )


def _sources(resource: str, scan: str) -> dict[str, str]:
    """Resource -> SQL of its objects in a file: the file's rows, and what is nested in leads, with the lead's id."""
    found = {resource: scan}
    for key, nested in NESTED.items() if resource == "lead" else ():
        objects = f"unnest(json_extract(body, '$.{key}[*]')) AS body, body ->> '$.id' AS parent"
        found[nested] = f"SELECT {objects} FROM ({scan})"
    return found


def _parsed(resource: str, objects: str) -> str:
    """Each object parsed once: its kind, and the JSON text of every field we read, in the order of ``FIELDS``."""
    paths = ", ".join(f"'$.{name}'" for name in FIELDS[resource])
    lists = ", ".join(f"json_type(body, '$.{key}')" for key in NESTED) if resource == "lead" else ""
    return (
        f"SELECT parent, json_type(body) AS shape, [{lists}]::VARCHAR[] AS lists, "
        f"json_extract(body, [{paths}])::VARCHAR[] AS v FROM ({objects})"
    )


def _sound(resource: str) -> str:
    """SQL that is true of a parsed object without fault."""
    checks = [sound(kind, f"v[{index}]") for index, kind in enumerate(FIELDS[resource].values(), 1)]
    if resource == "lead":
        checks += [f"coalesce(lists[{index}], 'NULL') IN ('NULL', 'ARRAY')" for index in range(1, len(NESTED) + 1)]
    if resource == "activity":
        names = list(FIELDS["activity"])
        given = {name: f"coalesce(v[{names.index(name) + 1}], 'null') <> 'null'" for name in names}
        kind = f"v[{names.index('_type') + 1}]"
        checks.append(
            f"({given['activity_at']} OR {given['date_created']} "
            f"OR ({kind} IN ('\"Email\"', '\"SMS\"') AND {given['date_sent']}) "
            f"OR ({kind} = '\"Meeting\"' AND {given['starts_at']}))"
        )
    return "coalesce(shape = 'OBJECT' AND " + " AND ".join(checks) + ", false)"


def _typed(resource: str, objects: str) -> str:
    columns = []
    for index, (name, kind) in enumerate(FIELDS[resource].items(), 1):
        value = _CAST[kind.removesuffix("!")].format(value=f"v[{index}]")
        if name in _DATES:
            plain = f"length(v[{index}] ->> '$') = 10"
            columns.append(f"CASE WHEN {plain} THEN {value} // 86400000000 END AS {name}_day")
            value = f"CASE WHEN NOT {plain} THEN {value} END"
        columns.append(f"{'coalesce(' + value + ', parent)' if name == 'lead_id' else value} AS {name}")
    return f"SELECT {', '.join(columns)}, {_sound(resource)} AS sound FROM ({_parsed(resource, objects)})"


def _settle(connection: Connection, resource: str, objects: str, scratch: Path) -> None:
    """Leave one row per id: the later ``date_updated``, of equal ones the greater as canonical JSON."""
    repeated = f"(SELECT id FROM s_{resource} GROUP BY id HAVING COUNT(*) > 1)"
    if not one(connection, f"SELECT COUNT(*) FROM {repeated}"):
        return
    connection.execute(f"CREATE TABLE repeated AS SELECT * FROM {repeated}")
    copies = connection.cursor().execute(
        f"SELECT o.body ->> '$.id', epoch_us(TRY_CAST(o.body ->> '$.date_updated' AS TIMESTAMPTZ)), o.parent, "
        f"o.body::VARCHAR FROM ({objects}) o WHERE (o.body ->> '$.id') IN (SELECT id FROM repeated) ORDER BY 1"
    )
    winners = scratch / f"{resource}.winners.ndjson"
    with winners.open("w", encoding="utf-8") as out:
        for _, group in itertools.groupby(_pages(copies), key=lambda copy: copy[0]):
            _, _, text, parent = max(map(_rank, group))
            out.write(f'{{"parent": {json.dumps(parent or None)}, "body": {text}}}\n')
    connection.execute(f"DELETE FROM s_{resource} WHERE id IN (SELECT id FROM repeated)")
    chosen = f"SELECT body -> '$.body' AS body, body ->> '$.parent' AS parent FROM ({_scan(winners, array=False)})"
    connection.execute(f"INSERT INTO s_{resource} {_typed(resource, chosen)}")
    connection.execute("DROP TABLE repeated")


def _rank(copy: tuple[Any, ...]) -> tuple[bool, int, str, str]:
    """What decides between copies: null is earliest; at last the lead it lies in, so that order never matters."""
    _, updated, parent, body = copy
    canonical = json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False)
    return updated is not None, updated or 0, canonical, parent or ""


def _pages(cursor: Connection) -> Iterator[tuple[Any, ...]]:
    while page := cursor.fetchmany(PAGE):
        yield from page


def one(connection: Connection, sql: str) -> int:
    """The one number a statement gives."""
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
