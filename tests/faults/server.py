"""A server that does what it is told, byte by byte: a real one on loopback, for the ways in which answers go wrong.

A *script* is a sequence of steps that is played once a request has been read whole:

    (send(b"HTTP/1.1 200 OK\\r\\n"), pause(0.1), reset())

Scripts are given by path; the n-th request to a path gets the n-th script, the last one is played again for all that
follow. A script that ends without ``keep()`` ends its connection. ``Server.asked`` says what came in.
"""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

PATIENCE = 20.0
"""Seconds after which the server no longer waits for bytes from a client."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in. ``at`` is ``time.monotonic``, ``connection`` counts from 1; header names are lower-case.

    Of a header that came several times, the last value is kept. ``path`` has no query.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    at: float


# ---- steps -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes ``times`` over, ``size`` at a time with ``each`` seconds before each piece; at once without a size."""

    data: bytes
    size: int = 0
    each: float = 0.0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection in an orderly way."""


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection with a RST."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Read the next request on the same connection."""


Step: TypeAlias = Send | Pause | Close | Reset | Keep
Script: TypeAlias = tuple[Step, ...]
Answer: TypeAlias = Script | Callable[[Request], Script]
"""A script, or what makes one for a request."""


def send(data: bytes) -> Step:
    """Send all of the bytes at once."""
    return Send(data)


def drip(data: bytes, each: float, size: int = 1) -> Step:
    """Send the bytes ``size`` at a time, ``each`` seconds before each piece."""
    return Send(data, size, each)


def flood(data: bytes, times: int) -> Step:
    """Send the bytes over and over; it ends when the client has gone."""
    return Send(data, times=times)


def pause(seconds: float) -> Step:
    """Do nothing for so long."""
    return Pause(seconds)


def close() -> Step:
    """End the connection in an orderly way."""
    return Close()


def reset() -> Step:
    """End the connection with a RST. What was sent just before may be lost, unless there is a pause between."""
    return Reset()


def keep() -> Step:
    """Keep the connection for the next request."""
    return Keep()


# ---- the server ------------------------------------------------------------------------------------------


def by_path(request: Request) -> str:
    """Scripts are chosen by the request's path."""
    return request.path


class Server:
    """Listens on a free port of loopback from its making until ``stop``; use it as a context manager.

    ``greetings`` are played before anything is read: the n-th for the n-th connection, () where there is none. What is
    asked for and has no script gets a 404.
    """

    def __init__(
        self,
        scripts: Mapping[str, Sequence[Answer]],
        *,
        tls: ssl.SSLContext | None = None,
        greetings: Sequence[Script] = (),
        name: Callable[[Request], str] = by_path,
    ) -> None:
        self._scripts, self._tls, self._greetings, self._name = dict(scripts), tls, tuple(greetings), name
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._requests: list[tuple[str, Request]] = []
        self._count: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []
        self._open: dict[int, socket.socket] = {}
        self._connections = 0
        self._errors: list[Exception] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="fault server")
        self._acceptor.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, or https."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections were opened."""
        with self._lock:
            return self._connections

    @property
    def open(self) -> int:
        """How many connections are open now."""
        with self._lock:
            return len(self._open)

    def asked(self, name: str | None = None) -> list[Request]:
        """The requests that were read whole, in order: all of them, or those of one name (by default a path)."""
        with self._lock:
            return [request for known, request in self._requests if name is None or known == name]

    def stop(self) -> None:
        """End every connection and every thread. An error of the server itself, not of a client, is raised here."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()  # wakes the acceptor
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            for one in self._open.values():
                with contextlib.suppress(OSError):  # it may be closed already
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    # ---- connections -----------------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            accepted, _ = self._listener.accept()
            if self._stopping.is_set():
                accepted.close()
                return
            accepted.settimeout(PATIENCE)
            with self._lock:
                self._connections += 1
                number = self._connections
                self._open[number] = accepted
            thread = threading.Thread(target=self._serve, args=(accepted, number), name=f"fault server {number}")
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket, number: int) -> None:
        wire = accepted
        try:
            if self._tls:
                wire = self._tls.wrap_socket(accepted, server_side=True)
                with self._lock:
                    self._open[number] = wire
            self._talk(wire, number)
        except OSError:
            pass  # the client has gone, or would not have our certificate
        except Exception as error:  # noqa: BLE001 - told to whoever stops the server
            self._errors.append(error)
        finally:
            with self._lock:
                del self._open[number]
            wire.close()
            accepted.close()

    def _talk(self, wire: socket.socket, number: int) -> None:
        greeting = self._greetings[number - 1] if number <= len(self._greetings) else ()
        if greeting and not self._play(wire, greeting):
            return
        with wire.makefile("rb") as incoming:
            while request := read(incoming, number):
                if not self._play(wire, self._script(request)):
                    return

    def _script(self, request: Request) -> Script:
        name = self._name(request)
        with self._lock:
            count = self._count[name]
            self._count[name] += 1
            self._requests.append((name, request))
        scripts = self._scripts.get(name, (MISSING,))
        chosen = scripts[min(count, len(scripts) - 1)]
        return chosen if isinstance(chosen, tuple) else chosen(request)

    def _play(self, wire: socket.socket, script: Script) -> bool:
        """Whether the connection goes on."""
        for step in script:
            match step:
                case Send():
                    self._send(wire, step)
                case Pause():
                    self._stopping.wait(step.seconds)
                case Close():
                    wire.shutdown(socket.SHUT_WR)
                    return False
                case Reset():
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return False
                case Keep():
                    return True
                case _:
                    assert_never(step)
        return False

    def _send(self, wire: socket.socket, step: Send) -> None:
        size = step.size or len(step.data)
        for _ in range(step.times):
            for start in range(0, len(step.data), size):
                if step.each and self._stopping.wait(step.each):
                    return
                wire.sendall(step.data[start : start + size])


def read(incoming: io.BufferedReader, connection: int) -> Request | None:
    """The next request, None where the client has no more."""
    first = incoming.readline(65536)
    if not first.endswith(b"\n"):
        return None
    method, target, _ = first.decode("latin-1").split(" ", 2)
    path, _, query = target.partition("?")
    headers = dict(_headers(incoming))
    body = incoming.read(int(headers.get("content-length", "0")))
    return Request(method, path, query, headers, body, connection, time.monotonic())


def _headers(incoming: io.BufferedReader) -> Iterator[tuple[str, str]]:
    while line := incoming.readline(65536).strip():
        name, _, value = line.decode("latin-1").partition(":")
        yield name.strip().lower(), value.strip()


MISSING: Script = (
    send(b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n"),
    send(b'{"error": "no script."}'),
    keep(),
)
