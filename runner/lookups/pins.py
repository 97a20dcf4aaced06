"""What names stand for, and a definition with the IDs in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from runner.lookups import wanted
from runner.lookups.wanted import Key, Kind
from runner.model import Job, Json, Spec


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group; ``name`` is for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Pin:
    """What a name stands for: one ID, of a group with its members by ID. ``name`` is the thing's own, for people."""

    id: str
    name: str
    members: tuple[Member, ...] = ()


Pins: TypeAlias = Mapping[Key, Pin]


def with_ids(spec: Spec, pins: Pins) -> Spec:
    """The definition with IDs only, in its jobs' settings; every name of it must be pinned."""
    return replace(spec, jobs=tuple(replace(job, settings=dict(_settings(job, pins))) for job in spec.jobs))


def _settings(job: Job, pins: Pins) -> Iterator[tuple[str, Json]]:
    for key, said in job.settings.items():
        match key, said:
            case "users", list():
                yield key, list(dict.fromkeys(one for user in said for one in _users(job, str(user), pins)))
            case "query", {"smart_view": smart_view}:
                yield key, {"smart_view": _id((Kind.SMART_VIEW, str(smart_view)), pins)}
            case "pipeline", str():
                yield key, _id((Kind.PIPELINE, said), pins)
            case (("x" | "y" | "group_by"), str()):
                custom = wanted.field(said)
                yield key, said.removesuffix(custom[1]) + _id(custom, pins) if custom else said
            case _:
                yield key, said


def _users(job: Job, said: str, pins: Pins) -> list[str]:
    key = wanted.user(said)
    if key[0] is Kind.GROUP and wanted.expands(job):
        return [member.id for member in pins[key].members]
    return [_id(key, pins)]


def _id(key: Key, pins: Pins) -> str:
    """The pinned ID, or what is written where that is an ID."""
    return pins[key].id if key in pins else key[1]
