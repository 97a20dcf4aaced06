"""The activity report said again, in plain loops over the objects of a dump: slow, obvious, and without SQL.

It follows the written rules only and shares nothing with the engine, so that the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.engine.oracle.world import World

Row = dict[str, Any]
OWN_DATE = {"Email": "date_sent", "SMS": "date_sent", "Meeting": "starts_at"}


@dataclass(frozen=True)
class Hit:
    """One object a metric counts: when, whose, of which lead, and how much."""

    at: datetime
    user: str | None
    lead: str | None
    amount: int = 0


@dataclass
class Organization:
    """The objects of a dump, taken apart."""

    dump: dict[str, list[Row]]
    leads: list[Row] = field(init=False)
    opportunities: list[Row] = field(init=False)
    activities: list[Row] = field(init=False)

    def __post_init__(self) -> None:
        self.leads = self.dump["lead"]
        self.opportunities = [
            {**each, "lead_id": lead["id"]} for lead in self.leads for each in lead.get("opportunities") or []
        ]
        self.activities = list(self.dump.get("activity") or [])
        for lead in self.leads:
            self.activities += [{**each, "lead_id": lead["id"]} for each in lead.get("activities") or []]
        ids = {lead["id"] for lead in self.leads}
        for each in self.activities:
            if each.get("lead_id") not in ids:
                each["lead_id"] = None

    @classmethod
    def seen_by(cls, world: World) -> Organization:
        """The organization of a world, where copies of objects are resolved."""
        found = cls({**world.dump, "lead": list(world.leads.values()), "activity": []})
        found.opportunities, found.activities = list(world.opportunities.values()), world.activities
        return found

    def of(self, kind: str) -> list[Row]:
        return [each for each in self.activities if each["_type"] == kind]

    def people(self) -> list[tuple[str, str, bool]]:
        """ID, name and presence of everybody, in the organization's order."""
        present = sorted(
            self.dump["user"], key=lambda u: (u.get("last_name") or "", u.get("first_name") or "", u["id"])
        )
        found = [(u["id"], present_name(u), True) for u in present]
        known = {u["id"] for u in present}
        left = {m["user_id"]: m.get("user_full_name") for m in self.dump["organization"][0]["inactive_memberships"]}
        for each in (*self.leads, *self.opportunities, *self.activities):
            for key in ("created_by", "user_id"):
                if each.get(key) and key in each and not (key == "created_by" and "_type" in each):
                    left.setdefault(each[key], None)
        gone = sorted((name or "", user) for user, name in left.items() if user not in known)
        return found + [(user, name or user, False) for name, user in gone]


def present_name(user: Row) -> str:
    name = " ".join(user[key] for key in ("first_name", "last_name") if user.get(key))
    return name or user.get("email") or user["id"]


def instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def happened(each: Row) -> datetime:
    for key in ("activity_at", OWN_DATE.get(each["_type"], ""), "date_created"):
        if each.get(key):
            return instant(each[key])
    raise AssertionError(each)


def by_own_date(each: Row) -> datetime:
    own = each.get(OWN_DATE[each["_type"]])
    return instant(own) if own else happened(each)


# ---- what a metric counts --------------------------------------------------------------------------------


def call_kind(call: Row) -> str:
    if call.get("source") == "External":
        return "external"
    return {"power": "power_dialer", "predictive": "predictive_dialer"}.get(call.get("call_method") or "", "regular")


def calls(org: Organization, action: str, kind: str) -> Iterator[Hit]:
    for call in org.of("Call"):
        direction_fits = action in ("all", call.get("direction"))
        kind_fits = kind in ("all", call_kind(call))
        if direction_fits and kind_fits:
            yield Hit(happened(call), call.get("user_id"), call.get("lead_id"), call.get("duration") or 0)


def email_kind(email: Row) -> str:
    if email.get("sequence_id"):
        return "sequences"
    return "bulk" if email.get("bulk_email_action_id") else "manual"


def emails(org: Organization, action: str, kind: str) -> Iterator[Hit]:
    for email in org.of("Email"):
        sent = email.get("direction") == "outgoing" and email.get("status") == "sent"
        if action == "received":
            if email.get("direction") == "incoming":
                yield Hit(happened(email), email.get("user_id"), email.get("lead_id"))
            continue
        wanted, _, reply = kind.partition("_")
        fits = sent and wanted in ("all", email_kind(email))
        if action == "opened":
            fits = fits and bool(email.get("opens"))
        if reply:
            fits = fits and bool(email.get("has_reply")) == (reply == "with_reply")
        if fits:
            yield Hit(by_own_date(email), email.get("user_id"), email.get("lead_id"))


