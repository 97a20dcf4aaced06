"""Workflow commands of GitHub Actions: a line in the log that becomes an annotation of the changed file.

GitHub shows ten of a level for each step and drops what comes after them, so the tenth says how many there are besides.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.errors import Problem, Severity
from runner.outputs.account import Account, count

MOST = 10
"""So many annotations of a level GitHub takes of one step."""

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def text(account: Account) -> str:
    """The annotations, a line each; nothing where nothing was found."""
    errors = [command("error", message, title=f"runner {account.command}") for message in account.errors]
    found = list(account.findings())
    errors += [annotation(problem) for problem in found if problem.severity is Severity.ERROR]
    warnings = [annotation(problem) for problem in found if problem.severity is Severity.WARNING]
    lines = [*_most(errors, "error"), *_most(warnings, "warning")]
    return "".join(f"{line}\n" for line in lines)


def annotation(problem: Problem) -> str:
    """A finding at its place, with its remedy."""
    place = problem.location
    message = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    where = {"file": place.file, "line": str(place.line), "col": str(place.column)}
    return command(problem.severity.value, message, **where, title=problem.rule)


def command(name: str, message: str, **properties: str) -> str:
    """A workflow command, escaped as GitHub reads it."""
    said = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if said else ''}{said}::{_escaped(message, _DATA)}"


def _most(lines: list[str], level: str) -> Iterator[str]:
    if len(lines) <= MOST:
        yield from lines
        return
    yield from lines[: MOST - 1]
    more = len(lines) - MOST + 1
    yield command(level, f"{count(more, f'{level} is', f'{level}s are')} in the log and in the job summary only")


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(sign, sign) for sign in text)
