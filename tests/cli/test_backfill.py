"""``runner backfill``: a digest for each period that is over, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

NOW = "2026-11-23T07:02:00-05:00"
FIRST = ("--from", "2026-10-01", "--as-of", NOW)


@pytest.fixture
def project(project: Path) -> Path:
    """One definition of weeks, one of months."""
    for file in (project / "reports").iterdir():
        if file.stem not in ("weekly-sales", "email-templates"):
            file.unlink()
    return project


def results(project: Path) -> dict[str, Path]:
    return {file.parent.name: file for file in sorted((project / "out").glob("*/*/result.json"))}


def test_each_period_is_made_once_and_as_it_was_at_its_end(call: Runner, project: Path) -> None:
    weeks = [f"2026-W{week}" for week in range(41, 48)]
    made = call("backfill", *FIRST)
    assert made.returncode == 0, made.stderr
    assert set(results(project)) == {"2026-10", *weeks}
    assert "weekly-sales  2026-W41 to 2026-W47 (7): 0 kept, 7 to make" in made.stderr
    assert "email-templates  2026-10: 0 kept, 1 to make" in made.stderr
    assert json.loads(results(project)["2026-W47"].read_bytes())["as_of"] == "2026-11-23T00:00:00-05:00"
    again = call("backfill", *FIRST)
    assert (again.returncode, again.stdout) == (0, "")
    assert "7 kept, 0 to make" in again.stderr


def test_what_is_missing_or_broken_is_made_and_nothing_else(call: Runner, project: Path) -> None:
    call("backfill", "weekly-sales", *FIRST)
    before = {name: file.read_bytes() for name, file in results(project).items()}
    results(project)["2026-W41"].unlink()
    results(project)["2026-W42"].write_text("{")
    failed = json.loads(before["2026-W43"])
    failed["asked"][-1] = {**failed["asked"][-1], "failed": "no answer"}
    results(project)["2026-W43"].write_text(json.dumps(failed))
    ran = call("backfill", "weekly-sales", *FIRST)
    assert "4 kept, 3 to make" in ran.stderr
    assert {line.split("/")[2] for line in ran.stdout.splitlines()} == {"2026-W41", "2026-W42", "2026-W43"}
    assert {name: file.read_bytes() for name, file in results(project).items()} == before


def test_refresh_makes_all_anew(call: Runner, project: Path) -> None:
    span = ("--from", "2026-11-09", "--to", "2026-11-15", "--as-of", NOW)
    call("backfill", "weekly-sales", *span)
    assert "0 kept, 1 to make" in call("backfill", "weekly-sales", *span, "--refresh").stderr


def test_a_definition_of_all_time_has_none(call: Runner, project: Path) -> None:
    text = (project / "reports" / "email-templates.yaml").read_text().replace("range: last-month", "range: all-time")
    (project / "reports" / "email-templates.yaml").write_text(text.replace("compare: previous", ""))
    ran = call("backfill", "email-templates", *FIRST)
    assert (ran.returncode, ran.stdout) == (5, "")
    assert "no period that is over" in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--from", "2026-11-02", "--to", "2026-11-01"), "is before --from", id="backwards"),
        pytest.param(("--from", "1826-11-02", "--to", "2026-11-01"), "a hundred years", id="too long"),
        pytest.param(("--from", "yesterday"), "does not match the format", id="no date"),
        pytest.param((), "Missing option '--from'", id="no beginning"),
    ],
)
def test_a_span_that_is_none_is_a_usage_error(call: Runner, project: Path, words: tuple[str, ...], said: str) -> None:
    ran = call("backfill", *words)
    assert ran.returncode == 2
    assert said in ran.stderr
