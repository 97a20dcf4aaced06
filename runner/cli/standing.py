"""How scheduled definitions stand, as ``status`` says it, and when that is an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from runner.cli import entries
from runner.cli.agenda import Agenda, age, clock, debt, one_or_span, stamp
from runner.ledger.moves import one_line
from runner.model import Entry, Json, State
from runner.owed import Standing


def text(agenda: Agenda) -> str:
    """A paragraph for each definition; then what is uncertain of others."""
    return "\n".join([line for one in agenda.standings for line in _lines(one, agenda)] + _doubts(agenda.elsewhere))


def _lines(one: Standing, agenda: Agenda) -> Iterator[str]:
    spec, overdue = one.spec, one.overdue(agenda.now)
    yield f"{spec.name}: {f'overdue for {age(overdue)}' if overdue else 'nothing is due'}"
    if one.last:
        yield f"  last       {clock(one.last, spec)}  {one.period}{_counts(one)}"
    if one.sent:
        yield f"  sent       {clock(one.sent, spec)}"
    if one.next:
        yield f"  next       {clock(one.next, spec)}"
    for each in one.owed:
        yield f"  owed       {clock(each.slot, spec)}  {each.period}: {one_line(each.why)}"
    if one.missed:
        yield f"  missed     {clock(one.missed[0].slot, spec)}  {one_or_span([each.period for each in one.missed])}"
    for line in _doubts(one.uncertain):
        yield f"  {line}"


def _counts(one: Standing) -> str:
    said = [f"{one.states[state]} {state.value}" for state in State if one.states.get(state)]
    return f": {', '.join(said)}" if said else ""


def _doubts(uncertain: tuple[Entry, ...]) -> list[str]:
    told = [(f"uncertain  {entry.id}  {one_line(str(entry.key))}", one_line(entry.reason)) for entry in uncertain]
    return [f"{head}: {reason or 'attempted by a run that is gone'}" for head, reason in told]


def data(agenda: Agenda) -> dict[str, Json]:
    """The same as JSON."""
    return {
        "now": agenda.now.isoformat(),
        "reports": [_data(one, agenda) for one in agenda.standings],
        "uncertain_elsewhere": [entries.data(entry) for entry in agenda.elsewhere],
    }


def _data(one: Standing, agenda: Agenda) -> dict[str, Json]:
    spec = one.spec
    return {
        "report": spec.name,
        "file": spec.source.file,
        "timezone": spec.timezone,
        "last": stamp(one.last, spec),
        "period": one.period,
        "states": {state.value: one.states[state] for state in State if one.states.get(state)},
        "sent": stamp(one.sent, spec),
        "next": stamp(one.next, spec),
        "overdue_seconds": int(one.overdue(agenda.now).total_seconds()),
        "owed": [debt(spec, each, agenda.now) for each in one.owed],
        "missed": [debt(spec, each, agenda.now) for each in one.missed],
        "uncertain": [entries.data(entry) for entry in one.uncertain],
    }


def alarms(agenda: Agenda, patience: timedelta) -> list[str]:
    """What is overdue for longer than that, and what is uncertain."""
    late = [one for one in agenda.standings if one.overdue(agenda.now) > patience]
    doubts = [*agenda.elsewhere, *(entry for one in agenda.standings for entry in one.uncertain)]
    said = [f"{one.spec.name} is overdue for {age(one.overdue(agenda.now))}" for one in late]
    return [*said, *(f"{entry.key} is uncertain: runner ledger show {entry.id}" for entry in doubts)]