def sms(org: Organization, action: str, _: str) -> Iterator[Hit]:
    for each in org.of("SMS"):
        if action == "sent" and each.get("direction") == "outbound" and each.get("status") == "sent":
            yield Hit(by_own_date(each), each.get("user_id"), each.get("lead_id"))
        if action == "received" and each.get("direction") == "inbound":
            yield Hit(happened(each), each.get("user_id"), each.get("lead_id"))


def leads(org: Organization, action: str, _: str) -> Iterator[Hit]:
    if action == "created":
        for lead in org.leads:
            yield Hit(instant(lead["date_created"]), lead.get("created_by"), lead["id"])
    else:
        for hits in (calls(org, "outbound", "all"), emails(org, "sent", "all"), sms(org, "sent", "all")):
            yield from (hit for hit in hits if hit.lead is not None)


def others(org: Organization, kind: str, keep: Callable[[Row], bool] = lambda _: True) -> Iterator[Hit]:
    for each in org.of(kind):
        if keep(each):
            at = by_own_date(each) if kind in OWN_DATE else happened(each)
            yield Hit(at, each.get("user_id"), each.get("lead_id"))


def status_types(org: Organization) -> dict[str, str]:
    found: dict[str, str] = {}
    for change in org.of("OpportunityStatusChange"):
        for side in ("old", "new"):
            if change.get(f"{side}_status_id"):
                found[change[f"{side}_status_id"]] = change[f"{side}_status_type"]
    for pipeline in org.dump["pipeline"]:
        for status in pipeline["statuses"]:
            found[status["id"]] = status["type"]
    return found


def last_lost(org: Organization, opportunity: Row) -> datetime | None:
    """The last time the opportunity's history went into a lost status."""
    types = status_types(org)
    changes = [
        (happened(c), c["id"], c)
        for c in org.of("OpportunityStatusChange")
        if c.get("opportunity_id") == opportunity["id"] and c.get("new_status_id")
    ]
    changes.sort(key=lambda change: change[:2])
    created = instant(opportunity["date_created"])
    status = opportunity.get("status_id")
    if changes:
        status = changes[0][2].get("old_status_id") or changes[0][2]["new_status_id"]
    found = created if types.get(status or "") == "lost" else None
    for at, _, change in changes:
        if change["new_status_id"] != status:
            status = change["new_status_id"]
            found = max(at, created) if types.get(status or "") == "lost" else found
    return found


def closed_at(org: Organization, opportunity: Row, action: str, offset: timedelta) -> datetime | None:
    said = opportunity.get(f"date_{action}")
    if said is None:
        return last_lost(org, opportunity) if action == "lost" else None
    if len(said) == len("2026-01-01"):
        return datetime.fromisoformat(said).replace(tzinfo=timezone(offset))
    return instant(said)


def opportunities(org: Organization, action: str, kind: str, measure: str, offset: timedelta) -> Iterator[Hit]:
    for each in org.opportunities:
        if action.startswith("created"):
            user = each.get("created_by" if action == "created" else "user_id")
            yield Hit(instant(each["date_created"]), user, each["lead_id"])
            continue
        result = action.removeprefix("value_")
        status_type = each.get("status_type") or status_types(org).get(each.get("status_id") or "")
        period = each.get("value_period") or "one_time"
        at = closed_at(org, each, result, offset)
        if status_type != result or kind not in ("all", period) or at is None:
            continue
        times = 12 if measure == "sum_annualized_value" and period == "monthly" else 1
        yield Hit(at, each.get("user_id"), each["lead_id"], (each.get("value") or 0) * times)


def hits(org: Organization, key: str, offset: timedelta) -> list[Hit]:
    thing, action, kind, measure = key.split(".")
    match thing:
        case "calls":
            return list(calls(org, action, kind))
        case "emails":
            return list(emails(org, action, kind))
        case "sms":
            return list(sms(org, action, kind))
        case "leads":
            return list(leads(org, action, kind))
        case "opportunities":
            return list(opportunities(org, action, kind, measure, offset))
        case "meetings":
            return list(others(org, "Meeting", lambda meeting: meeting.get("status") == "completed"))
        case "tasks":
            return list(others(org, "TaskCompleted"))
        case _:
            return list(others(org, "Note"))


def measured(key: str, found: list[Hit]) -> float | None:
    measure = key.rsplit(".", 1)[1]
    if key.startswith("leads.contacted"):
        return len({hit.lead for hit in found})
    if measure == "count":
        return len(found)
    total = sum(hit.amount for hit in found)
    if measure.startswith("avg"):
        return total / len(found) if found else None
    return total


# ---- the report ------------------------------------------------------------------------------------------


def floor(at: datetime, grain: str, week_start: str) -> datetime:
    """The start of the local hour, day, week or month ``at`` lies in."""
    at = at.replace(minute=0, second=0, microsecond=0)
    if grain == "hour":
        return at
    at = at.replace(hour=0)
    if grain == "week":
        return at - timedelta(days=(at.weekday() + (week_start == "sunday")) % 7)
    return at.replace(day=1) if grain == "month" else at


