"""``runner explain``: a number of a kept result traced to its line, its request, its place and its records."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import AS_OF, runner

Explain = Callable[..., "subprocess.CompletedProcess[str]"]

CALLS = """\
title: Calls
timezone: America/New_York
defaults: {range: last-week, compare: previous}
jobs:
  days:
    endpoint: activity
    type: overview
    metrics:
      - emails.sent.all.count
      - calls.outbound.all.count
  leads: {endpoint: statuses/lead}
output: {formats: [md]}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    home = tmp_path_factory.mktemp("explain")
    (home / "reports").mkdir()
    (home / "reports" / "calls.yaml").write_text(CALLS)
    assert runner("run", "--as-of", AS_OF, cwd=home, cache=cache).returncode == 0
    return home


@pytest.fixture
def explain(home: Path, cache: Path) -> Explain:
    def call(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return runner("explain", *words, cwd=home, cache=cache, **more)

    return call


def data(explain: Explain, *words: str) -> dict[str, Any]:
    done = explain(*words, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asked(home: Path) -> list[dict[str, Any]]:
    kept: dict[str, Any] = json.loads((home / "out" / "calls" / "2026-W47" / "result.json").read_text())
    return [one for one in kept["asked"] if one["job"] == "days" and one["period"]]


def test_a_total_is_traced_to_all_that_is_behind_it(explain: Explain, home: Path) -> None:
    found = data(explain, "calls", "days", "calls.outbound.all.count", "--records")
    now, before = (one["answer"] for one in asked(home))
    totals = now["aggregations"]["totals"]
    assert found["value"] == totals["calls.outbound.all.count"]
    assert found["before"][0]["value"] == before["aggregations"]["totals"]["calls.outbound.all.count"]
    assert found["parts"] == [{"pointer": "/aggregations/totals/calls.outbound.all.count", "value": found["value"]}]
    assert found["definition"]["place"] == "reports/calls.yaml:10:9"
    assert found["definition"]["line"] == "      - calls.outbound.all.count"
    assert [found["search"]] == now["queries"]["leads"]["calls.outbound.all.count"]
    assert found["page"].startswith("https://app.close.com/search/call%28")
    assert found["request"]["period"] == {
        "name": "2026-W47",
        "start": "2026-11-16T00:00:00-05:00",
        "end": "2026-11-23T00:00:00-05:00",
    }
    behind = found["records"]
    assert behind["story"] == f"{found['value']} calls on {behind['total']} leads"
    assert 0 < len(behind["leads"]) <= behind["total"] <= found["value"]


def test_the_command_asks_the_same_again_and_has_no_key(explain: Explain, home: Path) -> None:
    found = data(explain, "calls", "days", "calls.outbound.all.count")
    words = shlex.split(found["request"]["curl"])
    request = asked(home)[0]["request"]
    assert json.loads(words[words.index("-d") + 1]) == request["body"] == found["request"]["body"]
    assert f"x-tz-offset: {request['x-tz-offset']:g}" in words
    assert words[words.index("-u") + 1] == "$RUNNER_SERVE_KEY:"
    assert words[-1] == "http://127.0.0.1:8080/api/v1/report/activity/"
    leads = data(explain, "calls", "leads", "Qualified/ended")
    words = shlex.split(leads["request"]["curl"])
    assert {f"{key}={value}" for key, value in leads["request"]["params"].items()} <= set(words)


def test_the_text_says_it_all(explain: Explain) -> None:
    done = explain("calls", "days", "2026-11-18/Outbound calls")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "calls · days · Over time: 2026-11-18T00:00:00-05:00 / Outbound calls"
    for begin in ("counted   Number of outbound calls", "asked by  reports/calls.yaml:10:9", "again     curl "):
        assert any(line.startswith(begin) for line in lines), begin
    assert "          docs/endpoints/activity.md#what-the-numbers-mean" in lines
    assert any(line.startswith("          /data/2/calls.outbound.all.count: ") for line in lines)
    assert any("out/calls/2026-W47/result.json" in line and line.endswith("invented") for line in lines)


def test_a_lead_that_is_counted_is_found(explain: Explain) -> None:
    found = data(explain, "calls", "leads", "Contacted/entered", "--records")
    assert found["records"]["total"] == found["value"] == len(found["records"]["leads"])
    done = explain("calls", "leads", "Contacted/entered", "--records")
    assert f"records   {found['value']} leads, as many as the number says" in done.stdout
    first, *_ = found["records"]["leads"]
    assert f"          {first['id']}  {first['name']}" in done.stdout


def test_a_definition_that_has_changed_since_is_explained_as_it_was(
    explain: Explain, home: Path, tmp_path: Path
) -> None:
    before = explain("calls", "days", "emails.sent.all.count").stdout
    file = home / "reports" / "calls.yaml"
    try:
        file.write_text("title: [")
        assert explain("calls", "days", "emails.sent.all.count").stdout == before
    finally:
        file.write_text(CALLS)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["cals", "days", "x"], 2, "no report 'cals'; did you mean 'calls'?"),
        (["calls", "day", "x"], 2, "no job 'day'; did you mean 'days'?"),
        (["calls", "days", "calls.outbund.all.count"], 2, "did you mean 'calls.outbound.all.count'?"),
        (["calls", "leads", "Qualifed/ended"], 2, "no row 'Qualifed'; did you mean 'Qualified'?"),
        (["calls", "leads", "ended"], 2, "has no total; write ROW/ended"),
        (["calls", "leads", "Qualified/ended", "--table", "moves"], 2, "no table 'moves'"),
        (["calls", "days", "emails.sent.all.count", "--period", "2026-W74"], 2, "did you mean '2026-W47'?"),
        (["calls", "days", "2026-11-18/Outbound calls", "--records"], 2, "no search string stands behind this number"),
    ],
)
def test_what_is_not_there_is_said(explain: Explain, words: list[str], code: int, said: str) -> None:
    done = explain(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_invented_numbers_are_not_looked_for_at_close(home: Path, cache: Path, tmp_path: Path) -> None:
    settings = home / "runner.yaml"
    try:
        settings.write_text("profiles:\n  live: {service: close}\ndefault_profile: live\n")
        words = ("calls", "leads", "Qualified/ended", "--records")
        done = runner("explain", *words, cwd=home, cache=cache, CLOSE_API_KEY="secret")
    finally:
        settings.unlink()
    assert done.returncode == 2
    assert "is of the sample organization, but profile 'live' is not" in done.stderr
