"""What ``render`` does: digests of what was kept."""

from __future__ import annotations

from pathlib import Path

import click

from runner import result, run
from runner.cli import checking, story
from runner.cli.options import Options, Selection
from runner.errors import RunnerError
from runner.model import FailedSection
from runner.wiring import project


def digests(options: Options, selection: Selection, period: str | None, output: Path | None) -> int:
    """Write the digests anew; nothing is written unless all can be made. The exit code."""
    where = project.home(options.project)
    folder = output or where.output
    specs = list(story.definitions(options, where, selection))
    kept = [result.read(result.find(folder / spec.name, period)) for spec in specs]
    plans = story.recalled(where, specs, kept)
    answers = [result.answers(one, plan) for one, plan in zip(kept, plans, strict=True)]
    failed = alarmed = 0
    for one, plan, said in zip(kept, plans, answers, strict=True):
        outcome = run.again(plan, said, one.file.parent, sample=one.sample, templates=where.templates)
        failed += not outcome.complete
        alarmed += checking.failed(outcome.digest)
        _tell(outcome)
    return RunnerError.exit_code if failed else checking.FAILED if alarmed else 0


def _tell(outcome: run.Outcome) -> None:
    for section in outcome.digest.sections:
        if isinstance(section, FailedSection):
            click.echo(f"{outcome.plan.spec.name}: job '{section.job}' had failed: {section.reason}", err=True)
    for problem in checking.problems(outcome.digest):
        click.echo(f"\n{problem}\n", err=True)
    for file in outcome.files:
        click.echo(str(project.shown(file.resolve())))
