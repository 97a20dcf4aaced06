"""``runner validate``."""

from __future__ import annotations

import sys

import click

from runner.cli.options import Options, Selection, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("validate")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reported
@click.pass_obj
def command(options: Options, /, selection: Selection, form: str, outputs: Outputs) -> None:
    """Check definitions and say where each is wrong: FILE:LINE:COLUMN, the line, the remedy.

    All problems of all files are said in one go, in file order. Nothing is asked of any service. Without PATHS
    everything in the project's reports folder is checked.

    \b
      runner validate
      runner validate reports/weekly-sales.yaml --format json
      runner validate --output-format sarif:runner.sarif --output-format junit:runner.xml
    """
    from runner.cli import validating

    sys.exit(validating.validate(options, selection, form, outputs))
