"""The transport over real sockets: every wait ends at the request's deadline, and all of them at once on abort."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import trustme

from runner.client import Network

Answer = Callable[[socket.socket], None]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that gives one connection after the other to ``answer``, on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):  # the client may have gone
                answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def drip(connection: socket.socket) -> None:
    """One byte of a header after the other, for longer than anybody waits."""
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_body(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.settimeout(5)
    connection.recv(1)


def get(url: str, transport: Network, seconds: float) -> bytes:
    with httpx.Client(transport=transport, trust_env=False) as client:
        request = client.build_request("GET", url)
        request.extensions["deadline"] = time.monotonic() + seconds
        response = client.send(request, stream=True)
        try:
            return b"".join(response.iter_raw())
        finally:
            response.close()


@pytest.mark.parametrize("answer", [drip, drip_body, silent])
def test_no_answer_takes_longer_than_its_deadline(answer: Answer) -> None:
    with server(answer) as url:
        began = time.monotonic()
        with pytest.raises(httpx.TimeoutException):
            get(url, Network(), 0.4)
        assert time.monotonic() - began < 3


def test_abort_ends_what_is_under_way() -> None:
    network = Network()
    with server(silent) as url:
        threading.Timer(0.3, network.abort).start()
        began = time.monotonic()
        with pytest.raises(httpx.TransportError):
            get(url, network, 30)
        assert time.monotonic() - began < 4


def test_a_name_that_leads_nowhere_and_a_closed_port_are_connection_errors() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(httpx.ConnectError):
        get(f"http://127.0.0.1:{port}/", Network(), 5)


def test_authorities_of_a_file_are_trusted_besides_the_public_ones(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    Network(ca_file=tmp_path / "ca.pem").close()
    (tmp_path / "no.pem").write_text("nothing")
    with pytest.raises(OSError, match=r"."):
        Network(ca_file=tmp_path / "no.pem")
