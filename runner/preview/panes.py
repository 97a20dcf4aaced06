"""A form of the digest, made ready to be looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Literal

QUERY = re.compile(rb"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)

ALWAYS, NEVER = b"(min-width: 0)", b"(max-width: 0)"
"""Queries that can stand wherever another one can, also after ``and``."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One form: ``key`` is its address and its look, ``title`` is for people; a page, or ``error`` says why not."""

    key: str
    title: str
    content: bytes = b""
    kind: Literal["text/html", "text/plain"] = "text/html"
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """All there is to see of one ``state`` of the files; ``error`` says why there is nothing."""

    state: str
    title: str
    panes: tuple[Pane, ...] = ()
    error: str = ""


def light(page: bytes) -> bytes:
    """The page as somebody sees it who prefers it light, whatever the reader of the preview prefers."""
    return _coloured(page, b"light")


def dark(page: bytes) -> bytes:
    """The page as somebody sees it who prefers it dark."""
    return _coloured(page, b"dark")


def mail(content: bytes) -> bytes:
    """The HTML of an e-mail, UTF-8 and light; words where it has none."""
    part = message_from_bytes(content, policy=policy.default).get_body(("html",))
    return light(str(part.get_content()).encode()) if part else b"This e-mail has no HTML."


def _coloured(page: bytes, scheme: bytes) -> bytes:
    return QUERY.sub(lambda found: ALWAYS if found[1].lower() == scheme else NEVER, page)
