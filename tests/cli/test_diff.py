"""``runner diff``: two results, or two versions of a definition; what is typed wrong is said with the nearest name."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import AS_OF, runner

Diff = Callable[..., "subprocess.CompletedProcess[str]"]

CALLS = """\
title: Calls
timezone: America/New_York
defaults: {range: 2026-W46}
jobs:
  people:
    endpoint: activity
    type: comparison
    metrics:
      - calls.all.all.count
      - emails.sent.all.count
  leads: {endpoint: statuses/lead}
output: {formats: [txt]}
"""


def git(home: Path, *words: str) -> str:
    call = ["git", "-C", str(home), "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *words]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Two kept weeks of a definition, the first one committed in git, the second one asked with a metric less."""
    home = tmp_path_factory.mktemp("diff")
    (home / "reports").mkdir()
    file = home / "reports" / "calls.yaml"
    file.write_text(CALLS)
    assert runner("run", "--as-of", AS_OF, cwd=home, cache=cache).returncode == 0
    git(home, "init", "-q", "-b", "main")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "Count calls")
    file.write_text(CALLS.replace("W46", "W47").replace("      - emails.sent.all.count\n", ""))
    assert runner("run", "--as-of", AS_OF, cwd=home, cache=cache).returncode == 0
    return home


@pytest.fixture
def compare(project: Path, cache: Path) -> Diff:
    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return runner("diff", *words, cwd=project, cache=cache)

    return call


KEPT = ("calls@2026-W46", "calls@2026-W47")


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param(KEPT, id="names"),
        pytest.param(("calls@2026-W46", "@2026-W47"), id="the name once"),
        pytest.param(("@2026-W46", "calls@2026-W47"), id="the name at the end"),
        pytest.param(("--report", "calls", "@2026-W46", "@2026-W47"), id="--report"),
        pytest.param(("calls@2026-W46", "calls@latest"), id="latest"),
        pytest.param(("out/calls/2026-W46", "./out/calls/2026-W47/result.json"), id="paths"),
        pytest.param(("main:out/calls/2026-W46/result.json", "calls@2026-W47"), id="committed"),
    ],
)
def test_kept_results_are_named_in_many_ways(compare: Diff, sides: tuple[str, ...]) -> None:
    done = compare(*sides)
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert first == "calls: 2026-W46 → 2026-W47"
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.stdout
    assert "  columns gone: Sent e-mails" in lines
    place = lines.index("      - emails.sent.all.count")
    assert lines[place + 1] == "        reports/calls.yaml:10:9"


def test_the_numbers_are_those_of_the_two_digests(compare: Diff, project: Path) -> None:
    found = json.loads(compare(*KEPT, "--format", "json", "--all").stdout)
    asked = [
        json.loads((project / "out" / "calls" / week / "result.json").read_text())["asked"]
        for week in ("2026-W46", "2026-W47")
    ]
    before, after = (
        next(one["answer"]["aggregations"]["totals"] for one in each if "aggregations" in one["answer"])
        for each in asked
    )
    changes = found["jobs"][0]["tables"][0]["changes"]
    (total,) = [one for one in changes if one["row"] == "total"]
    assert (total["before"], total["after"]) == (before["calls.all.all.count"], after["calls.all.all.count"])
    assert total["difference"] == total["after"] - total["before"]
    everything = [one for job in found["jobs"] for table in job["tables"] for one in table["changes"]]
    assert found["same"] == sum(one["before"] == one["after"] for one in everything)


