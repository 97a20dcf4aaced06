"""What Close documents of each answer, beyond the keys that we read. Written as our own shapes are (``runner.model``).

A key ``*`` stands for every key of an object whose keys are data. What the contract marks as ours, and what an
organization may not have, ends in ``?``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.model import Shape

NUMBER = (int, float, type(None))
TEXT = (str, type(None))
ANY = (str, int, float, bool, type(None), list, dict)

_NAMED: Shape = {"data": [{"id": str, "name": TEXT}], "has_more": bool}
_QUERIES: Shape = dict.fromkeys(("total", "opened", "responded"), TEXT)
_NUMBERS = ("started?", "change?", "change_percent?", "gained?", "lost?", "ended", "entered", "left")
_PAGES: Shape = dict.fromkeys(("started?", "change?", "gained?", "lost?", "ended?", "entered?", "left?"), TEXT)
_STATUS: dict[str, Shape] = {
    **dict.fromkeys(_NUMBERS, NUMBER),
    "status_is_deleted": bool,
    "_queries": _PAGES,
    "_leads_page_urls": _PAGES,
}
_MOVE: dict[str, Shape] = {
    "from_status_is_deleted": (bool, type(None)),
    "to_status_is_deleted": (bool, type(None)),
    "_query": TEXT,
    "_leads_page_url": TEXT,
}


def _statuses(status: dict[str, Shape], move: dict[str, Shape]) -> Shape:
    return {
        "status_overview": [{**_STATUS, **status}],
        "status_transitions": [{**_MOVE, **move}],
        "status_transitions_summary": [{**_MOVE, **move}],
    }


DOCUMENTED: Mapping[str, Shape] = {
    "me/": {"first_name": TEXT, "last_name": TEXT, "email": TEXT, "organizations": [{"id": str, "name": TEXT}]},
    "organization/ID/": {
        "id": str,
        "name": TEXT,
        "memberships": [{"user_id": str, "user_full_name": TEXT, "user_email": TEXT}],
        "inactive_memberships": [{"user_id": str, "user_full_name": TEXT, "user_email": TEXT}],
    },
    "user/": {"data": [{"id": str, "first_name": TEXT, "last_name": TEXT, "email": TEXT}], "has_more": bool},
    "group/": _NAMED,
    "group/ID/": {"id": str, "name": TEXT, "members": [{"user_id": str}]},
    "saved_search/": {
        "data": [{"id": str, "name": TEXT, "type": TEXT, "query": ANY, "s_query": ANY}],
        "has_more": bool,
    },
    "pipeline/": {"data": [{"id": str, "name": TEXT, "statuses": [{"id": str, "label": TEXT, "type": str}]}]},
    "status/lead/": {"data": [{"id": str, "label": TEXT}], "has_more": bool},
    "status/opportunity/": {"data": [{"id": str, "label": TEXT, "type": str}], "has_more": bool},
    "email_template/": {"data": [{"id": str, "name": TEXT, "is_shared?": bool}], "has_more": bool},
    "custom_field_schema/lead/": {"fields": [{"id": str, "name": TEXT, "type?": TEXT}]},
    "custom_field_schema/opportunity/": {"fields": [{"id": str, "name": TEXT, "type?": TEXT}]},
    "report/activity/metrics/": {"metrics": [{"key": str, "name": str, "description": TEXT}]},
    "report/activity/ (overview)": {
        "data": [{"datetime": str}],
        "queries": {"leads": {"*": [str]}},
    },
    "report/activity/ (comparison)": {
        "data": [{"user_id": str}],
        "lookup": {"user": {"*": {"display": TEXT}}},
    },
    "report/sent_emails/ORG/": {
        "sent_email_stats": [
            {
                "is_shared": bool,
                "template_url": TEXT,
                "percentage_opened": NUMBER,
                "percentage_responded": NUMBER,
                "_queries": _QUERIES,
            }
        ]
    },
    "report/statuses/lead/ORG/": _statuses({}, {}),
    "report/statuses/opportunity/ORG/": _statuses(
        {"_opportunities_page_urls": _PAGES}, {"_opportunities_page_url": TEXT}
    ),
    "report/custom/ORG/": {
        "x?": ANY,
        "y?": ANY,
        "interval?": ANY,
        "transform_y?": ANY,
        "group_by?": ANY,
        "series": [{"count": NUMBER, "name?": TEXT, "data?": ANY}],
    },
    "report/custom/fields/": {"fields?": [{"field?": str, "object?": str, "label?": TEXT, "type?": str}]},
    "report/funnel/opportunity/totals/": {},
    "report/funnel/opportunity/stages/": {
        "aggregations": {"stages": [{"status": {"id": str, "label": TEXT, "type": str}}]},
        "data": [{"stages": [{"status": {"id": str, "label": TEXT, "type": str}}]}],
    },
}
"""Endpoint, as the report calls it -> what its answer has."""


def activity(metrics: Iterable[str]) -> Shape:
    """An activity report has every metric that it was asked for."""
    numbers: Shape = dict.fromkeys(metrics, NUMBER)
    return {"data": [numbers], "aggregations": {"totals": numbers}}


OURS = frozenset({"report/custom/fields/"})
"""Endpoints that Close does not publish: where there is none, that is no fault."""
