"""Data made harmless before it is placed: no control characters, no markup in HTML and Markdown, no formula in CSV.

The same names and units are placed many times in one digest, hence the small caches.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import escape

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000f0000-\U000f0004]")
"""Characters that change the direction of what follows them (a name could turn the line round), and our own signs."""

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&!$^])")
_LINE_START = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))")
_AUTOMATIC = re.compile(
    r"([@#])(?=[\w\\])|(:)(?=//|[\w+-]+:)|(\bwww)(?=\.)|(\bGH)(?=-\d)|(\b[0-9a-f]{6})(?=[0-9a-f])", re.IGNORECASE
)
_JOINER = "\u2060"
"""Takes no room and ends what GitHub would turn into a mention, a reference, a link or an emoji."""

_FORMULA = re.compile(r"((?:^|[,;|])[\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


@lru_cache(4096)
def line(text: str) -> str:
    """One line of text without control characters; a line break becomes a space."""
    if text.isascii() and text.isprintable():
        return str(text)  # as most is: numbers, IDs, names; no Markup, as it is kept for all who ask
    return _DIRECTION.sub("", _CONTROL.sub(" ", text)).encode("utf-8", "replace").decode()


@lru_cache(4096)
def html(text: str) -> str:
    """Text as it may stand in an element or an attribute of HTML."""
    return str(escape(line(text)))


@lru_cache(4096)
def markdown(text: str) -> str:
    """Text that GitHub shows as it is, wherever in a line, a heading or a table cell it stands."""
    escaped = _MARKUP.sub(r"\\\1", joined(text))
    return _LINE_START.sub(lambda found: f"{found[1]}{_ordinal(found[2])}", escaped)


def joined(text: str) -> str:
    """One line in which GitHub finds nobody to mention and nothing to refer to."""
    return _AUTOMATIC.sub(lambda found: found.group(0) + _JOINER, line(text).strip())


def destination(url: str) -> str:
    """A URL that ends nowhere but where it ends in Markdown: what could end it is percent-encoded."""
    return quote(line(url), safe=":/?#@!&'+,=%~", errors="replace")


def _ordinal(mark: str) -> str:
    return f"{mark}{_JOINER}" if mark.isdigit() else f"\\{mark}"


@lru_cache(4096)
def cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, whichever separator it splits lines at."""
    return _FORMULA.sub(r"\1'", line(text))
