"""``runner ledger``: ``list``, ``show``, ``resolve``."""

from __future__ import annotations

import json
from typing import Any

import click

from runner.cli.options import Options, shared
from runner.model import State

REASON = 500
"""Most characters of a reason."""

FORM = click.Choice(["text", "json"])


class Line(click.ParamType[str]):
    """One line of text that somebody will read."""

    name = "line"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without blanks round it, or a usage error that says what it must be."""
        said = str(value).strip()
        if not said or not said.isprintable() or len(said) > REASON:
            self.fail(f"say it in one line of 1 to {REASON} characters, none of them a control character", param, ctx)
        return said


@click.group("ledger")
@shared
def command() -> None:
    """See what was delivered, and say what became of a delivery that nobody can be sure of.

    Each digest goes to each recipient at most once. What became of it is in the ledger: planned and deferred are tried
    by the next run; sent, skipped, refused and uncertain are not, until a person resolves one.

    \b
      runner ledger list --state uncertain     what is in doubt?
      runner ledger show 3f2a                  everything about one; the start of its ID will do
      runner ledger resolve 3f2a --sent --reason "Ann has it"
    """


@command.command("list", short_help="List the deliveries, the newest last.")
@shared
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    metavar="STATE",
    help="Only those that are planned, attempting, sent, skipped, refused, deferred or uncertain; may be repeated.",
)
@click.option("--report", metavar="NAME", help="Only those of this report, with its members and failures.")
@click.option("--format", "form", type=FORM, default="text", show_default=True)
@click.pass_obj
def list_(options: Options, states: tuple[str, ...], report: str | None, form: str) -> None:
    """List the deliveries, the newest last: ID, state, since when, report, period, channel, recipient, reason.

    Times are in the project's time zone. Only reads, and waits for no run.
    """
    from runner.cli import entries
    from runner.wiring import ledger, project

    where = project.home(options.project)
    found = entries.chosen(ledger.at(where, options.now, _say).entries(), states, report)
    if form == "json":
        click.echo(json.dumps([entries.data(entry) for entry in found], indent=2, ensure_ascii=False))
        return
    for line in entries.lines(found, where.project.timezone):
        click.echo(line)
    click.echo(entries.counts(found), err=True)


@command.command("show", short_help="Show one, and what can be done about it.")
@shared
@click.argument("identity", metavar="ID")
@click.option("--format", "form", type=FORM, default="text", show_default=True)
@click.pass_obj
def show(options: Options, identity: str, form: str) -> None:
    """Show everything about one delivery, and what can be done about it. The start of its ID will do."""
    from runner.cli import entries
    from runner.wiring import ledger, project

    where = project.home(options.project)
    entry = entries.one(ledger.at(where, options.now, _say).entries(), identity)
    if form == "json":
        click.echo(json.dumps(entries.data(entry), indent=2, ensure_ascii=False))
        return
    click.echo(entries.text(entry, where.project.timezone))
    if advice := entries.advice(entry):
        click.echo(advice, err=True)


@command.command("resolve", short_help="Say what became of one that is in doubt.")
@shared
@click.argument("identity", metavar="ID")
@click.option("--sent", is_flag=True, help="It has arrived: never send it again.")
@click.option("--resend", is_flag=True, help="It has not: the next run sends it.")
@click.option(
    "--reason", required=True, type=Line(), metavar="TEXT", help="How you know; one line, kept in the ledger."
)
@click.pass_obj
def resolve(options: Options, identity: str, sent: bool, resend: bool, reason: str) -> None:
    """Say what became of a delivery that is uncertain, or have one that was refused sent again.

    Look at the other end first: in the recipient's inbox, the channel, the mail server's log. --resend for a delivery
    that did arrive makes a second one. Waits for a run that is under way.

    \b
      runner ledger resolve 3f2a --sent --reason "Ann has it"
      runner ledger resolve 3f2a --resend --reason "not in the mail server's log"
    """
    from runner.cli import entries
    from runner.wiring import ledger, project

    if sent == resend:
        raise click.UsageError("say what became of it: either --sent or --resend")
    book = ledger.at(project.home(options.project), options.now, _say)
    entries.one(book.entries(), identity)  # before a ledger is begun for nothing
    with book:
        entry = entries.one(book.entries(), identity)
        moved = book.resolve(entry, State.SENT if sent else State.PLANNED, reason, options.now)
    click.echo(f"{entry.id} ({entry.key}): {entry.state.value} -> {moved.state.value}")


def _say(line: str) -> None:
    click.echo(line, err=True)
