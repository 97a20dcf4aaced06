"""Adding up: one statement of portable SQL for each stream of objects a report looks at.

Only text from the tables of this package and integers reach a statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

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
_DISTINCT = "contact"
"""The feed whose objects are the distinct values of the tally's column: they do not add up."""
_FOLDED = frozenset(GRAINS) - {"hour", "day"}
"""Buckets that are made of days."""


@dataclass(slots=True)
class Sheet:
    """What was added up: by bucket or by user (None is nobody), and over everything."""

    rows: dict[int | None, dict[Tally, int]] = field(default_factory=lambda: defaultdict(dict))
    total: dict[Tally, int] = field(default_factory=lambda: defaultdict(int))


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
    """Every tally by bucket or user and in total, with one statement for each feed (two where it counts distinct)."""
    sheet = Sheet()
    feeds: dict[Feed, list[Tally]] = defaultdict(list)
    for tally in dict.fromkeys(tallies):
        feeds[tally.feed].append(tally)
    if not scope.over.is_empty:
        for feed, wanted in feeds.items():
            _add_feed(backend, sheet, wanted, scope, _STREAMS[feed])
    return sheet


def _add_feed(backend: Backend, sheet: Sheet, wanted: list[Tally], scope: Scope, streams: tuple[_Stream, ...]) -> None:
    distinct = wanted[0].feed == _DISTINCT
    shared = _shared(wanted)
    rows = " UNION ALL ".join(_rows(stream, wanted, shared, scope) for stream in streams)
    sums = ", ".join(_sum(tally, f"r.n{index}", shared, distinct=distinct) for index, tally in enumerate(wanted))
    folded = distinct and scope.by in _FOLDED
    place = _same if folded else _placer(streams[0], scope)
    found = backend.execute(_by_calendar(rows, sums, scope.by) if folded else _by_key(rows, sums))
    for key, *numbers in found:
        _add(sheet.rows[place(key)], wanted, numbers)
    whole = backend.execute(f"SELECT {sums} FROM ({rows}) r") if distinct else [row[1:] for row in found]
    for tally, *column in zip(wanted, *whole, strict=True):
        sheet.total[tally] = sum(int(number or 0) for number in column)


def _by_key(rows: str, sums: str) -> str:
    return f"SELECT r.k, {sums} FROM ({rows}) r GROUP BY r.k"


def _by_calendar(rows: str, sums: str, grain: str) -> str:
    """By the buckets themselves, for numbers that days do not add up to."""
    return f"SELECT c.{grain}, {sums} FROM ({rows}) r JOIN calendar c ON c.day = r.k GROUP BY c.{grain}"


def _add(into: dict[Tally, int], wanted: list[Tally], numbers: Iterable[int | None]) -> None:
    for tally, number in zip(wanted, numbers, strict=True):
        into[tally] = into.get(tally, 0) + int(number or 0)


def _shared(wanted: list[Tally]) -> list[str]:
    """The conditions that the objects of every tally meet: rows that do not meet them need not be looked at."""
    first, *others = ([part for part in tally.condition.split(" AND ") if part] for tally in wanted)
    return [part for part in first if all(part in other for other in others)]


def _own(tally: Tally, shared: list[str]) -> str:
    """What else a tally's objects meet."""
    return " AND ".join(part for part in tally.condition.split(" AND ") if part and part not in shared)


def _sum(tally: Tally, column: str, shared: list[str], *, distinct: bool) -> str:
    if distinct:
        return f"COUNT(DISTINCT {column})"
    return "COUNT(*)" if tally.column == "1" and not _own(tally, shared) else f"SUM({column})"


def _rows(stream: _Stream, wanted: list[Tally], shared: list[str], scope: Scope) -> str:
    """The stream's rows in scope: the key they are grouped by, and a number for each tally."""
    numbers = ", ".join(f"{_number(tally, shared)} AS n{index}" for index, tally in enumerate(wanted))
    conditions = [f"{stream.at} >= {scope.over.start:d}", f"{stream.at} < {scope.over.end:d}", *shared]
    if stream.condition:
        conditions.append(stream.condition)
    if scope.users:
        conditions.append(f"{stream.user} IN ({', '.join(f'{user:d}' for user in sorted(scope.users))})")
    if scope.leads:
        conditions.append(f"{stream.lead} IN ({scope.leads})")
    table = stream.table.format(shift=scope.over.offset * MINUTE)
    return f"SELECT {_key(stream, scope)} AS k, {numbers} FROM {table} WHERE {' AND '.join(conditions)}"


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
    if scope.by != "hour" and stream.day:
        return lambda key: None if key is None else index(key * DAY)
    return lambda key: None if key is None else index(scope.over.local(key))


def _same(key: int | None) -> int | None:
    return key
