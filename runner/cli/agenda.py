"""What schedules owe: found for ``due``, ``status`` and ``run --due``, and how it is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from runner import endpoints, owed, result
from runner.cli import story
from runner.cli.options import Options
from runner.model import Entry, Json, Spec
from runner.owed import Known, Owed, Standing
from runner.shelf import Shelf
from runner.wiring import ledger
from runner.wiring.project import Home

NOTHING = "nothing is due"


@dataclass(frozen=True, slots=True)
class Agenda:
    """How the scheduled definitions stand at ``now``. ``elsewhere`` is what is uncertain of all other definitions."""

    now: datetime
    standings: tuple[Standing, ...]
    elsewhere: tuple[Entry, ...]


def read(options: Options, where: Home, specs: Collection[Spec], output: Path, *, everything: bool = False) -> Agenda:
    """How they stand by the project's ledger and by the files below ``output``; nothing is changed.

    ``everything``: also what is uncertain of other definitions. Without it the ledger is read for deliveries only.
    """

    def say(line: str) -> None:
        click.echo(line, err=True)

    def made(spec: Spec, period: str) -> datetime | None:
        return result.made(output / spec.name, period)

    needed = everything or any(spec.schedule and spec.deliver for spec in specs)
    kept = ledger.at(where, options.now, say).entries() if needed else ()
    found = tuple(owed.standings(specs, options.instant, Known(kept, endpoints.period, made)))
    here = {one.spec.name for one in found}
    others = [entry for entry in kept if everything and owed.report(entry.key) not in here]
    return Agenda(options.instant, found, tuple(entry for entry in others if owed.doubtful(entry, options.now)))


def due(options: Options, where: Home, specs: Collection[Spec], output: Path) -> tuple[Shelf[Spec], story.Instants]:
    """The definitions that owe something, and the instants that each is to be run for. What is due goes to stderr."""
    agenda = read(options, where, specs, output)
    chosen: Shelf[Spec] = Shelf()
    instants: dict[str, tuple[datetime, ...]] = {}
    for one in agenda.standings:
        if one.owed:
            chosen.put(one.spec)
            instants[one.spec.name] = tuple(each.as_of for each in one.owed)
    for line in lines(agenda):
        click.echo(line, err=True)
    return chosen, lambda spec: instants[spec.name]


# ---- what is due


def lines(agenda: Agenda) -> list[str]:
    """A line for each digest that is owed, and for those of a definition that were missed; or that nothing is due."""
    owing = [_owed(one.spec, each, agenda.now) for one in agenda.standings for each in one.owed]
    missed = [_missed(one.spec, one.missed) for one in agenda.standings if one.missed]
    return [*(owing or [f"{NOTHING}{_coming(agenda)}"]), *missed]


def _owed(spec: Spec, one: Owed, now: datetime) -> str:
    to = ", ".join(dict.fromkeys(" ".join(filter(None, (key.channel, key.recipient))) for key in one.missing))
    late = f"due {clock(one.slot, spec)}, {age(now - one.slot)} ago"
    return f"{spec.name}  {one.period}  {late}  {one.why}{f': {to}' if to else ''}"


def _missed(spec: Spec, missed: Sequence[Owed]) -> str:
    periods = one_or_span([each.period for each in missed])
    return f"missed: {spec.name}  {periods}  due {clock(missed[-1].slot, spec)}; too late by max_catchup"


def one_or_span(periods: Sequence[str]) -> str:
    """The periods, or the first and last of many and their number."""
    return ", ".join(periods) if len(periods) <= 3 else f"{periods[0]} to {periods[-1]} ({len(periods)})"


def _coming(agenda: Agenda) -> str:
    """What is due next."""
    coming = [(one.next, one.spec) for one in agenda.standings if one.next]
    if not coming:
        return ": no definition has a schedule" if not agenda.standings else ""
    at, spec = min(coming, key=lambda one: one[0])
    return f"; next: {spec.name} {clock(at, spec)}"


def due_data(agenda: Agenda) -> dict[str, Json]:
    """What is owed and missed, and each next slot, as JSON."""
    both = [(one, each) for one in agenda.standings for each in one.owed]
    late = [(one, each) for one in agenda.standings for each in one.missed]
    return {
        "now": agenda.now.isoformat(),
        "owed": [debt(one.spec, each, agenda.now) for one, each in both],
        "missed": [debt(one.spec, each, agenda.now) for one, each in late],
        "next": [{"report": one.spec.name, "slot": stamp(one.next, one.spec)} for one in agenda.standings],
    }


def debt(spec: Spec, one: Owed, now: datetime) -> dict[str, Json]:
    """A digest that is owed or missed, as JSON."""
    return {
        "report": spec.name,
        "file": spec.source.file,
        "period": one.period,
        "slot": stamp(one.slot, spec),
        "as_of": stamp(one.as_of, spec),
        "late_seconds": int((now - one.slot).total_seconds()),
        "why": one.why,
        "missing": [{"channel": key.channel, "recipient": key.recipient} for key in one.missing],
    }


# ---- times


def clock(at: datetime, spec: Spec) -> str:
    """The instant as people of the definition's zone read it."""
    return at.astimezone(ZoneInfo(spec.timezone)).isoformat(timespec="minutes")


def stamp(at: datetime | None, spec: Spec) -> str | None:
    """The instant to the second, if there is one."""
    return at.astimezone(ZoneInfo(spec.timezone)).isoformat(timespec="seconds") if at else None


def age(span: timedelta) -> str:
    """How long that is, in its two largest units: ``2d 4h``, ``35m``."""
    minutes = int(span.total_seconds()) // 60
    units = {"d": minutes // 1440, "h": minutes // 60 % 24, "m": minutes % 60}
    return " ".join([f"{count}{unit}" for unit, count in units.items() if count][:2]) or "0m"
