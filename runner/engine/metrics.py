"""The metrics of the activity report: what each of them counts, adds up or averages.

A key is ``object.action.kind.measure``. A metric is made of tallies, the integers that leave SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Feed: TypeAlias = Literal[
    "call",
    "email",
    "sms",
    "meeting",
    "note",
    "task_completed",
    "lead",
    "created",
    "created_for",
    "won",
    "lost",
    "contact",
]
"""The stream of objects a metric looks at, each with its own moment and user (``tallies.py`` says how)."""


class Tally(NamedTuple):
    """An integer added up in SQL: ``column`` over the objects of ``feed`` that meet ``condition``; 1 counts them."""

    feed: Feed
    condition: str
    column: str = "1"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. ``count`` says how many objects are in it, ``amount`` what else is added up over them."""

    key: str
    name: str
    description: str
    count: Tally
    amount: Tally | None = None

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Everything that must be added up for it."""
        return (self.count,) if self.amount is None else (self.count, self.amount)

    @property
    def is_average(self) -> bool:
        """Whether it is the amount by the count, and None of nothing; else it is the amount, without one the count."""
        return ".avg_" in self.key


_SENT = "direction = 'outgoing' AND status = 'sent'"

_CALLS = (
    ("all.all", "", "Call"),
    ("outbound.all", "direction = 'outbound'", "Outbound call"),
    ("outbound.regular", "direction = 'outbound' AND kind = 'regular'", "Regular outbound call"),
    ("outbound.power_dialer", "direction = 'outbound' AND kind = 'power_dialer'", "Power dialer call"),
    ("outbound.predictive_dialer", "direction = 'outbound' AND kind = 'predictive_dialer'", "Predictive dialer call"),
    ("outbound.external", "direction = 'outbound' AND kind = 'external'", "External outbound call"),
    ("inbound.all", "direction = 'inbound'", "Inbound call"),
)
_EMAIL_KINDS = (("sequences", "Sequence"), ("manual", "Manual"), ("bulk", "Bulk"))
_REPLIES = (
    ("", "", ""),
    ("_with_reply", " AND has_reply = 1", " with a reply"),
    ("_without_reply", " AND (has_reply = 0 OR has_reply IS NULL)", " without a reply"),
)
_VALUE_PERIODS = (
    ("one_time", "(value_period = 'one_time' OR value_period IS NULL)", "One-time"),
    ("monthly", "value_period = 'monthly'", "Monthly"),
    ("annual", "value_period = 'annual'", "Annual"),
)
_PLAIN: tuple[tuple[str, Feed, str, str, str], ...] = (
    ("sms.sent.all.count", "sms", "direction = 'outbound' AND status = 'sent'", "Sent SMS", "date sent"),
    ("sms.received.all.count", "sms", "direction = 'inbound'", "Received SMS", "date received"),
    ("leads.created.all.count", "lead", "", "Created leads", "creation date and creator"),
    (
        "leads.contacted.all.count",
        "contact",
        "",
        "Contacted leads",
        "date of an outbound call, sent e-mail or sent SMS",
    ),
    ("opportunities.created.all.count", "created", "", "Created opportunities", "creation date and creator"),
    (
        "opportunities.created_for.all.count",
        "created_for",
        "",
        "Created opportunities by owner",
        "creation date and owner",
    ),
    ("meetings.held.all.count", "meeting", "status = 'completed'", "Held meetings", "start"),
    ("tasks.completed.all.count", "task_completed", "", "Completed tasks", "date completed"),
    ("notes.created.all.count", "note", "", "Created notes", "date of the note"),
)


def _count(key: str, name: str, by: str, tally: Tally) -> Metric:
    return Metric(key, name, f"Number of {name[0].lower()}{name[1:]}, by {by}.", tally)


def _amount(key: str, name: str, description: str, count: Tally, column: str) -> Metric:
    return Metric(key, name, description, count, Tally(count.feed, count.condition, column))


def _calls() -> Iterator[Metric]:
    for kind, condition, call in _CALLS:
        key, count = f"calls.{kind}", Tally("call", condition)
        yield _count(f"{key}.count", f"{call}s", "call date", count)
        for measure, what in (("sum", "total"), ("avg", "average")):
            name = f"{call} duration ({what})"
            about = f"{what.capitalize()} duration in seconds of {call[0].lower()}{call[1:]}s, by call date."
            yield _amount(f"{key}.{measure}_duration", name, about, count, "duration")


def _emails() -> Iterator[Metric]:
    yield _count("emails.sent.all.count", "Sent e-mails", "date sent", Tally("email", _SENT))
    for kind, name in _EMAIL_KINDS:
        for suffix, condition, how in _REPLIES:
            tally = Tally("email", f"{_SENT} AND kind = '{kind}'{condition}")
            yield _count(f"emails.sent.{kind}{suffix}.count", f"{name} e-mails sent{how}", "date sent", tally)
    yield _count("emails.received.all.count", "Received e-mails", "date", Tally("email", "direction = 'incoming'"))
    opened = f"{_SENT} AND opened >= 1"
    yield _count("emails.opened.all.count", "Opened e-mails", "date sent", Tally("email", opened))
    for kind, name in _EMAIL_KINDS:
        tally = Tally("email", f"{opened} AND kind = '{kind}'")
        yield _count(f"emails.opened.{kind}.count", f"{name} e-mails opened", "date sent", tally)


def _closed(action: Literal["won", "lost"]) -> Iterator[Metric]:
    by, every = f"date {action}", Tally(action, "")
    yield _count(f"opportunities.{action}.all.count", f"Opportunities {action}", by, every)
    name, about = f"Annualized value {action}", f"Annualized value in cents of opportunities {action}, by {by}."
    yield _amount(f"opportunities.{action}.all.sum_annualized_value", name, about, every, "annualized")
    for period, condition, words in _VALUE_PERIODS:
        key, count = f"opportunities.value_{action}.{period}", Tally(action, condition)
        yield _count(f"{key}.count", f"{words} opportunities {action}", by, count)
        about = f"Value in cents of {words.lower()} opportunities {action}, by {by}."
        yield _amount(f"{key}.sum_value", f"{words} value {action}", about, count, "value")


def _all() -> Iterator[Metric]:
    yield from _calls()
    yield from _emails()
    for key, feed, condition, name, by in _PLAIN:
        column = "lead" if feed == "contact" else "1"
        yield _count(key, name, by, Tally(feed, condition, column))
    yield from _closed("won")
    yield from _closed("lost")


METRICS: dict[str, Metric] = {metric.key: metric for metric in _all()}
"""Key -> metric, for every metric the engine serves."""
