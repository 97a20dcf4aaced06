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
_OTHER = 0.56
"""Of digits and most small letters; what takes two columns of a terminal is as broad as it is high."""


@lru_cache(maxsize=4096)
def ems(text: str) -> float:
    """How broad the text is, as a multiple of its size."""
    return sum(_BROAD.get(letter) or (_OTHER, 1.0)[columns.width(letter) > 1] for letter in text)
