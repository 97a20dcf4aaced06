"""The fault server does what its steps say, seen by plain clients."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from runner.model import Json
from tests.faults import answers, certificates
from tests.faults.certificates import Authority
from tests.faults.server import Request, Script, Server, close, drip, flood, keep, pause, reset, send

GOOD: Json = {"data": [1, 2, 3]}


def connected(server: Server) -> closing[socket.socket]:
    """A connection that has sent nothing yet."""
    return closing(socket.create_connection(("127.0.0.1", server.port), timeout=5))


@contextmanager
def talking(server: Server) -> Iterator[socket.socket]:
    """A connection that has sent a request."""
    with connected(server) as wire:
        ask(wire)
        yield wire


def ask(wire: socket.socket) -> None:
    wire.sendall(b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Odd: 1\r\nX-ODD: 2\r\n\r\n")


def everything(wire: socket.socket) -> bytes:
    """All bytes until the connection ends."""
    return b"".join(iter(lambda: wire.recv(65536), b""))


def got(connection: http.client.HTTPConnection) -> bytes:
    """The body of an answer, by Python's own client."""
    connection.request("GET", "/a")
    return connection.getresponse().read()


def test_a_request_is_recorded_with_all_that_came() -> None:
    with Server({"/a": [answers.whole(GOOD)]}) as server:
        before = time.monotonic()
        answer = httpx.post(f"{server.url}/a?b=c", json={"d": 1}, headers={"X-Odd": "1"})
        (request,) = server.asked("/a")
    assert answer.json() == GOOD
    assert (request.method, request.path, request.query, request.body) == ("POST", "/a", "b=c", b'{"d":1}')
    assert (request.headers["x-odd"], request.connection) == ("1", 1)
    assert before < request.at < time.monotonic()


def test_the_nth_request_to_a_path_gets_the_nth_script_and_the_last_one_is_repeated() -> None:
    with (
        Server({"/a": [answers.whole(1), answers.whole(2)], "/b": [answers.whole(9)]}) as server,
        httpx.Client() as web,
    ):
        said = [web.get(f"{server.url}{path}").json() for path in ("/a", "/b", "/a", "/a", "/b")]
        assert (len(server.asked("/a")), len(server.asked()), server.connections) == (3, 5, 1)
    assert said == [1, 9, 2, 2, 9]


def test_what_has_no_script_is_not_found() -> None:
    with Server({}) as server:
        answer = httpx.get(f"{server.url}/a")
    assert (answer.status_code, answer.json()) == (404, {"error": "no script."})


def test_a_script_can_be_made_for_a_request_and_chosen_by_its_body() -> None:
    def echo(request: Request) -> Script:
        return answers.whole(request.body.decode())

    def name(request: Request) -> str:
        return f"{request.path} {len(request.body)}"

    with Server({"/a 2": [echo], "/a 3": [answers.whole("three")]}, name=name) as server:
        assert [httpx.post(f"{server.url}/a", content=content).json() for content in ("ab", "abc")] == ["ab", "three"]
        assert len(server.asked("/a 2")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answers.whole(GOOD), id="content-length"),
        pytest.param(answers.chunked(GOOD), id="chunked"),
        pytest.param(answers.zipped(answers.text(GOOD)), id="gzip"),
        pytest.param(answers.until_closed(answers.text(GOOD)), id="until the connection ends"),
        pytest.param((drip(answers.sized(answers.text(GOOD)), 0.001), keep()), id="a byte at a time"),
    ],
)
def test_sound_answers_are_sound(answer: Script) -> None:
    with Server({"/a": [answer]}) as server:
        assert httpx.get(f"{server.url}/a").json() == GOOD


@pytest.mark.parametrize(
    ("script", "came"),
    [
        pytest.param((close(),), b"", id="before any byte"),
        pytest.param((send(b"HTTP/1.1 200 OK\r\nConte"), close()), b"HTTP/1.1 200 OK\r\nConte", id="in the headers"),
        pytest.param((send(b"one"), pause(0.05), send(b"two")), b"onetwo", id="a script's end ends the connection"),
        pytest.param((drip(b"abcde", 0.001, 2), close()), b"abcde", id="dripped"),
        pytest.param((flood(b"ab", 3), close()), b"ababab", id="flooded"),
    ],
)
def test_a_connection_ends_where_the_script_says(script: Script, came: bytes) -> None:
    with Server({"/a": [script]}) as server, talking(server) as wire:
        assert everything(wire) == came


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param((close(),), http.client.RemoteDisconnected, id="before any byte"),
        pytest.param(
            answers.cut(answers.sized(b"x" * 100), close(), at=120), http.client.IncompleteRead, id="in a sized body"
        ),
        pytest.param(
            (send(answers.head(200, ("Transfer-Encoding", "chunked")) + answers.chunk(b"x")), close()),
            http.client.IncompleteRead,
            id="in a chunked body",
        ),
        pytest.param((reset(),), ConnectionResetError, id="reset"),
    ],
)
def test_another_client_sees_the_same_fault(answer: Script, error: type[Exception]) -> None:
    with Server({"/a": [answer]}) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        with closing(connection), pytest.raises(error):
            got(connection)


