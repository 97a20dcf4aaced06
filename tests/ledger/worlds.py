"""Ledgers to try: each kind of store in a folder of its own, opened as often as a test likes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from runner.ledger import STORES, Due
from runner.ledger.book import Book, Store
from runner.model import Key, LedgerAt

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
"""Long after any lease of NOON is over."""

ROOT = Path(__file__).resolve().parents[2]


def key(recipient: str = "ann@example.com", report: str = "weekly-sales", period: str = "2026-W47") -> Key:
    return Key(report, period, "mail", recipient)


def due(*keys: Key, fingerprint: str = "f1", as_of: datetime = NOON) -> list[Due]:
    return [Due(one, as_of, fingerprint) for one in keys]


@dataclass
class World:
    """A place where a ledger is, and everything that was opened there."""

    root: Path
    where: LedgerAt
    said: list[str] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)

    def book(self, at: datetime = NOON) -> Book:
        """The ledger, not entered."""
        store = STORES[self.where.store](self.where, self.root, environment(self.root), self.said.append)
        self.stores.append(store)
        return Book(store, at)

    def crash(self) -> None:
        """What the death of a process does: whatever was open is let go, and nothing is written."""
        while self.stores:
            self.stores.pop().leave()

    def process(self, script: str, *words: str) -> subprocess.Popen[str]:
        """A run of its own, which imports this module as ``worlds`` and has this world as ``world``."""
        head = (
            "import sys, pathlib; from tests.ledger import worlds; from runner.model import *;"
            f"world = worlds.World(pathlib.Path({str(self.root)!r}), {self.where!r})\n"
        )
        call = [sys.executable, "-c", f"from runner.model import LedgerAt\n{head}{script}", *words]
        return subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def environment(home: Path) -> dict[str, str]:
    """No settings of whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}  # noqa: TID251 - only the path


def sqlite(folder: Path) -> World:
    """A ledger in a file."""
    return World(folder, LedgerAt())


def git(folder: Path) -> World:
    """A ledger in a branch of a bare repository, seen from a shallow clone that is thrown away sooner or later."""
    run(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    run(folder, "clone", "--quiet", "remote.git", "first")
    first = folder / "first"
    (first / "runner.yaml").write_text("defaults: {}\n")
    for message in ("one", "two"):
        run(first, "add", ".")
        run(first, "commit", "--quiet", "--allow-empty", "-m", message)
    run(first, "push", "--quiet", "origin", "HEAD:main")
    return World(clone(folder, "work"), LedgerAt("git"))


def clone(folder: Path, name: str) -> Path:
    """A shallow clone of the world's remote."""
    run(folder, "clone", "--quiet", "--depth=1", f"file://{folder}/remote.git", name)
    return folder / name


def run(folder: Path, *words: str) -> str:
    """What ``git`` prints in the folder."""
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    ran = subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment(folder), check=True, capture_output=True, text=True
    )
    return ran.stdout


WORLDS: dict[str, Callable[[Path], World]] = {"sqlite": sqlite, "git": git}
