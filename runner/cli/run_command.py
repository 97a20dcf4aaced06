"""``runner run``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from runner.cli.options import Options, shared


@click.command("run")
@shared
@click.argument("names", nargs=-1, metavar="[NAMES|PATHS]...")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where digests go. [default: out, or what runner.yaml says]",
)
@click.pass_obj
def command(options: Options, names: tuple[str, ...], output: Path | None) -> None:
    """Ask the service, render the digests, write them to out/NAME/PERIOD.

    NAMES are definitions of the project, PATHS are files or folders; all of the project's when none is named. How it
    goes is said on stderr, the files written on stdout, one a line.

    \b
      runner run                                           every definition
      runner run weekly-sales --as-of 2026-11-23           as on that day: the same files every time
      runner run reports/weekly-sales.yaml --profile live  ask your own account

    Names in the definitions stand for the IDs in runner.lock; those that are not pinned there are looked up first.

    A job that fails costs its own part of the digest only; the exit code is then 3.
    """
    from runner.cli import story

    sys.exit(story.digests(options, names, output))
