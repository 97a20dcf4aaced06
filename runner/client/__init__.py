"""The one way to ask: a query in, an answer checked for shape out, whatever the transport.

The transport is the network, the engine in process, a folder of recordings or a test's; what this package promises
holds over each of them: patience with the service's limits, attempts that end, bodies within bounds, strict JSON, no
redirects, and an error instead of half an answer. One client serves all threads of a run.
"""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Self

import httpx

from runner import hiding
from runner.client import exchange, hints, refusals
from runner.client.auth import Auth, Key, Nobody
from runner.client.events import Heard, Listener, Tried, Waits
from runner.client.exchange import AGAIN
from runner.client.faults import BrokenError, UnusableError
from runner.client.network import Network
from runner.client.oauth import App, OAuth
from runner.client.pace import Budget, Pace
from runner.client.recording import Recorder
from runner.client.tokens import TokenFile
from runner.errors import AccessError, ServiceError, StoppedError
from runner.model import Answer, Json, Limits, Query

__all__ = [
    "App",
    "Auth",
    "Client",
    "Heard",
    "Key",
    "Listener",
    "Network",
    "Nobody",
    "OAuth",
    "TokenFile",
    "Tried",
    "Waits",
]

RENEWALS = 2
"""So often one attempt takes another header: one from another process may be old itself."""

BACKOFF, BACKOFF_MOST = 0.5, 20.0
"""Seconds: without a hint, attempt n is followed by a random wait of up to ``BACKOFF`` x 2 ** (n - 1)."""


@dataclass(frozen=True, slots=True)
class _Again:
    reason: str
    wait: float | None = None


