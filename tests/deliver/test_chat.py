"""Posting to a webhook: what each answer and each accident comes to, and that nobody is ever told the URL."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from runner.client import Network
from runner.deliver import CHANNELS, Access, chat
from runner.errors import UsageError
from runner.model import Hook, Json, Receipt, Shelves, State
from tests.deliver.parcels import SLACK, WEBHOOK, access, parcel, secret
from tests.faults.certificates import authority, stranger
from tests.faults.server import Answer, Script, Server, close, drip, flood, pause, reset, send

PATH = "/services/T0123ABCD/B0123ABCD/q8XyZw4kLmNoPqRsTuVw"
DATA: Json = {"text": "Weekly sales", "blocks": []}


def answer(status: str, body: bytes = b"", *headers: str) -> Script:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return (send("\r\n".join(head).encode() + body),)


def told(url: str) -> list[str]:
    """The URL and its secret part in the ways in which they could be said."""
    token = url.rpartition("/")[2]
    return [
        form
        for text in (url, PATH, token)
        for form in (
            text,
            quote(text, safe=""),
            base64.b64encode(text.encode()).decode()[: len(text) * 8 // 6],  # what does not depend on what follows
            text.encode().hex(),
            text[::-1],
            json.dumps(text)[1:-1].replace("/", "\\/"),
        )
    ]


def post(url: str, hook: Hook = SLACK, *, sample: bool = False) -> Receipt:
    """One attempt, of which nothing that is said, shown or logged holds the URL."""
    sent = parcel(hook, data=DATA, sample=sample)
    means = access(ROOM_URL=url)
    receipt = CHANNELS[hook.kind](sent, means)
    shown = [receipt.reason, repr(receipt), repr(sent), repr(means), str(sent)]
    assert not [form for form in told(url) if any(form.casefold() in text.casefold() for text in shown)]
    return receipt


@pytest.fixture(autouse=True)
def no_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert not [form for form in told(PATH) if form.casefold() in logged.casefold()]


@contextmanager
def serving(*scripts: Answer, tls: ssl.SSLContext | None = None) -> Iterator[tuple[Server, str]]:
    with Server({PATH: scripts}, tls=tls) as server:
        yield server, f"{server.url}{PATH}"


# ---- answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "state", "reason"),
    [
        pytest.param("200 OK", b"ok", State.SENT, "HTTP 200", id="200"),
        pytest.param("204 No Content", b"", State.SENT, "HTTP 204", id="204"),
        pytest.param("400 Bad Request", b"invalid_payload", State.REFUSED, "HTTP 400: invalid_payload", id="400"),
        pytest.param(
            "403 Forbidden", b"action_prohibited", State.REFUSED, "HTTP 403: action_prohibited", id="403"
        ),
        pytest.param(
            "404 Not Found", b"no_service", State.REFUSED,
            "HTTP 404: no_service; there is no such webhook any more", id="404",
        ),
        pytest.param(
            "410 Gone", b"", State.REFUSED, "HTTP 410: Gone; there is no such webhook any more", id="410"
        ),
        pytest.param("408 Request Timeout", b"", State.DEFERRED, "HTTP 408: Request Timeout", id="408"),
        pytest.param("429 Too Many Requests", b"rate_limited", State.DEFERRED, "HTTP 429: rate_limited", id="429"),
        pytest.param("503 Service Unavailable", b"", State.DEFERRED, "HTTP 503: Service Unavailable", id="503"),
        pytest.param(
            "500 Internal Server Error", b"rollup_error", State.UNCERTAIN,
            "HTTP 500: rollup_error; it may have been taken nevertheless", id="500",
        ),
        pytest.param(
            "504 Gateway Timeout", b"", State.UNCERTAIN,
            "HTTP 504: Gateway Timeout; it may have been taken nevertheless", id="504",
        ),
        pytest.param(
            "299 Fine", b"", State.SENT, "HTTP 299", id="a success that has no name",
        ),
        pytest.param("499 Odd", b"", State.REFUSED, "HTTP 499: no reason given", id="a refusal that has no name"),
    ],
)  # fmt: skip
def test_the_status_decides(status: str, body: bytes, state: State, reason: str) -> None:
    with serving(answer(status, body)) as (server, url):
        assert post(url) == Receipt(state, reason)
        assert len(server.asked()) == 1


def test_what_is_posted() -> None:
    with serving(answer("200 OK")) as (server, url):
        post(url)
        post(url, WEBHOOK)
        first, second = server.asked(PATH)
    assert (first.method, first.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(first.body) == json.loads(second.body) == DATA
    assert "idempotency-key" not in first.headers
    assert "authorization" not in first.headers
    key = parcel(WEBHOOK).key
    assert second.headers["idempotency-key"] == chat.identity(key)
    known = hashlib.sha256(b"weekly\n2026-W47\nhook\nhook").hexdigest()  # its beginning is the id in the ledger
    assert chat.identity(key) == known[:32]
    assert chat.identity(replace(key, period="2026-W48")) != chat.identity(key)


def test_a_text_that_is_no_text_is_posted_as_json() -> None:
    with serving(answer("200 OK")) as (server, url):
        assert chat.send(parcel(SLACK, data={"text": "\ud800 ü"}), access(ROOM_URL=url)).state is State.SENT
        assert json.loads(server.asked()[0].body) == {"text": "\ud800 ü"}


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        pytest.param(b'{"error": "no_team", "ok": false}', "application/json", "no_team", id="JSON with an error"),
        pytest.param(b'{"message": "Unknown Webhook"}', "application/json", "Unknown Webhook", id="with a message"),
        pytest.param(b'["a", 1]', "application/json", '["a", 1]', id="other JSON"),
        pytest.param(b'{"error": {"code": 1}}', "application/json", '{"error": {"code": 1}}', id="an error in parts"),
        pytest.param(b"<html>no</html>", "text/html", "Bad Request", id="a page"),
        pytest.param(b"a\r\n\x1b[31m\x00b\xff", "text/plain", "a [31m b\ufffd", id="control characters"),
        pytest.param(b"no " * 2000, "text/plain", ("no " * 67)[:200] + "...", id="a long text"),
        pytest.param(b"[" * 4000, "application/json", "[" * 200 + "...", id="deep JSON"),
    ],
)
def test_a_refusal_is_told_in_one_line_of_its_own_words(body: bytes, kind: str, said: str) -> None:
    with serving(answer("400 Bad Request", body, f"Content-Type: {kind}")) as (_, url):
        assert post(url).reason == f"HTTP 400: {said}"


def test_words_that_are_packed_are_not_shown() -> None:
    with serving(answer("400 Bad Request", b"\x1f\x8b", "Content-Encoding: gzip")) as (_, url):
        assert post(url).reason == "HTTP 400: Bad Request"


@pytest.mark.parametrize("place", range(18))
def test_a_server_that_repeats_the_url_in_any_form_is_not_repeated(place: int) -> None:
    with Server({PATH: (lambda request: answer("403 Forbidden", body(request.headers["host"])),)}) as server:

        def body(host: str) -> bytes:
            return f"sorry, {told(f'http://{host}{PATH}')[place]} may not".encode()

        receipt = post(f"{server.url}{PATH}")
    assert receipt.reason.startswith("HTTP 403: sorry, ")
    assert receipt.reason.endswith(" may not")


@pytest.mark.parametrize("before", ["", "x", "xx"])
@pytest.mark.parametrize("part", [PATH, PATH.rpartition("/")[2]])
def test_bytes_that_hold_the_url_somewhere_are_not_shown_either(before: str, part: str) -> None:
    inside = base64.b64encode(f"{before}{part}".encode())
    with serving(answer("403 Forbidden", b"no: " + inside)) as (_, url):
        assert post(url).reason == "HTTP 403: no: …"


# ---- accidents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with Server({}) as other:
        with serving(answer(f"{status} Elsewhere", b"", f"Location: {other.url}/new")) as (server, url):
            receipt = post(url)
            assert len(server.asked()) == 1
        assert not other.connections
    assert receipt.state is (State.REFUSED if status > 303 else State.UNCERTAIN)


ENDED = "the connection ended before there was an answer; it may have arrived"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((close(),), id="closed before the headers"),
        pytest.param((reset(),), id="reset before the headers"),
        pytest.param((send(b"HTTP/1.1 2"), close()), id="closed in the status line"),
        pytest.param((send(b"HTTP/1.1 200 OK\r\nContent-"), pause(0.1), reset()), id="reset in the headers"),
        pytest.param((send(b"SMTP ready\r\n\r\n"),), id="another protocol"),
        pytest.param((flood(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, 1000),), id="headers without an end"),
    ],
)
def test_what_is_lost_behind_the_first_byte_is_uncertain(script: Script) -> None:
    with serving(script) as (server, url):
        assert post(url) == Receipt(State.UNCERTAIN, ENDED)
        assert len(server.asked()) == 1


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), close()), id="cut"),
        pytest.param((send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), drip(b"x" * 9, 1)), id="dripped"),
        pytest.param((send(b"HTTP/1.1 200 OK\r\n\r\n"), flood(b"x" * 2**16, 10_000)), id="without an end"),
    ],
)
def test_a_success_stands_whatever_its_body_does(script: Script) -> None:
    with serving(script) as (_, url):
        began = time.monotonic()
        assert post(url) == Receipt(State.SENT, "HTTP 200")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param((close(),), "Bad Request", id="cut"),
        pytest.param((drip(b"nonono" * 9, 0.2),), "nono", id="dripped"),
        pytest.param((flood(b"no " * 2**14, 10_000),), "no no no", id="without an end"),
    ],
)
def test_a_refusal_stands_whatever_its_body_does(body: Script, said: str) -> None:
    head = send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 600000000\r\n\r\n")
    with serving((head, *body)) as (_, url):
        began = time.monotonic()
        receipt = post(url, replace(SLACK, timeout=1))
    assert receipt.state is State.REFUSED
    assert receipt.reason.startswith(f"HTTP 400: {said}")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((pause(20),), id="silent"),
        pytest.param((drip(b"HTTP/1.1 200 OK\r\n" + b"x" * 400, 0.05),), id="dripped"),
    ],
)
def test_the_timeout_is_for_all_of_it(script: Script) -> None:
    with serving(script) as (_, url):
        began = time.monotonic()
        receipt = post(url, replace(SLACK, timeout=0.5))
        assert time.monotonic() - began < 5
    assert receipt == Receipt(State.UNCERTAIN, "no answer within 0.5 s; it may have arrived")


# ---- no connection ---------------------------------------------------------------------------------------


def test_a_connection_that_is_refused_leaves_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}{PATH}") == Receipt(State.DEFERRED, "not sent: the connection was refused")


class Failing(httpx.BaseTransport):
    """A network on which every request fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self.error, self.closed = error, False

    def handle_request(self, _: httpx.Request) -> httpx.Response:
        raise self.error

    def close(self) -> None:
        self.closed = True


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


