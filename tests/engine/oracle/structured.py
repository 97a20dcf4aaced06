"""Structured searches, trees of JSON, over the objects of a dump: each node says yes or no to one object.

``Structured(world, now, offset).leads(stored)`` gives the IDs of the leads that a stored ``s_query`` finds. It is for
trees of the grammar: what is outside of it raises, or is not noticed.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from tests.engine.oracle.world import DAY, MINUTE, Row, World, annualized, is_day, moment

Test: TypeAlias = Callable[[Row], bool]

WORDS = re.compile(r"\w+")
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?")
LIMITS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
DATES = ("date_created", "date_won", "date_lost")
PLAIN = {
    "lead": ("id", "status_id", "created_by"),
    "contact": ("id", "name", "title"),
    "opportunity": ("id", "status_id", "user_id", "created_by", "value", "value_currency"),
}
"""Object -> the fields that hold what the dump says."""


def words(text: str) -> list[str]:
    """Runs of letters, digits and ``_``, in lower case."""
    return [word.lower() for word in WORDS.findall(text)]


def phrase(text: str, wanted: list[str]) -> bool:
    """Whether the words stand in the text one after the other."""
    found = words(text)
    return any(found[place : place + len(wanted)] == wanted for place in range(len(found) - len(wanted) + 1))


def name_of(lead: Row) -> str | None:
    name = lead.get("display_name")
    return lead.get("name") if name is None else name


class Moment(int):
    """Microseconds since 1970, to be told from a number."""


class Structured:
    def __init__(self, world: World, now: int, offset: int = 0) -> None:
        self.world, self.now, self.offset = world, now, offset

    def leads(self, stored: Row) -> set[str]:
        """The leads that a stored search finds, be it the saved object or the query itself."""
        test = self.node(stored if "type" in stored else stored["query"], "lead")
        return {row["id"] for row in self.rows("lead") if test(row)}

    def rows(self, kind: str) -> list[Row]:
        found = {"lead": self.world.leads, "contact": self.world.contacts, "opportunity": self.world.opportunities}
        return list(found[kind].values())

    # ---- nodes

    def node(self, said: Row, kind: str) -> Test:
        test = self.plain(said, kind)
        return (lambda row: not test(row)) if said.get("negate") else test

    def plain(self, said: Row, kind: str) -> Test:
        match said["type"]:
            case "and" | "or":
                tests = [self.node(each, kind) for each in said["queries"]]
                together = all if said["type"] == "and" else any
                return lambda row: together(test(row) for test in tests)
            case "negate":
                inner = self.node(said["query"], kind)
                return lambda row: not inner(row)
            case "id":
                return lambda row: bool(row["id"] == said["value"])
            case "object_type":
                return lambda _: bool(said["object_type"] == kind)
            case "text":
                return lambda row: has_words(self.texts(kind, "name", row), said)
            case "has_related":
                return self.related(kind, said["related_object_type"], said["related_query"])
            case "field_condition":
                return self.condition(kind, said["field"], said["condition"])
            case other:
                raise ValueError(other)

    def related(self, kind: str, other: str, said: Row) -> Test:
        """From a lead to what it holds, or from that to its lead."""
        test = self.node(said, other)
        found = [row for row in self.rows(other) if test(row)]
        if other == "lead":
            ids = {row["id"] for row in found}
            return lambda row: row["lead_id"] in ids
        if kind != "lead":
            raise ValueError(f"{kind} to {other}")
        holders = self.world.holders(found)
        return lambda row: row["id"] in holders

    def condition(self, kind: str, field: Row, said: Row) -> Test:
        def test(row: Row) -> bool:
            values = self.custom(kind, field, row) if "custom_field_id" in field else self.values(kind, field, row)
            if said["type"] == "text":
                return has_words([value for value in values if isinstance(value, str)], said)
            return any(self.holds(value, said) for value in values)

        return (lambda row: not test(row)) if said.get("negate") else test

    # ---- what fields hold

    def texts(self, kind: str, name: str, row: Row) -> list[str]:
        if kind == "opportunity":
            raise ValueError("an opportunity has no text")
        found = name_of(row) if kind == "lead" else row.get(name)
        return [] if found is None else [found]

    def values(self, kind: str, field: Row, row: Row) -> list[Any]:
        name, world = field["field_name"], self.world
        if name in ("name", "display_name") and kind == "lead":
            return self.texts(kind, name, row)
        if name in PLAIN[kind]:
            found = row.get(name)
        elif name in DATES:
            found = self.date(name, row)
        else:
            found = {
                "status_type": world.status_type, "pipeline_id": world.pipeline_of, "confidence": confidence,
                "value_period": period, "annualized_value": annualized_if_valued,
            }[name](row)  # fmt: skip
        return [] if found is None else [found]

    def date(self, name: str, row: Row) -> Moment | None:
        if name == "date_created":
            found = moment(row[name]) if row.get(name) else None
        else:
            found = self.world.closed(row, name.removeprefix("date_"), self.offset)
        return None if found is None else Moment(found)

    def custom(self, kind: str, field: Row, row: Row) -> list[Any]:
        name = self.world.field_of(kind, field["custom_field_id"])
        if name is None:
            raise ValueError(field["custom_field_id"])
        return self.world.custom(kind, row).get(name, [])

    # ---- conditions

    def holds(self, value: Any, said: Row) -> bool:
        match said["type"]:
            case "exists":
                return True
            case "boolean":
                return value is said["value"]
            case "current_user":
                return bool(value == self.world.users[0].id)
            case "term" | "reference":
                return isinstance(value, str) and value in said["values" if "values" in said else "object_ids"]
            case "number_range":
                return within(value, said)
            case "moment_range":
                return self.inside(value, said)
            case other:
                raise ValueError(other)

    def inside(self, value: Any, said: Row) -> bool:
        """From ``on_or_after`` to before ``before``; a text that is a plain date is the local midnight."""
        if isinstance(value, str) and ISO.fullmatch(value):
            value = Moment(moment(value) - (self.offset * MINUTE if is_day(value) else 0))
        elif not isinstance(value, Moment):
            return False
        first, last = (self.moment(said[key]) if said.get(key) else None for key in ("on_or_after", "before"))
        return (first is None or value >= first) and (last is None or value < last)

    def moment(self, said: Row) -> int:
        match said["type"]:
            case "now":
                return self.now
            case "fixed_utc":
                return moment(said["value"])
            case "fixed_local_date":
                midnight = moment(said["value"]) - self.offset * MINUTE
                return midnight + (DAY if said["which"] == "end" else 0)
            case other:
                raise ValueError(other)


def within(value: Any, said: Row) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return all(LIMITS[key](value, said[key]) for key in LIMITS if said.get(key) is not None)


def has_words(texts: list[str], said: Row) -> bool:
    """A phrase is in one of the texts; single words may be in any of them."""
    wanted = words(said["value"])
    found = [word for text in texts for word in words(text)]
    match said["mode"]:
        case "phrase":
            return any(phrase(text, wanted) for text in texts)
        case "full_words":
            return all(word in found for word in wanted)
        case "beginning_of_words":
            return all(any(each.startswith(word) for each in found) for word in wanted)
        case other:
            raise ValueError(other)


def confidence(opportunity: Row) -> int:
    return opportunity.get("confidence") or 0


def period(opportunity: Row) -> str:
    return opportunity.get("value_period") or "one_time"


def annualized_if_valued(opportunity: Row) -> int | None:
    return None if opportunity.get("value") is None else annualized(opportunity)
