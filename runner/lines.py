"""Text from elsewhere as one line, for headers, reasons and lists that people read."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(" {2,}")


def line(text: str, most: int) -> str:
    """One line of at most so many characters: no control characters, none that turn the direction of what follows."""
    whole = _DIRECTION.sub("", _CONTROL.sub(" ", text)).encode("utf-8", "replace").decode()
    whole = _SPACES.sub(" ", whole).strip()
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"
