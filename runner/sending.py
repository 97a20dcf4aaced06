"""The story of a delivery: decide, claim, send, settle, for each digest and recipient.

Everything is decided before anything is sent. Each delivery is claimed in the ledger before its dangerous step and
settled after it, so that a run that dies in between leaves a doubt that is seen, never a second copy.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from runner import checks, editions, endpoints, parcels, result
from runner.deliver import CHANNELS, Access, policy
from runner.editions import Edition
from runner.errors import RunnerError
from runner.ledger import Due, Ledger, LedgerError, last_sent
from runner.model import OPEN, Entry, Key, Parcel, Plan, Policy, Receipt, State
from runner.parcels import Addressed, Press

GRACE = 5.0
"""Seconds that a delivery which is under way has left when the run is interrupted."""

TICK = 0.1
"""Seconds between two looks whether it is."""

Told: TypeAlias = Callable[[Key, Receipt], None]
"""Hears what became of each delivery."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """A digest to deliver: its plan, and the file with the answers that it is made of."""

    plan: Plan
    kept: Path

    def editions(self) -> tuple[Edition, ...]:
        """The digest for everyone, or for each member; RunnerError where it cannot be made of what is kept."""
        found = result.read(self.kept)
        answers = result.answers(found, self.plan)
        return editions.of(self.plan, answers, endpoints.digest(self.plan, answers, sample=found.sample))

    @property
    def nobodys(self) -> bool:
        """Whether each member should get a digest, and it is not known who the members are."""
        return bool(self.plan.spec.for_each) and not any(edition.member for edition in self.editions())


@dataclass(frozen=True, slots=True)
class Outbox:
    """What deliveries need besides the digests.

    ``templates`` is the project's folder of its own, ``test`` marks e-mails as tests, ``stop`` is set when the run is
    interrupted.
    """

    access: Access
    policy: Policy
    app_url: str
    templates: Path | None
    clock: Callable[[], datetime]
    tell: Told
    stop: threading.Event
    test: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the deliveries that were due came to each state, and whether the run was interrupted."""

    due: int = 0
    states: Counter[State] = field(default_factory=Counter)
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        """Whether a delivery was not made, or nobody can say."""
        return any(self.states[state] for state in (State.REFUSED, State.DEFERRED, State.UNCERTAIN))


def due(mailings: Collection[Mailing]) -> Iterator[tuple[Mailing, Addressed]]:
    """Everything that is to be delivered, in order."""
    for mailing in mailings:
        for one in parcels.addressed(mailing.plan.spec, mailing.editions(), mailing.plan.occasion):
            yield mailing, one


def decided(mailing: Mailing, one: Addressed, known: Collection[Entry]) -> Receipt:
    """What is decided of a delivery before anything is sent: ``planned``, or that it is skipped or deferred, and why.

    ``known`` is all that the ledger has: numbers that are those last sent are skipped where the definition says so.
    """
    if one.notice:
        return Receipt(State.PLANNED)
    state, reason = parcels.verdict(mailing.plan.spec, one.edition.digest)
    if state is State.PLANNED and mailing.plan.spec.send_if == "changed":
        last = last_sent(known, one.key)
        if last and last.fingerprint == parcels.fingerprint(one.edition.digest):
            return Receipt(State.SKIPPED, f"unchanged since {last.key.period}")
    if state is State.PLANNED and mailing.plan.spec.send_if == "check_failed" and not checks.failed(one.edition.digest):
        return Receipt(State.SKIPPED, "no check failed")
    return Receipt(state, reason)


def send(mailings: Collection[Mailing], ledger: Ledger, outbox: Outbox) -> Tally:
    """Deliver what is due and was not, each at most once; ``ledger`` is entered. LedgerError ends everything.

    When ``outbox.stop`` is set, what is under way is settled within seconds and what was not begun stays planned.
    """
    keys, left = _decide(mailings, ledger, outbox)
    for mailing in mailings:
        if outbox.stop.is_set():
            break
        if left.intersection(keys.get((mailing.plan.spec.name, mailing.plan.occasion), ())):
            _deliver(mailing, left, ledger, outbox)
    return _tally({key for each in keys.values() for key in each}, ledger, interrupted=outbox.stop.is_set())


