"""The answer of a status report, from its numbers and its search strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from runner.engine import percents, searches
from runner.engine.inquiry import Backend, lookup
from runner.engine.statuses import pages
from runner.engine.statuses.counts import Counts, Pair
from runner.engine.statuses.kind import LEAD, Kind, Status
from runner.engine.statuses.strings import Strings

Object: TypeAlias = dict[str, Any]

_COMING = ("ended", "gained", "entered")
"""The numbers that are about the status objects come to; the others are about the one they come from."""


def statuses(backend: Backend, kind: Kind) -> list[Status]:
    """Every status of the organization in its order, deleted ones last."""
    rows = sorted(lookup(backend, f"SELECT no, id, label, is_deleted FROM {kind.statuses}"))
    names = searches.spoken({identity: label for _, identity, label, _ in rows})
    return [Status(no, identity, label, bool(deleted), names[identity]) for no, identity, label, deleted in rows]


def build(known: Sequence[Status], counts: Counts, strings: Strings) -> Object:
    """The whole answer: each status, the changes between them, and what these come to."""
    by_no = {status.no: status for status in known}
    return {
        "status_overview": [_status(status, counts, strings) for status in known],
        "status_transitions": _transitions(counts.moved, by_no, strings, strings.moved),
        "status_transitions_summary": _transitions(counts.shifted, by_no, strings, strings.shifted),
    }


def _status(status: Status, counts: Counts, strings: Strings) -> Object:
    inner = strings.overview(status.name)
    queries = {number: strings.whole(search) for number, search in inner.items()}
    row: Object = {"status_id": status.id, "status_label": status.label, "status_is_deleted": status.is_deleted}
    row |= _numbers(status.no, counts, overall=strings.asked.start is None)
    row |= {"_queries": queries, "_leads_page_urls": {number: pages.leads(said) for number, said in queries.items()}}
    if strings.kind is not LEAD:
        row["_opportunities_page_urls"] = {
            number: pages.opportunities(
                strings.own(search),
                number,
                strings.asked,
                None if number in _COMING else status,
                status if number in _COMING else None,
            )
            for number, search in inner.items()
        }
    return row


def _numbers(status: int, counts: Counts, *, overall: bool) -> Object:
    started, ended = counts.started.get(status, 0), counts.ended.get(status, 0)
    turnover = {"entered": counts.entered.get(status, 0), "left": counts.left.get(status, 0)}
    if overall:
        return {"ended": ended, **turnover}
    return {
        "started": started,
        "ended": ended,
        "change": ended - started,
        "change_percent": percents.nearest(ended - started, started),
        "gained": counts.gained.get(status, 0),
        "lost": counts.lost.get(status, 0),
        **turnover,
    }


def _transitions(
    numbers: Mapping[Pair, int],
    by_no: Mapping[int, Status],
    strings: Strings,
    search: Callable[[str | None, str], str],
) -> list[Object]:
    """The pairs by number of objects, most first, then in the order of the statuses; created objects before others."""
    rows = []
    for (first, last), number in sorted(numbers.items(), key=lambda each: (-each[1], _place(each[0]))):
        origin, target = None if first is None else by_no[first], by_no[last]
        inner = search(origin.name if origin else None, target.name)
        query = strings.whole(inner)
        row = {**_side("from", origin), **_side("to", target), "count": number, "_query": query}
        row["_leads_page_url"] = pages.leads(query)
        if strings.kind is not LEAD:
            own = strings.own(inner)
            row["_opportunities_page_url"] = pages.opportunities(own, "transition", strings.asked, origin, target)
        rows.append(row)
    return rows


def _place(pair: Pair) -> tuple[int, int]:
    first, last = pair
    return (-1 if first is None else first, last)


def _side(side: str, status: Status | None) -> Object:
    if status is None:
        return {f"{side}_status_id": None, f"{side}_status_label": None, f"{side}_status_is_deleted": None}
    return {
        f"{side}_status_id": status.id,
        f"{side}_status_label": status.label,
        f"{side}_status_is_deleted": status.is_deleted,
    }
