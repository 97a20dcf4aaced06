"""The fields a dump's objects are read for, what kind of value each must have, and how SQL and Python tell.

One table serves both: SQL reads millions of rows at once and counts the bad ones, Python (``fault``) then says of each
bad row what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

MOMENT = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$"
WHOLE = r"^-?\d{1,18}(\.0+)?$"

_MOMENT = re.compile(MOMENT, re.ASCII)
_WHOLE = re.compile(WHOLE, re.ASCII)

FIELDS: Mapping[str, Mapping[str, str]] = {
    "lead": {
        "id": "id", "date_updated": "moment", "display_name": "text", "name": "text", "status_id": "text",
        "status_label": "text", "date_created": "moment!", "created_by": "text",
    },
    "opportunity": {
        "id": "id", "date_updated": "moment", "lead_id": "text", "user_id": "text", "created_by": "text",
        "date_created": "moment!", "status_id": "text", "status_label": "text", "status_type": "text",
        "value": "whole", "value_period": "text", "value_currency": "text", "confidence": "whole",
        "date_won": "moment", "date_lost": "moment",
    },
    "activity": {
        "id": "id", "date_updated": "moment", "_type": "text", "lead_id": "text", "user_id": "text",
        "date_created": "moment", "activity_at": "moment", "date_sent": "moment", "starts_at": "moment",
        "direction": "text", "status": "text", "duration": "whole", "source": "text", "call_method": "text",
        "disposition": "text", "opens": "list", "has_reply": "flag", "template_id": "text", "sequence_id": "text",
        "bulk_email_action_id": "text", "opportunity_id": "text", "old_status_id": "text", "new_status_id": "text",
        "old_status_label": "text", "new_status_label": "text", "old_status_type": "text", "new_status_type": "text",
    },
    "object": {
        "id": "id", "date_updated": "moment", "name": "text", "label": "text", "type": "text", "first_name": "text",
        "last_name": "text", "email": "text", "statuses": "list", "memberships": "list", "inactive_memberships": "list",
        "members": "list",
    },
}  # fmt: skip
"""Resource -> field -> kind. ``!`` must be there; ``id`` is text that must be there and not be empty. ``object`` is any
of the few objects of an organization."""

STAGED = ("lead", "opportunity", "activity")
"""The resources that SQL reads, many millions of rows if need be."""

NESTED = {"opportunities": "opportunity", "activities": "activity"}
"""Key of a lead -> the resource of the objects nested in it."""

_WORDS = {
    "id": "text that is not empty",
    "text": "text",
    "moment": "an ISO 8601 date or datetime",
    "whole": "a whole number",
    "flag": "true or false",
    "list": "a list",
}

_SQL = {
    "id": "(VALUE[1] = '\"' AND (VALUE ->> '$') <> '')",
    "text": "(VALUE[1] = '\"')",
    "moment": (
        f"(VALUE[1] = '\"' AND regexp_matches(VALUE ->> '$', '{MOMENT}') "
        "AND TRY_CAST(VALUE ->> '$' AS TIMESTAMPTZ) IS NOT NULL)"
    ),
    "whole": f"regexp_matches(VALUE, '{WHOLE}')",
    "flag": "(VALUE IN ('true', 'false'))",
    "list": "(VALUE[1] = '[')",
}
"""Kind -> SQL that is true of a good value; ``VALUE`` stands for an expression of its JSON text."""


def sound(kind: str, value: str) -> str:
    """SQL that is true where the JSON text ``value`` (an expression) is absent or of that kind."""
    good = _SQL[kind.removesuffix("!")].replace("VALUE", value)
    given = f"coalesce({value} <> 'null', false)"
    return f"({given} AND {good})" if _required(kind) else f"(NOT {given} OR {good})"


def fault(resource: str, row: Any) -> str:
    """What is wrong with an object of a dump; empty when nothing is."""
    if not isinstance(row, dict):
        return "not an object"
    for name, kind in FIELDS[resource].items():
        value = row.get(name)
        if value is None and not _required(kind):
            continue
        if value is None:
            return f"no {name}"
        if not _good(kind.removesuffix("!"), value):
            return f"{name} is not {_WORDS[kind.removesuffix('!')]}"
    if resource == "activity" and not any(row.get(date) for date in ("activity_at", "date_created", *_own(row))):
        return "no date"
    lists = [key for key in NESTED if resource == "lead" and not isinstance(row.get(key), list | None)]
    return f"{lists[0]} is not a list" if lists else ""


def instant(text: str) -> datetime:
    """The moment a date or datetime says; UTC where it names no offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _own(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The type's own date, which says when such an activity happened."""
    return {"Email": ("date_sent",), "SMS": ("date_sent",), "Meeting": ("starts_at",)}.get(row.get("_type") or "", ())


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
        case "whole":
            return not isinstance(value, bool) and isinstance(value, int | float) and bool(_WHOLE.match(repr(value)))
        case "flag":
            return isinstance(value, bool)
        case _:
            return isinstance(value, list)


def _is_moment(text: str) -> bool:
    if not _MOMENT.match(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _encodable(text: str) -> bool:
    """Whether the text is Unicode text: half of a surrogate pair is not."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
