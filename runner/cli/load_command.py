"""``runner load``."""

from __future__ import annotations

from pathlib import Path

import click

from runner.cli.options import shared


@click.command("load")
@shared
@click.argument("dump", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("store", type=click.Path(file_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read, and list every one of them.")
def command(dump: Path, store: Path, skip_bad: bool) -> None:
    """Load DUMP, a folder of exported data, into the folder STORE.

    DUMP holds one file per API resource (organization user group lead_status pipeline saved_search email_template lead
    activity), each a JSON array or NDJSON, plain or gzip. A bad row stops the load with its file, line and id; the
    store is then as it was before.

    \b
      runner load export/ data/store
      RUNNER_SERVE_KEY=secret runner serve --data data/store
    """
    from runner.cli import progress
    from runner.engine import load

    with progress.bars() as show:
        loaded = load.load(dump, store, skip_bad=skip_bad, progress=show)
    for name in loaded.ignored:
        click.echo(f"not read: {name} is no file of a dump", err=True)
    for row in loaded.skipped:
        click.echo(f"skipped {row.file}:{row.line}: {row.id or 'no id'}: {row.reason}", err=True)
    for table, count in loaded.rows.items():
        click.echo(f"{count:>12,}  {table}")
