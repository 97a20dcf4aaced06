"""The numbers of a status report, counted over spans. Everything counts objects, not events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from runner.engine.bounds import SECOND
from runner.engine.inquiry import Backend
from runner.engine.statuses.kind import LEAD, Kind
from runner.engine.statuses.question import Question

Pair: TypeAlias = tuple[int | None, int]
"""From a status (None: there was no object before) to another."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects: by status, and by pair of statuses.

    ``moved`` are those that made the change in the period, ``shifted`` those that were in the one status on the start
    and in the other on the end, and not in the same.
    """

    started: Mapping[int, int]
    ended: Mapping[int, int]
    gained: Mapping[int, int]
    lost: Mapping[int, int]
    entered: Mapping[int, int]
    left: Mapping[int, int]
    moved: Mapping[Pair, int]
    shifted: Mapping[Pair, int]


def read(backend: Backend, kind: Kind, asked: Question) -> Counts:
    """Count what is asked, with one statement for each family of numbers."""
    among = _among(kind, asked)
    events = f"FROM {kind.spans} WHERE {' AND '.join([*asked.period.conditions('since'), *among])}"
    distinct = f"COUNT(DISTINCT {kind.object})"
    started: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    gained: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    shifted: dict[Pair, int] = {}
    for first, last, number in backend.execute(_stays(kind, asked, among)):
        ended[last] += number
        if first is not None:
            started[first] += number
        if first != last:
            shifted[first, last] = number
            gained[last] += number
            if first is not None:
                lost[first] += number
    entered = backend.execute(f"SELECT status, {distinct} {events} GROUP BY status")
    left = backend.execute(f"SELECT previous, {distinct} {events} AND previous IS NOT NULL GROUP BY previous")
    moved = backend.execute(f"SELECT previous, status, {distinct} {events} GROUP BY previous, status")
    return Counts(
        started,
        ended,
        gained,
        lost,
        Counter(dict(entered)),
        Counter(dict(left)),
        {(first, last): number for first, last, number in moved},
        shifted,
    )


def _stays(kind: Kind, asked: Question, among: list[str]) -> str:
    """SQL of the pairs of a status on the start and one on the end, with the number of objects.

    An object that is in a status on the start is in one on the end too; an object is in one at a time.
    """
    start, end = _on(asked.start), _on(asked.end)
    condition = " AND ".join([f"({start} OR {end})", *among])
    each = (
        f"SELECT MAX(CASE WHEN {start} THEN status END) AS at_start, MAX(CASE WHEN {end} THEN status END) AS at_end "
        f"FROM {kind.spans} WHERE {condition} GROUP BY {kind.object}"
    )
    return f"SELECT o.at_start, o.at_end, COUNT(*) FROM ({each}) o GROUP BY o.at_start, o.at_end"


def _on(second: int | None) -> str:
    """SQL that holds for the span an object is in after all changes up to the second; None is before them all."""
    if second is None:
        return "1 = 0"
    after = second + SECOND
    return f"(since < {after:d} AND (until IS NULL OR until >= {after:d}))"


def _among(kind: Kind, asked: Question) -> list[str]:
    """SQL that holds for the spans of the objects looked at."""
    if kind is LEAD:
        return [f"lead IN ({asked.leads})"] if asked.leads else []
    own = [f"user_no = {asked.user.no:d}"] if asked.user else []
    if asked.leads:
        own.append(f"lead IN ({asked.leads})")
    return [f"opportunity IN (SELECT no FROM opportunity WHERE {' AND '.join(own)})"] if own else []
