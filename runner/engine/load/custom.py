"""Custom fields and searchable words: what each field is called and holds, a row for each value and each word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from runner.engine.load.fields import CUSTOM, MOMENT

_TYPES = {
    "number": "number", "date": "date", "datetime": "date", "user": "user", "boolean": "boolean",
    "choice": "choice", "choices": "choice",
}  # fmt: skip
"""Type of a field as the organization says it -> the type reports know; any other is text."""

_PAGE = 10_000

_RAW = "CREATE TABLE raw_value AS " + " UNION ALL ".join(
    f"""
    SELECT '{kind}' AS object, o.no AS owner, {flat} AS flat,
        unnest(json_keys(s.{column})) AS name, unnest(json_extract(s.{column}, '$.*')) AS value
    FROM s_{kind} s JOIN store.{kind} o ON o.id = s.id WHERE s.{column} IS NOT NULL
    """
    for kind in CUSTOM
    for column, flat in (("custom", 0), ("flat", 1))
)
"""Every value as the dump has it, under the name it is spelled with; ``flat`` is 1 for ``custom.NAME``."""

_ITEMS = """
    CREATE TABLE item AS
    SELECT *, CASE WHEN json_type(value) = 'BOOLEAN' THEN 'boolean'
        WHEN json_type(value) IN ('UBIGINT', 'BIGINT', 'DOUBLE') THEN 'number' ELSE 'text' END AS kind
    FROM (
        SELECT object, owner, field, unnest(items) AS value, unnest(range(len(items))) AS place FROM (
            SELECT r.object, r.owner, s.field,
                CASE json_type(r.value) WHEN 'ARRAY' THEN json_extract(r.value, '$[*]') ELSE [r.value] END AS items
            FROM raw_value r JOIN spelling s ON s.object = r.object AND s.name = r.name
            WHERE json_type(r.value) <> 'NULL'
            QUALIFY r.flat = max(r.flat) OVER (PARTITION BY r.object, r.owner, s.field)
        )
    ) WHERE json_type(value) <> 'NULL'
"""
"""The values of every field one by one, those of a list with their place; a flat spelling goes before a nested one."""

_VALUES = f"""
    CREATE TABLE typed AS
    SELECT *, kind = 'text' AND regexp_matches(text, '{MOMENT}') AND TRY_CAST(text AS TIMESTAMPTZ)
        IS NOT NULL AS dated
    FROM (
        SELECT object, owner, field, kind, min(text) AS text, min(number) AS number, min(place) AS place FROM (
            SELECT object, owner, field, kind, place,
                CASE json_type(value) WHEN 'VARCHAR' THEN value ->> '$' ELSE value::VARCHAR END AS text,
                CASE WHEN kind = 'number' AND isfinite(value::VARCHAR::DOUBLE) THEN value::VARCHAR::DOUBLE END AS number
            FROM item
        ) GROUP BY object, owner, field, kind, coalesce(number::VARCHAR, text)
    )
"""
"""Each distinct value of a field on an object once; a number beyond any double, 1e400, is kept as its text alone."""

_CHOSEN = """
    INSERT INTO store.custom_field
    SELECT f.no, f.object, f.name, f.id, coalesce(f.type, CASE
        WHEN t.kinds = 'boolean' THEN 'boolean' WHEN t.kinds = 'number' THEN 'number'
        WHEN t.dates THEN 'date' WHEN t.users THEN 'user' ELSE 'text' END)
    FROM field f LEFT JOIN (
        SELECT v.field, string_agg(DISTINCT v.kind) AS kinds, bool_and(v.dated) AS dates,
            bool_and(u.no IS NOT NULL) AS users
        FROM typed v LEFT JOIN store.user_account u ON v.kind = 'text' AND u.id = v.text GROUP BY v.field
    ) t ON t.field = f.no ORDER BY f.no
"""
"""The type of a field that the organization does not type is that of all its values."""

_KEPT = """
    INSERT INTO store.custom_value
    SELECT object, owner, field, kind, text, folded(text), number,
        CASE WHEN dated AND length(text) <> 10 THEN epoch_us(TRY_CAST(text AS TIMESTAMPTZ)) END,
        CASE WHEN dated AND length(text) = 10 THEN epoch_us(TRY_CAST(text AS TIMESTAMPTZ)) // 86400000000 END
    FROM typed ORDER BY field, owner, kind, text
"""

_TEXTS = """
    SELECT 'lead.name' AS field, no AS owner, 0 AS part, name AS text FROM store.lead
    UNION ALL SELECT 'contact.name', no, 0, name FROM store.contact
    UNION ALL SELECT 'contact.title', no, 0, title FROM store.contact
    UNION ALL SELECT 'custom.' || field, owner, place, text FROM typed WHERE kind = 'text'
