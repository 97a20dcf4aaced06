"""``runner plan``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from runner.cli.options import Options, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("plan")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the plan in this file; `runner run --plan FILE` does exactly this, or nothing.",
)
@click.option(
    "--detailed-exitcode", "detailed", is_flag=True, help="Exit with 6 unless a run would give what the last one kept."
)
@reported
@click.pass_obj
def command(options: Options, /, outputs: Outputs, **said: Any) -> None:
    """Show every request a run would make, with absolute ranges, and every file it would write.

    No number is asked. Names of users, smart views and the like are taken from runner.lock; those that are not pinned
    there are looked up first, and stderr says so. At the end is what it costs: which requests the profile's cache
    answers, and how long the others take.

    \b
      runner plan weekly-sales
      runner plan --as-of 2026-03-09 --format json
      runner plan --out plan.json    and, once it is approved: runner run --plan plan.json
    """
    from runner.cli import planning

    sys.exit(planning.show(options, planning.Wanted(**said), outputs))
