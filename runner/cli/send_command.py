"""``runner send``."""

from __future__ import annotations

import sys
from typing import Any

import click

from runner.cli.options import Options, Selection, output, period, selecting, shared
from runner.cli.outputs import Outputs, reported


@click.command("send")
@shared
@selecting
@period
@output
@click.option(
    "--to", metavar="ADDRESS", help="A test: e-mail everything to this allowed address only, marked as a test."
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@reported
@click.pass_obj
def command(options: Options, /, selection: Selection, outputs: Outputs, **said: Any) -> None:
    """Deliver the digests that a run has kept, each to each recipient at most once.

    The digests are made of OUTPUT/NAME/PERIOD/result.json; nobody is asked for a number. Where they go is said in each
    definition (deliver), what is allowed in runner.yaml. The ledger keeps what was sent; that is not sent again. What
    became of each delivery is printed, one a line.

    \b
      runner send weekly-sales --dry-run            who would get what
      runner send weekly-sales --to me@example.com  look at it in your own inbox
      runner send                                   everything that is due and was not sent

    Exit code 4 where a delivery was refused, deferred or is uncertain; `runner ledger` shows which.
    """
    from runner.cli import posting

    wanted = posting.Wanted(said["to"], said["dry_run"])
    sys.exit(posting.kept(options, selection, said["period"], said["output"], wanted, outputs=outputs))
