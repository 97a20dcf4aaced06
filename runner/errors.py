"""What can go wrong, as values and as one family of exceptions.

A ``Problem`` is one finding with its place. A ``RunnerError`` ends what was asked; the command line turns it
into words and an exit code, and nothing below the command line prints or exits.

    RunnerError                      exit 3, something could not be fetched, computed or rendered
    |- UsageError                    exit 2, the call itself is wrong
    |- DefinitionError(problems)     exit 2, one or more files are wrong
    |- ServiceError                  exit 3, the service refused or gave an answer that cannot be used
    |  `- AccessError                exit 3, it will answer nothing to who asks
    |- StoppedError                  exit 130, the run was interrupted
    |- EmptySelectionError           exit 5, nothing was selected
    `- StaleError                    exit 6, what was agreed on is no longer so
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a problem matters: an error stops the run, a warning is said and passed over."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file. ``line`` and ``column`` count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: what is wrong, by which rule, where, and what would be right."""

    message: str
    rule: str
    location: Location
    excerpt: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """The finding as people read it: place, message, rule; the line with a caret; the remedy."""
        mark = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        lines = [f"{self.location}: {mark}{self.message} [{self.rule}]"]
        if self.excerpt.strip():
            margin = len(str(self.location.line))
            pad = "".join("\t" if char == "\t" else " " for char in self.excerpt[: self.location.column - 1])
            lines.append(f" {self.location.line} | {self.excerpt}")
            lines.append(f" {' ' * margin} | {pad}^")
        if self.hint:
            lines.append(f"   {self.hint}")
        return "\n".join(lines)


class RunnerError(Exception):
    """Something could not be fetched, computed or rendered."""

    exit_code = 3


class UsageError(RunnerError):
    """The call itself is wrong; nothing was run."""

    exit_code = 2


class DefinitionError(RunnerError):
    """One or more files are wrong; nothing was run. ``problems`` holds them in file order."""

    exit_code = 2

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n\n".join(map(str, problems)))
        self.problems = problems


class ServiceError(RunnerError):
    """The service refused, could not be reached, or gave an answer that cannot be used.

    ``fields`` maps a field of the request to what the service said of it (Close's ``field-errors``).
    """

    def __init__(self, message: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class AccessError(ServiceError):
    """The service will answer nothing to this key or user; there is no use in asking on."""


class StoppedError(RunnerError):
    """The run was interrupted before this was answered."""

    exit_code = 130


class EmptySelectionError(RunnerError):
    """Nothing was selected."""

    exit_code = 5


class StaleError(RunnerError):
    """What was agreed on is no longer so; nothing was asked, written or sent."""

    exit_code = 6
