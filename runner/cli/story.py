"""What ``plan`` and ``run`` do: read all definitions first, then find all names, plan all, then ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import click

from runner import endpoints, naming, run
from runner.cli import progress
from runner.cli.options import Options
from runner.client import Client
from runner.errors import DefinitionError, RunnerError, Severity
from runner.lookups import shown
from runner.model import Answer, Ask, FailedSection, Failure, Plan, Profile, Spec
from runner.wiring import project, service
from runner.wiring.project import Home


def definitions(where: Home, names: Sequence[str]) -> list[Spec]:
    """The definitions named; DefinitionError with every problem of all of them. Warnings go to stderr."""
    specs, problems = project.read(where, project.paths(where, names))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(*errors)
    for warning in problems:
        click.echo(f"{warning}\n", err=True)
    return specs


def planned(options: Options, names: Sequence[str]) -> tuple[Home, list[Plan]]:
    """The project and a plan for each definition named. The service is asked for names that are not pinned, only."""
    where = project.home(options.project)
    profile = where.profile(options.profile)
    with progress.bars() as show, service.when_needed(profile, where.root, options.instant, show) as client:

        @cache
        def announced() -> Client:
            click.echo(f"asking profile '{profile.name}' for names and IDs only", err=True)
            return client()

        return where, _plans(where, profile, definitions(where, names), options.instant, client=announced)


def digests(options: Options, names: Sequence[str], output: Path | None) -> int:
    """Run the definitions: how it goes to stderr, the files written to stdout. The exit code."""
    where = project.home(options.project)
    profile = where.profile(options.profile)
    instant = options.instant
    specs = definitions(where, names)
    sample = profile.service == "sample"
    outcomes = []
    with progress.bars() as show, service.when_needed(profile, where.root, instant, show) as client:
        made = _plans(where, profile, specs, instant, client=client, checked=True)
        if sample:
            click.echo(
                "sample data: every number is invented; a profile in runner.yaml asks your own account", err=True
            )
        for plan in made:
            outcome = run.run(plan, client(), output or where.output, sample=sample, listener=_listener(plan, show))
            _tell(plan, outcome)
            outcomes.append(outcome)
    return 0 if all(outcome.complete for outcome in outcomes) else RunnerError.exit_code


def _plans(
    where: Home,
    profile: Profile,
    specs: Sequence[Spec],
    instant: datetime,
    *,
    client: Callable[[], Client],
    checked: bool = False,
) -> list[Plan]:
    """A plan for each definition; DefinitionError with every problem of all of them before any number is asked.

    ``checked`` asks the service whether it is of the organization that runner.lock pins.
    """
    named = naming.resolve(specs, project.pinned(where).get(profile.name), client, checked=checked)
    unpinned = dict.fromkeys(shown(name.text) for each in named for name in each.unpinned)
    if unpinned:
        said = ", ".join(f"'{name}'" for name in unpinned)
        click.echo(f"not pinned: {said}; `runner lock` keeps the IDs they stand for", err=True)
    return [replace(endpoints.plan(each.spec, instant, each.organization), lookups=each.lookups) for each in named]


def _listener(plan: Plan, show: progress.Show) -> run.Listener:
    total, answered = len({ask.query.key for ask in plan.asks}), 0

    def hear(*_: Ask | Answer | Failure) -> None:
        nonlocal answered
        answered += 1
        show(plan.spec.name, answered, total)

    return hear


def _tell(plan: Plan, outcome: run.Outcome) -> None:
    """A line for the definition and one a job on stderr, the places of what was refused, the files on stdout."""
    against = "".join(f" vs {period.name}" for period in plan.compared)
    click.echo(f"{plan.spec.name}  {plan.period.name}{against}  {plan.spec.timezone}", err=True)
    width = max(len(job.name) for job in plan.spec.jobs)
    for section in outcome.digest.sections:
        failed = isinstance(section, FailedSection)
        asked = len({ask.query.key for ask in plan.asks if ask.job.name == section.job})
        said = section.reason if isinstance(section, FailedSection) else f"{asked} requests"
        click.echo(f"  {'failed' if failed else 'ok    '}  {section.job:{width}}  {said}", err=True)
    for failure in outcome.failures:
        click.echo(f"\n{failure.problem}\n" if failure.problem else f"  warning: {failure.reason}", err=True)
    if plan.spec.delivers:
        click.echo("  warning: not delivered; this version writes files only", err=True)
    for file in outcome.files:
        click.echo(str(project.shown(file.resolve())))
