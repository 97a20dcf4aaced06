"""Text from elsewhere, made fit for one line: of a header, or of a reason that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runner import hiding

MOST = 400
"""Most characters of a reason."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(" {2,}")


def line(text: str, most: int) -> str:
    """One line of at most so many characters: no control characters, none that turn the direction of what follows."""
    whole = _DIRECTION.sub("", _CONTROL.sub(" ", text)).encode("utf-8", "replace").decode()
    whole = _SPACES.sub(" ", whole).strip()
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def said(text: str, secrets: Iterable[str]) -> str:
    """What a server says, in one line, with ``***`` for each secret in whatever form it is there.

    They are looked for before anything is taken out of it or cut, and after: the rest may be what makes one whole.
    """
    known = tuple(secrets)
    shown = "".join(char if char.isprintable() else " " for char in hiding.hidden(text, known))
    return line(hiding.hidden(_SPACES.sub(" ", shown), known), MOST)
