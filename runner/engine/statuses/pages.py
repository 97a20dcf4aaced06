"""Where the CRM's own site lists what a status report counts."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from runner.engine import moments
from runner.engine.statuses.kind import Status
from runner.engine.statuses.question import Question


def leads(search: str) -> str:
    """The page of a search for leads."""
    return f"/search/{quote(search, safe='')}/"


def opportunities(search: str, number: str, asked: Question, start: Status | None, end: Status | None) -> str:
    """The page of the opportunities that a search among them finds; ``number`` is what they are counted in.

    ``start`` and ``end`` are the statuses they come from and go to, where the number is about one.
    """
    said = {"query": search, "custom_filter_type": number, "custom_filter_date_end": _date(asked.end)}
    if asked.start is not None:
        said["custom_filter_date_start"] = _date(asked.start)
    for side, status in (("start", start), ("end", end)):
        if status is not None:
            said[f"custom_filter_{side}_status_id"] = status.id
            said[f"custom_filter_{side}_status_label"] = status.label or ""
    return f"/opportunities/{urlencode(sorted(said.items()))}/"


def _date(second: int) -> str:
    return moments.to_datetime(second, 0).date().isoformat()
