"""``runner test``: digests of known numbers, and what was expected of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runner.engine import sample
from tests.cli.command import AS_OF
from tests.cli.conftest import Runner

REPORT = """\
title: Team
timezone: America/New_York
defaults: {range: last-week, compare: previous}
jobs:
  calls:
    endpoint: activity
    type: comparison
    metrics: [calls.outbound.all.count]
    users: ["group:SDR team"]
"""
TESTS = """\
tests:
  right:
    as_of: 2026-11-23
    expect: {period: 2026-W47}
  wrong:
    as_of: 2026-11-23
    expect: {period: 2026-W46}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A definition with names, and its tests."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "team.yaml").write_text(REPORT)
    (tmp_path / "reports" / "team.test.yaml").write_text(TESTS)
    return tmp_path


def test_each_test_has_a_line_and_what_is_not_as_expected_its_place(call: Runner, project: Path) -> None:
    ran = call("test")
    assert ran.returncode == 1
    assert ran.stdout == (
        "ok      team  right\n"
        "failed  team  wrong\n"
        "reports/team.test.yaml:7:22: the digest is of 2026-W47, not of 2026-W46 [period]\n"
        " 7 |     expect: {period: 2026-W46}\n"
        "   |                      ^\n"
        "\n"
    )
    assert ran.stderr.endswith("2 tests: 1 failed\n")
    assert not (project / "out").exists()


def test_when_all_is_as_expected_the_exit_code_is_0(call: Runner, project: Path) -> None:
    (project / "reports" / "team.test.yaml").write_text(TESTS.replace("2026-W46", "2026-W47"))
    ran = call("test", "team")
    assert (ran.returncode, ran.stdout) == (0, "ok      team  right\nok      team  wrong\n")


def test_checks_of_the_definition_pass_or_fail_as_expected(call: Runner, project: Path) -> None:
    checks = "checks:\n  many: {job: calls, number: calls.outbound.all.count, min: 1000000}\n"
    checks += "  some: {job: calls, number: calls.outbound.all.count, min: 1}\n"
    (project / "reports" / "team.yaml").write_text(REPORT + checks)
    begin = "tests:\n  a:\n    as_of: 2026-11-23\n    expect:\n      checks:\n"
    file = project / "reports" / "team.test.yaml"
    file.write_text(begin + "        many: fails\n        some: passes\n")
    assert call("test").returncode == 0
    file.write_text(begin + "        many: passes\n        some: fails\n        soem: passes\n")
    ran = call("test")
    assert ran.returncode == 1
    assert "team.test.yaml:6:15: the check 'many' fails, and was to pass. Outbound calls" in ran.stdout
    assert "team.test.yaml:7:15: the check 'some' passes, and was to fail [check]" in ran.stdout
    assert "team.test.yaml:8:9: there is no check 'soem' [check]" in ran.stdout
    assert "did you mean 'some'?" in ran.stdout


def test_a_recording_gives_the_numbers_and_the_instant(call: Runner, project: Path) -> None:
    call("run", "--record", "recordings/week-47", "--as-of", AS_OF)
    (project / "reports" / "team.test.yaml").write_text(
        "tests:\n  recorded:\n    given: {recording: recordings/week-47}\n"
        "    expect:\n      period: 2026-W47\n      sentences: [Team]\n"
    )
    ran = call("test")
    assert (ran.returncode, ran.stdout) == (0, "ok      team  recorded\n"), ran.stdout
    for file in (project / "recordings" / "week-47").glob("*activity*"):
        file.unlink()
    ran = call("test")
    assert ran.returncode == 1
    assert "job 'calls' failed" in ran.stdout


def test_a_dump_gives_the_numbers(call: Runner, project: Path) -> None:
    sample.write(project / "data", datetime(2026, 11, 25, tzinfo=UTC))
    (project / "reports" / "team.test.yaml").write_text(
        "tests:\n  exported:\n    given: {dump: data}\n    as_of: 2026-11-23\n"
        "    expect: {cells: [{job: calls, row: Mateo Solórzano, column: Outbound calls, value: 115}]}\n"
    )
    ran = call("test")
    assert (ran.returncode, ran.stdout) == (0, "ok      team  exported\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("dump: nowhere", "no such folder", id="no dump"),
        pytest.param("recording: reports", "is no recording", id="no recording"),
    ],
)
def test_a_test_that_cannot_be_run_has_failed(call: Runner, project: Path, given: str, said: str) -> None:
    text = TESTS.replace("  wrong:\n", f"  wrong:\n    given: {{{given}}}\n")
    (project / "reports" / "team.test.yaml").write_text(text)
    ran = call("test")
    assert ran.returncode == 1
    assert "ok      team  right" in ran.stdout
    assert "reports/team.test.yaml:5:3:" in ran.stdout
    assert said in ran.stdout


def test_names_that_the_numbers_do_not_know_are_told_in_the_definition(call: Runner, project: Path) -> None:
    (project / "reports" / "team.yaml").write_text(REPORT.replace("SDR team", "SDR taem"))
    ran = call("test")
    assert ran.returncode == 1
    assert "reports/team.yaml:9:13: no group is named 'SDR taem' [unknown-group]" in ran.stdout


def test_files_of_tests_are_no_definitions(call: Runner, project: Path) -> None:
    assert call("validate").stdout == "1 definition is right\n"
    assert call("list").stdout.count("\n") == 1
    ran = call("validate", "reports/team.test.yaml")
    assert ran.returncode == 2
    assert "no definition but the tests of one: runner test team" in ran.stderr


def test_a_file_of_tests_that_is_wrong_runs_nothing(call: Runner, project: Path) -> None:
    (project / "reports" / "team.test.yaml").write_text(TESTS.replace("expect", "expects", 1))
    ran = call("test")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "reports/team.test.yaml:4:5:" in ran.stderr


def test_tests_of_no_definition_are_told(call: Runner, project: Path) -> None:
    (project / "reports" / "tema.test.yaml").write_text(TESTS)
    ran = call("test")
    assert ran.returncode == 2
    assert "reports/tema.test.yaml:1:1: there is no definition tema.yaml beside these tests [stray]" in ran.stderr
    assert call("test", "team").returncode == 1


def test_without_a_test_nothing_is_selected(call: Runner, project: Path) -> None:
    (project / "reports" / "team.test.yaml").unlink()
    assert call("test").returncode == 5


def test_junit_has_a_case_for_each_and_a_failure_for_what_is_not_as_expected(call: Runner, project: Path) -> None:
    ran = call("test", "--output-format", "junit")
    assert ran.returncode == 1
    suites = ElementTree.fromstring(ran.stdout)
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("2", "1", "0")
    cases = {case.get("name"): case.find("failure") for case in suites.iter("testcase")}
    assert cases["right"] is None
    (failure,) = [case for case in cases.values() if case is not None]
    assert "the digest is of 2026-W47" in (failure.get("message") or "")
