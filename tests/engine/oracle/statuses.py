"""The reports of statuses: objects counted one by one, from each object's history.

``report(world, kind, params, ...)`` gives the whole answer; ``counted(...)`` the objects behind each search string.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote, urlencode

from tests.engine.oracle.world import DAY, EPOCH, MINUTE, SECOND, Row, Status, Step, World, at, is_day, moment

Pair = tuple[str | None, str]
NAMES = ("started", "ended", "gained", "lost", "entered", "left")
COMPARED = ("started", "gained", "lost")
PREFIX = {"lead": "lead_", "opportunity": ""}


@dataclass(frozen=True)
class Period:
    """Whole seconds, both ends inclusive; ``start`` is null for the overall report."""

    start: int | None
    end: int

    def holds(self, when: int) -> bool:
        return (self.start is None or when >= self.start * SECOND) and when <= last(self.end)


@dataclass
class Counted:
    """The IDs of the objects behind every number."""

    overview: dict[str, dict[str, set[str]]]
    transitions: dict[Pair, set[str]] = field(default_factory=dict)
    summary: dict[Pair, set[str]] = field(default_factory=dict)


def last(second: int) -> int:
    """The last instant of a second."""
    return second * SECOND + SECOND - 1


def bound(said: str | None, offset: int, *, ends: bool) -> int | None:
    if said is None:
        return None
    if is_day(said):
        return (moment(said) - offset * MINUTE + (DAY - SECOND if ends else 0)) // SECOND
    return moment(said) // SECOND


def period(params: Row, offset: int, now: int) -> Period:
    end = bound(params.get("date_end"), offset, ends=True)
    return Period(bound(params.get("date_start"), offset, ends=False), now // SECOND if end is None else end)


def objects(world: World, kind: str, user: str | None, leads: set[str] | None) -> list[Row]:
    """The objects a report is about; ``leads`` are those a filter lets through."""
    if kind == "lead":
        return [row for row in world.leads.values() if leads is None or row["id"] in leads]
    rows = [row for row in world.opportunities.values() if user is None or row.get("user_id") == user]
    return [row for row in rows if leads is None or row["lead_id"] in leads]


def count(world: World, kind: str, rows: list[Row], over: Period) -> Counted:
    statuses = world.lead_statuses if kind == "lead" else world.opportunity_statuses
    found = Counted({status.id: {name: set() for name in NAMES} for status in statuses})
    for row in rows:
        steps, identity = world.history[kind, row["id"]], row["id"]
        first = None if over.start is None else at(steps, last(over.start))
        final = at(steps, last(over.end))
        _compare(found, identity, first, final)
        for step in steps:
            if over.holds(step.at):
                _went(found, identity, step)
    return found


def _compare(found: Counted, identity: str, first: str | None, final: str | None) -> None:
    if first is not None:
        found.overview[first]["started"].add(identity)
    if final is not None:
        found.overview[final]["ended"].add(identity)
    if first == final:
        return
    if first is not None:
        found.overview[first]["lost"].add(identity)
    if final is not None:
        found.overview[final]["gained"].add(identity)
        found.summary.setdefault((first, final), set()).add(identity)


def _went(found: Counted, identity: str, step: Step) -> None:
    found.overview[step.status]["entered"].add(identity)
    if step.previous is not None:
        found.overview[step.previous]["left"].add(identity)
    found.transitions.setdefault((step.previous, step.status), set()).add(identity)


def nearest(part: int, whole: int) -> int:
    """A percentage, halves away from zero."""
    return int((Decimal(100 * part) / whole).to_integral_value(ROUND_HALF_UP))


# ---- strings


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(second: int) -> str:
    return (EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")


def spoken(status: Status, statuses: list[Status]) -> str:
    """How strings name a status: by its label where that means no other one, else by its ID."""
    said = (status.label or "").lower()
    others = [other for other in statuses if other.id != status.id]
    taken = any(said in (other.id.lower(), (other.label or "").lower()) for other in others)
    return status.id if status.label is None or taken else status.label


@dataclass(frozen=True)
class Speech:
    """The search strings of a report."""

    kind: str
    over: Period
    user: str | None
    query: str | None
    view: str | None
    labels: dict[str, str]

    def on(self, status: str, second: int) -> str:
        return f"{PREFIX[self.kind]}status(status:{self.labels[status]} on:{quoted(written(second))})"

    def within(self, date: str) -> str:
        upper = f"{date} <= {quoted(written(self.over.end))}"
        return upper if self.over.start is None else f"{date} >= {quoted(written(self.over.start))} and {upper}"

    def original(self, status: str) -> str:
        name = "original_lead_status" if self.kind == "lead" else "original_status"
        return f"{name}:{self.labels[status]} and {self.within('created')}"

    def change(self, sides: str) -> str:
        return f"{PREFIX[self.kind]}status_change({sides} and {self.within('date')})"

    def overview(self, status: str) -> dict[str, str]:
        ended, said = self.on(status, self.over.end), self.labels[status]
        entered = f"({self.original(status)}) or {self.change(f'new_status:{said}')}"
        found = {"ended": ended, "entered": entered, "left": self.change(f"old_status:{said}")}
        if self.over.start is None:
            return found
        started = self.on(status, self.over.start)
        return found | {
            "started": started,
            "gained": f"not {started} and {ended}",
            "lost": f"{started} and not {ended}",
        }

    def transition(self, pair: Pair) -> str:
        if pair[0] is None:
            return self.original(pair[1])
        return self.change(f"old_status:{self.labels[pair[0]]} new_status:{self.labels[pair[1]]}")

    def summary(self, pair: Pair) -> str:
        ended = self.on(pair[1], self.over.end)
        if self.over.start is None:
            return ended
        if pair[0] is None:
            return f"created > {quoted(written(self.over.start))} and {ended}"
        return f"{self.on(pair[0], self.over.start)} and {ended}"

    def within_object(self, inner: str) -> str:
        """What is said of the object itself, with the user."""
        return f"({inner}) and user:{quoted(self.user)}" if self.user else inner

    def whole(self, inner: str) -> str:
        """The string that finds leads, with all filters."""
        found = f"opportunity({self.within_object(inner)})" if self.kind == "opportunity" else inner
        if self.view:
            return f"({found}) and in:{quoted(self.view)}"
        return f"({found}) and ({self.query})" if self.query else found


# ---- the answer


def report(world: World, kind: str, params: Row, offset: int, now: int, leads: set[str] | None) -> Row:
    """The answer; ``leads`` are those that the request's ``query`` or ``smart_view_id`` lists, null without either."""
    over = period(params, offset, now)
    statuses = world.lead_statuses if kind == "lead" else world.opportunity_statuses
    known = {status.id: status for status in statuses}
    labels = {status.id: quoted(spoken(status, statuses)) for status in statuses}
    user, query, view = ((params.get(key) or "").strip() or None for key in ("user_id", "query", "smart_view_id"))
    speech = Speech(kind, over, user, query, view, labels)
    found = count(world, kind, objects(world, kind, user, leads), over)
    order = {status.id: place for place, status in enumerate(statuses)}

    def sort(pairs: dict[Pair, set[str]]) -> list[Pair]:
        return sorted(pairs, key=lambda p: (-len(pairs[p]), -1 if p[0] is None else order[p[0]], order[p[1]]))

    def rows(pairs: dict[Pair, set[str]], said: Any) -> Iterator[Row]:
        for pair in sort(pairs):
            old = known[pair[0]] if pair[0] is not None else None
            row = _named("from_status", old) | _named("to_status", known[pair[1]]) | {"count": len(pairs[pair])}
            yield row | _links(speech, said(pair), "transition", old, known[pair[1]])

    return {
        "status_overview": [_overview(speech, status, found.overview[status.id]) for status in statuses],
        "status_transitions": list(rows(found.transitions, speech.transition)),
        "status_transitions_summary": list(rows(found.summary, speech.summary)),
    }


