"""When to ask: the service's rate limits as its answers tell them, and how often a run may ask again."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from runner.client.hints import Rate


@dataclass(slots=True)
class _Group:
    blocked: float = 0.0
    """Nothing is asked before this moment."""
    left: float = float("inf")
    """Requests that are taken until ``reset``."""
    limit: float = float("inf")
    reset: float = 0.0
    flying: int = 0


class Pace:
    """One for all threads of a run. Moments are seconds of ``time.monotonic``."""

    def __init__(self, most: float = 120.0, clock: Callable[[], float] = time.monotonic) -> None:
        """``most`` is the longest wait that is believed."""
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._groups: defaultdict[str, _Group] = defaultdict(_Group)

    def turn(self, group: str) -> float:
        """Take a turn in ``group`` and get 0, or the seconds after which to try for one again."""
        with self._lock:
            state, now = self._groups[group], self._clock()
            if now >= state.reset:
                state.left = state.limit
            until = max(state.blocked, state.reset if state.left <= 0 else 0.0)
            if until > now:
                return until - now
            state.left -= 1
            state.flying += 1
            return 0.0

    def done(self, group: str, said: Rate | None) -> None:
        """Give a turn back, with what the answer said of the limit. Requests under way are not in its count yet."""
        with self._lock:
            state = self._groups[group]
            state.flying -= 1
            if said:
                state.limit = max(said.limit, 1.0)
                state.left = said.remaining - state.flying
                state.reset = self._clock() + min(said.reset, self._most)

    def block(self, group: str, seconds: float) -> None:
        """Ask nothing in ``group`` for so long."""
        with self._lock:
            state = self._groups[group]
            state.blocked = max(state.blocked, self._clock() + seconds)


class Budget:
    """How often a run may ask again: a token bucket that every good answer fills a little.

    When nothing is answered any more it is soon empty, and an outage costs each further query one attempt only.
    """

    def __init__(self, tokens: float = 20.0, *, earned: float = 0.5) -> None:
        self._most = self._tokens = tokens
        self._earned = earned
        self._lock = threading.Lock()

    def earn(self) -> None:
        """Count a good answer."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._earned)

    def spend(self) -> bool:
        """Take a token for one more attempt; False when there is none left."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
