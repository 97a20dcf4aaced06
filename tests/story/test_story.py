"""One project's life: begun, changed on a branch, reviewed, broken, mended, merged, delivered, traced."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command import environment, runner
from tests.crash.receivers import Received, receiving

AS_OF = "2026-11-23T15:00:00Z"
"""A Monday, an hour or two after the digest of the week is due."""

IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
REPORT = "reports/weekly-sales.yaml"
DELIVERY = """
schedule: {every: week, on: monday, at: "08:00"}
deliver:
  - email: {to: [sales@example.com]}
"""


@dataclass(frozen=True)
class Team:
    """A repository, the words of git and of runner in it."""

    folder: Path
    cache: Path

    def git(self, *words: str) -> str:
        call = ["git", *IDENTITY, *words]
        quiet = {**environment(self.cache), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
        return subprocess.run(call, cwd=self.folder, env=quiet, check=True, capture_output=True, text=True).stdout

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return runner(*words, cwd=self.folder, cache=self.cache, **more)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def received() -> Iterator[Received]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """A repository with a project that has just begun, committed on ``main``."""
    folder = tmp_path_factory.mktemp("team")
    made = Team(folder / "repository", folder / "cache")
    made.folder.mkdir()
    made.git("init", "-q", "-b", "main")
    begun = made("init", "--github")
    assert (begun.returncode, REPORT in begun.stdout.split()) == (0, True), begun.stderr
    assert made("validate").returncode == 0
    assert made("test").returncode == 0
    assert made("lock").returncode == 0
    made.git("add", ".")
    made.git("commit", "-qm", "Begin")
    return made


MISTAKES = [
    pytest.param("metrics:\n", "metrix:\n", 2, "unknown-key", id="misspelt key"),
    pytest.param("endpoint: activity", "endpoint: activty", 2, "enum", id="unknown endpoint"),
    pytest.param("range: last-week", "range: last-wek", 2, "", id="unknown range"),
    pytest.param("calls.outbound.all.count", "calls..count", 2, "pattern", id="ill-formed metric"),
    pytest.param("tags: [weekly]", "\ttags: [weekly]", 2, "tab", id="no YAML"),
    pytest.param("tags: [weekly]", "tags: [weekly]\ntags: [daily]", 2, "duplicate-key", id="key twice"),
    pytest.param("tags: [weekly]", "timezone: Mars/Base", 2, "timezone", id="unknown time zone"),
    pytest.param("tags: [weekly]", "deliver: [{email: {to: [eve@example.org]}}]", 2, "channel", id="no channel"),
    pytest.param(
        "    type: comparison", "    users: ['group:Nobody']\n    type: comparison", 2, "group", id="unknown group"
    ),
    pytest.param("calls.outbound.all.count", "calls.sideways.all.count", 3, "refused-by-service", id="unknown metric"),
    pytest.param(
        "tags: [weekly]",
        "checks: {much: {job: leaderboard, number: calls.outbound.all.count, min: 1000000}}",
        *(1, "check-failed"),
        id="check",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("right", "wrong", "code", "rule"), MISTAKES)
def test_each_way_to_break_a_report_has_its_exit_code_and_its_annotation(
    team: Team, right: str, wrong: str, code: int, rule: str
) -> None:
    text = team.text(REPORT)
    assert right in text
    team.write(REPORT, text.replace(right, wrong, 1))
    try:
        ran = team("run", "weekly-sales", "--as-of", AS_OF, GITHUB_ACTIONS="true")
    finally:
        team.write(REPORT, text)
    assert ran.returncode == code, ran.stderr
    line = text.replace(right, wrong, 1)[: text.index(right)].count("\n") + 1
    notes = re.findall(r"^::error file=reports/weekly-sales.yaml,line=(\d+),.*$", ran.stderr, re.MULTILINE)
    assert notes, ran.stderr
    assert any(abs(int(note) - line) <= 2 for note in notes), (notes, line)
    assert rule in ran.stderr


@pytest.mark.slow
def test_a_change_is_planned_compared_commented_merged_delivered_and_traced(team: Team, received: Received) -> None:
    # a branch: another metric
    team.git("checkout", "-qb", "meetings")
    text = team.text(REPORT)
    team.write(REPORT, text.replace("      - emails.sent.all.count\n", "      - emails.received.all.count\n", 1))
    planned = team("plan", "git:main", "--as-of", AS_OF)
    assert planned.returncode == 0
    assert "weekly-sales: Weekly sales" in planned.stdout
    assert "pipeline" not in planned.stdout
    moved = team("diff", "weekly-sales", "--as-of", AS_OF)
    assert moved.returncode == 0
    assert {"emails.received.all.count", "emails.sent.all.count"} <= set(
        re.findall(r"[a-z_]+(?:\.[a-z_]+)+", moved.stdout)
    )
    comment = team("ci", "comment", "--base", "main", "--as-of", AS_OF)
    assert (comment.returncode, comment.stdout.startswith("<!--"), "weekly-sales" in comment.stdout) == (0, True, True)

    # merged, with a schedule and a way out
    team.write(REPORT, team.text(REPORT).rstrip() + "\n" + DELIVERY)
    settings = team.text("runner.yaml").replace("ledger: {store: git}", "ledger: {store: sqlite}")
    mail = f"{{type: email, host: 127.0.0.1, port: {received.smtp}, security: none, sender: reports@example.com}}"
    team.write("runner.yaml", f'{settings}\npolicy: {{recipients: ["@example.com"]}}\nchannels: {{mail: {mail}}}\n')
    assert team("validate").returncode == 0
    team.git("commit", "-qam", "Receive, and send every Monday")
    team.git("checkout", "-q", "main")
    team.git("merge", "-q", "meetings")

    # Monday
    due = team("due", "--as-of", AS_OF)
    assert (due.returncode, "weekly-sales  2026-W47" in due.stdout) == (0, True)
    sent = team("run", "--due", "--send", "--as-of", AS_OF)
    assert (sent.returncode, received.take()) == (0, {"sales@example.com": 1}), sent.stderr
    again = team("run", "--due", "--send", "--as-of", AS_OF)
    assert (again.returncode, "nothing is due" in again.stderr, received.take()) == (0, True, {})
    assert team("status", "--as-of", AS_OF, "--fail-if-overdue", "26h").returncode == 0

    # a number, down to its records
    told = team("explain", "weekly-sales", "team-by-day", "calls.outbound.all.count", "--records", "--format", "json")
    assert told.returncode == 0, told.stderr
    data = json.loads(told.stdout)
    assert data["value"] == 527
    line = team.text(REPORT).split("\n").index("      - calls.outbound.all.count") + 1
    assert data["definition"]["place"] == f"{REPORT}:{line}:9"
    assert data["records"]["leads"]
