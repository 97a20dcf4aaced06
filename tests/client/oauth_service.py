"""A service with OAuth on loopback: ``me/`` for whoever has the present access token, and the URL that renews it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

ME = {"id": "user_1", "organizations": [{"id": "orga_1", "name": "Example"}]}
APP = {"client_id": "oa2client_1", "client_secret": "app-secret+1/x"}


@dataclass
class Reply:
    """An answer: JSON unless ``content`` says otherwise."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None


@dataclass
class Service:
    """What the service knows, what it was asked, and what a test lets it do."""

    url: str
    access: str = "access-1"
    refresh: str = "refresh+1/x"
    renewals: int = 0
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    """Is called when ``me/`` is asked, before the answer."""
    renewing: Callable[[], Reply | None] = lambda: None
    """Is called after the tokens have been renewed; its reply goes out in place of the new tokens."""
    refusing: Callable[[str], Reply | None] = lambda _: None
    """Is called with the header that ``me/`` was asked with; its reply goes out in place of the usual one."""
    date: str = ""
    """What time the service says it is; empty: what time it is."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1/"

    @property
    def token_url(self) -> str:
        return f"{self.url}/oauth2/token/"

    def me(self, header: str) -> Reply:
        self.before()
        with self.lock:
            self.asked.append(header)
            right = header == f"Bearer {self.access}"
        return self.refusing(header) or (Reply(200, ME) if right else Reply(401, {"error": "Token expired"}))

    def token(self, body: str) -> Reply:
        form = dict(parse_qsl(body))
        with self.lock:
            self.forms.append(form)
            if form != {"grant_type": "refresh_token", "refresh_token": self.refresh, **APP}:
                return Reply(400, {"error": "invalid_grant", "error_description": f"{body} is spent"})
            self.renewals += 1
            number = self.renewals + 1
            self.access, self.refresh = f"access-{number}", f"refresh+{number}/x"
            new = {"access_token": self.access, "refresh_token": self.refresh, "token_type": "Bearer"}
        return self.renewing() or Reply(200, {**new, "expires_in": 3600})


@contextmanager
def serving() -> Iterator[Service]:
    """The service, as long as it is needed."""
    service = Service("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(service.me(self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            self._reply(service.token(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _reply(self, reply: Reply) -> None:
            content = json.dumps(reply.data).encode() if reply.content is None else reply.content
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return service.date or super().date_time_string(timestamp)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that is gone is none of the server's troubles."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def keep(file: Path, *, access: str = "access-1", refresh: str = "refresh+1/x", mode: int = 0o600) -> Path:
    """A file of tokens as its owner makes it."""
    file.write_text(json.dumps({"refresh_token": refresh, "access_token": access}))
    file.chmod(mode)
    return file
