"""A host of git repositories over HTTP that wants to be told a token, as the hosts of CI runners do."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.ledger.worlds import environment

PASSED = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_CONTENT_ENCODING")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@contextmanager
def serving(folder: Path, header: str) -> Iterator[str]:
    """The address of the repositories in the folder, for whoever sends this Authorization header."""

    def app(asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if asked.get("HTTP_AUTHORIZATION") != header:
            start("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="git"')])
            return [b""]
        said = {name: str(asked.get(name, "")) for name in PASSED}
        more = {"GIT_PROJECT_ROOT": str(folder), "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": "ann", **said}
        body = asked["wsgi.input"].read(int(asked.get("CONTENT_LENGTH") or 0))
        ran = subprocess.run(
            ["git", "http-backend"], input=body, env={**environment(folder), **more}, capture_output=True, check=True
        )
        head, _, content = ran.stdout.partition(b"\r\n\r\n")
        pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
        headers = [(name, value) for name, value in pairs if name != "Status"]
        start(next((value for name, value in pairs if name == "Status"), "200 OK"), headers)
        return [content]

    server = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
