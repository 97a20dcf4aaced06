"""On a terminal: bars while something takes long, each ended before the next words."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from tests.cli.command import AS_OF, environment


def test_the_bar_ends_before_the_lines_that_follow(project: Path, cache: Path) -> None:
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "runner", "run", "weekly-sales", "--as-of", AS_OF]
    env = environment(cache, TERM="xterm")
    with subprocess.Popen(call, cwd=project, env=env, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # the other end is closed: everything has been said
            pass
        assert process.stdout is not None
        files = process.stdout.read().decode().splitlines()
    os.close(ours)
    assert process.returncode == 0, said
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode()).replace("\r\n", "\n")
    lines = re.split(r"[\r\n]", text)
    assert any(line.startswith("asking") and "/5" in line for line in lines), text
    assert any(line.endswith("weekly-sales  2026-W47 vs 2026-W46  America/New_York") for line in lines)
    assert "out/weekly-sales/2026-W47/digest.html" in files
