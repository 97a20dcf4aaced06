"""The embedded engine behind a real server, for any Close client."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime

from waitress.server import create_server

from runner.engine import app
from runner.engine.store import Store
from runner.errors import RunnerError, UsageError

KEY = "RUNNER_SERVE_KEY"

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def key() -> str:
    """The API key that clients must send, from the environment; UsageError without one."""
    found = os.environ.get(KEY, "")  # noqa: TID251 - secrets come from the environment, in wiring only
    if not found:
        raise UsageError(f"set the environment variable {KEY} to the API key that clients must send")
    return found


def serve(
    store: Store,
    *,
    keys: frozenset[str],
    now: Callable[[], datetime],
    address: tuple[str, int],
    names: frozenset[str],
    ready: Callable[[str], None],
) -> None:
    """Answer requests until Ctrl-C or SIGTERM. ``ready`` hears the base URL once the port is open.

    A request whose Host header is neither loopback, nor the address itself, nor one of ``names`` is refused, so that a
    web page cannot reach the data through a name that it points here.
    """
    host, port = address
    engine = app.create(store, keys=keys, now=now, hosts=LOOPBACK | names | {host})
    try:
        server = create_server(
            engine,
            host=host,
            port=port,
            threads=4,
            ident="",
            max_request_header_size=16_384,
            max_request_body_size=2**20,
        )
    except OSError as error:
        raise RunnerError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    signal.signal(signal.SIGTERM, _stop)
    ready(f"http://{host}:{server.effective_port}/api/v1/")
    server.run()


def _stop(*_: object) -> None:
    raise SystemExit(0)
