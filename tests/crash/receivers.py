"""Receivers of digests that note what reaches them: a real SMTP server and a real web server, on this machine."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Received:
    """How often each thing came: a recipient of e-mail, or ``hook``. ``ports`` are those of both servers."""

    smtp: int = 0
    http: int = 0
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def take(self) -> Counter[str]:
        """What came since this was last asked."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
            return taken


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def receiving() -> Iterator[Received]:
    """Both servers, stopped at the end."""
    received = Received()

    class Mail:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
            received.note(envelope.rcpt_tos[0])
            return "250 taken"

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            received.note("hook")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said on stderr."""

    received.smtp = free_port()
    controller = Controller(Mail(), hostname="127.0.0.1", port=received.smtp)
    controller.start()
    web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    received.http = web.server_address[1]
    try:
        yield received
    finally:
        web.shutdown()
        web.server_close()
        thread.join()
        controller.stop()
