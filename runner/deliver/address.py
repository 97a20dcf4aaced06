"""The URL of a webhook: a secret, read once and held against what is allowed; no part of it is ever said."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

import httpx

from runner import hiding
from runner.model import Secret

PART = hiding.SHORT
"""Fewer characters of a path or a query are no secret by themselves; they occur in any text."""

_RUN = r"[\w/+=%.:&?~#-]"
_BLOB = re.compile(rf"(?={_RUN}*\d){_RUN}{{24,}}|{_RUN}{{41,}}")
"""No word of any language: an address, a token or bytes in some encoding."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post. ``local`` is whether that is this machine."""

    url: httpx.URL = field(repr=False)
    local: bool
    parts: tuple[str, ...] = field(repr=False)

    def hidden(self, text: str) -> str:
        """The text without the URL or any part of it, in whatever form, and without what could hold one."""
        return hiding.hidden(_BLOB.sub("…", text), self.parts)


def read(name: str, secret: Secret | None) -> Address | str:
    """The address that the environment variable of that name holds, or what is wrong with it."""
    text = secret.reveal() if secret else ""
    if not text:
        return f"{name} is not set"
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:  # its words may quote the URL
        return f"{name} holds no URL"
    if not url.host or any(char.isspace() for char in text) or not 0 < (url.port or 443) < 2**16:
        return f"{name} holds no URL"
    local = _is_local(url.host)
    if url.scheme != "https" and not (url.scheme == "http" and local):
        return f"{name} holds no https:// URL (http:// is for this machine only)"
    if url.userinfo:
        return f"{name} holds a name or password before the host, which is not sent to webhooks"
    return Address(url, local, tuple(dict.fromkeys(_parts(text, url))))


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(text: str, url: httpx.URL) -> Iterator[str]:
    """What gives the address away: all of it, and each piece of it that is long enough to be one."""
    target = url.raw_path.decode()
    query = url.query.decode()
    pieces = [url.host, target, url.path, query, *url.path.split("/"), *(value for _, value in parse_qsl(query))]
    yield from (text, str(url))
    yield from (form for piece in pieces for form in (piece, unquote(piece)) if len(form) >= PART)
