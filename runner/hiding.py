"""Secrets in what a service says: it may repeat what it was sent, as it was or in another form."""

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
    certain = len(raw) * 8 // 6  # characters of base64 that do not depend on what follows
    yield base64.b64encode(raw).decode()[:certain]
    yield base64.urlsafe_b64encode(raw).decode()[:certain]
    yield quote(secret, safe="")
    yield quote(secret)
    yield raw.hex()
    yield secret[::-1]
    yield html.escape(secret)
