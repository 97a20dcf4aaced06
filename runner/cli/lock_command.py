"""``runner lock``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from runner.cli.options import Options, Selection, selecting, shared

if TYPE_CHECKING:
    from runner.lookups.changes import Change

STALE = 6


@click.command("lock")
@shared
@selecting
@click.option("--check", is_flag=True, help="Write nothing; exit 6 if a pin is missing, unused or no longer true.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, selection: Selection, check: bool, form: str) -> None:
    """Look up every name in the definitions and keep the IDs in runner.lock, beside runner.yaml.

    A run then asks for the same users, groups, smart views, pipelines and custom fields until the file changes. What
    changed is said on stdout. All definitions of the project are read when none is named; the pins of those that are
    not named stay as they are.

    \b
      runner lock                 pin everything, take out what nothing uses
      runner lock weekly-sales    only the names in this one
      runner lock --check         is the file still true? for CI
    """
    from runner import naming
    from runner.cli import progress, story
    from runner.lookups import changes, lock
    from runner.wiring import pins, project, service

    where = project.home(options.project)
    profile = where.profile(options.profile)
    specs = story.definitions(options, where, selection)
    old = pins.read(where)
    with (
        progress.bars() as screen,
        service.connect(profile, where.root, options.instant, screen, story.way(options, screen)) as client,
    ):
        found = naming.pin(specs, client)
    new = lock.merged(old, profile.name, found, complete=selection == Selection(), profiles=where.project.profiles)
    changed = changes.between(old, new)
    _tell(changed, form)
    if check:
        click.echo(f"runner.lock is {'stale; `runner lock` writes it anew' if changed else 'fresh'}", err=True)
        sys.exit(STALE if changed else 0)
    click.echo(f"{pins.write(where, new)}: {_count(len(new[profile.name].pins))} pinned", err=True)


def _tell(changed: Sequence[Change], form: str) -> None:
    if form == "json":
        click.echo(json.dumps([asdict(change) for change in changed], indent=2, ensure_ascii=False))
    else:
        for change in changed:
            click.echo(str(change))


def _count(names: int) -> str:
    return f"{names} {'name' if names == 1 else 'names'}"
