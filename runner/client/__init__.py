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
from typing import Any, Self

import httpx

from runner.client import body, faults, hints, refusals, shape, strict
from runner.client.auth import Auth, Key, Nobody
from runner.client.events import Heard, Listener, Tried, Waits
from runner.client.faults import BrokenError, UnusableError
from runner.client.network import CONNECT, Network
from runner.client.pace import Budget, Pace
from runner.client.recording import Recorder
from runner.errors import AccessError, ServiceError, StoppedError
from runner.model import Answer, Limits, Query

__all__ = ["Auth", "Client", "Heard", "Key", "Listener", "Network", "Nobody", "Tried", "Waits"]

AGAIN = frozenset({429, 500, 502, 503, 504})
"""Another attempt may mend these."""

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
        self._http = httpx.Client(
            transport=transport,
            base_url=base_url,
            timeout=httpx.Timeout(self._limits.timeout, connect=CONNECT),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
            came = came or str(error)
            return _Again(str(error))
        except UnusableError as error:
            came = came or str(error)
            raise self._error(query, str(error)) from error
        finally:
            self._pace.done(query.group, hints.rate(headers))
            self._listener(Tried(query, attempt, came, time.monotonic() - began, headers))

    def _exchange(self, query: Query) -> tuple[httpx.Response, bytes]:
        """The answer with its body; asked a second time where the first header was refused and there is another."""
        header = self._auth.header()
        response, content = self._send(query, header)
        if response.status_code == httpx.codes.UNAUTHORIZED and self._auth.renew(header):
            response, content = self._send(query, self._auth.header())
        return response, content

    def _send(self, query: Query, header: str) -> tuple[httpx.Response, bytes]:
        if self._stopped.is_set():
            raise StoppedError(f"{query.path}: stopped before it was asked")
        deadline = time.monotonic() + self._limits.timeout
        request = self._request(query, header)
        request.extensions["deadline"] = deadline
        try:
            response = self._http.send(request, stream=True)
            try:
                return response, body.read(response, deadline)
            finally:
                response.close()
        except httpx.HTTPError as error:
            if self._stopped.is_set():
                raise StoppedError(f"{query.path}: stopped before it was answered") from error
            raise faults.of(error, self._limits.timeout) from error

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
            return _Again(refusal.reason, hints.wait(response.headers, content))
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            source = f" (asked with {self._auth.source})" if self._auth.source else ""
            raise AccessError(self._hidden(f"{query.path}: {refusal.reason}{source}"))
        raise ServiceError(
            self._hidden(f"{query.path}: {refusal.reason}"),
            fields={field: self._hidden(text) for field, text in refusal.fields.items()},
        )

    def _data(self, query: Query, response: httpx.Response, content: bytes) -> Any:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnusableError(f"expected JSON, got {kind[:60] or 'an answer without a content type'}")
        data = strict.read(content)
        fault = shape.fault(data, query.expect)
        if fault:
            raise UnusableError(f"the answer is not what was asked for: {fault}")
        return data

    # ---- words -----------------------------------------------------------------------------------------------

    def _error(self, query: Query, reason: str) -> ServiceError:
        return ServiceError(self._hidden(f"{query.path}: {reason}"))

    def _hidden(self, text: str) -> str:
        """What a service says may repeat what it was sent."""
        for secret in self._auth.secrets():
            text = text.replace(secret, "***")
        return refusals.clean(text)


def _attempts(count: int) -> str:
    return "attempt" if count == 1 else "attempts"
