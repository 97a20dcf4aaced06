"""What ``backfill`` makes: the periods that are over, but for those whose answers are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from runner import backfill, result
from runner.backfill import Bygone
from runner.cli import story
from runner.cli.options import Options
from runner.errors import EmptySelectionError, RunnerError, UsageError
from runner.model import Spec
from runner.shelf import Shelf

DAYS = 36_525
"""Most days that are gone through: a hundred years."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are filled, the last one with them; ``anew``: also where answers are kept."""

    first: date
    last: date
    anew: bool = False

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(f"--to {self.last} is before --from {self.first}")
        if (self.last - self.first).days > DAYS:
            raise UsageError("--from and --to lie more than a hundred years apart")


def wanted(options: Options, specs: Collection[Spec], output: Path, span: Span) -> tuple[Shelf[Spec], story.Instants]:
    """The definitions with periods to make, and the instants of those. What there is of each is said on stderr."""
    chosen: Shelf[Spec] = Shelf()
    instants: dict[str, tuple[datetime, ...]] = {}
    found = False
    for spec in specs:
        over = backfill.periods(spec, span.first, span.last, options.instant)
        missing = [one for one in over if span.anew or not _kept(output / spec.name, one)]
        click.echo(f"{spec.name}  {_told(over, missing)}", err=True)
        found = found or bool(over)
        if missing:
            chosen.put(spec)
            instants[spec.name] = tuple(one.as_of for one in missing)
    if not found:
        raise EmptySelectionError(f"no period that is over lies between {span.first} and {span.last}")
    return chosen, lambda spec: instants[spec.name]


def _kept(folder: Path, one: Bygone) -> bool:
    """Whether the answers of the period are kept, with none missing."""
    file = folder / one.period.name / result.FILE
    try:
        return file.is_file() and not result.failed(file)
    except RunnerError:
        return False  # what cannot be read is made anew


def _told(over: Collection[Bygone], missing: Collection[Bygone]) -> str:
    if not over:
        return "no period is over"
    names = [one.period.name for one in over]
    said = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]} ({len(names)})"
    return f"{said}: {len(over) - len(missing)} kept, {len(missing)} to make"
