"""A store: the canonical tables of one organization in a folder, opened for reading only.

The folder holds a Parquet file per table (the form other engines read), ``store.duckdb`` (made from them, what we read)
and ``manifest.json`` (layout version, files it was made from, row counts).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import duckdb

from runner.engine.inquiry import OutOfMemoryError
from runner.engine.layout import TABLES, VERSION
from runner.errors import RunnerError

CACHE = "store.duckdb"
MANIFEST = "manifest.json"

OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
LOCKED = (
    "SET enable_external_access = false",
    "SET memory_limit = '1GB'",
    "SET threads = 2",
    "SET lock_configuration = true",
)
"""No file, network or extension can be reached from SQL, and no statement can change that."""

_BROKEN = (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException)
"""What DuckDB raises where a file is not as it was written."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a store says of itself: its layout, the names of the files it was made from, rows per table."""

    layout: int
    source: tuple[str, ...]
    rows: Mapping[str, int]


class Store:
    """An open store. Threads may ask it at the same time; close it, or use it as a context manager.

    Each open store is a DuckDB of its own, so that a store that is loaded anew can be opened beside the old one.
    """

    def __init__(self, folder: Path, meta: Meta) -> None:
        self.meta = meta
        self._folder = folder
        self._spill = tempfile.TemporaryDirectory(prefix="runner-")
        self._connection = duckdb.connect(config={**OFFLINE, "temp_directory": self._spill.name})
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self.resources = cache(self._resources)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The store in ``folder``; RunnerError when it is none, damaged, or of another layout."""
        meta = _read(folder)
        if not (folder / CACHE).is_file():
            _rebuild(folder)
        store = cls(folder, meta)
        try:
            store._attach()
        except RunnerError:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        for connection in (*self._idle, self._connection):
            connection.close()
        self._spill.cleanup()

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one statement; RunnerError where the store is damaged or the memory does not suffice."""
        try:
            connection = self._connected()
            rows = connection.execute(sql).fetchall()
            self._idle.append(connection)
            return rows
        except _BROKEN as error:
            raise _damaged(self._folder, error) from error
        except duckdb.OutOfMemoryException as error:
            raise OutOfMemoryError(f"{self._folder}: not enough memory for this beside what else is asked") from error

    def _connected(self) -> duckdb.DuckDBPyConnection:
        """A connection of the caller's own; put back where it waits, it spares the next statement the making."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._connection.cursor().execute("USE store")

    def _attach(self) -> None:
        quoted = str(self._folder / CACHE).replace("'", "''")
        try:
            self._connection.execute(f"ATTACH '{quoted}' AS store (READ_ONLY)")
            for setting in LOCKED:
                self._connection.execute(setting)
        except duckdb.Error as error:
            raise _damaged(self._folder, error) from error

    def _resources(self, kind: str) -> list[dict[str, Any]]:
        """The API objects of one dump file, in the file's order."""
        rows = self.execute("SELECT kind, position, body FROM resource")
        return [json.loads(body) for found, _, body in sorted(rows) if found == kind]


def create(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Make every table of the layout, empty, in an attached database."""
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {database}.{table} ({columns})")


def _read(folder: Path) -> Meta:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        meta = Meta(manifest["layout"], tuple(manifest.get("source", ())), manifest["rows"])
    except OSError as error:
        raise RunnerError(f"{folder}: no store: {error.strerror}\n{_remedy(folder)}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunnerError(f"{folder / MANIFEST}: damaged\n{_remedy(folder)}") from error
    if meta.layout != VERSION:
        raise RunnerError(f"{folder}: layout {meta.layout}, this version reads {VERSION}\n{_remedy(folder)}")
    return meta


def _rebuild(folder: Path) -> None:
    """Make the DuckDB file anew from the Parquet files; it takes its place when it is whole."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as temporary:
            part = Path(temporary) / CACHE
            with duckdb.connect(str(part)) as connection:
                create(connection, "main")
                for table in TABLES:
                    connection.read_parquet(str(folder / f"{table}.parquet")).insert_into(table)
            part.replace(folder / CACHE)
    except OSError as error:
        raise RunnerError(f"{folder / CACHE}: could not be made: {error.strerror}") from error
    except duckdb.Error as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> RunnerError:
    return RunnerError(f"{folder}: damaged: {error}\n{_remedy(folder)}")


def _remedy(folder: Path) -> str:
    return f"load it again: runner load DUMP {folder}"
