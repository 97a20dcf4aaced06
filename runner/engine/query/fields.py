"""The objects that can be searched: their fields, the table each lies in, and what may be nested in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "name",
    "id",
    "word",
    "flag",
    "disposition",
    "template",
    "user",
    "lead_status",
    "opportunity_status",
    "pipeline",
    "moment",
    "closing",
    "during",
    "whole",
    "nested",
]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object and the column it is compared by.

    ``name`` is a text in lower case, ``id`` one that is compared as it is, ``word`` one of the API's own words
    (``words`` has conditions for those that no column holds as they are), ``flag`` yes or no. ``closing`` is the stem
    of a pair of columns, a moment and a day. ``during`` is a stay that a moment falls into. ``nested`` is a field of
    the objects of a form: ``column`` is ``FORM.FIELD``. ``where`` holds of the rows that have the field. ``instead`` is
    the column that stands in where that of a moment is null.
    """

    kind: Kind
    column: str
    where: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Object:
    """A kind of object: ``parent`` is the column that says which enclosing object a row belongs to.

    ``forms`` are the kinds that may be nested in it, ``needs`` is the field without which a form says nothing,
    ``custom`` the kind of its custom fields.
    """

    table: str
    fields: Mapping[str, Field]
    parent: str = "lead"
    where: str = ""
    forms: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    custom: str = ""


_CREATED = {"created": Field("moment", "created"), "date_created": Field("moment", "created")}
_USER = Field("user", "user_no")
_OWNED = {"user": _USER, **_CREATED}
_SENT = Field("moment", "sent", where="x.status IS NOT NULL AND x.status = 'sent'", instead="happened")
_EMAIL_DIRECTIONS = {
    "received": "x.direction IS NOT NULL AND x.direction = 'incoming'",
    "sent": "x.direction IS NOT NULL AND x.direction = 'outgoing' AND x.status IS NOT NULL AND x.status = 'sent'",
}


_Owner: TypeAlias = Literal["lead", "opportunity"]


def _status(owner: _Owner, column: str = "status") -> Field:
    return Field("lead_status" if owner == "lead" else "opportunity_status", column)


def _stays(owner: _Owner) -> Object:
    fields = {"status": _status(owner), "on": Field("during", "since")}
    return Object(f"{owner}_span", fields, parent=owner, needs="on")


def _changes(owner: _Owner) -> Object:
    fields = {
        "old_status": _status(owner, "previous"),
        "new_status": _status(owner),
        "date": Field("moment", "since"),
    }
    return Object(f"{owner}_span", fields, parent=owner, where="x.place > 0")


def _origins(owner: _Owner) -> Object:
    return Object(f"{owner}_span", {"status": _status(owner)}, parent=owner, where="x.place = 0")


OBJECTS: Mapping[str, Object] = {
    "lead": Object(
        "lead",
        {
            "name": Field("name", "folded"),
            "display_name": Field("name", "folded"),
            "company": Field("name", "folded"),
            "id": Field("id", "id"),
            "status": Field("lead_status", "status"),
            "lead_status": Field("lead_status", "status"),
            "original_lead_status": Field("nested", "lead origin.status"),
            "opportunity_user": Field("nested", "opportunity.user"),
            "created_by": Field("user", "created_by"),
            **_CREATED,
        },
        parent="no",
        forms={
            "opportunity": "opportunity",
            "call": "call",
            "email": "email",
            "sms": "sms",
            "lead_status": "lead stay",
            "lead_status_change": "lead change",
        },
        custom="lead",
    ),
    "opportunity": Object(
        "opportunity",
        {
            "status": Field("opportunity_status", "status"),
            "original_status": Field("nested", "opportunity origin.status"),
            "status_type": Field("word", "status_type"),
            "pipeline": Field("pipeline", "pipeline"),
            "value": Field("whole", "value"),
            "confidence": Field("whole", "confidence"),
            "opportunity_user": _USER,
            "date_won": Field("closing", "won"),
            "date_lost": Field("closing", "lost"),
            **_OWNED,
        },
        forms={"status": "opportunity stay", "status_change": "opportunity change"},
        custom="opportunity",
    ),
    "call": Object(
        "call",
        {
            "direction": Field("word", "direction"),
            "duration": Field("whole", "duration"),
            "disposition": Field("disposition", "disposition"),
            "outgoing_call_date": Field("moment", "ts", where="x.direction IS NOT NULL AND x.direction = 'outbound'"),
            **_OWNED,
        },
    ),
    "email": Object(
        "email",
        {
            "direction": Field("word", "direction", words=_EMAIL_DIRECTIONS),
            "status": Field("word", "status"),
            "opened": Field("flag", "opened"),
            "has_reply": Field("flag", "has_reply"),
            "template": Field("template", "template"),
            "sent": _SENT,
            **_OWNED,
        },
    ),
    "sms": Object(
        "sms",
        {"direction": Field("word", "direction"), "status": Field("word", "status"), "sent": _SENT, **_OWNED},
    ),
    "meeting": Object("meeting", _OWNED),
    "note": Object("note", _OWNED),
    "task_completed": Object("task_completed", _OWNED),
    "lead stay": _stays("lead"),
    "lead change": _changes("lead"),
    "lead origin": _origins("lead"),
    "opportunity stay": _stays("opportunity"),
    "opportunity change": _changes("opportunity"),
    "opportunity origin": _origins("opportunity"),
}
"""Kind -> what it is. Those with a space in their name are forms only, never searched for themselves."""

SEARCHED = tuple(name for name in OBJECTS if " " not in name)
"""The kinds a search may be for."""

ADVANCED: Mapping[str, Object] = {
    "lead": Object(
        "lead",
        {
            "id": Field("id", "id"),
            "name": Field("id", "name"),
            "display_name": Field("id", "name"),
            "status_id": Field("lead_status", "status"),
            "created_by": Field("user", "created_by"),
            "date_created": Field("moment", "created"),
        },
        parent="no",
    ),
    "contact": Object(
        "contact",
        {
            "id": Field("id", "id"),
            "name": Field("id", "name"),
            "title": Field("id", "title"),
            "date_created": Field("moment", "created"),
        },
    ),
    "opportunity": Object(
        "opportunity",
        {
            "id": Field("id", "id"),
            "status_id": Field("opportunity_status", "status"),
            "status_type": Field("id", "status_type"),
            "pipeline_id": Field("id", "pipeline"),
            "user_id": _USER,
            "created_by": Field("user", "created_by"),
            "value": Field("whole", "value"),
            "value_period": Field("id", "value_period"),
            "value_currency": Field("id", "value_currency"),
            "annualized_value": Field("whole", "annualized", where="x.value IS NOT NULL"),
            "confidence": Field("whole", "confidence"),
            "date_created": Field("moment", "created"),
            "date_won": Field("closing", "won"),
            "date_lost": Field("closing", "lost"),
        },
    ),
}
"""The same for Advanced filtering: its fields are named as the API names them and compared exactly."""

TEXTS: Mapping[tuple[str, str], str] = {
    ("lead", "name"): "lead.name",
    ("lead", "display_name"): "lead.name",
    ("contact", "name"): "contact.name",
    ("contact", "title"): "contact.title",
}
"""Object and field -> the texts in which single words are found."""
