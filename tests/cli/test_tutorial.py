"""The tutorial, walked through: every command prints what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import runner

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
FIRST = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]


def shown(command: str) -> list[str]:
    """What the page prints after each ``$ command``."""
    blocks = re.findall(rf"^    \$ {re.escape(command)}\n((?:    .*\n|\n(?=    ))*)", PAGE, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).rstrip("\n") for block in blocks]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "phones.yaml").write_text(FIRST)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    ["runner validate", "runner plan phones --as-of 2026-11-23", "runner run phones --as-of 2026-11-23"],
)
def test_a_command_prints_what_the_page_shows(command: str, folder: Path, cache: Path) -> None:
    ran = runner(*command.split()[1:], cwd=folder, cache=cache)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.rstrip("\n") == shown(command)[0]


def test_the_broken_definition_is_told_as_the_page_shows(folder: Path, cache: Path) -> None:
    (folder / "reports" / "phones.yaml").write_text(FIRST.replace("metrics:", "metric:"))
    ran = runner("validate", cwd=folder, cache=cache)
    assert ran.returncode == 2
    assert (ran.stdout + ran.stderr).rstrip("\n") == shown("runner validate")[1]


def test_every_other_snippet_of_the_page_is_right(folder: Path, cache: Path) -> None:
    _, _, compare, people, settings, export = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (folder / "reports" / "phones.yaml").write_text(FIRST + compare + people)
    (folder / "runner.yaml").write_text(settings.replace("default_profile", export + "default_profile"))
    ran = runner("validate", cwd=folder, cache=cache)
    assert ran.returncode == 0, ran.stdout + ran.stderr
