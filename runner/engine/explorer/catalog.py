"""The fields of the Explorer: the closed table of those that every organization has, and its custom ones.

SQL of a field stands for one value of it: an instant in microseconds UTC, a number, a text, 1 or 0, or the number of a
user, a status, a pipeline. ``{o}`` is the alias of the object's row, ``{shift}`` the offset in microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from runner.engine.moments import DAY
from runner.engine.query.catalog import CustomField

Type: TypeAlias = Literal["number", "date", "text", "choice", "user", "boolean"]
Names: TypeAlias = Literal["", "user", "user_id", "lead_status", "opportunity_status", "pipeline", "template"]
"""What tells the names of a field's values: ``user`` by number, ``user_id`` by ID; empty where they name themselves."""

OBJECTS = ("lead", "opportunity", "call", "email", "sms", "meeting", "note", "task_completed")
COUNT = "1"
"""The SQL of ``OBJECT.count``: each object is one."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object.

    ``column`` is SQL of its value in a row of the object's table. Where that is empty, ``values`` is SQL of rows
    ``owner, value``. ``listed`` says that an object may have several values; ``fractional`` that its numbers are
    floating. ``day`` is SQL of a date's day in UTC, where the table has that.
    """

    name: str
    object: str
    label: str
    type: Type
    column: str = ""
    values: str = ""
    names: Names = ""
    listed: bool = False
    fractional: bool = False
    day: str = ""

    @property
    def is_count(self) -> bool:
        """Whether it is ``OBJECT.count``."""
        return self.column == COUNT


@dataclass(frozen=True, slots=True)
class Catalog:
    """The ``fields`` in their order, and all ``spellings`` they are known by."""

    fields: tuple[Field, ...]
    spellings: Mapping[str, Field]


@lru_cache(maxsize=16)
def of(custom: tuple[CustomField, ...]) -> Catalog:
    """The fields of an organization with these custom ones; of two with one name the second is called by its ID."""
    fields: dict[str, Field] = {}
    also: dict[str, Field] = {}
    customs = sorted(custom, key=lambda each: (each.name, each.id or "", each.no))
    for kind in OBJECTS:
        fields |= _OF[kind]
        for each in customs:
            if each.object == kind:
                prefix = f"{kind}.custom."
                identity = prefix + (each.id or each.name)
                name = prefix + each.name if prefix + each.name not in fields else identity
                fields[name] = also[identity] = _custom(name, each)
    return Catalog(tuple(fields.values()), also | fields)


COUNTS: dict[str, Field] = {f"{kind}.count": Field(f"{kind}.count", kind, "Count", "number", COUNT) for kind in OBJECTS}
"""``OBJECT.count`` of every object."""


def _dated(day: str, ts: str) -> str:
    """SQL of an instant that is kept as a moment or as a plain date, whose local midnight is meant."""
    return f"CASE WHEN {day} IS NULL THEN {ts} ELSE CAST({day} AS BIGINT) * {DAY} - ({{shift}}) END"


_CUSTOM: Mapping[str, str] = {
    "number": "SELECT owner, number AS value FROM custom_value WHERE field = {no:d} AND number IS NOT NULL",
    "date": (
        "SELECT owner, " + _dated("day", "ts").replace("{shift}", "{{shift}}") + " AS value FROM custom_value "
        "WHERE field = {no:d} AND (day IS NOT NULL OR ts IS NOT NULL)"
    ),
    "boolean": (
        "SELECT owner, CASE WHEN text = 'true' THEN 1 ELSE 0 END AS value FROM custom_value "
        "WHERE field = {no:d} AND kind = 'boolean'"
    ),
    "text": "SELECT owner, text AS value FROM custom_value WHERE field = {no:d} GROUP BY owner, text",
}
"""Type of a custom field -> SQL of its values; what does not fit the type is no value."""


def _custom(name: str, field: CustomField) -> Field:
    type_: Type = next((each for each in _TYPES if each == field.type), "text")
    values = _CUSTOM.get(type_, _CUSTOM["text"]).format(no=field.no)
    names: Names = "user_id" if type_ == "user" else ""
    kind, number = field.object, type_ == "number"
    return Field(name, kind, field.name, type_, values=values, names=names, listed=True, fractional=number)


_TYPES: tuple[Type, ...] = ("number", "date", "text", "choice", "user", "boolean")


def _field(name: str, type_: Type, column: str, names: Names = "", day: str = "") -> Field:
    """A field whose label is its name in words."""
    kind, _, own = name.partition(".")
    label = own.removesuffix("_id").replace("_", " ").capitalize()
    whole = "{o}." + column if "{" not in column else column
    return Field(name, kind, label, type_, whole, names=names, day=day and "{o}." + day)


_ACTIVITIES: Mapping[str, tuple[Field, ...]] = {
    "call": (
        _field("call.direction", "choice", "direction"),
        _field("call.source", "choice", "source"),
        _field("call.call_method", "choice", "call_method"),
        _field("call.disposition", "choice", "disposition"),
        _field("call.duration", "number", "duration"),
    ),
    "email": (
        _field("email.direction", "choice", "direction"),
        _field("email.status", "choice", "status"),
        _field("email.template_id", "choice", "template", "template"),
        _field("email.has_reply", "boolean", "has_reply"),
        _field("email.date_sent", "date", "sent"),
    ),
    "sms": (
        _field("sms.direction", "choice", "direction"),
        _field("sms.status", "choice", "status"),
        _field("sms.date_sent", "date", "sent"),
    ),
    "meeting": (
        _field("meeting.status", "choice", "status"),
        _field("meeting.duration", "number", "duration"),
        _field("meeting.starts_at", "date", "starts"),
    ),
    "note": (),
    "task_completed": (),
}

_AS_HAPPENED = ("call", "note", "task_completed")
"""The activities that are counted at when they happened."""

_OWN: tuple[Field, ...] = (
    _field("lead.display_name", "text", "name"),
    _field("lead.status_id", "choice", "status", "lead_status"),
    _field("lead.created_by", "user", "created_by", "user"),
    _field("lead.date_created", "date", "created", day="created_day"),
    _field("opportunity.status_id", "choice", "status", "opportunity_status"),
    _field("opportunity.status_type", "choice", "status_type"),
    _field("opportunity.pipeline_id", "choice", "pipeline", "pipeline"),
    _field("opportunity.value_period", "choice", "value_period"),
    _field("opportunity.value_currency", "choice", "value_currency"),
    _field("opportunity.value", "number", "value"),
    _field("opportunity.annualized_value", "number", "annualized"),
    _field("opportunity.confidence", "number", "confidence"),
    _field("opportunity.user_id", "user", "user_no", "user"),
    _field("opportunity.created_by", "user", "created_by", "user"),
    _field("opportunity.date_created", "date", "created", day="created_day"),
    _field("opportunity.date_won", "date", _dated("{o}.won_day", "{o}.won_ts")),
    _field("opportunity.date_lost", "date", _dated("{o}.lost_day", "{o}.lost_ts")),
    *(
        field
        for kind, own in _ACTIVITIES.items()
        for field in (
            *own,
            _field(f"{kind}.user_id", "user", "user_no", "user"),
            _field(f"{kind}.date_created", "date", "created"),
            _field(f"{kind}.activity_at", "date", "happened", day="day" if kind in _AS_HAPPENED else ""),
        )
    ),
)

_OF = {kind: {field.name: field for field in _OWN if field.object == kind} for kind in OBJECTS}
"""Object -> its own fields by name."""
