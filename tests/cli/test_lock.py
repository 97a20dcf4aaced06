"""``runner lock``, and what ``plan`` and ``run`` make of names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import AS_OF
from tests.cli.conftest import Runner

TEAM = """\
title: Team
timezone: America/New_York
defaults: {range: 2026-W47}
jobs:
  calls:
    endpoint: activity
    type: comparison
    metrics: [calls.outbound.all.count]
    users: ["group:SDR team", priya@example.com]
    query: {smart_view: hot leads}
"""
MAIL = "title: Mail\njobs:\n  a: {endpoint: activity, type: overview, range: 2026-W47, users: [Zuri Kamara], METRICS}\n"
MAIL = MAIL.replace("METRICS", "metrics: [emails.sent.all.count]")
LATER = "2027-03-23T12:00:00Z"
"""When somebody of the SDR team has left and somebody else has come."""


@pytest.fixture
def team(project: Path) -> Path:
    """A project whose definitions have names."""
    for file in (project / "reports").iterdir():
        file.unlink()
    (project / "reports" / "team.yaml").write_text(TEAM)
    return project


def lock(project: Path) -> str:
    return (project / "runner.lock").read_text(encoding="utf-8")


def test_lock_pins_every_name_says_what_changed_and_is_fresh_afterwards(call: Runner, team: Path) -> None:
    stale = call("lock", "--check", "--as-of", AS_OF)
    assert (stale.returncode, stale.stdout.count("\n")) == (6, 3)
    assert "stale" in stale.stderr
    assert not (team / "runner.lock").exists()
    made = call("lock", "--as-of", AS_OF)
    assert (made.returncode, made.stdout) == (0, stale.stdout)
    assert [line.split(": ")[0] for line in made.stdout.splitlines()] == [
        "+ group 'SDR team'",
        "+ smart view 'hot leads'",
        "+ user 'priya@example.com'",
    ]
    assert made.stderr == "runner.lock: 3 names pinned\n"
    assert lock(team).startswith("# The IDs that names in the report definitions stand for.")
    fresh = call("lock", "--check", "--as-of", AS_OF)
    assert (fresh.returncode, fresh.stdout, fresh.stderr) == (0, "", "runner.lock is fresh\n")
    before = lock(team)
    assert call("lock", "--as-of", AS_OF, PYTHONHASHSEED="3").returncode == 0
    assert lock(team) == before


@pytest.mark.slow
def test_check_says_who_joined_and_left_a_group(call: Runner, team: Path) -> None:
    call("lock", "--as-of", AS_OF)
    before = lock(team)
    ran = call("lock", "--check", "--as-of", LATER, "--format", "json")
    assert ran.returncode == 6
    (change,) = json.loads(ran.stdout)
    assert (change["kind"], change["name"], change["profile"]) == ("group", "SDR team", "sample")
    assert change["before"] == change["after"]
    assert change["joined"]
    assert change["left"]
    assert lock(team) == before


def test_check_says_that_a_name_stands_for_something_else_and_that_a_pin_is_unused(call: Runner, team: Path) -> None:
    call("lock", "--as-of", AS_OF)
    text = lock(team)
    place = text.index('said: "hot leads", id: "') + len('said: "hot leads", id: "')
    end = text.index('"', place)
    (team / "runner.lock").write_text(text[:place] + "save_old" + text[end:])
    (team / "reports" / "team.yaml").write_text(TEAM.replace(", priya@example.com", ""))
    ran = call("lock", "--check", "--as-of", AS_OF)
    assert ran.returncode == 6
    assert ran.stdout.splitlines()[0] == f"~ smart view 'hot leads': save_old -> {text[place:end]}"
    assert ran.stdout.splitlines()[1].startswith("- user 'priya@example.com': user_")


def test_lock_of_one_definition_leaves_the_pins_of_others(call: Runner, team: Path) -> None:
    call("lock", "--as-of", AS_OF)
    (team / "reports" / "mail.yaml").write_text(MAIL)
    ran = call("lock", "mail", "--as-of", AS_OF)
    assert [line.split(": ")[0] for line in ran.stdout.splitlines()] == ["+ user 'Zuri Kamara'"]
    assert call("lock", "--check", "--as-of", AS_OF).returncode == 0


def test_an_unknown_name_is_told_at_its_word_and_nothing_is_written(call: Runner, team: Path) -> None:
    (team / "reports" / "team.yaml").write_text(TEAM.replace("hot leads", "Hot leed").replace("SDR team", "SDRs"))
    for words in (("lock",), ("lock", "--check"), ("plan",), ("run",)):
        ran = call(*words, "--as-of", AS_OF)
        assert ran.returncode == 2, words
        assert "reports/team.yaml:9:13: no group is named 'SDRs' [unknown-group]" in ran.stderr
        assert "reports/team.yaml:10:25: no smart view is named 'Hot leed' [unknown-smart-view]" in ran.stderr
        assert "did you mean 'Hot leads'?" in ran.stderr
    assert sorted(path.name for path in team.iterdir()) == ["reports"]


def test_plan_looks_names_up_and_says_so_until_they_are_pinned(call: Runner, team: Path, cache: Path) -> None:
    asked = call("plan", "--as-of", AS_OF)
    assert asked.returncode == 0
    assert "asking profile 'sample' for names and IDs only" in asked.stderr
    assert "not pinned: 'SDR team', 'priya@example.com', 'hot leads'; `runner lock`" in asked.stderr
    assert "  names: GET group/group_" in asked.stdout
    call("lock", "--as-of", AS_OF)
    offline = call("plan", "--as-of", AS_OF, "--format", "json", XDG_CACHE_HOME=str(team / "nowhere"))
    assert (offline.returncode, offline.stderr) == (0, "")
    assert not (team / "nowhere").exists()
    (plan,) = json.loads(offline.stdout)
    assert plan["lookups"] == [{"method": "GET", "path": "me/"}]
    (body,) = [request["body"] for request in plan["requests"] if "body" in request]
    assert len(body["users"]) == 6
    assert all(user.startswith("user_") for user in body["users"])
    assert body["query"]["saved_search_id"].startswith("save_")


def test_run_asks_for_the_members_that_are_pinned(call: Runner, team: Path) -> None:
    first = call("run", "--as-of", AS_OF, "--output", "first")
    assert first.returncode == 0, first.stderr
    assert "not pinned" in first.stderr
    call("lock", "--as-of", AS_OF)
    later = call("run", "--as-of", LATER, "--output", "later")
    assert later.returncode == 0, later.stderr
    assert "not pinned" not in later.stderr

    def people(output: str) -> object:
        result = json.loads((team / output / "team" / "2026-W47" / "result.json").read_text())
        return [asked["request"]["body"]["users"] for asked in result["asked"] if "body" in asked["request"]]

    assert people("first") == people("later")


@pytest.mark.slow
def test_a_lock_of_another_organization_stops_a_run_and_lock_mends_it(call: Runner, team: Path) -> None:
    call("lock", "--as-of", AS_OF)
    text = lock(team)
    place = text.index('organization: {id: "') + len('organization: {id: "')
    (team / "runner.lock").write_text(text[:place] + "orga_9" + text[text.index('"', place) :])
    ran = call("run", "--as-of", AS_OF)
    assert ran.returncode == 2
    assert "orga_9" in ran.stderr
    assert "`runner lock`" in ran.stderr
    assert not (team / "out").exists()
    checked = call("lock", "--check", "--as-of", AS_OF)
    assert (checked.returncode, checked.stdout.split("'")[0]) == (6, "~ organization ")
    assert call("lock", "--as-of", AS_OF).returncode == 0
    assert lock(team) == text


def test_a_damaged_lock_is_told_with_its_place(call: Runner, team: Path) -> None:
    (team / "runner.lock").write_text("<<<<<<< ours\nversion: 1\n")
    for words in (("plan",), ("run",), ("lock", "--check")):
        ran = call(*words, "--as-of", AS_OF)
        assert ran.returncode == 2
        assert "runner.lock:" in ran.stderr


def test_a_service_that_cannot_be_reached_is_no_error_of_the_definition(call: Runner, team: Path) -> None:
    (team / "runner.yaml").write_text(
        "profiles:\n  live: {service: close, base_url: 'http://127.0.0.1:9/api/v1/', limits: {attempts: 2}}\n"
    )
    for words in (("plan",), ("run",), ("lock",)):
        ran = call(*words, "--as-of", AS_OF, CLOSE_API_KEY="a-test-key")
        assert ran.returncode == 3, ran.stderr
        assert "me/: the service could not be reached" in ran.stderr


def test_pins_are_kept_for_each_profile_and_go_with_it(call: Runner, team: Path) -> None:
    (team / "runner.yaml").write_text("profiles:\n  sample: {service: sample}\n  other: {service: sample}\n")
    call("lock", "--as-of", AS_OF)
    call("lock", "--as-of", AS_OF, "--profile", "other")
    assert call("lock", "--check", "--as-of", AS_OF).returncode == 0
    assert lock(team).count("organization:") == 2
    (team / "runner.yaml").write_text("profiles:\n  sample: {service: sample}\n")
    ran = call("lock", "--check", "--as-of", AS_OF)
    assert (ran.returncode, ran.stdout.split(":")[0]) == (6, "- profile 'other'")
