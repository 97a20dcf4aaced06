"""``runner.lock``: the IDs behind the names in a project's definitions, kept so that a person can review a change.

A section for each profile, with the organization whose IDs they are. The text is YAML, sorted, a line for each pin and
each member of a group; the same pins give the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from runner.errors import DefinitionError
from runner.lookups.directory import Entry, shown
from runner.lookups.pins import Member, Pin, Pins
from runner.lookups.wanted import Key, Kind
from runner.model import Json, Path, Source

FILE = "runner.lock"
VERSION = 1
HEADING = (
    "# The IDs that names in the report definitions stand for. `runner lock` writes this file; review its changes.\n"
)

KEYS = {kind: f"{kind.value.replace(' ', '_')}s" for kind in Kind}
"""The part of a section that holds the pins of a kind."""


@dataclass(frozen=True, slots=True)
class Section:
    """The pins of one profile, and the organization they are of."""

    organization: Entry
    pins: Pins


Lock: TypeAlias = Mapping[str, Section]
"""Profile -> its pins."""


def text(lock: Lock) -> str:
    """The text of the file."""
    return HEADING + "".join(f"{line}\n" for line in _lines(lock))


def read(source: Source) -> Lock:
    """What the file says; DefinitionError at the place where it is not as ``text`` writes it."""
    if _take(source, ("version",), int) != VERSION:
        raise _wrong(source, ("version",), f"this version of runner reads version {VERSION} of the file")
    return {str(profile): _section(source, ("profiles", profile)) for profile in _take(source, ("profiles",), dict)}


def data(section: Section) -> Json:
    """One section as JSON has it, sorted."""
    kept: dict[str, Json] = {"organization": _pair(section.organization)}
    for kind, key in KEYS.items():
        pins = sorted((said, pin) for (of, said), pin in section.pins.items() if of is kind)
        members = {said: {"members": [_pair(each) for each in pin.members]} for said, pin in pins if kind is Kind.GROUP}
        kept[key] = [{"said": said, "id": pin.id, "name": pin.name, **members.get(said, {})} for said, pin in pins]
    return kept


def section(file: str, kept: Json) -> Section:
    """What ``data`` wrote into a file; DefinitionError where it is not as that."""
    return _section(Source(file, "", {"names": kept}, {(): (1, 1)}, {}), ("names",))


def merged(old: Lock, profile: str, found: Section, *, complete: bool, profiles: Collection[str]) -> Lock:
    """The lock with what was found for a profile.

    Where not everything was looked up (``complete``), the profile's other pins stay, unless they are of another
    organization. So do the sections of the other ``profiles`` that there are.
    """
    before = old.get(profile)
    if before and not complete and before.organization.id == found.organization.id:
        found = Section(found.organization, {**before.pins, **found.pins})
    return {**{name: section for name, section in old.items() if name in profiles}, profile: found}


# ---- writing


def _lines(lock: Lock) -> Iterator[str]:
    yield f"version: {VERSION}"
    yield "profiles:" if lock else "profiles: {}"
    for profile, section in sorted(lock.items()):
        yield f"  {_quoted(profile)}:"
        yield f"    organization: {_named(section.organization)}"
        for kind, key in KEYS.items():
            pins = sorted((said, pin) for (of, said), pin in section.pins.items() if of is kind)
            yield f"    {key}:" if pins else f"    {key}: []"
            for said, pin in pins:
                yield from _group(said, pin) if kind is Kind.GROUP else _one(said, pin)


def _one(said: str, pin: Pin) -> Iterator[str]:
    yield f"      - {{said: {_quoted(said)}, id: {_quoted(pin.id)}, name: {_quoted(pin.name)}}}"


def _group(said: str, pin: Pin) -> Iterator[str]:
    yield f"      - said: {_quoted(said)}"
    yield f"        id: {_quoted(pin.id)}"
    yield f"        name: {_quoted(pin.name)}"
    yield "        members:" if pin.members else "        members: []"
    for member in sorted(pin.members, key=lambda member: member.id):
        yield f"          - {_named(member)}"


def _pair(thing: Entry | Member) -> Json:
    return {"id": thing.id, "name": thing.name}


def _named(thing: Entry | Member) -> str:
    return f"{{id: {_quoted(thing.id)}, name: {_quoted(shown(thing.name))}}}"


def _quoted(said: str) -> str:
    """Text in double quotes: what can be printed as it is, anything else escaped."""
    return '"' + "".join(_escaped(char) for char in said) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08x}"


# ---- reading

Kept = TypeVar("Kept")


def _section(source: Source, path: Path) -> Section:
    _take(source, path, dict)
    organization = Entry(*_id_and_name(source, (*path, "organization")))
    pins: dict[Key, Pin] = {}
    for kind, key in KEYS.items():
        for index in range(len(_take(source, (*path, key), list))):
            place = (*path, key, index)
            _take(source, place, dict)
            said = _take(source, (*place, "said"), str)
            if (kind, said) in pins:
                raise _wrong(source, place, f"{said!r} is pinned twice")
            pins[kind, said] = Pin(*_id_and_name(source, place), _pinned_members(source, place, kind))
    return Section(organization, pins)


def _pinned_members(source: Source, path: Path, kind: Kind) -> tuple[Member, ...]:
    if kind is not Kind.GROUP:
        return ()
    listed = (*path, "members")
    return tuple(Member(*_id_and_name(source, (*listed, index))) for index in range(len(_take(source, listed, list))))


def _id_and_name(source: Source, path: Path) -> tuple[str, str]:
    _take(source, path, dict)
    identity = _take(source, (*path, "id"), str)
    if not identity:
        raise _wrong(source, (*path, "id"), "an ID cannot be empty")
    return identity, _take(source, (*path, "name"), str)


def _take(source: Source, path: Path, kind: type[Kept]) -> Kept:
    """The value at ``path``, every step of which but the last is known to be there."""
    value: Any = source.data
    for step in path[:-1]:
        value = value[step]
    last = path[-1]
    if isinstance(last, str) and not (isinstance(value, dict) and last in value):
        raise _wrong(source, path[:-1], f"'{last}' is missing here")
    if type(value[last]) is not kind:
        raise _wrong(source, path, f"this is not what '{last}' holds")
    found: Kept = value[last]
    return found


def _wrong(source: Source, path: Path, said: str) -> DefinitionError:
    hint = "take the file from version control, or remove it; `runner lock` writes it anew"
    return DefinitionError(source.problem(path, said, "lock", hint=hint))
