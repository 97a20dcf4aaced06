"""The command line, run in this process through its one door, so that what it leaves open is found."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from runner import cli
from runner.model import Json
from tests.faults import world
from tests.faults.world import Door, Ran


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Door:
    """Run ``runner run`` against a base URL, in a project of its own."""

    def run(
        base_url: str,
        *more: str,
        jobs: Mapping[str, Mapping[str, Json]] | None = None,
        environment: Mapping[str, str] | None = None,
        **profile: object,
    ) -> Ran:
        world.project(tmp_path, base_url, jobs or {"calls": world.OVERVIEW}, **profile)
        monkeypatch.chdir(tmp_path)
        for name, value in {"CLOSE_API_KEY": world.KEY, "HOME": str(tmp_path), **(environment or {})}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["runner", *world.words(*more)])
        began = time.monotonic()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        seconds = time.monotonic() - began
        said = capfd.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, said.out, said.err, world.files(tmp_path), seconds)

    return run