"""

_FOUND = r"regexp_extract_all(text, '[\p{L}\p{N}_]+')"
"""The words of a text. Each is put in lower case by itself: that of a text can have other words."""

_WORDS = f"""
    INSERT INTO store.word
    SELECT field, owner, part * 1000000 + place, folded(word) AS word FROM (
        SELECT field, owner, part, unnest(words) AS word, unnest(range(len(words))) AS place FROM (
            SELECT field, owner, part, {_FOUND} AS words FROM ({_TEXTS})
        )
    ) ORDER BY field, word, owner
"""

STATEMENTS = (_CHOSEN, _KEPT, _WORDS)
"""Fill ``custom_field``, ``custom_value`` and ``word``, after ``prepare``."""


def prepare(connection: duckdb.DuckDBPyConnection, listed: Sequence[dict[str, Any]]) -> None:
    """Gather the values in tables of their own and say which field each belongs to.

    ``listed`` are the organization's own custom fields (``id name type object``, for a shared one ``associations``):
    one of them is found under its ID and under its name.
    """
    connection.execute(_RAW)
    spelled = connection.execute(
        "SELECT DISTINCT object, name FROM raw_value WHERE json_type(value) <> 'NULL' ORDER BY 1, 2"
    ).fetchall()
    fields, spellings = _fields(listed, spelled)
    connection.execute(
        "CREATE TABLE field (no INTEGER, object VARCHAR, name VARCHAR, id VARCHAR, type VARCHAR);"
        "CREATE TABLE spelling (object VARCHAR, name VARCHAR, field INTEGER)"
    )
    _insert(connection, "field", fields)
    _insert(connection, "spelling", [(*key, no) for key, no in spellings.items()])
    connection.execute(_ITEMS)
    connection.execute(_VALUES)
    fold(connection, "SELECT text FROM typed", f"SELECT unnest({_FOUND}) FROM ({_TEXTS})")


def fold(connection: duckdb.DuckDBPyConnection, *texts: str) -> None:
    """Make ``folded(text)``, which gives a text in lower case, for all texts that the statements ``texts`` give.

    SQL and Python differ beyond ASCII, and searches are put in lower case by Python.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS lowered (text VARCHAR, folded VARCHAR)")
    union = " UNION ".join(texts)
    beyond = connection.cursor().execute(
        f"SELECT * FROM ({union}) t (text) WHERE regexp_matches(text, '[^\\x00-\\x7F]')"
    )
    while page := beyond.fetchmany(_PAGE):
        _insert(connection, "lowered", [(text, text.lower()) for (text,) in page])
    connection.execute(
        "CREATE OR REPLACE TEMP MACRO folded(said) AS "
        "coalesce((SELECT any_value(l.folded) FROM lowered l WHERE l.text = said), lower(said))"
    )


def _fields(
    listed: Sequence[dict[str, Any]], spelled: Sequence[tuple[str, str]]
) -> tuple[list[tuple[Any, ...]], dict[tuple[str, str], int]]:
    """Rows of fields, those listed first, and (object, spelling) -> number of its field."""
    fields: list[tuple[Any, ...]] = []
    spellings: dict[tuple[str, str], int] = {}
    for row in listed:
        name = row.get("name") or row["id"]
        for kind in _objects(row):
            spellings.setdefault((kind, row["id"]), len(fields))
            spellings.setdefault((kind, name), len(fields))
            fields.append((len(fields), kind, name, row["id"], _TYPES.get(row.get("type") or "", "text")))
    for kind, name in spelled:
        if (kind, name) not in spellings:
            spellings[kind, name] = len(fields)
            fields.append((len(fields), kind, name, name if name.startswith("cf_") else None, None))
    return fields, spellings


def _objects(row: dict[str, Any]) -> list[str]:
    """The kinds of objects a listed field is on; of a shared one its associations tell."""
    shared = row.get("associations")
    if not isinstance(shared, list):
        return [kind for kind in CUSTOM if kind == (row.get("object") or "lead")]
    named = [each.get("object_type") for each in shared if isinstance(each, dict)]
    return [kind for kind in CUSTOM if kind in named]


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        kinds = ("INTEGER[]" if isinstance(column[0], int) else "VARCHAR[]" for column in columns)
        chosen = ", ".join(f"unnest(?::{kind})" for kind in kinds)
        connection.execute(f"INSERT INTO {table} SELECT {chosen}", columns)
