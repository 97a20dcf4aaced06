"""``due``, ``status`` and ``run --due`` in a project with schedules and a ledger."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runner.ledger import Due, open_at
from runner.model import Key, LedgerAt, Receipt, State
from tests.cli.command import runner

Ran = subprocess.CompletedProcess[str]
Call = Callable[..., Ran]

SETTINGS = """\
profiles: {sample: {service: sample}}
policy: {recipients: ["@example.com"]}
channels: {mail: {type: email, host: smtp.example.com, sender: reports@example.com}}
"""
JOB = "a: {endpoint: activity, type: overview, range: %s, metrics: [calls.outbound.all.count]}"
WEEKLY = f"""\
title: Weekly
timezone: America/New_York
jobs: {{{JOB % "last-week"}}}
schedule: {{every: week, on: monday, at: "08:00"}}
deliver: [{{email: {{to: [ann@example.com, bob@example.com]}}}}]
"""
DAILY = f"""\
title: Daily
timezone: Europe/Berlin
jobs: {{{JOB % "yesterday"}}}
schedule: {{every: day, at: "08:07", max_catchup: 2d}}
"""
MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)
NOON = "2026-11-24T12:00Z"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "runner.yaml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def call(home: Path, cache: Path) -> Call:
    def run(*words: str, as_of: str = NOON) -> Ran:
        return runner(*words, "--as-of", as_of, cwd=home, cache=cache)

    return run


def write(home: Path, **definitions: str) -> None:
    for name, text in definitions.items():
        (home / "reports" / f"{name}.yaml").write_text(text)


def deliver(home: Path, *came: tuple[str, State], report: str = "weekly") -> None:
    """What a run did at that Monday's slot."""
    with open_at(LedgerAt(), home, MONDAY, environment={}) as ledger:
        for to, state in came:
            key = Key(report, "2026-W47", "mail", f"{to}@example.com")
            ledger.plan([Due(key, MONDAY, "f")], MONDAY)
            ledger.claim(key, MONDAY)
            ledger.settle(key, Receipt(state, "said so"), MONDAY)


# ---- due


def test_due_shows_what_is_owed_since_when_and_for_whom(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY, daily=DAILY)
    deliver(home, ("ann", State.SENT))
    ran = call("due")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "daily  2026-11-22  due 2026-11-23T08:07+01:00, 1d 4h ago  not made",
        "daily  2026-11-23  due 2026-11-24T08:07+01:00, 4h 53m ago  not made",
        "weekly  2026-W47  due 2026-11-23T08:00-05:00, 23h ago  1 of 2 not sent: mail bob@example.com",
    ]


