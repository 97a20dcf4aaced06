"""The Explorer over hostile organizations: against its plain restatement, and the laws it must keep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.engine.laws import OFFSETS, Office
from tests.engine.offices import amid, opened, week_start
from tests.engine.oracle import explorer as oracle
from tests.engine.oracle.search import Search
from tests.engine.organizations import ORGANIZATION

Row = dict[str, Any]

HOURS = {**OFFSETS, "5.75": 345, "-3.5": -210, "0.1": 6}
PATH = f"report/custom/{ORGANIZATION}/"
QUERIES = {
    "lead": ("created >= 2026-10-25", "created_by:user_a", 'not status:"Won"', 'in:"save_2"', "acme", "*"),
    "opportunity": ("value > 500", "user:user_b", "not status_type:won", "created < 2026-10-26"),
    "call": ("direction:outbound", "duration >= 100", "user:user_gone"),
    "email": ("direction:sent", "opened:yes", "has_reply:no"),
    "sms": ("direction:inbound", "user:user_a"),
    "meeting": ("user:user_a", "created >= 2026-10-25"),
    "note": ("not user:user_a", "*"),
    "task_completed": ("user:user_met",),
}


@pytest.fixture(scope="module", params=range(2), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(request.param, tmp_path_factory.mktemp("explorer")) as found:
        yield found


def pick_y(the: Office, known: dict[str, str], thing: str) -> str | None:
    """A number or count of x's object or of the other side of a pair with lead."""
    things = list(oracle.FIELDS) if thing == "lead" else [thing, "lead"]
    counts = [f"{each}.count" for each in things]
    numbers = [field for field, kind in known.items() if kind == "number" and field.partition(".")[0] in things]
    return the.pick([None, *counts, *numbers, *numbers]) if thing != "lead" or the.chance(0.7) else "opportunity.value"


def request(the: Office, known: dict[str, str]) -> Row:
    x = the.pick([*known])
    thing, kind = x.partition(".")[0], known[x]
    params: Row = {"x": x, "y": pick_y(the, known, thing)}
    params["transform_y"] = the.pick([None, "sum", "avg", "min", "max"])
    if kind == "date":
        params["interval"] = the.pick([None, "auto", "hour", "day", "week", "month", "quarter", "year"])
        start, end = sorted((the.instant(), the.instant()))
        params |= {"start": the.pick([None, the.said(start)]), "end": the.pick([None, the.said(end)])}
    if kind == "number":
        params["interval"] = the.pick([None, "auto", 1, 3, 50, 1000])
        low, high = sorted((the.random.randrange(-5, 2000), the.random.randrange(-5, 2000)))
        params |= {"start": the.pick([None, None, low]), "end": the.pick([None, None, high])}
    if the.chance(0.4):
        other = (params["y"] or "lead.count").partition(".")[0]
        row_of = other if thing == "lead" else thing
        groups = [
            field
            for field, kind in known.items()
            if field.partition(".")[0] in (row_of, "lead") and kind in ("choice", "user", "boolean", "text")
        ]
        params["group_by"] = the.pick(groups)
    if the.chance(0.3):
        params["query"] = the.pick(QUERIES[thing])
    return {key: value for key, value in params.items() if value is not None}


def backwards(the: Office, known: dict[str, str], params: Row, offset: str | None) -> bool:
    if known[params["x"]] not in ("date", "number"):
        return False
    question = oracle.Question(the.world, params, HOURS[offset], the.now, week_start(the.seed))
    return question.start is not None and question.end is not None and question.start > question.end


def ask(the: Office, params: Row, offset: str | None = None) -> Any:
    headers = {} if offset is None else {"x-tz-offset": offset}
    response = the.api.get(PATH, query_string=params, headers=headers)
    assert response.status_code in (200, 400), (the.seed, params, offset, response.text)
    told = response.get_json()
    return told if response.status_code == 200 else told["field-errors"]


