"""``runner list``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from runner.cli.options import Options, Selection, selecting, shared

if TYPE_CHECKING:
    from runner.model import Json, Spec


@click.command("list")
@shared
@selecting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def command(options: Options, selection: Selection, form: str) -> None:
    """List the report definitions: name, title, jobs."""
    from runner.cli import choosing
    from runner.errors import DefinitionError, Severity
    from runner.wiring import project

    where = project.home(options.project)
    specs: list[Spec] = []
    problems = project.read(where, choosing.paths(options, where, selection), specs.append)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(*errors)
    if form == "json":
        click.echo(json.dumps([_data(spec) for spec in specs], indent=2, ensure_ascii=False))
        return
    width = max(len(spec.name) for spec in specs)
    for spec in specs:
        jobs = ", ".join(f"{job.name} ({job.endpoint})" for job in spec.jobs)
        click.echo(f"{spec.name:{width}}  {spec.title}: {jobs}")


def _data(spec: Spec) -> dict[str, Json]:
    return {
        "name": spec.name,
        "file": spec.source.file,
        "title": spec.title,
        "description": spec.description,
        "timezone": spec.timezone,
        "formats": list(spec.formats),
        "jobs": [{"name": job.name, "title": job.title, "endpoint": job.endpoint} for job in spec.jobs],
    }
