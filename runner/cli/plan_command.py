"""``runner plan``."""

from __future__ import annotations

import click

from runner.cli.options import Options, Selection, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("plan")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reported
@click.pass_obj
def command(options: Options, /, selection: Selection, form: str, outputs: Outputs) -> None:
    """Show every request a run would make, with absolute ranges, and every file it would write.

    No number is asked. Names of users, smart views and the like are taken from runner.lock; those that are not pinned
    there are looked up first, and stderr says so.

    \b
      runner plan weekly-sales
      runner plan --as-of 2026-03-09 --format json
    """
    from runner.cli import planning

    planning.show(options, selection, form, outputs)
