"""Adding up: one statement of portable SQL for each stream of objects a report looks at.

Only text from the tables of this package and integers reach a statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from runner.engine import grains
from runner.engine.grains import GRAINS
from runner.engine.inquiry import Backend
from runner.engine.metrics import Feed, Tally
from runner.engine.moments import DAY, MINUTE
from runner.engine.ranges import Range


@dataclass(frozen=True, slots=True)
class _Stream:
    """Rows with a moment ``at``, its ``day`` in UTC (where the table has one), a user and a lead."""

    table: str
    at: str = "ts"
    day: str = "day"
    user: str = "user_no"
    lead: str = "lead"
    condition: str = ""


def _closing(action: str) -> _Stream:
    """Opportunities by when they were won or lost; a plain date is the local midnight."""
    at = (
        f"CASE WHEN {action}_day IS NULL THEN {action}_ts "
        f"ELSE CAST({action}_day AS BIGINT) * {DAY} - {{shift}} END AS ts"
    )
    columns = f"lead, user_no, value, value_period, annualized, {at}"
    return _Stream(f"(SELECT {columns} FROM opportunity WHERE status_type = '{action}') closed", day="")


_STREAMS: dict[Feed, tuple[_Stream, ...]] = {
    "call": (_Stream("call"),),
    "email": (_Stream("email"),),
    "sms": (_Stream("sms"),),
    "meeting": (_Stream("meeting"),),
    "note": (_Stream("note"),),
    "task_completed": (_Stream("task_completed"),),
    "lead": (_Stream("lead", "created", "created_day", "created_by", "no"),),
    "created": (_Stream("opportunity", "created", "created_day", "created_by"),),
    "created_for": (_Stream("opportunity", "created", "created_day"),),
    "won": (_closing("won"),),
    "lost": (_closing("lost"),),
    "contact": (
        _Stream("call", condition="direction = 'outbound'"),
        _Stream("email", condition="direction = 'outgoing' AND status = 'sent'"),
        _Stream("sms", condition="direction = 'outbound' AND status = 'sent'"),
    ),
}
_DISTINCT: Feed = "contact"
"""The feed whose objects are the distinct values of the tally's column: they do not add up."""
_FOLDED = frozenset(GRAINS) - {"hour", "day"}
"""Buckets that are made of days."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was added up: by bucket or by user (None is nobody), and over everything.

    ``places`` says where a tally is in a row and in ``total``.
    """

    places: Mapping[Tally, int]
    rows: dict[int | None, list[int]]
    total: list[int]

    def row(self, key: int | None) -> list[int]:
        """The numbers of a bucket or user; zeros where there is nothing."""
        return self.rows.get(key) or [0] * len(self.places)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which objects are added up and by what: those of ``over``, of ``users`` unless that is empty, of ``leads``.

    ``by`` is a grain, for buckets, or ``user``; ``leads`` is SQL that gives the numbers of leads, empty for all.
    """

    over: Range
    users: Collection[int]
    by: str
    leads: str = ""


def add_up(backend: Backend, tallies: Iterable[Tally], scope: Scope) -> Sheet:
    """Every tally by bucket or user and in total, with one statement for all that adds up, two for what does not."""
    places = {tally: place for place, tally in enumerate(dict.fromkeys(tallies))}
    sheet = Sheet(places, defaultdict(lambda: [0] * len(places)), [0] * len(places))
    feeds: dict[Feed, list[Tally]] = defaultdict(list)
    for tally in places:
        feeds[tally.feed].append(tally)
    if scope.over.is_empty:
        return sheet
    distinct = feeds.pop(_DISTINCT, [])
    if feeds:
        _add_feeds(backend, sheet, feeds, scope)
    if distinct:
        _add_distinct(backend, sheet, distinct, scope)
    return sheet


def _add_feeds(backend: Backend, sheet: Sheet, feeds: dict[Feed, list[Tally]], scope: Scope) -> None:
    """A row has the place of its feed in ``feeds``, its key and the numbers, filled up to those of the longest feed."""
    width = max(map(len, feeds.values()))
    parts = []
    for place, (feed, wanted) in enumerate(feeds.items()):
        (stream,), shared = _STREAMS[feed], _shared(wanted)
        sums = [_sum(tally, shared) for tally in wanted] + ["0"] * (width - len(wanted))
        key = _key(stream, scope)
        parts.append(f"SELECT {place:d}, {key}, {', '.join(sums)} {_from(stream, shared, scope)} GROUP BY {key}")
    found: list[list[tuple[Any, ...]]] = [[] for _ in parts]
    for row in backend.execute(" UNION ALL ".join(parts)):
        found[row[0]].append(row)
    for (feed, wanted), rows in zip(feeds.items(), found, strict=True):
        placed = _placer(_STREAMS[feed][0], scope)
        into = [sheet.rows[placed(row[1])] for row in rows]
        for column, at in enumerate((sheet.places[tally] for tally in wanted), 2):
            for counted, row in zip(into, rows, strict=True):
                counted[at] += int(row[column] or 0)
    for at, numbers in enumerate(zip(*sheet.rows.values(), strict=True)):
        sheet.total[at] = sum(numbers)


def _add_distinct(backend: Backend, sheet: Sheet, wanted: list[Tally], scope: Scope) -> None:
    """Whoever is in several buckets counts in each of them, and once in all."""
    streams, shared = _STREAMS[_DISTINCT], _shared(wanted)
    columns = ", ".join(f"{_number(tally, shared)} AS n{index}" for index, tally in enumerate(wanted))
    rows = " UNION ALL ".join(
        f"SELECT {_key(stream, scope)} AS k, {columns} {_from(stream, shared, scope)}" for stream in streams
    )
    sums = ", ".join(f"COUNT(DISTINCT r.n{index})" for index in range(len(wanted)))
    folded = scope.by in _FOLDED
    placed = _same if folded else _placer(streams[0], scope)
    for key, *numbers in backend.execute(_by_calendar(rows, sums, scope.by) if folded else _by_key(rows, sums)):
        for tally, number in zip(wanted, numbers, strict=True):
            sheet.rows[placed(key)][sheet.places[tally]] = number
    (whole,) = backend.execute(f"SELECT {sums} FROM ({rows}) r")
    for tally, number in zip(wanted, whole, strict=True):
        sheet.total[sheet.places[tally]] = number


def _by_key(rows: str, sums: str) -> str:
    return f"SELECT r.k, {sums} FROM ({rows}) r GROUP BY r.k"


def _by_calendar(rows: str, sums: str, grain: str) -> str:
    """By the buckets themselves, for numbers that days do not add up to."""
    return f"SELECT c.{grain}, {sums} FROM ({rows}) r JOIN calendar c ON c.day = r.k GROUP BY c.{grain}"


def _shared(wanted: list[Tally]) -> list[str]:
    """The conditions that the objects of every tally meet: rows that do not meet them need not be looked at."""
    first, *others = ([part for part in tally.condition.split(" AND ") if part] for tally in wanted)
    return [part for part in first if all(part in other for other in others)]


def _own(tally: Tally, shared: list[str]) -> str:
    """What else a tally's objects meet."""
    return " AND ".join(part for part in tally.condition.split(" AND ") if part and part not in shared)


