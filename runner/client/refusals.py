"""What an answer that is none says: Close's two forms of errors, OAuth's, and whatever else comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from runner import hiding

MOST = 300
"""Most characters of what a service says that are shown."""

LONGEST = 2**20
"""Most bytes of a refusal that are read at all."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason in one line, and what was said of single fields of the request (``field-errors``)."""

    reason: str
    fields: Mapping[str, str]


def read(response: httpx.Response, content: bytes) -> Refusal:
    """What the body of a refusal says; the status alone where it says nothing that can be read."""
    body = told(content)
    said_of = body.get("field-errors")
    fields = {str(key): str(value) for key, value in said_of.items()} if isinstance(said_of, dict) else {}
    said = [f"{field}: {text}" for field, text in fields.items()]
    said += [str(text) for text in body["errors"]] if isinstance(body.get("errors"), list) else []
    error = body.get("error")
    error = error.get("message") if isinstance(error, dict) else error
    said += [text for text in (error, body.get("error_description")) if isinstance(text, str)]
    status = response.status_code
    reason = "; ".join(said) or httpx.codes.get_reason_phrase(status) or "no reason given"
    return Refusal(f"HTTP {status}: {reason}", fields)


def told(content: bytes) -> dict[str, Any]:
    """The object that the body of a refusal holds; empty where it holds none, or goes on for too long."""
    try:
        body = json.loads(content) if len(content) <= LONGEST else None
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def hidden(text: str, secrets: Iterable[str]) -> str:
    """``clean`` text with ``***`` for each secret, in whatever form it is there."""
    return clean(hiding.hidden(text, secrets))


def clean(text: str) -> str:
    """One line without control characters, cut where it is very long."""
    line = "".join(char if char.isprintable() else " " for char in text[: 10 * MOST])
    line = " ".join(line.split())
    return line if len(line) <= MOST else f"{line[:MOST]}..."
