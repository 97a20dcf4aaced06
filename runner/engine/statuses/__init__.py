"""The status reports: how many leads or opportunities were in a status, came into it and went out of it."""

from __future__ import annotations

from werkzeug import Response

from runner.engine import replies
from runner.engine.inquiry import Inquiry
from runner.engine.statuses import counts, question, report
from runner.engine.statuses.kind import LEAD, OPPORTUNITY, Kind
from runner.engine.statuses.strings import Strings


def leads(inquiry: Inquiry) -> Response:
    """``GET report/statuses/lead/ORG/``: the lead statuses over a period, or since the beginning."""
    return _report(inquiry, LEAD)


def opportunities(inquiry: Inquiry) -> Response:
    """``GET report/statuses/opportunity/ORG/``: the same over opportunities, of one user where ``user_id`` says so."""
    return _report(inquiry, OPPORTUNITY)


def _report(inquiry: Inquiry, kind: Kind) -> Response:
    asked = question.read(inquiry, kind)
    numbers = counts.read(inquiry.backend, kind, asked)
    return replies.json(report.build(report.statuses(inquiry.backend, kind), numbers, Strings(kind, asked)))
