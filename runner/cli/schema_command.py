"""``runner schema``."""

from __future__ import annotations

from pathlib import Path

import click

from runner import assets
from runner.cli.options import Options, shared


@click.command("schema")
@shared
@click.argument("name", type=click.Choice(["report", "test", "runner"]), default="report")
@click.option("--from-org", is_flag=True, help="With the names of the organization that the profile asks; report only.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it there.")
@click.pass_obj
def command(options: Options, name: str, from_org: bool, output: Path | None) -> None:
    """Print the JSON Schema of report definitions (report), of their tests (test) or of runner.yaml (runner).

    Editors take it from the first line of a definition:

    \b
      # yaml-language-server: $schema=report.schema.json

    With --from-org editors offer the metrics, users, groups, smart views, pipelines and fields that there are. What is
    right and what is wrong stays the same.
    """
    if from_org and name != "report":
        raise click.UsageError("--from-org is for the schema of definitions: runner schema report --from-org")
    if from_org:
        from runner.cli import completing

        text = completing.schema(options)
    else:
        text = (assets.folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    if output is None:
        click.echo(text, nl=False)
    else:
        from runner import files
        from runner.model import Document

        files.write(output.parent, [Document(output.name, text.encode())])
        click.echo(str(output))
