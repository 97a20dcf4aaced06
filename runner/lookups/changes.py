"""What differs between two states of ``runner.lock``, for the person who reviews it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runner.lookups.directory import shown
from runner.lookups.lock import Lock, Section
from runner.lookups.pins import Pin


@dataclass(frozen=True, slots=True)
class Change:
    """A name of a profile that is pinned now, is no longer, or stands for something else.

    ``before`` and ``after`` are IDs, ``joined`` and ``left`` the members of a group that are new or gone, as people
    read them.
    """

    profile: str
    kind: str
    name: str
    before: str | None
    after: str | None
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: a mark, the name, what it stood and stands for."""
        what = f"{self.kind} '{shown(self.name)}'"
        if self.before is None:
            return f"+ {what}: {self.after}"
        if self.after is None:
            return f"- {what}: {self.before}"
        moved = [f"{self.before} -> {self.after}"] if self.before != self.after else []
        moved += [f"{len(people)} {word}: {', '.join(people)}" for word, people in self._moves() if people]
        return f"~ {what}: {'; '.join(moved)}"

    def _moves(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ("joined", self.joined), ("left", self.left)


def between(old: Lock, new: Lock) -> tuple[Change, ...]:
    """All changes by profile, kind and name. What things are called does not count, only what they are."""
    gone = [
        Change(profile, "profile", profile, section.organization.id, None)
        for profile, section in sorted(old.items())
        if profile not in new
    ]
    return (*gone, *(change for profile in sorted(new) for change in _changes(profile, old.get(profile), new[profile])))


def _changes(profile: str, old: Section | None, new: Section) -> Iterator[Change]:
    here = new.organization
    if old and old.organization.id != here.id:
        yield Change(profile, "organization", here.name, old.organization.id, here.id)
    before = old.pins if old else {}
    for kind, name in sorted({*before, *new.pins}, key=lambda key: (key[0].value, key[1])):
        was, now = before.get((kind, name)), new.pins.get((kind, name))
        joined, left = tuple(_missing(now, was)), tuple(_missing(was, now))
        first, second = was.id if was else None, now.id if now else None
        if first != second or joined or left:
            yield Change(profile, kind.value, name, first, second, joined, left)


def _missing(here: Pin | None, there: Pin | None) -> Iterator[str]:
    """Members of the one group that are not in the other."""
    others = {member.id for member in there.members} if there else set()
    for member in here.members if here else ():
        if member.id not in others:
            yield f"{member.name} ({member.id})"
