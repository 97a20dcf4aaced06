"""The story of names: what definitions call people and things becomes IDs, by ``runner.lock`` or by the service."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runner.client import Client
from runner.errors import AccessError, DefinitionError, ServiceError, UsageError
from runner.lookups import directory, names, pins, wanted
from runner.lookups import vocabulary as vocabularies
from runner.lookups.directory import Directory, Entry, Identity
from runner.lookups.lock import Section
from runner.lookups.names import Fault
from runner.lookups.pins import Member, Pin, Pins
from runner.lookups.wanted import ME, Key, Kind, Name
from runner.model import Query, Spec

MAX_PAGES = 200
"""A list that goes on after so many pages is given up."""


@dataclass(frozen=True, slots=True)
class Named:
    """A definition with IDs in place of its names.

    ``organization`` is the organization's ID, empty where no request of the definition has it. ``lookups`` is what a
    run asks for it all, ``unpinned`` the names in it that could be pinned and are not. ``found`` is what its own names
    stand for; None where it needs none of it.
    """

    spec: Spec
    organization: str
    lookups: tuple[Query, ...]
    unpinned: tuple[Name, ...]
    found: Section | None


def resolve(
    specs: Collection[Spec], section: Section | None, client: Callable[[], Client], *, checked: bool
) -> Iterator[Named]:
    """The definitions with IDs, one after another; DefinitionError, at once, with every problem of all their names.

    What ``section`` pins is believed. ``client`` is called only where there is something to ask: names that are not
    pinned, the organization, or (``checked``) whether the service is of the organization that is pinned.
    """
    known = section.pins if section else {}
    used, in_path = _wanted(specs)
    missing = [name for each in used for name in each if name.key not in known]
    concerned = any(used) or in_path
    identity = Identity("", section.organization) if section else None
    if missing or (concerned and (checked or not section)):
        identity = identify(client(), section)
    found, faults = _find(missing, identity, client) if identity else ({}, {})
    meant = {**known, **found}
    _refuse(specs, used, meant, faults)
    organization = identity.organization if identity else None
    return (_named(spec, each, known, meant, organization) for spec, each in zip(specs, used, strict=True))


def recall(spec: Spec, section: Section | None) -> Named:
    """The definition with the IDs that were found for it before; nobody is asked.

    A name that was not in it then stands for itself, so that its query is one that was not asked.
    """
    used = wanted.names(spec)
    strangers = {name.key: Pin(name.text, name.text, (Member(name.text, name.text),)) for name in used}
    meant = {**strangers, **(section.pins if section else {})}
    return _named(spec, used, meant, meant, section.organization if section else None)


def pin(specs: Collection[Spec], client: Client) -> Section:
    """Every name in the definitions, looked up; DefinitionError with every problem of them."""
    used = [wanted.names(spec) for spec in specs]
    identity = identify(client, None)
    found, faults = _find([name for each in used for name in each], identity, lambda: client)
    _refuse(specs, used, found, faults)
    return Section(identity.organization, {key: pin for key, pin in found.items() if key != (Kind.USER, ME)})


def identify(client: Client, section: Section | None) -> Identity:
    """Whose key the client has; UsageError if it is of another organization than ``section``."""
    identity = directory.identity(client.ask(directory.ME).data)
    check(identity, section)
    return identity


def check(identity: Identity, section: Section | None) -> None:
    """UsageError if the pins of ``section`` are of another organization."""
    here = identity.organization
    if section and section.organization.id != here.id:
        raise UsageError(
            f"runner.lock pins the names of {_told(section.organization)}, but the service is of {_told(here)}; "
            "ask with a key of the former, or let `runner lock` look the names up anew"
        )


def look_up(client: Client, identity: Identity, wanted_names: Sequence[Name]) -> Directory:
    """All there is of the kinds of these names, and the members of the groups among them."""
    kinds = {name.kind for name in wanted_names if name.key != (Kind.USER, ME)}
    asked = directory.queries(kinds, identity.organization.id)
    entries = directory.entries({query.path: _rows(client, query) for query in asked})
    meant = [names.find(name, entries) for name in wanted_names if name.kind is Kind.GROUP]
    members = {}
    for group in dict.fromkeys(found.id for found in meant if isinstance(found, Entry)):
        query = directory.group(group)
        members[group] = directory.members(query, client.ask(query).data)
    return Directory(identity, entries, members)


def vocabulary(client: Client, say: Callable[[str], object]) -> tuple[Entry, dict[str, list[str]]]:
    """The organization, and the words that its definitions may use, by kind; ``say`` hears what was refused."""
    identity = identify(client, None)
    listed = {}
    for query in directory.queries(vocabularies.KINDS, identity.organization.id):
        listed[query.path] = _rows(client, query)
    said: dict[str, Any] = {}
    for query in vocabularies.QUERIES:
        try:
            said[query.path] = client.ask(query).data
        except AccessError:
            raise
        except ServiceError as error:
            say(f"left as published: {error}")
    known = Directory(identity, directory.entries(listed), {})
    return identity.organization, vocabularies.words(known, said)


def _find(
    missing: Sequence[Name], identity: Identity, client: Callable[[], Client]
) -> tuple[dict[Key, Pin], dict[Name, Fault]]:
    return names.pins(missing, look_up(client(), identity, missing)) if missing else ({}, {})


def _wanted(specs: Iterable[Spec]) -> tuple[list[tuple[Name, ...]], bool]:
    """The names in each definition, and whether a request of any has the organization's ID in its path."""
    used, in_path = [], False
    for spec in specs:
        used.append(wanted.names(spec))
        in_path = in_path or wanted.needs_organization(spec)
    return used, in_path


def _refuse(
    specs: Collection[Spec], used: Sequence[tuple[Name, ...]], meant: Pins, faults: Mapping[Name, Fault]
) -> None:
    each = zip(specs if any(used) else (), used, strict=False)
    problems = [problem for spec, named in each for problem in names.problems(spec, named, meant, faults)]
    if problems:
        raise DefinitionError(*problems)


def _named(spec: Spec, used: tuple[Name, ...], known: Pins, meant: Pins, organization: Entry | None) -> Named:
    here = organization.id if organization else ""
    in_path = wanted.needs_organization(spec)
    unpinned = tuple(name for name in used if name.key not in known and name.key != (Kind.USER, ME))
    asked: tuple[Query, ...] = ()
    if used or in_path:
        lists = directory.queries({name.kind for name in unpinned}, here)
        groups = dict.fromkeys(meant[name.key].id for name in unpinned if name.kind is Kind.GROUP)
        asked = (directory.ME, *(directory.page(query, 0) for query in lists), *map(directory.group, groups))
    own = {name.key: meant[name.key] for name in used}
    found = Section(organization, own) if organization and (used or in_path) else None
    return Named(pins.with_ids(spec, meant), here if in_path else "", asked, unpinned, found)


def _rows(client: Client, query: Query) -> list[Any]:
    """Every object of a list, however many pages it has."""
    found: list[Any] = []
    for _ in range(MAX_PAGES):
        data: Any = client.ask(directory.page(query, len(found))).data
        found += directory.rows(data)
        if not data.get("has_more"):
            return found
    raise ServiceError(f"{query.path}: the list goes on after {len(found):,} objects; write IDs in place of names")


def _told(organization: Entry) -> str:
    return f"{directory.shown(organization.name)} ({organization.id})"
