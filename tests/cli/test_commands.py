"""Every command: what it prints where, and its exit code."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command import AS_OF
from tests.cli.conftest import Runner

BROKEN = "title: Broken\njobs:\n  a: {endpoint: activity, type: overview, range: last-week, metric: [x]}\n"


def write(project: Path, text: str, name: str = "one") -> None:
    (project / "reports" / f"{name}.yaml").write_text(text)


# ---- validate


def test_validate_says_how_many_definitions_are_right(call: Runner, project: Path) -> None:
    ran = call("validate")
    count = len(list((project / "reports").iterdir()))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{count} definitions are right\n", "")


def test_validate_names_the_place_the_line_and_the_remedy(call: Runner, project: Path) -> None:
    write(project, BROKEN)
    ran = call("validate")
    assert ran.returncode == 2
    assert "reports/one.yaml:3:61: " in ran.stdout
    assert "did you mean 'metrics'?" in ran.stdout
    assert "   a: {endpoint" in ran.stdout


def test_validate_says_all_errors_of_all_files_in_file_order(call: Runner, project: Path) -> None:
    write(project, "title: [", "a")
    write(project, BROKEN, "b")
    found = json.loads(call("validate", "--format", "json").stdout)
    files = [problem["file"] for problem in found]
    assert files == sorted(files)
    assert set(files) == {"reports/a.yaml", "reports/b.yaml"}
    assert {"file", "line", "column", "severity", "rule", "message", "hint"} == set(found[0])


def test_validate_refuses_two_definitions_of_one_name(call: Runner, project: Path) -> None:
    (project / "reports" / "more").mkdir()
    shutil.copy(project / "reports" / "weekly-sales.yaml", project / "reports" / "more" / "Weekly-Sales.yaml")
    ran = call("validate", "reports")
    assert ran.returncode == 2
    assert "duplicate-name" in ran.stdout


def test_validate_checks_the_project_file_too(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text("profile: {}\n")
    ran = call("validate")
    assert ran.returncode == 2
    assert "runner.yaml:1:1" in ran.stdout + ran.stderr


# ---- list, plan


def test_list_names_the_definitions_with_their_jobs(call: Runner, project: Path) -> None:
    ran = call("list")
    assert ran.returncode == 0
    assert "weekly-sales" in ran.stdout
    assert "team-by-day (activity)" in ran.stdout
    names = [entry["name"] for entry in json.loads(call("list", "--format", "json").stdout)]
    assert names == sorted(path.stem for path in (project / "reports").iterdir())


def test_plan_shows_absolute_ranges_and_asks_nothing(call: Runner, project: Path, cache: Path) -> None:
    ran = call("plan", "weekly-sales", "--as-of", AS_OF, HOME=str(project / "nowhere"), XDG_CACHE_HOME=str(project))
    assert ran.returncode == 0
    assert "2026-W47: 2026-11-16T00:00-05:00 to 2026-11-23T00:00-05:00" in ran.stdout
    assert "out/weekly-sales/2026-W47/digest.html" in ran.stdout
    assert "asked once, used by 2 jobs" in ran.stdout
    assert sorted(path.name for path in project.iterdir()) == ["reports"]


def test_plan_as_json_has_every_request_as_it_would_go_out(call: Runner) -> None:
    (plan,) = json.loads(call("plan", "weekly-sales", "--as-of", AS_OF, "--format", "json").stdout)
    bodies = [request["body"] for request in plan["requests"] if "body" in request]
    assert bodies[0]["datetime_range"] == {"start": "2026-11-16T00:00:00-05:00", "end": "2026-11-23T00:00:00-05:00"}
    assert {request["path"] for request in plan["requests"]} == {"report/activity/", "report/activity/metrics/"}
    assert plan["period"]["name"] == "2026-W47"


def test_plan_shows_the_pieces_of_a_week_in_which_the_clock_changes(call: Runner) -> None:
    ran = call("plan", "weekly-sales", "--as-of", "2026-11-02T12:00:00Z")
    assert "2026-10-26--2026-10-31: 2026-10-26T00:00-04:00 to 2026-11-01T00:00-04:00" in ran.stdout
    assert "2026-11-01: 2026-11-01T00:00-04:00 to 2026-11-02T00:00-05:00" in ran.stdout
    assert "note: team-by-day: the clock changes on 2026-11-01" in ran.stdout
    assert "7 requests" in ran.stdout
    (plan,) = json.loads(call("plan", "weekly-sales", "--as-of", "2026-11-02T12:00:00Z", "--format", "json").stdout)
    pieces = {request["part"]["name"]: request["x-tz-offset"] for request in plan["requests"] if request["part"]}
    assert pieces == {"2026-10-26--2026-10-31": -4.0, "2026-11-01": -5.0}


def test_plan_without_names_needs_no_service(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text(
        "profiles:\n  live: {service: close, base_url: 'http://127.0.0.1:9/api/v1/'}\n"
    )
    ran = call("plan", "weekly-sales", "--as-of", AS_OF)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("as_of", "code", "told"),
    [
        ("2017-06-01", 3, "error: The sample organization begins in 2018: it has no data as of 2017-06-01."),
        ("0001-01-01", 2, "0001-01-01 is outside of the years 1900 to 9000"),
        ("9999-12-31", 2, "9999-12-31 is outside of the years 1900 to 9000"),
    ],
)
def test_an_instant_without_data_is_told(call: Runner, as_of: str, code: int, told: str) -> None:
    ran = call("run", "weekly-sales", "--as-of", as_of)
    assert ran.returncode == code
    assert ran.stderr.rstrip().endswith(told)


@pytest.mark.parametrize(
    "words", [("--as-of", AS_OF, "plan", "weekly-sales"), ("plan", "weekly-sales", "--as-of", AS_OF)]
)
def test_shared_options_stand_before_or_after_the_command(call: Runner, words: tuple[str, ...]) -> None:
    assert "2026-W47" in call(*words).stdout


def test_the_environment_can_say_an_option(call: Runner) -> None:
    assert "2026-W47" in call("plan", "weekly-sales", RUNNER_AS_OF=AS_OF).stdout


# ---- run


def test_run_ends_with_the_paths_of_what_it_wrote(call: Runner, project: Path) -> None:
    ran = call("run", "weekly-sales", "--as-of", AS_OF)
    assert ran.returncode == 0, ran.stderr
    folder = "out/weekly-sales/2026-W47"
    tables = ("digest.team-by-day.csv", "digest.leaderboard.csv")
    files = [f"{folder}/{name}" for name in ("digest.html", "digest.md", *tables, "digest.txt", "result.json")]
    assert ran.stdout.split() == files
    assert all((project / file).is_file() for file in files)
    assert "team-by-day" in ran.stderr
    assert "sample data" in ran.stderr


def test_run_writes_a_row_for_each_local_day_where_the_clock_changes(call: Runner, project: Path) -> None:
    ran = call("run", "weekly-sales", "--as-of", "2026-11-02T12:00:00Z")
    assert ran.returncode == 0, ran.stderr
    folder = project / "out" / "weekly-sales" / "2026-W44"
    days = re.findall(r"^\| (\w+ \d+ \w+) \|", (folder / "digest.md").read_text(), re.MULTILINE)
    assert days == ["Mon 26 Oct", "Tue 27 Oct", "Wed 28 Oct", "Thu 29 Oct", "Fri 30 Oct", "Sat 31 Oct", "Sun 1 Nov"]
    kept = json.loads((folder / "result.json").read_text())
    assert [asked["part"] for asked in kept["asked"] if asked["part"]] == ["2026-10-26--2026-10-31", "2026-11-01"]


def test_every_digest_of_the_sample_says_so(call: Runner, project: Path) -> None:
    call("run", "weekly-sales", "--as-of", AS_OF)
    folder = project / "out" / "weekly-sales" / "2026-W47"
    for name in ("digest.html", "digest.md", "digest.leaderboard.csv", "digest.txt"):
        assert "sample data" in (folder / name).read_text().lower(), name


def test_the_same_instant_gives_the_same_bytes(call: Runner, project: Path) -> None:
    first = call("run", "--as-of", AS_OF, "--output", "first", TZ="Asia/Tokyo", LC_ALL="de_DE.UTF-8")
    second = call("run", "--as-of", AS_OF, "--output", "second", TZ="America/Lima", PYTHONHASHSEED="7")
    assert (first.returncode, second.returncode) == (0, 0)
    files = {path.relative_to(project / "first"): path.read_bytes() for path in (project / "first").rglob("*.*")}
    again = {path.relative_to(project / "second"): path.read_bytes() for path in (project / "second").rglob("*.*")}
    assert len(files) > 9
    assert files == again


def test_a_refusal_is_reported_where_it_was_asked_for(call: Runner, project: Path) -> None:
    good = "{endpoint: activity, type: overview, range: last-week, metrics: [calls.all.all.count]}"
    write(
        project,
        f"title: T\njobs:\n  good: {good}\n  bad:\n    endpoint: activity\n    type: overview\n    range: last-week\n"
        "    metrics: [calls.all.all.count, calls.sideways.all.count]\n",
    )
    ran = call("run", "one", "--as-of", AS_OF)
    assert ran.returncode == 3
    assert "reports/one.yaml:8:36: " in ran.stderr
    assert "refused-by-service" in ran.stderr
    text = (project / "out" / "one" / "2026-W47" / "digest.txt").read_text()
    assert "calls.sideways.all.count" in text


def test_a_key_that_is_not_set_is_a_usage_error_that_names_the_variable(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text("profiles:\n  live: {service: close, api_key_env: MY_CLOSE_KEY}\n")
    ran = call("run", "weekly-sales", "--profile", "live")
    assert ran.returncode == 2
    assert "MY_CLOSE_KEY" in ran.stderr


# ---- what goes wrong


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("run", "weekly-sale"), 2, "did you mean 'weekly-sales'?", id="a name nearly right"),
        pytest.param(("run", "reports/none.yaml"), 2, "No such file", id="a path that is not there"),
        pytest.param(("plan", "--as-of", "monday"), 2, "no date or datetime", id="an instant that is none"),
        pytest.param(
            ("plan", "--profile", "sampel"), 2, "did you mean 'sample'?", id="plan for a profile nearly right"
        ),
        pytest.param(("run", "--profile", "sampel"), 2, "did you mean 'sample'?", id="a profile nearly right"),
        pytest.param(("walk",), 2, "No such command", id="an unknown command"),
        pytest.param(("serve", "--port", "0"), 2, "RUNNER_SERVE_KEY", id="serve without a key"),
        pytest.param(("load", "none", "store"), 2, "does not exist", id="load of nothing"),
    ],
)
def test_a_mistake_is_said_without_a_traceback(call: Runner, words: tuple[str, ...], code: int, said: str) -> None:
    ran = call(*words)
    assert ran.returncode == code
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_folder_without_definitions_selects_nothing(call: Runner, project: Path) -> None:
    (project / "empty" / "reports").mkdir(parents=True)
    ran = call("run", "--project", "empty")
    assert ran.returncode == 5
    assert "no definitions in empty/reports" in ran.stderr


def test_help_lists_every_command(call: Runner) -> None:
    ran = call("--help")
    for name in ("validate", "list", "lock", "plan", "run", "serve", "load", "schema"):
        assert f"  {name} " in ran.stdout
        assert call(name, "--help").returncode == 0


def test_schema_prints_what_ships(call: Runner) -> None:
    assert "$schema" in json.loads(call("schema").stdout)
    assert "$schema" in json.loads(call("schema", "runner").stdout)


# ---- load


def test_load_says_what_it_loaded_what_it_left_out_and_what_it_did_not_read(call: Runner, project: Path) -> None:
    (project / "dump").mkdir()
    rows = '{"id": "lead_1", "date_created": "2026-01-01"}\n{"id": "lead_2"}\n'
    (project / "dump" / "lead.ndjson").write_text(rows)
    (project / "dump" / "activities.json").write_text("[]")
    stopped = call("load", "dump", "store")
    assert stopped.returncode == 3
    assert "lead.ndjson:2: lead_2: no date_created" in stopped.stderr
    assert not (project / "store").exists()
    loaded = call("load", "dump", "store", "--skip-bad")
    assert loaded.returncode == 0
    assert "           1  lead\n" in loaded.stdout
    assert "skipped lead.ndjson:2: lead_2: no date_created" in loaded.stderr
    assert "not read: activities.json" in loaded.stderr


def test_a_profile_can_read_a_store_or_a_dump(call: Runner, project: Path) -> None:
    (project / "dump").mkdir()
    (project / "dump" / "lead.ndjson").write_text('{"id": "lead_1", "date_created": "2026-01-05"}\n')
    call("load", "dump", "store")
    (project / "runner.yaml").write_text(
        "profiles:\n  store: {service: data, data: store}\n  dump: {service: data, data: dump}\n"
        "  none: {service: data, data: nowhere}\ndefault_profile: store\n"
    )
    write(
        project,
        "title: Leads\njobs:\n"
        "  new: {endpoint: activity, type: overview, range: 2026-W02, metrics: [leads.created.all.count]}\n",
    )
    for profile in ("store", "dump"):
        ran = call("run", "one", "--profile", profile, "--output", profile, "--as-of", AS_OF)
        assert ran.returncode == 0, ran.stderr
        text = (project / profile / "one" / "2026-W02" / "digest.txt").read_text()
        assert "1 Created leads" in text
        assert "sample data" not in text.lower()
    assert (project / "store" / "manifest.json").is_file()
    missing = call("run", "one", "--profile", "none")
    assert missing.returncode == 2
    assert "nowhere: no such folder" in missing.stderr


def test_a_refusal_of_what_a_metric_is_made_of_is_reported_inside_its_expression(call: Runner, project: Path) -> None:
    write(
        project,
        "title: T\njobs:\n  bad:\n    endpoint: activity\n    type: overview\n    range: last-week\n"
        "    metrics: [half]\nmetrics:\n  half: calls.all.all.count / calls.sideways.all.count\n",
    )
    ran = call("run", "one", "--as-of", AS_OF)
    assert ran.returncode == 3
    assert "reports/one.yaml:9:31: " in ran.stderr


CHECKED = (
    "title: T\nchecks:\n  many: {{job: calls, number: calls.all.all.count, min: 1000000{more}}}\njobs:\n"
    "  calls: {{endpoint: activity, type: overview, range: last-week, metrics: [calls.all.all.count]}}\n"
    "{jobs}output: {{formats: [txt, json]}}\n"
)


@pytest.mark.parametrize(
    ("more", "jobs", "code", "said"),
    [
        pytest.param("", "", 1, "reports/one.yaml:3:3: Calls: ", id="an error"),
        pytest.param(", severity: warning", "", 0, "reports/one.yaml:3:3: warning: Calls: ", id="a warning"),
        pytest.param(
            "",
            "  bad: {endpoint: activity, type: overview, range: last-week, metrics: [calls.sideways.all.count]}\n",
            3,
            "reports/one.yaml:3:3: Calls: ",
            id="an error beside a job that failed",
        ),
    ],
)
def test_a_check_that_fails_is_said_after_everything_is_written(
    call: Runner, project: Path, more: str, jobs: str, code: int, said: str
) -> None:
    write(project, CHECKED.format(more=more, jobs=jobs))
    ran = call("run", "one", "--as-of", AS_OF)
    assert ran.returncode == code
    assert said in ran.stderr
    assert "(at least 1,000,000)" in ran.stderr
    assert "[check-failed]" in ran.stderr
    folder = project / "out" / "one" / "2026-W47"
    assert json.loads((folder / "digest.json").read_text())["checks"][0]["passed"] is False
    again = call("render", "one")
    assert again.returncode == code
    assert said in again.stderr