def test_due_says_that_nothing_is_and_what_comes_next(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    deliver(home, ("ann", State.SENT), ("bob", State.REFUSED))
    ran = call("due")
    assert (ran.returncode, ran.stdout) == (0, "nothing is due; next: weekly 2026-11-30T08:00-05:00\n")


def test_due_says_where_nothing_has_a_schedule(call: Call, home: Path) -> None:
    write(home, plain=DAILY.replace("schedule", "# schedule"))
    assert call("due").stdout == "nothing is due: no definition has a schedule\n"


def test_due_shows_what_was_missed(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    assert call("due", as_of="2026-11-27T12:00Z").stdout.splitlines() == [
        "nothing is due; next: weekly 2026-11-30T08:00-05:00",
        "missed: weekly  2026-W47  due 2026-11-23T08:00-05:00; too late by max_catchup",
    ]


def test_due_as_json_has_the_same(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY, daily=DAILY)
    told = json.loads(call("due", "weekly", "--format", "json").stdout)
    assert told == {
        "now": "2026-11-24T12:00:00+00:00",
        "owed": [
            {
                "report": "weekly",
                "file": "reports/weekly.yaml",
                "period": "2026-W47",
                "slot": "2026-11-23T08:00:00-05:00",
                "as_of": "2026-11-23T08:00:00-05:00",
                "late_seconds": 82800,
                "why": "2 of 2 not sent",
                "missing": [
                    {"channel": "mail", "recipient": "ann@example.com"},
                    {"channel": "mail", "recipient": "bob@example.com"},
                ],
            }
        ],
        "missed": [],
        "next": [{"report": "weekly", "slot": "2026-11-30T08:00:00-05:00"}],
    }


def test_due_and_status_begin_no_ledger_and_write_nothing(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    call("due")
    call("status")
    assert sorted(path.name for path in home.iterdir()) == ["reports", "runner.yaml"]


def test_a_ledger_that_is_damaged_is_an_error_where_something_is_delivered(call: Call, home: Path) -> None:
    (home / ".runner").mkdir()
    (home / ".runner" / "ledger.sqlite").write_text("no ledger")
    write(home, daily=DAILY)
    assert call("due").returncode == 0
    write(home, weekly=WEEKLY)
    ran = call("run", "--due")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "ledger" in ran.stderr


# ---- run --due


@pytest.mark.slow
def test_run_due_makes_what_is_owed_each_for_its_own_slot(call: Call, home: Path) -> None:
    write(home, daily=DAILY, plain=DAILY.replace("schedule", "# schedule"))
    ran = call("run", "--due")
    assert ran.returncode == 0, ran.stderr
    assert "daily  2026-11-22  due 2026-11-23T08:07+01:00, 1d 4h ago  not made" in ran.stderr
    kept = sorted((home / "out").glob("*/*/result.json"))
    assert [str(file.parent.relative_to(home)) for file in kept] == ["out/daily/2026-11-22", "out/daily/2026-11-23"]
    assert [json.loads(file.read_text())["as_of"] for file in kept] == [
        "2026-11-23T08:07:00+01:00",
        "2026-11-24T08:07:00+01:00",
    ]
    again = call("run", "--due")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "nothing is due; next: daily 2026-11-25T08:07+01:00\n"


@pytest.mark.slow
def test_run_due_gives_the_files_of_a_run_at_the_slot(
    call: Call, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(home, daily=DAILY)
    folder = tmp_path_factory.mktemp("at-the-slot")
    call("run", "--due")
    call("run", "daily", "--output", str(folder), as_of="2026-11-23T08:07+01:00")
    late, timely = (root / "daily" / "2026-11-22" / "digest.md" for root in (home / "out", folder))
    assert late.read_bytes() == timely.read_bytes()


def test_run_due_without_sending_leaves_what_is_to_be_delivered_owed(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    assert (home / "out").exists() is False
    assert call("run", "--due").returncode == 0
    assert "2 of 2 not sent" in call("due").stdout


def test_run_due_looks_for_files_where_it_writes_them(call: Call, home: Path) -> None:
    write(home, daily=DAILY)
    assert call("run", "--due", "--output", "elsewhere").returncode == 0
    assert "nothing is due" in call("run", "--due", "--output", "elsewhere").stderr
    assert "not made" in call("due").stdout


@pytest.mark.parametrize("words", [("--resume",), ("--record", "kept"), ("--replay", "reports")])
def test_run_due_goes_with_nothing_that_has_an_instant_of_its_own(
    call: Call, home: Path, words: tuple[str, ...]
) -> None:
    write(home, daily=DAILY)
    ran = call("run", "--due", *words)
    assert ran.returncode == 2
    assert "its own instant" in ran.stderr


@pytest.mark.slow
def test_resume_goes_on_with_every_instant_of_a_run_that_was_due(call: Call, home: Path, cache: Path) -> None:
    bad = DAILY.replace("calls.outbound.all.count", "calls.sideways.all.count")
    write(home, daily=bad)
    assert call("run", "--due").returncode == 3
    write(home, daily=DAILY)
    ran = runner("run", "--resume", cwd=home, cache=cache)
    assert ran.returncode == 0, ran.stderr
    kept = sorted((home / "out").glob("daily/*/result.json"))
    assert [json.loads(file.read_text())["as_of"] for file in kept] == [
        "2026-11-23T08:07:00+01:00",
        "2026-11-24T08:07:00+01:00",
    ]
    assert not any("failed" in asked for file in kept for asked in json.loads(file.read_text())["asked"])


# ---- status


def test_status_shows_slots_deliveries_and_doubts(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    deliver(home, ("ann", State.SENT), ("bob", State.UNCERTAIN))
    ran = call("status")
    head, last, sent, after, doubt = ran.stdout.splitlines()
    assert ran.returncode == 0
    assert head == "weekly: nothing is due"
    assert last.split(None, 1) == ["last", "2026-11-23T08:00-05:00  2026-W47: 1 sent, 1 uncertain"]
    assert sent.split() == ["sent", "2026-11-23T08:00-05:00"]
    assert after.split() == ["next", "2026-11-30T08:00-05:00"]
    assert doubt.split()[0] == "uncertain"
    assert doubt.endswith("weekly 2026-W47 mail bob@example.com: said so")


def test_status_as_json_has_the_same(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    deliver(home, ("ann", State.SENT), ("bob", State.UNCERTAIN), report="other")
    told = json.loads(call("status", "--format", "json").stdout)
    (one,) = told["reports"]
    assert (one["report"], one["states"], one["sent"], one["overdue_seconds"]) == ("weekly", {}, None, 82800)
    assert [debt["period"] for debt in one["owed"]] == ["2026-W47"]
    assert [entry["recipient"] for entry in told["uncertain_elsewhere"]] == ["bob@example.com"]


@pytest.mark.parametrize(
    ("age", "as_of", "code"),
    [
        pytest.param("26h", "2026-11-23T13:00Z", 0, id="just-due"),
        pytest.param("26h", "2026-11-24T15:00Z", 0, id="at-the-age"),
        pytest.param("26h", "2026-11-24T15:01Z", 4, id="later"),
        pytest.param("2d", "2026-11-24T15:01Z", 0, id="more-patient"),
        pytest.param("26h", "2026-11-29T15:00Z", 4, id="missed"),
        pytest.param("0m", "2026-11-23T13:01Z", 4, id="at-once"),
    ],
)
def test_status_fails_where_a_digest_is_overdue(call: Call, home: Path, age: str, as_of: str, code: int) -> None:
    write(home, weekly=WEEKLY)
    ran = call("status", "--fail-if-overdue", age, as_of=as_of)
    assert ran.returncode == code
    assert ("weekly is overdue for" in ran.stderr) is (code == 4)


def test_status_fails_where_a_delivery_is_in_doubt_also_of_a_definition_that_is_gone(call: Call, home: Path) -> None:
    write(home, weekly=WEEKLY)
    deliver(home, ("ann", State.SENT), ("bob", State.SENT))
    assert call("status", "--fail-if-overdue", "26h").returncode == 0
    deliver(home, ("zoe", State.UNCERTAIN), report="gone")
    ran = call("status", "--fail-if-overdue", "26h")
    assert (ran.returncode, call("status").returncode) == (4, 0)
    assert "gone 2026-W47 mail zoe@example.com is uncertain: runner ledger show " in ran.stderr
    assert call("status", "weekly", "--fail-if-overdue", "26h").returncode == 0


def test_status_needs_a_schedule_and_an_age_that_it_can_read(call: Call, home: Path) -> None:
    write(home, plain=DAILY.replace("schedule", "# schedule"))
    assert call("status").returncode == 5
    ran = call("status", "--fail-if-overdue", "soon")
    assert ran.returncode == 2
    assert "30m, 26h, 2d" in ran.stderr


# ---- run --due --send


def shelved(home: Path, *, span: str = "yesterday") -> None:
    """A project whose digest goes into a folder every day."""
    (home / "runner.yaml").write_text(
        "profiles: {sample: {service: sample}}\nchannels: {site: {type: folder, path: site}}\n"
    )
    write(home, daily=DAILY.replace("yesterday", span) + "deliver: [{folder: {via: site}}]\n")


def entries(call: Call) -> list[tuple[str, str, str]]:
    return [
        (one["period"], one["as_of"], one["state"])
        for one in json.loads(call("ledger", "list", "--format", "json").stdout)
    ]


@pytest.mark.slow
def test_every_period_that_is_owed_is_delivered_once_whenever_it_is_run(call: Call, home: Path) -> None:
    shelved(home)
    for as_of in ("2026-11-22T12:00Z", "2026-11-22T12:15Z", NOON):
        ran = call("run", "--due", "--send", as_of=as_of)
        assert ran.returncode == 0, ran.stderr
    again = call("run", "--due", "--send")
    assert (again.returncode, again.stderr) == (0, "nothing is due; next: daily 2026-11-25T08:07+01:00\n")
    assert sorted(entries(call)) == [
        ("2026-11-20", "2026-11-21T08:07:00+01:00", "sent"),
        ("2026-11-21", "2026-11-22T08:07:00+01:00", "sent"),
        ("2026-11-22", "2026-11-23T08:07:00+01:00", "sent"),
        ("2026-11-23", "2026-11-24T08:07:00+01:00", "sent"),
    ]
    assert call("status", "--fail-if-overdue", "26h").returncode == 0


@pytest.mark.slow
def test_a_period_that_is_not_over_is_delivered_every_day(call: Call, home: Path) -> None:
    shelved(home, span="this-month")
    for as_of in ("2026-11-23T12:00Z", "2026-11-23T18:00Z", NOON):
        assert call("run", "--due", "--send", as_of=as_of).returncode == 0
    assert [period for period, _, _ in sorted(entries(call))] == ["2026-11@2026-11-23", "2026-11@2026-11-24"]