def _decide(
    mailings: Collection[Mailing], ledger: Ledger, outbox: Outbox
) -> tuple[dict[tuple[str, str], set[Key]], set[Key]]:
    """The keys of each mailing (by report and occasion), and those to be sent; the others are settled and told."""
    known = ledger.entries()
    keys: dict[tuple[str, str], set[Key]] = {}
    verdicts: dict[Key, Receipt] = {}
    dues: list[Due] = []
    for mailing, one in due(mailings):
        keys.setdefault((mailing.plan.spec.name, mailing.plan.occasion), set()).add(one.key)
        verdicts[one.key] = decided(mailing, one, known)
        dues.append(Due(one.key, mailing.plan.as_of, parcels.fingerprint(one.edition.digest)))
    left = set()
    for entry in ledger.plan(dues, outbox.clock()):
        said = verdicts[entry.key]
        if entry.state not in OPEN:
            outbox.tell(entry.key, Receipt(entry.state, since(entry)))
        elif said.state is State.PLANNED:
            left.add(entry.key)
        else:
            ledger.settle(entry.key, said, outbox.clock())
            outbox.tell(entry.key, said)
    return keys, left


def since(entry: Entry) -> str:
    """Why a delivery that is not open is left as it is."""
    said = f"since {entry.changed:%Y-%m-%d %H:%M}Z"
    if entry.state is State.ATTEMPTING:
        return f"{said}: another run is at it, or ended in it; `runner status` tells"
    return f"{said}; not again"


def _deliver(mailing: Mailing, left: Collection[Key], ledger: Ledger, outbox: Outbox) -> None:
    """Send what is left of one digest, in its order."""
    spec, made = mailing.plan.spec, mailing.editions()
    presses = {each.report: Press(spec, each, outbox.policy, outbox.templates, test=outbox.test) for each in made}
    for one in parcels.addressed(spec, made, mailing.plan.occasion):
        if one.key not in left or outbox.stop.is_set():
            continue
        try:
            parcel = presses[one.edition.report].parcel(one)
        except RunnerError as error:
            receipt = Receipt(State.DEFERRED, f"it could not be made: {error}")
            ledger.settle(one.key, receipt, outbox.clock())
            outbox.tell(one.key, receipt)
        else:
            _settle(parcel, ledger, outbox)


def _settle(parcel: Parcel, ledger: Ledger, outbox: Outbox) -> None:
    """Claim, send, settle. Whatever ends it in between, it is settled as uncertain."""
    if not ledger.claim(parcel.key, outbox.clock()):
        return
    receipt = Receipt(State.UNCERTAIN, "the run ended while it was under way")
    try:
        refused = policy.refusal(parcel, outbox.policy, outbox.app_url)
        receipt = Receipt(State.REFUSED, refused) if refused else _attempt(parcel, outbox)
    finally:
        ledger.settle(parcel.key, receipt, outbox.clock())
        outbox.tell(parcel.key, receipt)


def _attempt(parcel: Parcel, outbox: Outbox) -> Receipt:
    """What the channel says; uncertain where the run is interrupted and it takes longer than the grace."""
    answer: Future[Receipt] = Future()

    def work() -> None:
        try:
            answer.set_result(CHANNELS[parcel.channel.kind](parcel, outbox.access))
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            answer.set_exception(error)

    threading.Thread(target=work, name="send", daemon=True).start()
    ticks = 0
    while not wait([answer], timeout=TICK).done:
        ticks += outbox.stop.is_set()
        if ticks * TICK > GRACE:
            return Receipt(State.UNCERTAIN, "interrupted while it was under way")
    return answer.result()


def _tally(keys: Collection[Key], ledger: Ledger, *, interrupted: bool) -> Tally:
    """Where everything that was due is now; LedgerError where something was lost on the way."""
    states = Counter(entry.state for entry in ledger.entries() if entry.key in keys)
    if states.total() != len(keys) or (states[State.PLANNED] and not interrupted):
        raise LedgerError(f"the ledger does not add up: {len(keys)} were due, it has {_told(states)} of them")
    return Tally(len(keys), states, interrupted)


def _told(states: Mapping[State, int]) -> str:
    return ", ".join(f"{states[state]} {state.value}" for state in State if states[state]) or "none"
