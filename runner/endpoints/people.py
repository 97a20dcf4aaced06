"""Users' names, for the reports that say who by ID only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runner.endpoints.links import inside
from runner.endpoints.moment import Moment, Told
from runner.model import Ask, Job, Query

_PATH = "organization/"


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The organization, whose members are in one answer, removed ones too; nothing where it is not known which."""
    query = Query("GET", f"{_PATH}{moment.organization_path}/", {})
    return (Ask(job, query),) if moment.organization else ()


def names(told: Told) -> dict[str, str]:
    """User -> full name, as far as the organization tells."""
    return {one["user_id"]: one["user_full_name"] for one in _members(told) if _is_named(one)}


def _members(told: Told) -> Iterator[Any]:
    for path, data in told.lookups.items():
        if path.startswith(_PATH):
            for key in ("inactive_memberships", "memberships"):
                yield from inside(data, key) or []


def _is_named(one: Any) -> bool:
    return all(isinstance(inside(one, key), str) and one[key] for key in ("user_id", "user_full_name"))
