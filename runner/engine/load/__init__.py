"""Load a dump of exported data into a store: read once, checked whole, put in place at the end."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import duckdb

from runner.engine import store
from runner.engine.layout import TABLES, VERSION
from runner.engine.load import facts, files, objects, staging
from runner.engine.load.files import BadRow
from runner.errors import RunnerError

Listener: TypeAlias = Callable[[str, int, int], None]
"""Hears how far the load is: what, steps done, steps in all."""

STEPS = 12
MEMORY = "1500MB"
"""What SQL may hold before it goes to disk."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load came to: rows per table of the store, and the rows of the dump that were left out."""

    rows: Mapping[str, int]
    skipped: tuple[BadRow, ...]


def load(dump: Path, target: Path, *, skip_bad: bool = False, progress: Listener = lambda *_: None) -> Loaded:
    """Load the folder ``dump`` into the store ``target``; RunnerError leaves a store that was there as it was.

    A bad row stops the load, unless ``skip_bad``: then it is left out and listed.
    """
    found = files.find(dump)
    if "?" in str(target):
        raise RunnerError(
            f"{target}: a store's path cannot have a '?' in it (DuckDB reads it as its own); name another"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
            scratch = Path(temporary)
            (scratch / "store").mkdir()
            loaded = _fill(found, scratch, skip_bad=skip_bad, step=_Steps(progress))
            _place(scratch, target)
    except OSError as error:
        raise RunnerError(f"{target}: could not be written: {error.strerror or error}") from error
    return loaded


class _Steps:
    """Counts the steps of a load for whoever listens."""

    def __init__(self, progress: Listener) -> None:
        self._progress = progress
        self._done = 0

    def __call__(self, what: str) -> None:
        """A step begins."""
        self._done += 1
        self._progress(f"loading {what}", min(self._done, STEPS), STEPS)


def _fill(found: Mapping[str, files.File], scratch: Path, *, skip_bad: bool, step: Callable[[str], None]) -> Loaded:
    """Read everything and write the whole store into ``scratch``/store."""
    folder = scratch / "store"
    with duckdb.connect(str(scratch / "staging.duckdb")) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH '{_quoted(folder / store.CACHE)}' AS store")
        store.create(connection, "store")
        step("users, pipelines and statuses")
        resources, skipped = objects.read(found, skip_bad=skip_bad)
        step("leads and activities")
        skipped += staging.stage(connection, found, scratch, skip_bad=skip_bad)
        objects.write(connection, resources)
        facts.write(connection, step)
        rows = {table: staging.one(connection, f"SELECT COUNT(*) FROM store.{table}") for table in TABLES}
        step("store")
        for table in TABLES:
            target = _quoted(folder / f"{table}.parquet")
            connection.execute(f"COPY (SELECT * FROM store.{table} ORDER BY rowid) TO '{target}' (COMPRESSION zstd)")
        connection.execute("DETACH store")
    manifest = {"layout": VERSION, "rows": rows}
    (folder / store.MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return Loaded(rows, tuple(skipped))


def _place(scratch: Path, target: Path) -> None:
    """Bring the new store to disk and put it where the old one was."""
    new = scratch / "store"
    for path in (*new.iterdir(), new):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    if target.exists():
        if any(target.iterdir()) and not (target / store.MANIFEST).is_file():
            raise RunnerError(f"{target}: holds other things than a store; name another folder")
        target.rename(scratch / "old")
    try:
        new.rename(target)
    except OSError:
        if (scratch / "old").exists():
            (scratch / "old").rename(target)
        raise
    shutil.rmtree(scratch / "old", ignore_errors=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
