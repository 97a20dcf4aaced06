"""The search language over the objects of a dump: a small parser, and tests of one object at a time.

``Search(world, now, offset).leads(text)`` gives the IDs of the leads that match, ``.objects(text, kind)`` those of
another kind (``opportunity call email sms meeting note task_completed``); ``.saved(identity)`` the leads of a saved
search. ``ValueError`` where a text is not of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

from tests.engine.oracle.structured import Structured, name_of, phrase, words
from tests.engine.oracle.world import DAY, EPOCH, MINUTE, SECOND, Row, Step, User, World, happened, is_day, moment, sent
from tests.engine.oracle.world import at as status_at

Test: TypeAlias = Callable[[Any], bool]

ACTIVITIES = {
    "call": "Call", "email": "Email", "sms": "SMS", "meeting": "Meeting", "note": "Note",
    "task_completed": "TaskCompleted",
}  # fmt: skip
NESTED = ("opportunity", "call", "email", "sms")
NAME = re.compile(r'[^\s,"():=<>]+')
BARE = re.compile(r'[^\s,"()]+')
OPERATOR = re.compile(r"\s*(>=|<=|>|<|:|=)\s*")
SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
STATUS_FORMS = {"lead": ("lead_status", "lead_status_change"), "opportunity": ("status", "status_change")}
ORIGINAL = {"lead": "original_lead_status", "opportunity": "original_status"}


class Search:
    def __init__(self, world: World, now: int, offset: int = 0) -> None:
        self.world, self.now, self.offset = world, now, offset
        self.pending: list[str] = []

    def leads(self, text: str) -> set[str]:
        return self.objects(text, "lead")

    def objects(self, text: str, kind: str) -> set[str]:
        test = Parser(self, text).whole(kind)
        return {row["id"] for row in self.rows(kind) if test(row)}

    def rows(self, kind: str) -> list[Row]:
        if kind in ("lead", "opportunity"):
            return list((self.world.leads if kind == "lead" else self.world.opportunities).values())
        return self.world.of(ACTIVITIES[kind])

    def saved(self, identity: str) -> set[str]:
        found = next((row for row in self.world.dump["saved_search"] if row["id"] == identity), None)
        if found is None or identity in self.pending or (found.get("type") or "lead") != "lead":
            raise ValueError(f"saved search {identity}")
        self.pending.append(identity)
        try:
            if found.get("s_query"):
                return Structured(self.world, self.now, self.offset).leads(found["s_query"])
            if not found.get("query"):
                raise ValueError(f"saved search {identity} says nothing")
            return self.leads(found["query"])
        finally:
            self.pending.pop()

    def related(self, kind: str, test: Test) -> set[str]:
        """The leads that hold an object of that kind that passes."""
        return self.world.holders(row for row in self.rows(kind) if test(row))

    # ---- what fields hold

    def user(self, identity: str | None) -> list[str]:
        found: list[User] = [user for user in self.world.users if user.id == identity]
        return [text for user in found for text in (Exact(user.id), Shown(user.display, self.world.user_order))]

    def named(self, rows: Iterable[Any], identity: str | None, key: str, more: Iterable[str] = ()) -> list[str]:
        """The names an object goes by: its ID, and its label or name; ``more`` are IDs that no row has."""
        if identity is None:
            return []
        pairs = [(row["id"], row.get(key)) if isinstance(row, dict) else (row.id, getattr(row, key)) for row in rows]
        ids = {*(each for each, _ in pairs), *more}
        names = [name for each, name in pairs if each == identity and name is not None]
        return [Exact(identity), *(Shown(name, ids) for name in names)]

    def status(self, kind: str, identity: str | None) -> list[str]:
        rows = self.world.lead_statuses if kind == "lead" else self.world.opportunity_statuses
        return self.named(rows, identity, "label")

    def original(self, kind: str, row: Row) -> list[str]:
        steps = self.world.history[kind, row["id"]]
        return self.status(kind, steps[0].status) if steps else []

    def field(self, kind: str, name: str) -> Callable[[Row], list[Any]]:
        """The values of a field on an object: texts, numbers, or one-element lists of moments (as ``Moment``)."""
        if name == ORIGINAL.get(kind):
            return lambda row: self.original(kind, row)
        table = {
            "lead": self.lead_fields, "opportunity": self.opportunity_fields, "call": self.call_fields,
            "email": self.email_fields, "sms": self.sms_fields,
        }.get(kind, self.activity_fields)  # fmt: skip
        if kind == "lead" and name.startswith("custom."):
            return self.custom("lead", name.removeprefix("custom."))
        found = table().get(name)
        if found is None:
            raise ValueError(f"no field {name} of {kind}")
        return found

    def custom(self, kind: str, spelling: str) -> Callable[[Row], list[Any]]:
        field = self.world.field_of(kind, spelling)
        if field is None:
            raise ValueError(f"no custom field {spelling}")

        def values(row: Row) -> list[Any]:
            return [Custom(value) for value in self.world.custom(kind, row).get(field, [])]

        return values

    def lead_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        status: Callable[[Row], list[Any]] = lambda row: self.status("lead", row.get("status_id"))  # noqa: E731
        holders: dict[str, list[str]] = {}
        for each in self.world.opportunities.values():
            holders.setdefault(each["lead_id"] or "", []).extend(self.user(each.get("user_id")))
        return dict.fromkeys(("name", "display_name", "company"), lambda row: some(name_of(row))) | {
            "status": status, "lead_status": status, "id": lambda row: [Exact(row["id"])],
            "created": when("date_created"), "date_created": when("date_created"),
            "created_by": lambda row: self.user(row.get("created_by")),
            "opportunity_user": lambda row: holders.get(row["id"], []),
        }  # fmt: skip

    def opportunity_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        world = self.world
        user: Callable[[Row], list[Any]] = lambda row: self.user(row.get("user_id"))  # noqa: E731
        placed = {row["pipeline_id"] for row in world.opportunities.values() if row.get("pipeline_id") is not None}
        return {
            "status": lambda row: self.status("opportunity", row.get("status_id")),
            "status_type": lambda row: some(world.status_type(row)),
            "pipeline": lambda row: self.named(world.dump["pipeline"], world.pipeline_of(row), "name", placed),
            "value": lambda row: some(row.get("value")), "confidence": lambda row: [row.get("confidence") or 0],
            "user": user, "opportunity_user": user, "created": when("date_created"),
            "date_won": lambda row: moments(world.closed(row, "won", self.offset)),
            "date_lost": lambda row: moments(world.closed(row, "lost", self.offset)),
        }  # fmt: skip

    def activity_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        return {"user": lambda row: self.user(row.get("user_id")), "created": when("date_created")}

    def call_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        return self.activity_fields() | {
            "direction": lambda row: some(row.get("direction")),
            "disposition": lambda row: some(row.get("disposition")),
            "duration": lambda row: [row.get("duration") or 0],
            "outgoing_call_date": lambda row: moments(happened(row)) if row.get("direction") == "outbound" else [],
        }  # fmt: skip

    def email_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        def direction(row: Row) -> list[str]:
            out = row.get("direction") == "outgoing"
            said = ["sent"] if out and row.get("status") == "sent" else []
            return [*said, *some(row.get("direction")), *(["received"] if row.get("direction") == "incoming" else [])]

        templates = self.world.dump.get("email_template") or []
        used = {row["template_id"] for row in self.rows("email") if row.get("template_id")}
        return self.sms_fields() | {
            "direction": direction, "opened": lambda row: [bool(row.get("opens"))],
            "has_reply": lambda row: some(row.get("has_reply")),
            "template": lambda row: self.named(templates, row.get("template_id"), "name", used),
        }  # fmt: skip

    def sms_fields(self) -> dict[str, Callable[[Row], list[Any]]]:
        return self.activity_fields() | {
            "direction": lambda row: some(row.get("direction")), "status": lambda row: some(row.get("status")),
            "sent": lambda row: moments(sent(row)) if row.get("status") == "sent" else [],
        }  # fmt: skip


class Moment(int):
    """Microseconds since 1970, as the value of a field."""


class Exact(str):
    """An ID, in which upper and lower case differ."""


class Shown(str):
    """What an object is called; where that is the ID of one of its kind (of ``ids``), the ID is meant."""

    ids: Container[str]

    def __new__(cls, name: str, ids: Container[str]) -> Shown:
        found = super().__new__(cls, name)
        found.ids = ids
        return found


class Custom:
    """A value of a custom field, compared by the kind of value it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


