"""What is delivered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from runner.model.digest import Document
from runner.model.policy import Channel
from runner.model.source import Json


class State(Enum):
    """How far a delivery has come.

    ``planned`` and ``deferred`` (not sent, for now) are tried by the next run; ``attempting`` is under way; ``sent``,
    ``refused`` (for good), ``uncertain`` (nobody can say) and ``skipped`` (there was no need, as the definition has it)
    are never tried again by themselves.
    """

    PLANNED = "planned"
    ATTEMPTING = "attempting"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"


OPEN = frozenset({State.PLANNED, State.DEFERRED})
"""States that the next run takes up again."""


FAILURE = "!failure"
"""Behind a report's name: the notice that jobs of it failed."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is delivered at most once: a report's digest of a period, over a channel, to a recipient.

    ``report`` is the definition's name, with ``/MEMBER`` behind it where each member has a digest, and ``FAILURE``
    where it is the notice that jobs of it failed. ``period`` is an occasion (``Period.occasion``). ``recipient`` is an
    address, or the channel's own name.
    """

    report: str
    period: str
    channel: str
    recipient: str

    def __str__(self) -> str:
        return f"{self.report} {self.period} {self.channel} {self.recipient}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt: ``sent``, ``refused``, ``deferred`` or ``uncertain``, and why or where."""

    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger. ``id`` is short and made of the key; ``as_of`` is the instant the digest is of.

    ``changed`` is when it came to this state, ``attempts`` how often it was tried; ``fingerprint`` is of the numbers
    delivered, ``run`` names the run that holds it. ``word`` is what the person said, and when, who last resolved it.
    """

    id: str
    key: Key
    state: State
    as_of: datetime
    changed: datetime
    reason: str = ""
    attempts: int = 0
    fingerprint: str = ""
    run: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready: everything that will go out is in it. ``files`` are the digest's documents by name.

    ``message`` is a whole e-mail in bytes, ``data`` is what a webhook is told. ``sample`` numbers stay on this machine.
    """

    key: Key
    channel: Channel
    as_of: datetime
    fingerprint: str
    sample: bool
    message: bytes = field(default=b"", repr=False)
    data: Json = field(default=None, repr=False)
    files: tuple[Document, ...] = field(default=(), repr=False)
