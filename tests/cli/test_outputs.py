"""``--output-format`` of every command that has it, and what a step in CI gets by itself."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest

from runner.cli.outputs import Outputs, Wanted
from runner.errors import EmptySelectionError, RunnerError
from runner.outputs import FORMATS
from tests.cli.command import AS_OF
from tests.cli.conftest import Runner
from tests.cli.test_commands import BROKEN, write

REFUSED = (
    "title: T\njobs:\n  bad:\n    endpoint: activity\n    type: overview\n    range: last-week\n"
    "    metrics: [calls.all.all.count, calls.sideways.all.count]\n"
)
SENT = (
    "title: S\njobs:\n  a: {endpoint: activity, type: overview, range: last-week, metrics: [calls.all.all.count]}\n"
    "output: {formats: [txt]}\ndeliver:\n  - email: {to: [ann@example.com]}\n"
)
MAILBOX = (
    "policy: {recipients: ['@example.com']}\n"
    "channels:\n  mail: {type: email, host: 127.0.0.1, port: 9, security: none, sender: reports@example.com}\n"
)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "text"])
@pytest.mark.parametrize("words", [("validate",), ("plan", "--as-of", AS_OF)], ids=["validate", "plan"])
def test_a_format_has_stdout_for_itself_or_goes_to_a_file(call: Runner, project: Path, words: str, form: str) -> None:
    ran = call(*words, "weekly-sales", "--output-format", form)
    assert (ran.returncode, ran.stderr) == (0, "")
    written = call(*words, "weekly-sales", "--output-format", f"{form}:new/found")
    assert written.stdout == call(*words, "weekly-sales").stdout
    if form not in ("json", "jsonl"):  # they say how long it took
        assert (project / "new" / "found").read_text() == ran.stdout


def test_annotations_may_stand_beside_the_text(call: Runner, project: Path) -> None:
    write(project, BROKEN)
    ran = call("validate", "one", "--output-format", "github", "--output-format", "text")
    assert ran.returncode == 2
    assert "reports/one.yaml:3:61: " in ran.stdout
    assert "::error file=reports/one.yaml,line=3,col=61,title=unknown-key::" in ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("json", "sarif"), "cannot both go to stdout", id="two documents on stdout"),
        pytest.param(("xml",), "there is: text, json", id="no such format"),
        pytest.param(("json:",), "write json:PATH", id="no file"),
        pytest.param(("json:reports",), "write json:PATH", id="a folder"),
    ],
)
def test_a_wrong_format_is_a_usage_error(call: Runner, words: tuple[str, ...], said: str) -> None:
    ran = call("validate", *(part for word in words for part in ("--output-format", word)))
    assert ran.returncode == 2
    assert said in ran.stderr


def test_a_run_says_what_came_of_each_job(call: Runner, project: Path) -> None:
    write(project, REFUSED)
    forms = ("--output-format", "sarif:found.sarif", "--output-format", "junit:found.xml", "--output-format", "jsonl")
    ran = call("run", "one", "weekly-sales", "--as-of", AS_OF, *forms)
    assert ran.returncode == 3
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [event["event"] for event in events] == ["definition", "definition", "end"]
    assert [job["state"] for event in events[:2] for job in event["jobs"]] == ["failed", "ok", "ok"]
    assert "out/one/2026-W47/digest.html" in ran.stderr
    (result,) = json.loads((project / "found.sarif").read_text())["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], region["startLine"], region["startColumn"]) == ("refused-by-service", 7, 36)
    root = ElementTree.fromstring((project / "found.xml").read_text())
    assert (root.get("tests"), root.get("errors")) == ("3", "1")
    assert all(float(case.get("time") or 0) > 0 for case in root.iter("testcase"))


def test_a_check_that_failed_has_its_place(call: Runner, project: Path) -> None:
    metrics = "metrics: [calls.outbound.all.count]"
    write(
        project,
        f"title: T\nchecks:\n  many: {{job: a, number: calls.outbound.all.count, min: 999999}}\n"
        f"jobs:\n  a: {{endpoint: activity, type: overview, range: last-week, {metrics}}}\n",
    )
    ran = call("run", "one", "--as-of", AS_OF, "--output-format", "github", "--output-format", "junit:found.xml")
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("::error file=reports/one.yaml,line=3,col=3,title=check-failed::")
    root = ElementTree.fromstring((project / "found.xml").read_text())
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "0")


def test_a_delivery_that_is_not_made_has_its_place(call: Runner, project: Path) -> None:
    write(project, SENT)
    (project / "runner.yaml").write_text(MAILBOX)
    ran = call("run", "one", "--send", "--as-of", AS_OF, "--output-format", "github")
    assert ran.returncode == 4, ran.stderr
    assert ran.stdout.startswith("::error file=reports/one.yaml,line=6,col=")
    assert "title=delivery-" in ran.stdout
    again = call("send", "one", "--as-of", AS_OF, "--output-format", "json")
    (delivery,) = json.loads(again.stdout)["deliveries"]
    assert delivery["key"] == "one 2026-W47 mail ann@example.com"
    assert again.returncode == 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("validate", "weekly-sales"), 0, id="done"),
        pytest.param(("validate", "one"), 2, id="a definition is wrong"),
        pytest.param(("run", "one"), 2, id="a run of one that is wrong"),
        pytest.param(("plan", "--profile", "none"), 2, id="usage"),
        pytest.param(("run", "weekly-sales", "--dry-run"), 2, id="usage of an option"),
        pytest.param(("run", "two", "--as-of", AS_OF), 3, id="a job failed"),
        pytest.param(("validate", "tag:none"), 5, id="nothing selected"),
    ],
)
def test_the_exit_code_is_in_what_is_written(call: Runner, project: Path, words: tuple[str, ...], code: int) -> None:
    write(project, BROKEN)
    write(project, REFUSED, "two")
    ran = call(*words, "--output-format", "json")
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["exit_code"]) == (code, code)
    assert bool(code) == bool(
        found["errors"]
        or found["problems"]
        or any(job["problem"] for each in found["definitions"] for job in each["jobs"])
    )


def test_a_file_that_cannot_be_written_is_said_and_fails(call: Runner, project: Path) -> None:
    (project / "file").write_text("")
    ran = call("validate", "weekly-sales", "--output-format", "json:file/found.json")
    assert ran.returncode == 3
    assert "file/found.json: " in ran.stderr
    write(project, BROKEN)
    assert call("validate", "one", "--output-format", "json:file/found.json").returncode == 2


# ---- CI


def github(project: Path, **more: str) -> dict[str, str]:
    return {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(project / "summary.md"), **more}


def test_a_step_of_github_is_annotated_and_has_a_summary(call: Runner, project: Path) -> None:
    write(project, BROKEN)
    (project / "summary.md").write_text("before\n")
    ran = call("validate", "one", **github(project, GITHUB_WORKSPACE=str(project.parent)))
    assert ran.returncode == 2
    assert f"::error file={project.name}/reports/one.yaml,line=3,col=61,title=unknown-key::" in ran.stderr
    assert "reports/one.yaml:3:61: " in ran.stdout
    assert (project / "summary.md").read_text().startswith("before\n### ❌ runner validate: 1 error\n")


@pytest.mark.parametrize(
    ("words", "more"),
    [
        pytest.param(("--no-ci",), {}, id="by a flag"),
        pytest.param((), {"RUNNER_CI": "false"}, id="by the environment"),
    ],
)
def test_it_can_be_turned_off(call: Runner, project: Path, words: tuple[str, ...], more: dict[str, str]) -> None:
    write(project, BROKEN)
    ran = call("validate", "one", *words, **github(project, **more))
    assert "::error" not in ran.stderr
    assert not (project / "summary.md").exists()


def test_elsewhere_nothing_is_annotated(call: Runner, project: Path) -> None:
    write(project, BROKEN)
    assert "::error" not in call("run", "one").stderr


# ---- how a command may end


@pytest.mark.parametrize(
    ("error", "code", "errors"),
    [
        pytest.param(None, 0, [], id="done"),
        pytest.param(SystemExit(4), 4, [], id="an exit code"),
        pytest.param(SystemExit(None), 0, [], id="an exit"),
        pytest.param(RunnerError("x"), 3, ["x"], id="an error"),
        pytest.param(EmptySelectionError("none"), 5, ["none"], id="nothing selected"),
        pytest.param(click.UsageError("how"), 2, ["how"], id="usage"),
        pytest.param(KeyboardInterrupt(), 130, [], id="interrupted"),
    ],
)
def test_however_a_command_ends_it_is_written(
    tmp_path: Path, error: BaseException | None, code: int, errors: list[str]
) -> None:
    def body() -> None:
        with Outputs("run", [Wanted("json", tmp_path / "found.json")]):
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            body()
    else:
        body()
    found = json.loads((tmp_path / "found.json").read_text())
    assert (found["exit_code"], found["errors"]) == (code, errors)


def test_a_fault_of_runner_itself_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Outputs("run", [Wanted("json", tmp_path / "found.json")]):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
