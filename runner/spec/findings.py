"""What is wrong with a file's data, before it is told with its place and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from runner.errors import Problem, Severity
from runner.model import Json, Path, Source

MAX_PROBLEMS = 100
"""So many of one file are told at once."""

_TOLD_APART = frozenset({"unknown-key", "missing-key"})
"""Rules of which one place may break several."""

_SECRETS = ("key", "token", "secret", "password")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at ``path`` (``offset`` characters into the text there), or with the key that leads there."""

    path: Path
    message: str
    rule: str
    hint: str = ""
    key: bool = False
    severity: Severity = Severity.ERROR
    offset: int = 0


def problems(source: Source, findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """The findings in file order with their places, one for each place: what follows from the first is not told."""
    placed = sorted(findings, key=lambda finding: _order(source, finding))
    first: dict[object, Finding] = {}
    for finding in placed:
        apart = finding.message if finding.rule in _TOLD_APART else ""
        first.setdefault((finding.path, finding.key, finding.offset, apart), finding)
    return tuple(_problem(source, finding) for finding in list(first.values())[:MAX_PROBLEMS])


def show(value: Json) -> str:
    """A value as a message says it: text in quotes, short."""
    match value:
        case str():
            text = value if len(value) <= 60 else value[:57] + "..."
            return f"'{text}'" if text.isprintable() else ascii(text)
        case bool() | None:
            return str(value).lower().replace("none", "null")
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a mapping"


def secret(key: str) -> bool:
    """Whether what stands at this key may be a secret that someone put there by mistake."""
    return any(word in key.casefold() for word in _SECRETS)


def _order(source: Source, finding: Finding) -> tuple[int, int]:
    place = source.location(finding.path, key=finding.key, offset=finding.offset)
    return place.line, place.column


def _problem(source: Source, finding: Finding) -> Problem:
    problem = source.problem(
        finding.path,
        finding.message,
        finding.rule,
        key=finding.key,
        hint=finding.hint,
        severity=finding.severity,
        offset=finding.offset,
    )
    hidden = any(isinstance(part, str) and secret(part) for part in finding.path[-1:])
    return replace(problem, excerpt="") if hidden else problem
