"""What was found as JSON: in one document, or an event a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from runner.errors import Problem
from runner.model import Json
from runner.outputs.account import Account, Definition, Delivered, Job

Event: TypeAlias = "Problem | str | Definition | Delivered"
"""A problem, an error without a place, a definition with its jobs, a delivery."""


def document(account: Account) -> str:
    """All of it as one JSON document."""
    said: dict[str, Json] = {
        "command": account.command,
        "version": account.version,
        "exit_code": account.exit_code,
        "seconds": round(account.seconds, 3),
        "problems": [problem(each) for each in account.problems],
        "errors": list(account.errors),
        "definitions": [_definition(each) for each in account.definitions],
        "deliveries": [_delivery(each) for each in account.deliveries],
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def lines(account: Account) -> str:
    """An event a line, as they would have come."""
    events: list[Event] = [*account.problems, *account.definitions, *account.deliveries, *account.errors]
    return "".join([line(account.command, each) for each in events]) + end(account)


def line(command: str, event: Event) -> str:
    """One event, with its newline."""
    kind, data = _told(event)
    return json.dumps({"event": kind, "command": command, **data}, ensure_ascii=False) + "\n"


def end(account: Account) -> str:
    """The last event: how it ended."""
    said = {"event": "end", "command": account.command, "exit_code": account.exit_code}
    return json.dumps({**said, "seconds": round(account.seconds, 3)}) + "\n"


def problem(each: Problem) -> dict[str, Json]:
    """A problem with its place."""
    return {
        "file": each.location.file,
        "line": each.location.line,
        "column": each.location.column,
        "severity": each.severity.value,
        "rule": each.rule,
        "message": each.message,
        "hint": each.hint,
    }


def _told(event: Event) -> tuple[str, dict[str, Json]]:
    match event:
        case Problem():
            return "problem", problem(event)
        case str():
            return "error", {"message": event}
        case Definition():
            return "definition", _definition(event)
        case Delivered():
            return "delivery", _delivery(event)


def _definition(each: Definition) -> dict[str, Json]:
    return {
        "name": each.name,
        "title": each.title,
        "file": each.file,
        "period": each.period or None,
        "as_of": each.as_of or None,
        "jobs": list(_jobs(each.jobs)),
        "files": list(each.files),
    }


def _jobs(jobs: tuple[Job, ...]) -> Iterator[dict[str, Json]]:
    for job in jobs:
        yield {
            "name": job.name,
            "state": job.state,
            "line": job.place.line,
            "column": job.place.column,
            "requests": job.requests,
            "seconds": round(job.seconds, 3),
            "problem": problem(job.problem) if job.problem else None,
        }


def _delivery(each: Delivered) -> dict[str, Json]:
    wrong = problem(each.problem) if each.problem else None
    return {"key": each.key, "state": each.state, "reason": each.reason, "problem": wrong}
