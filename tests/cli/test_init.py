"""``runner init``: what it begins works at once, and what it leaves to CI services is safe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner import __version__
from runner.wiring import machine
from tests.cli.command import AS_OF
from tests.cli.conftest import Runner

STARTER = Path(__file__).resolve().parents[2] / "starter"
PULL_REQUEST = STARTER / "github" / ".github" / "workflows" / "reports-pull-request.yml"
SCHEDULE = PULL_REQUEST.with_name("reports-schedule.yml")
GITLAB = STARTER / "gitlab" / ".gitlab-ci.yml"
PLAIN = {
    *(".gitignore", ".pre-commit-config.yaml", "runner.yaml", ".vscode/settings.json", ".vscode/extensions.json"),
    *(".runner/report.schema.json", ".runner/test.schema.json", ".runner/runner.schema.json"),
    *("reports/weekly-sales.yaml", "reports/pipeline.yaml", "reports/email-templates.yaml"),
    "reports/weekly-sales.test.yaml",
}
WORKFLOWS = {".github/workflows/reports-pull-request.yml", ".github/workflows/reports-schedule.yml"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty git repository."""
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    call = ["git", "-C", str(folder), *words]
    return subprocess.run(call, check=True, capture_output=True, text=True, env={"PATH": os.defpath}).stdout


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def shell(script: str, folder: Path, **environment: str) -> None:
    """Run a step as CI services do."""
    call = ["bash", "-e", "-c", script]
    ran = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr


def read(path: Path) -> dict[Any, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


@pytest.mark.slow
def test_a_project_is_begun_that_works_at_once(call: Runner, project: Path) -> None:
    begun = call("init")
    assert (begun.returncode, set(begun.stdout.splitlines())) == (0, PLAIN)
    assert "runner run weekly-sales --show" in begun.stderr
    assert call("validate").stdout == "3 definitions are right\n"
    assert call("test").stdout == "ok      weekly-sales  a-week-in-november\n"
    assert call("run", "--as-of", AS_OF).returncode == 0
    assert call("lock", "--as-of", AS_OF).returncode == 0
    assert call("lock", "--check", "--as-of", AS_OF).returncode == 0
    told = git(project, "status", "--porcelain", "--untracked-files=all")
    assert not re.search(r"out/|\.runner/", told)


def test_what_is_there_stays_as_it_is(call: Runner, project: Path) -> None:
    (project / "reports").mkdir()
    (project / "runner.yaml").write_text("default_profile: sample\nprofiles: {sample: {service: sample}}\n")
    begun = call("init")
    assert begun.returncode == 0
    assert "runner.yaml was there and stays as it is" in begun.stderr
    assert (project / "runner.yaml").read_text().startswith("default_profile")
    assert not list((project / "reports").iterdir())
    again = call("init")
    assert (again.returncode, again.stdout) == (0, "")


def test_a_folder_is_made(call: Runner, project: Path) -> None:
    begun = call("init", "sales/team", "--no-ci")
    assert set(begun.stdout.splitlines()) == {f"sales/team/{name}" for name in PLAIN}
    assert "cd sales/team" in begun.stderr
    assert call("validate", "--project", "sales/team").returncode == 0


@pytest.mark.parametrize(
    ("remote", "words", "more"),
    [
        pytest.param("", [], set(), id="without a remote none"),
        pytest.param("git@github.com:example/reports.git", [], WORKFLOWS, id="the remote's"),
        pytest.param("https://user@gitlab.example.com/example/reports.git", [], {".gitlab-ci.yml"}, id="of its own"),
        pytest.param("https://git.example.com/github.com/reports", [], set(), id="a host, not a path"),
        pytest.param("git@github.com:example/reports.git", ["--no-ci"], set(), id="refused"),
        pytest.param("git@github.com:example/reports.git", ["--gitlab"], {".gitlab-ci.yml"}, id="chosen"),
        pytest.param("", ["--all"], {*WORKFLOWS, ".gitlab-ci.yml"}, id="all"),
    ],
)
def test_workflows_are_those_of_the_remote_or_as_said(
    call: Runner, project: Path, remote: str, words: list[str], more: set[str]
) -> None:
    if remote:
        git(project, "remote", "add", "origin", remote)
    begun = call("init", *words)
    assert begun.returncode == 0, begun.stderr
    assert files(project) == PLAIN | more | ({"requirements.txt"} if more else set())
    assert call("validate").returncode == 0


def test_with_workflows_the_ledger_outlasts_the_machine(call: Runner, project: Path) -> None:
    call("init", "--github")
    assert read(project / "runner.yaml")["ledger"] == {"store": "git"}
    (project / "runner.yaml").write_text("profiles: {sample: {service: sample}}\n# ledger: {store: git}\n")
    assert "say `ledger: {store: git}`" in call("init", "--github").stderr


def test_without_workflows_it_is_a_file(call: Runner, project: Path) -> None:
    call("init")
    assert "ledger" not in read(project / "runner.yaml")


def test_a_runner_that_came_from_a_folder_is_told_how_ci_gets_it(call: Runner, project: Path) -> None:
    said = call("init", "--github").stderr
    line = (project / "requirements.txt").read_text().splitlines()[-1]
    assert line == machine.requirement()
    assert ("installed from a folder" in said) == line.startswith("./wheels/")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param({}, f"close-report-runner=={__version__}", id="an index"),
        pytest.param(
            {"url": "https://git.example.com/runner", "vcs_info": {"vcs": "git", "commit_id": "0a1b"}},
            "close-report-runner @ git+https://git.example.com/runner@0a1b",
            id="a repository",
        ),
        pytest.param(
            {"url": "https://example.com/runner.whl", "archive_info": {}},
            "close-report-runner @ https://example.com/runner.whl",
            id="a wheel of the web",
        ),
        pytest.param(
            {"url": "file:///srv/runner", "dir_info": {"editable": True}},
            f"./wheels/close_report_runner-{__version__}-py3-none-any.whl",
            id="a folder",
        ),
    ],
)
def test_ci_gets_runner_from_where_it_came_from_here(said: dict[str, Any], line: str) -> None:
    assert machine.installed_from(said) == line


