"""What ``plan`` does, and what it says."""

from __future__ import annotations

import json

import click

from runner.cli import accounts, outline, story
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs


def show(options: Options, chosen: Selection, form: str, outputs: Outputs) -> None:
    """Plan the definitions and say what a run of them would do."""
    where, made = story.planned(options, chosen, outputs.warning)
    for plan in made:
        outputs.definition(accounts.planned(plan, outline.files(plan, where.output)))
    if not outputs.plain:
        return
    if form == "json":
        click.echo(json.dumps([outline.data(plan, where.output) for plan in made], indent=2, ensure_ascii=False))
    else:
        click.echo(outline.texts(made, where.output))
