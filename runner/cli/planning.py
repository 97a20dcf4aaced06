"""What ``plan`` does, and what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from runner import result
from runner.cli import accounts, forecast, outline, page, progress, proposal, story
from runner.cli.forecast import Forecast
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs
from runner.client import Client
from runner.errors import Problem, RunnerError, StaleError
from runner.model import Plan, Profile
from runner.shelf import Shelf
from runner.wiring import project, service
from runner.wiring.project import Home


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``plan`` was told."""

    selection: Selection
    form: str
    out: Path | None = None
    detailed: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan for each definition, in its project, by whom it would be asked, and what it would cost."""

    where: Home
    profile: Profile
    plans: Shelf[Plan]
    forecast: Forecast


def show(options: Options, wanted: Wanted, outputs: Outputs) -> int:
    """Plan the definitions and say what a run of them would do. The exit code."""
    made = planned(options, wanted.selection, outputs.warning)
    output = made.where.output
    for plan in made.plans:
        outputs.definition(accounts.planned(plan, outline.files(plan, output)))
    outputs.page = page.plans(made.plans, output, made.forecast)
    if wanted.out:
        proposal.write(wanted.out, made.where, made.profile, made.plans, made.forecast)
    if outputs.plain:
        click.echo(_said(made, wanted.form))
    return _compared(made) if wanted.detailed else 0


def planned(options: Options, chosen: Selection, warn: Callable[[Problem], None]) -> Planned:
    """A plan for each definition. The service is asked for names that are not pinned, and for whose the cache is."""
    where = project.home(options.project)
    profile = where.profile(options.profile)
    measured = forecast.Measured()
    with (
        progress.bars() as screen,
        service.when_needed(
            profile, where.root, options.instant, screen, measured.listen(story.way(options, screen))
        ) as client,
    ):

        @cache
        def announced() -> Client:
            screen.say(f"asking profile '{profile.name}' for names and IDs only")
            return client()

        specs = story.definitions(options, where, chosen, warn)
        plans = story.plans(where, profile, specs, story.only(options.instant), client=announced, screen=screen)
        kept = forecast.cached(options, profile, plans, announced, screen)
    return Planned(where, profile, plans, measured.forecast(plans, profile, kept))


def _said(made: Planned, form: str) -> str:
    output = made.where.output
    if form == "json":
        plans = [outline.data(plan, output, made.forecast) for plan in made.plans]
        return json.dumps(plans, indent=2, ensure_ascii=False)
    if form == "markdown":
        return page.plans(made.plans, output, made.forecast).removesuffix("\n")
    return outline.texts(made.plans, output, made.forecast)


def _compared(made: Planned) -> int:
    """Say on stderr what differs from the last kept run of the same periods. The exit code: 6 where something does."""
    code = 0
    for plan in made.plans:
        why = _outdated(made, plan)
        click.echo(f"{plan.spec.name}: {why or 'nothing differs from what is kept'}", err=True)
        code = StaleError.exit_code if why else code
    return code


def _outdated(made: Planned, plan: Plan) -> str:
    output = made.where.output
    file = output / plan.spec.name / plan.period.name / result.FILE
    if not file.is_file():
        return f"nothing is kept for {plan.period.name}"
    try:
        why = result.outdated(result.read(file), plan, sample=made.profile.service == "sample")
    except RunnerError as error:
        return str(error)
    own = [path for path in outline.files(plan, output) if "members" not in path.parts]
    missing = [str(path) for path in own if not path.is_file()]
    return why or (f"{', '.join(missing)}: not written" if missing else "")
