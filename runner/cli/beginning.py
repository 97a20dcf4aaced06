"""What ``init`` does, and what it says to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from runner.wiring import project, starter
from runner.wiring.starter import Begun

WORKFLOWS = {
    "github": "GitHub: Settings, Environments: `reports` holds the secrets, for the default branch only",
    "gitlab": "GitLab: variables, a schedule and the job token, as .gitlab-ci.yml says at its top",
}
LASTING = re.compile(rb"^[^#\n]*store: *git", re.MULTILINE)
GIT_LEDGER = "runner.yaml: say `ledger: {store: git}`; a machine of CI forgets every other ledger"
WHEEL = "runner was installed from a folder: requirements.txt says how CI gets it"


def begin(folder: Path, services: Sequence[str] | None) -> None:
    """Write what is missing of a project: the files written to stdout, all else to stderr."""
    begun = starter.begin(folder, services)
    for path in begun.written:
        click.echo(str(project.shown(path.resolve())))
    for path in begun.kept:
        click.echo(f"{project.shown(path.absolute())} was there and stays as it is", err=True)
    click.echo("\n".join(["", "next:", *(f"  {line}" for line in _next(folder, begun))]), err=True)


def _next(folder: Path, begun: Begun) -> Iterator[str]:
    if folder.resolve() != Path.cwd():
        yield f"cd {folder}"
    yield "runner validate                  are the definitions right?"
    yield "runner run weekly-sales --show   a digest of the sample organization"
    yield "runner lock                      keep the IDs that names stand for; commit runner.lock"
    yield "runner doctor --profile live     when runner.yaml has the profile `live`: your own account"
    if begun.services and not LASTING.search((folder / project.SETTINGS).read_bytes()):
        yield GIT_LEDGER
    if any(path.name == "requirements.txt" and b"./wheels/" in path.read_bytes() for path in begun.written):
        yield WHEEL
    yield from (WORKFLOWS[service] for service in begun.services)
    if not begun.services:
        yield "runner init --github             checks of pull requests, and a schedule (or --gitlab)"
