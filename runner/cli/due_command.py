"""``runner due``."""

from __future__ import annotations

import json

import click

from runner.cli.options import Options, Selection, selecting, shared


@click.command("due")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, selection: Selection, form: str) -> None:
    """Show the digests that schedules owe now: period, due when, how late, what is missing for whom.

    Nothing is asked, made or sent: `runner run --due` does that. What was missed for longer than max_catchup is shown
    too, and is never made up for. Where nothing is due it says so, and what is due next.

    \b
      runner due
      runner due --as-of 2026-11-30T08:00-05:00  what would be owed then
    """
    from runner.cli import agenda, story
    from runner.wiring import project

    where = project.home(options.project)
    found = agenda.read(options, where, story.definitions(options, where, selection), where.output)
    if form == "json":
        click.echo(json.dumps(agenda.due_data(found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(agenda.lines(found)))
