"""The sent e-mail report: how many e-mails were sent, opened and answered, in all and with each template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from werkzeug import Response

from runner.engine import bounds, parameters, percents, query, replies, searches
from runner.engine.accounts import Account
from runner.engine.bounds import Bounds
from runner.engine.inquiry import Inquiry

Object: TypeAlias = dict[str, Any]
Numbers: TypeAlias = tuple[int, int, int]
"""E-mails sent; those of them that were opened; those that were answered."""

_PARAMETERS = ("user_id", "date_start", "date_end")
_ALL: Object = {"template_id": None, "name": "All Emails", "is_shared": True, "template_url": None}
_SEARCHES = {
    "total": "direction:sent",
    "opened": "direction:sent opened:yes",
    "responded": "direction:sent has_reply:yes",
}
"""Number -> the search for the e-mails it counts, of every template."""


def report(inquiry: Inquiry) -> Response:
    """``GET report/sent_emails/ORG/``: all e-mails, then a row for each template that was used, most used first."""
    said = parameters.read(inquiry.request, _PARAMETERS)
    period = bounds.read(said, inquiry.offset)
    user = parameters.user(said, inquiry.backend)
    said.check()
    narrowing = [*period.searches("sent"), *([f"user:{searches.quote(user.id)}"] if user else [])]
    found = _count(inquiry, period, user)
    sent, opened, answered = (sum(numbers[place] for numbers in found.values()) for place in range(3))
    rows = [_ALL | _figures((sent, opened, answered), narrowing)]
    used = {template: numbers for template, numbers in found.items() if template}
    templates = _templates(inquiry, used)
    known = (each.id for each in query.Catalog.read(inquiry).templates)
    names = searches.spoken({identity: each["name"] for identity, each in templates.items()}, known)
    for template in sorted(used, key=lambda each: (-used[each][0], templates[each]["name"], each)):
        search = f"template:{searches.quote(names[template])}"
        rows.append(templates[template] | _figures(used[template], [search, *narrowing]))
    return replies.json({"sent_email_stats": rows})


def _count(inquiry: Inquiry, period: Bounds, user: Account | None) -> dict[str | None, Numbers]:
    """What was sent by template; None is without one."""
    conditions = ["direction = 'outgoing'", "status = 'sent'", *period.conditions("ts")]
    if user is not None:
        conditions.append(f"user_no = {user.no:d}")
    rows = inquiry.backend.execute(
        "SELECT template, COUNT(*), COUNT(CASE WHEN opened > 0 THEN 1 END), COUNT(CASE WHEN has_reply > 0 THEN 1 END) "
        f"FROM email WHERE {' AND '.join(conditions)} GROUP BY template"
    )
    return {template: (int(total), int(opened), int(answered)) for template, total, opened, answered in rows}


def _templates(inquiry: Inquiry, used: Iterable[str]) -> dict[str, Object]:
    """ID -> a template that was used, as rows show it; one that has no known name has its ID for it."""
    known = {each["id"]: each for each in inquiry.backend.resources("email_template")}
    organization = inquiry.organization().get("id")
    templates = {}
    for identity in used:
        name, is_shared = (known.get(identity, {}).get(key) for key in ("name", "is_shared"))
        templates[identity] = {
            "template_id": identity,
            "name": identity if name is None else name,
            "is_shared": is_shared is True,
            "template_url": f"/organization/{organization}/email_templates/{identity}/",
        }
    return templates


def _figures(numbers: Numbers, narrowing: Sequence[str]) -> Object:
    """The part of a row that is about the e-mails; ``narrowing`` is what searches say about them besides."""
    total, opened, responded = numbers
    return {
        "total": total,
        "opened": opened,
        "responded": responded,
        "percentage_opened": percents.nearest(opened, total) or 0,
        "percentage_responded": percents.nearest(responded, total) or 0,
        "_queries": {number: f"email({' '.join([search, *narrowing])})" for number, search in _SEARCHES.items()},
    }
