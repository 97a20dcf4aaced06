"""The numbers of the benchmark's reports, as JSON under the API's own names.

What is measured ends in JSON on both sides. A rival's counts and sums are put together here, by the few lines a person
would write: the engine's answer without its texts, which are search strings, addresses and the names people read.
``told`` takes the same out of the engine's answer, so that the two can be compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

START, END = 1_743_465_600_000_000, 1_751_328_000_000_000
"""2025-04-01 and 2025-07-01, UTC, in microseconds."""

DAY = 86_400_000_000
STAGES = range(4)
"""The stages of the pipeline, by number; status 4 is the lost one."""

METRICS = ("calls.outbound.all.count", "calls.outbound.all.sum_duration", "emails.sent.all.count")

Rows: TypeAlias = Iterable[tuple[Any, ...]]
Told: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Number -> ID, of what the organization has few of: read once, as the engine does."""

    users: Mapping[int, str]
    lead_statuses: Mapping[int, str]
    opportunity_statuses: Mapping[int, str]


def overview(calls: Rows, emails: Rows) -> Told:
    """Calls, their seconds and e-mails, by day and in all."""
    days = {day: _day(day) for day in range(START // DAY, END // DAY)}
    return _activity("datetime", days, calls, emails)


def comparison(calls: Rows, emails: Rows, names: Names) -> Told:
    """The same by user."""
    return _activity("user_id", names.users, calls, emails)


def _activity(key: str, labels: Mapping[int, str], calls: Rows, emails: Rows) -> Told:
    rows = {no: [0, 0, 0] for no in labels}
    for no, number, seconds in calls:
        rows[no][:2] = number, int(seconds)
    for no, number in emails:
        rows[no][2] = number
    totals = map(sum, zip(*rows.values(), strict=True))
    data = [{key: labels[no], **dict(zip(METRICS, row, strict=True))} for no, row in rows.items()]
    return {"data": data, "aggregations": {"totals": dict(zip(METRICS, totals, strict=True))}}


def sent_emails(rows: Rows) -> Told:
    """E-mails sent, opened and answered, and percentages, in all and by template."""
    found = [(template, int(total), int(opened), int(answered)) for template, total, opened, answered in rows]
    total, opened, answered = (sum(row[place] for row in found) for place in (1, 2, 3))
    used = sorted((row for row in found if row[0]), key=lambda row: -row[1])
    return {
        "sent_email_stats": [
            {
                "template_id": template,
                "total": total,
                "opened": opened,
                "responded": answered,
                "percentage_opened": _percent(opened, total),
                "percentage_responded": _percent(answered, total),
            }
            for template, total, opened, answered in ((None, total, opened, answered), *used)
        ]
    }


def statuses(stays: Rows, moves: Rows, came: Rows, went: Rows, names: Names) -> Told:
    """What became of each status, the changes between them, and what these come to.

    ``stays`` has the statuses at the start and at the end with the number of leads, ``moves`` the pairs of a change,
    ``came`` and ``went`` the leads that came into a status and went out of it.
    """
    ids = names.lead_statuses
    rows = {no: dict.fromkeys(("started", "ended", "gained", "lost", "entered", "left"), 0) for no in ids}
    shifted = []
    for first, last, number in stays:
        rows[last]["ended"] += number
        if first is not None:
            rows[first]["started"] += number
        if first != last:
            shifted.append((first, last, number))
            rows[last]["gained"] += number
            if first is not None:
                rows[first]["lost"] += number
    for no, number in came:
        rows[no]["entered"] = number
    for no, number in went:
        if no is not None:
            rows[no]["left"] = number
    return {
        "status_overview": [{"status_id": ids[no], **row, **_change(row)} for no, row in rows.items()],
        "status_transitions": _pairs(moves, ids),
        "status_transitions_summary": _pairs(shifted, ids),
    }


def _change(row: Mapping[str, int]) -> Told:
    change = row["ended"] - row["started"]
    return {"change": change, "change_percent": _percent(change, row["started"]) if row["started"] else None}


def _pairs(pairs: Rows, ids: Mapping[int, str]) -> list[Told]:
    return [
        {"from_status_id": ids.get(first), "to_status_id": ids[last], "count": number} for first, last, number in pairs
    ]


def custom(rows: Rows) -> Told:
    """Calls in all, and their seconds by week; a row is a week, its calls and their seconds."""
    found = {week: (number, int(seconds)) for week, number, seconds in rows}
    weeks = range((START // DAY + 3) // 7, (END // DAY + 9) // 7)
    data = [[_day(7 * week - 3), found.get(week, (0, 0))[1]] for week in weeks]
    return {"series": [{"count": sum(number for number, _ in found.values()), "data": data}]}


def funnel(rows: Rows, names: Names) -> Told:
    """The eleven numbers of every stage, in all and by user.

    A row has a user, a stage and the sums over the opportunities that reached it: how many, their value, those that
    went on, the value of these, value times chance, that of those that went on, how many were lost from the stage, the
    value of these, and the microseconds until they went on.
    """
    totals: dict[int, list[int]] = {stage: [0] * 9 for stage in STAGES}
    users: dict[int, dict[int, list[int]]] = defaultdict(lambda: {stage: [0] * 9 for stage in STAGES})
    for user, stage, *found in rows:
        sums = [int(number or 0) for number in found]
        users[user][stage] = sums
        totals[stage] = [a + b for a, b in zip(totals[stage], sums, strict=True)]
    ids = names.opportunity_statuses
    return {
        "aggregations": {"stages": [_stage(ids[stage], sums) for stage, sums in totals.items()]},
        "data": [
            {"user_id": names.users[user], "stages": [_stage(ids[stage], sums) for stage, sums in stages.items()]}
            for user, stages in users.items()
        ],
    }


def _stage(status: str, sums: list[int]) -> Told:
    count, value, on, value_on, weighted, weighted_on, lost, value_lost, time = sums
    return {
        "status": {"id": status},
        "count": count,
        "count_conversion_rate": on / count if count else None,
        "count_lost": lost,
        "count_lost_ratio": lost / count if count else None,
        "value": value,
        "value_conversion_rate": _rate(value_on, value, count),
        "value_lost": value_lost,
        "value_lost_ratio": _rate(value_lost, value, count),
        "weighted_value": (weighted + 50) // 100,
        "weighted_value_conversion_rate": _rate(weighted_on, weighted, count),
        "average_time_to_advance": time / (on * 1_000_000) if on else None,
    }


def _rate(part: int, whole: int, count: int) -> float | None:
    if not count:
        return None
    return part / whole if whole else 0


@cache
def _day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).isoformat()


def _percent(part: int, whole: int) -> int:
    size = (200 * abs(part) + whole) // (2 * whole) if whole else 0
    return size if part >= 0 else -size


_TEXTS = {
    "queries", "lookup", "name", "is_shared", "template_url", "_queries", "status_label", "status_is_deleted",
    "_leads_page_urls", "_leads_page_url", "_query", "from_status_label", "from_status_is_deleted", "to_status_label",
    "to_status_is_deleted", "x", "y", "interval", "transform_y", "group_by", "label", "type",
}  # fmt: skip
"""What the rivals leave out."""


def told(answer: Any) -> Any:
    """The numbers of the engine's answer."""
    if isinstance(answer, dict):
        return {key: told(each) for key, each in answer.items() if key not in _TEXTS}
    return [*map(told, answer)] if isinstance(answer, list) else answer


def ordered(numbers: Any) -> Any:
    """The same numbers, whatever order rows came in."""
    if isinstance(numbers, dict):
        return {key: ordered(each) for key, each in numbers.items()}
    if isinstance(numbers, list):
        return sorted(map(ordered, numbers), key=_identity)
    return numbers


def _identity(row: Any) -> str:
    """What tells a row from others: all of it that is no number."""
    return str(
        [str(each) for each in row.values() if not isinstance(each, int | float)] if isinstance(row, dict) else row
    )
