"""A plan as Markdown."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from runner.cli import outline
from runner.cli.forecast import Forecast
from runner.model import Ask, Plan
from runner.outputs.markdown import table, word

CLOCK = "%Y-%m-%d %H:%M"


def plans(made: Collection[Plan], output: Path, forecast: Forecast) -> str:
    """Every definition with its requests, its files and who would get it, then what they cost together."""
    blocks = [
        f"#### {word(each.spec.name)}: {word(each.spec.title)}\n\n{plan(each, output, forecast)}" for each in made
    ]
    return "\n\n".join([*blocks, f"{forecast}."]) + "\n"


def plan(made: Plan, output: Path, forecast: Forecast) -> str:
    """One definition, without a heading."""
    spec = made.spec
    blocks = [
        f"{word(made.period.name)}, as of {made.as_of.isoformat(timespec='seconds')}, {word(spec.timezone)}",
        table(("Job", "Request", "From", "To", "Cache"), [_request(ask, forecast) for ask in outline.once(made)]),
    ]
    lines = [f"- note: {word(note)}" for note in made.notes]
    lines += [f"- writes `{file}`" for file in outline.files(made, output)]
    lines += [f"- {word(line)}" for line in outline.sends(spec)]
    return "\n\n".join([*blocks, "\n".join(lines)])


def _request(ask: Ask, forecast: Forecast) -> tuple[str, ...]:
    period = ask.part or ask.period
    start = f"{period.start:{CLOCK}}" if period and period.start else ""
    end = f"{period.end:{CLOCK}}" if period else ""
    kept = "yes" if ask.query.key in forecast.cached else ""
    return word(ask.job.name), f"{ask.query.method} {word(ask.query.path)}", start, end, kept
