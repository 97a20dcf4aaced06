"""``run --send`` and ``send``: what goes out over real servers, what does not, and what is said of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import runner
from tests.crash.receivers import Received, receiving

AS_OF = "2026-11-23T12:00:00Z"
SETTINGS = """\
policy: {{recipients: ["@example.com"]}}
channels:
  mail: {{type: email, host: {host}, port: {smtp}, security: {security}, sender: reports@example.com{login}}}
  hook: {{type: webhook, url_env: HOOK_URL}}
  site: {{type: folder, path: public}}
"""
CALLS = "  calls: {endpoint: activity, type: comparison, range: last-week, metrics: [calls.outbound.all.count]}\n"
BROKEN = "  broken: {endpoint: activity, type: overview, range: last-week, metrics: [calls.outbound.all.nonsense]}\n"
EVERYWHERE = (
    "deliver:\n  - email: {to: [ann@example.com, bo@example.com], attach: [csv]}\n  - webhook: {}\n  - folder: {}\n"
)
MAIL = "deliver:\n  - email: {to: [ann@example.com]}\n"


@pytest.fixture(scope="module")
def received() -> Iterator[Received]:
    with receiving() as found:
        yield found


class Office:
    """A project with one definition, ``weekly``."""

    def __init__(self, folder: Path, cache: Path, received: Received) -> None:
        self.folder, self._cache, self.received = folder, cache, received
        (folder / "reports").mkdir()
        self.settings()

    def settings(self, host: str = "127.0.0.1", smtp: int = 0, security: str = "none", login: str = "") -> None:
        text = SETTINGS.format(host=host, smtp=smtp or self.received.smtp, security=security, login=login)
        (self.folder / "runner.yaml").write_text(text)

    def definition(self, deliver: str, jobs: str = CALLS) -> None:
        (self.folder / "reports" / "weekly.yaml").write_text(
            f"title: Weekly\njobs:\n{jobs}output: {{formats: [txt, csv]}}\n{deliver}"
        )

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        hook = f"http://127.0.0.1:{self.received.http}/secret-path"
        return runner(*words, cwd=self.folder, cache=self._cache, **{"HOOK_URL": hook, **more})

    def states(self, said: str) -> list[str]:
        """State and recipient of each delivery that was told of."""
        lines = [line.split() for line in said.splitlines() if " 2026-W47 " in line and "vs" not in line]
        return [f"{words[0]} {words[4]}" for words in lines if len(words) > 4]


@pytest.fixture
def office(tmp_path: Path, cache: Path, received: Received) -> Office:
    received.take()
    return Office(tmp_path, cache, received)


def test_a_digest_goes_everywhere_once(office: Office) -> None:
    office.definition(EVERYWHERE)
    first = office("run", "--send", "--as-of", AS_OF)
    everyone = ["ann@example.com", "bo@example.com", "hook", "site"]
    assert (first.returncode, office.states(first.stderr)) == (0, [f"sent {who}" for who in everyone])
    assert "4 due: 4 sent" in first.stderr
    assert office.received.take() == {"ann@example.com": 1, "bo@example.com": 1, "hook": 1}
    assert (office.folder / "public/weekly/2026-W47/digest.txt").is_file()
    assert (office.folder / "out/weekly/2026-W47/digest.eml").is_file()
    again = office("send", "weekly")
    assert (again.returncode, office.states(again.stdout)) == (0, [f"sent {who}" for who in everyone])
    assert again.stdout.count("not again") == 4
    assert office.received.take() == {}


def test_where_only_failures_are_told_and_nothing_failed_nothing_is_due(office: Office) -> None:
    office.definition("on_failure:\n  - email: {to: [ops@example.com]}\n")
    said = office("run", "--send", "--as-of", AS_OF)
    assert (said.returncode, "nothing is due" in said.stderr, office.received.take()) == (0, True, {}), said.stderr
    test = office("run", "--send", "--to", "me@example.com", "--as-of", AS_OF)
    assert (test.returncode, office.received.take()) == (0, {"me@example.com": 1}), test.stderr


@pytest.mark.slow
def test_a_dry_run_says_who_would_get_what_and_sends_nothing(office: Office) -> None:
    office.definition(EVERYWHERE)
    dry = office("run", "--send", "--dry-run", "--as-of", AS_OF)
    assert (dry.returncode, dry.stderr.count("would send")) == (0, 5)
    assert office.received.take() == {}
    assert not (office.folder / ".runner").exists()


@pytest.mark.slow
def test_a_test_goes_to_one_allowed_address_only_and_is_not_kept(office: Office) -> None:
    office.definition(EVERYWHERE)
    assert office("run", "--as-of", AS_OF).returncode == 0
    for _ in range(2):
        test = office("send", "weekly", "--to", "me@example.com")
        assert (test.returncode, office.states(test.stdout)) == (0, ["sent me@example.com"])
        assert office.received.take() == {"me@example.com": 1}
    assert not (office.folder / ".runner").exists()
    elsewhere = office("send", "weekly", "--to", "me@example.org")
    assert (elsewhere.returncode, "may not receive" in elsewhere.stderr) == (2, True)
    assert office("run", "--to", "me@example.com").returncode == 2


def test_an_empty_digest_is_skipped_where_the_definition_says_so(office: Office) -> None:
    office.definition(f"when_empty: skip\n{MAIL}", CALLS.replace("last-week", "'1999'"))
    said = office("run", "--send", "--as-of", AS_OF)
    assert (said.returncode, "skipped" in said.stderr, "empty" in said.stderr) == (0, True, True)
    assert office.received.take() == {}
    assert "1 due: 1 skipped" in office("send", "weekly").stderr


@pytest.mark.slow
def test_numbers_that_did_not_change_are_not_sent_again(office: Office) -> None:
    office.definition(f"send_if: changed\n{MAIL}", CALLS.replace("last-week", "'2026-W40'"))
    assert office("run", "--send", "--as-of", AS_OF).returncode == 0
    assert office.received.take() == {"ann@example.com": 1}
    office.definition(f"send_if: changed\n{MAIL}", CALLS.replace("last-week", "{start: 2026-09-28, end: 2026-10-05}"))
    said = office("run", "--send", "--as-of", AS_OF)
    assert "unchanged since 2026-W40" in said.stderr or "since" in said.stderr
    assert office.received.take() == {}


def test_a_digest_with_a_failed_job_is_held_back_and_its_owner_told_once(office: Office) -> None:
    failing = "on_partial: hold\non_failure:\n  - email: {to: [ops@example.com]}\n  - webhook: {}\n"
    office.definition(failing + MAIL, CALLS + BROKEN)
    held = office("run", "--send", "--as-of", AS_OF)
    assert held.returncode == 3
    assert "deferred    weekly 2026-W47 mail ann@example.com  held back: job broken failed" in held.stderr
    assert office.received.take() == {"ops@example.com": 1, "hook": 1}
    office.definition(failing + MAIL)
    mended = office("run", "--send", "--as-of", AS_OF)
    assert (mended.returncode, office.received.take()) == (0, {"ann@example.com": 1})


@pytest.mark.slow
def test_each_user_gets_a_digest_of_its_own(office: Office) -> None:
    office.definition("for_each: user\ndeliver:\n  - email: {}\n")
    said = office("run", "--send", "--as-of", AS_OF)
    came = office.received.take()
    assert said.returncode == 0
    assert len(came) > 5
    assert set(came.values()) == {1}
    assert len(list((office.folder / "out/weekly/2026-W47/members").iterdir())) == len(came)


def test_what_is_missing_for_sending_is_said_before_anything_is_asked(office: Office) -> None:
    office.definition(EVERYWHERE)
    said = office("run", "--send", "--as-of", AS_OF, HOOK_URL="")
    assert said.returncode == 2
    assert "channel 'hook' reads the environment variable HOOK_URL, which is not set" in said.stderr
    assert not (office.folder / "out").exists()


def test_invented_numbers_never_leave_this_machine(office: Office) -> None:
    office.settings(host="192.0.2.1", security="tls")  # an address of documentation
    office.definition(MAIL)
    said = office("run", "--send", "--as-of", AS_OF)
    assert (said.returncode, office.states(said.stderr)) == (4, ["refused ann@example.com"])
    assert "sample" in said.stderr


@pytest.mark.slow
def test_no_secret_is_in_what_is_said_or_kept(office: Office) -> None:
    office.settings(login=", username_env: NAME, password_env: WORD")
    office.definition(EVERYWHERE)
    said = office("run", "--send", "--verbose", "--as-of", AS_OF, NAME="ann", WORD="hunter2-hunter2")
    assert said.returncode == 4  # the server takes no password
    kept = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    for secret in ("hunter2-hunter2", "secret-path"):
        assert secret not in said.stdout + said.stderr
        assert secret.encode() not in kept


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_delivery_is_recorded_within_seconds(office: Office, cache: Path, number: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        office.settings(smtp=silent.getsockname()[1])
        office.definition("deliver:\n  - email: {to: [ann@example.com, bo@example.com]}\n")
        assert office("run", "--as-of", AS_OF).returncode == 0
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}  # noqa: TID251
        call = [sys.executable, "-m", "runner", "send", "weekly"]
        with subprocess.Popen(call, cwd=office.folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
            silent.settimeout(30)
            connection, _ = silent.accept()
            with connection:
                began = time.monotonic()
                process.send_signal(number)
                _, said = process.communicate(timeout=30)
                assert time.monotonic() - began < 6
    assert process.returncode == 130
    assert "interrupted; 2 due: 1 planned, 1 uncertain" in said


def test_a_digest_is_sent_only_where_a_check_failed_if_the_definition_says_so(office: Office) -> None:
    demand = (
        "send_if: check_failed\nchecks:\n  enough: {{job: calls, number: calls.outbound.all.count, min: {least}}}\n"
    )
    office.definition(demand.format(least=1) + MAIL)
    well = office("run", "--send", "--as-of", AS_OF)
    assert (well.returncode, office.states(well.stderr), office.received.take()) == (0, ["skipped ann@example.com"], {})
    office.definition(
        demand.format(least=1000000).replace("2026-W47", "2026-W46") + MAIL, CALLS.replace("last-week", "'2026-W46'")
    )
    ill = office("run", "--send", "--as-of", AS_OF)
    assert (ill.returncode, office.received.take()) == (1, {"ann@example.com": 1})
    assert "check-failed" in ill.stderr