class Client:
    """Asks one service as one user. Close it, or use it as a context manager."""

    def __init__(
        self,
        transport: httpx.BaseTransport,
        base_url: str,
        auth: Auth | None = None,
        *,
        limits: Limits | None = None,
        listener: Listener = lambda _: None,
    ) -> None:
        self._transport, self._auth, self._limits = transport, auth or Nobody(), limits or Limits()
        self._listener = listener
        self._stopped = threading.Event()
        self._budget, self._pace = Budget(), Pace(self._limits.wait)
        self._http = exchange.opened(transport, self._limits.timeout, base_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def owner(self) -> str:
        """What tells whose answers these are, as far as that is the key or the app; a secret, for a hash only."""
        return self._auth.owner()

    def close(self) -> None:
        """Let go of every connection."""
        self._http.close()

    def stop(self) -> None:
        """End every wait and every request; each ``ask``, now or later, raises StoppedError."""
        self._stopped.set()
        if isinstance(self._transport, Network | Recorder):
            self._transport.abort()

    def ask(self, query: Query) -> Answer:
        """The service's answer.

        ServiceError when there is none, or none that can be used; AccessError when nothing will be answered with this
        key; StoppedError after ``stop``. The error says after how many attempts, where there were several.
        """
        attempt = 0
        while True:
            attempt += 1
            self._take_turn(query)
            came = self._try(query, attempt)
            if isinstance(came, Answer):
                self._budget.earn()
                return came
            if attempt >= self._limits.attempts:
                raise self._error(query, f"{came.reason} (after {attempt} {_attempts(attempt)})")
            if not self._budget.spend():
                raise self._error(
                    query, f"{came.reason} (after {attempt} {_attempts(attempt)}; too much fails to try more often)"
                )
            self._wait(query, attempt, came)

    # ---- waiting ---------------------------------------------------------------------------------------------

    def _take_turn(self, query: Query) -> None:
        while seconds := self._pace.turn(query.group):
            self._sleep(query, seconds, "rate limit")

    def _wait(self, query: Query, attempt: int, again: _Again) -> None:
        if again.wait is None:
            most = min(BACKOFF * 2 ** (attempt - 1), BACKOFF_MOST, self._limits.wait)
            self._sleep(query, random.uniform(0, most), again.reason)  # noqa: S311 - spreads requests, guards nothing
            return
        seconds = min(again.wait, self._limits.wait)
        self._pace.block(query.group, seconds)
        self._sleep(query, seconds * random.uniform(1.0, 1.1), "rate limit")  # noqa: S311 - as above

    def _sleep(self, query: Query, seconds: float, reason: str) -> None:
        self._listener(Waits(query, seconds, reason))
        if self._stopped.wait(seconds):
            raise StoppedError(f"{query.path}: stopped before it was answered")

    # ---- one attempt -----------------------------------------------------------------------------------------

    def _try(self, query: Query, attempt: int) -> Answer | _Again:
        began = time.monotonic()
        headers = httpx.Headers()
        came = ""
        try:
            response, content = self._exchange(query)
            headers, came = response.headers, str(response.status_code)
            return self._judge(query, response, content)
        except BrokenError as error:
            reason = self._hidden(str(error))
            came = came or reason
            if self._stopped.is_set():
                raise StoppedError(f"{query.path}: stopped before it was answered") from error
            return _Again(reason, error.wait)
        except UnusableError as error:
            came = came or self._hidden(str(error))
            raise self._error(query, str(error)) from error
        finally:
            self._pace.done(query.group, hints.rate(headers))
            self._listener(Tried(query, attempt, came or "stopped", time.monotonic() - began, headers))

    def _exchange(self, query: Query) -> tuple[httpx.Response, bytes]:
        """The answer with its body; asked again where the header was refused and there is another."""
        header = self._auth.header()
        response, content = self._send(query, header)
        for _ in range(RENEWALS):
            if response.status_code != httpx.codes.UNAUTHORIZED or not self._auth.renew(header):
                break
            header = self._auth.header()
            response, content = self._send(query, header)
        return response, content

    def _send(self, query: Query, header: str) -> tuple[httpx.Response, bytes]:
        if self._stopped.is_set():
            raise StoppedError(f"{query.path}: stopped before it was asked")
        return exchange.whole(self._http, self._request(query, header), self._limits.timeout)

    def _request(self, query: Query, header: str) -> httpx.Request:
        headers = {} if query.tz_offset is None else {"x-tz-offset": f"{query.tz_offset:g}"}
        if header:
            headers["Authorization"] = header
        content = None if query.body is None else json.dumps(query.body, ensure_ascii=False).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self._http.build_request(
            query.method, query.path, params=list(query.params) or None, content=content, headers=headers
        )

    def _judge(self, query: Query, response: httpx.Response, content: bytes) -> Answer | _Again:
        status = response.status_code
        if status == httpx.codes.OK:
            return Answer(self._data(query, response, content))
        refusal = refusals.read(response, content)
        if status in AGAIN:
            return _Again(self._hidden(refusal.reason), hints.wait(response.headers, content))
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            source = f" (asked with {self._auth.source})" if self._auth.source else ""
            raise AccessError(self._hidden(f"{query.path}: {refusal.reason}{source}"))
        raise ServiceError(
            self._hidden(f"{query.path}: {refusal.reason}"),
            fields={field: self._hidden(text) for field, text in refusal.fields.items()},
        )

    def _data(self, query: Query, response: httpx.Response, content: bytes) -> Json:
        data: Json = exchange.data(response, content, query.expect)
        if hiding.repeated(json.dumps(data, ensure_ascii=False), self._auth.secrets()):
            raise UnusableError("the answer repeats the key that it was asked with")
        return data

    # ---- words -----------------------------------------------------------------------------------------------

    def _error(self, query: Query, reason: str) -> ServiceError:
        return ServiceError(self._hidden(f"{query.path}: {reason}"))

    def _hidden(self, text: str) -> str:
        """What a service says may repeat what it was sent."""
        return refusals.hidden(text, self._auth.secrets())


def _attempts(count: int) -> str:
    return "attempt" if count == 1 else "attempts"
