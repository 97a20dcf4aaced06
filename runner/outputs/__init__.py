"""What a command found, as text for people, CI and other programs: a table of formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from posixpath import normpath

from runner.errors import Location, Problem
from runner.outputs import events, github, junit, markdown, plain, sarif
from runner.outputs.account import Account, Definition, Delivered, Job

__all__ = ["FORMATS", "LOGS", "Account", "Definition", "Delivered", "Job", "below"]

FORMATS: dict[str, Callable[[Account], str]] = {
    "text": plain.text,
    "json": events.document,
    "jsonl": events.lines,
    "junit": junit.text,
    "github": github.text,
    "sarif": sarif.text,
    "markdown": markdown.text,
}
"""Format -> what writes it."""

LOGS = frozenset({"text", "github"})
"""Formats that may stand beside others in one stream."""


def below(account: Account, folder: str) -> Account:
    """The same with every relative file said from further up: from where ``folder`` is the way here."""
    if not folder:
        return account

    def moved(problem: Problem | None) -> Problem | None:
        if problem is None:
            return None
        place = problem.location
        return replace(problem, location=Location(_file(folder, place.file), place.line, place.column))

    return replace(
        account,
        problems=tuple(each for problem in account.problems if (each := moved(problem))),
        definitions=tuple(
            replace(
                each,
                file=_file(folder, each.file),
                jobs=tuple(replace(job, problem=moved(job.problem)) for job in each.jobs),
            )
            for each in account.definitions
        ),
        deliveries=tuple(replace(each, problem=moved(each.problem)) for each in account.deliveries),
    )


def _file(folder: str, file: str) -> str:
    return normpath(str(PurePosixPath(folder) / file))
