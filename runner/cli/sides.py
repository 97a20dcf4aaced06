"""What ``diff`` may compare, as it is typed: kept results, results committed in git, definitions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from runner import result
from runner.errors import UsageError

LATEST = "latest"
GIT = "git:"

FORMS = "NAME, NAME@PERIOD, NAME@latest, NAME@git:REF, a path to a result.json or its folder, or REF:PATH/result.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept result; ``period`` is None for the latest."""

    name: str
    period: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A kept result by its file."""

    file: Path


@dataclass(frozen=True, slots=True)
class Committed:
    """A kept result as it is in a commit."""

    ref: str
    path: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition: as it is in a commit, or as it is now."""

    name: str
    ref: str | None = None


Said: TypeAlias = Kept | Filed | Committed | Defined


def read(first: str, second: str | None, report: str | None) -> tuple[Said, Said]:
    """Both sides; UsageError where one is none of the forms.

    The second one may be left out: a definition is compared with its last commit, another version of it with how it is
    now, a kept result with the latest one.
    """
    name = report or _name(first) or (_name(second) if second else "")
    before = _side(first, name)
    if second is not None:
        return before, _side(second, name)
    match before:
        case Kept():
            return before, Kept(before.name, None)
        case Defined(ref=None):
            return Defined(before.name, "HEAD"), before
        case Defined():
            return before, Defined(before.name)
        case _:
            raise UsageError(f"compare '{first}' with what? write another one after it: {FORMS}")


def _side(said: str, name: str) -> Said:
    if _is_file(said):
        ref, colon, path = said.partition(":")
        return Committed(ref, path) if colon else Filed(Path(said))
    own, at, rest = said.partition("@")
    if at and "/" not in own:
        return _version(said, own or name, rest)
    if "/" in said or said in (".", ".."):
        return Filed(Path(said) / result.FILE)
    if not said:
        raise UsageError(f"a side is empty; write {FORMS}")
    return Defined(said)


def _version(said: str, name: str, rest: str) -> Said:
    if not name:
        raise UsageError(f"'{said}' names no report; write NAME{said}, or --report NAME")
    if rest.startswith(GIT):
        if not rest.removeprefix(GIT):
            raise UsageError(f"'{said}' names no commit; write {name}@git:main")
        return Defined(name, rest.removeprefix(GIT))
    if not rest:
        raise UsageError(f"'{said}' names no period; write {name}@2026-W47, {name}@latest or {name}@git:main")
    return Kept(name, None if rest == LATEST else rest)


def _name(said: str) -> str:
    """The report that a side names; empty where it names none."""
    own, at, _ = said.partition("@")
    return "" if _is_file(said) or "/" in own or (not at and "/" in said) else own


def _is_file(said: str) -> bool:
    return said.endswith(".json")
