"""``runner preview``."""

from __future__ import annotations

from pathlib import Path

import click

from runner.cli.options import Options, shared


@click.command("preview")
@shared
@click.argument("name", metavar="NAME|PATH")
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="0 takes any free port.")
@click.option(
    "--replay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Ask nobody: take every answer from this recording, as of its instant.",
)
@click.pass_obj
def command(options: Options, name: str, port: int, replay: Path | None) -> None:
    """Show a digest in the browser in all its forms, and anew whenever a file changes.

    The numbers are asked once. The page, at the address on stdout, shows the digest as a phone, a desktop, a reader in
    the dark and a terminal do, beside each other. It follows every change of a template, of the definition and of
    runner.yaml; what a changed definition needs besides is asked then. A mistake is shown in the page with its place,
    until the next change mends it.

    Only this machine can reach the page. Nothing is written or sent. Stop it with Ctrl-C or SIGTERM.

    \b
      runner preview weekly-sales
      runner preview weekly-sales --as-of 2026-11-23 --port 0
    """
    from runner.cli import previewing

    previewing.serve(options, name, port=port, replay=replay)
