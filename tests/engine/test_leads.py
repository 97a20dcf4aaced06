"""``GET lead/``: leads by ID, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.memory import Api
from tests.engine.query import dump

ACME = {
    "id": "lead_acme",
    "display_name": "Acme Big Corp",
    "name": "Acme Big Corp",
    "status_id": "stat_new",
    "status_label": "New",
    "date_created": "2026-01-10T10:00:00+00:00",
    "created_by": "user_ann",
    "custom.Industry": "Software",
    "custom.Renewal": "2026-03-01",
    "custom.Seats": 12.5,
    "custom.Tags": ["Red", "blue sky"],
    "custom.Vip": True,
}

BARE = {
    "id": "lead_bare",
    "display_name": None,
    "name": None,
    "status_id": None,
    "status_label": None,
    "date_created": "2026-02-01T00:00:00+00:00",
    "created_by": None,
    "custom.Seats": 7,
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("leads")
    searches = [{"id": "save_acme", "name": "Acme", "query": "acme"}]
    load(dump.write(folder / "dump", *searches), folder / "store")
    with Store.open(folder / "store") as store:
        yield Api(store)


def listed(api: Api, **parameters: Any) -> tuple[list[str], bool, int]:
    answer = api.get("lead/", query_string=parameters)
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    return [lead["id"] for lead in told["data"]], told["has_more"], told["total_results"]


def test_all_leads_are_listed_by_id(api: Api) -> None:
    everyone = ["lead_acme", "lead_bare", "lead_labs", "lead_odd"]
    assert listed(api) == (everyone, False, 4)
    assert listed(api, query="*") == (everyone, False, 4)


@pytest.mark.parametrize(
    ("skip", "limit", "shown", "more"),
    [
        (0, 2, ["lead_acme", "lead_bare"], True),
        (2, 2, ["lead_labs", "lead_odd"], False),
        (3, 9, ["lead_odd"], False),
        (9, 1, [], False),
        (0, 0, [], True),
    ],
)
def test_a_page_is_a_part_and_the_number_is_of_all(
    api: Api, skip: int, limit: int, shown: list[str], more: bool
) -> None:
    assert listed(api, _skip=skip, _limit=limit) == (shown, more, 4)


def test_a_search_narrows_the_list(api: Api) -> None:
    assert listed(api, query='in:"save_acme" and not custom.Vip:yes') == (["lead_labs"], False, 1)


def test_the_offset_of_the_request_says_when_a_day_is(api: Api) -> None:
    answer = api.get("lead/", query_string={"query": "created:2026-01-11"}, headers={"x-tz-offset": "1"})
    assert [lead["id"] for lead in answer.get_json()["data"]] == ["lead_labs"]


def test_a_lead_has_its_fields_and_flat_custom_fields(api: Api) -> None:
    assert api.get("lead/lead_acme/").get_json() == ACME
    assert api.get("lead/", query_string={"query": "id in (lead_acme, lead_bare)"}).get_json()["data"] == [ACME, BARE]


def test_some_fields_are_asked_for(api: Api) -> None:
    asked = {"_fields": "id,custom.Seats", "query": "acme", "_limit": 1}
    assert api.get("lead/", query_string=asked).get_json()["data"] == [{"id": "lead_acme", "custom.Seats": 12.5}]
    assert api.get("lead/lead_bare/", query_string={"_fields": "name"}).get_json() == {"name": None}


@pytest.mark.parametrize("identity", ["lead_none", "LEAD_ACME", "a'b", "a\\b", "%00", "%FF"])
def test_an_unknown_lead_is_not_found(api: Api, identity: str) -> None:
    answer = api.get(f"lead/{identity}/")
    assert answer.status_code == 404
    assert set(answer.get_json()) == {"error"}


@pytest.mark.parametrize(
    ("parameters", "field", "told"),
    [
        ({"query": "nmae:x"}, "query", "A lead has no field 'nmae', at 1; the nearest is 'name'."),
        ({"query": "acme ("}, "query", "the end at 7: expected a field, a word or '('."),
        ({"_limit": "many"}, "_limit", "'many' is not a whole number from 0 on."),
    ],
)
def test_a_search_that_is_not_understood_is_refused(
    api: Api, parameters: dict[str, str], field: str, told: str
) -> None:
    answer = api.get("lead/", query_string=parameters)
    assert answer.status_code == 400
    assert answer.get_json() == {"errors": [], "field-errors": {field: told}}


@pytest.mark.slow
def test_a_search_of_as_many_conditions_as_there_may_be_is_answered(tmp_path: Path) -> None:
    """Over so many leads that an engine has something to keep for each of the conditions."""
    words = [f"w{number}" for number in range(70)]
    calls = [f"call(duration>={number})" for number in range(15)]
    call = {"_type": "Call", "date_created": "2026-01-02T00:00:00Z", "duration": 60}
    leads = [
        {
            "id": f"lead_{number}",
            "name": " ".join(words),
            "date_created": "2026-01-01T00:00:00Z",
            "activities": [call | {"id": f"call_{number}_{each}"} for each in range(3)],
        }
        for number in range(4_000)
    ]
    load(write_dump(tmp_path / "dump", form="ndjson", lead=leads), tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        for joined, found in ((" ", 4_000), (" or ", 4_000), (" not ", 0)):
            told = Api(store).get("lead/", query_string={"query": joined.join([*words, *calls]), "_fields": "id"})
            assert told.status_code == 200, told.text
            assert told.get_json()["total_results"] == found
