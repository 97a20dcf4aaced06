"""How broad text is on a screen, about: by the letters of the sans-serif faces that devices have."""

from __future__ import annotations

from functools import lru_cache

from runner.render import columns

_BROAD = {
    **dict.fromkeys("ijl|'.,:;!", 0.25),
    **dict.fromkeys("ftrI()[]-/ \N{NO-BREAK SPACE}", 0.32),
    **dict.fromkeys("mwMW%@", 0.87),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 0.7),
    **dict.fromkeys("▲▼+−=", 0.72),
}
_OTHER = (0.0, 0.56, 1.0)
"""Of others by the columns they take in a terminal: marks, digits and most small letters, what is as broad as high."""


@lru_cache(maxsize=4096)
def ems(text: str) -> float:
    """How broad the text is, as a multiple of its size."""
    return sum(_BROAD.get(letter) or _OTHER[columns.width(letter)] for letter in text)
