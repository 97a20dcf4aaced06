"""Every query of a run, asked once, several at a time; each answer kept until the last plan that needs it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import Self, TypeAlias

from runner.errors import AccessError, ServiceError
from runner.model import Answer, Ask, Plan

AHEAD = 64
"""Answers held for plans whose turn has not come; more are not asked for yet, so that memory stays flat."""

TURN = 0.0005
"""Seconds that one thread may keep the others from working: an answer that has come should not wait for a digest that
is being made. Python's own 5 ms cost a run of 200 jobs a twentieth of its time."""

Found: TypeAlias = Answer | ServiceError


class Asking:
    """A pool of threads that asks the plans' queries in their order. Use it as a context manager.

    ``ask`` is called from the threads, once for each different query. ``heard`` is told, from the threads, how many of
    how many are answered.
    """

    def __init__(
        self, plans: Collection[Plan], ask: Callable[[Ask], Answer], *, threads: int, heard: Callable[[int, int], None]
    ) -> None:
        self._ask, self._heard = ask, heard
        self._uses = Counter(key for plan in plans for key in _keys(plan))
        self._total = len(self._uses)
        self._queue = ((place, one) for place, plan in enumerate(plans) for one in plan.asks)
        self._next = next(self._queue, None)
        self._place = -1
        self._futures: dict[str, Future[Found]] = {}
        self._answered = 0
        self._refused: AccessError | None = None
        self._lock = Lock()
        self._turn = TURN
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ask")

    def __enter__(self) -> Self:
        self._turn = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        self._fill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._next = None
        self._pool.shutdown(wait=True, cancel_futures=True)
        sys.setswitchinterval(self._turn)

    def answers(self, plan: Plan) -> dict[str, Found]:
        """What was found for each query of the next plan, by its key; waits for it. Plans come in their order."""
        self._place += 1
        self._fill()
        return {key: self._futures[key].result() for key in _keys(plan)}

    def release(self, plan: Plan) -> None:
        """The plan is done: let go of the answers that no other needs."""
        with self._lock:
            for key in _keys(plan):
                self._uses[key] -= 1
                if not self._uses[key]:
                    del self._uses[key], self._futures[key]

    def so_far(self, plan: Plan) -> dict[str, Answer]:
        """The answers to the plan's queries that have come, after the end."""
        done = {
            one.query.key: future.result()
            for one in plan.asks
            if (future := self._futures.get(one.query.key)) and future.done() and not future.cancelled()
            if not future.exception()
        }
        return {key: found for key, found in done.items() if isinstance(found, Answer)}

    @property
    def held(self) -> int:
        """How many answers wait for a plan."""
        return len(self._futures)

    def _fill(self) -> None:
        """Hand queries to the threads: all of the plan that is waited for, and some of those after it."""
        with self._lock:
            while self._next and (self._next[0] <= self._place or len(self._futures) < AHEAD):
                _, one = self._next
                if one.query.key not in self._futures:
                    self._futures[one.query.key] = self._pool.submit(self._found, one)
                self._next = next(self._queue, None)

    def _found(self, one: Ask) -> Found:
        try:
            found: Found = self._answer(one)
        except ServiceError as error:
            found = error
        with self._lock:
            self._answered += 1
            self._heard(self._answered, self._total)
        return found

    def _answer(self, one: Ask) -> Answer:
        if self._refused:
            raise ServiceError(f"not asked: {self._refused}")
        try:
            return self._ask(one)
        except AccessError as error:
            self._refused = error
            raise


def _keys(plan: Plan) -> Iterable[str]:
    """The plan's different questions, in order."""
    return dict.fromkeys(one.query.key for one in plan.asks)
