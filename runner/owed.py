"""What is owed now: digests whose time has come and which nobody has yet, and deliveries that are to be tried again.

A schedule's instants are slots. What a slot asks for is an occasion (``Period.occasion``): the digest of a period,
once; of a period that is not over, once a day. Several slots of one occasion are one debt: a weekly report on a daily
schedule is owed once a week. Of a period that is not over only the latest occasion is owed: it says what those before
it did, and more.

An occasion is owed while a delivery of it is missing: one that the ledger does not know, or has as planned or deferred.
Where nothing is delivered it is owed until its files are made. Once its last slot is longer ago than ``max_catchup`` it
is missed, and never made up for. What is planned or deferred is owed for as long, as of the instant of its digest: a
deferred delivery since that instant, a planned one since it became so, which may be a person's word long afterwards.

A notice of failed jobs is never owed by itself: it goes with its digest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo

from runner import schedule
from runner.model import FAILURE, OPEN, Entry, Key, Period, Schedule, Spec, State

PeriodOf: TypeAlias = Callable[[Spec, datetime], Period]
"""The period of a definition's digest at an instant."""

Made: TypeAlias = Callable[[Spec, str], datetime | None]
"""The instant that the files of a period (by its name) are of; None where there are none."""

UNDER_WAY = timedelta(hours=1)
"""An attempt that has taken longer is of a run that is dead: nobody can say what came of it."""

MISSED = timedelta(days=31)
"""How much longer ago than what is made up for a digest is told of as missed; the last slot's always is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the definitions: all that the ledger has, periods, the files that there are."""

    entries: Collection[Entry]
    period_of: PeriodOf
    made: Made


@dataclass(frozen=True, slots=True)
class Owed:
    """A digest that is owed, or was missed: due since ``slot``, to be made as of ``as_of``; ``why`` says what is wrong.

    ``period`` is the occasion, ``missing`` are the deliveries. For each member's own the recipient is not known here
    and empty.
    """

    report: str
    slot: datetime
    as_of: datetime
    period: str
    why: str
    missing: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a scheduled definition stands: its last and next slot, what is owed, missed, and what nobody can say.

    ``states`` counts the deliveries of the last slot's occasion, ``period``. ``sent`` is when a digest was last sent.
    """

    spec: Spec
    last: datetime | None
    next: datetime | None
    period: str
    states: Mapping[State, int]
    sent: datetime | None
    owed: tuple[Owed, ...]
    missed: tuple[Owed, ...]
    uncertain: tuple[Entry, ...]

    def overdue(self, now: datetime) -> timedelta:
        """For how long the oldest of what is owed or missed has been due; zero where nothing is."""
        return max((now - one.slot for one in (*self.owed, *self.missed)), default=timedelta())


@dataclass(frozen=True, slots=True)
class _Occasion:
    """An occasion that has come: due since ``first``, to be made as of ``as_of``; ``last`` says how old the debt is."""

    name: str
    first: datetime
    as_of: datetime
    last: datetime


def standings(specs: Collection[Spec], now: datetime, known: Known) -> Iterator[Standing]:
    """How each definition that has a schedule stands at ``now``, in their order."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in known.entries:
        entries[report(entry.key)].append(entry)
    now = now.astimezone(UTC)
    for spec in specs:
        if spec.schedule:
            yield _standing(spec, spec.schedule, now, replace(known, entries=entries[spec.name]))


def report(key: Key) -> str:
    """The name of the definition that a delivery is of."""
    return key.report.removesuffix(FAILURE).partition("/")[0]


def doubtful(entry: Entry, now: datetime) -> bool:
    """Whether nobody can say what became of the delivery."""
    stalled = entry.state is State.ATTEMPTING and entry.changed <= now - UNDER_WAY
    return stalled or entry.state is State.UNCERTAIN


def keys(spec: Spec, period: str) -> tuple[Key, ...]:
    """Every delivery of an occasion; where each member has a digest, one for each channel, without a recipient."""
    if spec.for_each:
        return tuple(dict.fromkeys(Key(spec.name, period, way.via, "") for way in spec.deliver))
    ways = ((way.via, to) for way in spec.deliver for to in way.to or (way.via,))
    return tuple(dict.fromkeys(Key(spec.name, period, *way) for way in ways))


