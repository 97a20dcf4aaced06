"""``runner validate``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from runner.cli.options import Options, Selection, selecting, shared

if TYPE_CHECKING:
    from runner.errors import Problem
    from runner.model import Json, Spec


@click.command("validate")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, selection: Selection, form: str) -> None:
    """Check definitions and say where each is wrong: FILE:LINE:COLUMN, the line, the remedy.

    All problems of all files are said in one go, in file order. Nothing is asked of any service. Without PATHS
    everything in the project's reports folder is checked.

    \b
      runner validate
      runner validate reports/weekly-sales.yaml --format json
    """
    from runner.cli import choosing
    from runner.errors import DefinitionError, Severity
    from runner.wiring import project

    where = project.home(options.project)
    specs: list[Spec] = []
    problems = project.read(where, choosing.paths(options, where, selection), specs.append)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if form == "json":
        click.echo(json.dumps([_data(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(f"{problem}\n")
        click.echo(_summary(len(specs), errors), err=bool(errors))
    sys.exit(DefinitionError.exit_code if errors else 0)


def _summary(right: int, errors: int) -> str:
    if errors:
        return f"{errors} {'error' if errors == 1 else 'errors'}"
    return f"{right} {'definition is' if right == 1 else 'definitions are'} right"


def _data(problem: Problem) -> dict[str, Json]:
    return {
        "file": problem.location.file,
        "line": problem.location.line,
        "column": problem.location.column,
        "severity": problem.severity.value,
        "rule": problem.rule,
        "message": problem.message,
        "hint": problem.hint,
    }
