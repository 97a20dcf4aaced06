"""One finding of ``doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runner.errors import DefinitionError, RunnerError


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, what to do. ``code`` is the exit code that it asks for."""

    status: Literal["ok", "warning", "failed"]
    what: str
    detail: str
    remedy: str = ""
    code: int = 0


def failed(what: str, error: RunnerError, remedy: str = "") -> Check:
    """The check that ended with this error; of several problems, the first."""
    detail = str(error)
    if isinstance(error, DefinitionError):
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        detail, remedy = f"{first.location}: {first.message} [{first.rule}]{more}", first.hint or remedy
    return Check("failed", what, detail, remedy, error.exit_code)
