"""Kept results, found by name and understood by the definition they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from runner import result
from runner.cli import story
from runner.cli.options import Options, Selection
from runner.errors import UsageError
from runner.model import Answer, Failure, Plan, Profile
from runner.nearest import hint
from runner.result import Result
from runner.wiring import project
from runner.wiring.project import Home


def find(where: Home, folder: Path, name: str, period: str | None) -> Result:
    """The report's result of a period, the latest without; UsageError with the nearest name."""
    known = {file.parents[1].name for file in folder.glob(f"*/*/{result.FILE}")} | set(project.names(where))
    if name not in known:
        near = hint(name, sorted(known))
        raise UsageError(f"no report '{name}'{f'; {near}' if near else ''}")
    return result.read(result.find(folder / name, period))


def plan(where: Home, one: Result) -> tuple[Plan, Mapping[str, Answer | Failure]]:
    """What was asked, by the definition as it was then, with what was said.

    Where the file does not keep the definition, by the definition as it is now.
    """
    spec = result.definition(one, where.project.app_url) or next(
        iter(story.definitions(Options(), where, Selection((one.report,))))
    )
    (made,) = story.recalled(where, [spec], [one])
    made = replace(made, revision=one.revision if one.definition else made.revision)
    return made, result.answers(one, made)


def belongs(one: Result, profile: Profile) -> None:
    """UsageError where the numbers were invented and the profile's are not, or the other way round."""
    if one.sample and profile.service != "sample":
        raise UsageError(f"{one.file} is of the sample organization, but profile '{profile.name}' is not")
    if not one.sample and profile.service == "sample":
        raise UsageError(f"{one.file} is not of the sample organization; name another one: --profile NAME")
