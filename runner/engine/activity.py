"""The activity report: what people did, by time or by user."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from werkzeug import Response
from werkzeug.exceptions import MethodNotAllowed

from runner.engine import accounts, buckets, fields, filters, moments, ranges, replies, searches, tallies
from runner.engine.accounts import Account
from runner.engine.fields import Fields
from runner.engine.inquiry import Backend, Inquiry
from runner.engine.metrics import METRICS, Metric
from runner.engine.problems import REQUIRED
from runner.engine.ranges import Range
from runner.engine.tallies import Scope, Sheet

_TYPES = ("overview", "comparison")
_UNKNOWN_SHOWN = 10
"""Unknown metrics and users that are named in a refusal; a longer list helps nobody."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What a request asks, checked. ``users`` are the asked ones in the request's order, empty for everyone.

    ``smart_view`` is the ID of the saved search that filters, ``leads`` SQL of the leads it finds; empty without one.
    """

    type: str
    metrics: tuple[Metric, ...]
    over: Range
    users: tuple[Account, ...]
    smart_view: str
    leads: str

    def scope(self, by: str) -> Scope:
        return Scope(self.over, frozenset(user.no for user in self.users), by, self.leads)


def metrics(_: Inquiry) -> Response:
    """``GET report/activity/metrics/``: what can be asked for."""
    listed = [{"key": each.key, "name": each.name, "description": each.description} for each in METRICS.values()]
    return replies.json({"metrics": listed})


def report(inquiry: Inquiry) -> Response:
    """``POST report/activity/``: an overview by time or a comparison of users, as JSON or CSV."""
    people = accounts.read(inquiry.backend)
    question = _read(inquiry, people)
    as_csv = replies.wants_csv(inquiry.request)
    if question.type == "overview":
        return _overview(inquiry, question, as_csv=as_csv)
    return _comparison(inquiry.backend, question, people, as_csv=as_csv)


def legacy(_: Inquiry) -> NoReturn:
    """``GET report/activity/ORG/``, which the API gave up: says what to ask instead."""
    raise MethodNotAllowed(
        valid_methods=[],
        description="This report was replaced: POST to report/activity/ with type, metrics and a range.",
    )


def _overview(inquiry: Inquiry, question: _Question, *, as_csv: bool) -> Response:
    over, asked = question.over, question.metrics
    grain = buckets.grain(over, inquiry.week)
    sheet = _sheet(inquiry.backend, question, grain)
    values = _values(asked, sheet)
    rows = [
        {"datetime": moments.text(at, over.offset)} | values(sheet.row(index))
        for index, at in buckets.starts(over, grain).items()
    ]
    if as_csv:
        header = ["datetime", *(metric.key for metric in asked)]
        return replies.csv(header, ([row[key] for key in header] for row in rows))
    users = [user.id for user in question.users]
    found = {metric.key: searches.leads(metric.key, over, users, question.smart_view) for metric in asked}
    return replies.json(
        {
            "data": rows,
            "aggregations": {"totals": values(sheet.total)},
            "queries": {"leads": {key: strings for key, strings in found.items() if strings}},
        }
    )


def _comparison(backend: Backend, question: _Question, people: tuple[Account, ...], *, as_csv: bool) -> Response:
    asked = question.metrics
    sheet = _sheet(backend, question, "user")
    shown = _shown(question, people, sheet)
    values = _values(asked, sheet)
    rows = [{"user_id": user.id} | values(sheet.row(user.no)) for user in shown]
    if as_csv:
        keys = [metric.key for metric in asked]
        cells = ([user.id, user.display, *(row[key] for key in keys)] for user, row in zip(shown, rows, strict=True))
        return replies.csv(["user_id", "user_name", *keys], cells)
    return replies.json(
        {
            "data": rows,
            "aggregations": {"totals": values(sheet.total)},
            "lookup": {"user": {user.id: {"display": user.display} for user in shown}},
        }
    )


def _shown(question: _Question, people: tuple[Account, ...], sheet: Sheet) -> list[Account]:
    """The users that get a row: those asked for, else everybody present and those removed who did something."""
    if question.over.is_empty:
        return []
    if question.users:
        return sorted(question.users, key=lambda user: user.no)
    counts = [sheet.places[metric.count] for metric in question.metrics]
    return [user for user in people if user.present or any(sheet.row(user.no)[count] for count in counts)]


def _sheet(backend: Backend, question: _Question, by: str) -> Sheet:
    wanted = (tally for metric in question.metrics for tally in metric.tallies)
    return tallies.add_up(backend, wanted, question.scope(by))


def _values(asked: tuple[Metric, ...], sheet: Sheet) -> Callable[[Sequence[int]], dict[str, object]]:
    """Makes a row of the answer of a row of the sheet."""
    found = [
        (each.key, sheet.places[each.amount or each.count], sheet.places[each.count], each.is_average) for each in asked
    ]
    return lambda row: {
        key: row[amount] if not average else row[amount] / row[count] if row[count] else None
        for key, amount, count, average in found
    }


def _read(inquiry: Inquiry, people: tuple[Account, ...]) -> _Question:
    body = fields.body(inquiry.request)
    question = _Question(
        body.choice("type", _TYPES),
        _metrics(body),
        ranges.read(body, inquiry),
        _users(body, people),
        *filters.smart_view(body, inquiry),
    )
    body.check()
    return question


def _metrics(body: Fields) -> tuple[Metric, ...]:
    keys = body.texts("metrics")
    if not keys and body.sound("metrics"):
        body.refuse("metrics", "Ask for at least one metric." if body.has("metrics") else REQUIRED)
    unknown = [key for key in keys if key not in METRICS]
    if unknown:
        body.refuse("metrics", " ".join(map(_unknown, unknown[:_UNKNOWN_SHOWN])))
    return tuple(METRICS[key] for key in keys if key in METRICS)


def _unknown(key: str) -> str:
    said = key[:80]
    (nearest,) = difflib.get_close_matches(said, METRICS, n=1, cutoff=0)
    return f"Unknown metric '{said}'; the nearest is '{nearest}'."


def _users(body: Fields, people: tuple[Account, ...]) -> tuple[Account, ...]:
    known = {user.id: user for user in people}
    ids = body.texts("users")
    unknown = [user for user in ids if user not in known]
    if unknown:
        body.refuse("users", f"Unknown user: {', '.join(user[:40] for user in unknown[:_UNKNOWN_SHOWN])}.")
    return tuple(known[user] for user in ids if user in known)
