"""``run --show``: the digest itself on stdout, in colours where somebody looks at a terminal that may have them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment, runner
from tests.cli.office import open_office

ANSI = re.compile(r"\x1b\[[0-9;]*m")
TEXT = Path("out") / "one" / "2026-W46" / "digest.txt"
DEFINITION = """\
title: One
jobs:
  week: {endpoint: activity, type: overview, range: 2026-W46, metrics: [calls.all.all.count]}
output: {formats: [txt]}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a recording of two definitions."""
    home = tmp_path_factory.mktemp("show")
    (home / "reports").mkdir()
    for name in ("one", "two"):
        (home / "reports" / f"{name}.yaml").write_text(DEFINITION.replace("One", name.title()))
    with open_office() as office:
        (home / "runner.yaml").write_text(office.profile)
        ran = runner("run", "--record", "kept", cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key)
    assert ran.returncode == 0, ran.stderr
    return home


def on_a_terminal(home: Path, **more: str) -> str:
    """What the command prints where stdout is a terminal."""
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "runner", "run", "one", "--replay", "kept", "--show"]
    env = environment(home / "cache", **{"TERM": "xterm", **more})
    with subprocess.Popen(call, cwd=home, env=env, stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # the other end is closed: everything has been said
            pass
        assert process.wait(timeout=60) == 0
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def test_the_text_goes_to_stdout_and_the_files_to_stderr(home: Path) -> None:
    ran = runner("run", "one", "--replay", "kept", "--show", cwd=home, cache=home / "cache")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == (home / TEXT).read_text()
    assert str(TEXT) in ran.stderr.splitlines()


def test_several_digests_come_one_after_the_other(home: Path) -> None:
    ran = runner("run", "--replay", "kept", "--show", cwd=home, cache=home / "cache")
    one = (home / TEXT).read_text()
    assert ran.stdout == one + (home / str(TEXT).replace("one", "two")).read_text()
    assert "One" in ran.stdout
    assert "Two" in ran.stdout


def test_a_terminal_gets_colours_and_the_same_words(home: Path) -> None:
    said = on_a_terminal(home)
    assert "\x1b[1m" in said
    assert ANSI.sub("", said) == (home / TEXT).read_text()


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_there_are_no_colours_where_they_are_not_wanted(home: Path, setting: dict[str, str]) -> None:
    assert on_a_terminal(home, **setting) == (home / TEXT).read_text()
