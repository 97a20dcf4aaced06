"""The command as a process of its own: its exit codes, its memory, and what becomes of it when it is interrupted."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import environment
from tests.faults import answers, scenarios, world
from tests.faults.answers import raw, whole
from tests.faults.server import Script, Server, close, flood, pause, send
from tests.faults.world import GOOD, KEY, SHOWN, Ran

MEGABYTE = 2**20

PEAK = """
import pathlib, sys
from runner.__main__ import main
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    pathlib.Path("peak").write_text(status.split("VmHWM:")[1].split()[0])
"""
"""The command, which then writes the most memory that it had, in kB, to a file."""


@contextmanager
def running(folder: Path, server: Server, *command: str, **profile: object) -> Iterator[subprocess.Popen[str]]:
    """The command in a project that asks the server; ended at the end, come what may."""
    world.project(folder, f"{server.url}/api/v1/", {"calls": world.OVERVIEW}, **profile)
    env = environment(folder, CLOSE_API_KEY=KEY)
    call = [sys.executable, *(command or ("-m", "runner")), *world.words("--verbose")]
    with subprocess.Popen(
        call, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(folder: Path, process: subprocess.Popen[str], seconds: float = 60) -> Ran:
    """What came of it."""
    began = time.monotonic()
    out, err = process.communicate(timeout=seconds)
    return Ran(process.returncode, out, err, world.files(folder), time.monotonic() - began)


def serving(script: Script) -> Server:
    return Server({**GOOD, "overview": [script, scenarios.GOOD]}, name=world.by_question)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param(scenarios.GOOD, 0, id="well"),
        pytest.param((close(),), 0, id="well in the end"),
        pytest.param(scenarios.refused(404), 3, id="failed"),
        pytest.param(whole({"error": f"no such key: {KEY}"}, 401), 3, id="refused, with the key"),
    ],
)
def test_the_exit_code_says_whether_all_is_well(tmp_path: Path, script: Script, code: int) -> None:
    with serving(script) as server, running(tmp_path, server) as process:
        ran = ended(tmp_path, process)
    assert ran.code == code, ran.err
    assert (SHOWN in ran.digest) == (code == 0)
    assert world.leaks(ran.everything) == []


@pytest.mark.parametrize(
    ("script", "profile"),
    [
        pytest.param((pause(60),), {"limits": {"timeout": 60}}, id="while it waits for an answer"),
        pytest.param(
            answers.limited(("Retry-After", "60")), {"limits": {"wait": 60}}, id="while it waits for its next turn"
        ),
    ],
)
def test_an_interrupted_run_ends_at_once(tmp_path: Path, script: Script, profile: Mapping[str, object]) -> None:
    with serving(script) as server, running(tmp_path, server, **profile) as process:
        until = time.monotonic() + 20
        while not server.asked("overview") and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        ran = ended(tmp_path, process)
        assert len(server.asked("overview")) == 1
    assert ran.code == 130, ran.err
    assert "attempt 1: , " not in ran.err  # whatever came of an attempt has a word
    assert ran.seconds < 5
    assert "Traceback" not in ran.err
    assert world.leaks(ran.everything) == []


def peak(folder: Path, script: Script) -> tuple[Ran, int]:
    """What came of a run, and the most memory it had, in bytes."""
    folder.mkdir()
    with (
        serving(script) as server,
        running(folder, server, "-c", PEAK, limits={"timeout": 60, "attempts": 1}) as process,
    ):
        ran = ended(folder, process, 120)
    return ran, int((folder / "peak").read_text()) * 1024


_CHUNKED = answers.head(200, ("Transfer-Encoding", "chunked"))

BOMBS: Mapping[str, Callable[[], Script]] = {
    "gzip of 1 GiB": lambda: answers.zipped(b"", answers.bomb(2**30)),
    "1 GiB": lambda: (send(answers.head(200, ("Content-Length", str(2**30)))), flood(b" " * MEGABYTE, 1024)),
    "1 GiB in chunks": lambda: (send(_CHUNKED), flood(answers.chunk(b" " * MEGABYTE), 1024)),
    "1 GiB of a chunk's size": lambda: (send(_CHUNKED + b"1"), flood(b"0" * MEGABYTE, 1024)),
    "1 GB of headers": lambda: (send(b"HTTP/1.1 200 OK\r\n"), flood(b"X-Odd: 1\r\n" * 1000, 100_000)),
    "1 GB of trailers": lambda: (send(_CHUNKED + b"0\r\n"), flood(b"X-Odd: 1\r\n" * 1000, 100_000)),
    "8,000,000 lists deep": lambda: raw(b"[" * 8_000_000),
    "1,600,000 objects deep": lambda: raw(b'{"a":' * 1_600_000),
    "10,000,000 empty lists": lambda: packed(b'{"data": [' + b"[]," * 10**7 + b"[]]}"),
    "10,000,000 empty objects": lambda: packed(b'{"data": [' + b"{}," * 10**7 + b"{}]}"),
    "7,500,000 numbers": lambda: packed(b'{"data": [' + b"0.5," * 7_500_000 + b"1]}"),
    "6,000,000 texts": lambda: packed(b'{"data": [' + b'"ab",' * 6_000_000 + b"1]}"),
    "2,500,000 keys": lambda: packed(b"{" + b",".join(b'"%d":0' % n for n in range(2_500_000)) + b"}"),
    "a reason of 8 MB": lambda: raw(b'{"error": "' + b"x" * 8_000_000 + b'"}', 400),
    "1,000,000 reasons": lambda: raw(b'{"errors": [' + b'"no",' * 10**6 + b'"no"]}', 400),
}
"""Answers that are small to send and large to take, or that never end."""

LARGEST: Mapping[str, Callable[[], Script]] = {
    "490,000 empty lists": lambda: packed(b'{"data": [' + b"[]," * 490_000 + b"[]]}"),
    "330,000 objects with a key": lambda: packed(b'{"data": [' + b'{"a":0},' * 330_000 + b"0]}"),
    "990,000 numbers": lambda: packed(b'{"data": [' + b"0.5," * 990_000 + b"0]}"),
    "990,000 keys": lambda: packed(b"{" + b",".join(b'"%d":0' % n for n in range(990_000)) + b"}"),
    "a key twice of 700,000": lambda: raw(b"{" + b",".join(b'"%d":0' % n for n in range(700_000)) + b',"699999":1}'),
    "texts of 30 MiB": lambda: packed(b'{"data": [' + b'"%s",' % (b"x" * 100) * 290_000 + b"0]}"),
    "wide texts of 30 MiB": lambda: packed(b'{"data": ["' + "\U0001f600".encode() * 7_500_000 + b'"]}'),
}
"""Answers as large as they may be, but for their shape."""


def packed(content: bytes) -> Script:
    return answers.zipped(b"", gzip.compress(content, 1))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nothing says how much memory a process had")
@pytest.mark.parametrize(
    ("script", "megabytes"),
    [
        *(pytest.param(script, 150, id=name) for name, script in BOMBS.items()),
        *(pytest.param(script, 300, id=name) for name, script in LARGEST.items()),
    ],
)
def test_no_answer_costs_much_memory_or_time(tmp_path: Path, script: Callable[[], Script], megabytes: int) -> None:
    plain, usual = peak(tmp_path / "plain", scenarios.GOOD)
    assert plain.code == 0, plain.err
    ran, most = peak(tmp_path / "bomb", script())
    assert ran.code == 3, ran.err
    assert "report/activity/" in ran.err
    assert most - usual < megabytes * MEGABYTE
    assert ran.seconds < 15
