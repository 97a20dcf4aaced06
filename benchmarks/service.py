"""A service that is slow in a known way: every answer takes so long, and as many as come are under way at once.

    python -m benchmarks.service --delay 0.05

It answers the list of metrics and activity overviews, as contract section 3 has them, at a free port of loopback, and
prints its address. ``GET /seen`` says how many requests it has answered since it was last asked so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from runner.engine.metrics import METRICS

LISTED = {"metrics": [{"key": one.key, "name": one.name, "description": one.description} for one in METRICS.values()]}


def overview(asked: dict[str, Any]) -> dict[str, Any]:
    """A row a day of the range, numbers that differ."""
    start, end = (datetime.fromisoformat(asked["datetime_range"][key]) for key in ("start", "end"))
    metrics = asked["metrics"]
    days = (end - start).days
    rows: list[dict[str, Any]] = [
        {"datetime": (start + timedelta(day)).isoformat(), **{key: day * 7 + len(key) for key in metrics}}
        for day in range(days)
    ]
    totals = {key: sum(row[key] for row in rows) for key in metrics}
    return {"data": rows, "aggregations": {"totals": totals}, "queries": {"leads": {}}}


class Service(ThreadingHTTPServer):
    """Counts what it answers."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.delay = delay
        self.numbers = count()
        self.seen = 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Service

    def do_GET(self) -> None:
        """The list of metrics, or how many were answered."""
        if self.path == "/seen":
            now = next(self.server.numbers)
            self._answer({"seen": now - self.server.seen})
            self.server.seen = now + 1
        else:
            self._late(LISTED)

    def do_POST(self) -> None:
        """An activity overview."""
        self._late(overview(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _late(self, data: dict[str, Any]) -> None:
        next(self.server.numbers)
        time.sleep(self.server.delay)
        self._answer(data)

    def _answer(self, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


@contextmanager
def running(delay: float) -> Iterator[str]:
    """The base URL of a service in a process of its own, which ends with the block."""
    call = [sys.executable, "-m", "benchmarks.service", "--delay", str(delay)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def seen(base_url: str) -> int:
    """How many requests were answered since this was last asked."""
    with urllib.request.urlopen(base_url.replace("/api/v1/", "/seen")) as answer:
        return int(json.load(answer)["seen"])


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that every answer takes")
    service = Service(parser.parse_args().delay)
    print(f"http://127.0.0.1:{service.server_port}/api/v1/", flush=True)
    service.serve_forever()


if __name__ == "__main__":
    main()
