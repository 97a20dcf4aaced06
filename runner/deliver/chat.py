"""A message as JSON, posted to a webhook: Slack's, or any other that takes it.

    2xx                              sent
    408, 425, 429, 503               deferred: it says itself that it took nothing
    any other 4xx, 307, 308          refused: it would say the same tomorrow; no redirect is followed
    anything else, or no answer      uncertain: it may have taken it
    no connection, no usable URL     deferred: not a byte of the message has left

The URL is a secret, and a server may repeat what it was sent: all that is said here goes through ``Address.hidden``.
httpx's own client writes each URL into its log, so the transport is asked directly; it follows no redirect either.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import httpx

from runner.deliver import address
from runner.deliver.access import Access
from runner.errors import RunnerError
from runner.model import Hook, Key, Parcel, Receipt, State

LATER = frozenset({408, 425, 429, 503})
"""Answers of one that has taken nothing and may take it later."""

MOVED = frozenset({307, 308})
"""Redirects that say that nothing was done with the message here; the others often say that it was."""

GONE = frozenset({404, 410})
"""Answers for which there is one remedy."""

WORD = 4096
"""Most bytes of an answer that are read, and most characters of it that are shown are ``SHOWN``."""

SHOWN = 200

_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Errors that come before a byte of the request is written."""


def send(parcel: Parcel, access: Access) -> Receipt:
    """What became of one attempt to post the parcel's ``data``."""
    channel = parcel.channel
    if not isinstance(channel, Hook):
        raise TypeError(f"{channel.name} is no webhook")
    place = address.read(channel.url_env, access.secrets.get(channel.url_env))
    if isinstance(place, str):
        return Receipt(State.DEFERRED, place)
    if parcel.sample and not place.local:
        return Receipt(State.REFUSED, "sample numbers do not leave this machine")
    request = _request(parcel, channel, place.url)
    try:
        transport = access.transport(channel)
    except (OSError, RunnerError) as error:
        return Receipt(State.DEFERRED, f"nothing can be sent from here: {error}")
    with contextlib.closing(transport):
        receipt = _posted(request, transport, channel.timeout)
    return replace(receipt, reason=place.hidden(receipt.reason))


def identity(key: Key) -> str:
    """The same text for the same delivery, however often it is tried; it begins with its id in the ledger."""
    text = "\n".join((key.report, key.period, key.channel, key.recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _request(parcel: Parcel, channel: Hook, url: httpx.URL) -> httpx.Request:
    headers = {
        "Accept": "application/json, text/plain",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": "close-report-runner",
    }
    if channel.kind == "webhook":
        headers["Idempotency-Key"] = identity(parcel.key)
    content = json.dumps(parcel.data, allow_nan=False).encode()
    return httpx.Request("POST", url, headers=headers, content=content)


class _Progress:
    """How far the transport has come (httpcore's ``trace``), for errors whose type does not tell.

    ``watched`` is whether it says so at all, ``begun`` whether the message may have begun to leave.
    """

    def __init__(self) -> None:
        self.watched = self.begun = False

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        self.watched = True
        if not event.endswith(".started") or event.startswith("connection.") or "close" in event:
            return
        request = info.get("request")
        if request is None or request.method != b"CONNECT":  # which only opens the way through a proxy
            self.begun = True


def _posted(request: httpx.Request, transport: httpx.BaseTransport, seconds: float) -> Receipt:
    """What came of it. No exception of the way is let through: what is not known to be unsent is uncertain."""
    progress = _Progress()
    request.extensions = {
        "deadline": time.monotonic() + seconds,
        "timeout": httpx.Timeout(seconds).as_dict(),
        "trace": progress,
    }
    try:
        response = transport.handle_request(request)
    except Exception as error:  # noqa: BLE001 - whatever it is, the message may have left
        if isinstance(error, _BEFORE) or (progress.watched and not progress.begun):
            return Receipt(State.DEFERRED, f"not sent: {_cause(error)}")
        late = isinstance(error, httpx.TimeoutException)
        said = f"no answer within {seconds:g} s" if late else "the connection ended before there was an answer"
        return Receipt(State.UNCERTAIN, f"{said}; it may have arrived")
    try:
        return _judged(response)
    finally:
        with contextlib.suppress(httpx.HTTPError, OSError):  # the status is known already
            response.close()


def _cause(error: BaseException) -> str:
    """Why no connection was made, in our own words."""
    if isinstance(error, httpx.TimeoutException):
        return "no connection could be made in time"
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"the server's certificate is not trusted: {cause.verify_message}"
            case ssl.SSLError():
                return "no encrypted connection could be agreed on"
            case socket.gaierror():
                return "its host is not known"
            case ConnectionRefusedError():
                return "the connection was refused"
            case _:
                pass
    return "no connection could be made"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _judged(response: httpx.Response) -> Receipt:
    """What the answer's status says; its words only explain it."""
    status = response.status_code
    if 200 <= status < 300:
        return Receipt(State.SENT, f"HTTP {status}")
    said = f"HTTP {status}: {_word(response) or _phrase(status)}"
    if status in LATER:
        return Receipt(State.DEFERRED, said)
    if status in MOVED:
        return Receipt(State.REFUSED, f"{said}; no redirect is followed")
    if 400 <= status < 500:
        return Receipt(State.REFUSED, f"{said}; there is no such webhook any more" if status in GONE else said)
    return Receipt(State.UNCERTAIN, f"{said}; it may have been taken nevertheless")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"


def _word(response: httpx.Response) -> str:
    """What a refusal says, in one line; nothing where it is a page, packed, or does not come in time."""
    kind = response.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    if kind not in {"application/json", "text/plain"} or response.headers.get("content-encoding"):
        return ""
    came = bytearray()
    with contextlib.suppress(Exception):  # the status is known already
        for part in response.iter_raw():
            came += part
            if len(came) >= WORD:
                break
    text = bytes(came[:WORD]).decode("utf-8", "replace")
    line = " ".join("".join(char if char.isprintable() else " " for char in _told(text)).split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."


def _told(text: str) -> str:
    """The error in a JSON object, where it is one; else the text itself."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return text
    said = next((body[key] for key in ("error", "message") if key in body), None) if isinstance(body, dict) else None
    return said if isinstance(said, str) else text
