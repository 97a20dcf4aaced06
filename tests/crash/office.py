"""A project whose digest goes to four people, a webhook and a folder, with a ledger of either kind."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from runner.ledger import open_at
from runner.model import Entry, LedgerAt, State
from tests.crash.receivers import Received

PEOPLE = tuple(f"{name}@example.com" for name in ("ann", "bo", "cy", "dee"))
AS_OF = "2026-11-23T12:00:00Z"
SEND = ("send", "weekly")
REPORT = """\
title: Weekly
jobs:
  calls: {{endpoint: activity, type: overview, range: last-week, metrics: [calls.outbound.all.count]}}
output: {{formats: [txt, csv]}}
deliver:
  - email: {{to: [{people}]}}
  - webhook: {{}}
  - folder: {{}}
"""
SETTINGS = """\
policy: {{recipients: ["@example.com"]}}
channels:
  mail: {{type: email, host: 127.0.0.1, port: {smtp}, security: none, sender: reports@example.com}}
  hook: {{type: webhook, url_env: HOOK_URL}}
  site: {{type: folder, path: public}}
ledger: {{store: {store}}}
"""
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


@dataclass(frozen=True)
class Office:
    """A project that has run, to be copied for each trial."""

    folder: Path
    store: str
    environment: Mapping[str, str]

    def copy(self, place: Path) -> Path:
        """A project of its own with nothing in its ledger yet."""
        shutil.copytree(self.folder, place)
        if self.store == "git":
            subprocess.run(["git", "init", "-q", "--bare", str(place / "remote.git")], check=True)
            subprocess.run(["git", "init", "-q", str(place)], check=True)
            subprocess.run(["git", "-C", str(place), "remote", "add", "origin", "remote.git"], check=True)
        return place

    def entries(self, project: Path) -> tuple[Entry, ...]:
        """What the ledger has for a run that comes when those before are known to be dead."""
        where = LedgerAt("git") if self.store == "git" else LedgerAt()
        later = datetime.now(UTC) + timedelta(minutes=20)  # noqa: TID251
        with open_at(where, project, later, environment=self.environment) as book:
            return book.entries()


def office(folder: Path, store: str, received: Received, cache: Path) -> Office:
    """A project in ``folder`` whose numbers have been asked for."""
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "weekly.yaml").write_text(REPORT.format(people=", ".join(PEOPLE)))
    (folder / "runner.yaml").write_text(SETTINGS.format(smtp=received.smtp, store=store))
    environment = {
        **os.environ,  # noqa: TID251
        **QUIET,
        "HOOK_URL": f"http://127.0.0.1:{received.http}/secret-path",
        "XDG_CACHE_HOME": str(cache),
    }
    call = [sys.executable, "-m", "runner", "run", "weekly", "--as-of", AS_OF]
    subprocess.run(call, cwd=folder, env=environment, check=True, capture_output=True)
    return Office(folder, store, environment)


class Driver:
    """Runs commands in forked children, one at a time."""

    def __init__(self, process: subprocess.Popen[str], answers: TextIO) -> None:
        self._process, self._answers = process, answers

    def start(self, project: Path, *words: str) -> int:
        """Begin a command; its process ID."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([str(project), *words]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def end(self) -> int:
        """Wait for it; its exit code, negative for a signal."""
        return self._answer()

    def run(self, project: Path, *words: str) -> int:
        self.start(project, *words)
        return self.end()

    def _answer(self) -> int:
        return int(self._answers.readline())


@contextmanager
def driving(environment: Mapping[str, str], *before: str) -> Iterator[Driver]:
    """A driver, started behind the words of ``before``."""
    call = [*before, sys.executable, "-m", "tests.crash.driver"]
    ours, theirs = socket.socketpair()
    with (
        ours,
        ours.makefile(encoding="ascii") as answers,
        subprocess.Popen(call, env=environment, stdin=subprocess.PIPE, stdout=theirs.fileno(), text=True) as process,
    ):
        theirs.close()
        try:
            yield Driver(process, answers)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(30)


def faults(project: Path, entries: tuple[Entry, ...], came: Counter[str]) -> list[str]:
    """What is wrong after the last run: what came twice, what was lost, where the ledger says what is not so."""
    found = []
    states = {entry.key.recipient: entry.state for entry in entries}
    for who in (*PEOPLE, "hook", "site"):
        times = came[who] if who != "site" else len(list(project.glob("public/weekly/*/digest.txt")))
        state = states.get(who)
        right = times == 1 if state is State.SENT else times <= 1 and state is State.UNCERTAIN
        if not right:
            found.append(f"{who}: came {times} times, the ledger says {state and state.value}")
    return found