URL = f"https://hooks.example.com{PATH}"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(
            caused(httpx.ConnectError(URL), socket.gaierror(-2, "unknown")),
            Receipt(State.DEFERRED, "not sent: its host is not known"),
            id="DNS",
        ),
        pytest.param(
            httpx.ConnectTimeout(URL),
            Receipt(State.DEFERRED, "not sent: no connection could be made in time"),
            id="no connection in time",
        ),
        pytest.param(httpx.PoolTimeout(URL), Receipt(State.DEFERRED, "not sent: no connection could be made in time"),
                     id="no room for a connection"),
        pytest.param(httpx.ProxyError(URL), Receipt(State.DEFERRED, "not sent: no connection could be made"),
                     id="the proxy would not"),
        pytest.param(httpx.WriteTimeout(URL), Receipt(State.UNCERTAIN, "no answer within 5 s; it may have arrived"),
                     id="late while it was written"),
        pytest.param(httpx.WriteError(URL), Receipt(State.UNCERTAIN, ENDED), id="broken while it was written"),
        pytest.param(httpx.ReadError(URL), Receipt(State.UNCERTAIN, ENDED), id="broken after it was written"),
        pytest.param(httpx.LocalProtocolError(URL), Receipt(State.UNCERTAIN, ENDED), id="a mistake of ours"),
        pytest.param(RuntimeError(URL), Receipt(State.UNCERTAIN, ENDED), id="anything else"),
    ],
)  # fmt: skip
def test_the_kind_of_error_decides(error: Exception, expected: Receipt) -> None:
    network = Failing(error)
    means = Access(secret({"ROOM_URL": URL}), Path(), lambda _: network)
    assert chat.send(parcel(SLACK, data=DATA), means) == expected
    assert network.closed


