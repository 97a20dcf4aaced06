"""The network as an httpx transport with a total deadline: what ``httpx.HTTPTransport`` has no word for.

httpx limits each read, so a server that sends a byte a second holds a request for ever. Here every read, write and
handshake gets no more than what is left until the request's own ``deadline`` (an extension of the request, seconds of
``time.monotonic``). Nothing is read from the environment, and no redirect is followed.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import certifi
import httpcore
import httpx

CONNECT = 10.0
"""Most seconds to open a connection."""

IDLE = 5.0
"""Seconds a connection is kept for the next request; servers close theirs later than that."""


class Network(httpx.BaseTransport):
    """Requests over TCP and TLS, at most ``connections`` at a time. ``abort`` ends all of them at once."""

    def __init__(self, *, connections: int = 8, ca_file: Path | None = None, proxy: str | None = None) -> None:
        """``ca_file`` (PEM) is trusted besides the public authorities; ``proxy`` is an ``http://`` or ``https://`` URL.

        OSError when the file cannot be read as certificates.
        """
        trust = ssl.create_default_context(cafile=certifi.where())
        if ca_file is not None:
            trust.load_verify_locations(cafile=ca_file)
        self._deadline = threading.local()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._aborted = False
        settings: dict[str, Any] = {
            "ssl_context": trust,
            "max_connections": connections,
            "max_keepalive_connections": connections,
            "keepalive_expiry": IDLE,
            "network_backend": _Backend(self._deadline, self._sockets),
        }
        self._pool = httpcore.HTTPProxy(proxy_url=proxy, **settings) if proxy else httpcore.ConnectionPool(**settings)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is read, in the same thread, while the deadline still runs."""
        if self._aborted:
            raise httpx.ConnectError("nothing is asked any more")
        self._deadline.at = request.extensions.get("deadline")
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        with _as_httpx():
            found = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(found.status, headers=found.headers, stream=_Body(found), extensions=found.extensions)

    def abort(self) -> None:
        """End every request, now or later; the threads that wait for an answer see a broken connection."""
        self._aborted = True
        for open_socket in list(self._sockets):
            with contextlib.suppress(OSError):  # it may have been closed in the meantime
                open_socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore.NetworkBackend):
    """Sockets whose every wait ends at the deadline of the request of this thread."""

    def __init__(self, deadline: threading.local, sockets: weakref.WeakSet[socket.socket]) -> None:
        self._deadline, self._sockets = deadline, sockets

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = min(self.left(timeout), CONNECT)
        stream = httpcore.SyncBackend().connect_tcp(host, port, seconds, local_address, socket_options)
        return self.watched(stream)

    def watched(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        self._sockets.add(stream.get_extra_info("socket"))
        return _Stream(stream, self)

    def left(self, timeout: float | None) -> float:
        """Seconds that may still be waited; 0 would mean to wait not at all, and fail in other words."""
        most = CONNECT if timeout is None else timeout
        at: float | None = getattr(self._deadline, "at", None)
        return most if at is None else max(0.001, min(most, at - time.monotonic()))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, backend: _Backend) -> None:
        self._stream, self._backend = stream, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._backend.watched(self._stream.start_tls(ssl_context, server_hostname, self._backend.left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextlib.contextmanager
def _as_httpx() -> Iterator[None]:
    """httpcore's errors by the names httpx has for them, with their cause."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
