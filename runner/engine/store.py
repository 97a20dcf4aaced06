"""A store: the canonical tables of one organization in a folder, opened for reading only.

The folder holds a Parquet file per table (the form other engines read), ``store.duckdb`` (made from them, what we read)
and ``manifest.json`` (layout version and row counts).
"""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Self

import duckdb

from runner.engine.layout import TABLES, VERSION
from runner.errors import RunnerError

CACHE = "store.duckdb"
MANIFEST = "manifest.json"

HARDENED = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET memory_limit = '400MB'",
    "SET threads = 2",
    "SET lock_configuration = true",
)
"""No file, network or extension can be reached from SQL, and no statement can change that."""


class Store:
    """An open store. Threads may ask it at the same time; close it, or use it as a context manager."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._local = threading.local()
        self.resources = cache(self._resources)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The store in ``folder``; RunnerError when it is none, damaged, or of another layout."""
        _check(folder)
        if not (folder / CACHE).is_file():
            _rebuild(folder)
        try:
            connection = duckdb.connect(str(folder / CACHE), read_only=True)
            for setting in HARDENED:
                connection.execute(setting)
        except duckdb.Error as error:
            raise RunnerError(f"{folder}: damaged: {error}\n{_remedy(folder)}") from error
        return cls(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        rows: list[tuple[Any, ...]] = self._local.cursor.execute(sql).fetchall()
        return rows

    def _resources(self, kind: str) -> list[dict[str, Any]]:
        """The API objects of one dump file, in the file's order."""
        rows = self.execute("SELECT kind, position, body FROM resource")
        return [json.loads(body) for found, _, body in sorted(rows) if found == kind]


def create(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Make every table of the layout, empty, in an attached database."""
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {database}.{table} ({columns})")


def _check(folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        layout = manifest["layout"]
    except OSError as error:
        raise RunnerError(f"{folder}: no store: {error.strerror}\n{_remedy(folder)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunnerError(f"{folder / MANIFEST}: damaged\n{_remedy(folder)}") from error
    if layout != VERSION:
        raise RunnerError(f"{folder}: layout {layout}, this version reads {VERSION}\n{_remedy(folder)}")


def _rebuild(folder: Path) -> None:
    """Make the DuckDB file anew from the Parquet files; it takes its place when it is whole."""
    part = folder / f".{CACHE}.part"
    part.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(part)) as connection:
            create(connection, "main")
            for table in TABLES:
                connection.read_parquet(str(folder / f"{table}.parquet")).insert_into(table)
        part.replace(folder / CACHE)
    except duckdb.Error as error:
        part.unlink(missing_ok=True)
        raise RunnerError(f"{folder}: damaged: {error}\n{_remedy(folder)}") from error


def _remedy(folder: Path) -> str:
    return f"load it again: runner load DUMP {folder}"
