"""The walk over a live organization, tried on our own engine and on servers that are not quite like it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from werkzeug.test import Client as Inside
from werkzeug.wrappers import Request, Response

from runner.client import Client, Key, Network
from runner.engine import app, load, sample
from runner.engine.store import Store
from runner.model import Limits, Secret
from tests.cli.command import environment
from tests.live import report, walk
from tests.live.contract import DOCUMENTED

KEY = "api_live"
AS_OF = datetime.fromisoformat("2026-11-23T12:02:00+00:00")

Bend = Callable[[str, Any], Any]
"""A path and an answer -> what is answered in its place; None for 404."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small sample organization."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "dump").mkdir()
    sample.write(folder / "dump", AS_OF, history=90)
    load.load(folder / "dump", folder / "store")
    with Store.open(folder / "store") as opened:
        yield opened


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(store: Store, bend: Bend) -> Iterator[str]:
    """The engine at a free port of loopback, each answer bent."""
    inside = Inside(app.create(store, keys=frozenset({KEY}), now=lambda: AS_OF))

    @Request.application
    def bent(request: Request) -> Response:
        answer = inside.open(
            path=request.path,
            method=request.method,
            query_string=request.query_string.decode(),
            data=request.get_data(),
            headers=[(name, value) for name, value in request.headers.items() if name != "Content-Length"],
        )
        data = bend(request.path.removeprefix("/api/v1/"), answer.get_json())
        status = 404 if data is None else answer.status_code
        headers = {"RateLimit": "limit=100, remaining=99, reset=0.5"}
        return Response(json.dumps(data or {}), status, headers, content_type="application/json")

    server = make_server("127.0.0.1", 0, bent, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def walked(store: Store, bend: Bend = lambda _, data: data) -> walk.Walk:
    heedful = walk.Heedful()
    with (
        served(store, bend) as url,
        Client(Network(), url, Key(Secret(KEY)), limits=Limits(attempts=1), listener=heedful) as client,
    ):
        found = walk.Walk(client, heedful)
        walk.everything(found, AS_OF)
    return found


def command(root: Path, home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "tests.live", "--as-of", AS_OF.isoformat(), *words]
    return subprocess.run(
        call, cwd=root, env=environment(home, **more), capture_output=True, text=True, check=False, timeout=120
    )


def texts(data: Any) -> Iterable[str]:
    """Every text in some data."""
    if isinstance(data, str):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from texts(inner)


def test_our_own_engine_has_everything_and_the_report_nothing_of_anybody(store: Store) -> None:
    said: set[str] = set()

    def overhear(path: str, data: Any) -> Any:
        if "report/" not in path or "sent_emails" in path:
            said.update(text for text in texts(data) if re.search(r"[A-Z@ ]", text) or "_" in text)
        return data

    found = walked(store, overhear)
    written = report.text(found, AS_OF)
    assert found.sound, written
    assert not found.unasked
    for endpoint in DOCUMENTED:
        assert f"| `{endpoint}` | 200 |" in written
    assert "missing:" not in written
    assert "limit=100, remaining=99, reset=0.5" in written
    assert len(said) > 100
    assert [text for text in said if text in written] == []


def test_a_field_that_lacks_and_one_that_is_new_are_told(store: Store) -> None:
    def bend(path: str, data: Any) -> Any:
        if path == "report/activity/":
            for row in data["data"]:
                row["mood"] = 1
                row.pop("datetime", None)
        if path == "user/":
            data["data"][0]["Ann Lee"] = "private"
            data["data"][0]["email"] = 5
        if path == "report/activity/metrics/":
            data["metrics"] = [*data["metrics"][1:], {"key": "faxes.sent.all.count", "name": "F", "description": ""}]
        return data

    found = walked(store, bend)
    written = report.text(found, AS_OF)
    assert not found.sound
    assert re.search(r"- missing: `data\[\]\.datetime` \(\d+ times\)", written)
    assert "- unknown: `data[].mood` (integer)" in written
    assert "- wrong: `data[].email`: expected null or text, got integer" in written
    assert "- unknown: `data[].(a key that is no field name)` (text)" in written
    assert "- unknown to us: `faxes.sent.all.count`" in written
    assert "- known to us, not there: `calls.all.all.count`" in written
    assert "Ann Lee" not in written
    assert "private" not in written


def test_an_endpoint_that_is_not_there_is_told_and_one_that_is_ours_may_lack(store: Store) -> None:
    def without(*paths: str) -> walk.Walk:
        return walked(store, lambda path, data: None if path in paths else data)

    assert without("report/custom/fields/").sound
    found = without("pipeline/")
    assert not found.sound
    assert found.unasked == ["report/funnel/opportunity/totals/", "report/funnel/opportunity/stages/"]
    assert "| `pipeline/` | 404 |" in report.text(found, AS_OF)


def test_a_key_that_is_refused_is_asked_once(store: Store) -> None:
    found = walked(store, lambda path, data: None if path == "me/" else data)
    assert [one.endpoint for one in found.seen] == ["me/"]
    assert not found.sound


def test_the_command_says_what_it_needs_and_writes_its_report(store: Store, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    told = command(root, tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "CLOSE_API_KEY" in told.stderr
    file = tmp_path / "made" / "conformance.md"
    with served(store, lambda _, data: data) as url:
        ran = command(root, tmp_path, "--base-url", url, "--report", str(file), CLOSE_API_KEY=KEY)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{file}\n", "")
    assert file.read_text(encoding="utf-8").startswith("# Conformance of a live organization\n")
    plain = command(root, tmp_path, "--base-url", "http://close.example.com/api/v1/", CLOSE_API_KEY=KEY)
    assert plain.returncode == 2