def _standing(spec: Spec, plan: Schedule, now: datetime, known: Known) -> Standing:
    zone = ZoneInfo(spec.timezone)
    last = schedule.last_slot(plan, zone, now)
    mine = [entry for entry in known.entries if not entry.key.report.endswith(FAILURE)]
    by_occasion: dict[str, list[Entry]] = defaultdict(list)
    for entry in mine:
        by_occasion[entry.key.period].append(entry)
    owed: list[Owed] = []
    missed: list[Owed] = []
    for one in _occasions(spec, plan, now, replace(known, entries=mine)):
        late = one.last <= now - plan.max_catchup
        if debt := _debt(spec, one, replace(known, entries=by_occasion[one.name]), late=late):
            (missed if late else owed).append(debt)
    period = known.period_of(spec, last).occasion(last) if last else ""
    return Standing(
        spec=spec,
        last=last,
        next=schedule.next_slot(plan, zone, now),
        period=period,
        states=Counter(entry.state for entry in by_occasion[period]),
        sent=max((entry.changed for entry in mine if entry.state is State.SENT), default=None),
        owed=tuple(owed),
        missed=tuple(missed),
        uncertain=tuple(entry for entry in known.entries if doubtful(entry, now)),
    )


def _occasions(spec: Spec, plan: Schedule, now: datetime, known: Known) -> list[_Occasion]:
    """Those that may be owed or missed, one of each period, by the instant since when.

    What lies between the last digest that is done with and what is made up for was missed.
    """
    start = now - plan.max_catchup
    settled = (entry.as_of for entry in known.entries if entry.state not in OPEN and entry.as_of <= now)
    begin = min(start, max(settled, default=start))
    zone = ZoneInfo(spec.timezone)
    found: dict[str, _Occasion] = {}
    slots = schedule.slots(plan, zone, max(begin, start - MISSED), now)
    slots = slots or tuple(filter(None, [schedule.last_slot(plan, zone, now)]))
    for slot, name in _named(spec, slots, zone, known.period_of):
        _note(found, _Occasion(name, slot, slot, slot))
    for entry in sorted(known.entries, key=lambda entry: entry.as_of):
        since = (entry.changed if entry.state is State.PLANNED else entry.as_of).astimezone(UTC)
        if entry.state in OPEN and entry.as_of <= now and since > start:
            _note(found, _Occasion(entry.key.period, since, entry.as_of.astimezone(UTC), since))
    return sorted(found.values(), key=lambda one: one.first)


def _named(
    spec: Spec, slots: Iterable[datetime], zone: ZoneInfo, period_of: PeriodOf
) -> Iterator[tuple[datetime, str]]:
    """Slots with their occasions; of those of one day that have the same only the first and the last."""
    for _, group in groupby(slots, key=lambda slot: slot.astimezone(zone).date()):
        day = list(group)
        named = {slot: period_of(spec, slot).occasion(slot) for slot in (day[0], day[-1])}
        if len(set(named.values())) > 1:  # a range of the author's own ended within the day
            named = {slot: period_of(spec, slot).occasion(slot) for slot in day}
        yield from named.items()


def _note(found: dict[str, _Occasion], one: _Occasion) -> None:
    """Keep one more: together with what there is of the same occasion, or in place of an earlier one of its period."""
    name, _, _ = one.name.partition("@")
    other = found.get(name)
    if other and other.name == one.name:
        found[name] = replace(one, first=min(one.first, other.first), last=max(one.last, other.last))
    elif not other or other.as_of < one.as_of:
        found[name] = one


def _debt(spec: Spec, one: _Occasion, known: Known, *, late: bool) -> Owed | None:
    """What is missing of an occasion of which ``known`` has the entries; None where nothing is.

    Who was added to a definition only after an occasion has not missed it.
    """
    debt = Owed(spec.name, one.first, one.as_of, one.name, "")
    if not spec.deliver:
        return None if _is_made(spec, one, known) else replace(debt, why="not made")
    states = {key: _state(key, known.entries) for key in keys(spec, one.name)}
    new = [] if late and any(states.values()) else [key for key, state in states.items() if state is None]
    again = [key for key, state in states.items() if state in OPEN]
    said = {_said(entry): None for entry in known.entries if entry.state in OPEN}
    why = ", ".join([*([f"{len(new)} of {len(states)} not sent"] if new else []), *said])
    return replace(debt, why=why, missing=(*new, *again)) if new or again else None


def _is_made(spec: Spec, one: _Occasion, known: Known) -> bool:
    """Whether the files there are will do: those of the occasion, or of a later instant."""
    name, _, _ = one.name.partition("@")
    made = known.made(spec, name)
    return made is not None and (made >= one.as_of or known.period_of(spec, one.as_of).occasion(made) == one.name)


def _state(key: Key, entries: Collection[Entry]) -> State | None:
    """The state of a delivery of which these are the occasion's entries; of members' own the first that is open."""
    if key.recipient:
        return next((entry.state for entry in entries if entry.key == key), None)
    found = [entry.state for entry in entries if entry.key.channel == key.channel]
    return next((state for state in found if state in OPEN), found[0] if found else None)


def _said(entry: Entry) -> str:
    return f"{entry.state.value}: {entry.reason}" if entry.reason else entry.state.value
