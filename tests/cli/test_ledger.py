"""``runner ledger``: what was delivered, and a person's word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runner import ledger
from runner.ledger import Due
from runner.model import Entry, Key, LedgerAt, Receipt, State
from tests.cli.conftest import Runner

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def key(name: str, report: str = "weekly-sales") -> Key:
    return Key(report, "2026-W47", "mail", f"{name}@example.com")


@pytest.fixture
def kept(project: Path) -> dict[str, Entry]:
    """A delivery in each state but attempting, each a minute later than the one before."""
    (project / "runner.yaml").write_text("defaults: {timezone: America/New_York}\n")
    outcomes = {"zoe": State.SENT, "rob": State.REFUSED, "dan": State.DEFERRED, "una": State.UNCERTAIN}
    opened = ledger.open_at(LedgerAt(), project, NOON, environment={})
    with opened as book:
        book.plan([Due(key(name), NOON, "f1") for name in outcomes] + [Due(key("pia", "team/pia"), NOON, "f1")], NOON)
        for minute, (name, state) in enumerate(outcomes.items(), 1):
            assert book.claim(key(name), NOON + timedelta(minutes=minute))
            book.settle(key(name), Receipt(state, f"{state.value} it is"), NOON + timedelta(minutes=minute))
    return {entry.key.recipient.partition("@")[0]: entry for entry in opened.entries()}


def test_an_empty_ledger_is_no_error_and_is_not_begun(call: Runner, project: Path) -> None:
    ran = call("ledger", "list")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "nothing is in the ledger that was asked for\n")
    assert call("ledger", "resolve", "a1", "--sent", "--reason", "x").returncode == 2
    assert not (project / ".runner").exists()


def test_list_shows_the_newest_last_in_the_projects_time_zone(call: Runner, kept: dict[str, Entry]) -> None:
    ran = call("ledger", "list")
    assert (ran.returncode, ran.stderr) == (0, "5 deliveries: 1 planned, 1 sent, 1 refused, 1 deferred, 1 uncertain\n")
    rows = ran.stdout.splitlines()
    assert [row.split()[1] for row in rows] == ["planned", "sent", "refused", "deferred", "uncertain"]
    una = kept["una"].id
    assert rows[-1].split(maxsplit=7) == [
        *(una, "uncertain", "2026-11-23T07:04:00-05:00", "weekly-sales", "2026-W47", "mail", "una@example.com"),
        "uncertain it is",
    ]
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param(["--state", "uncertain"], ["una"], id="state"),
        pytest.param(["--state", "uncertain", "--state", "sent"], ["zoe", "una"], id="states"),
        pytest.param(["--report", "team"], ["pia"], id="a report with its members"),
        pytest.param(["--report", "tea"], [], id="no part of a name"),
        pytest.param(["--report", "team", "--state", "sent"], [], id="both"),
    ],
)
def test_list_shows_what_is_asked_for(call: Runner, kept: dict[str, Entry], words: list[str], names: list[str]) -> None:
    ran = call("ledger", "list", *words, "--format", "json")
    assert [row["recipient"] for row in json.loads(ran.stdout)] == [f"{name}@example.com" for name in names]
    assert (ran.returncode, ran.stderr) == (0, "")


def test_show_tells_everything_and_what_can_be_done(call: Runner, kept: dict[str, Entry]) -> None:
    una = kept["una"]
    ran = call("ledger", "show", una.id[:8].upper())
    assert ran.returncode == 0
    assert f"id           {una.id}\nstate        uncertain since 2026-11-23T07:04:00-05:00\n" in ran.stdout
    assert f"run          {una.run}" in ran.stdout
    assert f"runner ledger resolve {una.id} --sent --reason TEXT" in ran.stderr
    assert f"runner ledger resolve {una.id} --resend --reason TEXT" in ran.stderr
    refused = call("ledger", "show", kept["rob"].id)
    assert "--sent" not in refused.stderr
    assert "--resend" in refused.stderr
    assert call("ledger", "show", kept["zoe"].id).stderr == ""
    assert json.loads(call("ledger", "show", una.id, "--format", "json").stdout)["reason"] == "uncertain it is"


def test_an_id_that_is_not_there_is_an_error_with_the_nearest(call: Runner, kept: dict[str, Entry]) -> None:
    una = kept["una"].id
    slip = una[:-1] + ("0" if una[-1] != "0" else "1")
    ran = call("ledger", "show", slip)
    assert ran.returncode == 2
    assert ran.stderr == f"error: no entry has the ID '{slip}'; did you mean '{una}'?\n"
    assert "`runner ledger list` shows every ID" in call("ledger", "show", "xyz").stderr
    assert "begins 5 IDs" not in call("ledger", "show", "").stderr


def test_sent_is_kept_with_the_reason_and_never_tried_again(call: Runner, kept: dict[str, Entry]) -> None:
    una = kept["una"]
    ran = call("ledger", "resolve", una.id, "--sent", "--reason", "Una has it")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"{una.id} (weekly-sales 2026-W47 mail una@example.com): uncertain -> sent\n"
    shown = call("ledger", "show", una.id)
    assert "uncertain -> sent: Una has it" in shown.stdout
    again = call("ledger", "resolve", una.id, "--resend", "--reason", "no")
    assert again.returncode == 4
    assert "is sent and cannot become planned; it has arrived, and a second one would be a duplicate" in again.stderr


def test_resend_makes_it_planned(call: Runner, kept: dict[str, Entry]) -> None:
    ran = call("ledger", "resolve", kept["rob"].id, "--resend", "--reason", "the address was mended")
    assert ran.stdout.endswith("refused -> planned\n")
    listed = json.loads(call("ledger", "list", "--state", "planned", "--format", "json").stdout)
    assert [row["recipient"] for row in listed] == ["pia@example.com", "rob@example.com"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--reason", "x"], "either --sent or --resend", id="nothing"),
        pytest.param(["--sent", "--resend", "--reason", "x"], "either --sent or --resend", id="both"),
        pytest.param(["--sent"], "Missing option '--reason'", id="no reason"),
        pytest.param(["--sent", "--reason", " "], "say it in one line", id="empty reason"),
        pytest.param(["--sent", "--reason", "a\nb"], "say it in one line", id="two lines"),
        pytest.param(["--sent", "--reason", "a\x1b[1m"], "say it in one line", id="control character"),
        pytest.param(["--sent", "--reason", "a" * 501], "1 to 500 characters", id="long"),
    ],
)
def test_resolve_wants_one_word_and_a_reason(call: Runner, kept: dict[str, Entry], words: list[str], said: str) -> None:
    ran = call("ledger", "resolve", kept["una"].id, *words)
    assert ran.returncode == 2
    assert said in ran.stderr


def test_a_damaged_ledger_is_exit_4_with_the_remedy(call: Runner, project: Path, kept: dict[str, Entry]) -> None:
    (project / ".runner" / "ledger.sqlite").write_bytes(b"not a database at all" * 500)
    ran = call("ledger", "list")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr.startswith("error: .runner/ledger.sqlite: file is not a database; put back a copy of the file")
