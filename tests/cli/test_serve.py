"""``runner serve`` over loopback, asked by Close's own Python client and by hand."""

from __future__ import annotations

import base64
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import closeio_api
import pytest

from tests.cli.command import environment

KEY = "a-test-key"
RANGE = {"start": "2026-11-16T05:00:00Z", "end": "2026-11-23T05:00:00Z"}
CALLS = "calls.outbound.all.count"


@dataclass(frozen=True)
class Served:
    url: str
    process: subprocess.Popen[str]

    def get(self, path: str, *, key: str = KEY, **headers: str) -> tuple[int, bytes]:
        """A bare request: status and body."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        token = base64.b64encode(f"{key}:".encode()).decode()
        connection.request("GET", parts.path + path, headers={"Authorization": f"Basic {token}", **headers})
        response = connection.getresponse()
        try:
            return response.status, response.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample organization behind a real server on a free port of loopback."""
    call = [
        sys.executable,
        "-m",
        "runner",
        "--as-of",
        "2026-11-23T12:02:00Z",
        "serve",
        "--data",
        "sample",
        "--port",
        "0",
    ]
    env = environment(cache, RUNNER_SERVE_KEY=KEY)
    folder = tmp_path_factory.mktemp("serve")
    with subprocess.Popen(call, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("serving sample on http://127.0.0.1:"), line + process.stderr.read()
        try:
            yield Served(line.split()[-1], process)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_close_s_own_client_gets_the_contract_s_answer(served: Served) -> None:
    api = closeio_api.API(served.url, api_key=KEY)
    body = {"type": "overview", "metrics": [CALLS, "calls.outbound.all.avg_duration"], "datetime_range": RANGE}
    answer = api.post("report/activity", data=body)
    assert set(answer) == {"data", "aggregations", "queries"}
    assert [row["datetime"][:10] for row in answer["data"]] == [f"2026-11-{day}" for day in range(16, 24)]
    assert answer["aggregations"]["totals"][CALLS] == sum(row[CALLS] for row in answer["data"]) > 0
    assert answer["queries"]["leads"][CALLS][0].startswith('call(direction: "outbound"')


def test_close_s_own_client_compares_people(served: Served) -> None:
    api = closeio_api.API(served.url, api_key=KEY)
    answer = api.post("report/activity", data={"type": "comparison", "metrics": [CALLS], "relative_range": "last-week"})
    users = [row["user_id"] for row in answer["data"]]
    assert set(answer["lookup"]["user"]) == set(users)
    assert len(users) >= 10


def test_close_s_own_client_reads_the_look_ups(served: Served) -> None:
    api = closeio_api.API(served.url, api_key=KEY)
    me = api.get("me")
    organization = me["organizations"][0]["id"]
    assert api.get(f"organization/{organization}")["id"] == organization
    for path in ("user", "group", "saved_search", "pipeline", "status/lead", "status/opportunity"):
        assert api.get(path)["data"], path


def test_close_s_own_client_sees_close_s_errors(served: Served) -> None:
    api = closeio_api.API(served.url, api_key=KEY)
    with pytest.raises(closeio_api.ValidationError) as caught:
        api.post("report/activity", data={"type": "overview", "relative_range": "last-week"})
    assert caught.value.field_errors == {"metrics": "This field is required."}


def test_a_wrong_key_is_refused(served: Served) -> None:
    status, body = served.get("me/", key="guess")
    assert status == 401
    assert "error" in json.loads(body)


def test_a_foreign_host_header_is_refused(served: Served) -> None:
    status, body = served.get("me/", Host="evil.example.com")
    assert status in {403, 421}
    assert b"organizations" not in body


def test_huge_headers_are_refused(served: Served) -> None:
    status, _ = served.get("me/", Cookie="x" * 20_000)
    assert status == 431


def test_the_answer_does_not_name_the_server_software(served: Served) -> None:
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.getheader("Server") is None


def test_a_taken_port_is_said(served: Served, cache: Path, tmp_path: Path) -> None:
    port = str(urlsplit(served.url).port)
    call = [sys.executable, "-m", "runner", "--as-of", "2026-11-23T12:02:00Z", "serve", "--port", port]
    env = environment(cache, RUNNER_SERVE_KEY=KEY)
    ran = subprocess.run(call, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port}" in ran.stderr
