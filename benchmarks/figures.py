"""The numbers of the benchmark's reports, in the plainest JSON there is: lists of rows.

What is measured ends in JSON on both sides. A rival's counts and sums are put together here, by the few lines a person
would write; ``told`` takes the same numbers out of the engine's answer, so that they can be compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

START, END = 1_743_465_600_000_000, 1_751_328_000_000_000
"""2025-04-01 and 2025-07-01, UTC, in microseconds."""

DAY = 86_400_000_000
STAGES = range(4)
"""The stages of the pipeline, by number; status 4 is the lost one."""

METRICS = ("calls.outbound.all.count", "calls.outbound.all.sum_duration", "emails.sent.all.count")

Rows: TypeAlias = Iterable[tuple[Any, ...]]
Told: TypeAlias = dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class Names:
    """Number -> ID, of what the organization has few of: read once, as the engine does."""

    users: Mapping[int, str]
    lead_statuses: Mapping[int, str]
    opportunity_statuses: Mapping[int, str]


def overview(calls: Rows, emails: Rows) -> Told:
    """Calls, their seconds and e-mails, by day and in all."""
    return _activity({day: _day(day * DAY) for day in range(START // DAY, END // DAY)}, calls, emails)


def comparison(calls: Rows, emails: Rows, names: Names) -> Told:
    """The same by user."""
    return _activity(names.users, calls, emails)


def _activity(labels: Mapping[int, str], calls: Rows, emails: Rows) -> Told:
    rows = {key: [label, 0, 0, 0] for key, label in labels.items()}
    for key, number, seconds in calls:
        rows[key][1:3] = number, int(seconds)
    for key, number in emails:
        rows[key][3] = number
    data = [*rows.values()]
    return {"data": data, "totals": [[sum(column) for column in [*zip(*data, strict=True)][1:]]]}


def sent_emails(rows: Rows) -> Told:
    """E-mails sent, opened and answered, and percentages, in all and by template."""
    found = [(template, int(total), int(opened), int(answered)) for template, total, opened, answered in rows]
    total, opened, answered = (sum(row[place] for row in found) for place in (1, 2, 3))
    used = sorted((row for row in found if row[0]), key=lambda row: -row[1])
    return {
        "data": [
            [template, total, opened, answered, _percent(opened, total), _percent(answered, total)]
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
            shifted.append([ids.get(first), ids[last], number])
            rows[last]["gained"] += number
            if first is not None:
                rows[first]["lost"] += number
    for no, number in came:
        rows[no]["entered"] = number
    for no, number in went:
        if no is not None:
            rows[no]["left"] = number
    return {
        "overview": [
            [
                ids[no],
                *row.values(),
                row["ended"] - row["started"],
                _percent(row["ended"] - row["started"], row["started"]),
            ]
            for no, row in rows.items()
        ],
        "transitions": [[ids.get(first), ids[last], number] for first, last, number in moves],
        "summary": shifted,
    }


def custom(rows: Rows) -> Told:
    """Calls in all, and their seconds by week; a row is a week, its calls and their seconds."""
    found = {week: (number, int(seconds)) for week, number, seconds in rows}
    weeks = range((START // DAY + 3) // 7, (END // DAY + 9) // 7)
    return {
        "data": [[_day((7 * week - 3) * DAY), found.get(week, (0, 0))[1]] for week in weeks],
        "count": [[sum(number for number, _ in found.values())]],
    }


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
        "aggregations": [_stage(ids[stage], sums) for stage, sums in totals.items()],
        "data": [
            [names.users[user], *_stage(ids[stage], sums)]
            for user, stages in users.items()
            for stage, sums in stages.items()
        ],
    }


def _stage(status: str, sums: list[int]) -> list[Any]:
    count, value, on, value_on, weighted, weighted_on, lost, value_lost, time = sums
    if not count:
        return [status, 0, None, lost, None, value, None, value_lost, None, 0, None, None]
    return [
        status, count, on / count, lost, lost / count, value, value_on / value if value else 0, value_lost,
        value_lost / value if value else 0, (weighted + 50) // 100, weighted_on / weighted if weighted else 0,
        time / (on * 1_000_000) if on else None,
    ]  # fmt: skip


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // 1_000_000, UTC).isoformat()


def _percent(part: int, whole: int) -> int | None:
    if not whole:
        return None
    size = (200 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size


def told(case: str, answer: Any) -> Told:
    """The numbers of the engine's answer."""
    match case:
        case "activity overview" | "activity comparison":
            key = "datetime" if case.endswith("overview") else "user_id"
            totals = answer["aggregations"]["totals"]
            return {
                "data": [_picked(row, key, *METRICS) for row in answer["data"]],
                "totals": [_picked(totals, *METRICS)],
            }
        case "sent_emails":
            keys = ("template_id", "total", "opened", "responded", "percentage_opened", "percentage_responded")
            return {"data": [_picked(row, *keys) for row in answer["sent_email_stats"]]}
        case "statuses/lead":
            numbers = ("started", "ended", "gained", "lost", "entered", "left", "change", "change_percent")
            pair = ("from_status_id", "to_status_id", "count")
            return {
                "overview": [_picked(row, "status_id", *numbers) for row in answer["status_overview"]],
                "transitions": [_picked(row, *pair) for row in answer["status_transitions"]],
                "summary": [_picked(row, *pair) for row in answer["status_transitions_summary"]],
            }
        case "custom":
            (series,) = answer["series"]
            return {"data": series["data"], "count": [[series["count"]]]}
        case _:
            stages = [[row["user_id"], *_told_stage(stage)] for row in answer["data"] for stage in row["stages"]]
            return {"aggregations": [*map(_told_stage, answer["aggregations"]["stages"])], "data": stages}


def _told_stage(row: dict[str, Any]) -> list[Any]:
    return [row["status"]["id"], *(number for key, number in row.items() if key != "status")]


def _picked(row: dict[str, Any], *keys: str) -> list[Any]:
    return [row[key] for key in keys]
