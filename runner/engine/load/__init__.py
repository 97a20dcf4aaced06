"""Load a dump of exported data into a store: read once, checked whole, put in place at the end."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from runner.engine import store
from runner.engine.layout import TABLES, VERSION
from runner.engine.load import facts, files, objects, staging
from runner.engine.load.files import BadRow
from runner.engine.load.staging import Listener
from runner.errors import RunnerError
from runner.files import sync

__all__ = ["BadRow", "Listener", "Loaded", "load"]

MEMORY = 1_700_000_000
"""Bytes that SQL may hold before it goes to disk; less where the machine has less."""

PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
"""The usual level makes files a twentieth smaller for a quarter more work."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load came to: rows per table of the store, the rows of the dump left out, the names of files not read."""

    rows: Mapping[str, int]
    skipped: tuple[BadRow, ...]
    ignored: tuple[str, ...]


def load(dump: Path, target: Path, *, skip_bad: bool = False, progress: Listener = lambda *_: None) -> Loaded:
    """Load the folder ``dump`` into the store ``target``; RunnerError leaves a store that was there as it was.

    A bad row stops the load, unless ``skip_bad``: then it is left out and listed.
    """
    found = files.find(dump)
    try:
        _refuse_others(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
            scratch = Path(temporary)
            (scratch / "store").mkdir()
            rows, skipped = _fill(found, scratch, skip_bad=skip_bad, progress=progress)
            _place(scratch, target)
    except OSError as error:
        raise RunnerError(f"{target}: could not be written: {error.strerror or error}") from error
    except duckdb.Error as error:
        raise RunnerError(f"{target}: could not be made: {error}") from error
    return Loaded(rows, tuple(skipped), files.strangers(dump))


def _refuse_others(target: Path) -> None:
    """RunnerError where the new store would take the place of other things, or cannot have that name."""
    if "?" in str(target):
        raise RunnerError(
            f"{target}: a store's path cannot have a '?' in it (DuckDB reads it as its own); name another"
        )
    if target.exists() and any(target.iterdir()) and not (target / store.MANIFEST).is_file():
        raise RunnerError(f"{target}: holds other things than a store; name another folder")


def _fill(
    found: Mapping[str, files.File], scratch: Path, *, skip_bad: bool, progress: Listener
) -> tuple[dict[str, int], list[BadRow]]:
    """Read everything and write the whole store into ``scratch``/store; gives rows per table and rows left out."""
    folder = scratch / "store"
    done = itertools.count(1)
    with duckdb.connect() as connection:
        connection.execute(
            f"SET memory_limit = least(parse_formatted_bytes(current_setting('memory_limit')), {MEMORY}) || 'B'; "
            f"SET temp_directory = '{_quoted(scratch / 'spill')}'"
        )
        connection.execute(
            "SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false"
        )
        connection.execute(f"ATTACH '{_quoted(folder / store.CACHE)}' AS store")
        store.create(connection, "store")
        resources, skipped = objects.read(found, skip_bad=skip_bad)
        connection.execute("SET preserve_insertion_order = false")
        skipped += staging.stage(connection, found, scratch, skip_bad=skip_bad, progress=progress)
        connection.execute("SET preserve_insertion_order = true")
        objects.write(connection, resources)
        facts.write(connection, resources["custom_field"], lambda: progress("tables", next(done), facts.STEPS))
        rows = {table: staging.one(connection, f"SELECT COUNT(*) FROM store.{table}") for table in TABLES}
        for table in TABLES:
            target = _quoted(folder / f"{table}.parquet")
            connection.execute(f"COPY store.{table} TO '{target}' ({PARQUET})")
        connection.execute("DETACH store")
    manifest = {"layout": VERSION, "rows": rows, "source": [file.path.name for file in found.values()]}
    (folder / store.MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return rows, skipped


def _place(scratch: Path, target: Path) -> None:
    """Bring the new store to disk and put it where the old one was."""
    new = scratch / "store"
    for path in (*new.iterdir(), new):
        sync(path)
    if target.exists():
        target.rename(scratch / "old")
    try:
        new.rename(target)
    except OSError:
        if (scratch / "old").exists():
            (scratch / "old").rename(target)
        raise
    sync(target.parent)
    shutil.rmtree(scratch / "old", ignore_errors=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
