"""What a name means: exactly one thing, or a problem at the place where the name stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from runner import nearest
from runner.errors import Problem
from runner.lookups.directory import Directory, Entry, shown
from runner.lookups.pins import Member, Pin, Pins
from runner.lookups.wanted import ME, Kind, Name
from runner.model import Spec

_LISTED = 8
"""So few names are all told where none is near."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a name means nothing, or too much."""

    message: str
    rule: str
    hint: str = ""


def find(name: Name, known: Mapping[Kind, tuple[Entry, ...]]) -> Entry | Fault:
    """The only entry with this ID, else with this name or e-mail, else with it when case and spacing do not count."""
    entries = known[name.kind]
    exact = [entry for entry in entries if entry.id == name.text]
    exact = exact or [entry for entry in entries if entry.name == name.text]
    wanted = folded(name.text)
    found = exact or [entry for entry in entries if wanted in (folded(entry.name), folded(entry.email))]
    match found:
        case [entry]:
            return entry
        case []:
            return _unknown(name, entries)
        case _:
            return _ambiguous(name, found)


def pin(name: Name, directory: Directory) -> Pin | Fault:
    """What the name stands for in the organization."""
    if name.key == (Kind.USER, ME):
        return Pin(directory.identity.user, ME)
    found = find(name, directory.entries)
    if isinstance(found, Fault):
        return found
    if name.kind is not Kind.GROUP:
        return Pin(found.id, shown(found.name))
    people = {person.id: shown(person.name) for person in directory.entries[Kind.USER]}
    members = tuple(Member(user, people.get(user, user)) for user in directory.members[found.id])
    return Pin(found.id, shown(found.name), members)


def pins(names: Iterable[Name], directory: Directory) -> tuple[dict[tuple[Kind, str], Pin], dict[Name, Fault]]:
    """What the names stand for, and why some stand for nothing."""
    found: dict[tuple[Kind, str], Pin] = {}
    faults: dict[Name, Fault] = {}
    for name in names:
        meant = pin(name, directory)
        if isinstance(meant, Fault):
            faults[name] = meant
        else:
            found[name.key] = meant
    return found, faults


def problems(spec: Spec, names: Collection[Name], known: Pins, faults: Mapping[Name, Fault]) -> tuple[Problem, ...]:
    """All that is wrong with a definition's names, in file order, each place once."""
    told = {
        name.path: spec.source.problem(name.path, fault.message, fault.rule, hint=fault.hint)
        for name in names
        if (fault := faults.get(name) or _empty(name, known))
    }
    return tuple(sorted(told.values(), key=lambda one: (one.location.line, one.location.column)))


def _empty(name: Name, known: Pins) -> Fault | None:
    if not name.members or known[name.key].members:
        return None
    said = f"the group '{shown(name.text)}' has no members, and asking for nobody would be asking for everybody"
    return Fault(said, "empty-group", "take it out, or add members to the group")


def _unknown(name: Name, entries: Iterable[Entry]) -> Fault:
    words = list(dict.fromkeys(shown(word) for entry in entries for word in (entry.name, entry.email) if word))
    listed = f"there are: {', '.join(words)}" if 0 < len(words) <= _LISTED else ""
    said = f"no {name.kind.value} is named '{shown(name.text)}'"
    return Fault(said, f"unknown-{name.kind.rule}", nearest.hint(name.text, words) or listed)


def _ambiguous(name: Name, found: Collection[Entry]) -> Fault:
    said = f"{len(found)} {name.kind.value}s are named '{shown(name.text)}'"
    prefix = "group:" if name.kind is Kind.GROUP else ""
    ids = " or ".join(prefix + _told(entry) for entry in sorted(found, key=lambda entry: entry.id))
    return Fault(said, f"ambiguous-{name.kind.rule}", f"write the ID: {ids}")


def _told(entry: Entry) -> str:
    more = [shown(entry.email)] if entry.email else []
    more += ["removed"] if entry.removed else []
    return f"{entry.id} ({', '.join(more)})" if more else entry.id


def folded(text: str) -> str:
    """The text as names are compared: case and spacing do not count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
