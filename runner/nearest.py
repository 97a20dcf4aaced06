"""Did you mean: the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache


def nearest(said: str, words: Iterable[str]) -> str:
    """The word that takes the fewest slips to become ``said``, or begins or ends with it; empty if none is near.

    Case, spaces and underscores are no slips. A third of the letters may be wrong, but one always.
    """
    plain = _plain(said)
    ranked = sorted((distance(plain, _plain(word), at_most=max(1, len(plain) // 3)), word) for word in words)
    if ranked and ranked[0][0] <= max(1, len(plain) // 3):
        return ranked[0][1]
    return next((word for _, word in ranked if len(plain) > 2 and _holds(_plain(word), plain)), "")


def hint(said: str, words: Iterable[str]) -> str:
    """``did you mean 'WORD'?``, or nothing."""
    word = nearest(said, words)
    return f"did you mean '{word}'?" if word else ""


@lru_cache(maxsize=1024)
def slip(said: str, words: Sequence[str]) -> str:
    """The one of ``words`` that ``said`` is no more than two slips away from; empty if it is one of them, or none."""
    if said in words:
        return ""
    slips, word = min(((distance(said, word, at_most=2), word) for word in words), default=(3, ""))
    return word if slips <= 2 else ""


def distance(one: str, other: str, *, at_most: int) -> int:
    """Letters left out, put in, wrong or swapped with their neighbour; one more than ``at_most`` if there are more."""
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, match in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != match))
            if row > 1 and column > 1 and (letter, one[row - 2]) == (other[column - 2], match):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > at_most:
            return at_most + 1
        before, last = last, now
    return min(last[-1], at_most + 1)


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def _holds(word: str, part: str) -> bool:
    return word.startswith(part) or word.endswith(part) or part.startswith(word)
