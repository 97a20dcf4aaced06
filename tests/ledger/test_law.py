"""The law of the ledger: whatever happens in whatever order, nothing is attempted twice without a person's word."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from runner.ledger import MOVES
from runner.ledger.book import Book
from runner.model import Entry, Key, Receipt, State
from tests.ledger.worlds import NOON, WORLDS, due, key

KEYS = [key("ann@example.com"), key("zoe@example.com"), key("ann@example.com", period="2026-W48")]
keys = st.sampled_from(KEYS)
outcomes = st.sampled_from([state for state in State if state in MOVES[State.ATTEMPTING]])
BY_HAND = {(State.UNCERTAIN, State.PLANNED), (State.UNCERTAIN, State.SENT), (State.REFUSED, State.PLANNED)}


class Life(RuleBasedStateMachine):
    """Runs that plan, claim, settle, end and die, and a person who resolves; beside them a count of what may happen."""

    store = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = WORLDS[self.store](Path(self.folder.name))
        self.now: datetime = NOON
        self.book: Book | None = None
        self.held: set[Key] = set()
        self.seen: dict[Key, Entry] = {}
        self.attempts: Counter[Key] = Counter()
        self.allowed: Counter[Key] = Counter()

    @property
    def run(self) -> Book:
        assert self.book is not None
        return self.book

    def watch(self, *, person: bool = False) -> None:
        """See that every entry is kept, and moved only as it may."""
        found = {entry.key: entry for entry in self.world.book(self.now).entries()}
        assert found.keys() >= self.seen.keys()
        for one, entry in found.items():
            old = self.seen[one].state if one in self.seen else None
            if old is None:
                assert entry.state is State.PLANNED
            elif old is not entry.state:
                assert entry.state in MOVES[old]
                assert person or (old, entry.state) not in BY_HAND
        self.seen = found

    @precondition(lambda self: self.book is None)
    @rule()
    def begin(self) -> None:
        self.now += timedelta(hours=1)  # so that no lease keeps a dead run alive
        self.book = self.world.book(self.now)
        self.book.__enter__()
        self.watch()
        assert State.ATTEMPTING not in {entry.state for entry in self.seen.values()}

    @precondition(lambda self: self.book)
    @rule(wanted=st.lists(keys, max_size=3))
    def plan(self, wanted: list[Key]) -> None:
        self.run.plan(due(*wanted), self.now)
        for one in wanted:
            self.allowed.setdefault(one, 1)
        self.watch()

    @precondition(lambda self: self.book)
    @rule(one=keys)
    def claim(self, one: Key) -> None:
        if self.run.claim(one, self.now):
            self.attempts[one] += 1
            self.held.add(one)
        self.watch()

    @precondition(lambda self: self.held)
    @rule(outcome=outcomes, data=st.data())
    def settle(self, outcome: State, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.held)))
        self.run.settle(one, Receipt(outcome, "said"), self.now)
        self.held.discard(one)
        if outcome is State.DEFERRED:
            self.allowed[one] += 1  # it is certain that nothing arrived
        self.watch()
        assert self.seen[one].state is outcome

    @precondition(lambda self: self.book)
    @rule(one=keys, state=st.sampled_from([State.SENT, State.PLANNED]))
    def resolve(self, one: Key, state: State) -> None:
        entry = self.seen.get(one)
        if entry and (entry.state, state) in BY_HAND:
            self.run.resolve(entry, state, "seen", self.now)
            self.allowed[one] += state is State.PLANNED
            self.watch(person=True)

    @precondition(lambda self: self.book)
    @rule()
    def end(self) -> None:
        self.run.__exit__(None, None, None)
        self.gone()
        assert State.ATTEMPTING not in {entry.state for entry in self.seen.values()}

    @precondition(lambda self: self.book)
    @rule()
    def die(self) -> None:
        self.world.crash()
        self.gone()

    def gone(self) -> None:
        self.book = None
        self.held.clear()
        self.watch()

    @invariant()
    def law(self) -> None:
        for one, count in self.attempts.items():
            assert count <= self.allowed[one]
            assert self.seen[one].attempts == count

    def teardown(self) -> None:
        self.world.crash()
        self.folder.cleanup()


EXAMPLES = {
    "sqlite": settings(max_examples=20, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    "git": settings(max_examples=5, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
}


@pytest.mark.parametrize("store", ["sqlite", pytest.param("git", marks=pytest.mark.slow)])
def test_no_course_of_events_attempts_a_delivery_twice_without_a_persons_word(store: str) -> None:
    machine = type("Life", (Life,), {"store": store})
    run_state_machine_as_test(machine, settings=EXAMPLES[store])
