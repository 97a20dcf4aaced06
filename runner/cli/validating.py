"""What ``validate`` does, and what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from runner.cli import accounts, choosing
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs
from runner.errors import DefinitionError, Problem, Severity
from runner.outputs import Definition, events
from runner.wiring import project


def validate(options: Options, chosen: Selection, form: str, outputs: Outputs) -> int:
    """Check the definitions and say what is wrong. The exit code."""
    where = project.home(options.project)
    right: list[Definition] = []
    files = choosing.paths(options, where, chosen)
    problems = project.read(where, files, lambda spec: right.append(accounts.right(spec)))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    for problem in problems:
        outputs.problem(problem)
    for definition in right:
        outputs.definition(definition)
    if outputs.plain:
        _say(problems, len(right), errors, form)
    return DefinitionError.exit_code if errors else 0


def _say(problems: Sequence[Problem], right: int, errors: int, form: str) -> None:
    if form == "json":
        click.echo(json.dumps([events.problem(problem) for problem in problems], indent=2, ensure_ascii=False))
        return
    for problem in problems:
        click.echo(f"{problem}\n")
    click.echo(_summary(right, errors), err=bool(errors))


def _summary(right: int, errors: int) -> str:
    if errors:
        return f"{errors} {'error' if errors == 1 else 'errors'}"
    return f"{right} {'definition is' if right == 1 else 'definitions are'} right"
