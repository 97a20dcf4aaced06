"""How ``run`` asks a service over the network: once, again, from a recording, from the cache, on after Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.command import environment, runner
from tests.cli.office import Office, open_office, wait_for

Ran = subprocess.CompletedProcess[str]

JOB = "{{endpoint: activity, type: overview, range: {range}, metrics: [{metric}]}}"
AS_OF = "2026-11-18T15:30:00Z"


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, office: Office) -> Path:
    """A project of two definitions that share a query, asking the office."""
    (tmp_path / "runner.yaml").write_text(office.profile)
    (tmp_path / "reports").mkdir()
    calls, mail = "calls.all.all.count", "emails.sent.all.count"
    for name, jobs in {
        "a": [("2026-W46", calls), ("2026-W45", calls)],
        "b": [("2026-W46", calls), ("2026-W44", mail)],
    }.items():
        text = "\n".join(
            f"  j{number}: {JOB.format(range=span, metric=metric)}" for number, (span, metric) in enumerate(jobs)
        )
        (tmp_path / "reports" / f"{name}.yaml").write_text(f"title: {name}\njobs:\n{text}\n")
    return tmp_path


@pytest.fixture
def ask(home: Path, cache: Path, office: Office) -> Callable[..., Ran]:
    def run(*words: str, **more: str) -> Ran:
        return runner(
            "run", *words, "--as-of", AS_OF, cwd=home, cache=home / "cache", **{"CLOSE_API_KEY": office.key, **more}
        )

    return run


def digests(home: Path, folder: str = "out") -> dict[str, bytes]:
    return {
        str(path.relative_to(home / folder)): path.read_bytes()
        for path in (home / folder).rglob("*.*")
        if path.is_file()
    }


def test_a_question_of_several_definitions_is_asked_once(ask: Callable[..., Ran], office: Office, home: Path) -> None:
    ran = ask()
    assert ran.returncode == 0, ran.stderr
    assert Counter(office.asked) == {"report/activity/": 3, "report/activity/metrics/": 1}
    assert "Traceback" not in ran.stderr
    plan = runner("plan", "--as-of", AS_OF, cwd=home, cache=home)
    assert (
        "j0: POST report/activity/\n      2026-W46: 2026-11-09T00:00+00:00 to 2026-11-16T00:00+00:00\n" in plan.stdout
    )
    assert "asked once, used by 4 jobs of a, b" in plan.stdout
    assert plan.stdout.splitlines()[-1].startswith("4 requests in all; about ")


def test_verbose_says_each_request_and_never_the_key(ask: Callable[..., Ran], office: Office) -> None:
    ran = ask("a", "--verbose")
    lines = [line for line in ran.stderr.splitlines() if "attempt" in line]
    assert len(lines) == 3
    assert all(
        re.fullmatch(r"(GET|POST) report/activity/(metrics/)? attempt 1: 200, \d+\.\d\d s", line) for line in lines
    )
    assert office.key not in ran.stderr + ran.stdout


def test_a_wrong_key_stops_the_run_and_names_where_it_is_from(ask: Callable[..., Ran], office: Office) -> None:
    ran = ask(CLOSE_API_KEY="api_of_nobody")
    assert ran.returncode == 3
    assert "HTTP 401" in ran.stderr
    assert "CLOSE_API_KEY" in ran.stderr
    assert len(office.asked) <= 8, "what was under way already, at the most"
    assert "api_of_nobody" not in ran.stderr + ran.stdout


# ---- recordings


def test_a_recording_gives_the_same_digests_without_the_service(
    ask: Callable[..., Ran], office: Office, home: Path
) -> None:
    assert ask("--record", "kept").returncode == 0
    asked = list(office.asked)
    again = runner("run", "--replay", "kept", "--output", "again", cwd=home, cache=home / "cache")
    assert (again.returncode, office.asked) == (0, asked), again.stderr
    assert digests(home, "again") == digests(home)
    files = sorted((home / "kept").iterdir())
    assert len(files) == 5
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        assert office.key not in text
        assert "authorization" not in text.lower()


def test_what_was_not_recorded_is_said_and_the_rest_stands(ask: Callable[..., Ran], home: Path) -> None:
    ask("a", "--record", "kept")
    ran = runner("run", "--replay", "kept", cwd=home, cache=home / "cache")
    assert ran.returncode == 3
    assert "not in the recording kept; record it with --record" in ran.stderr
    assert re.search(r"ok +j0 ", ran.stderr)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--replay", "reports"), "no recording", id="a folder that is none"),
        pytest.param(("--record", "x", "--replay", "reports"), "say one of them", id="both"),
        pytest.param(("--resume",), "nothing to resume", id="nothing left open"),
        pytest.param(("--proxy", "example.com"), "http://HOST:PORT", id="a proxy without a scheme"),
    ],
)
def test_a_mistake_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    ran = runner("run", *words, cwd=home, cache=home / "cache", CLOSE_API_KEY="api_x")
    assert ran.returncode in (2, 5)
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_recording_is_of_one_instant(ask: Callable[..., Ran], home: Path) -> None:
    ask("--record", "kept")
    ran = runner("run", "--record", "kept", "--as-of", "2026-11-19", cwd=home, cache=home, CLOSE_API_KEY="api_test")
    assert ran.returncode == 2
    assert "records another run (2026-11-18" in ran.stderr


# ---- cache


def test_closed_periods_are_asked_once_within_the_age(ask: Callable[..., Ran], office: Office, home: Path) -> None:
    (home / "runner.yaml").write_text(office.profile.replace("}", ", cache: 1h}"))
    first, second = ask(), digests(home)
    assert first.returncode == 0, first.stderr
    office.asked.clear()
    assert ask().returncode == 0
    assert Counter(office.asked) == {"me/": 1, "report/activity/metrics/": 1}
    assert digests(home) == second
    office.asked.clear()
    ask("--no-cache")
    assert Counter(office.asked) == {"report/activity/": 3, "report/activity/metrics/": 1}
    office.asked.clear()
    ask("--refresh")
    assert Counter(office.asked)["report/activity/"] == 3
    kept = list((home / "cache" / "close-report-runner" / "answers").iterdir())
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}
    assert not any(office.key in file.read_text() or office.key in file.name for file in kept)


# ---- interrupted


def test_ctrl_c_keeps_what_came_and_resume_asks_for_the_rest(
    home: Path, office: Office, ask: Callable[..., Ran]
) -> None:
    whole = ask("--output", "whole")
    assert whole.returncode == 0
    office.asked.clear()
    held = threading.Event()

    def hold_the_fourth(number: int) -> None:
        if number == 4:
            held.wait(30)

    office.slow = hold_the_fourth
    call = [sys.executable, "-m", "runner", "run", "--as-of", AS_OF]
    env = environment(home / "cache", CLOSE_API_KEY=office.key)
    (home / "runner.yaml").write_text(office.profile.replace("}", ", limits: {in_flight: 1}}"))
    with subprocess.Popen(
        call, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert any("result.json" in line for line in process.stdout), "the first digest is written, and said to be"
        wait_for(lambda: len(office.asked) == 4)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    held.set()
    assert process.returncode == 130, said
    assert "interrupted: 1 of 2 digests not made: b" in said
    assert "`runner run --resume` goes on" in said
    assert "Traceback" not in said
    office.asked.clear()
    office.slow = lambda _: None
    resumed = runner("run", "--resume", cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key)
    assert resumed.returncode == 0, resumed.stderr
    assert Counter(office.asked) == {"report/activity/": 1}
    assert digests(home) == digests(home, "whole")
    assert runner("run", "--resume", cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key).returncode == 5


def test_resume_goes_on_with_what_it_was_and_takes_no_other_instant(home: Path) -> None:
    ran = runner("run", "--resume", "a", cwd=home, cache=home / "cache")
    assert ran.returncode == 2
    assert "goes on with the last run" in ran.stderr


def test_a_digest_that_would_be_sent_is_held_back_where_a_job_failed(home: Path, ask: Callable[..., Ran]) -> None:
    bad = JOB.format(range="2026-W46", metric="calls.sideways.all.count")
    text = f"title: c\non_partial: hold\njobs:\n  j: {bad}\ndeliver:\n  - email: {{to: [ann@example.com]}}\n"
    (home / "reports" / "c.yaml").write_text(text)
    settings = (home / "runner.yaml").read_text()
    mail = "channels: {mail: {type: email, host: 127.0.0.1, security: none, sender: reports@example.com}}\n"
    (home / "runner.yaml").write_text(f'{settings}policy: {{recipients: ["@example.com"]}}\n{mail}')
    assert "if a job fails: held back" in runner("plan", "c", "--as-of", AS_OF, cwd=home, cache=home).stdout
    ran = ask("c", "--send")
    assert ran.returncode == 3
    assert "held back: job j failed" in ran.stderr
