"""Saved searches in the JSON of Advanced filtering, on DuckDB and SQLite alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runner.engine.query import QueryError
from tests.engine.query.conftest import Finder

ALL = "acme bare labs odd"


def regular(name: str, of: str = "lead") -> dict[str, Any]:
    return {"type": "regular_field", "object_type": of, "field_name": name}


def custom(identity: str) -> dict[str, Any]:
    return {"type": "custom_field", "custom_field_id": identity}


def where(field: dict[str, Any], kind: str, **condition: Any) -> dict[str, Any]:
    return {"type": "field_condition", "field": field, "condition": {"type": kind, **condition}}


def related(to: str, query: dict[str, Any], of: str = "lead") -> dict[str, Any]:
    return {"type": "has_related", "this_object_type": of, "related_object_type": to, "related_query": query}


def every(*queries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "and", "queries": list(queries), **more}


def day(value: str, which: str = "start") -> dict[str, Any]:
    return {"type": "fixed_local_date", "value": value, "which": which}


def words(mode: str, value: str) -> dict[str, Any]:
    return {"mode": mode, "value": value}


LEAD = {"type": "object_type", "object_type": "lead"}
NAME, CREATED, STATUS, OWNER = (regular(name) for name in ("display_name", "date_created", "status_id", "created_by"))
SALE_USER, VALUE, WON = (regular(name, "opportunity") for name in ("user_id", "value", "date_won"))
TITLE = regular("title", "contact")

FOUND = {
    "every lead": (LEAD, ALL),
    "negated": ({**LEAD, "negate": True}, ""),
    "negate": ({"type": "negate", "query": {"type": "id", "value": "lead_acme"}}, "bare labs odd"),
    "negate twice": ({"type": "negate", "query": {"type": "id", "value": "lead_acme", "negate": True}}, "acme"),
    "id": ({"type": "id", "value": "lead_acme"}, "acme"),
    "or": ({"type": "or", "queries": [{"type": "id", "value": f"lead_{one}"} for one in ("acme", "odd")]}, "acme odd"),
    "text": ({"type": "text", "mode": "full_words", "value": "CORP acme"}, "acme"),
    "full words": (where(NAME, "text", **words("full_words", "corp ACME")), "acme"),
    "full words, not parts": (where(NAME, "text", **words("full_words", "acm")), ""),
    "phrase": (where(NAME, "text", **words("phrase", "acme big")), "acme"),
    "phrase, not apart": (where(NAME, "text", **words("phrase", "acme corp")), ""),
    "beginnings": (where(NAME, "text", **words("beginning_of_words", "Ac L")), "labs"),
    "beginnings beyond ASCII": (where(NAME, "text", **words("beginning_of_words", "GRö")), "odd"),
    "words of a custom field": (where(custom("Tags"), "text", **words("full_words", "sky")), "acme"),
    "no phrase over two values": (where(custom("Tags"), "text", **words("phrase", "red blue")), ""),
    "term": (where(NAME, "term", values=["acme labs", "Acme Labs"]), "labs"),
    "term of another case": (where(NAME, "term", values=["Acme labs"]), ""),
    "term of a custom field": (where(custom("Industry"), "term", values=["Software"]), "acme"),
    "reference": (
        where(STATUS, "reference", reference_type="status.lead", object_ids=["stat_new", "stat_none"]),
        "acme",
    ),
    "negated reference": (
        {**where(STATUS, "reference", reference_type="status.lead", object_ids=["stat_new"]), "negate": True},
        "bare labs odd",
    ),
    "a negated condition": (
        where(STATUS, "reference", reference_type="status.lead", object_ids=["stat_new"], negate=True),
        "bare labs odd",
    ),
    "reference of a custom field": (
        where(custom("Owner"), "reference", reference_type="user", object_ids=["user_bob"]),
        "labs",
    ),
    "current user": (where(OWNER, "current_user"), "acme"),
    "current user in a custom field": (where(custom("Owner"), "current_user"), ""),
    "exists": (where(OWNER, "exists"), "acme labs"),
    "exists not": ({**where(OWNER, "exists"), "negate": True}, "bare odd"),
    "custom exists": (where(custom("Industry"), "exists"), "acme labs"),
    "boolean": (where(custom("Vip"), "boolean", value=True), "acme"),
    "boolean no": (where(custom("Vip"), "boolean", value=False), "labs"),
    "number range": (where(custom("cf_seats"), "number_range", gte=3, lt=12.5), "bare labs"),
    "number range by name": (where(custom("Seats"), "number_range", gt=3, lte=12.5), "acme bare"),
    "moment range": (where(CREATED, "moment_range", on_or_after=day("2026-01-20"), before=None), "bare odd"),
    "start of a day": (where(CREATED, "moment_range", before=day("2026-01-10")), ""),
    "end of a day": (where(CREATED, "moment_range", before=day("2026-01-10", "end")), "acme labs"),
    "fixed moment": (
        where(CREATED, "moment_range", on_or_after={"type": "fixed_utc", "value": "2026-01-10T10:00:01Z"}),
        "bare labs odd",
    ),
    "now": (where(CREATED, "moment_range", before={"type": "now"}), ALL),
    "custom date": (where(custom("Renewal"), "moment_range", before=day("2026-03-02")), "acme"),
    "related": (related("opportunity", where(VALUE, "number_range", gte=1000)), "acme"),
    "related, one object for all": (
        related(
            "opportunity",
            every(
                where(SALE_USER, "reference", reference_type="user", object_ids=["user_bob"]),
                where(WON, "exists"),
            ),
        ),
        "",
    ),
    "related pipeline": (
        related(
            "opportunity",
            where(
                regular("pipeline_id", "opportunity"), "reference", reference_type="pipeline", object_ids=["pipe_renew"]
            ),
        ),
        "acme",
    ),
    "related closing date": (
        related(
            "opportunity", where(WON, "moment_range", on_or_after=day("2026-02-10"), before=day("2026-02-10", "end"))
        ),
        "acme",
    ),
    "related current user": (related("opportunity", where(SALE_USER, "current_user")), "acme"),
    "contact": (related("contact", where(TITLE, "text", **words("full_words", "executive"))), "acme"),
    "contact by name": (related("contact", {"type": "text", "mode": "phrase", "value": "ZOË müller"}), "acme"),
    "no contact": (related("contact", where(TITLE, "text", **words("full_words", "cto"))), ""),
    "lead of a contact": (related("contact", related("lead", {"type": "id", "value": "lead_acme"}, "contact")), "acme"),
    "as the interface writes it": (
        every({**LEAD, "negate": False}, every(every(where(OWNER, "exists")), negate=False), negate=False),
        "acme labs",
    ),
    "a saved object": (
        {"query": every(LEAD), "results_limit": None, "sort": [{"direction": "asc", "field": NAME}]},
        ALL,
    ),
}


@pytest.mark.parametrize(("stored", "leads"), FOUND.values(), ids=FOUND)
def test_a_filter_finds_its_leads(finder: Finder, stored: dict[str, Any], leads: str) -> None:
    assert finder.advanced(stored) == leads
    assert finder.advanced(json.dumps(stored)) == leads


def test_a_local_date_is_one_of_the_offset(finder: Finder) -> None:
    filtered = where(CREATED, "moment_range", on_or_after=day("2026-01-11"), before=day("2026-01-11", "end"))
    assert finder.at(60).advanced(filtered) == "labs"
    assert finder.at(0).advanced(filtered) == ""


def deep(levels: int) -> dict[str, Any]:
    query = LEAD
    for _ in range(levels):
        query = every(query)
    return query


REFUSED = {
    "no object": (3, "s_query: an object is expected."),
    "no JSON": ("[", "s_query: it is not JSON."),
    "deep JSON": ("[" * 100_000, "s_query: it is not JSON."),
    "a list": ([], "s_query: an object is expected."),
    "no query": ({}, "s_query.query: an object is expected."),
    "a limit": ({"query": LEAD, "results_limit": 5}, "s_query: a limit is not supported."),
    "unknown beside": ({"query": LEAD, "only": 1}, "s_query.only: it is not supported."),
    "unknown type": (
        every(LEAD, {"type": "match_all"}),
        "s_query.queries[1].type: 'match_all' is not one of and, or, negate, id, object_type, text, has_related, "
        "field_condition.",
    ),
    "no list": ({"type": "and", "queries": {}}, "s_query.queries: a list of objects is expected."),
    "an empty list": ({"type": "or", "queries": []}, "s_query.queries: a list of objects is expected."),
    "unknown key": ({**LEAD, "score": 1}, "s_query.score: it is not supported."),
    "negate of text": ({**LEAD, "negate": "no"}, "s_query.negate: true or false is expected."),
    "contacts": (
        {"type": "object_type", "object_type": "contact"},
        "s_query: this part searches for lead, not for 'contact'.",
    ),
    "unknown field": (
        where(regular("statusid"), "exists"),
        "s_query.field: lead has no field 'statusid'; the nearest is 'status_id'.",
    ),
    "unknown custom field": (
        where(custom("cf_seat"), "exists"),
        "s_query.field: lead has no custom field 'cf_seat'; the nearest is 'cf_seats'.",
    ),
    "field of another": (where(TITLE, "exists"), "s_query.field.object_type: 'contact' is not one of lead."),
    "unknown condition": (
        where(NAME, "regex", value="x"),
        "s_query.condition.type: 'regex' is not one of boolean, current_user, exists, text, term, reference, "
        "number_range, moment_range.",
    ),
    "unfit condition": (
        where(NAME, "number_range", gte=1),
        "s_query.condition: the field cannot be looked at by 'number_range'.",
    ),
    "no words": (
        where(regular("id"), "text", **words("phrase", "x")),
        "s_query.condition: the field has no words to search for.",
    ),
    "unknown mode": (
        where(NAME, "text", **words("exact_value", "x")),
        "s_query.condition.mode: 'exact_value' is not one of full_words, phrase, beginning_of_words.",
    ),
    "no letter": (
        where(NAME, "text", **words("phrase", "-")),
        "s_query.condition: '-' has no letter and no digit to search for.",
    ),
    "half a letter": (
        where(NAME, "term", values=["\ud800"]),
        "s_query.condition: The text holds a character that cannot be searched for.",
    ),
    "no number": (where(custom("Seats"), "number_range", gte="3"), "s_query.condition.gte: a number is expected."),
    "infinite": (
        where(custom("Seats"), "number_range", gte=float("inf")),
        "s_query.condition.gte: a number is expected.",
    ),
    "true is no number": (
        where(custom("Seats"), "number_range", lt=True),
        "s_query.condition.lt: a number is expected.",
    ),
    "no bound": (
        where(custom("Seats"), "number_range"),
        "s_query.condition: at least one of gt, gte, lt, lte is expected.",
    ),
    "no moment": (
        where(CREATED, "moment_range"),
        "s_query.condition: at least one of on_or_after, before is expected.",
    ),
    "unknown moment": (
        where(CREATED, "moment_range", before={"type": "offset"}),
        "s_query.condition.before.type: 'offset' is not one of fixed_utc, fixed_local_date, now.",
    ),
    "bad date": (
        where(CREATED, "moment_range", before=day("soon")),
        "s_query.condition.before.value: 'soon' is no date or moment, like 2026-11-16 or 2026-11-16T09:30:00Z.",
    ),
    "no date": (
        where(CREATED, "moment_range", before=day("2026-01-01T00:00:00Z")),
        "s_query.condition.before.value: a plain date is expected.",
    ),
    "unrelated": (
        related("activity.call", LEAD),
        "s_query.related_object_type: 'activity.call' is not one of contact, opportunity.",
    ),
    "deep": (deep(40), "In the search more than 24 conditions lie in one another."),
    "deep relations": (
        related("contact", related("lead",
            related("contact", related("lead", related("contact", related("lead", related(
            "contact", {"type": "id", "value": "x"}), "contact")), "contact")), "contact")),
        "In the search more than 24 conditions lie in one another.",
    ),
    "long": (every(*[LEAD] * 101), "The search has more than 100 conditions."),
}  # fmt: skip


@pytest.mark.parametrize(("stored", "told"), REFUSED.values(), ids=REFUSED)
def test_a_filter_that_is_not_understood_is_told_by_its_path(finder: Finder, stored: object, told: str) -> None:
    with pytest.raises(QueryError) as refused:
        finder.advanced(stored)
    assert str(refused.value) == f"In the saved search 'save_it': {told}"


def test_the_deepest_filter_is_answered_by_any_engine(finder: Finder) -> None:
    query: dict[str, Any] = {"type": "id", "value": "lead_acme"}
    for kind, of in [("lead", "contact"), ("contact", "lead")] * 2:
        query = {"type": "or", "queries": [{"type": "id", "value": "x"}, related(kind, query, of)]}
    assert finder.advanced(query) == "acme"
