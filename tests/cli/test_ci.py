"""``runner ci comment``: what a change of definitions does, for its pull request."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import AS_OF, runner
from tests.cli.test_diff import CALLS, git

Comment = Callable[..., "subprocess.CompletedProcess[str]"]

BROKEN = "title: Broken\njobs:\n  a: {endpoint: activity, type: overview, range: last-week, metric: [x]}\n"
NEW = (
    "title: New @someone\ndefaults: {range: 2026-W46}\njobs:\n"
    "  a: {endpoint: activity, type: overview, metrics: [calls.all.all.count]}\n"
)
LIVE = "profiles:\n  live: {service: close, base_url: 'http://127.0.0.1:9/api/v1/'}\n"
FEWER = CALLS.replace("      - emails.sent.all.count\n", "")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three definitions on main, and a branch that left it; main has gone on since."""
    (tmp_path / "reports").mkdir()
    for name in ("calls", "same", "old"):
        (tmp_path / "reports" / f"{name}.yaml").write_text(CALLS)
    (tmp_path / "runner.yaml").write_text(LIVE)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Count calls")
    git(tmp_path, "branch", "change")
    (tmp_path / "reports" / "same.yaml").write_text(FEWER)
    git(tmp_path, "commit", "-qam", "Go on")
    git(tmp_path, "checkout", "-q", "change")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "main")
    return tmp_path


@pytest.fixture
def comment(project: Path, cache: Path) -> Comment:
    def call(*words: str, base: str = "main", **more: str) -> subprocess.CompletedProcess[str]:
        said = ("--base", base) if base else ()
        return runner("ci", "comment", *said, "--as-of", AS_OF, *words, cwd=project, cache=cache, **more)

    return call


def change(project: Path, text: str = FEWER, name: str = "calls") -> None:
    (project / "reports" / f"{name}.yaml").write_text(text)


def test_a_changed_definition_is_shown_as_it_was_and_as_it_is_without_a_secret(comment: Comment, project: Path) -> None:
    change(project)
    ran = comment()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("<!-- runner-ci-comment -->\n\n### ✅ Reports: 1 definition changed\n")
    assert "The numbers are of an invented sample organization." in ran.stdout
    assert "| people | metrics | emails.sent.all.count |  | main:reports/calls.yaml" in ran.stdout
    assert "<details><summary>0 numbers moved, " in ran.stdout
    assert "| people | POST report/activity/ | 2026-11-09 00:00 | 2026-11-16 00:00 |  |" in ran.stdout
    assert "Planned for where the numbers are from, as not all names are pinned for profile 'live'" in ran.stdout
    assert "same" not in re.findall("^#### (\\w+)", ran.stdout, re.MULTILINE)


def test_what_is_wrong_new_and_gone_is_said(comment: Comment, project: Path) -> None:
    change(project, BROKEN, "one")
    change(project, NEW, "new")
    (project / "reports" / "old.yaml").unlink()
    (project / "runner.yaml").write_text(LIVE + "output: made\n")
    ran = comment()
    assert ran.returncode == 0, ran.stderr
    assert "### ❌ Reports: 4 definitions changed, 1 error\n" in ran.stdout  # all use runner.yaml
    assert "| ❌ | reports/one.yaml:3:61 | activity has no key 'metric'<br>did you mean 'metrics'? |" in ran.stdout
    assert (
        "#### new: New @\u200bsomeone (new)\n\n<details><summary>Its digest</summary>\n\n    New @someone\n"
        in ran.stdout
    )
    assert "Gone: old." in ran.stdout
    assert "Also changed, and all definitions depend on it: runner.yaml." in ran.stdout


def test_a_definition_that_was_wrong_before_is_shown_as_a_new_one(comment: Comment, project: Path) -> None:
    change(project, BROKEN)
    git(project, "commit", "-qam", "Break it")
    change(project, NEW)
    assert "#### calls: New @\u200bsomeone (new)" in comment(base="HEAD").stdout


