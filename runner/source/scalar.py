"""What a plain scalar says: JSON's words and numbers, text, or something that readers of YAML disagree on."""

from __future__ import annotations

import re
from math import isfinite
from typing import TypeAlias

from runner.model import Json

Fault: TypeAlias = tuple[str, str, str]
"""Message, rule, remedy."""

NO_VALUE: Fault = ("no value stands here", "empty-value", "give a value, or write null")

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NUMBERLIKE = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\.(?:inf|Inf|INF|nan|NaN|NAN)"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?)"
)
_LARGEST = 2**53
"""Whole numbers beyond it are not exact to every reader of JSON."""

_DIGITS = 20
"""Digits enough to see that a whole number is beyond it."""

_WORDS: dict[str, Json] = {"null": None, "true": True, "false": False}
_AMBIGUOUS = frozenset(
    form
    for word in ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "-")
    for form in (word, word.capitalize(), word.upper())
    if form not in _WORDS
)
_MEANT = {
    **dict.fromkeys(("yes", "on", "y", "true"), "true"),
    **dict.fromkeys(("no", "off", "n", "false"), "false"),
    **dict.fromkeys(("~", "null"), "null"),
}
_TEXT_AS_KEY = frozenset({"y", "n", "on"})
"""Plain words that are text where a key stands (``y`` is a key of the API, ``on`` one of schedules), but not where a
value does."""


def read(text: str) -> tuple[Json, Fault | None]:
    """The value of a plain scalar, and what is wrong with it."""
    if text in _WORDS:
        return _WORDS[text], None
    if not text:
        return text, NO_VALUE
    if _NUMBERLIKE.fullmatch(text):
        return _number(text)
    return text, _ambiguous(text) if text in _AMBIGUOUS else None


def is_key(text: str) -> bool:
    """Whether the plain text can only be meant as text where a key stands."""
    words = text in _WORDS or text in _AMBIGUOUS - _TEXT_AS_KEY
    return bool(text) and not words and not _NUMBERLIKE.fullmatch(text)


def _number(text: str) -> tuple[Json, Fault | None]:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text, _ambiguous(text)
    number = float(text) if found[1] or found[2] else int(text[:_DIGITS])
    if not isfinite(number) or (isinstance(number, int) and abs(number) > _LARGEST):
        return number, (f"the number {text:.40} is too large to be exact", "number", "quote it to make it text")
    if isinstance(number, float) and number.is_integer():
        return int(number), None  # 1.0 and 1e3 are whole numbers, as JSON Schema has them
    return number, None


def _ambiguous(text: str) -> Fault:
    meant = _MEANT.get(text.lower(), "a number as JSON has them")
    hint = f"write '{text}' in quotes if it is text, else {meant}"
    return f"{text} means different things to different readers of YAML", "ambiguous", hint
