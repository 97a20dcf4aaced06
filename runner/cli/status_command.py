"""``runner status``."""

from __future__ import annotations

import json
import re
import sys
from datetime import timedelta
from typing import Any

import click

from runner.cli.options import Options, Selection, selecting, shared

ALARM = 4
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Age(click.ParamType[timedelta]):
    """A time span: a number of minutes, hours or days."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span, or a usage error that shows the form."""
        if not re.fullmatch("[0-9]{1,4}[mhd]", str(value)):
            self.fail(f"'{value}' is no age; write a number of minutes, hours or days: 30m, 26h, 2d", param, ctx)
        return timedelta(**{UNITS[value[-1]]: int(value[:-1])})


@click.command("status")
@shared
@selecting
@click.option("--fail-if-overdue", type=Age(), metavar="AGE", help="Exit 4 where a digest has been due for longer.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, selection: Selection, fail_if_overdue: timedelta | None, form: str) -> None:
    """Show how the scheduled definitions stand: last and next slot, what became of the last digest, what is overdue.

    With --fail-if-overdue it is a dead man's switch: exit 4 where a digest has been due for longer than AGE, whether it
    can still be made up for or not, or where nobody can say whether one arrived. Let something other than the machine
    that sends run it.

    \b
      runner status
      runner status --fail-if-overdue 26h
    """
    from runner.cli import agenda, standing, story
    from runner.errors import EmptySelectionError
    from runner.wiring import project

    where = project.home(options.project)
    specs = story.definitions(options, where, selection)
    found = agenda.read(options, where, specs, where.output, everything=selection == Selection())
    if not found.standings:
        raise EmptySelectionError("no definition has a schedule")
    click.echo(
        json.dumps(standing.data(found), indent=2, ensure_ascii=False) if form == "json" else standing.text(found)
    )
    if fail_if_overdue is not None and (alarms := standing.alarms(found, fail_if_overdue)):
        click.echo("\n".join(alarms), err=True)
        sys.exit(ALARM)
