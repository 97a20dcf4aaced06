"""The ledger over any store: what an entry becomes is said in ``moves``, how it is kept is the store's affair."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from runner.ledger import moves
from runner.ledger.moves import Due, LedgerError
from runner.model import Entry, Key, Receipt, State
from runner.model.delivery import OPEN

Change: TypeAlias = Callable[[Mapping[Key, Entry]], Sequence[Entry]]
"""The entries there are -> those to write. A store may call it again, with what another run has written meanwhile."""


class Store(Protocol):
    """Where entries are kept. Every method may raise LedgerError."""

    lease: timedelta | None
    """How long an attempt may be another run's that is alive; None where entering shuts other runs out."""

    def enter(self) -> None:
        """Make sure that it can be read and written; begin a new one where there is none."""

    def leave(self) -> None:
        """Let it go."""

    def read(self) -> Mapping[Key, Entry]:
        """Everything as it is now; also before it is entered, and beside a run that has entered it."""

    def change(self, change: Change, keys: Collection[Key] | None) -> None:
        """Hand the entries of these keys (None: all) to ``change`` and keep what it returns: all of it or nothing.

        No other run's writing comes between the two, and what is kept is durable when this returns.
        """


class Book:
    """A ledger, as the protocol ``runner.ledger.Ledger`` says, over a store. One thread uses it.

    ``at`` is when it is opened, by the clock; every run has a name of its own.
    """

    def __init__(self, store: Store, at: datetime) -> None:
        self.run = secrets.token_hex(4)
        self._store, self._at = store, at
        self._claimed: set[Key] = set()

    def __enter__(self) -> Self:
        self._store.enter()
        try:
            self._store.change(self._abandon_dead, None)
        except BaseException:
            self._store.leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What cannot be kept while an error goes up is found by the next run: that error is the one to be told."""
        try:
            if self._claimed:
                self._store.change(self._abandon_own, tuple(self._claimed))
        except LedgerError:
            if error is None:
                raise
        finally:
            self._claimed.clear()
            self._store.leave()

    def plan(self, due: Sequence[Due], at: datetime) -> tuple[Entry, ...]:
        """An entry for each, in order: the one there is, else a new one that is ``planned``."""
        told: dict[Key, Entry] = {}

        def change(found: Mapping[Key, Entry]) -> list[Entry]:
            told.clear()
            told.update(found)
            for one in due:
                told[one.key] = moves.planned(told.get(one.key), one, at)
            return [entry for key, entry in told.items() if entry != found.get(key)]

        self._change(change, [one.key for one in due], at)
        return tuple(told[one.key] for one in due)

    def claim(self, key: Key, at: datetime) -> bool:
        """Whether the key is this run's to attempt now."""
        won = False

        def change(found: Mapping[Key, Entry]) -> list[Entry]:
            nonlocal won
            won = key in found and found[key].state in OPEN
            return [moves.claimed(found[key], self.run, at)] if won else []

        held = key in self._claimed
        self._claimed.add(key)  # before the change, which an interrupt may end when it is already kept
        self._change(change, [key], at)
        if not (won or held):
            self._claimed.discard(key)
        return won

    def settle(self, key: Key, receipt: Receipt, at: datetime) -> None:
        """Keep what came of the attempt that this run claimed, or that what was planned is skipped or deferred."""
        if key not in self._claimed and receipt.state not in moves.MOVES[State.PLANNED]:
            raise LedgerError(f"{key} was not claimed by this run; what came of it cannot be kept")

        def change(found: Mapping[Key, Entry]) -> list[Entry]:
            if key not in found:
                raise LedgerError(f"{key} is no longer in the ledger; what came of it cannot be kept")
            return [moves.settled(found[key], receipt, self.run, at)]

        self._change(change, [key], at)
        self._claimed.discard(key)

    def entries(self) -> tuple[Entry, ...]:
        """Everything, in the order of the keys; it need not be entered for this."""
        return tuple(entry for _, entry in sorted(self._store.read().items()))

    def resolve(self, entry: Entry, state: State, reason: str, at: datetime) -> Entry:
        """A person's word for an entry that is uncertain or refused."""
        made = moves.resolved(entry, state, reason, at)

        def change(found: Mapping[Key, Entry]) -> list[Entry]:
            if found.get(entry.key) != entry:
                raise LedgerError(f"{entry.id} ({entry.key}) has changed meanwhile; look at it again")
            return [made]

        self._change(change, [entry.key], at)
        return made

    def _change(self, change: Change, keys: Collection[Key], at: datetime) -> None:
        self._at = max(self._at, at)
        self._store.change(change, keys)

    def _abandon_dead(self, found: Mapping[Key, Entry]) -> list[Entry]:
        lease = self._store.lease
        return [
            moves.abandoned(entry, self._at)
            for entry in found.values()
            if entry.state is State.ATTEMPTING and (lease is None or entry.changed + lease <= self._at)
        ]

    def _abandon_own(self, found: Mapping[Key, Entry]) -> list[Entry]:
        mine = [entry for entry in found.values() if entry.state is State.ATTEMPTING and entry.run == self.run]
        return [moves.abandoned(entry, self._at) for entry in mine]
