"""How numbers are counted: for each column a sentence of the manual, as it stands on the endpoint's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """The sentence and where the manual says more: a page and its heading."""

    sentence: str
    page: str


MEANING, ENGINE = "what-the-numbers-mean", "rules-of-the-embedded-engine"

_OWN = "`meetings.held.all.count`, `tasks.completed.all.count` and `notes.created.all.count` are the engine's own."
_CREATED = (
    "Created leads and opportunities count by their creation: `opportunities.created` for who created them, "
    "`created_for` for whose they are."
)
_WON = (
    "`opportunities.won` counts by the day they were won, `opportunities.value_won.monthly.sum_value` the value as "
    "entered; `sum_annualized_value` takes a monthly value twelve times."
)
_LOST = "`opportunities.lost` counts by the day they were lost."
_MEASURED = "`transform_y`: the sum, average, lowest or highest of y in each place."
_STATUSES = {
    "started": "Started, Ended: how many were in the status at the start and at the end of the range.",
    "ended": "Started, Ended: how many were in the status at the start and at the end of the range.",
    "change": "Net change is the difference, Change rate its share of Started.",
    "gained": "Gained: in it at the end, not at the start.",
    "lost": "Lost: the reverse.",
    "entered": "Entered, Left: went into it, or out of it, at least once in between, by a change or by being created "
    "in it.",
    "left": "Entered, Left: went into it, or out of it, at least once in between, by a change or by being created in "
    "it.",
    "status_transitions/": "Moves between statuses has a row for each step that happened;",
    "status_transitions_summary/": "From start to end compares the two ends only.",
}

RULES: Mapping[str, Mapping[str, str]] = {
    "activity": {
        "": "A metric is `object.action.kind.measure`.",
        "calls.": "Calls count by their own date; the outbound ones are told apart by how they were dialled.",
        "emails.sent.": "Sent e-mails are outgoing ones with status `sent`, by the date they were sent; `with_reply` "
        "are those that were answered.",
        "emails.opened.": "Opened ones are sent ones with a tracked open.",
        "emails.received.": "Received ones count by when they came.",
        "sms.": "SMS count by when they were sent or received.",
        "leads.created.": _CREATED,
        "leads.contacted.": "`leads.contacted.all.count` counts distinct leads with an outbound call, a sent e-mail or "
        "a sent SMS.",
        "opportunities.created": _CREATED,
        "opportunities.won.": _WON,
        "opportunities.value_won.": _WON,
        "opportunities.lost.": _LOST,
        "opportunities.value_lost.": _LOST,
        "meetings.held.": _OWN,
        "tasks.completed.": _OWN,
        "notes.created.": _OWN,
    },
    "sent_emails": {
        "total": "Sent: outgoing, with status `sent`.",
        "opened": "Opened: at least one open was tracked.",
        "responded": "Replied: a reply came in.",
        "open_rate": "The rates are made of the counts; the service's own percentages are whole numbers.",
        "reply_rate": "The rates are made of the counts; the service's own percentages are whole numbers.",
    },
    "statuses/lead": {**_STATUSES, "share": "Share at end is the status's part of all leads at the end."},
    "statuses/opportunity": {
        **_STATUSES,
        "share": "Share at end is the status's part of all opportunities at the end.",
    },
    "custom": {"": _MEASURED, "count": "The count of a series is the objects placed, those without a y included."},
    "funnel/opportunity/totals": {
        "": "`created-cohort`: the opportunities created in `cohort`. `active-stage-cohort`: those that were open at "
        "any moment of `range`, or were won or lost in it.",
        "count_total_": "Completed = won + lost.",
        "value_total_": "Completed = won + lost.",
        "count_win_rate": "Win rate = won / completed, made of the counts; without a completed one there is none.",
        "value_win_rate": "Win rate = won / completed, made of the counts; without a completed one there is none.",
        "average_time_to_win": "Time to win: from creation to the win, on average.",
        "average_value": "Sales velocity = opportunities x average value won x win rate / average days to win (at "
        "least one): what the pipeline brings in a day.",
        "sales_velocity": "Sales velocity = opportunities x average value won x win rate / average days to win (at "
        "least one): what the pipeline brings in a day.",
    },
    "funnel/opportunity/stages": {
        "": "It reached every stage from the first to the furthest it was in; a stage it jumped over counts as passed.",
        "count_conversion_rate": "Went on: the part of those that reached the stage and got beyond it.",
        "count_lost": "Lost: those that were lost from this stage, the last they were in before.",
        "average_time_to_advance": "Time to go on: from first being in the stage to first being in a later one, on "
        "average; 0 for one jumped over.",
        "value": "Value is annualized, of those that reached the stage; weighted is times the confidence.",
        "weighted_value": "Value is annualized, of those that reached the stage; weighted is times the confidence.",
    },
}
"""Endpoint -> how ``COLUMN`` or ``TABLE/COLUMN`` begins -> the sentence; the longest beginning counts."""

IN_ENGINE = frozenset({_OWN, RULES["funnel/opportunity/stages"][""]})
"""Sentences that stand among the engine's own rules."""


def of(endpoint: str, table: str, column: str) -> Rule:
    """How a column of an endpoint's table is counted."""
    rules = RULES[endpoint]
    begins = [begin for begin in rules if column.startswith(begin) or f"{table}/{column}".startswith(begin)]
    sentence = rules[max(begins, key=len)]
    return Rule(
        sentence, f"docs/endpoints/{endpoint.replace('/', '-')}.md#{ENGINE if sentence in IN_ENGINE else MEANING}"
    )
