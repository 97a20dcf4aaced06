"""What was sent: each delivery is claimed before its dangerous step and settled after it, so that none is made twice.

A ledger is a table of ``Entry`` by ``Key``. Two stores keep it: a SQLite file (``sqlite``) for one machine, a branch of
a git remote (``branch``) for runners that are thrown away. Both do the same, as the ``Ledger`` protocol says, and both
move an entry only as ``MOVES`` allows.

    nothing -> planned -> attempting -> sent | refused | deferred | uncertain
                  ^            deferred -> attempting
                  |            planned, deferred -> skipped | deferred, without an attempt
                  '---- refused, skipped, uncertain, by hand only (resend)
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from runner.errors import RunnerError
from runner.model import Entry, Key, Receipt, State

MOVES: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.ATTEMPTING, State.SKIPPED, State.DEFERRED}),
    State.DEFERRED: frozenset({State.ATTEMPTING, State.SKIPPED, State.DEFERRED}),
    State.ATTEMPTING: frozenset({State.SENT, State.REFUSED, State.DEFERRED, State.UNCERTAIN}),
    State.SENT: frozenset(),
    State.SKIPPED: frozenset({State.PLANNED}),
    State.REFUSED: frozenset({State.PLANNED}),
    State.UNCERTAIN: frozenset({State.PLANNED, State.SENT}),
}
"""State -> those that may follow it. The moves to ``planned`` and from ``uncertain`` are a person's."""


class LedgerError(RunnerError):
    """The ledger cannot be used; nothing more may be sent."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made: its key, the instant its digest is of, the fingerprint of its numbers."""

    key: Key
    as_of: datetime
    fingerprint: str


class Ledger(Protocol):
    """Where it is kept what became of each delivery. Every change is durable when its method returns.

    Used as a context manager, entered before anything is claimed: entering makes sure of the ledger (LedgerError where
    it is damaged, of a newer runner, or cannot be reached) and turns what a dead run was attempting into ``uncertain``.
    Every method may raise LedgerError.
    """

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go. What is still ``attempting`` becomes ``uncertain``."""

    def plan(self, due: Sequence[Due], at: datetime) -> tuple[Entry, ...]:
        """An entry for each, in order: the one there is, else a new one that is ``planned``.

        The instant and the fingerprint of one that is planned or deferred become those that are due now.
        """

    def claim(self, key: Key, at: datetime) -> bool:
        """Whether the key is this run's to attempt now: it was planned or deferred, and no other run was faster."""

    def settle(self, key: Key, receipt: Receipt, at: datetime) -> None:
        """Keep what came of the attempt that this run claimed."""

    def entries(self) -> tuple[Entry, ...]:
        """Everything, in the order of the keys."""

    def resolve(self, entry: Entry, state: State, reason: str, at: datetime) -> Entry:
        """A person's word for an entry that is uncertain or refused: ``sent``, or ``planned`` to have it sent again.

        LedgerError where ``MOVES`` has no such move, or the entry has changed meanwhile.
        """


def identify(key: Key) -> str:
    """The entry's short name: 12 hexadecimal digits made of its key."""
    text = "\n".join((key.report, key.period, key.channel, key.recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def last_sent(entries: Collection[Entry], key: Key) -> Entry | None:
    """The latest digest of the report that went over this channel to this recipient, whatever its period."""
    same = [
        entry
        for entry in entries
        if entry.state is State.SENT
        and (entry.key.report, entry.key.channel, entry.key.recipient) == (key.report, key.channel, key.recipient)
    ]
    return max(same, key=lambda entry: (entry.as_of, entry.changed), default=None)
