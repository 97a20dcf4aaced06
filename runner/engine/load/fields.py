"""The fields a dump's objects are read for, what kind of value each must have, and how SQL and Python tell.

One table serves both: SQL reads millions of rows at once and counts the bad ones, Python (``fault``) then says of each
bad row what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

_CLOCK = r"([01]\d|2[0-3])"
MOMENT = rf"^\d{{4}}-\d\d-\d\d([T ]{_CLOCK}:\d\d(:\d\d(\.\d{{1,9}})?)?(Z|[+-]{_CLOCK}(:?[0-5]\d)?)?)?$"
WHOLE = r"^-?\d{1,15}(\.0+)?$"
PERCENT = r"^(\d{1,2}|100)(\.0+)?$"

YEARS = range(2, 9999)
"""Years of moments, in UTC: the outermost two are left out, so that a shift by an offset stays inside the calendar."""

_USUAL = '"2026-01-01T00:00:00.000000+00:00"'
"""A moment as the API writes it, in JSON. ``strptime`` is quicker than ``MOMENT`` but takes fewer digits for a number
too; never more, so of a text as long as this one it takes this form only."""

_MOMENT = re.compile(MOMENT, re.ASCII)
_NUMBERS = {"whole": re.compile(WHOLE, re.ASCII), "percent": re.compile(PERCENT, re.ASCII)}

FIELDS: Mapping[str, Mapping[str, str]] = {
    "lead": {
        "id": "id", "date_updated": "moment", "display_name": "text", "name": "text", "status_id": "text",
        "status_label": "text", "date_created": "moment!", "created_by": "text", "custom": "object",
    },
    "contact": {
        "id": "id", "date_updated": "moment", "lead_id": "text", "name": "text", "title": "text",
        "date_created": "moment", "custom": "object",
    },
    "opportunity": {
        "id": "id", "date_updated": "moment", "lead_id": "text", "user_id": "text", "created_by": "text",
        "date_created": "moment!", "status_id": "text", "status_label": "text", "status_type": "text",
        "pipeline_id": "text", "value": "whole", "value_period": "text", "value_currency": "text",
        "confidence": "percent", "date_won": "moment", "date_lost": "moment", "custom": "object",
    },
    "activity": {
        "id": "id", "date_updated": "moment", "_type": "text!", "lead_id": "text", "user_id": "text",
        "date_created": "moment", "activity_at": "moment", "date_sent": "moment", "starts_at": "moment",
        "direction": "text", "status": "text", "duration": "whole", "source": "text", "call_method": "text",
        "disposition": "text", "opens": "list", "has_reply": "flag", "template_id": "text", "sequence_id": "text",
        "bulk_email_action_id": "text", "opportunity_id": "text", "old_status_id": "text", "new_status_id": "text",
        "old_status_label": "text", "new_status_label": "text", "old_status_type": "text", "new_status_type": "text",
    },
    "object": {
        "id": "id", "date_created": "moment", "date_updated": "moment", "name": "text", "label": "text", "type": "text",
        "first_name": "text",
        "last_name": "text", "email": "text", "statuses": "list", "memberships": "list", "inactive_memberships": "list",
        "members": "list",
    },
    "member": {"user_id": "text", "user_full_name": "text", "user_email": "text"},
}  # fmt: skip
"""Resource -> field -> kind. ``!`` must be there; ``id`` is text that must be there and not be empty. ``object`` is any
of the few objects of an organization, ``member`` one in its lists of users."""

_CHANGE = ("old_status_id", "new_status_id", "old_status_label", "new_status_label")

TYPES: Mapping[str, tuple[str, ...]] = {
    "Call": ("direction", "duration", "source", "call_method", "disposition"),
    "Email": (
        "direction", "status", "date_sent", "opens", "has_reply", "template_id", "sequence_id", "bulk_email_action_id"
    ),
    "SMS": ("direction", "status", "date_sent"),
    "Meeting": ("status", "duration", "starts_at"),
    "Note": (),
    "TaskCompleted": (),
    "LeadStatusChange": _CHANGE,
    "OpportunityStatusChange": (*_CHANGE, "opportunity_id", "old_status_type", "new_status_type"),
}  # fmt: skip
"""Type of activity -> the fields of its own. Activities of other types are passed over."""

_OWN = {name for names in TYPES.values() for name in names}

STAGED = ("lead", "contact", "opportunity", "activity")
"""The resources that SQL reads, many millions of rows if need be."""

CUSTOM = ("lead", "contact", "opportunity")
"""Those that have custom fields: in the object ``custom``, or flat under ``custom.NAME``."""

NESTED = {"contacts": "contact", "opportunities": "opportunity", "activities": "activity"}
"""Key of a lead -> the resource of the objects nested in it."""

_WORDS = {
    "id": "text that is not empty",
    "text": "text",
    "moment": f"an ISO 8601 date or datetime of the years {YEARS.start} to {YEARS.stop - 1}",
    "whole": "a whole number of at most 15 digits",
    "percent": "a whole number from 0 to 100",
    "flag": "true or false",
    "list": "a list",
    "object": "an object",
}

_SQL = {
    "id": "nullif(CASE WHEN starts_with(VALUE::VARCHAR, '\"') THEN VALUE ->> '$' END, '')",
    "text": "CASE WHEN starts_with(VALUE::VARCHAR, '\"') THEN VALUE ->> '$' END",
    "moment": (
        f"coalesce(epoch_us(CASE WHEN strlen(VALUE::VARCHAR) = {len(_USUAL)} "
        "THEN try_strptime(VALUE::VARCHAR, '\"%Y-%m-%dT%H:%M:%S.%f+00:00\"') END), "
        f"epoch_us(CASE WHEN regexp_matches(VALUE ->> '$', '{MOMENT}') "
        "THEN TRY_CAST(VALUE ->> '$' AS TIMESTAMPTZ) END))"
    ),
    "whole": f"CASE WHEN regexp_matches(VALUE::VARCHAR, '{WHOLE}') THEN VALUE::VARCHAR::DECIMAL(18, 1)::BIGINT END",
    "percent": f"CASE WHEN regexp_matches(VALUE::VARCHAR, '{PERCENT}') THEN VALUE::VARCHAR::DECIMAL(5, 1)::INTEGER END",
    "flag": "CASE VALUE::VARCHAR WHEN 'true' THEN 1::TINYINT WHEN 'false' THEN 0::TINYINT END",
    "list": "CASE WHEN starts_with(VALUE::VARCHAR, '[') THEN (VALUE::VARCHAR <> '[]')::TINYINT END",
    "object": "CASE WHEN starts_with(VALUE::VARCHAR, '{') THEN VALUE END",
}
"""Kind -> SQL of the value, NULL where it is of another kind; ``VALUE`` stands for a column of its JSON text. Of a list
it says whether anything is in it."""

_FIRST, _LAST = (f"epoch_us(TIMESTAMPTZ '{year:04}-01-01T00:00:00Z')" for year in (YEARS.start, YEARS.stop))


def value(kind: str, name: str) -> str:
    """SQL of a field's value from the column ``name`` of its JSON text, NULL where that is of another kind.

    A moment is in microseconds since 1970; one beyond ``YEARS`` is a value, but not sound.
    """
    return _SQL[kind.removesuffix("!")].replace("VALUE", name)


def column(resource: str, name: str) -> str:
    """SQL of a field's JSON text, NULL for a field that the activity's type does not have, whatever the dump says."""
    if resource != "activity" or name not in _OWN:
        return name
    return f"CASE WHEN {of_types(*(kind for kind, names in TYPES.items() if name in names))} THEN {name} END AS {name}"


def sound(resource: str) -> str:
    """SQL that is true of an object without fault, from columns of its fields' JSON texts and, as ``v_``, values."""
    checks = [_sound(kind, name) for name, kind in FIELDS[resource].items()]
    if resource != "activity":
        return _conjunction(checks)
    dated = " OR ".join(_given(name) for name in ("activity_at", "date_created", "date_sent", "starts_at"))
    passed_over = f"{_sound('text!', '_type')} AND NOT {of_types(*TYPES)}"
    return f"(({passed_over}) OR {_conjunction([*checks, f'({dated})'])})"


