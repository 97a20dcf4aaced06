"""The Explorer's ``object.field`` in words, and what its numbers count."""

from __future__ import annotations

from runner import metrics
from runner.model import Unit

COUNTED = {
    "lead": "Leads",
    "opportunity": "Opportunities",
    "call": "Calls",
    "email": "E-mails",
    "sms": "SMS",
    "meeting": "Meetings",
    "note": "Notes",
    "task_completed": "Completed tasks",
}
"""Object -> what ``object.count`` counts."""


def label(field: str) -> str:
    """``opportunity.user_id`` -> ``Opportunity user``; a custom field is called by its own name."""
    of, _, name = field.partition(".")
    if is_custom(field):
        return name.removeprefix("custom.")
    if name == "count":
        return COUNTED.get(of, of)
    words = f"{of} {name.removesuffix('_id')}".replace("_", " ")
    return words[:1].upper() + words[1:]


def unit(field: str) -> Unit:
    """The unit of the field's numbers; a custom field's are plain."""
    return Unit.NUMBER if is_custom(field) else metrics.unit(field)


def is_custom(field: str) -> bool:
    """Whether the organization made the field itself: it may hold several values, of any meaning."""
    return field.partition(".")[2].startswith("custom.")


def same_object(one: str, other: str) -> bool:
    """Whether both fields are of one kind of object."""
    return one.partition(".")[0] == other.partition(".")[0]
