"""One request and its whole answer, within a total time, or words for what went wrong on the way."""

from __future__ import annotations

import time
from typing import Any

import httpx

from runner.client import body, faults, shape, strict
from runner.client.faults import UnusableError
from runner.client.network import CONNECT
from runner.model import Shape

AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses of an answer that another attempt may mend."""


def opened(transport: httpx.BaseTransport, seconds: float, base_url: str = "") -> httpx.Client:
    """A client that follows no redirect, reads nothing from the environment and keeps each step within ``seconds``."""
    return httpx.Client(
        transport=transport,
        base_url=base_url,
        timeout=httpx.Timeout(seconds, connect=CONNECT),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
    )


def whole(http: httpx.Client, request: httpx.Request, seconds: float) -> tuple[httpx.Response, bytes]:
    """The answer with its body, all within ``seconds``; BrokenError or UnusableError where there is none."""
    deadline = time.monotonic() + seconds
    request.extensions["deadline"] = deadline
    try:
        response = http.send(request, stream=True)
        try:
            return response, body.read(response, deadline)
        finally:
            response.close()
    except httpx.HTTPError as error:
        raise faults.of(error, seconds) from error


def data(response: httpx.Response, content: bytes, expected: Shape) -> Any:
    """What the body holds; UnusableError where it is no strict JSON of the shape that is expected."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise UnusableError(f"expected JSON, got {kind[:60] or 'an answer without a content type'}")
    found = strict.read(content)
    fault = shape.fault(found, expected)
    if fault:
        raise UnusableError(f"the answer is not what was asked for: {fault}")
    return found