# ---- what CI services are left with


def test_workflows_pass_zizmor(call: Runner, project: Path) -> None:
    call("init", "--all")
    zizmor = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=auditor", ".github"]
    ran = subprocess.run(zizmor, cwd=project, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        pytest.param(PULL_REQUEST, "vendor.github-workflows", id="pull request"),
        pytest.param(SCHEDULE, "vendor.github-workflows", id="schedule"),
        pytest.param(GITLAB, "vendor.gitlab-ci", id="gitlab"),
    ],
)
def test_workflows_are_right_by_their_schemas(file: Path, schema: str) -> None:
    check = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", schema, str(file)]
    ran = subprocess.run(check, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("file", [PULL_REQUEST, SCHEDULE], ids=lambda path: path.stem)
def test_workflows_use_no_action_so_that_none_has_to_be_pinned(file: Path) -> None:
    assert not re.search(r"^\s*(- )?uses:", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_a_pull_request_has_no_secret_and_may_only_read() -> None:
    text, data = PULL_REQUEST.read_text(encoding="utf-8"), read(PULL_REQUEST)
    assert data[True] == "pull_request"  # to YAML 1.1, `on` is true
    assert "secrets." not in text
    assert "environment:" not in text
    assert data["permissions"] == {"contents": "read"}
    assert data["env"] == {"RUNNER_PROFILE": "sample"}
    assert "--send" not in text


def test_the_schedule_has_its_secrets_in_one_step_of_a_protected_environment() -> None:
    data = read(SCHEDULE)
    (job,) = data["jobs"].values()
    assert set(data[True]) == {"schedule", "workflow_dispatch"}
    assert data[True]["schedule"][0]["cron"].split()[0] not in {"0", "15", "30", "45"}
    assert (data["permissions"], job["permissions"]) == ({}, {"contents": "write"})
    assert (job["environment"], data["concurrency"]["cancel-in-progress"]) == ("reports", False)
    steps = [step for step in job["steps"] if "secrets." in str(step)]
    assert len(steps) == 1
    assert "runner run --due --send" in steps[0]["run"]
    assert "runner status --fail-if-overdue" in steps[0]["run"]


def test_the_gitlab_pipeline_sends_on_a_protected_schedule_only() -> None:
    data = read(GITLAB)
    sends = [name for name, job in data.items() if isinstance(job, dict) and "--send" in str(job)]
    assert sends == ["reports-schedule"]
    (rule,) = data["reports-schedule"]["rules"]
    assert rule["if"] == '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_REF_PROTECTED == "true"'
    assert data["reports-schedule"]["environment"]["name"] == "reports"
    assert data["reports-merge-request"]["variables"] == {"RUNNER_PROFILE": "sample"}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        pytest.param("ledger: {store: git}\n", 0, id="git"),
        pytest.param("ledger:\n  store: git\n", 0, id="on a line of its own"),
        pytest.param("# ledger: {store: git}\n", 1, id="a comment"),
        pytest.param("profiles: {}\n", 1, id="none"),
    ],
)
def test_the_schedule_refuses_a_ledger_that_is_thrown_away(tmp_path: Path, settings: str, code: int) -> None:
    (tmp_path / "runner.yaml").write_text(settings)
    (job,) = read(SCHEDULE)["jobs"].values()
    guards = [step["run"] for step in job["steps"] if "store:" in step.get("run", "")]
    guards.append(next(line for line in read(GITLAB)["reports-schedule"]["script"] if "store:" in line))
    for guard in guards:
        ran = subprocess.run(["bash", "-e", "-c", guard], cwd=tmp_path, capture_output=True, check=False)
        assert ran.returncode == code


