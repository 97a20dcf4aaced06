"""The funnel over hostile organizations: against its plain restatement, and the laws it must keep."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.laws import OFFSETS, Office
from tests.engine.offices import amid, opened, week_start
from tests.engine.oracle import funnel as oracle
from tests.engine.oracle.search import Search

Row = dict[str, Any]

HOURS = {**OFFSETS, "5.75": 345, "-3.5": -210, "0.1": 6}
WORDS = (
    "today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter",
    "this-year", "last-year", "all-time", "all-time", "this-quarter", "this-month",
)  # fmt: skip
SAME_DAYS = ("same-days-last-week", "same-days-last-month", "same-days-last-quarter", "same-days-last-year")
USERS = ("user_a", "user_b", "user_c", "user_d", "user_gone", "group_0", "group_1", "group_2")


@pytest.fixture(scope="module", params=range(2), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(request.param, tmp_path_factory.mktemp("funnel")) as found:
        yield found


def between(the: Office) -> Row:
    start, end = sorted((the.instant(), the.instant()))
    return {"start": start.isoformat(), "end": end.isoformat(" ").replace("+00:00", "Z")}


def based(the: Office, base: str) -> Row:
    """A range in a word or in two datetimes, and now and then one it is compared with."""
    body: Row = {}
    if the.chance(0.4):
        body[f"{base}_relative_range"] = the.pick(WORDS)
        body["compared_relative_range"] = the.pick([None, None, the.pick(WORDS)])
    else:
        body[f"{base}_datetime_range"] = between(the)
        body["compared_datetime_range"] = the.pick([None, None, the.pick(SAME_DAYS)])
    if the.chance(0.15):
        body |= {"compared_relative_range": None, "compared_datetime_range": None}
        body["compared_custom_range"] = between(the)
    return body


def request(the: Office) -> Row:
    kind = the.pick(["created-cohort", "active-stage-cohort"])
    body: Row = {"type": kind, "pipeline": the.pick([row["id"] for row in the.dump["pipeline"]])}
    if kind == "created-cohort":
        body |= the.pick([{}, {"report_relative_range": the.pick(WORDS)}, {"report_datetime_range": between(the)}])
        body |= based(the, "cohort")
    else:
        body |= the.pick([{}, {"cohort_relative_range": "no word", "cohort_datetime_range": 7}])
        body |= {} if the.chance(0.2) else based(the, "report")
    if the.chance(0.3):
        body["query"] = {"type": "saved_search", "saved_search_id": the.pick(the.views)}
    if the.chance(0.4):
        body["users"] = the.random.choices(USERS, k=the.random.randrange(4))
    return body


def expected(the: Office, kind: str, body: Row, offset: str | None) -> Row:
    said = body.get("query")
    leads = Search(the.world, the.now, HOURS[offset]).saved(said["saved_search_id"]) if said else None
    return oracle.report(the.world, kind, body, HOURS[offset], the.now, week_start(the.seed), leads)


def ask(the: Office, kind: str, body: Row, offset: str | None, accept: str = "application/json") -> Any:
    headers = {"Accept": accept} | ({"x-tz-offset": offset} if offset else {})
    return the.api.post(f"report/funnel/opportunity/{kind}/", body, headers=headers)


def told(the: Office, kind: str, body: Row, offset: str | None = None) -> Any:
    response = ask(the, kind, body, offset)
    assert response.status_code == 200, (the.seed, body, offset, response.text)
    return response.get_json()


def agree(the: Office, requests: int) -> None:
    found = 0
    for _ in range(requests):
        body, offset, kind = request(the), the.pick([*HOURS]), the.pick(["totals", "stages"])
        answer = told(the, kind, body, offset)
        assert answer == expected(the, kind, body, offset), (the.seed, kind, offset, json.dumps(body))
        found += len(answer["data"])
    assert found > requests / 2


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, requests=20)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 204))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with opened(seed, tmp_path, now=amid(seed)) as the:
        agree(the, requests=150)


def cells(rows: list[list[Any]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("kind", ["totals", "stages"])
def test_csv_holds_the_rows_of_the_users(asked: Office, kind: str) -> None:
    for pipeline in ("pipe_0", "pipe_1"):
        body = {"type": "active-stage-cohort", "pipeline": pipeline, "users": None}
        response = ask(asked, kind, body, None, "text/csv")
        assert response.content_type == "text/csv; charset=utf-8"
        lines = list(csv.reader(io.StringIO(response.get_data(as_text=True), newline="")))
        assert lines == cells(oracle.table(asked.world, kind, told(asked, kind, body)))
        assert len(lines) > 3


def numbers(row: Row) -> list[float]:
    return [each for each in row.values() if isinstance(each, int | float)]


def rates(row: Row) -> list[float | None]:
    return [value for key, value in row.items() if key.endswith(("_rate", "_ratio"))]


def test_nothing_is_negative_and_rates_are_shares(asked: Office) -> None:
    for _ in range(4):
        body, offset = request(asked), asked.pick([*HOURS])
        totals, stages = (told(asked, kind, body, offset) for kind in ("totals", "stages"))
        for whole, parts in (
            (totals["aggregations"], stages["aggregations"]["stages"]),
            *((a, b["stages"]) for a, b in zip(totals["data"], stages["data"], strict=True)),
        ):
            assert min(min(numbers(row)) for row in (whole, *parts) if numbers(row)) >= 0
            assert all(rate is None or 0 <= rate <= 1 for row in (whole, *parts) for rate in rates(row))
            assert all(whole["count"] >= stage["count"] >= stage["count_lost"] for stage in parts)
            assert whole["count"] >= whole["count_total_complete"] >= whole["count_total_won"]


def test_the_rows_of_asked_users_add_up(asked: Office) -> None:
    keys = ("count", "count_total_complete", "count_total_won", "value_total_complete", "value_total_won")
    found = 0
    for pipeline in ("pipe_0", "pipe_1"):
        body = {"type": "active-stage-cohort", "pipeline": pipeline, "users": [*USERS, "user_left", "user_met"]}
        answer = told(asked, "totals", body)
        assert {key: sum(row[key] for row in answer["data"]) for key in keys} == {
            key: answer["aggregations"][key] for key in keys
        }
        found += answer["aggregations"]["count"]
    assert found > 0


@pytest.mark.parametrize("offset", [None, "5.75"])
def test_a_cohort_range_split_in_two_adds_up_to_the_whole(asked: Office, offset: str | None) -> None:
    keys = ("count", "count_total_complete", "count_total_won", "value_total_complete", "value_total_won")
    start, end = "2026-09-01T00:00:00Z", "2026-11-30T00:00:00Z"
    for limit in asked.bounds[::5]:
        found = []
        for ends in ((start, end), (start, limit.isoformat()), (limit.isoformat(), end)):
            over = dict(zip(("start", "end"), ends, strict=True))
            body = {"type": "created-cohort", "pipeline": "pipe_0", "cohort_datetime_range": over}
            row = told(asked, "totals", body, offset)["aggregations"]
            found.append([row[key] for key in keys])
        whole, *parts = found
        assert [sum(pair) for pair in zip(*parts, strict=True)] == whole
