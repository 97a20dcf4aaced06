"""``runner init``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".", metavar="[FOLDER]")
@click.option("--github", "services", flag_value="github", help="Also workflows for GitHub.")
@click.option("--gitlab", "services", flag_value="gitlab", help="Also a pipeline for GitLab.")
@click.option("--all", "services", flag_value="github gitlab", help="Both.")
@click.option("--no-ci", "services", flag_value="", help="Neither. [default: whoever has the git remote]")
def command(folder: Path, services: str | None) -> None:
    """Begin a project in FOLDER that works at once: settings, three reports, what editors and CI need.

    It runs on the invented sample organization until runner.yaml names your own account. A file that is there already
    stays as it is, so the command can be run again: in a fresh clone it brings back the schemas that editors use. The
    files written are printed, one a line; stderr says what was there, and what to do next.

    \b
      runner init                 here
      runner init sales --github  in a folder that is made, with workflows
    """
    from runner.cli import beginning

    beginning.begin(folder, None if services is None else services.split())