def of_types(*types: str) -> str:
    """SQL that is true of an activity of one of ``types``, from a column that holds the JSON text of its type."""
    named = ", ".join(f"'\"{name}\"'" for name in types)
    return f"coalesce(_type::VARCHAR IN ({named}), false)"


def fault(resource: str, row: Any) -> str:
    """What is wrong with an object of a dump; empty when nothing is."""
    if not isinstance(row, dict):
        return "not an object"
    kind = row.get("_type")
    if resource == "activity" and isinstance(kind, str) and kind not in TYPES:
        return ""
    own = TYPES.get(kind, ()) if isinstance(kind, str) else ()
    for name in FIELDS[resource]:
        needed = resource != "activity" or name not in _OWN or name in own
        if needed and (reason := _fault(FIELDS[resource][name], name, row.get(name))):
            return reason
    if resource == "activity" and not any(row.get(date) for date in ("activity_at", "date_created", *_dates(own))):
        return "no date"
    lists = [key for key in NESTED if resource == "lead" and not isinstance(row.get(key), list | None)]
    return f"{lists[0]} is not a list" if lists else ""


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The custom fields of an object that are spelled flat, by the part after ``custom.``."""
    return {key.removeprefix("custom."): row[key] for key in row if key.startswith("custom.")}


def identity(row: Any) -> str:
    """The id of an object, fit to be printed; empty where it has none."""
    found = row.get("id") if isinstance(row, dict) else None
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def instant(text: str) -> datetime:
    """The moment a date or datetime says; UTC where it names no offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _conjunction(checks: Iterable[str]) -> str:
    return f"({' AND '.join(checks)})"


