"""``runner explain``."""

from __future__ import annotations

from typing import Any

import click

from runner.cli.options import Options, output, period, shared


@click.command("explain")
@shared
@click.argument("report")
@click.argument("job")
@click.argument("cell")
@period
@click.option("--table", metavar="KEY", help="The table, by its key. [default: the first that has the number]")
@click.option("--records", is_flag=True, help="Ask for the leads behind the number, and list them.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output
@click.pass_obj
def command(options: Options, /, **said: Any) -> None:
    """Trace a number of a kept result: who asked for it, how it was asked, where it stands, how it is counted.

    CELL is ROW/COLUMN, or COLUMN for the total, by keys or by labels. Nobody is asked, except with --records.

    \b
      runner explain weekly-sales leaderboard "Ann Lee/Outbound calls"
      runner explain weekly-sales team-by-day calls.outbound.all.count --records
      runner explain lead-statuses all-leads Qualified/gained --period 2026-10
    """
    from runner.cli import explaining

    explaining.number(options, explaining.Wanted(**said))
