"""A plan kept in a file, that a run is held to: what would be asked, written and sent, and by which files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from runner import __version__, files
from runner.cli import outline
from runner.cli.forecast import Forecast
from runner.errors import RunnerError, StaleError, UsageError
from runner.model import Json, Plan, Profile
from runner.wiring import project
from runner.wiring.project import Home

VERSION = 1
MOST = 20
"""So many differences are said."""

UNCOMPARED = ("lookups",)
"""Of a definition: what costs requests, but changes nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the file says. ``files`` are those of the definitions, from the project's folder."""

    file: Path
    as_of: datetime
    profile: str
    files: tuple[str, ...]
    inputs: Mapping[str, str]
    definitions: tuple[dict[str, Json], ...]


def write(file: Path, where: Home, profile: Profile, plans: Collection[Plan], forecast: Forecast) -> None:
    """Keep the plans in a file, as a whole or not at all."""
    said: dict[str, Json] = {
        "version": VERSION,
        "as_of": next(iter(plans)).as_of.isoformat(),
        "profile": profile.name,
        "forecast": forecast.data(),
        "inputs": dict(_inputs(where)),
        "definitions": [_entry(plan, where) for plan in plans],
    }
    try:
        files.put(file, f"{json.dumps(said, indent=1, ensure_ascii=False)}\n".encode())
    except OSError as error:
        raise RunnerError(f"{file}: {error.strerror or error}") from error


def read(file: Path) -> Proposal:
    """What a file says; UsageError where it is not as ``write`` leaves it."""
    try:
        said: Any = json.loads(file.read_bytes())
        if said["version"] != VERSION:
            raise UsageError(f"{file}: this runner reads version {VERSION} of plans, not {said['version']}")
        as_of = datetime.fromisoformat(said["as_of"])
        names = tuple(str(each["file"]) for each in said["definitions"])
        definitions = tuple(dict(each) for each in said["definitions"])
        return Proposal(file, as_of, str(said["profile"]), names, dict(said["inputs"]), definitions)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{file}: no plan as `runner plan --out` writes it") from error


def paths(kept: Proposal, where: Home) -> tuple[str, ...]:
    """The files of the definitions; StaleError where one is no longer there."""
    gone = [name for name in kept.files if not (where.root / name).is_file()]
    if gone:
        raise _stale(kept, [f"{name} is no longer there" for name in gone])
    return tuple(str(project.shown(where.root / name)) for name in kept.files)


def hold(kept: Proposal, where: Home, plans: Collection[Plan]) -> None:
    """StaleError, with which definition and what, where a run would now do anything else than the file says."""
    found = [f"{name}: {what}" for name, what in _changed(kept.inputs, dict(_inputs(where)))]
    now = {str(entry["report"]): entry for entry in (_entry(plan, where) for plan in plans)}
    for before in kept.definitions:
        name = str(before["report"])
        found += [f"{name}: {line}" for line in _differences(before, now.get(name))]
    if found:
        raise _stale(kept, found)


def _stale(kept: Proposal, found: list[str]) -> StaleError:
    more = [f"... and {len(found) - MOST} more"] if len(found) > MOST else []
    lines = "".join(f"\n  {line}" for line in [*found[:MOST], *more])
    return StaleError(f"a run would not do what {kept.file} says; plan it anew, nothing was run{lines}")


def _entry(plan: Plan, where: Home) -> dict[str, Json]:
    """A plan with its places said from the project's folder, and the hash of its definition."""
    source = plan.spec.source
    said = outline.data(plan, Path(where.project.output))
    path = Path(source.file).resolve()
    name = path.relative_to(where.root).as_posix() if path.is_relative_to(where.root) else str(path)
    return {**said, "file": name, "sha256": hashlib.sha256(source.text.encode()).hexdigest()}


def _inputs(where: Home) -> Iterator[tuple[str, str]]:
    """What besides the definitions decides what is written and sent: the owner's file, the templates, runner itself."""
    yield "runner", __version__
    owned = [where.root / project.SETTINGS, *(sorted(where.templates.rglob("*")) if where.templates else ())]
    for path in owned:
        if path.is_file():
            yield path.relative_to(where.root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys([*before, *now]):
        if before.get(name) != now.get(name):
            yield name, "is new" if name not in before else "is gone" if name not in now else "has changed"


def _differences(before: dict[str, Json], now: dict[str, Json] | None) -> list[str]:
    """What of a definition is not as it was; of its text only where nothing else tells what it does."""
    if now is None:
        return ["it is not planned any more"]
    others = [key for key in dict.fromkeys([*before, *now]) if key not in (*UNCOMPARED, "sha256")]
    found = [line for key in others for line in _walk(key, before.get(key), now.get(key))]
    return found or (["the definition has changed"] if before.get("sha256") != now["sha256"] else [])


def _walk(place: str, before: Json, now: Json) -> Iterator[str]:
    """The innermost values that differ, each with its place."""
    match before, now:
        case dict(), dict():
            for key in dict.fromkeys([*before, *now]):
                yield from _walk(f"{place}.{key}", before.get(key), now.get(key))
        case list(), list() if len(before) == len(now):
            for number, (old, new) in enumerate(zip(before, now, strict=True), start=1):
                yield from _walk(f"{place} {number}{_jobs(old)}", old, new)
        case _:
            if before != now:
                yield f"{place}: was {_show(before)}, is {_show(now)}"


def _jobs(value: Json) -> str:
    jobs = value.get("jobs") if isinstance(value, dict) else None
    return f" ({', '.join(map(str, jobs))})" if isinstance(jobs, list) else ""


def _show(value: Json) -> str:
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"{len(value)} of them"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}..."