def expected(the: Office, params: Row, offset: str | None) -> Row | None:
    """The answer, or null where there are too many buckets."""
    matching = None
    if params.get("query"):
        search = Search(the.world, the.now, HOURS[offset])
        matching = search.objects(params["query"], params["x"].partition(".")[0])
    try:
        return oracle.report(the.world, params, HOURS[offset], the.now, week_start(the.seed), matching)
    except oracle.TooManyError:
        return None


def agree(the: Office, requests: int) -> None:
    known, found = oracle.fields(the.world), 0
    for _ in range(requests):
        params, offset = request(the, known), the.pick([*HOURS])
        told = ask(the, params, offset)
        wanted = None if backwards(the, known, params, offset) else expected(the, params, offset)
        if wanted is None:
            assert "series" not in told, (the.seed, offset, params)
        else:
            assert told == wanted, (the.seed, offset, params)
            found += sum(series["count"] for series in told["series"])
    assert found > requests / 2


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, requests=25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300, 304))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with opened(seed, tmp_path, now=amid(seed)) as the:
        agree(the, requests=150)


def test_every_field_is_listed_with_its_type(asked: Office) -> None:
    known = oracle.fields(asked.world)
    listed = {row["field"]: row["type"] for row in asked.api.get("report/custom/fields/").get_json()["fields"]}
    builtin = {field: kind for field, kind in known.items() if ".custom." not in field}
    assert {field: listed.get(field) for field in builtin} == builtin
    assert {field: listed[field] for field in known if field in listed} == {
        field: known[field] for field in known if field in listed
    }
    assert any(field.startswith("lead.custom.") for field in listed)


WHOLE = {"start": "2026-09-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}
ADDITIVE = (
    {"x": "lead.date_created", "y": "lead.count"},
    {"x": "opportunity.date_created", "y": "opportunity.value"},
    {"x": "call.activity_at", "y": "call.duration"},
    {"x": "email.date_sent", "y": "email.count"},
)


def only(told: Row) -> Row:
    (series,) = told["series"]
    return dict(series)


@pytest.mark.parametrize("params", ADDITIVE, ids=lambda params: params["y"])
@pytest.mark.parametrize("offset", [None, "5.75"])
def test_a_range_split_at_a_bucket_adds_up_to_the_whole(asked: Office, params: Row, offset: str | None) -> None:
    whole = only(ask(asked, {**params, **WHOLE, "interval": "day"}, offset))
    limits = [row[0] for row in whole["data"]]
    for limit in limits[30:70:16]:
        parts = [
            only(ask(asked, {**params, "start": start, "end": end, "interval": "day"}, offset))
            for start, end in ((WHOLE["start"], limit), (limit, WHOLE["end"]))
        ]
        assert parts[0]["data"] + parts[1]["data"] == whole["data"]
        assert parts[0]["count"] + parts[1]["count"] == whole["count"]


@pytest.mark.parametrize("interval", ["hour", "week", "month"])
def test_buckets_of_any_length_hold_the_same_and_nothing_negative(asked: Office, interval: str) -> None:
    for params in ADDITIVE:
        days, others = (only(ask(asked, {**params, **WHOLE, "interval": each})) for each in ("day", interval))
        assert sum(y for _, y in others["data"]) == sum(y for _, y in days["data"]) > 0
        assert min(y for _, y in others["data"]) >= 0
        assert others["count"] == days["count"]
        assert all(first < second for (first, _), (second, _) in pairwise(others["data"]))


def test_groups_of_one_value_take_the_whole_apart(asked: Office) -> None:
    for x, group_by in (
        ("opportunity.date_created", "opportunity.user_id"),
        ("call.user_id", "call.direction"),
        ("email.status", "lead.status_id"),
    ):
        params = {"x": x, "y": f"{x.partition('.')[0]}.count"}
        whole, groups = only(ask(asked, params)), ask(asked, {**params, "group_by": group_by})["series"]
        assert sum(series["count"] for series in groups) == whole["count"] > 0
