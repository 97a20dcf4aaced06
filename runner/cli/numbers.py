"""The numbers of a definition that changes while somebody looks: each question is asked once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from runner import naming, run
from runner.asking import Asking, Found
from runner.cli import progress, story
from runner.client import Client
from runner.client.cache import Cache
from runner.model import Answer, Digest, Plan, Profile, Spec
from runner.wiring import service
from runner.wiring.project import Home
from runner.wiring.service import Way


class Numbers:
    """Answers as of one ``instant``, kept for as long as this is open. Use it as a context manager.

    ``sample`` says whether a recording's numbers are invented, None where the profile says it. ``now`` is the clock.
    """

    def __init__(
        self, instant: datetime, way: Way, screen: progress.Screen, *, sample: bool | None, now: datetime
    ) -> None:
        self._instant, self._way, self._screen, self._sample, self._now = instant, way, screen, sample, now
        self._open = ExitStack()
        self._profile: Profile | None = None
        self._connect: Callable[[], Client] | None = None
        self._client: Client | None = None
        self._known: dict[str, Answer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client:
            self._client.stop()
        self._open.close()

    def digest(self, where: Home, profile: Profile, spec: Spec) -> Digest:
        """The definition's digest. What is not known is asked; what failed is asked again the next time."""
        connect = self._service(where, profile)
        at = story.only(self._instant)
        (plan,) = story.plans(where, profile, [spec], at, client=connect, screen=self._screen, checked=True)
        found = self._found(plan, profile, connect)
        sample = profile.service == "sample" if self._sample is None else self._sample
        return run.digest(plan, found, sample=sample)

    def _service(self, where: Home, profile: Profile) -> Callable[[], Client]:
        """What connects to the profile's service; answers of another one are forgotten."""
        if self._connect is None or profile != self._profile:
            self._open.close()
            self._known.clear()
            self._profile, self._client = profile, None
            needed = service.when_needed(profile, where.root, self._instant, self._screen, self._way)
            self._connect = self._open.enter_context(needed)
        return self._connect

    def _found(self, plan: Plan, profile: Profile, connect: Callable[[], Client]) -> dict[str, Found]:
        asked: dict[str, Found] = {}
        new = replace(plan, asks=tuple(one for one in plan.asks if one.query.key not in self._known))
        if new.asks:
            self._client = connect()
            way = run.Asked(self._client, profile.limits.in_flight, cache=self._cache(profile, self._client))
            with Asking([new], way.ask, threads=way.threads, heard=self._heard) as asking:
                try:
                    asked = asking.answers(new)
                except BaseException:  # Ctrl-C, for one: the threads would go on
                    self._client.stop()
                    raise
        self._known |= {key: answer for key, answer in asked.items() if isinstance(answer, Answer)}
        return {**self._known, **asked}

    def _cache(self, profile: Profile, client: Client) -> Cache | None:
        if not profile.cache or self._way.replay:
            return None
        return service.kept(profile, client, naming.identify(client, None), self._now, refresh=False)

    def _heard(self, done: int, total: int) -> None:
        self._screen("asking", done, total)
