"""What ``explain`` does: a kept result, a number in it, where it is from, and the leads behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click

from runner import endpoints
from runner.cli import kept, progress, story
from runner.cli.options import Options
from runner.explain import Explanation, cells, explain, records, words
from runner.explain.records import Records
from runner.result import Result
from runner.wiring import project, service
from runner.wiring.project import Home


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    report: str
    job: str
    cell: str
    table: str | None
    period: str | None
    output: Path | None
    records: bool
    form: str


def number(options: Options, wanted: Wanted) -> None:
    """Print where the number is from."""
    where = project.home(options.project)
    one = kept.find(where, wanted.output or where.output, wanted.report, wanted.period)
    plan, answers = kept.plan(where, one)
    digest = endpoints.digest(plan, answers, sample=one.sample)
    explained = explain(plan, answers, digest, cells.find(digest, wanted.job, wanted.cell, wanted.table))
    again = words.curl(explained, where.profile(options.profile))
    behind = _records(options, where, one, explained) if wanted.records else None
    if wanted.form == "json":
        said = words.data(explained, str(one.file), again, behind)
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        click.echo(words.text(explained, str(one.file), again, behind))


def _records(options: Options, where: Home, one: Result, explained: Explanation) -> Records:
    """The leads as the profile's service knows them; of the sample organization as of the result's instant."""
    profile = where.profile(options.profile)
    kept.belongs(one, profile)
    with (
        progress.bars() as screen,
        service.when_needed(
            profile, where.root, options.as_of or one.as_of, screen, story.way(options, screen)
        ) as client,
    ):
        return records.find(explained, lambda query: client().ask(query))
