"""Adding up: one statement of portable SQL for each stream of objects a report looks at.

Only text from the tables of this package and integers reach a statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from runner.engine.grains import GRAINS
from runner.engine.inquiry import Backend
from runner.engine.layout import SLOT
from runner.engine.metrics import Feed, Tally
from runner.engine.moments import DAY, MINUTE
from runner.engine.ranges import Range

_SLOT_MINUTES = SLOT // MINUTE


@dataclass(frozen=True, slots=True)
class _Stream:
    """Rows with a moment ``at``, its ``slot`` (where the table has one), a user and a lead."""

    table: str
    at: str = "ts"
    slot: str = "slot"
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
    return _Stream(f"(SELECT {columns} FROM opportunity WHERE status_type = '{action}') closed", slot="")


_STREAMS: dict[Feed, tuple[_Stream, ...]] = {
    "call": (_Stream("call"),),
    "email": (_Stream("email"),),
    "sms": (_Stream("sms"),),
    "meeting": (_Stream("meeting"),),
    "note": (_Stream("note"),),
    "task_completed": (_Stream("task_completed"),),
    "lead": (_Stream("lead", "created", "created_slot", "created_by", "no"),),
    "created": (_Stream("opportunity", "created", "created_slot", "created_by"),),
    "created_for": (_Stream("opportunity", "created", "created_slot"),),
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
    rows = " UNION ALL ".join(_rows(stream, wanted, scope) for stream in streams)
    distinct = wanted[0].feed == _DISTINCT
    place = _placer(streams[0], scope)
    for key, *numbers in backend.execute(_grouped(rows, _sums(wanted, distinct=distinct), scope, streams[0])):
        _add(sheet.rows[place(key)], wanted, numbers)
        if not distinct:
            _add(sheet.total, wanted, numbers)
    if distinct:
        (total,) = backend.execute(f"SELECT {_sums(wanted, distinct=True)} FROM ({rows}) r")
        _add(sheet.total, wanted, total)


def _add(into: dict[Tally, int], wanted: list[Tally], numbers: Iterable[int | None]) -> None:
    for tally, number in zip(wanted, numbers, strict=True):
        into[tally] = into.get(tally, 0) + int(number or 0)


def _sums(wanted: list[Tally], *, distinct: bool) -> str:
    form = "COUNT(DISTINCT r.n{})" if distinct else "SUM(r.n{})"
    return ", ".join(form.format(index) for index in range(len(wanted)))


def _rows(stream: _Stream, wanted: list[Tally], scope: Scope) -> str:
    """The stream's rows in scope: the key they are grouped by, and a number for each tally."""
    numbers = ", ".join(f"{_number(tally)} AS n{index}" for index, tally in enumerate(wanted))
    conditions = [f"{stream.at} >= {scope.over.start:d}", f"{stream.at} < {scope.over.end:d}"]
    if stream.condition:
        conditions.append(stream.condition)
    if scope.users:
        conditions.append(f"{stream.user} IN ({', '.join(f'{user:d}' for user in sorted(scope.users))})")
    if scope.leads:
        conditions.append(f"{stream.lead} IN ({scope.leads})")
    table = stream.table.format(shift=scope.over.offset * MINUTE)
    return f"SELECT {_key(stream, scope)} AS k, {numbers} FROM {table} WHERE {' AND '.join(conditions)}"


def _number(tally: Tally) -> str:
    return f"CASE WHEN {tally.condition} THEN {tally.column} ELSE 0 END" if tally.condition else tally.column


def _key(stream: _Stream, scope: Scope) -> str:
    """What a row is grouped by: its user, its slot of local time, or the moment itself where there is no slot."""
    if scope.by == "user":
        return stream.user
    if not stream.slot:
        return stream.at
    slots, minutes = divmod(scope.over.offset, _SLOT_MINUTES)
    local = f"{stream.slot} + ({slots:d})"
    if minutes:
        into = f"{stream.at} - CAST({stream.slot} AS BIGINT) * {SLOT}"
        local += f" + CASE WHEN {into} >= {SLOT - minutes * MINUTE:d} THEN 1 ELSE 0 END"
    return local


def _grouped(rows: str, sums: str, scope: Scope, stream: _Stream) -> str:
    if scope.by == "user" or not stream.slot:
        return f"SELECT r.k, {sums} FROM ({rows}) r GROUP BY r.k"
    first = scope.over.local(scope.over.start) // SLOT
    last = scope.over.local(scope.over.end - 1) // SLOT
    calendar = f"SELECT slot, {scope.by} AS bucket FROM calendar WHERE slot >= {first:d} AND slot <= {last:d}"
    return f"SELECT c.bucket, {sums} FROM ({rows}) r JOIN ({calendar}) c ON c.slot = r.k GROUP BY c.bucket"


def _placer(stream: _Stream, scope: Scope) -> Callable[[int | None], int | None]:
    """Turns the key of a grouped row into a bucket's index or a user: moments are put into their buckets here."""
    if scope.by == "user" or stream.slot:
        return lambda key: key
    index = GRAINS[scope.by].index
    return lambda key: None if key is None else index(scope.over.local(key))