def test_a_reset_comes_after_what_was_sent() -> None:
    with Server({"/a": [answers.cut(b"HTTP/1.1 200", reset(), at=8)]}) as server, talking(server) as wire:
        assert wire.recv(100) == b"HTTP/1.1"
        with pytest.raises(ConnectionResetError):
            wire.recv(100)


def test_dripping_takes_its_time() -> None:
    with Server({"/a": [(drip(b"abcdef", 0.03), close())]}) as server, talking(server) as wire:
        began = time.monotonic()
        assert everything(wire) == b"abcdef"
        assert 0.18 <= time.monotonic() - began < 2


def test_a_kept_connection_is_used_again_and_an_idle_one_can_be_ended() -> None:
    stale = (*answers.whole(1)[:-1], pause(0.02), close())
    with Server({"/a": [answers.whole(1), stale]}) as server, talking(server) as wire:
        first = wire.recv(1000)
        ask(wire)
        assert everything(wire) == first
        assert [request.connection for request in server.asked()] == [1, 1]


def test_a_greeting_comes_before_any_request() -> None:
    with Server({"/a": [answers.whole(1)]}, greetings=[(send(b"220 mail\r\n"), close()), (reset(),)]) as server:
        with connected(server) as wire:
            assert everything(wire) == b"220 mail\r\n"
        with pytest.raises(ConnectionResetError), connected(server) as wire:
            everything(wire)
        assert httpx.get(f"{server.url}/a").json() == 1
        assert (server.connections, len(server.asked())) == (3, 1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(Authority.good, None, id="good"),
        pytest.param(Authority.expired, "expired", id="expired"),
        pytest.param(Authority.elsewhere, "IP address mismatch", id="wrong name"),
    ],
)
def test_certificates_are_what_they_are_called(make: Callable[[Authority], ssl.SSLContext], said: str | None) -> None:
    trust = ssl.create_default_context(cadata=certificates.authority().pem.decode())
    with Server({"/a": [answers.whole(1)]}, tls=make(certificates.authority())) as server:
        if said is None:
            assert httpx.get(f"{server.url}/a", verify=trust).json() == 1
            return
        with pytest.raises(httpx.ConnectError, match=said):
            httpx.get(f"{server.url}/a", verify=trust)
        assert server.asked() == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(Authority.itself, "self.signed certificate", id="self-signed"),
        pytest.param(Authority.good, "unable to get local issuer", id="of a stranger"),
    ],
)
def test_a_stranger_is_not_trusted(make: Callable[[Authority], ssl.SSLContext], said: str) -> None:
    trust = ssl.create_default_context(cadata=certificates.authority().pem.decode())
    with (
        Server({}, tls=make(certificates.stranger())) as server,
        pytest.raises(httpx.ConnectError, match=said),
    ):
        httpx.get(f"{server.url}/a", verify=trust)


def test_a_bomb_is_sound_gzip_of_the_size_it_is_said_to_have() -> None:
    packed = answers.bomb(3 * 2**20)
    assert len(packed) < 10_000
    unpacked = gzip.decompress(packed)
    assert len(unpacked) == 3 * 2**20 + 2
    assert json.loads(unpacked) == []


def test_stopping_ends_what_is_still_going_on() -> None:
    server = Server({"/a": [(pause(60),)]})
    with talking(server):
        began = time.monotonic()
        server.stop()
        server.stop()
    assert time.monotonic() - began < 2
    assert [thread for thread in threading.enumerate() if thread.name.startswith("fault server")] == []


def test_a_mistake_in_a_script_is_told_when_the_server_is_stopped() -> None:
    def wrong(request: Request) -> Script:
        raise LookupError(request.path)

    server = Server({"/a": [wrong]})
    with talking(server) as wire:
        assert everything(wire) == b""
    with pytest.raises(LookupError, match="/a"):
        server.stop()
