"""How an entry comes from one state to the next. Pure: no store, no clock; both stores do what is said here.

nothing -> planned -> attempting -> sent | refused | deferred | uncertain
           planned, deferred -> skipped | deferred, where that is decided before anything is sent
           deferred -> attempting
           refused, uncertain, skipped -> planned, and uncertain -> sent, by a person's word only
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from runner import lines
from runner.errors import RunnerError
from runner.model import Entry, Key, Receipt, State
from runner.model.delivery import OPEN

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

REASON = 500
"""Most characters of a reason that are kept."""


class LedgerError(RunnerError):
    """The ledger cannot be used; nothing more may be sent."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made: its key, the instant its digest is of, the fingerprint of its numbers."""

    key: Key
    as_of: datetime
    fingerprint: str


def identify(key: Key) -> str:
    """The entry's short name: 12 hexadecimal digits made of its key."""
    text = "\n".join((key.report, key.period, key.channel, key.recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def planned(entry: Entry | None, due: Due, at: datetime) -> Entry:
    """The entry of what is due: a new one, or the old one, which takes over what is due now where it is still open."""
    if entry is None:
        return Entry(identify(due.key), due.key, State.PLANNED, due.as_of, at, fingerprint=due.fingerprint)
    return replace(entry, as_of=due.as_of, fingerprint=due.fingerprint) if entry.state in OPEN else entry


def claimed(entry: Entry, run: str, at: datetime) -> Entry:
    """The entry that ``run`` attempts from now on."""
    moved = _moved(entry, State.ATTEMPTING, at, "")
    return replace(moved, attempts=entry.attempts + 1, run=run)


def settled(entry: Entry, receipt: Receipt, run: str, at: datetime) -> Entry:
    """The entry with what came of the attempt; LedgerError where it was not ``run`` that made one."""
    if entry.state is State.ATTEMPTING and entry.run != run:
        raise LedgerError(f"{entry.id} ({entry.key}) is attempted by another run; what came of it cannot be kept here")
    return _moved(entry, receipt.state, at, one_line(receipt.reason))


def abandoned(entry: Entry, at: datetime) -> Entry:
    """The entry of an attempt whose run is gone: nobody can say whether it arrived."""
    since = entry.changed.isoformat(timespec="seconds")
    return _moved(entry, State.UNCERTAIN, at, f"attempted since {since} by a run that ended before it knew the outcome")


def resolved(entry: Entry, state: State, reason: str, at: datetime) -> Entry:
    """The entry after a person's word, which is kept; LedgerError where no person may move it so."""
    if entry.state not in (State.REFUSED, State.UNCERTAIN, State.SKIPPED) or state not in MOVES[entry.state]:
        raise LedgerError(f"{_cannot(entry, state)}; {_may(entry)}")
    word = f"{at.isoformat(timespec='seconds')} {entry.state.value} -> {state.value}: {reason}"
    return replace(_moved(entry, state, at, reason), word=word)


def one_line(text: str) -> str:
    """The text as one line, cut to what is kept of a reason."""
    return lines.line(text, REASON)


def _moved(entry: Entry, state: State, at: datetime, reason: str) -> Entry:
    if state not in MOVES[entry.state]:
        raise LedgerError(_cannot(entry, state))
    return replace(entry, state=state, changed=at, reason=reason)


def _cannot(entry: Entry, state: State) -> str:
    return f"{entry.id} ({entry.key}) is {entry.state.value} and cannot become {state.value}"


def _may(entry: Entry) -> str:
    match entry.state:
        case State.PLANNED | State.DEFERRED:
            return "the next run tries it anyway"
        case State.ATTEMPTING:
            return "a run is at it; if that run is dead, the next one makes it uncertain"
        case State.SENT:
            return "it has arrived, and a second one would be a duplicate"
        case State.REFUSED | State.UNCERTAIN | State.SKIPPED:
            words = {State.PLANNED: "sent again", State.SENT: "taken as sent"}
            return f"it can be {' or '.join(words[state] for state in State if state in MOVES[entry.state])}"
