"""The Explorer: every object put into its cells, then one number for each cell.

``fields(world)`` lists what can be asked for, as field -> type; ``report(world, params, ...)`` gives the whole answer
to a request that is in order, or ``TooManyError`` where it has more buckets than are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from tests.engine.oracle import ranges
from tests.engine.oracle.search import ACTIVITIES
from tests.engine.oracle.world import Row, World, annualized, happened, moment

NULL = ("None", "")
"""The label and identity of the group of those without a value."""
MOST = 10_000
_ACTIVITY = {"user_id": "user", "date_created": "date", "activity_at": "date"}
FIELDS: dict[str, dict[str, str]] = {
    "lead": {"display_name": "text", "status_id": "choice", "created_by": "user", "date_created": "date"},
    "opportunity": {
        "status_id": "choice", "status_type": "choice", "pipeline_id": "choice", "value_period": "choice",
        "value_currency": "choice", "value": "number", "annualized_value": "number", "confidence": "number",
        "user_id": "user", "created_by": "user", "date_created": "date", "date_won": "date", "date_lost": "date",
    },
    "call": {
        "direction": "choice", "source": "choice", "call_method": "choice", "disposition": "choice",
        "duration": "number", **_ACTIVITY,
    },
    "email": {
        "direction": "choice", "status": "choice", "template_id": "choice", "has_reply": "boolean",
        "date_sent": "date", **_ACTIVITY,
    },
    "sms": {"direction": "choice", "status": "choice", "date_sent": "date", **_ACTIVITY},
    "meeting": {"status": "choice", "duration": "number", "starts_at": "date", **_ACTIVITY},
    "note": _ACTIVITY,
    "task_completed": _ACTIVITY,
}  # fmt: skip
DECLARED = {"choices": "choice", "choice": "choice", "number": "number", "text": "text", "user": "user", "date": "date"}
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?")


class TooManyError(Exception):
    """More buckets than an answer may have."""


# ---- fields


@lru_cache
def custom_type(world: World, name: str) -> str:
    for row in world.dump.get("custom_field") or []:
        if name in (row["id"], row["name"]):
            return DECLARED[row["type"]]
    spelled = world.field_of("lead", name)
    values = [each for row in world.leads.values() for each in world.custom("lead", row).get(spelled or "", [])]
    for kind, fits in (
        ("boolean", lambda value: isinstance(value, bool)),
        ("number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
        ("date", lambda value: isinstance(value, str) and ISO.fullmatch(value) is not None),
        ("user", lambda value: isinstance(value, str) and value in world.user_order),
    ):
        if values and all(map(fits, values)):
            return kind
    return "text"


def type_of(world: World, said: str) -> str:
    thing, _, name = said.partition(".")
    if name.startswith("custom."):
        return custom_type(world, name.removeprefix("custom."))
    return FIELDS[thing][name]


def fields(world: World) -> dict[str, str]:
    """All fields, custom ones of leads under every spelling."""
    found = {f"{thing}.{name}": kind for thing, own in FIELDS.items() for name, kind in own.items()}
    spellings = {key for row in world.leads.values() for key in row.get("custom") or {}}
    spellings |= {key[7:] for row in world.leads.values() for key in row if key.startswith("custom.")}
    spellings |= {row[key] for row in world.dump.get("custom_field") or [] for key in ("id", "name")}
    known = [name for name in spellings if world.field_of("lead", name) is not None]
    return found | {f"lead.custom.{name}": custom_type(world, name) for name in sorted(known)}


def values(world: World, said: str, row: Row, minutes: int) -> list[Any]:
    """What an object has in a field: dates as moments, empty for null."""
    thing, _, name = said.partition(".")
    if name.startswith("custom."):
        spelled = world.field_of("lead", name.removeprefix("custom."))
        found = world.custom("lead", row).get(spelled or "", [])
    else:
        found = [each for each in [plain(world, thing, name, row, minutes)] if each is not None]
    if type_of(world, said) == "date":
        return [ranges.said(each, minutes) if isinstance(each, str) else each for each in found]
    return found


def plain(world: World, thing: str, name: str, row: Row, minutes: int) -> Any:
    """One value, dates as they are written or as moments."""
    settled: dict[str, Callable[[], Any]] = {
        "lead.display_name": lambda: row["display_name"] if row.get("display_name") is not None else row.get("name"),
        "opportunity.status_type": lambda: world.status_type(row),
        "opportunity.pipeline_id": lambda: world.pipeline_of(row),
        "opportunity.value_period": lambda: row.get("value_period") or "one_time",
        "opportunity.annualized_value": lambda: annualized(row),
        "opportunity.confidence": lambda: row.get("confidence") or 0,
        "opportunity.date_won": lambda: world.closed(row, "won", minutes),
        "opportunity.date_lost": lambda: world.closed(row, "lost", minutes),
        "call.duration": lambda: row.get("duration") or 0,
        "meeting.duration": lambda: row.get("duration") or 0,
        "email.has_reply": lambda: row.get("has_reply"),
    }
    if name == "activity_at":
        return happened(row)
    if name == "date_created" or (name in ("date_sent", "starts_at") and row.get(name)):
        return moment(row[name])
    return settled.get(f"{thing}.{name}", lambda: row.get(name))()


def label(world: World, said: str, value: Any) -> tuple[str, str]:
    """How a value is shown, its ID where it has no name or an empty one; and what tells it from others shown alike."""
    if isinstance(value, bool):
        return (str(value).lower(),) * 2
    kind = type_of(world, said)
    names: dict[str, str | None] = {}
    if kind == "user":
        names = {user.id: user.display for user in world.users}
    elif said == "lead.status_id":
        names = {status.id: status.label for status in world.lead_statuses}
    elif said == "opportunity.status_id":
        names = {status.id: status.label for status in world.opportunity_statuses}
    elif said == "opportunity.pipeline_id":
        names = {row["id"]: row.get("name") for row in world.dump["pipeline"]}
    elif said == "email.template_id":
        names = {row["id"]: row.get("name") for row in world.dump["email_template"]}
    name = names.get(value) if isinstance(value, str) else None
    return name or str(value), str(value)


# ---- placing


@dataclass
class Series:
    """The objects of one group: all of them, and those in each cell; ID -> row."""

    name: tuple[str, str] | None
    rows: dict[str, Row] = field(default_factory=dict)
    cells: dict[Any, dict[str, Row]] = field(default_factory=dict)


@dataclass
class Question:
    """A request, taken apart; ``start`` and ``end`` are null where nothing bounds x."""

    world: World
    params: Row
    minutes: int
    now: int
    week_start: str
    x: str = ""
    y: str = ""
    start: int | None = None
    end: int | None = None
    interval: Any = None

    def __post_init__(self) -> None:
        self.x, self.y = self.params["x"], self.params.get("y") or "lead.count"
        start, end = self.params.get("start"), self.params.get("end")
        self.kind = type_of(self.world, self.x)
        if self.kind == "date":
            created = moment(self.world.organization["date_created"])
            self.start = ranges.said(start, self.minutes) if start else created
            self.end = ranges.said(end, self.minutes) if end else self.now
        elif self.kind == "number":
            self.start = None if start is None else int(start)
            self.end = None if end is None else int(end)

    @property
    def rows_of(self) -> str:
        """The object whose rows are looked at: of the side that is not lead."""
        of_x = self.x.partition(".")[0]
        return self.y.partition(".")[0] if of_x == "lead" else of_x

    def holds(self, value: Any) -> bool:
        return (self.start is None or value >= self.start) and (self.end is None or value < self.end)

    def of(self, said: str, row: Row) -> list[Any]:
        """What a row, or its lead, has in a field."""
        thing = said.partition(".")[0]
        owner = row if thing == self.rows_of else self.world.leads[row["lead_id"]]
        return values(self.world, said, owner, self.minutes)


def rows(question: Question, matching: set[str] | None) -> list[Row]:
    world, kind = question.world, question.rows_of
    if kind == "lead":
        found = [{**row, "lead_id": row["id"]} for row in world.leads.values()]
    elif kind == "opportunity":
        found = list(world.opportunities.values())
    else:
        found = world.of(ACTIVITIES[kind])
    key = "lead_id" if question.x.startswith("lead.") else "id"
    return [row for row in found if row["lead_id"] and (matching is None or row[key] in matching)]


def place(question: Question, found: list[Row]) -> list[Series]:
    group_by = question.params.get("group_by")
    series: dict[tuple[str, str] | None, Series] = {} if group_by else {None: Series(None)}
    placed = [(row, [x for x in question.of(question.x, row) if question.holds(x)]) for row in found]
    placed = [(row, xs) for row, xs in placed if xs]
    settle_interval(question, [x for _, xs in placed for x in xs])
    for row, xs in placed:
        groups: list[tuple[str, str] | None] = [None]
        if group_by:
            groups = [label(question.world, group_by, each) for each in question.of(group_by, row)] or [NULL]
        for group in set(groups):
            into = series.setdefault(group, Series(group))
            into.rows[row["id"]] = row
            for x in xs:
                into.cells.setdefault(bucket(question, x), {})[row["id"]] = row
    return list(series.values())


def settle_interval(question: Question, xs: list[Any]) -> None:
    said = question.params.get("interval") or "auto"
    if question.kind == "date":
        assert question.start is not None
        assert question.end is not None
        question.interval = date_interval(question.end - question.start) if said == "auto" else said
    elif question.kind == "number":
        question.interval = number_interval(xs) if said == "auto" else int(said)


def date_interval(length: int) -> str:
    limits = {"hour": timedelta(hours=25)} | {
        grain: timedelta(days=days) for grain, days in (("day", 93), ("week", 366), ("month", 1830), ("quarter", 5490))
    }
    return next((grain for grain, most in limits.items() if timedelta(microseconds=length) <= most), "year")


def number_interval(xs: list[Any]) -> int:
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if not xs or floor(Fraction(max(xs)) / step) - floor(Fraction(min(xs)) / step) < 30:
                return step
        power *= 10


def bucket(question: Question, x: Any) -> Any:
    if question.kind == "date":
        return ranges.floor(ranges.local(x, question.minutes), question.interval, question.week_start)
    if question.kind == "number":
        return floor(Fraction(x) / question.interval) * question.interval
    return label(question.world, question.x, x)


def buckets(question: Question, series: list[Series]) -> list[Any]:
    """All buckets of a date or a number, in order."""
    found: list[Any] = []
    if question.kind == "date":
        assert question.start is not None
        assert question.end is not None
        if question.start == question.end:
            return []
        at, last = (bucket(question, x) for x in (question.start, question.end - 1))
        while at <= last:
            found.append(at)
            at = ranges.later(at, question.interval)
            if len(found) > MOST:
                raise TooManyError
        return found
    seen = [cell for each in series for cell in each.cells]
    if not seen:
        return []
    if (max(seen) - min(seen)) // question.interval + 1 > MOST:
        raise TooManyError
    return list(range(min(seen), max(seen) + 1, question.interval))


# ---- measuring


def measure(question: Question, found: dict[str, Row]) -> Any:
    """The number of a cell."""
    thing, _, name = question.y.partition(".")
    transform = question.params.get("transform_y") or "sum"
    leads: dict[str, list[Row]] = {}
    for row in found.values():
        leads.setdefault(row["lead_id"], []).append(row)
    if name == "count":
        if thing == "lead":
            return len(leads)
        if question.x.partition(".")[0] == thing:
            return len(found)
        return transformed(transform, [len(mine) for mine in leads.values()])
    once = [mine[0] for mine in leads.values()] if thing == "lead" else list(found.values())
    return transformed(transform, [each for row in once for each in question.of(question.y, row)])


def transformed(transform: str, numbers: list[Any]) -> Any:
    if transform == "sum":
        return exact(sum(map(Fraction, numbers), Fraction(0)))
    if not numbers:
        return None
    if transform == "avg":
        return exact(sum(map(Fraction, numbers), Fraction(0)) / len(numbers))
    return min(numbers) if transform == "min" else max(numbers)


def exact(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


def points(question: Question, each: Series, filled: list[Any]) -> list[list[Any]]:
    if question.kind == "date":
        return [[ranges.printed(at, question.minutes), measure(question, each.cells.get(at, {}))] for at in filled]
    if question.kind == "number":
        return [[at, measure(question, each.cells.get(at, {}))] for at in filled]
    found = [(cell, measure(question, inside)) for cell, inside in each.cells.items()]
    found.sort(key=lambda point: (point[1] is None, -(point[1] or 0), point[0]))
    return [[cell[0], y] for cell, y in found]


def report(
    world: World, params: Row, minutes: int, now: int, week_start: str, matching: set[str] | None
) -> dict[str, Any]:
    """The answer; ``matching`` are the objects of x that the query finds, null without one."""
    question = Question(world, params, minutes, now, week_start)
    series = place(question, rows(question, matching))
    filled = buckets(question, series) if question.kind in ("date", "number") else []
    counted = {
        id(each): len({row["lead_id"] for row in each.rows.values()})
        if question.y.startswith("lead.")
        else len(each.rows)
        for each in series
    }
    series.sort(key=lambda each: (-counted[id(each)], each.name or NULL))
    return {
        "x": question.x,
        "y": question.y,
        "interval": question.interval,
        "transform_y": params.get("transform_y") or "sum",
        "group_by": params.get("group_by"),
        "series": [
            {
                "name": each.name[0] if each.name else None,
                "count": counted[id(each)],
                "data": points(question, each, filled),
            }
            for each in series
        ],
    }