def some(value: Any) -> list[Any]:
    return [] if value is None else [value]


def moments(value: int | None) -> list[Any]:
    return [] if value is None else [Moment(value)]


def when(key: str) -> Callable[[Row], list[Any]]:
    return lambda row: moments(moment(row[key]) if row.get(key) else None)


# ---- comparing


def span(text: str, offset: int) -> tuple[int, int] | None:
    """The first instant of what a date literal names, and the first after it."""
    found = SPAN.fullmatch(text)
    if not found:
        return None
    day, minute, second, fraction, zone = found.groups()
    try:
        if minute is None:
            start = moment(day) - offset * MINUTE
            return start, start + DAY
        said = f"{day}T{minute}{second or ''}"
        parsed = datetime.fromisoformat(said).replace(tzinfo=_zone(zone))
    except ValueError:
        return None
    start = (parsed - EPOCH) // timedelta(microseconds=1)
    if fraction:
        start += int(fraction[1:7].ljust(6, "0"))
        return start, start + 1
    return start, start + (SECOND if second else MINUTE)


def _zone(zone: str | None) -> timezone:
    if zone is None or zone in "Zz":
        return UTC
    digits = zone.replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


def compare(value: Any, sign: str, said: str, offset: int) -> bool:
    if isinstance(value, Custom):
        return compare_custom(value.value, sign, said, offset)
    if isinstance(value, Moment):
        day = span(said, offset)
        if day is None:
            raise ValueError(f"{said} is no date")
        return {
            ":": day[0] <= value < day[1], ">=": value >= day[0], "<": value < day[0],
            ">": value >= day[1], "<=": value < day[1],
        }[sign]  # fmt: skip
    if isinstance(value, bool):
        return value == (said.lower() in ("yes", "true"))
    if isinstance(value, int | float):
        number = float(said)
        return {
            ":": value == number, ">=": value >= number, "<": value < number, ">": value > number,
            "<=": value <= number,
        }[sign]  # fmt: skip
    if sign != ":":
        raise ValueError(f"{sign} does not go with text")
    return same(value, said)


