"""Chance that depends on nothing but what it is asked for: the same seed and key give the same draws, always."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from random import Random

from runner.engine.sample import rates

_ALPHABET = string.ascii_letters + string.digits

CLOCK = tuple(
    (8 * 60 + 30 * half_hour) * 60 - 12 * 3600
    for half_hour, weight in enumerate(rates.HALF_HOURS)
    for _ in range(weight)
)
"""The beginnings of half hours, in seconds from noon, each as often as work is done in it."""


def generator(seed: int, *key: str | int) -> Random:
    """Draws of their own for one thing."""
    return Random(f"{seed}:{key}")  # noqa: S311 - invents sample data, keeps no secret


@cache
def identify(prefix: str, *key: str | int) -> str:
    """An ID that looks like Close's, the same for the same key whatever the seed."""
    return f"{prefix}_{token(generator(0, prefix, *key))}"


def token(rng: Random) -> str:
    """Forty letters and digits."""
    return "".join(rng.choices(_ALPHABET, k=40))


def weighted(rng: Random, shares: Mapping[str, float]) -> str:
    """One of the keys, each as often as its share."""
    return rng.choices(tuple(shares), tuple(shares.values()))[0]
