"""``runner render``: digests of kept answers, the same bytes, nobody asked; what can no longer be used is said."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import AS_OF, runner
from tests.cli.conftest import Runner
from tests.cli.office import Office, open_office

Ran = subprocess.CompletedProcess[str]

CALLS = """\
title: Calls
jobs:
  week: {endpoint: activity, type: overview, range: last-week, compare: previous, metrics: [calls.all.all.count]}
  ann: {endpoint: activity, type: overview, range: last-week, users: [Ann Lee], metrics: [emails.sent.all.count]}
output: {formats: [md, txt]}
"""


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Path:
    """A project in which two weeks of one definition were run."""
    home = tmp_path_factory.mktemp("ran")
    (home / "runner.yaml").write_text(office.profile)
    (home / "reports").mkdir()
    (home / "reports" / "calls.yaml").write_text(CALLS)
    for day in ("2026-11-18", "2026-11-11"):
        done = runner("run", "--as-of", day, cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key)
        assert done.returncode == 0, done.stderr
    office.asked.clear()
    return home


@pytest.fixture
def home(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "home"))


@pytest.fixture
def render(home: Path) -> Callable[..., Ran]:
    def call(*words: str) -> Ran:
        return runner("render", *words, cwd=home, cache=home / "cache")

    return call


def digests(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}


def edit(home: Path, old: str, new: str) -> None:
    file = home / "reports" / "calls.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_files_are_those_of_the_run_and_nobody_is_asked(
    home: Path, render: Callable[..., Ran], office: Office
) -> None:
    before = digests(home / "out")
    for file in (home / "out").rglob("digest*"):
        file.unlink()
    latest, earlier = render("calls"), render("--period", "2026-W45")
    assert (latest.returncode, latest.stderr) == (0, "")
    folder = "out/calls/2026-W46"
    assert latest.stdout.split() == [f"{folder}/{name}" for name in ("digest.md", "digest.txt")]
    assert earlier.returncode == 0
    assert digests(home / "out") == before
    assert office.asked == []


@pytest.mark.parametrize("name", ["weekly-sales", "whole-picture"])
def test_invented_numbers_stay_marked_and_every_kind_of_job_is_the_same(call: Runner, project: Path, name: str) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "digest.html.j2").write_text("{{ digest.title }}, invented: {{ digest.sample }}")
    assert call("run", name, "--as-of", AS_OF, "--output", "kept").returncode == 0
    before = digests(project / "kept")
    for file in (project / "kept").rglob("digest*"):
        file.unlink()
    again = call("render", name, "--output", "kept")
    assert again.returncode == 0, again.stderr
    assert digests(project / "kept") == before


def test_a_template_and_the_formats_are_as_they_are_now(home: Path, render: Callable[..., Ran]) -> None:
    (home / "templates").mkdir()
    (home / "templates" / "calls.txt.j2").write_text("{{ digest.title }} as I want it\n")
    edit(home, "title: Calls", "title: Talk")
    edit(home, "[md, txt]", "[txt, json]")
    done = render()
    assert done.stdout.split() == ["out/calls/2026-W46/digest.txt", "out/calls/2026-W46/digest.json"]
    assert (home / "out" / "calls" / "2026-W46" / "digest.txt").read_text() == "Talk as I want it\n"


@pytest.mark.parametrize(
    ("old", "new", "job"),
    [
        pytest.param("compare: previous", "compare: same-days-last-year", "week", id="another period"),
        pytest.param("emails.sent.all.count", "emails.received.all.count", "ann", id="another metric"),
        pytest.param("Ann Lee", "Bo Kim", "ann", id="a name that nobody looked up"),
        pytest.param("users: [Ann Lee]", 'users: ["group:Team"]', "ann", id="a group that nobody looked up"),
        pytest.param("endpoint: activity, type: overview, range: last-week, users: [Ann Lee], metrics: "
                     "[emails.sent.all.count]", "endpoint: sent_emails, range: last-week", "ann", id="an endpoint"),
    ],
)  # fmt: skip
def test_what_was_not_asked_then_is_said_by_its_job(
    home: Path, render: Callable[..., Ran], old: str, new: str, job: str
) -> None:
    edit(home, old, new)
    before = digests(home / "out")
    done = render()
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert f"reports/calls.yaml: job '{job}' asks what was not asked" in done.stderr
    assert "runner run calls --as-of 2026-11-18T00:00:00+00:00" in done.stderr
    assert digests(home / "out") == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda kept: kept.clear(), "version", id="another object"),
        pytest.param(lambda kept: kept.update(version=99), "version 1 of the file, not 99", id="another version"),
        pytest.param(lambda kept: kept.pop("as_of"), "the instant", id="no instant"),
        pytest.param(lambda kept: kept.update(as_of="2026-11-18"), "no offset", id="an instant of nowhere"),
        pytest.param(lambda kept: kept.pop("asked"), "'asked'", id="no answers"),
        pytest.param(lambda kept: kept.update(asked=[1]), "not as a run writes it", id="no requests"),
        pytest.param(lambda kept: kept.update(names={}), "'organization' is missing", id="names of no organization"),
        pytest.param(lambda kept: kept["asked"][1].update(answer={"data": 1}), "job 'week' is no such answer",
                     id="another answer"),
    ],
)  # fmt: skip
def test_a_file_of_another_shape_is_said(
    home: Path, render: Callable[..., Ran], change: Callable[[dict[str, Any]], object], said: str
) -> None:
    file = home / "out" / "calls" / "2026-W46" / "result.json"
    kept = json.loads(file.read_text())
    change(kept)
    file.write_text(json.dumps(kept))
    done = render("calls", "--period", "2026-W46")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: out/calls/2026-W46/result.json cannot be used: ")
    assert said in done.stderr


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000])
def test_a_file_that_is_no_json_is_said(home: Path, render: Callable[..., Ran], text: str) -> None:
    (home / "out" / "calls" / "2026-W46" / "result.json").write_text(text)
    done = render()
    assert done.returncode == 3
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_period_that_is_not_there_and_a_definition_that_never_ran_are_said(
    home: Path, render: Callable[..., Ran]
) -> None:
    done = render("--period", "2026-W47")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean '2026-W45'?" in done.stderr
    (home / "reports" / "new.yaml").write_text(CALLS)
    done = render("new")
    assert done.returncode == 5
    assert "no result.json is kept below out/new; `runner run new` makes one" in done.stderr


def test_a_job_that_failed_has_failed_again(home: Path, render: Callable[..., Ran], office: Office) -> None:
    edit(home, "calls.all.all.count", "calls.sideways.all.count")
    done = runner("run", "--as-of", "2026-11-25", cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key)
    assert done.returncode == 3
    before = digests(home / "out")
    again = render()
    assert again.returncode == 3
    assert "calls: job 'week' had failed: " in again.stderr
    assert digests(home / "out") == before
