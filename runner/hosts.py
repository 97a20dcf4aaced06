"""The name that a request calls its server by."""

from __future__ import annotations

from werkzeug import Request

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""What this machine calls itself. A server that answers to these only cannot be reached by a web page whose own name
is made to point here."""


def name(request: Request) -> str:
    """The ``Host`` header without its port, in lower case."""
    host = request.headers.get("Host", "").lower()
    before, colon, port = host.rpartition(":")
    return before if colon and port.isdecimal() else host
