"""The words that definitions of an organization may use: what to ask for, and what of the answers can be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from runner.lookups.directory import Directory, Entry, shown
from runner.lookups.names import folded
from runner.lookups.wanted import GROUP, ME, Kind
from runner.model import Query

KINDS = (Kind.USER, Kind.GROUP, Kind.SMART_VIEW, Kind.PIPELINE)

LONGEST = 150
"""Most characters of a word that is offered."""

METRICS = Query("GET", "report/activity/metrics/", {"metrics": [{"key": str}]})
FIELDS = Query("GET", "report/custom/fields/", {"fields": [{"field": str, "object": str, "type": str}]})
STATUSES = Query("GET", "status/lead/", {"data": [{"label": str}]})
QUERIES = (METRICS, FIELDS, STATUSES)
"""What is asked besides the directory; an organization may refuse any of it."""


def words(directory: Directory, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Kind of word -> the words, from the directory and what was said to ``QUERIES`` (by path; it may lack some)."""
    entries = directory.entries
    people = [entry for entry in entries[Kind.USER] if not entry.removed]
    fields = said.get(FIELDS.path, {"fields": []})["fields"]
    objects = dict.fromkeys(field["object"] for field in fields)
    numbers = [field["field"] for field in fields if field["type"] == "number"]
    statuses = [row["label"] for row in said.get(STATUSES.path, {"data": []})["data"]]
    return {
        "metric": [row["key"] for row in said.get(METRICS.path, {"metrics": []})["metrics"]],
        "user": [ME, *(entry.email if entry.email and _plain(entry.email) else entry.id for entry in people)],
        "group": [f"{GROUP}{name}" for name in _names(entries[Kind.GROUP])],
        "smart_view": _names(entries[Kind.SMART_VIEW]),
        "pipeline": _names(entries[Kind.PIPELINE]),
        "search": [f'lead_status:"{label}"' for label in statuses if _plain(label) and not set(label) & {'"', "\\"}],
        "field": [field["field"] for field in fields],
        "measure": [*(f"{each}.count" for each in objects), *numbers],
    }


def _names(entries: Iterable[Entry]) -> list[str]:
    """Each thing's name, or its ID where the name means several or cannot be written in a line."""
    listed = list(entries)
    count = Counter(folded(entry.name) for entry in listed)
    return [entry.name if count[folded(entry.name)] == 1 and _plain(entry.name) else entry.id for entry in listed]


def _plain(text: str) -> bool:
    return bool(text) and text == shown(text).strip() and len(text) <= LONGEST
