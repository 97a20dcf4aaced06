"""What a command found, whatever it is printed as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from runner.errors import Location, Problem, Severity


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a definition and what came of it. ``seconds`` are those that its requests took, one after the other.

    ``problem`` says where and why it failed.
    """

    name: str
    state: Literal["right", "planned", "ok", "failed"]
    place: Location
    requests: int = 0
    seconds: float = 0.0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition that is right, and what came of its jobs. ``files`` are those that are, or would be, written."""

    name: str
    title: str
    file: str
    jobs: tuple[Job, ...]
    period: str = ""
    as_of: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one delivery; ``key`` is its report, period, channel and recipient.

    ``problem`` is there where it was not made, or nobody can say.
    """

    key: str
    state: str
    reason: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """All that a command found. ``errors`` have no place in a file; ``page`` is what else it says, as Markdown."""

    command: str
    version: str
    problems: tuple[Problem, ...] = ()
    errors: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    deliveries: tuple[Delivered, ...] = ()
    exit_code: int = 0
    seconds: float = 0.0
    page: str = ""

    def findings(self) -> Iterator[Problem]:
        """Everything that has a place: what is wrong with files, the jobs that failed, the deliveries not made."""
        yield from self.problems
        yield from (job.problem for each in self.definitions for job in each.jobs if job.problem)
        yield from (each.problem for each in self.deliveries if each.problem)

    @property
    def summary(self) -> str:
        """What came of it, in one line."""
        found = list(self.findings())
        errors = sum(problem.severity is Severity.ERROR for problem in found) + len(self.errors)
        warnings = len(found) + len(self.errors) - errors
        told = [count(errors, "error")] if errors else []
        told += [count(warnings, "warning")] if warnings else []
        told += [count(len(self.definitions), "definition")] if self.definitions else []
        told += [count(len(self.deliveries), "delivery", "deliveries")] if self.deliveries else []
        return ", ".join(told) or "nothing was found"


def count(number: int, one: str, more: str = "") -> str:
    """The number with its noun."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"
