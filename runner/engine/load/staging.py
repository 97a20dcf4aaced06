"""Rows of a dump -> typed staging tables: SQL parses each object once, checks every field, keeps one row per id."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from runner.engine.load import files
from runner.engine.load.fields import CUSTOM, FIELDS, NESTED, STAGED, TYPES, column, flat, sound, value
from runner.engine.load.files import LONGEST, BadRow, File
from runner.engine.load.sift import sift
from runner.errors import RunnerError

Connection = duckdb.DuckDBPyConnection

Listener: TypeAlias = Callable[[str, int, int], None]
"""Hears how far the load is: a file and its bytes read of all, then ``tables`` and how many steps of all are done."""

SHOWN = 20
"""Bad rows that an error names; the others are counted."""

PAGE = 10_000
"""Rows taken from SQL at a time."""

TICK = 0.1
"""Seconds between two looks at how far a statement is."""

_DATES = ("date_won", "date_lost")
"""Dates that may be plain: a day is kept in a column ``_day`` beside the moment."""

_UPDATED = "coalesce(date_updated, -9223372036854775808)"


@dataclass(frozen=True, slots=True)
class _Scan:
    """A file as SQL reads it."""

    path: Path
    array: bool
    flat: tuple[str, ...] | None = None
    """The names of the flat custom fields; None where the rows have them gathered under ``flat``."""

    def objects(self) -> str:
        """SQL of whole objects: ``body``, and ``parent``, the id of the lead they lie in."""
        return f"SELECT json AS body, NULL::VARCHAR AS parent FROM read_json_objects({self._arguments()})"

    def columns(self, columns: Mapping[str, str]) -> str:
        """SQL of some keys of every object, of the types named."""
        named = ", ".join(f"{_literal(name)}: {_literal(kind)}" for name, kind in columns.items())
        return f"read_json({self._arguments()}, columns = {{{named}}})"

    def fields(self, resource: str) -> dict[str, str]:
        """The keys that objects of a resource are read for, with their type."""
        custom = ["flat"] if self.flat is None else [f"custom.{name}" for name in self.flat]
        return dict.fromkeys([*FIELDS[resource], *(custom if resource in CUSTOM else ())], "JSON")

    def gathered(self, resource: str) -> str:
        """SQL of the flat custom fields of an object as one JSON object, from the columns of ``fields``."""
        if resource not in CUSTOM or self.flat == ():
            return "NULL::JSON"
        if self.flat is None:
            return "flat"
        pairs = (f"{_literal(name)}, {_name('custom.' + name)}" for name in self.flat)
        return f"json_object({', '.join(pairs)})"

    def _arguments(self) -> str:
        form = "array" if self.array else "newline_delimited"
        # The reader takes a path for a pattern; in brackets a character stands for itself.
        name = "".join(f"[{char}]" if char in "*?[" else char for char in str(self.path)).replace("'", "''")
        compression = "gzip" if self.path.suffix == ".gz" else "none"
        return f"'{name}', format = '{form}', maximum_object_size = {LONGEST}, compression = '{compression}'"


def stage(
    connection: Connection,
    found: Mapping[str, File],
    scratch: Path,
    *,
    skip_bad: bool,
    progress: Listener,
) -> list[BadRow]:
    """Fill the tables ``s_lead``, ``s_opportunity`` and ``s_activity``, one row per id.

    Gives the rows left out; RunnerError names them where ``skip_bad`` does not allow it. ``progress`` hears each file's
    name, how much of it is read, and its size, in bytes.
    """
    skipped: list[BadRow] = []
    scans: dict[str, _Scan] = {}
    for resource in STAGED:
        nothing = ", ".join(f"NULL::JSON AS {name}" for name in (*FIELDS[resource], "flat"))
        connection.execute(
            f"CREATE TABLE s_{resource} AS {_typed(resource, f'SELECT {nothing}, NULL::VARCHAR AS parent')} LIMIT 0"
        )
    for file in (found[resource] for resource in files.LARGE if resource in found):
        name, size = file.path.name, file.path.stat().st_size
        tell = partial(_report, progress, name, size)
        scans[file.resource], bad = _take(connection, file, scratch, skip_bad=skip_bad, tell=tell)
        progress(name, size, size)
        skipped += bad
    for resource in STAGED:
        _settle(connection, resource, _objects(resource, scans), scratch)
    return skipped


def _take(
    connection: Connection, file: File, scratch: Path, *, skip_bad: bool, tell: Callable[[float], None]
) -> tuple[_Scan, list[BadRow]]:
    """Stage a file; gives what was read. One that is not sound throughout is sifted row by row first."""
    scan = _Scan(file.path, files.is_array(file), files.flat_names(file) if file.resource in CUSTOM else ())
    try:
        if _staged(connection, file.resource, scan, tell):
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
        raise RunnerError(refusal(rows))
    scan = _Scan(clean, array=False)
    if not _staged(connection, file.resource, scan, tell):
        raise RunnerError(f"{file.path}: cannot be read {unreadable}")
    return scan, rows


def refusal(rows: list[BadRow]) -> str:
    """What is said of bad rows that stop a load."""
    named = "\n".join(f"  {row}" for row in rows[:SHOWN])
    more = f"\n  and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return f"{count} cannot be loaded, so nothing was (--skip-bad leaves them out):\n{named}{more}"


def _staged(connection: Connection, resource: str, scan: _Scan, tell: Callable[[float], None]) -> bool:
    """Whether all of the file's objects are sound; then they are in the staging tables, else none of them."""
    sources = _sources(resource, scan)
    connection.execute("BEGIN")
    try:
        for place, (name, source) in enumerate(sources.items()):
            wanted = f"NOT sound OR _type IN {tuple(TYPES)}" if name == "activity" else "true"
            insert = f"INSERT INTO s_{name} SELECT * FROM ({_typed(name, source)}) WHERE {wanted}"
            _watch(connection, insert, partial(_overall, tell, place, len(sources)))
        good = not any(one(connection, f"SELECT COUNT(*) FROM s_{name} WHERE NOT sound") for name in sources)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT" if good else "ROLLBACK")
    return good


