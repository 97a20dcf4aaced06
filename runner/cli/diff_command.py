"""``runner diff``."""

from __future__ import annotations

import sys
from typing import Any

import click

from runner.cli.options import Options, output, shared


@click.command("diff")
@shared
@click.argument("first", metavar="A")
@click.argument("second", required=False, metavar="[B]")
@click.option("--report", metavar="NAME", help="The report of a side that begins with @. [default: that of the other]")
@click.option("--period", metavar="NAME", help="Take both definitions' numbers from these kept answers; ask nobody.")
@click.option("--all", "everything", is_flag=True, help="List the numbers that are the same, too.")
@click.option("--exit-code", is_flag=True, help="Exit with 6 where something differs.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@output
@click.pass_obj
def command(options: Options, /, **said: Any) -> None:
    """Show what moved between two results of a report, or between two versions of its definition.

    Rows, columns and jobs are found by their keys. What is asked differently is said with its lines.

    \b
    A and B are each one of
      NAME@PERIOD, NAME@latest  a kept result; @PERIOD where the other side names the report
      NAME@git:REF              the definition as it is in a commit
      NAME                      the definition as it is now
      PATH                      a result.json, or the folder it is in
      REF:PATH/result.json      a result that is committed
    \b
      runner diff weekly-sales@2026-W46 @2026-W47   two weeks
      runner diff weekly-sales@git:main             what a change of the definition does
      runner diff weekly-sales                      the same against the last commit
      runner diff weekly-sales@2026-W47             a kept week against the latest
    """
    from runner.cli import comparing

    sys.exit(comparing.difference(options, comparing.Wanted(**said)))
