"""Who and what there is in an organization: the queries that ask for it, and what their answers say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from runner.errors import ServiceError
from runner.lookups.wanted import Kind
from runner.model import Query, Shape

PAGE = 100
"""Objects asked for at a time."""

_TEXT = (str, type(None))
_NAMED: Shape = {"data": [{"id": str, "name": _TEXT}], "has_more?": bool}
_FIELDS: Shape = {"fields": [{"id": str, "name": _TEXT}]}

ME = Query("GET", "me/", {"id": str, "organizations": [{"id": str, "name?": _TEXT}]})
"""Whose key it is, and the organization."""

USERS = Query(
    "GET",
    "user/",
    {"data": [{"id": str, "first_name?": _TEXT, "last_name?": _TEXT, "email?": _TEXT}], "has_more?": bool},
)
"""The present users."""

LISTS = {
    Kind.GROUP: Query("GET", "group/", _NAMED),
    Kind.SMART_VIEW: Query("GET", "saved_search/", _NAMED),
    Kind.PIPELINE: Query("GET", "pipeline/", _NAMED),
    Kind.LEAD_FIELD: Query("GET", "custom_field_schema/lead/", _FIELDS),
    Kind.OPPORTUNITY_FIELD: Query("GET", "custom_field_schema/opportunity/", _FIELDS),
}
"""Where all of a kind are listed by name. A schema has an object's own custom fields and those it shares."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a name can mean. ``removed`` users are no longer in the organization."""

    id: str
    name: str
    email: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose key it is (a user's ID), and the organization that it is of."""

    user: str
    organization: Entry


@dataclass(frozen=True, slots=True)
class Directory:
    """What was looked up: the entries of each kind that was asked for, and groups' members by the group's ID."""

    identity: Identity
    entries: Mapping[Kind, tuple[Entry, ...]]
    members: Mapping[str, tuple[str, ...]]


def removed(organization: str) -> Query:
    """The users that have left the organization with this ID."""
    row: Shape = {"user_id": str, "user_full_name?": _TEXT, "user_email?": _TEXT}
    return Query("GET", f"organization/{quote(organization, safe='')}/", {"inactive_memberships": [row]})


def group(identity: str) -> Query:
    """The members of the group with this ID."""
    return Query("GET", f"group/{quote(identity, safe='')}/", {"members": [{"user_id": str}]})


def queries(kinds: Collection[Kind], organization: str) -> tuple[Query, ...]:
    """What to ask so that names of these kinds can be found. The members of a group have names too."""
    people = (USERS, removed(organization)) if {Kind.USER, Kind.GROUP} & set(kinds) else ()
    return (*people, *(query for kind, query in LISTS.items() if kind in kinds))


def page(query: Query, skip: int) -> Query:
    """The objects of a list from the one at ``skip`` (from 0) on; other queries as they are."""
    if query.path not in _LISTED:
        return query
    return replace(query, params=(("_skip", str(skip)), ("_limit", str(PAGE))))


def rows(data: Any) -> list[Any]:
    """The objects in the answer to one of ``queries``."""
    found: list[Any] = next(data[key] for key in ("inactive_memberships", "fields", "data") if key in data)
    return found


def identity(data: Any) -> Identity:
    """What ``me/`` says; ServiceError for a key without an organization."""
    if not data["organizations"]:
        raise ServiceError("me/: the key belongs to no organization")
    first = data["organizations"][0]
    return Identity(_id(ME.path, data["id"]), Entry(_id(ME.path, first["id"]), first.get("name") or first["id"]))


def entries(found: Mapping[str, list[Any]]) -> dict[Kind, tuple[Entry, ...]]:
    """The entries of each kind, from the objects by the path of the query that asked for them."""
    kinds = {
        kind: tuple(Entry(_id(query.path, row["id"]), row["name"] or row["id"]) for row in found[query.path])
        for kind, query in LISTS.items()
        if query.path in found
    }
    if USERS.path in found:
        people = {person.id: person for person in _people(found)}
        kinds[Kind.USER] = tuple(people.values())
    return kinds


def members(query: Query, data: Any) -> tuple[str, ...]:
    """The members' IDs in the answer about a group, sorted."""
    return tuple(sorted({_id(query.path, member["user_id"]) for member in data["members"]}))


def shown(text: str) -> str:
    """A name of the service as it may be printed: one line, nothing that steers a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _people(found: Mapping[str, list[Any]]) -> Iterator[Entry]:
    """Everybody, those who are present last: who has come back is present."""
    for path, objects in found.items():
        for row in objects if path.startswith("organization/") else ():
            name, email = row.get("user_full_name") or "", row.get("user_email") or ""
            yield Entry(_id(path, row["user_id"]), name or email or row["user_id"], email, removed=True)
    for row in found[USERS.path]:
        email = row.get("email") or ""
        name = " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))
        yield Entry(_id(USERS.path, row["id"]), name or email or row["id"], email)


def _id(path: str, said: str) -> str:
    """An ID that can be printed, and kept in a file of text."""
    if not said or not said.isprintable():
        raise ServiceError(f"{path}: {said[:60]!a} is no ID")
    return said


_LISTED = frozenset({USERS.path, *(LISTS[kind].path for kind in (Kind.GROUP, Kind.SMART_VIEW))})
"""Lists that come in pages; those of pipelines and custom fields come as a whole."""
