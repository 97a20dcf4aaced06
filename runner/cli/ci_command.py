"""``runner ci``: ``comment``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from runner.cli.options import Options, selecting, shared


@click.group("ci")
@shared
def command() -> None:
    """Help a pull request to be reviewed.

    \b
      runner ci comment --base origin/main    what do the changed definitions do?
    """


@command.command("comment", short_help="Write what a change of definitions does, as a comment for its pull request.")
@shared
@selecting
@click.option(
    "--base",
    metavar="REF",
    help="The branch that the change is to go into. [default: what GitHub or GitLab says it is]",
)
@click.option(
    "--replay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Take the numbers from this recording, as of its instant; else they are those of the sample organization.",
)
@click.option("--id", "name", metavar="WORD", default="", help="Tells this comment from others of runner.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to this file. [default: stdout]",
)
@click.pass_obj
def comment(options: Options, /, **said: Any) -> None:
    """Write a comment in Markdown: are the changed definitions right, what moves in their digests, what would be asked?

    Each definition is made as it is at BASE and as it is now, as of one instant, and the digests are compared. No
    secret is needed: the numbers are of the sample organization or of a recording, unless a profile is named. Its first
    line is a mark that nobody sees, by which the next comment takes its place; docs/ci.md has the step that posts it.

    The exit code does not say whether the definitions are right; `runner validate` does.
    """
    from runner.cli import comment as comments
    from runner.cli import review

    comments.put(review.made(options, review.Wanted(**said)))