def _given(name: str) -> str:
    return f"{name} IS NOT NULL"


def _sound(kind: str, name: str) -> str:
    good = f"v_{name} >= {_FIRST} AND v_{name} < {_LAST}" if kind.startswith("moment") else f"v_{name} IS NOT NULL"
    return f"({good})" if _required(kind) else f"({name} IS NULL OR ({good}))"


def _fault(kind: str, name: str, value: Any) -> str:
    if value is None:
        return f"no {name}" if _required(kind) else ""
    kind = kind.removesuffix("!")
    return "" if _good(kind, value) else f"{name} is not {_WORDS[kind]}"


def _dates(own: tuple[str, ...]) -> tuple[str, ...]:
    """The type's own date, which says when such an activity happened."""
    return tuple(name for name in ("date_sent", "starts_at") if name in own)


def _required(kind: str) -> bool:
    return kind == "id" or kind.endswith("!")


def _good(kind: str, value: Any) -> bool:
    match kind:
        case "id":
            return isinstance(value, str) and value != "" and _encodable(value)
        case "text":
            return isinstance(value, str) and _encodable(value)
        case "moment":
            return isinstance(value, str) and _is_moment(value)
        case "whole" | "percent":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and bool(_NUMBERS[kind].match(repr(value)))
        case "flag":
            return isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case _:
            return isinstance(value, list)


def _is_moment(text: str) -> bool:
    if not _MOMENT.match(text):
        return False
    try:
        return instant(text).astimezone(UTC).year in YEARS
    except (ValueError, OverflowError):  # the second where UTC is out of any calendar
        return False


def _encodable(text: str) -> bool:
    """Whether the text is Unicode text: half of a surrogate pair is not."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
