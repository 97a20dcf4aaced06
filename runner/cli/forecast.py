"""What a run would cost: how many requests, which of them the cache answers, how long they take.

The time is the number of rounds of requests (as many at a time as the profile allows) times the seconds of one, and the
waits that the rate limit makes necessary. Both are taken from the look-ups of the plan, where there were some;
else the seconds are assumed, and no limit is known before the first answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from statistics import fmean
from threading import Lock

from runner import naming
from runner.cli import progress
from runner.cli.options import Options
from runner.client import Client, Heard, Tried, hints
from runner.client.hints import Rate
from runner.errors import RunnerError
from runner.model import Json, Plan, Profile
from runner.wiring import service
from runner.wiring.service import Way

ASSUMED = {"close": 1.0, "sample": 0.1, "data": 0.1}
"""Seconds of one request, by the kind of service, where none was measured."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``requests`` counts those that go out, each once, ``cached`` are the keys of those that the cache answers.

    ``seconds`` are for those that are left, ``basis`` says how they were worked out.
    """

    requests: int
    cached: frozenset[str]
    seconds: float
    basis: str

    def __str__(self) -> str:
        left = self.requests - len(self.cached)
        kept = f", {len(self.cached)} of them from the cache" if self.cached else ""
        took = f"; about {_shown(self.seconds)}: {self.basis}" if left else ""
        return f"{self.requests} {'request' if self.requests == 1 else 'requests'} in all{kept}{took}"

    def data(self) -> dict[str, Json]:
        """The same for files."""
        seconds = round(self.seconds, 1)
        return {"requests": self.requests, "cached": len(self.cached), "seconds": seconds, "basis": self.basis}


class Measured:
    """What the look-ups of a plan told of the service: the seconds they took, the limit they were under."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: list[float] = []
        self._rate: Rate | None = None

    def listen(self, way: Way) -> Way:
        """The same way, listened to."""

        def hear(heard: Heard) -> None:
            if isinstance(heard, Tried):
                with self._lock:
                    self._seconds.append(heard.seconds)
                    self._rate = hints.rate(heard.headers) or self._rate
            way.hear(heard)

        return replace(way, hear=hear)

    def forecast(self, plans: Collection[Plan], profile: Profile, cached: frozenset[str]) -> Forecast:
        """What the plans cost."""
        queries = (query for plan in plans for query in (*plan.lookups, *(ask.query for ask in plan.asks)))
        keys = {query.key for query in queries}
        each = fmean(self._seconds) if self._seconds else ASSUMED[profile.service]
        how = "measured" if self._seconds else "assumed"
        seconds, basis = predicted(len(keys - cached), profile.limits.in_flight, each, self._rate)
        return Forecast(len(keys), cached & keys, seconds, f"{basis} ({how})")


def predicted(requests: int, in_flight: int, each: float, rate: Rate | None) -> tuple[float, str]:
    """The seconds that so many requests take, and how they come about.

    Beyond what the limit leaves now, each further ``limit`` of requests waits for one more reset.
    """
    rounds = math.ceil(requests / in_flight)
    basis = f"{in_flight} at a time, {_shown(each)} each"
    waits = 0
    if rate and requests > rate.remaining:
        waits = math.ceil((requests - rate.remaining) / max(rate.limit, 1.0))
        basis += f", {waits} x {_shown(rate.reset)} for the rate limit"
    return rounds * each + waits * (rate.reset if rate else 0.0), basis


def cached(
    options: Options, profile: Profile, plans: Collection[Plan], client: Callable[[], Client], screen: progress.Screen
) -> frozenset[str]:
    """The keys that the profile's cache answers. To know whose answers are kept, the service is asked who asks."""
    if not profile.cache or not any(plan.asks for plan in plans):
        return frozenset()
    try:
        asker = client()
        cache = service.kept(profile, asker, naming.identify(asker, None), options.now, refresh=False)
    except RunnerError as error:
        screen.say(f"what the cache has is not known: {error}")
        return frozenset()
    if cache is None:
        return frozenset()
    return frozenset(ask.query.key for plan in plans for ask in plan.asks if cache.get(ask))


def _shown(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
