"""``runner schema``."""

from __future__ import annotations

import click

from runner import assets


@click.command("schema")
@click.argument("name", type=click.Choice(["report", "runner"]), default="report")
def command(name: str) -> None:
    """Print the JSON Schema of report definitions (report) or of runner.yaml (runner).

    Editors take it from the first line of a definition:

    \b
      # yaml-language-server: $schema=report.schema.json
    """
    click.echo((assets.folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"), nl=False)
