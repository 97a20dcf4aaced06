"""``runner preview`` over loopback: what it shows, what it follows, whom it refuses."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.command import environment, runner
from tests.cli.office import Office, open_office, wait_for

AS_OF = "2026-11-18T15:30:00Z"
DEFINITION = """\
title: Calls <&>
jobs:
  week: {endpoint: activity, type: overview, range: last-week, metrics: [calls.all.all.count]}
output: {formats: [txt]}
"""
TEMPLATE = """\
<!doctype html><title>{{ digest.title }}</title><style>@media (prefers-color-scheme: dark) { p { color: red } }</style>
<p>{{ digest.period }}</p>
"""


@dataclass(frozen=True)
class Previewed:
    url: str
    process: subprocess.Popen[str]

    def ask(self, path: str = "", method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request(method, f"/{path}", headers=headers)
        response = connection.getresponse()
        try:
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    def get(self, path: str = "") -> str:
        status, _, body = self.ask(path)
        assert status == 200, body
        return body

    def shown(self) -> str:
        """The page without its mark-up."""
        return unescape(re.sub(r"<[^>]*>", "", self.get()))


@contextmanager
def preview(home: Path, *words: str, stop: signal.Signals = signal.SIGTERM, **more: str) -> Iterator[Previewed]:
    call = [sys.executable, "-m", "runner", "preview", "calls", "--port", "0", *words]
    env = environment(home / "cache", **more)
    with subprocess.Popen(
        call, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", line), line + process.stderr.read()
        try:
            yield Previewed(line.strip(), process)
        finally:
            process.send_signal(stop)
            said, heard = process.communicate(timeout=30)
            assert (process.returncode, said) == (0, ""), heard
            assert "Traceback" not in heard


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, office: Office) -> Path:
    (tmp_path / "runner.yaml").write_text(office.profile)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "calls.yaml").write_text(DEFINITION)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "calls.html.j2").write_text(TEMPLATE)
    office.asked.clear()
    return tmp_path


@pytest.fixture
def seen(home: Path, office: Office) -> Iterator[Previewed]:
    with preview(home, "--as-of", AS_OF, CLOSE_API_KEY=office.key) as opened:
        yield opened


def test_the_forms_stand_beside_each_other_and_run_nothing(seen: Previewed, home: Path, office: Office) -> None:
    _, headers, page = seen.ask()
    frames = re.findall(r'<iframe (\w+) src="/pane/(\w+)"', page)
    assert [(sandbox, key) for sandbox, key in frames if key != "mail"] == [
        ("sandbox", "phone"), ("sandbox", "desktop"), ("sandbox", "dark"), ("sandbox", "text"),
    ]  # fmt: skip
    assert "<title>Calls &lt;&amp;&gt;</title>" in page
    assert not re.search(r"https?:|<style|<script(?! src=)|javascript:| on\w+=", page + seen.get("preview.css"))
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
    _, headers, dark = seen.ask("pane/dark")
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert dark == TEMPLATE.replace("{{ digest.title }}", "Calls &lt;&amp;&gt;").replace(
        "{{ digest.period }}", "9–15 Nov 2026"
    ).replace("(prefers-color-scheme: dark)", "(min-width: 0)")
    assert seen.get("pane/phone") == seen.get("pane/desktop") == dark.replace("(min-width: 0)", "(max-width: 0)")
    ran = runner("run", "--as-of", AS_OF, "--show", cwd=home, cache=home / "cache", CLOSE_API_KEY=office.key)
    assert seen.get("pane/text") == ran.stdout


def test_who_asks_wrongly_is_refused(seen: Previewed) -> None:
    for path in ("", "state", "pane/text"):
        status, _, body = seen.ask(path, Host="evil.example.com")
        assert (status, "Calls" in body) == (421, False)
        assert seen.ask(path, Host=f"evil.example.com:{urlsplit(seen.url).port}")[0] == 421
        assert seen.ask(path, Host=f"localhost:{urlsplit(seen.url).port}")[0] == 200
    assert [seen.ask("state", method)[0] for method in ("POST", "HEAD", "PUT", "OPTIONS")] == [405] * 4
    assert [seen.ask(path)[0] for path in ("nothing", "pane/nothing", "pane/../reports/calls.yaml")] == [404] * 3


def test_a_template_that_comes_changes_and_goes_is_followed_and_nobody_is_asked(
    seen: Previewed, home: Path, office: Office
) -> None:
    first, shipped, asked = seen.get("state"), seen.get("pane/text"), list(office.asked)
    assert seen.get("state") == first
    file = home / "templates" / "digest.txt.j2"
    file.write_text("one: {{ digest.name }}")
    second = seen.get("state")
    assert second != first
    assert f'data-state="{second}"' in seen.get()
    assert seen.get("pane/text") == "one: calls"
    file.write_text("two: {{ digest.name }}")
    assert seen.get("state") not in (first, second)
    assert seen.get("pane/text") == "two: calls"
    file.unlink()
    assert seen.get("pane/text") == shipped
    assert office.asked == asked


def test_a_mistake_in_a_template_is_shown_with_its_place_until_it_is_mended(seen: Previewed, home: Path) -> None:
    file = home / "templates" / "calls.html.j2"
    file.write_text("<p>\n{{ digest.titel }}</p>")
    assert re.search(r"templates/calls\.html\.j2:2: .*titel", seen.shown())
    assert re.findall(r'src="/pane/(\w+)"', seen.get())[-1:] == ["text"], "the other forms stand"
    assert seen.ask("pane/phone")[0] == 404
    file.write_text("<p>\n{% for %}</p>")
    assert "templates/calls.html.j2:2: " in seen.shown()
    file.write_text("<p>mended</p>")
    assert "calls.html.j2" not in seen.shown()
    assert seen.get("pane/phone") == "<p>mended</p>"


def test_a_mistake_in_the_definition_is_shown_until_it_is_mended(seen: Previewed, home: Path) -> None:
    file = home / "reports" / "calls.yaml"
    file.write_text(DEFINITION.replace("metrics:", "metric:"))
    assert "reports/calls.yaml:3:64: " in seen.shown()
    assert "did you mean 'metrics'?" in seen.shown()
    file.unlink()
    assert "reports/calls.yaml: No such file" in seen.shown()
    file.write_text(DEFINITION.replace("Calls", "Talk"))
    assert "/pane/text" in seen.get()
    assert seen.get("pane/text").startswith("Talk")
    (home / "runner.yaml").write_text("profiles: 1\n")
    assert "runner.yaml:1:11: " in seen.shown()


def test_what_a_changed_definition_needs_besides_is_asked_and_nothing_twice(
    seen: Previewed, home: Path, office: Office
) -> None:
    file = home / "reports" / "calls.yaml"
    assert office.asked.count("report/activity/") == 1
    file.write_text(DEFINITION.replace("last-week,", "last-week, compare: previous,"))
    assert "compared with" in seen.get("pane/text")
    assert office.asked.count("report/activity/") == 2
    file.write_text(DEFINITION)
    assert "compared with" not in seen.get("pane/text")
    assert office.asked.count("report/activity/") == 2


def test_settings_are_followed(seen: Previewed, home: Path, office: Office) -> None:
    (home / "other").mkdir()
    (home / "other" / "calls.txt.j2").write_text("from the other folder")
    (home / "runner.yaml").write_text(f"{office.profile}templates: other\n")
    assert seen.get("pane/text") == "from the other folder"
    (home / "other" / "calls.txt.j2").write_text("changed there")
    assert seen.get("pane/text") == "changed there"


def test_a_definition_that_is_wrong_from_the_beginning_is_shown(home: Path) -> None:
    (home / "reports" / "calls.yaml").write_text("title: [")
    with preview(home, stop=signal.SIGINT, CLOSE_API_KEY="api_x") as seen:
        assert "reports/calls.yaml:1:" in seen.shown()


def test_a_recording_is_shown_and_nobody_is_asked(home: Path, office: Office) -> None:
    key = office.key
    ran = runner("run", "--as-of", AS_OF, "--record", "kept", cwd=home, cache=home / "cache", CLOSE_API_KEY=key)
    assert ran.returncode == 0, ran.stderr
    office.asked.clear()
    shutil.rmtree(home / "out")
    with preview(home, "--replay", "kept") as seen:
        assert "9–15 Nov 2026" in seen.get("pane/text")
    assert office.asked == []
    assert not (home / "out").exists(), "nothing is written"


def test_what_cannot_be_shown_at_all_ends_the_command(home: Path, office: Office) -> None:
    def fails(*words: str, **more: str) -> tuple[int, str]:
        ran = runner("preview", *words, cwd=home, cache=home / "cache", **more)
        assert ran.stdout == ""
        assert "Traceback" not in ran.stderr
        return ran.returncode, ran.stderr

    (home / "reports" / "other.yaml").write_text(DEFINITION)
    assert fails("cals") == (2, "error: no definition 'cals'; did you mean 'calls'?\n")
    code, said = fails("reports")
    assert (code, "a preview is of one definition" in said) == (2, True)
    code, said = fails("calls")
    assert (code, "CLOSE_API_KEY" in said) == (2, True), said
    port = office.url.split(":")[2].partition("/")[0]
    loose = {"PYTHONWARNINGS": "ignore"}  # waitress leaves a pipe to the garbage collector
    code, said = fails("calls", "--port", port, CLOSE_API_KEY=office.key, **loose)
    assert (code, f"cannot listen on 127.0.0.1:{port}" in said) == (3, True), said


def test_it_stops_while_it_asks(home: Path, office: Office) -> None:
    held = threading.Event()

    def hold(_: int) -> None:
        held.wait(60)

    with preview(home, "--as-of", AS_OF, CLOSE_API_KEY=office.key) as seen:
        before, asked = seen.get("state"), len(office.asked)
        office.slow = hold
        (home / "reports" / "calls.yaml").write_text(DEFINITION.replace("last-week,", "last-week, compare: previous,"))
        parts = urlsplit(seen.url)
        waits = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        waits.request("GET", "/")
        wait_for(lambda: len(office.asked) > asked)
        assert seen.get("state") != before, "it says meanwhile that there is something new"
        begun = time.monotonic()
    assert time.monotonic() - begun < 20
    held.set()
    waits.close()
    office.slow = lambda _: None
