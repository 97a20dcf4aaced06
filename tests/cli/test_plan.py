"""Plans that are kept in a file, and runs that are held to them; what a plan says it costs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.cli.forecast import predicted
from runner.client.hints import Rate
from tests.cli.command import AS_OF
from tests.cli.conftest import Runner
from tests.cli.office import Office, open_office
from tests.cli.test_commands import write

ONE = (
    "title: One\njobs:\n  calls:\n    endpoint: activity\n    type: overview\n    range: last-week\n"
    "    metrics: [calls.all.all.count]\noutput: {formats: [txt]}\n"
)
SETTINGS = "policy: {recipients: ['@example.com']}\nchannels:\n  site: {type: folder, path: public}\n"
OUT = ("plan", "one", "--as-of", AS_OF, "--out", "plan.json")
RUN = ("run", "--plan", "plan.json")


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def change(project: Path, old: str, new: str, name: str = "reports/one.yaml") -> None:
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new))


# ---- held to a plan


def test_a_plan_holds_requests_files_recipients_and_hashes(call: Runner, project: Path) -> None:
    write(project, f"{ONE}deliver:\n  - folder: {{}}\n")
    (project / "runner.yaml").write_text(SETTINGS)
    (project / "templates").mkdir()
    (project / "templates" / "digest.txt.j2").write_text("x")
    ran = call(*OUT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == call(*OUT[:-2]).stdout
    plan = json.loads((project / "plan.json").read_text())
    (entry,) = plan["definitions"]
    assert (plan["version"], plan["profile"], plan["as_of"]) == (1, "sample", "2026-11-23T12:02:00+00:00")
    assert entry["requests"][-1]["body"]["datetime_range"]["start"] == "2026-11-16T00:00:00+00:00"
    assert (entry["file"], entry["deliver"][0]["via"]) == ("reports/one.yaml", "site")
    assert entry["files"] == ["out/one/2026-W47/digest.txt", "out/one/2026-W47/result.json"]
    assert all(
        re.fullmatch("[0-9a-f]{64}", plan["inputs"][name]) for name in ("runner.yaml", "templates/digest.txt.j2")
    )
    assert len(entry["sha256"]) == 64


def test_a_run_by_a_plan_is_of_the_plans_instant(call: Runner, project: Path) -> None:
    write(project, ONE)
    call(*OUT)
    ran = call(*RUN)
    assert (ran.returncode, ran.stdout.split()) == (0, ["out/one/2026-W47/digest.txt", "out/one/2026-W47/result.json"])
    assert json.loads((project / "out/one/2026-W47/result.json").read_text())["as_of"].startswith("2026-11-23")


def test_a_plan_may_be_run_from_another_folder(call: Runner, project: Path) -> None:
    write(project, ONE)
    (project / "runner.yaml").write_text("output: made\n")
    assert call("plan", "--project", ".", "one", "--as-of", AS_OF, "--out", "plan.json").returncode == 0
    (project / "below").mkdir()
    shutil.move(project / "plan.json", project / "below" / "plan.json")
    ran = call("run", "--plan", "below/plan.json", "--project", str(project))
    assert (ran.returncode, (project / "made/one/2026-W47/digest.txt").is_file()) == (0, True), ran.stderr


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "another range": (
        lambda project: change(project, "last-week", "2026-W46"),
        'one: requests 2 (calls).body.datetime_range.start: was "2026-11-16T00:00:00+00:00", '
        'is "2026-11-09T00:00:00+00:00"',
    ),
    "one more metric": (
        lambda project: change(project, "count]", "count, emails.sent.all.count]"),
        'one: requests 2 (calls).body.metrics: was ["calls.all.all.count"], '
        'is ["calls.all.all.count", "emails.sent.all.count"]',
    ),
    "one more comparison": (
        lambda project: change(project, "metrics:", "compare: previous\n    metrics:"),
        "one: requests: was 2 of them, is 3 of them",
    ),
    "one more format": (lambda project: change(project, "[txt]", "[txt, md]"), "one: files: was "),
    "somebody who gets it": (
        lambda project: write(project, f"{ONE}deliver:\n  - folder: {{}}\n"),
        "one: deliver: was [], is 1 of them",
    ),
    "what it says only": (
        lambda project: change(project, "title: One", "title: Two"),
        "one: the definition has changed",
    ),
    "the owner's file": (
        lambda project: change(project, "path: public", "path: elsewhere", "runner.yaml"),
        "runner.yaml: has changed",
    ),
    "a new template": (
        lambda project: (project / "templates" / "digest.txt.j2").touch(),
        "templates/digest.txt.j2: is new",
    ),
    "no definition": (lambda project: (project / "reports/one.yaml").unlink(), "reports/one.yaml is no longer there"),
}


@pytest.mark.parametrize(("make", "said"), CHANGES.values(), ids=CHANGES)
def test_a_run_that_would_do_anything_else_is_refused(
    call: Runner, project: Path, make: Callable[[Path], None], said: str
) -> None:
    write(project, ONE)
    (project / "runner.yaml").write_text(SETTINGS)
    (project / "templates").mkdir()
    assert call(*OUT).returncode == 0
    make(project)
    ran = call(*RUN, "--output-format", "json:found.json")
    assert (ran.returncode, ran.stdout) == (6, "")
    assert f"\n  {said}" in ran.stderr
    assert not (project / "out").exists()
    found = json.loads((project / "found.json").read_text())
    assert (found["exit_code"], said in found["errors"][0]) == (6, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("no JSON", "no plan as `runner plan --out` writes it", id="no JSON"),
        pytest.param("[]", "no plan as `runner plan --out` writes it", id="no object"),
        pytest.param('{"version": 1}', "no plan as `runner plan --out` writes it", id="half of one"),
        pytest.param('{"version": 2}', "reads version 1 of plans, not 2", id="of another version"),
    ],
)
def test_a_file_that_is_no_plan_is_a_usage_error(call: Runner, project: Path, text: str, said: str) -> None:
    (project / "plan.json").write_text(text)
    ran = call(*RUN)
    assert (ran.returncode, said in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    "words", [("one",), ("--as-of", AS_OF), ("--profile", "sample"), ("--due",), ("--resume",), ("--output", "x")]
)
def test_a_plan_says_what_is_run(call: Runner, project: Path, words: tuple[str, ...]) -> None:
    write(project, ONE)
    call(*OUT)
    assert call(*RUN, *words).returncode == 2


# ---- against what is kept


def test_the_exit_code_says_whether_a_run_would_give_anything_else(call: Runner, project: Path) -> None:
    def code(*words: str) -> tuple[int, str]:
        ran = call("plan", "one", "--detailed-exitcode", *(words or ("--as-of", AS_OF)))
        return ran.returncode, ran.stderr

    write(project, ONE)
    assert code() == (6, "one: nothing is kept for 2026-W47\n")
    call("run", "one", "--as-of", AS_OF)
    assert code() == (0, "one: nothing differs from what is kept\n")
    assert code("--as-of", "2026-11-24") == (0, "one: nothing differs from what is kept\n")
    assert code("--as-of", "2026-12-01") == (6, "one: nothing is kept for 2026-W48\n")
    (project / "out/one/2026-W47/digest.txt").unlink()
    assert code() == (6, "one: out/one/2026-W47/digest.txt: not written\n")
    change(project, "title: One", "title: Two")
    assert code() == (6, "one: the definition has changed\n")
    change(project, "count]", "count, emails.sent.all.count]")
    assert code() == (6, "one: calls: what would be asked was not asked then\n")


def test_numbers_of_a_week_that_was_not_over_may_be_others_now(call: Runner, project: Path) -> None:
    write(project, ONE.replace("last-week", "this-week"))
    call("run", "one", "--as-of", AS_OF)
    ran = call("plan", "one", "--detailed-exitcode", "--as-of", "2026-11-25")
    assert (ran.returncode, ran.stderr) == (6, "one: 2026-W48 was not over then\n")
    assert call("plan", "one", "--detailed-exitcode", "--as-of", AS_OF).returncode == 0


# ---- what it costs


def test_a_plan_says_what_the_cache_answers(call: Runner, project: Path, office: Office) -> None:
    write(project, ONE)
    (project / "runner.yaml").write_text(office.profile.replace("}\n", ", cache: 12h}\n"))
    key = {"CLOSE_API_KEY": office.key}
    first = call("plan", "one", "--as-of", AS_OF, **key)
    assert first.returncode == 0, first.stderr
    assert "in the cache" not in first.stdout
    assert re.search(r"\n2 requests in all; about [0-9.]+ s: 8 at a time, [0-9.]+ s each \(measured\)\n$", first.stdout)
    assert call("run", "one", "--as-of", AS_OF, **key).returncode == 0
    count = len(office.asked)
    again = call("plan", "one", "--as-of", AS_OF, **key)
    assert again.stdout.count("in the cache") == 1
    assert "\n2 requests in all, 1 of them from the cache; about " in again.stdout
    assert office.asked[count:] == ["me/"]
    (said,) = json.loads(call("plan", "one", "--as-of", AS_OF, "--format", "json", **key).stdout)
    assert [request["cached"] for request in said["requests"]] == [False, True]


def test_a_cache_that_cannot_be_asked_about_is_said(call: Runner, project: Path, office: Office) -> None:
    write(project, ONE)
    (project / "runner.yaml").write_text(office.profile.replace("}\n", ", cache: 12h}\n"))
    ran = call("plan", "one", "--as-of", AS_OF)
    assert ran.returncode == 0
    assert "what the cache has is not known: " in ran.stderr


@pytest.mark.parametrize(
    ("requests", "in_flight", "rate", "seconds", "basis"),
    [
        pytest.param(0, 8, None, 0.0, "8 at a time, 0.5 s each", id="nothing"),
        pytest.param(8, 8, None, 0.5, "8 at a time, 0.5 s each", id="one round"),
        pytest.param(9, 8, None, 1.0, "8 at a time, 0.5 s each", id="two rounds"),
        pytest.param(9, 1, Rate(10, 9, 60), 4.5, "1 at a time, 0.5 s each", id="within the limit"),
        pytest.param(
            10, 1, Rate(10, 9, 6), 11.0, "1 at a time, 0.5 s each, 1 x 6.0 s for the rate limit", id="one too many"
        ),
        pytest.param(
            29, 29, Rate(10, 0, 5), 15.5, "29 at a time, 0.5 s each, 3 x 5.0 s for the rate limit", id="three times"
        ),
    ],
)
def test_the_time_is_that_of_the_rounds_and_of_the_limit(
    requests: int, in_flight: int, rate: Rate | None, seconds: float, basis: str
) -> None:
    assert predicted(requests, in_flight, 0.5, rate) == (seconds, basis)


def test_a_plan_as_markdown_has_a_table_of_requests(call: Runner, project: Path) -> None:
    write(project, f"{ONE}deliver:\n  - folder: {{}}\n")
    (project / "runner.yaml").write_text(SETTINGS)
    ran = call("plan", "one", "--as-of", AS_OF, "--format", "markdown")
    assert ran.returncode == 0
    assert "| calls | POST report/activity/ | 2026-11-16 00:00 | 2026-11-23 00:00 |  |" in ran.stdout
    assert "- writes `out/one/2026-W47/digest.txt`" in ran.stdout
    assert "- sends folder over site" in ran.stdout
