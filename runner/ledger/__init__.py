"""What was sent: each delivery is claimed before its dangerous step and settled after it, so that none is made twice.

A ledger is a table of ``Entry`` by ``Key``. ``moves`` says how an entry goes from state to state, ``book`` is the
ledger over any store, and two stores keep it: a SQLite file (``sqlite``) for one machine, a branch of a git remote
(``branch``) for runners that are thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from runner.ledger.book import Book, Store
from runner.ledger.branch import Branch
from runner.ledger.moves import MOVES, Due, LedgerError, identify
from runner.ledger.sqlite import Sqlite
from runner.model import Entry, Key, LedgerAt, Receipt, State

__all__ = ["MOVES", "STORES", "Due", "Ledger", "LedgerError", "identify", "last_sent", "open_at"]


class Ledger(Protocol):
    """Where it is kept what became of each delivery. Every change is durable when its method returns.

    Used as a context manager, entered before anything is changed: entering makes sure of the ledger (LedgerError where
    it is damaged, of a newer runner, or cannot be reached) and turns what a dead run was attempting into ``uncertain``.
    Every method may raise LedgerError. One thread uses it. ``at`` is the clock, never the instant a run is made for.
    """

    def __enter__(self) -> Self:
        """Open it. On one machine this waits for another run that has it open."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go. What this run claimed and did not settle becomes ``uncertain``."""

    def plan(self, due: Sequence[Due], at: datetime) -> tuple[Entry, ...]:
        """An entry for each, in order: the one there is, else a new one that is ``planned``.

        The instant and the fingerprint of one that is planned or deferred become those that are due now.
        """

    def claim(self, key: Key, at: datetime) -> bool:
        """Whether the key is this run's to attempt now: it was planned or deferred, and no other run was faster."""

    def settle(self, key: Key, receipt: Receipt, at: datetime) -> None:
        """Keep what came of the attempt that this run claimed, or that what was planned is skipped or deferred."""

    def entries(self) -> tuple[Entry, ...]:
        """Everything, in the order of the keys. Only reads: may be asked without entering, beside a run too."""

    def resolve(self, entry: Entry, state: State, reason: str, at: datetime) -> Entry:
        """A person's word for an entry that is uncertain or refused: ``sent``, or ``planned`` to have it sent again.

        LedgerError where ``MOVES`` has no such move, or the entry has changed meanwhile.
        """


Opener = Callable[[LedgerAt, Path, Mapping[str, str], Callable[[str], None]], Store]

STORES: Mapping[str, Opener] = {
    "sqlite": lambda where, root, _, say: Sqlite(root / where.path, say),
    "git": lambda where, root, environment, say: Branch(root, where.remote, where.branch, environment, say),
}
"""Store's name -> how it is made."""


def open_at(
    where: LedgerAt,
    root: Path,
    at: datetime,
    *,
    environment: Mapping[str, str],
    say: Callable[[str], None] = lambda _: None,
) -> Ledger:
    """The ledger of the project in ``root``, not yet entered; nothing is read or written before it is.

    ``at`` is the clock. ``environment`` is what ``git`` is run with. ``say`` hears what takes long.
    """
    return Book(STORES[where.store](where, root, environment, say), at)


def last_sent(entries: Collection[Entry], key: Key) -> Entry | None:
    """The latest digest of the report that went over this channel to this recipient, whatever its period."""
    same = [
        entry
        for entry in entries
        if entry.state is State.SENT
        and (entry.key.report, entry.key.channel, entry.key.recipient) == (key.report, key.channel, key.recipient)
    ]
    return max(same, key=lambda entry: (entry.as_of, entry.changed), default=None)