def test_nothing_changed_is_a_comment_too(comment: Comment) -> None:
    ran = comment()
    assert ran.returncode == 0
    assert "### ✅ Reports: no definition changed\n" in ran.stdout


def test_a_change_that_moves_nothing_says_so(comment: Comment, project: Path) -> None:
    change(project, f"# a word\n{CALLS}")
    assert "#### calls: Calls\n\nThe digest is the same: 0 numbers moved" in comment().stdout


def test_only_what_is_selected_is_in_it(comment: Comment, project: Path) -> None:
    change(project)
    change(project, NEW, "new")
    assert re.findall("^#### (\\w+)", comment("new").stdout, re.MULTILINE) == ["new"]
    assert re.findall("^#### (\\w+)", comment("--exclude", "new").stdout, re.MULTILINE) == ["calls"]


def test_names_that_the_sample_does_not_have_cost_the_numbers_only(comment: Comment, project: Path) -> None:
    change(project, CALLS.replace("type: comparison\n", "type: comparison\n    users: [nobody@example.com]\n"))
    ran = comment()
    assert ran.returncode == 0, ran.stderr
    assert "No numbers: reports/calls.yaml:8:13: " in ran.stdout
    assert "What would be asked is not known: not all names are pinned for profile 'live'" in ran.stdout


def test_numbers_may_be_of_a_recording(comment: Comment, project: Path, cache: Path) -> None:
    (project / "runner.yaml").write_text(f"{LIVE}  sample: {{service: sample}}\ndefault_profile: live\n")
    kept = runner("run", "calls", "--profile", "sample", "--record", "kept", "--as-of", AS_OF, cwd=project, cache=cache)
    assert kept.returncode == 0, kept.stderr
    change(project)
    ran = comment("--replay", "kept")
    assert ran.returncode == 0, ran.stderr
    assert "The numbers are recorded in kept." in ran.stdout
    assert "numbers the same</summary>" in ran.stdout


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"GITHUB_BASE_REF": "main"}, id="GitHub"),
        pytest.param({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, id="GitLab"),
    ],
)
def test_the_base_is_what_the_ci_says(comment: Comment, project: Path, more: dict[str, str]) -> None:
    change(project)
    assert "Against origin/main (`" in comment(base="", **more).stdout


def test_it_can_be_told_from_others_and_written_to_a_file(comment: Comment, project: Path) -> None:
    ran = comment("--id", "sales -->", "--output", "new/comment.md")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (project / "new" / "comment.md").read_text().startswith("<!-- runner-ci-comment:sales---- -->\n")
    (project / "file").write_text("")
    assert comment("--output", "file/comment.md").returncode == 3


@pytest.mark.parametrize(
    ("base", "said"),
    [
        pytest.param("", "--base origin/main", id="no base"),
        pytest.param("mian", "did you mean 'main'?", id="a base that is none"),
    ],
)
def test_a_base_is_needed(comment: Comment, base: str, said: str) -> None:
    ran = comment(base=base)
    assert (ran.returncode, said in ran.stderr) == (2, True)


@pytest.mark.slow
def test_what_does_not_fit_is_left_out_as_a_whole_and_said(comment: Comment, project: Path) -> None:
    metrics = "\n".join(f"      - {kind}.all.all.count" for kind in ("calls", "emails", "sms", "meetings", "leads"))
    long = CALLS.replace("      - calls.all.all.count\n      - emails.sent.all.count", metrics)
    for number in range(60):
        change(project, long.replace("title: Calls", f"title: Long {number}"), f"long{number:02}")
    ran = comment()
    assert ran.returncode == 0, ran.stderr
    assert 50_000 < len(ran.stdout.encode()) <= 65_536
    assert ran.stdout.count("<details>") == ran.stdout.count("</details>")
    assert re.search(r"\n\n\d+ parts are left out, as a comment has no room for more\.\n$", ran.stdout)
    assert ran.stdout.count("\n#### long") == 60