def test_the_steps_of_a_pull_request_run_as_they_stand(call: Runner, project: Path, cache: Path) -> None:
    call("init", "--github")
    folder = Path(sys.executable).parent
    summary = project / "summary.md"
    (job,) = read(PULL_REQUEST)["jobs"].values()
    kept = {"PATH": f"{folder}:{os.defpath}", "HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
    for step in job["steps"][2:]:
        shell(
            step["run"],
            project,
            **kept,
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_ACTIONS="true",
            RUNNER_PROFILE="sample",
            RUNNER_AS_OF=AS_OF,
        )
    said = summary.read_text(encoding="utf-8")
    assert "report/activity" in said
    assert "# Weekly sales" in said


def test_the_schedule_of_a_new_project_has_nothing_to_send_and_does_not_fail(
    call: Runner, project: Path, cache: Path
) -> None:
    call("init", "--all")
    kept = {"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
    (job,) = read(SCHEDULE)["jobs"].values()
    git(project, "init", "--quiet", "--bare", "remote.git")
    remote = f"file://{project / 'remote.git'}"
    git(project, "remote", "add", "origin", remote)
    git(project, "config", f"url.{remote}.insteadOf", "https://gitlab-ci-token:t0ken@gitlab.example.com/a/b.git")
    kept |= {"RUNNER_AS_OF": AS_OF, "TOKEN": "t0ken", "GITHUB_SERVER_URL": "https://github.com"}
    kept |= {"CI_JOB_TOKEN": "t0ken", "CI_SERVER_HOST": "gitlab.example.com", "CI_PROJECT_PATH": "a/b"}
    for script in (job["steps"][-1]["run"], read(GITLAB)["reports-schedule"]["script"][-1]):
        shell(script, project, **kept)


def test_the_checkout_gets_the_commit_with_the_token_in_no_file(project: Path, tmp_path_factory: Any) -> None:
    git(project, "-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "--allow-empty", "-qm", "x")
    commit = git(project, "rev-parse", "HEAD").strip()
    there = tmp_path_factory.mktemp("checkout")
    more = {"GITHUB_SERVER_URL": f"file://{project.parent}", "GITHUB_REPOSITORY": project.name, "GITHUB_SHA": commit}
    for file in (PULL_REQUEST, SCHEDULE):
        (job,) = read(file)["jobs"].values()
        where = there / file.stem
        where.mkdir()
        shell(job["steps"][0]["run"], where, PATH=os.defpath, TOKEN="t0ken", **more)
        assert git(where, "rev-parse", "HEAD").strip() == commit
        assert "t0ken" not in (where / ".git" / "config").read_text()
        assert "extraheader" not in (where / ".git" / "config").read_text()
