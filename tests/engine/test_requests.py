"""The requests that public programs send: each is answered, with what its caller reads from the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runner.engine import sample
from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.memory import Api

Row = dict[str, Any]

REQUESTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "requests.json"
AS_OF = datetime(2026, 1, 31, 18, tzinfo=UTC)
DAYS = 20
"""How much history the organization that is asked has: January 2026 lies in it."""

pytestmark = pytest.mark.skipif(not REQUESTS.is_file(), reason="the public requests are not here")


def requests() -> list[Any]:
    if not REQUESTS.is_file():
        return []
    found = json.loads(REQUESTS.read_text("utf-8"))["requests"]
    return [pytest.param(each, id=each["id"]) for each in found if each["path"].startswith("/api/v1/report/")]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("requests")
    sample.write(folder / "dump", AS_OF, history=DAYS)
    load(folder / "dump", folder / "store")
    with Store.open(folder / "store") as store:
        yield Api(store, lambda: AS_OF)


@pytest.fixture(scope="module")
def names(api: Api) -> dict[str, str]:
    """What stands for somebody's identifiers and names in the requests -> what the sample organization has."""
    first, second = api.get("user/").get_json()["data"][:2]
    return {
        "orga_X": api.get("me/").get_json()["organizations"][0]["id"],
        "save_A": api.get("saved_search/").get_json()["data"][0]["id"],
        "pipe_A": api.get("pipeline/").get_json()["data"][0]["id"],
        "user_A": first["id"],
        "user_B": second["id"],
        "PERSON NAME": f"{first['first_name']} {first['last_name']}",
        "DEMO FIELD": "Employees",
        "REP FIELD": "Region",
    }


def mapped(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: mapped(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [mapped(each, names) for each in value]
    if isinstance(value, str):
        return re.sub("|".join(names), lambda found: names[found[0]], value)
    return value


# ---- what callers read


def every(read: Callable[[Row, Row], Any]) -> Callable[[Row, Row], Any]:
    """Reads from each row of ``data``, of which there must be one."""

    def reader(answer: Row, body: Row) -> None:
        assert answer["data"]
        for row in answer["data"]:
            read(row, body)

    return reader


def totals(answer: Row, body: Row) -> None:
    assert set(answer["aggregations"]["totals"]) == set(body["metrics"])


def searches(answer: Row, body: Row) -> None:
    for metric in body["metrics"]:
        found = answer["queries"]["leads"][metric]
        assert found
        assert all(isinstance(each, str) for each in found)


def gained(answer: Row, body: Row) -> None:
    assert all(row["gained"] >= 0 for row in answer["status_overview"] if row["status_label"])
    assert answer["status_overview"]


def rows(key: str) -> Callable[[Row, Row], Any]:
    """Reads a list."""

    def reader(answer: Row, body: Row) -> None:
        assert isinstance(answer[key], list)

    return reader


def counts(answer: Row, body: Row) -> None:
    assert [series["count"] >= 0 for series in answer["series"]] == [True]


READS: dict[str, Callable[[Row, Row], Any]] = {
    "aggregations.totals[metric]": totals,
    "data[].datetime": every(lambda row, _: datetime.fromisoformat(row["datetime"]).utcoffset()),
    "data[][metric]": every(lambda row, body: [row[metric] for metric in body["metrics"]]),
    "queries.leads[metric][]": searches,
    "aggregations.sales_velocity": lambda answer, _: answer["aggregations"]["sales_velocity"],
    "data[].average_time_to_win": every(lambda row, _: row["average_time_to_win"]),
    "status_overview[]": rows("status_overview"),
    "status_transitions[]": rows("status_transitions"),
    "status_transitions_summary[]": rows("status_transitions_summary"),
    "data[] where user_id == U": every(lambda row, body: body["users"].index(row["user_id"])),
    "row[metric] || 0": every(lambda row, body: [row[metric] for metric in body["metrics"]]),
    "data[].user_id": every(lambda row, body: body["users"].index(row["user_id"])),
    "data[]['opportunities.won.all.count']": every(lambda row, _: row["opportunities.won.all.count"]),
    "status_overview[status_label=='X'].gained": gained,
    "series[].count": counts,
}
REFUSED = {"wild-activity-missing-metrics-400": 400, "legacy-activity-report-get": 405}


def ask(api: Api, said: Row, names: dict[str, str]) -> Any:
    path = mapped(said["path"], names).removeprefix("/api/v1/")
    headers = said.get("headers") or {}
    if said["method"] == "POST":
        return api.post(path, mapped(said["body"], names), headers=headers)
    return api.get(path, query_string=mapped(said["query"], names), headers=headers)


@pytest.mark.parametrize("said", requests())
def test_a_public_request_is_answered_with_what_its_caller_reads(api: Api, names: dict[str, str], said: Row) -> None:
    response = ask(api, said, names)
    answer = response.get_json()
    assert response.status_code == REFUSED.get(said["id"], 200), answer
    if response.status_code == 200:
        for read in said["reads_from_response"]:
            READS[read](answer, mapped(said.get("body") or {}, names))


@pytest.mark.parametrize("said", [each for each in requests() if each.id == "wild-activity-missing-metrics-400"])
def test_missing_metrics_are_refused_in_the_recorded_words(api: Api, names: dict[str, str], said: Row) -> None:
    assert ask(api, said, names).get_json()["field-errors"]["metrics"] == "This field is required."


@pytest.mark.parametrize("said", [each for each in requests() if each.id == "legacy-activity-report-get"])
def test_the_report_that_was_given_up_names_the_one_to_ask(api: Api, names: dict[str, str], said: Row) -> None:
    assert "POST" in ask(api, said, names).get_json()["error"]