def test_a_proxy_that_falls_silent_has_not_got_the_message() -> None:
    with Server({}, greetings=[(pause(20),)]) as server:
        means = Access(secret({"ROOM_URL": URL}), Path(), lambda _: Network(proxy=server.url))
        receipt = chat.send(parcel(replace(SLACK, timeout=0.5), data=DATA), means)
    assert receipt == Receipt(State.DEFERRED, "not sent: no connection could be made in time")


def test_an_error_without_a_type_of_its_own_is_put_down_by_what_was_written() -> None:
    url = f"https://{'a' * 70}.example.com{PATH}"  # no name server can be asked for such a label
    assert post(url) == Receipt(State.DEFERRED, "not sent: no connection could be made")


def test_a_certificate_that_is_trusted_is_enough(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    with serving(answer("200 OK"), tls=authority().good()) as (_, url):
        assert post(url, replace(SLACK, ca_file=str(tmp_path / "ca.pem"))).state is State.SENT


@pytest.mark.parametrize("kind", ["good", "expired", "elsewhere", "itself"])
def test_a_certificate_that_is_not_trusted_leaves_nothing(kind: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    issuer = stranger() if kind in {"good", "itself"} else authority()
    with serving(answer("200 OK"), tls=getattr(issuer, kind)()) as (server, url):
        receipt = post(url, replace(SLACK, ca_file=str(tmp_path / "ca.pem")))
        assert not server.asked()
    assert receipt.state is State.DEFERRED
    assert "certificate is not trusted" in receipt.reason
    assert "127.0.0.1" not in receipt.reason


def test_a_server_without_tls_gets_nothing() -> None:
    with Server({}, greetings=[answer("400 Bad Request")]) as server:
        receipt = post(f"https://127.0.0.1:{server.port}{PATH}")
    assert receipt == Receipt(State.DEFERRED, "not sent: no encrypted connection could be agreed on")


def test_a_network_that_cannot_be_set_up_leaves_nothing() -> None:
    def transport(hook: Hook) -> httpx.BaseTransport:
        raise UsageError("ca.pem: no certificates")

    receipt = chat.send(parcel(SLACK, data=DATA), Access(secret({"ROOM_URL": URL}), Path(), transport))
    assert receipt == Receipt(State.DEFERRED, "nothing can be sent from here: ca.pem: no certificates")


# ---- the URL ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        pytest.param("", "is not set", id="empty"),
        pytest.param("hooks.example.com/x", "holds no URL", id="no scheme"),
        pytest.param("https://", "holds no URL", id="no host"),
        pytest.param("https:///services/x", "holds no URL", id="only a path"),
        pytest.param("https://hooks.example.com/a b", "holds no URL", id="a space"),
        pytest.param("https://hooks.example.com/a\n", "holds no URL", id="a line break"),
        pytest.param("https://hooks.example.com:99999/a", "holds no URL", id="no port"),
        pytest.param("https://[::1/a", "holds no URL", id="no address"),
        pytest.param("http://hooks.example.com/x", "holds no https:// URL", id="not encrypted"),
        pytest.param("http://127.0.0.1.example.com/x", "holds no https:// URL", id="not this machine"),
        pytest.param("ftp://127.0.0.1/x", "holds no https:// URL", id="another scheme"),
        pytest.param("https://ann:word@hooks.example.com/x", "holds a name or password", id="a password"),
    ],
)
def test_a_url_that_cannot_be_used_leaves_nothing(url: str, wrong: str) -> None:
    def transport(hook: Hook) -> httpx.BaseTransport:
        raise AssertionError("nothing is to be sent")

    receipt = chat.send(parcel(SLACK, data=DATA), Access(secret({"ROOM_URL": url}), Path(), transport))
    assert receipt.state is State.DEFERRED
    assert receipt.reason.startswith(f"ROOM_URL {wrong}")
    assert not url or url not in receipt.reason


def test_a_url_that_is_not_there_leaves_nothing() -> None:
    assert chat.send(parcel(SLACK), access()) == Receipt(State.DEFERRED, "ROOM_URL is not set")


def test_sample_numbers_stay_on_this_machine() -> None:
    receipt = chat.send(parcel(SLACK, data=DATA, sample=True), access(ROOM_URL=URL))
    assert receipt == Receipt(State.REFUSED, "sample numbers do not leave this machine")
    with serving(answer("200 OK")) as (_, url):
        assert post(url, sample=True).state is State.SENT


def test_a_channel_of_another_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="shelf is no webhook"):
        chat.send(parcel(Shelves("shelf", "public")), access())
