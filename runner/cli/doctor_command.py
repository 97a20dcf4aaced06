"""``runner doctor``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from runner.cli.options import Options, shared

if TYPE_CHECKING:
    from runner.cli.check import Check
    from runner.model import Json


@click.command("doctor")
@shared
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, form: str) -> None:
    """See whether settings, access and this machine are in order: ok, warning or failed, with a remedy.

    One small request (me/) is made of the profile's service, none of any other. Nothing is written, but that OAuth
    tokens which have run out are renewed as by any request. No secret is shown.

    \b
      runner doctor
      runner doctor --profile live --format json

    Exit code 2 when a setting or this machine has to be mended, 3 when the service does not answer as it should.
    """
    from runner.cli import examination, progress

    with progress.bars() as screen:
        found = []
        for check in examination.checks(options, screen):
            found.append(check)
            if form == "text":
                screen.result(_line(check))
    if form == "json":
        click.echo(json.dumps([_data(check) for check in found], indent=2, ensure_ascii=False))
    sys.exit(min((check.code for check in found if check.code), default=0))


def _line(check: Check) -> str:
    remedy = f"\n{'':9}{check.remedy}" if check.remedy else ""
    return f"{check.status:7}  {check.what:13}  {check.detail}{remedy}"


def _data(check: Check) -> dict[str, Json]:
    return {"status": check.status, "what": check.what, "detail": check.detail, "remedy": check.remedy}
