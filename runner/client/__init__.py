"""The one way to ask: a query in, an answer checked for shape out, whatever the transport.

The transport is the network, the engine in process, or a test's; what this module promises holds over each of them.
"""

from __future__ import annotations

import json
from typing import Any, Self

import httpx

from runner.client import shape
from runner.errors import ServiceError
from runner.model import Answer, Query

TIMEOUT = httpx.Timeout(90.0, connect=10.0)
"""Report calls can take 30 to 60 s (contract section 1)."""


class Client:
    """Asks one service with one key. Close it, or use it as a context manager."""

    def __init__(self, transport: httpx.BaseTransport, base_url: str, auth: httpx.Auth | None = None) -> None:
        self._http = httpx.Client(
            transport=transport,
            base_url=base_url,
            auth=auth,
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._http.close()

    def ask(self, query: Query) -> Answer:
        """The service's answer; ServiceError when there is none, or none that can be used."""
        try:
            response = self._http.send(self._request(query))
        except httpx.TimeoutException as error:
            raise ServiceError(f"{query.path}: no answer in time ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise ServiceError(f"{query.path}: the service could not be reached: {error}") from error
        if response.status_code != httpx.codes.OK:
            raise _refusal(query, response)
        data = _json(query, response)
        fault = shape.fault(data, query.expect)
        if fault:
            raise ServiceError(f"{query.path}: the answer is not what was asked for: {fault}")
        return Answer(data)

    def _request(self, query: Query) -> httpx.Request:
        headers = {} if query.tz_offset is None else {"x-tz-offset": f"{query.tz_offset:g}"}
        return self._http.build_request(
            query.method, query.path, params=list(query.params) or None, json=query.body, headers=headers
        )


def _json(query: Query, response: httpx.Response) -> Any:
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise ServiceError(f"{query.path}: expected JSON, got {kind or 'an answer without a content type'}")
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise ServiceError(f"{query.path}: the answer is not JSON: {error}") from error


def _refusal(query: Query, response: httpx.Response) -> ServiceError:
    """What a non-200 answer says, in one line, with Close's ``field-errors`` kept apart."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    fields = body.get("field-errors")
    fields = {str(key): str(value) for key, value in fields.items()} if isinstance(fields, dict) else {}
    said = [f"{field}: {text}" for field, text in fields.items()]
    said += [str(text) for text in body.get("errors") or []] if isinstance(body.get("errors"), list) else []
    said += [str(body["error"])] if isinstance(body.get("error"), str) else []
    reason = "; ".join(said) or response.reason_phrase or "no reason given"
    return ServiceError(f"{query.path}: HTTP {response.status_code}: {reason}", fields=fields)