def test_a_definition_is_compared_with_its_last_commit(compare: Diff) -> None:
    done = compare("calls", "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    assert "was HEAD:reports/calls.yaml" in done.stdout
    assert "HEAD:reports/calls.yaml:10:9" in done.stdout
    assert done.stdout == compare("calls@git:HEAD", "calls", "--as-of", AS_OF).stdout
    other = compare("calls@git:main", "--as-of", AS_OF)
    assert other.stdout == done.stdout.replace("HEAD", "main")


def test_kept_answers_are_used_where_they_are_enough(compare: Diff) -> None:
    done = compare("calls@2026-W47", "calls", "--exit-code", "--profile", "sample")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 numbers moved" in done.stdout
    assert compare("calls@git:main", "calls@git:HEAD", "--period", "2026-W46").returncode == 0
    less = compare("calls@git:main", "calls", "--period", "2026-W46")
    assert (less.returncode, less.stdout) == (3, "")
    assert "ask what was not asked for out/calls/2026-W46/result.json" in less.stderr
    more = compare("calls@2026-W46", "calls")
    assert more.returncode == 0
    assert "the kept answers are not enough, so all is asked anew" in more.stderr


def test_the_exit_code_says_that_something_differs_only_where_that_is_wanted(compare: Diff) -> None:
    assert [compare(*KEPT).returncode, compare(*KEPT, "--exit-code").returncode] == [0, 6]
    assert compare(KEPT[0], KEPT[0], "--exit-code").returncode == 0


def test_the_same_ones_are_counted_or_listed(compare: Diff) -> None:
    short, long = compare(*KEPT).stdout, compare(*KEPT, "--all").stdout
    assert short.splitlines()[-1] == long.splitlines()[-1]
    assert len(long) > len(short)
    assert "\n| User | Number | Was | Is | Change |\n" in compare(*KEPT, "--format", "markdown").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["cals@2026-W46", "@2026-W47"], 2, "no report 'cals'; did you mean 'calls'?", id="a name"),
        pytest.param(["calls@2026-W64", "@2026-W47"], 2, "did you mean '2026-W46'?", id="a period"),
        pytest.param(["@2026-W46", "@2026-W47"], 2, "write NAME@2026-W46, or --report NAME", id="no name"),
        pytest.param(["calls@", "@2026-W47"], 2, "calls@latest", id="no period"),
        pytest.param(["calls@git:"], 2, "write calls@git:main", id="no commit"),
        pytest.param(["calls@git:mian"], 2, "git knows no commit 'mian'; did you mean 'main'?", id="a commit"),
        pytest.param(["calls@git:--output=x"], 2, "git knows no commit", id="an option of git"),
        pytest.param(["cals@git:main"], 2, "main has no definition 'cals'; did you mean 'calls'?", id="then unknown"),
        pytest.param(["main:out/calls/2026-W45/result.json", "calls@latest"], 2, "did you mean 'out/calls/2026-W4",
                     id="a file in a commit"),
        pytest.param(["out/calls/2026-W47"], 2, "compare 'out/calls/2026-W47' with what?", id="one path"),
        pytest.param(["out/calls", "calls@latest"], 3, "out/calls/result.json: No such file", id="another folder"),
        pytest.param(["reports/calls.json", "calls@latest"], 3, "No such file", id="another file"),
        pytest.param(["calls@2026-W46", "calls", "--period", "2026-W46"], 2, "here a side is a result", id="--period"),
        pytest.param(["calls", "--period", "2026-W46", "--as-of", "2026-11-20"], 2, "leave --as-of out", id="--as-of"),
        pytest.param(["calls@2026-W46", "calls", "--profile", "no"], 2, "no profile 'no'", id="a profile"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(compare: Diff, words: list[str], code: int, said: str) -> None:
    done = compare(*words)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert said in done.stderr


def test_outside_git_there_is_no_commit(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "calls.yaml").write_text(CALLS)
    done = runner("diff", "calls", cwd=tmp_path, cache=cache, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is in no git repository" in done.stderr


def test_a_failed_job_is_said_and_ends_with_3_where_it_failed_now(compare: Diff, project: Path) -> None:
    file = project / "reports" / "calls.yaml"
    before = file.read_text()
    try:
        file.write_text(before.replace("calls.all.all.count", "calls.al.all.count"))
        done = compare("calls", "--as-of", AS_OF)
    finally:
        file.write_text(before)
    assert done.returncode == 3, done.stderr
    assert "people: failed" in done.stdout