def _sum(tally: Tally, shared: list[str]) -> str:
    return "COUNT(*)" if tally.column == "1" and not _own(tally, shared) else f"SUM({_number(tally, shared)})"


def _from(stream: _Stream, shared: list[str], scope: Scope) -> str:
    """``FROM ... WHERE``: the stream's rows in scope."""
    conditions = [scope.over.holds(stream.at), *shared]
    if stream.condition:
        conditions.append(stream.condition)
    if scope.users:
        conditions.append(f"{stream.user} IN ({', '.join(f'{user:d}' for user in sorted(scope.users))})")
    if scope.leads:
        conditions.append(f"{stream.lead} IN ({scope.leads})")
    return f"FROM {stream.table.format(shift=scope.over.offset * MINUTE)} WHERE {' AND '.join(conditions)}"


def _number(tally: Tally, shared: list[str]) -> str:
    own = _own(tally, shared)
    return f"CASE WHEN {own} THEN {tally.column} ELSE 0 END" if own else tally.column


def _key(stream: _Stream, scope: Scope) -> str:
    """What a row is grouped by: its user, its hour, else its day; days are put into longer buckets in Python."""
    if scope.by == "user":
        return stream.user
    if scope.by != "hour" and stream.day:
        return grains.local_day(stream.at, stream.day, scope.over.offset)
    return scope.over.started(stream.at, "hour" if scope.by == "hour" else "day")


def _placer(stream: _Stream, scope: Scope) -> Callable[[int | None], int | None]:
    """Turns the key of a grouped row into a bucket's index or a user."""
    if scope.by == "user":
        return _same
    index = GRAINS[scope.by].index
    if scope.by == "day" and stream.day:
        return _same
    if scope.by != "hour" and stream.day:
        return lambda key: None if key is None else grains.of_day(scope.by, key)
    return lambda key: None if key is None else index(scope.over.local(key))


def _same(key: int | None) -> int | None:
    return key
