"""A small organization by hand, for searches: who has what is easy to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.engine.dumps import write_dump

Row = dict[str, Any]


def activity(kind: str, identity: str, at: str, **fields: Any) -> Row:
    return {"_type": kind, "id": identity, "date_created": at, "activity_at": at, **fields}


def lead_change(identity: str, at: str, old: str, new: str) -> Row:
    labels = {"old_status_label": old, "new_status_label": new}
    return activity("LeadStatusChange", identity, at, old_status_id=old, new_status_id=new, **labels)


def sale_change(identity: str, sale: str, at: str, old: str, new: str) -> Row:
    kinds = {"old_status_type": "active", "new_status_type": "active"}
    change = {"opportunity_id": sale, "old_status_id": old, "new_status_id": new, **kinds}
    return activity("OpportunityStatusChange", identity, at, **change)


USERS = [
    {"id": "user_ann", "first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"},
    {"id": "user_bob", "first_name": "Bob", "last_name": "Moe", "email": "bob@example.com"},
]

LEAD_STATUSES = [
    {"id": "stat_new", "label": "New"},
    {"id": "stat_warm", "label": "Warm \"ish\" \\ 'x'"},
    {"id": "stat_new_too", "label": "NEW"},
]

PIPELINES = [
    {
        "id": "pipe_sales",
        "name": "Sales",
        "statuses": [
            {"id": "oppo_open", "label": "Open", "type": "active"},
            {"id": "oppo_offer", "label": "Offer", "type": "active"},
            {"id": "oppo_won", "label": "Won", "type": "won"},
            {"id": "oppo_lost", "label": "Lost", "type": "lost"},
        ],
    },
    {"id": "pipe_renew", "name": "Renewals", "statuses": [{"id": "renew_open", "label": "Open", "type": "active"}]},
]

TEMPLATES = [{"id": "tmpl_hi", "name": "Hello"}, {"id": "tmpl_hi_too", "name": "hello"}]

ACME = {
    "id": "lead_acme",
    "display_name": "Acme Big Corp",
    "status_id": "stat_new",
    "date_created": "2026-01-10T10:00:00Z",
    "created_by": "user_ann",
    "custom": {
        "Industry": "Software",
        "Seats": 12.5,
        "Vip": True,
        "Renewal": "2026-03-01",
        "Tags": ["Red", "blue sky"],
    },
    "contacts": [{"id": "cont_zoe", "name": "Zoë Müller", "title": "Chief Executive", "date_created": "2026-01-11"}],
    "opportunities": [
        {
            "id": "sale_1",
            "status_id": "oppo_won",
            "status_type": "won",
            "value": 1000,
            "value_period": "monthly",
            "confidence": 100,
            "user_id": "user_ann",
            "date_created": "2026-01-12T00:00:00Z",
            "date_won": "2026-02-10",
            "custom": {"Source": "web"},
        },
        {
            "id": "sale_2",
            "status_id": "renew_open",
            "status_type": "active",
            "confidence": 40,
            "user_id": "user_bob",
            "date_created": "2026-02-01T00:00:00Z",
        },
    ],
    "activities": [
        sale_change("chg_s1", "sale_1", "2026-01-20T00:00:00Z", "oppo_open", "oppo_offer"),
        sale_change("chg_s2", "sale_1", "2026-02-10T00:00:00Z", "oppo_offer", "oppo_won"),
        lead_change("chg_1", "2026-01-15T12:00:00.500Z", "stat_warm", "stat_new"),
        activity(
            "Call",
            "call_1",
            "2026-01-13T09:30:00Z",
            user_id="user_ann",
            direction="outbound",
            duration=60,
            disposition="Vm-Left",
        ),
    ],
}

ACME_LABS = {
    "id": "lead_labs",
    "display_name": "acme labs",
    "status_id": "stat_warm",
    "date_created": "2026-01-10T23:30:00Z",
    "created_by": "user_bob",
    "custom": {
        "Industry": "software",
        "Seats": 3,
        "Vip": False,
        "Renewal": "2026-03-02T00:30:00Z",
        "Owner": "user_bob",
    },
    "opportunities": [
        {
            "id": "sale_3",
            "status_id": "oppo_lost",
            "status_type": "lost",
            "value": 0,
            "user_id": "user_bob",
            "date_created": "2026-01-12T00:00:00Z",
            "date_lost": "2026-02-10T00:30:00Z",
        }
    ],
    "activities": [
        lead_change("chg_2", "2026-01-16T00:00:00Z", "stat_new", "stat_warm"),
        activity("Call", "call_2", "2026-01-13T09:30:00Z", user_id="user_bob", direction="inbound", duration=0),
        activity(
            "Email",
            "mail_1",
            "2026-01-14T08:00:00Z",
            user_id="user_bob",
            direction="outgoing",
            status="sent",
            date_sent="2026-01-14T09:00:00Z",
            opens=[{"at": 1}],
            has_reply=True,
            template_id="tmpl_hi",
        ),
    ],
}

HOSTILE = {
    "id": "lead_odd",
    "display_name": 'O\'Neil "Sons" \\ Größe_2',
    "status_id": "stat_new_too",
    "date_created": "2026-01-20T00:00:00Z",
    "custom": {"Path": "C:\\temp\\it's", "Industry": None},
    "activities": [
        activity(
            "Email",
            "mail_2",
            "2026-01-15T08:00:00Z",
            direction="incoming",
            status="inbox",
            user_id="user_ann",
            opens=[],
        ),
        activity(
            "Email", "mail_3", "2026-01-15T08:00:00Z", direction="outgoing", status="draft", template_id="tmpl_gone"
        ),
        activity("SMS", "sms_1", "2026-01-15T10:00:00Z", direction="outbound", status="sent", user_id="user_ann"),
    ],
}

BARE = {"id": "lead_bare", "date_created": "2026-02-01T00:00:00Z", "custom.cf_seats": 7}

ORPHANS = [
    activity("Call", "call_3", "2026-01-13T09:30:00Z", lead_id="lead_gone", direction="outbound", user_id="user_ann"),
    activity("Meeting", "meet_1", "2026-01-13T09:30:00Z", lead_id="lead_acme", user_id="user_ann", status="completed"),
    activity("Note", "note_1", "2026-01-13T09:30:00Z", lead_id="lead_acme", user_id="user_bob"),
]


def write(folder: Path, *searches: Row) -> Path:
    return write_dump(
        folder,
        organization=[{"id": "orga_1", "name": "Example"}],
        user=USERS,
        lead_status=LEAD_STATUSES,
        pipeline=PIPELINES,
        email_template=TEMPLATES,
        custom_field=[{"id": "cf_seats", "name": "Seats", "type": "number", "object": "lead"}],
        saved_search=list(searches),
        lead=[ACME, ACME_LABS, HOSTILE, BARE],
        activity=ORPHANS,
    )