def _report(progress: Listener, name: str, size: int, share: float) -> None:
    progress(name, int(share * size), size)


def _overall(tell: Callable[[float], None], place: int, count: int, share: float) -> None:
    """Tell of the whole, of which ``share`` of the part at ``place`` is done."""
    tell((place + share) / count)


def _watch(connection: Connection, sql: str, tell: Callable[[float], None]) -> None:
    """Execute a statement and say meanwhile how much of it is done, from 0 to 1."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(connection.execute, sql)
        try:
            while not wait([running], timeout=TICK).done:
                tell(max(connection.query_progress(), 0.0) / 100)
        except BaseException:  # Ctrl-C, say: the statement must end before its files go
            connection.interrupt()
            raise
        running.result()


def _sources(resource: str, scan: _Scan) -> dict[str, str]:
    """Resource -> SQL of its objects in a file: the file's rows, and what is nested in leads, with the lead's id.

    A column for every field we read, which holds its JSON text, and ``flat`` for the flat custom fields.
    """
    found = {
        resource: _read(resource, scan, f"SELECT *, NULL::VARCHAR AS parent FROM {scan.columns(scan.fields(resource))}")
    }
    for key, nested in NESTED.items() if resource == "lead" else ():
        shape = ", ".join(f"{_name(name)} {kind}" for name, kind in scan.fields(nested).items())
        rows = scan.columns({"id": "JSON", key: f"STRUCT({shape})[]"})
        objects = f"SELECT unnest({key}) AS object, id ->> '$' AS parent FROM {rows}"
        found[nested] = _read(nested, scan, f"SELECT object.*, parent FROM ({objects})")
    return found


def _read(resource: str, scan: _Scan, objects: str) -> str:
    fields = ", ".join(column(resource, name) for name in FIELDS[resource])
    return f"SELECT {fields}, {scan.gathered(resource)} AS flat, parent FROM ({objects})"


def _typed(resource: str, objects: str) -> str:
    """SQL of the objects with their values typed, and whether each is sound."""
    fields = FIELDS[resource]
    values = ", ".join(f"{value(kind, name)} AS v_{name}" for name, kind in fields.items())
    columns = {name: f"v_{name}" for name in fields}
    if resource in CUSTOM:
        columns["flat"] = "flat"
    if "_type" in columns:  # a number in memory
        columns["_type"] = f"TRY_CAST(v__type AS ENUM {tuple(TYPES)})"
    if "lead_id" in columns:
        columns["lead_id"] = "coalesce(v_lead_id, parent)"
    for name in (name for name in _DATES if name in fields):
        plain = f"length({name} ->> '$') = 10"
        columns[name] = f"CASE WHEN NOT {plain} THEN v_{name} END"
        columns[f"{name}_day"] = f"CASE WHEN {plain} THEN v_{name} // 86400000000 END"
    chosen = ", ".join(f"{column} AS {name}" for name, column in columns.items())
    checked = f"coalesce({sound(resource)}, false) AS sound"
    return f"SELECT {chosen}, {checked} FROM (SELECT *, {values} FROM ({objects}))"


def _objects(resource: str, scans: Mapping[str, _Scan]) -> str:
    """SQL of all whole objects of a resource: of its own file, and nested in leads."""
    found = [scans[resource].objects()] if resource in scans else []
    for key in (key for key, nested in NESTED.items() if nested == resource and "lead" in scans):
        unnested = f"unnest(json_extract(body, '$.{key}[*]')) AS body, body ->> '$.id' AS parent"
        found.append(f"SELECT {unnested} FROM ({scans['lead'].objects()})")
    union = " UNION ALL ".join(found)
    return f"SELECT * FROM ({union}) WHERE (body ->> '$._type') IN {tuple(TYPES)}" if resource == "activity" else union


def _settle(connection: Connection, resource: str, objects: str, scratch: Path) -> None:
    """Leave one row per id: the later ``date_updated``, of equal ones the greater as canonical JSON.

    Rows are told apart by a hash of the id first, which takes little memory; whole objects are looked at only where
    rows that are updated at one moment differ.
    """
    twice = f"(SELECT hash(id) FROM s_{resource} GROUP BY 1 HAVING COUNT(*) > 1)"
    connection.execute(
        f"CREATE OR REPLACE TABLE repeated AS SELECT id FROM s_{resource} WHERE hash(id) IN {twice} "
        "GROUP BY id HAVING COUNT(*) > 1"
    )
    if not one(connection, "SELECT COUNT(*) FROM repeated"):
        return
    connection.execute(
        f"CREATE OR REPLACE TABLE latest AS SELECT DISTINCT * FROM (SELECT * FROM s_{resource} "
        f"WHERE id IN (SELECT id FROM repeated) QUALIFY {_UPDATED} = max({_UPDATED}) OVER (PARTITION BY id))"
    )
    connection.execute("CREATE OR REPLACE TABLE tied AS SELECT id FROM latest GROUP BY id HAVING COUNT(*) > 1")
    connection.execute(f"DELETE FROM s_{resource} WHERE id IN (SELECT id FROM repeated)")
    connection.execute(f"INSERT INTO s_{resource} SELECT * FROM latest WHERE id NOT IN (SELECT id FROM tied)")
    if one(connection, "SELECT COUNT(*) FROM tied"):
        winners = scratch / f"{resource}.winners.ndjson"
        _choose(connection, objects, list(FIELDS[resource]), winners)
        scan = _Scan(winners, array=False)
        chosen = scan.columns(scan.fields(resource) | {"parent": "VARCHAR"})
        objects = _read(resource, scan, f"SELECT * FROM {chosen}")
        connection.execute(f"INSERT INTO s_{resource} {_typed(resource, objects)}")


def _choose(connection: Connection, objects: str, fields: list[str], winners: Path) -> None:
    """Write the greatest copy of each of the ``tied`` objects, with the lead it lies in as ``parent``."""
    copies = connection.cursor().execute(
        f"SELECT o.body ->> '$.id', epoch_us(TRY_CAST(o.body ->> '$.date_updated' AS TIMESTAMPTZ)), o.parent, "
        f"o.body::VARCHAR FROM ({objects}) o WHERE (o.body ->> '$.id') IN (SELECT id FROM tied) ORDER BY 1"
    )
    with winners.open("w", encoding="ascii") as out:
        for _, group in itertools.groupby(_pages(copies), key=lambda copy: copy[0]):
            _, _, text, parent = max(map(_rank, group))
            body = json.loads(text)
            kept = {name: body.get(name) for name in fields} | {"parent": parent or None, "flat": flat(body)}
            out.write(json.dumps(kept) + "\n")


def _rank(copy: tuple[Any, ...]) -> tuple[bool, int, str, str]:
    """What decides between copies: null is earliest; at last the lead it lies in, so that order never matters."""
    identity, updated, parent, body = copy
    try:
        canonical = json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False)
    except RecursionError:
        raise RunnerError(f"{identity}: nested too deep to be compared with its other copies") from None
    return updated is not None, updated or 0, canonical, parent or ""


def _pages(cursor: Connection) -> Iterator[tuple[Any, ...]]:
    while page := cursor.fetchmany(PAGE):
        yield from page


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def one(connection: Connection, sql: str) -> int:
    """The one number a statement gives."""
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
