"""A run that is killed at each durable system call, or whose disk fails there: files whole, nothing sent twice."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.office import AS_OF, SEND, Office, driving, faults, office
from tests.crash.receivers import Received, receiving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]

DURABLE = ("fsync", "fdatasync", "rename", "pwrite64", "unlink", "mkdir", "write")
"""System calls that files and the ledger are made durable with."""

EACH = bool(os.environ.get("EACH"))  # noqa: TID251 -- `make crash` hits every call
COUNTS = range(1, 400) if EACH else (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377)
"""The calls that are hit, of all that a run makes: every one, or ever fewer."""

ERRORS = ("ENOSPC", "EIO") if EACH else ("ENOSPC",)

RUN = ("run", "weekly", "--send", "--as-of", AS_OF)


@pytest.fixture(scope="module")
def received() -> Iterator[Received]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def made(received: Received, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    return office(folder / "office", "sqlite", received, folder / "cache")


def injected(call: str, what: str, count: int, log: Path) -> tuple[str, ...]:
    """Words that start a program whose threads get ``what`` at their ``count``-th such call; ``log`` has the calls."""
    inject = f"inject={call}:{what}:when={count}"
    return ("strace", "-f", "-qqq", "--seccomp-bpf", "-o", str(log), "-e", f"trace={call}", "-e", inject)


def temporary(project: Path) -> list[Path]:
    """Files that were to take the place of others and did not."""
    return [
        path for path in (*project.glob("out/**/.*"), *project.glob("public/**/.*")) if path.name != ".unfinished.json"
    ]


@pytest.mark.parametrize("call", DURABLE)
def test_a_kill_at_any_durable_system_call_sends_nothing_twice(
    call: str, made: Office, received: Received, tmp_path: Path
) -> None:
    for count in COUNTS:
        project = made.copy(tmp_path / f"{call}-{count}")
        with driving(made.environment, *injected(call, "signal=KILL", count, tmp_path / "log")) as driver:
            killed = driver.run(project, *SEND) == -signal.SIGKILL
        with driving(made.environment) as driver:
            code = driver.run(project, *SEND)
        time.sleep(0.02)
        entries = made.entries(project)
        said = (project / "said.txt").read_text()
        assert faults(project, entries, received.take()) == [], f"{call} {count}: {said}"
        assert code == (4 if any(entry.state.value == "uncertain" for entry in entries) else 0), said
        if not killed:
            return
    pytest.fail(f"more than {COUNTS[-1]} calls of {call}")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["fsync", "fdatasync", "rename", "pwrite64", "mkdir", "write"])
def test_a_disk_that_fails_leaves_the_old_files_whole_and_says_so(
    call: str, error: str, made: Office, received: Received, tmp_path: Path
) -> None:
    for count in COUNTS:
        project = made.copy(tmp_path / f"{call}-{count}")
        (project / "reports" / "weekly.yaml").write_text(
            (project / "reports" / "weekly.yaml").read_text().replace("title: Weekly", "title: Renamed")
        )
        folder = project / "out" / "weekly" / "2026-W47"
        old = {path.name: path.read_bytes() for path in folder.iterdir()}
        with driving(made.environment, *injected(call, f"error={error}", count, tmp_path / "log")) as driver:
            code = driver.run(project, *RUN)
        said = (project / "said.txt").read_text()
        now = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert "Traceback" not in said, f"{call} {count}: {said}"
        assert temporary(project) == [], f"{call} {count}: {said}"
        renamed = b"Renamed" in now["digest.txt"]
        assert renamed or now == old, f"{call} {count}: {said}"
        assert code in (0, 3, 4), f"{call} {count}: {code} {said}"
        sent = received.take()
        assert max(sent.values(), default=0) <= 1
        with driving(made.environment) as driver:
            driver.run(project, *RUN)
        assert faults(project, made.entries(project), sent + received.take()) == [], f"{call} {count}: {said}"
        if "INJECTED" not in (tmp_path / "log").read_text():
            return  # a run makes fewer of them
    pytest.fail(f"more than {COUNTS[-1]} calls of {call}")
