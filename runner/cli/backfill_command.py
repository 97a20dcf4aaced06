"""``runner backfill``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from runner.cli.options import Options, Selection, output, selecting, shared
from runner.cli.outputs import Outputs, reported

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("backfill")
@shared
@selecting
@click.option("--from", "first", type=DAY, required=True, metavar="DATE", help="The first day.")
@click.option("--to", "last", type=DAY, metavar="DATE", help="The last day. [default: today]")
@output
@click.option("--refresh", is_flag=True, help="Also periods whose answers are kept; whatever the cache has.")
@reported
@click.pass_obj
def command(
    options: Options,
    /,
    selection: Selection,
    first: datetime,
    last: datetime | None,
    output: Path | None,
    refresh: bool,
    outputs: Outputs,
) -> None:
    """Make the digests of the past: one for each period from DATE to DATE that is over.

    The periods are those that each definition names as time goes by: weeks for last-week, a month for last-month, and
    so on. One whose result.json is kept is passed over, so that an interrupted backfill goes on when it is run again;
    one in which a job had failed is made anew. Nothing is sent; `runner send --period` does.

    \b
      runner backfill weekly-sales --from 2026-01-01
      runner backfill --from 2025-01-01 --to 2025-12-31 --refresh
    """
    from runner.cli import filling, running

    span = filling.Span(first.date(), (last or options.instant).date(), refresh)
    wanted = running.Wanted(selection, output, None, None, resume=False, refresh=refresh, no_cache=False, span=span)
    sys.exit(running.digests(options, wanted, outputs))
