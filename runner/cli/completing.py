"""The schema of definitions with the organization's own names in it."""

from __future__ import annotations

import json

from runner import naming
from runner.cli import progress, story
from runner.cli.options import Options
from runner.lookups import shown
from runner.spec import completion
from runner.wiring import project, service


def schema(options: Options) -> str:
    """The schema as text; the profile's service is asked for metrics, people, groups, smart views, pipelines."""
    where = project.home(options.project)
    profile = where.profile(options.profile)
    with (
        progress.bars() as screen,
        service.connect(profile, where.root, options.instant, screen, story.way(options, screen)) as client,
    ):
        organization, words = naming.vocabulary(client, screen.say)
        counts = ", ".join(f"{len(found)} of {kind.replace('_', ' ')}" for kind, found in words.items())
        screen.say(f"names of {shown(organization.name)} to be offered: {counts}")
    note = f"With the names of {shown(organization.name)} ({organization.id}); they do not belong in a public place."
    return json.dumps(completion.completed(words, note), indent=2, ensure_ascii=False) + "\n"
