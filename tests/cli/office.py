"""The engine behind a real server on loopback that counts what it is asked and can take its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from runner.engine.app import create
from tests.engine.memory import KEY, NOW, Memory


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's own name
        pass


@dataclass
class Office:
    """Where it is, the key it takes, what it was asked (the path and the body); ``slow`` may hold a request back."""

    url: str = ""
    key: str = KEY
    asked: list[str] = field(default_factory=list)
    slow: Callable[[int], None] = lambda _: None

    @property
    def profile(self) -> str:
        """A runner.yaml that asks it."""
        return f"profiles:\n  live: {{service: close, base_url: '{self.url}'}}\n"


@contextmanager
def open_office() -> Iterator[Office]:
    """A small organization: three users, nothing done."""
    backend = Memory(organization=[{"id": "orga_1", "name": "Office", "date_created": "2024-01-01T00:00:00Z"}])
    for number, name in enumerate(("Ann Lee", "Bo Kim", "Cy Ray")):
        backend.add_user(f"user_{number}", name)
    engine, office, lock = create(backend, keys=frozenset({KEY}), now=lambda: NOW), Office(), threading.Lock()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with lock:
            office.asked.append(environ["PATH_INFO"].removeprefix("/api/v1/"))
            number = len(office.asked)
        office.slow(number)
        return engine(environ, start)

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    office.url = f"http://127.0.0.1:{server.server_port}/api/v1/"
    try:
        yield office
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it holds, and fail where it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