def _named(side: str, status: Status | None) -> Row:
    return {
        f"{side}_id": status.id if status else None,
        f"{side}_label": status.label if status else None,
        f"{side}_is_deleted": status.is_deleted if status else None,
    }


def _overview(speech: Speech, status: Status, found: dict[str, set[str]]) -> Row:
    numbers = {name: len(found[name]) for name in NAMES}
    change = numbers["ended"] - numbers["started"]
    started = numbers["started"]
    row: Row = _named("status", status) | numbers
    row |= {"change": change, "change_percent": nearest(change, started) if started else None}
    if speech.over.start is None:
        row = {key: value for key, value in row.items() if key not in (*COMPARED, "change", "change_percent")}
    links: dict[str, Row] = {}
    for name, inner in speech.overview(status.id).items():
        old = status if name in ("started", "lost", "left") else None
        new = status if name in ("ended", "gained", "entered") else None
        for key, value in _links(speech, inner, name, old, new).items():
            plural = {"_query": "_queries", "_leads_page_url": "_leads_page_urls"}.get(key, f"{key}s")
            links.setdefault(plural, {})[name] = value
    return row | links


def _links(speech: Speech, inner: str, name: str, old: Status | None, new: Status | None) -> Row:
    whole = speech.whole(inner)
    row = {"_query": whole, "_leads_page_url": f"/search/{quote(whole, safe='')}/"}
    if speech.kind == "lead":
        return row
    over = speech.over
    params = {
        "query": speech.within_object(inner),
        "custom_filter_type": name,
        "custom_filter_date_end": _day(over.end),
    }
    if over.start is not None:
        params["custom_filter_date_start"] = _day(over.start)
    for side, status in (("start", old), ("end", new)):
        if status:
            params[f"custom_filter_{side}_status_id"] = status.id
            params[f"custom_filter_{side}_status_label"] = status.label or ""
    return row | {"_opportunities_page_url": f"/opportunities/{urlencode(sorted(params.items()))}/"}


def _day(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).date().isoformat()
