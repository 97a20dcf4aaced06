"""The funnel over hostile organizations: against its plain restatement, in its bounds, and on another SQL engine."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.engine.ranges import SAME_DAYS, WORDS
from runner.engine.store import Store
from tests.engine.laws import NOW, OFFSETS, Office, office
from tests.engine.memory import Api
from tests.engine.oracle import funnel as oracle
from tests.engine.test_portable import Sqlite

Row = dict[str, Any]

KINDS = ("totals", "stages")


@pytest.fixture(scope="module", params=range(3), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(request.param, tmp_path_factory.mktemp("funnel")) as found:
        yield found


def between(the: Office) -> Row:
    start, end = sorted((the.instant(), the.instant()))
    return {"start": start.isoformat(), "end": end.isoformat()}


def over(the: Office, base: str, *, compared: bool) -> Row:
    """A base range, with what it is compared to if it is the one that is."""
    if the.chance(0.5):
        body: Row = {f"{base}_relative_range": the.pick(WORDS)}
        other: Row = {"compared_relative_range": the.pick(WORDS)}
    else:
        body = {f"{base}_datetime_range": between(the)}
        other = {"compared_datetime_range": the.pick(SAME_DAYS)}
    other = the.pick([{}, {}, other, {"compared_custom_range": between(the)}])
    return body | other if compared else body


def request(the: Office) -> Row:
    body: Row = {"pipeline": the.pick(the.dump["pipeline"])["id"]}
    if the.chance(0.5):
        body |= {"type": "active-stage-cohort"} | over(the, "report", compared=True)
    else:
        body |= {"type": "created-cohort"} | over(the, "cohort", compared=True)
        body |= the.pick([{}, over(the, "report", compared=False)])
    if the.chance(0.3):
        groups = [row["id"] for row in the.dump["group"]]
        body["users"] = [the.user(), *the.random.sample(groups, the.pick([0, 1]))]
    if the.chance(0.2):
        body["query"] = {"type": "saved_search", "saved_search_id": the.pick(the.views)}
    return body


def ask(api: Api, kind: str, body: Row, offset: str | None, accept: str = "application/json") -> bytes:
    headers = {"Accept": accept} | ({} if offset is None else {"x-tz-offset": offset})
    response = api.post(f"report/funnel/opportunity/{kind}/", body, headers=headers)
    assert response.status_code == 200, (body, offset, response.text)
    return bytes(response.data)


def expected(the: Office, kind: str, body: Row, offset: str | None) -> Row:
    search = body.get("query", {}).get("saved_search_id")
    leads = the.search(offset).saved(search) if search else None
    return oracle.report(the.world, kind, body, OFFSETS[offset], the.now, "monday", leads)


def agree(the: Office, requests: int) -> None:
    for _ in range(requests):
        body, offset = request(the), the.offset()
        for kind in KINDS:
            told = json.loads(ask(the.api, kind, body, offset))
            assert told == expected(the, kind, body, offset), (the.seed, kind, body, offset)


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, requests=25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 103))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with office(seed, tmp_path) as the:
        agree(the, requests=150)


def test_csv_holds_the_rows_of_the_users(asked: Office) -> None:
    for _ in range(10):
        body, offset = request(asked), asked.offset()
        for kind in KINDS:
            answer = expected(asked, kind, body, offset)
            if answer["aggregations"] == {"stages": []}:
                continue
            page = io.StringIO(ask(asked.api, kind, body, offset, "text/csv").decode(), newline="")
            lines = oracle.table(asked.world, kind, answer)
            assert list(csv.reader(page)) == [[spelled(cell) for cell in line] for line in lines]


def spelled(cell: Any) -> str:
    """A cell as it is printed: whole numbers without a point, null as nothing."""
    return "" if cell is None else str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def test_numbers_keep_their_bounds(asked: Office) -> None:
    for _ in range(20):
        body, offset = request(asked), asked.offset()
        totals, stages = (json.loads(ask(asked.api, kind, body, offset)) for kind in KINDS)
        pairs = [(totals["aggregations"], stages["aggregations"]), *zip(totals["data"], stages["data"], strict=True)]
        for row, steps in pairs:
            assert row["count"] >= row["count_total_complete"] >= row["count_total_won"] >= 0
            for each in (row, *steps["stages"]):
                assert row["count"] >= each["count"]
                bounded = {key: number for key, number in each.items() if key not in ("user_id", "status")}
                assert all(number >= 0 for number in bounded.values() if number is not None), (body, offset, each)
                rates = [number for key, number in bounded.items() if key.endswith(("_rate", "_ratio"))]
                assert all(number <= 1 for number in rates if number is not None), (body, offset, each)


def test_another_engine_gives_the_same_bytes(tmp_path: Path) -> None:
    with office(7, tmp_path) as the, Store.open(tmp_path / "store") as store:
        other = Sqlite(store)
        for _ in range(15):
            body, offset = request(the), the.offset()
            for kind in KINDS:
                assert ask(the.api, kind, body, offset) == ask(Api(other, lambda: NOW), kind, body, offset)
        other.close()
