"""``runner run``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from runner.cli.options import Options, Selection, output, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("run")
@shared
@selecting
@output
@click.option(
    "--record",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also keep every answer of the service in this folder, as JSON fit for git.",
)
@click.option(
    "--replay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Ask nobody: take every answer from this recording, as of its instant.",
)
@click.option("--resume", is_flag=True, help="Go on with the last run, where it was interrupted or where a job failed.")
@click.option("--refresh", is_flag=True, help="Ask for every number, whatever the cache has.")
@click.option("--no-cache", is_flag=True, help="Neither read the cache nor write to it.")
@click.option("--due", is_flag=True, help="Only what is owed by a schedule, each as of its slot.")
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Do what this plan says, as of its instant; exit with 6 where that is not what would be done now.",
)
@click.option("--send", is_flag=True, help="Also deliver the digests, as the definitions say, each at most once.")
@click.option("--to", metavar="ADDRESS", help="With --send: e-mail all to this allowed address only, marked as a test.")
@click.option("--dry-run", is_flag=True, help="With --send: say what would be sent, and send nothing.")
@click.option("--show", is_flag=True, help="Print each digest's text; the files written are then said on stderr.")
@reported
@click.pass_obj
def command(options: Options, /, selection: Selection, outputs: Outputs, **said: Any) -> None:
    """Ask the service, render the digests, write them to out/NAME/PERIOD.

    NAMES are definitions of the project, PATHS are files or folders; all of the project's when none is named. How it
    goes is said on stderr, the files written on stdout, one a line; --show prints the digests there instead.

    \b
      runner run                                           every definition
      runner run weekly-sales --as-of 2026-11-23           as on that day: the same files every time
      runner run reports/weekly-sales.yaml --profile live  ask your own account
      runner run --due --send                              what schedules owe now: the line for cron

    Names in the definitions stand for the IDs in runner.lock; those that are not pinned there are looked up first.

    A job that fails costs its own part of the digest only; the exit code is then 3. It is 1 where a check of the
    definition failed and nothing else did. Ctrl-C keeps what came; --resume asks for the rest.
    """
    from runner.cli import running

    if said["due"] and (said["record"] or said["replay"] or said["resume"]):
        raise click.UsageError("--due runs each definition for its own instant; leave out --record, --replay, --resume")
    if said["record"] and said["replay"]:
        raise click.UsageError("--record keeps what a service says, --replay asks none; say one of them")
    if said["plan"] and (said["due"] or said["output"] or said["replay"] or said["resume"]):
        raise click.UsageError("--plan says what to run and where to; leave out --due, --output, --replay, --resume")
    if (said["to"] or said["dry_run"]) and not said["send"]:
        raise click.UsageError("--to and --dry-run say how to send; add --send")
    sys.exit(running.digests(options, running.Wanted(selection, **said), outputs))
