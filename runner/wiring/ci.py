"""What the environment says of the CI that this runs in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ci:
    """``github``: in a step of GitHub Actions. ``summary`` is the file for what the step says on the job's page."""

    github: bool = False
    summary: Path | None = None


def found() -> Ci:
    """The CI that this runs in, if any."""
    said = os.environ  # noqa: TID251 - the environment is read in wiring only
    github = said.get("GITHUB_ACTIONS") == "true"
    summary = said.get("GITHUB_STEP_SUMMARY") if github else None
    return Ci(github, Path(summary) if summary else None)


def base() -> str:
    """The branch that a pull or merge request is to go into, as git knows it after a fetch; empty elsewhere."""
    said = os.environ  # noqa: TID251 - the environment is read in wiring only
    named = said.get("GITHUB_BASE_REF") or said.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
    return f"origin/{named}" if named else ""


def here() -> str:
    """The way from the top of the repository to the current folder, empty where this is the top or there is none.

    Code hosts want files to be named from there.
    """
    said = os.environ  # noqa: TID251 - the environment is read in wiring only
    named = said.get("GITHUB_WORKSPACE") or said.get("CI_PROJECT_DIR")
    folder = Path.cwd().resolve()
    from runner.wiring import revision  # here, as it runs a program and most commands need none

    top = Path(named).resolve() if named else revision.top(folder)
    if top is None or not folder.is_relative_to(top):
        return ""
    way = folder.relative_to(top).as_posix()
    return "" if way == "." else way
