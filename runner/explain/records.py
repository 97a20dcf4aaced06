"""The leads behind a number: found by asking its search string, their count beside the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runner.endpoints.fields import COUNTED
from runner.errors import UsageError
from runner.explain import Explanation
from runner.model import Answer, Query, Shape, Unit

PAGE = 100
MOST = 200
"""Leads that are listed; all are counted."""

EXPECT: Shape = {"data": [{"id": str, "display_name?": (str, type(None))}], "total_results": int, "has_more": bool}

NOUNS: Mapping[str, str] = {
    "calls": COUNTED["call"],
    "emails": COUNTED["email"],
    "sms": COUNTED["sms"],
    "meetings": COUNTED["meeting"],
    "opportunities": COUNTED["opportunity"],
    "leads": COUNTED["lead"],
    "sent_emails": COUNTED["email"],
    "statuses/lead": COUNTED["lead"],
    "statuses/opportunity": COUNTED["opportunity"],
}
"""What a number counts, by the object of the metric or by the endpoint."""


@dataclass(frozen=True, slots=True)
class Records:
    """How many leads there are, the first of them (ID, name), and what that says of the number.

    ``fits`` is False where a count cannot be of these leads: it is not theirs, or is smaller than they are many.
    """

    total: int
    leads: tuple[tuple[str, str], ...]
    story: str
    fits: bool


def find(explained: Explanation, ask: Callable[[Query], Answer]) -> Records:
    """The leads that the search string finds; UsageError where the number has none."""
    if not explained.search:
        raise UsageError(
            "no search string stands behind this number; there are some for totals of activity overviews, for "
            "sent_emails and for statuses"
        )
    leads: list[tuple[str, str]] = []
    while True:
        data: Any = ask(_query(explained.search, len(leads))).data
        leads += [(lead["id"], lead.get("display_name") or lead["id"]) for lead in data["data"]]
        if not data["has_more"] or not data["data"] or len(leads) >= MOST:
            break
    total = int(data["total_results"])
    return Records(total, tuple(leads), *_story(explained, total))


def _query(search: str, skip: int) -> Query:
    params = (("query", search), ("_fields", "id,display_name"), ("_limit", str(PAGE)), ("_skip", str(skip)))
    return Query("GET", "lead/", EXPECT, params=params)


def noun(explained: Explanation) -> str:
    """What the number counts: ``calls``; empty where it is no count, or it is not known of what."""
    column = explained.found.table.columns[explained.found.column]
    if column.unit is not Unit.COUNT:
        return ""
    endpoint = explained.job.endpoint
    said = NOUNS.get(column.key.partition(".")[0] if endpoint == "activity" else endpoint, "")
    return said if said.isupper() else said.lower()


def _story(explained: Explanation, total: int) -> tuple[str, bool]:
    value, what = explained.found.cell.value, noun(explained)
    leads = "1 lead" if total == 1 else f"{total:,} leads"
    if not what or not isinstance(value, int):
        return f"{explained.text} on {leads}", True
    if what == "leads":
        if value == total:
            return f"{leads}, as many as the number says", True
        return f"{leads}, but the number says {value:,}: it was asked at another time, or of other data", False
    if total > value:
        return f"{value:,} {what}, but {leads}: the number was asked at another time, or of other data", False
    return f"{value:,} {what} on {leads}", True
