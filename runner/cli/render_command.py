"""``runner render``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from runner.cli.options import Options, Selection, output, period, selecting, shared


@click.command("render")
@shared
@selecting
@period
@output
@click.pass_obj
def command(options: Options, selection: Selection, period: str | None, output: Path | None) -> None:
    """Make digests again from the answers that a run kept, asking nobody.

    The files are written beside OUTPUT/NAME/PERIOD/result.json, with the definition, its formats and the templates as
    they are now; where none of them has changed, they are the same bytes. The files written are printed, one a line.

    \b
      runner render weekly-sales                    the latest period, after a change of a template
      runner render weekly-sales --period 2026-W46  an earlier one

    Exit code 3 where the definition now asks what was not asked then, or a job had failed then.
    """
    from runner.cli import rendering

    sys.exit(rendering.digests(options, selection, period, output))
