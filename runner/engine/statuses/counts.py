"""The numbers of a status report, counted over spans. Everything counts objects, not events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from runner.engine.bounds import SECOND
from runner.engine.inquiry import Backend
from runner.engine.layout import FAR
from runner.engine.statuses.kind import LEAD, Kind
from runner.engine.statuses.question import Question

Pair: TypeAlias = tuple[int | None, int]
"""From a status (None: there was no object before) to another."""
Key = TypeVar("Key", int, Pair)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects: by status, and by pair of statuses.

    ``moved`` are those that made the change in the period, ``shifted`` those that were in the one status on the start
    and in the other on the end, and not in the same.
    """

    started: dict[int, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    gained: dict[int, int] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)
    entered: dict[int, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    moved: dict[Pair, int] = field(default_factory=dict)
    shifted: dict[Pair, int] = field(default_factory=dict)


def read(backend: Backend, kind: Kind, asked: Question) -> Counts:
    """Count what is asked: one statement for the stays, one for the changes."""
    among = _among(kind, asked)
    counts = Counts()
    for first, last, number in backend.execute(_stays(kind, asked, among)):
        _add(counts.ended, last, number)
        _add(counts.started, first, number)
        if first != last:
            _add(counts.shifted, (first, last), number)
            _add(counts.gained, last, number)
            _add(counts.lost, first, number)
    for first, last, entered, left, moved in backend.execute(_changes(kind, asked, among)):
        _add(counts.entered, last, entered)
        _add(counts.left, first, left)
        _add(counts.moved, (first, last), moved)
    return counts


def _add(into: dict[Key, int], key: Key | None, number: int) -> None:
    """Objects that were in no status before are in none of the counts by status."""
    if number and key is not None:
        into[key] = into.get(key, 0) + int(number)


def _changes(kind: Kind, asked: Question, among: list[str]) -> str:
    """SQL of pairs of statuses and how many objects came into the second, left the first, and went from one to other.

    Each object counts at the first of its changes of that kind in the period.
    """
    start = 1 - FAR if asked.start is None else asked.start
    numbers = ", ".join(
        f"COUNT(CASE WHEN {column} < {start:d} THEN 1 END)"
        for column in ("entered_before", "left_before", "moved_before")
    )
    conditions = " AND ".join([*asked.period.conditions("since"), *among])
    return f"SELECT previous, status, {numbers} FROM {kind.spans} WHERE {conditions} GROUP BY previous, status"


def _stays(kind: Kind, asked: Question, among: list[str]) -> str:
    """SQL of the pairs of a status on the start and one on the end, with the number of objects.

    First those that changed once between at most: their span on the end knows the status before it. Then those that
    changed more often: what they were in before their first change and are in after their last.
    """
    end = asked.end + SECOND
    last = " AND ".join([f"since < {end:d} AND until >= {end:d}", *among])
    if asked.start is None:
        return f"SELECT NULL AS at_start, status, COUNT(*) FROM {kind.spans} WHERE {last} GROUP BY status"
    start = asked.start + SECOND
    at_start, only = f"CASE WHEN since < {start:d} THEN status ELSE previous END", f"came < {start:d}"
    ends = f"SELECT {at_start} AS at_start, status AS at_end FROM {kind.spans} WHERE {last} AND {only}"
    first = " AND ".join([f"since >= {start:d} AND until < {end:d}", only, *among])
    firsts = f"SELECT {kind.object}, previous FROM {kind.spans} WHERE {first}"
    lasts = f"SELECT {kind.object}, status FROM {kind.spans} WHERE {last} AND came >= {start:d}"
    return (
        f"SELECT o.at_start, o.at_end, COUNT(*) FROM ({ends}) o GROUP BY o.at_start, o.at_end "
        f"UNION ALL SELECT f.previous, l.status, COUNT(*) FROM ({firsts}) f "
        f"JOIN ({lasts}) l ON l.{kind.object} = f.{kind.object} GROUP BY f.previous, l.status"
    )


def _among(kind: Kind, asked: Question) -> list[str]:
    """SQL that holds for the spans of the objects looked at."""
    if kind is LEAD:
        return [f"lead IN ({asked.leads})"] if asked.leads else []
    own = [f"user_no = {asked.user.no:d}"] if asked.user else []
    if asked.leads:
        own.append(f"lead IN ({asked.leads})")
    return [f"opportunity IN (SELECT no FROM opportunity WHERE {' AND '.join(own)})"] if own else []
