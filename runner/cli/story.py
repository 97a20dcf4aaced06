"""What ``plan`` and ``run`` do: read all definitions first, then plan all, then ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from runner import endpoints, run
from runner.cli import progress
from runner.cli.options import Options
from runner.errors import DefinitionError, RunnerError, Severity
from runner.model import Answer, Ask, FailedSection, Failure, Plan
from runner.wiring import project, service
from runner.wiring.project import Home


def plans(where: Home, names: Sequence[str], instant: datetime) -> list[Plan]:
    """A plan for each definition named; DefinitionError with every problem of all of them before anything is asked."""
    specs, problems = project.read(where, project.paths(where, names))
    made: list[Plan] = []
    for spec in specs:
        try:
            made.append(endpoints.plan(spec, instant))
        except DefinitionError as error:
            problems += error.problems
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(*errors)
    for warning in problems:
        click.echo(f"{warning}\n", err=True)
    return made


def digests(options: Options, names: Sequence[str], output: Path | None) -> int:
    """Run the definitions: how it goes to stderr, the files written to stdout. The exit code."""
    where = project.home(options.project)
    profile = where.profile(options.profile)
    instant = options.instant
    made = plans(where, names, instant)
    sample = profile.service == "sample"
    if sample:
        click.echo("sample data: every number is invented; a profile in runner.yaml asks your own account", err=True)
    outcomes = []
    with progress.bars() as show, service.connect(profile, where.root, instant, show) as client:
        for plan in made:
            outcome = run.run(plan, client, output or where.output, sample=sample, listener=_listener(plan, show))
            _tell(plan, outcome)
            outcomes.append(outcome)
    return 0 if all(outcome.complete for outcome in outcomes) else RunnerError.exit_code


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
