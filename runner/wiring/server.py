"""An application behind a real server, and the embedded engine as one."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from waitress.server import create_server

from runner import hosts
from runner.engine import app
from runner.engine.store import Store
from runner.errors import RunnerError, UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

KEY = "RUNNER_SERVE_KEY"


def key() -> str:
    """The API key that clients must send, from the environment; UsageError without one."""
    found = os.environ.get(KEY, "")  # noqa: TID251 - secrets come from the environment, in wiring only
    if not found:
        raise UsageError(f"set the environment variable {KEY} to the API key that clients must send")
    return found


def listen(
    served: WSGIApplication, address: tuple[str, int], ready: Callable[[str], None], *, threads: int = 4
) -> None:
    """Answer requests with ``served`` until Ctrl-C or SIGTERM.

    ``ready`` hears ``http://HOST:PORT/`` once the port is open; requests wait until it returns. RunnerError where the
    port cannot be had.
    """
    host, port = address
    try:
        server = create_server(
            served,
            host=host,
            port=port,
            threads=threads,
            ident="",
            max_request_header_size=16_384,
            max_request_body_size=2**20,
        )
    except OSError as error:
        raise RunnerError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    signal.signal(signal.SIGTERM, _stop)
    try:
        ready(f"http://{host}:{server.effective_port}/")
        server.run()
    finally:
        logging.getLogger("waitress").disabled = True  # an answer that is still being made finds the server closed
        server.close()


def engine(
    store: Store, *, keys: frozenset[str], now: Callable[[], datetime], host: str, names: frozenset[str]
) -> WSGIApplication:
    """The engine for clients that call it by loopback, by the address ``host`` itself or by one of ``names``.

    A request to another host name is refused, so that a web page cannot reach the data through a name that it points
    here.
    """
    return app.create(store, keys=keys, now=now, hosts=hosts.LOOPBACK | names | {host})


def _stop(*_: object) -> None:
    raise SystemExit(0)
