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
    return "\n\n".join([*(_plan(plan, output, forecast) for plan in made), f"{forecast}."]) + "\n"


def _plan(plan: Plan, output: Path, forecast: Forecast) -> str:
    spec = plan.spec
    blocks = [
        f"#### {word(spec.name)}: {word(spec.title)}",
        f"{word(plan.period.name)}, as of {plan.as_of.isoformat(timespec='seconds')}, {word(spec.timezone)}",
        table(("Job", "Request", "From", "To", "Cache"), [_request(ask, forecast) for ask in outline.once(plan)]),
    ]
    lines = [f"- note: {word(note)}" for note in plan.notes]
    lines += [f"- writes `{file}`" for file in outline.files(plan, output)]
    lines += [f"- {word(line)}" for line in outline.sends(spec)]
    return "\n\n".join([*blocks, "\n".join(lines)])


def _request(ask: Ask, forecast: Forecast) -> tuple[str, ...]:
    period = ask.part or ask.period
    start = f"{period.start:{CLOCK}}" if period and period.start else ""
    end = f"{period.end:{CLOCK}}" if period else ""
    kept = "yes" if ask.query.key in forecast.cached else ""
    return word(ask.job.name), f"{ask.query.method} {word(ask.query.path)}", start, end, kept
