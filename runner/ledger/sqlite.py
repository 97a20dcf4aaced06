"""The ledger as a SQLite file: for one machine, where a lock of the kernel says which run is alive.

The rollback journal, not a write-ahead log: there is one writer with small transactions, the ledger is one file that
can be copied while nothing runs, and it can be read where nothing can be written. ``synchronous=EXTRA`` is ``FULL`` and
brings the removal of the journal to disk too; with ``FULL`` alone a power cut may bring the journal back and with it
undo a claim that was answered (https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runner import files
from runner.ledger import lock
from runner.ledger.book import Change
from runner.ledger.moves import LedgerError, identify
from runner.model import Entry, Key, State

VERSION = 1
"""Of the file's format; ``PRAGMA user_version``."""

MARK = 0x52756E4C
"""``PRAGMA application_id``: the file is a ledger and no other program's."""

PATIENCE = 30.0
"""Seconds that a transaction waits for somebody who reads."""

TABLE = f"""
CREATE TABLE entry (
    report TEXT NOT NULL, period TEXT NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL,
    state TEXT NOT NULL, as_of TEXT NOT NULL, changed TEXT NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, run TEXT NOT NULL, word TEXT NOT NULL,
    PRIMARY KEY (report, period, channel, recipient)
) WITHOUT ROWID;
PRAGMA application_id = {MARK};
PRAGMA user_version = {VERSION};
"""
COLUMNS = "report, period, channel, recipient, state, as_of, changed, reason, attempts, fingerprint, run, word"
ALL = f"SELECT {COLUMNS} FROM entry"  # noqa: S608 - names of columns, from here
ONE = f"{ALL} WHERE report = ? AND period = ? AND channel = ? AND recipient = ?"
PUT = f"INSERT OR REPLACE INTO entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - likewise

RESTORE = (
    "put back a copy of the file, then see with `runner ledger list` what was sent since it was made; without a copy, "
    "move the file away: the next run begins a new ledger and sends again whatever is still due"
)


class Sqlite:
    """A store in one file. A run that has entered it keeps all others of this machine out."""

    lease: timedelta | None = None

    def __init__(self, path: Path, say: Callable[[str], None], wait: float = lock.WAIT) -> None:
        """``path`` may be a link: then the file that it leads to is locked."""
        self._path, self._file = path, path.resolve()
        self._say, self._wait = say, wait
        self._lock: int | None = None
        self._connection: sqlite3.Connection | None = None

    def enter(self) -> None:
        """Wait for the lock, begin the file where there is none, check it and see that it can be written."""
        with _told(self._path):
            _make_folder(self._file.parent)
            self._lock = lock.hold(self._beside("lock"), self._say, self._wait)
            try:
                if not self._present():
                    self._begin()
                self._connection = self._opened()
                self._connection.execute("PRAGMA synchronous = EXTRA")
                self._connection.executescript(f"BEGIN IMMEDIATE; PRAGMA user_version = {VERSION}; COMMIT")
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        """Close the file and give the lock back."""
        if self._connection is not None:
            self._connection.close()
        if self._lock is not None:
            os.close(self._lock)
        self._connection = self._lock = None

    def read(self) -> Mapping[Key, Entry]:
        """Everything, without the lock; nothing where there is no file yet."""
        with _told(self._path):
            if not self._present():
                return {}
            connection = self._opened()
            try:
                connection.execute("PRAGMA query_only = 1")
                return self._entries(connection, None)
            finally:
                connection.close()

    def change(self, change: Change, keys: Collection[Key] | None) -> None:
        """One transaction."""
        connection = self._connection
        if connection is None:
            raise LedgerError(f"{self._path} is not open")
        with _told(self._path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany(PUT, map(_row, change(self._entries(connection, keys))))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _entries(self, connection: sqlite3.Connection, keys: Collection[Key] | None) -> dict[Key, Entry]:
        if keys is None:
            rows = connection.execute(ALL).fetchall()
        else:
            asked = [(key.report, key.period, key.channel, key.recipient) for key in keys]
            rows = [row for values in asked for row in connection.execute(ONE, values)]
        try:
            return {entry.key: entry for entry in map(_entry, rows)}
        except (ValueError, TypeError) as error:
            raise LedgerError(f"{self._path} is damaged ({error}); {RESTORE}") from error

    def _present(self) -> bool:
        """Whether there is a file; LedgerError where it was there once, and only its journal is left."""
        if self._file.exists():
            return True
        if self._beside("journal").exists():
            raise LedgerError(
                f"{self._path} is missing, but its journal is there; put the file back, or move {self._path}-journal "
                "away too: the next run then begins a new ledger and sends again whatever is still due"
            )
        return False

    def _beside(self, what: str) -> Path:
        return self._file.with_name(f"{self._file.name}-{what}")

    def _begin(self) -> None:
        """Make the file under another name, so that one without content is always a damaged one."""
        self._say(f"{self._path}: begins a new ledger")
        new = self._beside("new")
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(new, isolation_level=None)
        try:
            connection.executescript(f"PRAGMA synchronous = EXTRA; BEGIN; {TABLE} COMMIT")
        finally:
            connection.close()
        new.rename(self._file)
        files.sync(self._file.parent)

    def _opened(self) -> sqlite3.Connection:
        """A connection to the file that is there; LedgerError where it is damaged, no ledger, or a newer runner's."""
        with self._file.open("rb"):  # says why it cannot be read, which SQLite does not
            pass
        uri = f"file:{quote(str(self._file))}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=PATIENCE)
        try:
            _check(connection, self._path)
        except BaseException:
            connection.close()
            raise
        return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if mark != MARK:
        raise LedgerError(f"{path} is no ledger, or a damaged one; {RESTORE}")
    if version > VERSION:
        raise LedgerError(
            f"{path} was written by a newer runner (format {version}, this one knows {VERSION}); use that one"
        )
    found = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise LedgerError(f"{path} is damaged ({' '.join(str(found[0]).split())}); {RESTORE}")


def _entry(row: tuple[Any, ...]) -> Entry:
    report, period, channel, recipient, state, as_of, changed, reason, attempts, fingerprint, run, word = row
    key = Key(report, period, channel, recipient)
    times = datetime.fromisoformat(as_of), datetime.fromisoformat(changed)
    return Entry(identify(key), key, State(state), *times, reason, attempts, fingerprint, run, word)


def _row(entry: Entry) -> tuple[str | int, ...]:
    key = entry.key
    times = entry.as_of.isoformat(), entry.changed.isoformat()
    rest = entry.reason, entry.attempts, entry.fingerprint, entry.run, entry.word
    return (key.report, key.period, key.channel, key.recipient, entry.state.value, *times, *rest)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite and the system say, as a LedgerError with the remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(f"{path}: {error}; {_remedy(error)}") from error
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror or error}; runner must be able to read and write it") from error


def _remedy(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return "make room on the disk, then run again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return "let runner write the file and its folder, then run again"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "another program keeps the file open; end it, then run again"
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return RESTORE
        case _:
            return "see whether the disk is in order, then run again"


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        files.sync(folder.parent)
