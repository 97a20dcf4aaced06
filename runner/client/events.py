"""What the client does, as values, for progress and logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from runner.model import Query


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt is over: what came of it (an HTTP status, or words), after how many seconds."""

    query: Query
    attempt: int
    came: str
    seconds: float
    headers: httpx.Headers


@dataclass(frozen=True, slots=True)
class Waits:
    """A thread waits before its next attempt."""

    query: Query
    seconds: float
    reason: str


Heard: TypeAlias = Tried | Waits
Listener: TypeAlias = Callable[[Heard], None]
"""Hears from any thread what the client does; for progress and logs."""
