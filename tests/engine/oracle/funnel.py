"""The opportunity funnel: each opportunity's way through the window, then sums over opportunities.

``report(world, "totals", body, ...)`` and ``report(world, "stages", body, ...)`` give the whole answer to a request
that is in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from tests.engine.oracle import ranges
from tests.engine.oracle.ranges import Range
from tests.engine.oracle.world import DAY, SECOND, Row, Status, Step, World, annualized, at, moment


@dataclass(frozen=True)
class Way:
    """An opportunity inside the window.

    ``stays`` are the pipeline's statuses it was in, in order: since when, which, and whether it went into it there.
    ``final`` is the last of them, if it was still in it at the window's end.
    """

    opportunity: Row
    stays: list[tuple[int, Status, bool]]
    final: tuple[int, Status, bool] | None
    stages: list[Status]

    @property
    def value(self) -> int:
        return annualized(self.opportunity)

    @property
    def weighted(self) -> Fraction:
        kind = self.final[1].type if self.final else None
        confidence = {"won": 100, "lost": 0}.get(kind or "", self.opportunity.get("confidence") or 0)
        return Fraction(self.value * confidence, 100)

    def closed(self, kind: str) -> bool:
        """Whether it was won or lost."""
        return self.final is not None and self.final[1].type == kind and self.final[2]

    @property
    def time_to_win(self) -> int:
        assert self.final is not None
        return self.final[0] - moment(self.opportunity["date_created"])

    def first(self, places: range) -> int | None:
        """When it was first in one of the stages at these places."""
        wanted = [self.stages[place].id for place in places]
        return min((since for since, status, _ in self.stays if status.id in wanted), default=None)

    @property
    def passed(self) -> range:
        """The places of the stages it reached."""
        ids = [stage.id for stage in self.stages]
        places = [ids.index(status.id) for _, status, _ in self.stays if status.id in ids]
        return range(min(places), max(places) + 1) if places else range(0)

    def advanced(self, place: int) -> bool:
        return place in self.passed[:-1]

    def time_to_advance(self, place: int) -> int:
        here = self.first(range(place, place + 1))
        higher = self.first(range(place + 1, len(self.stages)))
        assert higher is not None
        return 0 if here is None else max(0, higher - here)

    def lost_from(self) -> set[int]:
        """The places of the last stages before each loss."""
        ids = [stage.id for stage in self.stages]
        found, last = set(), None
        for _, status, entered in self.stays:
            if status.type == "lost" and entered and last is not None:
                found.add(last)
            if status.id in ids:
                last = ids.index(status.id)
        return found

    def was_active(self) -> bool:
        """Whether it belongs to the cohort of those that were active in the window, or closed in it."""
        return any(status.type == "active" or entered for _, status, entered in self.stays)


def way(world: World, opportunity: Row, pipeline: str, window: Range) -> Way:
    start, end = window
    listed = {status.id: status for status in world.opportunity_statuses if status.pipeline == pipeline}
    steps: list[Step] = world.history["opportunity", opportunity["id"]] if start < end else []
    inside = [(step.at, step.status, True) for step in steps if start <= step.at < end]
    held = at(steps, start)
    if held is not None and not any(step.at == start for step in steps):
        inside.insert(0, (start, held, False))
    stays = [(since, listed[status], entered) for since, status, entered in inside if status in listed]
    final = stays[-1] if inside and inside[-1][1] in listed else None
    return Way(opportunity, stays, final, [each for each in listed.values() if each.type in ("active", "won")])


# ---- the cohort


def over(world: World, body: Row, minutes: int, now: int, week_start: str) -> tuple[Range, Range | None]:
    """The report range, cut at now, and the cohort range, after a comparison took the place of one."""
    created = moment(world.organization["date_created"])

    def named(base: str) -> Range:
        if body.get(f"{base}_datetime_range"):
            return ranges.between(body[f"{base}_datetime_range"])
        return ranges.word(body.get(f"{base}_relative_range") or "all-time", created, now, minutes, week_start)

    cohorts = body["type"] == "created-cohort"
    report, cohort = named("report"), named("cohort") if cohorts else None
    other = cohort or report
    if body.get("compared_relative_range"):
        other = ranges.word(body["compared_relative_range"], created, now, minutes, week_start)
    if body.get("compared_datetime_range"):
        other = ranges.earlier(other, body["compared_datetime_range"], minutes)
    if body.get("compared_custom_range"):
        other = ranges.between(body["compared_custom_range"])
    return (report, other) if cohorts else (other, None)


def asked(world: World, body: Row) -> list[str] | None:
    """The users a request names, groups expanded; null for everybody."""
    if not body.get("users"):
        return None
    groups = {row["id"]: [member["user_id"] for member in row["members"]] for row in world.dump["group"]}
    found = {user for said in body["users"] for user in groups.get(said, [said])}
    return [user.id for user in world.users if user.id in found]


def cohort(world: World, body: Row, window: Range, created: Range | None, leads: set[str] | None) -> list[Way]:
    users, found = asked(world, body), []
    for row in world.opportunities.values():
        if world.placed_in(row) != body["pipeline"] or (leads is not None and row["lead_id"] not in leads):
            continue
        if users is not None and row.get("user_id") not in users:
            continue
        each = way(world, row, body["pipeline"], window)
        if created[0] <= moment(row["date_created"]) < created[1] if created else each.was_active():
            found.append(each)
    return found


# ---- numbers


def money(amount: Fraction) -> int:
    """To the cent, halves away from zero."""
    return floor(amount + Fraction(1, 2)) if amount >= 0 else -floor(-amount + Fraction(1, 2))


def rate(part: Fraction | int, whole: Fraction | int, count: int) -> float | None:
    if not count:
        return None
    return float(Fraction(part) / whole) if whole else 0


def mean(times: list[int]) -> float | None:
    return float(Fraction(sum(times), len(times) * SECOND)) if times else None


def totals(ways: list[Way]) -> Row:
    won = [each for each in ways if each.closed("won")]
    complete = won + [each for each in ways if each.closed("lost")]
    value_won, value_complete = (sum(each.value for each in those) for those in (won, complete))
    average = Fraction(value_won, len(won)) if won else Fraction(0)
    velocity = Fraction(0)
    if won:
        days = Fraction(sum(each.time_to_win for each in won), len(won) * DAY)
        velocity = len(ways) * average * Fraction(len(won), len(complete)) / max(Fraction(1), days)
    return {
        "count": len(ways),
        "count_total_complete": len(complete),
        "count_total_won": len(won),
        "count_win_rate": rate(len(won), len(complete), len(complete)),
        "value_total_complete": value_complete,
        "value_total_won": value_won,
        "value_win_rate": rate(value_won, value_complete, len(complete)),
        "average_time_to_win": mean([each.time_to_win for each in won]),
        "average_value_annualized_per_won_opportunity": money(average),
        "sales_velocity": money(velocity),
    }


def stage(ways: list[Way], place: int, status: Status) -> Row:
    reached = [each for each in ways if place in each.passed]
    advanced = [each for each in reached if each.advanced(place)]
    lost = [each for each in reached if place in each.lost_from()]
    count = len(reached)
    value = sum(each.value for each in reached)
    weighted = sum((each.weighted for each in reached), Fraction(0))
    return {
        "status": {"id": status.id, "label": status.label, "type": status.type},
        "count": count,
        "count_conversion_rate": rate(len(advanced), count, count),
        "count_lost": len(lost),
        "count_lost_ratio": rate(len(lost), count, count),
        "value": value,
        "value_conversion_rate": rate(sum(each.value for each in advanced), value, count),
        "value_lost": sum(each.value for each in lost),
        "value_lost_ratio": rate(sum(each.value for each in lost), value, count),
        "weighted_value": money(weighted),
        "weighted_value_conversion_rate": rate(sum(each.weighted for each in advanced), weighted, count),
        "average_time_to_advance": mean([each.time_to_advance(place) for each in advanced]),
    }


def numbers(world: World, kind: str, pipeline: str, ways: list[Way]) -> Row:
    if kind == "totals":
        return totals(ways)
    listed = [each for each in world.opportunity_statuses if each.pipeline == pipeline]
    stages = [each for each in listed if each.type in ("active", "won")]
    return {"stages": [stage(ways, place, status) for place, status in enumerate(stages)]}


def report(
    world: World, kind: str, body: Row, minutes: int, now: int, week_start: str, leads: set[str] | None
) -> dict[str, Any]:
    """The answer; ``leads`` are those the saved search of the request finds, null without one."""
    window, created = over(world, body, minutes, now, week_start)
    empty = window[0] >= window[1] or (created is not None and created[0] >= created[1])
    window = window[0], min(window[1], now)
    ways = [] if empty else cohort(world, body, window, created, leads)
    whose: dict[str, list[Way]] = {user: [] for user in asked(world, body) or []}
    for each in ways:
        if each.opportunity.get("user_id"):
            whose.setdefault(each.opportunity["user_id"], []).append(each)
    shown = [] if empty else sorted(whose, key=world.user_order.__getitem__)
    return {
        "aggregations": numbers(world, kind, body["pipeline"], ways),
        "data": [{"user_id": user, **numbers(world, kind, body["pipeline"], whose[user])} for user in shown],
    }


def table(world: World, kind: str, answer: dict[str, Any]) -> list[list[Any]]:
    """The lines of the answer as CSV, under the header."""
    names = {user.id: user.display for user in world.users}
    if kind == "totals":
        keys = list(answer["aggregations"])
        rows = [[row["user_id"], names[row["user_id"]], *(row[key] for key in keys)] for row in answer["data"]]
        return [["user_id", "user_name", *keys], *rows]
    keys = [key for key in answer["aggregations"]["stages"][0] if key != "status"]
    lines: list[list[Any]] = [["user_id", "user_name", "status_id", "status_label", *keys]]
    for row in answer["data"]:
        for each in row["stages"]:
            status = each["status"]
            mine = [each[key] for key in keys]
            lines.append([row["user_id"], names[row["user_id"]], status["id"], status["label"], *mine])
    return lines
