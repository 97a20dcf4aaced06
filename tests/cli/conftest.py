"""Projects to run commands in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import runner

ROOT = Path(__file__).resolve().parents[2]

Runner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sample organization is kept between the tests of one session."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the packaged examples."""
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    return tmp_path


@pytest.fixture
def call(project: Path, cache: Path) -> Runner:
    """Run a command in the project."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return runner(*words, cwd=project, cache=cache, **more)

    return run