def after(at: datetime, grain: str) -> datetime:
    """The start of the next bucket."""
    if grain == "month":
        return (at + timedelta(days=32)).replace(day=1)
    return at + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[grain]


def grain_of(length: timedelta) -> str:
    limits = ((timedelta(hours=25), "hour"), (timedelta(days=93), "day"), (timedelta(days=366), "week"))
    return next((grain for limit, grain in limits if length <= limit), "month")


def word_range(org: Organization, word: str, now: datetime, week_start: str) -> tuple[datetime, datetime]:
    """The range of a relative word; ``now`` is in the offset."""
    if word == "all-time":
        created = instant(org.dump["organization"][0]["date_created"]).astimezone(now.tzinfo)
        return min(created, now), now
    if word in ("today", "yesterday"):
        start = floor(now, "day", week_start) - timedelta(days=word == "yesterday")
        return start, start + timedelta(days=1)
    which, unit = word.split("-")
    if unit == "week":
        start = floor(now, "week", week_start) - timedelta(days=7 * (which == "last"))
        return start, start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = floor(now, "month", week_start)
    while (start.month - 1) % months:
        start = floor(start - timedelta(days=1), "month", week_start)
    end = start
    for _ in range(months):
        if which == "last":
            start = floor(start - timedelta(days=1), "month", week_start)
        else:
            end = after(end, "month")
    return start, end


def printed(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def quotable(at: datetime) -> str:
    """With milliseconds, finer where it is finer."""
    return at.isoformat(timespec="microseconds" if at.microsecond % 1000 else "milliseconds").replace("+00:00", "+0000")


def searches(key: str, start: datetime, end: datetime, users: list[str], view: str = "") -> list[str] | None:
    bounds = [quotable(at.astimezone(UTC)) for at in (start, end)]
    who = " and user in ({})".format(", ".join(f'"{user}"' for user in users)) if users else ""
    seen = f' and in:"{view}"' if view else ""
    if key.startswith("calls.outbound.all."):
        return [
            f'call(direction: "outbound" and outgoing_call_date >= "{bounds[0]}"'
            f' and outgoing_call_date < "{bounds[1]}"{who}){seen}'
        ]
    if key == "emails.sent.all.count":
        return [
            f'email(direction: "outgoing" and sent >= "{bounds[0]}" and sent < "{bounds[1]}" and status: "sent"{who})'
            f"{seen}"
        ]
    return None


def report(
    org: Organization, body: Row, minutes: int, now: datetime, week_start: str, kept: set[str] | None = None
) -> Row:
    """The answer to a request that is in order; ``kept`` are the leads that its saved search finds, null without."""
    offset = timedelta(minutes=minutes)
    zone = timezone(offset)
    if body.get("datetime_range"):
        start, end = (instant(body["datetime_range"][side]).astimezone(zone) for side in ("start", "end"))
    else:
        start, end = word_range(org, body["relative_range"], now.astimezone(zone), week_start)
    users = list(dict.fromkeys(body.get("users") or []))
    keys = list(dict.fromkeys(body["metrics"]))
    view = body["query"]["saved_search_id"] if body.get("query") else ""
    found = {
        key: [
            hit
            for hit in hits(org, key, offset)
            if start <= hit.at < end and (not users or hit.user in users) and (kept is None or hit.lead in kept)
        ]
        for key in keys
    }
    answer: Row = {"aggregations": {"totals": {key: measured(key, found[key]) for key in keys}}}
    if body["type"] == "overview":
        rows = overview(found, start, end, week_start)
        said = {key: searches(key, start, end, users, view) for key in keys}
        return answer | {"data": rows, "queries": {"leads": {key: text for key, text in said.items() if text}}}
    return answer | comparison(org, found, users, empty=start == end)


def overview(found: dict[str, list[Hit]], start: datetime, end: datetime, week_start: str) -> list[Row]:
    rows = []
    grain = grain_of(end - start)
    at = floor(start, grain, week_start)
    while at < end and start < end:
        until = after(at, grain)
        inside = {key: [hit for hit in hits if at <= hit.at < until] for key, hits in found.items()}
        rows.append({"datetime": printed(max(at, start))} | {key: measured(key, hits) for key, hits in inside.items()})
        at = until
    return rows


def comparison(org: Organization, found: dict[str, list[Hit]], users: list[str], *, empty: bool) -> Row:
    active = {hit.user for hits in found.values() for hit in hits}
    shown = [
        (user, name) for user, name, present in org.people() if (user in users if users else present or user in active)
    ]
    if empty:
        shown = []
    rows = [
        {"user_id": user} | {key: measured(key, [h for h in hits if h.user == user]) for key, hits in found.items()}
        for user, _ in shown
    ]
    return {"data": rows, "lookup": {"user": {user: {"display": name} for user, name in shown}}}