def same(value: str, said: str) -> bool:
    if isinstance(value, Exact) or (isinstance(value, Shown) and said in value.ids):
        return value == said and isinstance(value, Exact)
    return value.lower() == said.lower()


def compare_custom(value: Any, sign: str, said: str, offset: int) -> bool:
    """By the kind of the value; what does not fit is false."""
    if isinstance(value, bool):
        return (
            sign == ":"
            and said.lower() in ("yes", "true" if value else "false", "no")
            and (value == (said.lower() in ("yes", "true")))
        )
    if isinstance(value, int | float):
        try:
            return compare(value, sign, said, offset)
        except ValueError:
            return False
    if sign == ":" and value.lower() == said.lower():
        return True
    if span(said, offset) is None or span(value, offset) is None:
        return False
    own = moment(value) - (offset * MINUTE if is_day(value) else 0)
    return compare(Moment(own), sign, said, offset)


# ---- reading


class Parser:
    """Reads a text from left to right; ``kind`` is the object the part at hand is about."""

    def __init__(self, search: Search, text: str) -> None:
        self.search, self.text, self.place = search, text, 0

    def whole(self, kind: str) -> Test:
        self.space()
        if self.place == len(self.text):
            return lambda _: True
        test = self.either(kind)
        self.space()
        if self.place < len(self.text):
            raise ValueError(f"unexpected {self.text[self.place :]!r}")
        return test

    def space(self) -> None:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def take(self, literal: str) -> bool:
        self.space()
        if self.text.startswith(literal, self.place):
            self.place += len(literal)
            return True
        return False

    def word(self, keyword: str) -> bool:
        """Take a keyword, in any case, that stands alone."""
        self.space()
        found = BARE.match(self.text, self.place)
        if found and found[0].lower() == keyword:
            self.place = found.end()
            return True
        return False

    def either(self, kind: str) -> Test:
        tests = [self.both(kind)]
        while self.word("or"):
            tests.append(self.both(kind))
        return lambda row: any(test(row) for test in tests)

    def both(self, kind: str) -> Test:
        tests = [self.negated(kind)]
        while True:
            before = self.place
            self.space()
            if self.place == len(self.text) or self.text[self.place] == ")":
                break
            if self.word("or"):
                self.place = before
                break
            self.word("and")
            tests.append(self.negated(kind))
        return lambda row: all(test(row) for test in tests)

    def negated(self, kind: str) -> Test:
        if self.word("not"):
            test = self.negated(kind)
            return lambda row: not test(row)
        return self.term(kind)

    def term(self, kind: str) -> Test:
        if self.take("("):
            return self.closed(kind)
        was_quoted = self.text[self.place : self.place + 1] == '"'
        start = self.place
        name = self.quoted() if was_quoted else self.name()
        if not was_quoted and self.text[self.place : self.place + 1] == "(":
            self.place += 1
            return self.nested(kind, name.lower())
        sign = OPERATOR.match(self.text, self.place)
        if sign:
            self.place = sign.end()
            return self.condition(kind, name, ":" if sign[1] == "=" else sign[1])
        if self.word("in"):
            return self.condition(kind, name, ":")
        if not was_quoted:
            self.place = start
            name = BARE.match(self.text, start)[0]  # type: ignore[index]  # a name was there
            self.place += len(name)
        return self.bare(kind, name, was_quoted=was_quoted)

    def closed(self, kind: str) -> Test:
        test = self.either(kind)
        if not self.take(")"):
            raise ValueError("a parenthesis is open")
        return test

    def bare(self, kind: str, text: str, *, was_quoted: bool) -> Test:
        if text == "*" and not was_quoted:
            return lambda _: True
        if kind != "lead":
            raise ValueError(f"{text} is no condition of {kind}")
        wanted = words(text)
        return lambda row: bool(wanted) and phrase(name_of(row) or "", wanted)

    def quoted(self) -> str:
        """A text in quotes, where a backslash escapes a quote and a backslash."""
        found = re.compile(r'"((?:\\["\\]|[^"])*?)"', re.DOTALL).match(self.text, self.place)
        if not found:
            raise ValueError("a quote is open")
        self.place = found.end()
        return re.sub(r'\\(["\\])', r"\1", found[1])

    def name(self) -> str:
        found = NAME.match(self.text, self.place)
        if not found:
            raise ValueError(f"unexpected {self.text[self.place :]!r}")
        self.place = found.end()
        return found[0]

    def value(self) -> str:
        self.space()
        if self.text[self.place : self.place + 1] == '"':
            return self.quoted()
        found = BARE.match(self.text, self.place)
        if not found:
            raise ValueError("a value is missing")
        self.place = found.end()
        return found[0]

    def values(self) -> list[str]:
        if not self.take("("):
            return [self.value()]
        found = [self.value()]
        while not self.take(")"):
            if not (self.take(",") or self.word("or")):
                raise ValueError("a list is open")
            found.append(self.value())
        return found

    def condition(self, kind: str, name: str, sign: str) -> Test:
        said = self.values()
        if name.lower() == "in" and kind == "lead":
            found = set().union(*map(self.search.saved, said))
            return lambda row: row["id"] in found
        field = self.search.field(kind, name if name.startswith("custom.") else name.lower())
        offset = self.search.offset
        return lambda row: any(compare(value, sign, each, offset) for value in field(row) for each in said)

    # ---- nested forms

    def nested(self, kind: str, name: str) -> Test:
        on, change = STATUS_FORMS.get(kind, ("", ""))
        if name == on:
            return self.status_on(kind)
        if name == change:
            return self.status_change(kind)
        if kind != "lead" or name not in NESTED:
            raise ValueError(f"no form {name} here")
        test = self.closed(name)
        found = self.search.related(name, test)
        return lambda row: row["id"] in found

    def status_on(self, kind: str) -> Test:
        said: dict[str, str] = {}
        while not self.take(")"):
            self.word("and")
            self.space()
            name = self.name().lower()
            if not (self.take(":") or self.take("=")) or name not in ("status", "on"):
                raise ValueError(f"{name} in a status form")
            said[name] = self.value()
        day = span(said["on"], self.search.offset)
        if day is None:
            raise ValueError(f"{said['on']} is no date")
        last, wanted = day[1] - 1, said["status"]

        def test(row: Row) -> bool:
            found = status_at(self.search.world.history[kind, row["id"]], last)
            return any(same(name, wanted) for name in self.search.status(kind, found))

        return test

    def status_change(self, kind: str) -> Test:
        inner = Change(self.search, self.text, kind)
        inner.place = self.place
        test = inner.closed("change")
        self.place = inner.place
        history = self.search.world.history
        return lambda row: any(test(step) for step in history[kind, row["id"]] if step.previous is not None)


class Change(Parser):
    """Reads what is said of one change of status."""

    def __init__(self, search: Search, text: str, owner: str) -> None:
        super().__init__(search, text)
        self.owner = owner

    def condition(self, kind: str, name: str, sign: str) -> Test:
        said, search = self.values(), self.search

        def values(step: Step) -> list[Any]:
            if name.lower() == "date":
                return moments(step.at)
            return search.status(self.owner, step.previous if name.lower() == "old_status" else step.status)

        if kind != "change" or name.lower() not in ("date", "old_status", "new_status"):
            raise ValueError(f"{name} of a {kind}")
        return lambda step: any(compare(v, sign, each, search.offset) for v in values(step) for each in said)
