"""Secrets in what a server says: it may repeat what it was sent, as it was or in another form."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

SHORT = 8
"""Forms with fewer characters are no secret; they occur in any text."""


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text with ``***`` for every secret, in whatever form and letters it is there."""
    pattern = _pattern(tuple(secrets))
    return pattern.sub("***", text) if pattern else text


def repeated(text: str, secrets: Iterable[str]) -> bool:
    """Whether a secret is in the text, in any form."""
    return any(form in text for form in _forms(tuple(secrets)) if len(form) >= SHORT)


@lru_cache(8)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    found = sorted(_forms(secrets), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, found)), re.IGNORECASE) if found else None


@lru_cache(8)
def _forms(secrets: tuple[str, ...]) -> frozenset[str]:
    others = {form for secret in secrets for form in _others(secret) if len(form) >= SHORT}
    inside = {json.dumps(form)[1:-1] for form in others.union(secrets) if form}  # a text within JSON
    return frozenset(others.union(inside, filter(None, secrets)))


def _others(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield from _base64(raw)
    yield quote(secret, safe="")
    yield quote(secret)
    yield raw.hex()
    yield secret[::-1]
    yield html.escape(secret)


def _base64(raw: bytes) -> Iterator[str]:
    """What base64 makes of it wherever it stands in a longer text: the signs that no byte beside it has a part in."""
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        yield base64.b64encode(bytes(before) + raw).decode()[first:last]
        yield base64.urlsafe_b64encode(bytes(before) + raw).decode()[first:last]
