"""JSON without what other readers of it would take differently."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from runner.client.faults import UnusableError
from runner.model import Json

DEPTH = 64
"""Most lists and objects inside one another."""

VALUES = 1_000_000
"""Most values. Three bytes of JSON can become a hundred in memory, so the bytes alone are no bound."""


def read(content: bytes) -> Json:
    """The value; UnusableError for NaN and infinities, a key twice, half a character, great depth, other than UTF-8."""
    if not content:
        raise UnusableError("the answer is empty")
    if sum(map(content.count, (b",", b"[", b"{"))) > VALUES:
        raise UnusableError(f"the answer has more than {VALUES:,} values")
    try:
        data: Json = json.loads(content.decode(), parse_constant=_constant, object_pairs_hook=_object)
    except RecursionError:
        raise UnusableError(f"the answer is nested deeper than {DEPTH}") from None
    except ValueError as error:
        raise UnusableError(f"the answer is not JSON: {error}") from error
    _check(data)
    return data


def _constant(name: str) -> Json:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice[:40]!a} is there twice")
    return found


def _check(data: Json) -> None:
    """Refuse what json.loads lets through, without recursion."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise UnusableError(f"the answer is nested deeper than {DEPTH}")
        inside: list[Json] = []
        for value in level:
            if isinstance(value, dict):
                inside += value.keys()
                inside += value.values()
            elif isinstance(value, list):
                inside += value
            elif isinstance(value, str):
                _check_text(value)
            elif isinstance(value, float) and not math.isfinite(value):
                raise UnusableError("the answer has a number that is too large")
        level = inside


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusableError("the answer has half a character (a lone surrogate)") from None
