"""Loading custom fields and the words of texts: spellings, types, lists, and what searches find them by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.engine.load import load
from runner.engine.store import Store
from runner.errors import RunnerError
from tests.engine.dumps import Form, write_dump
from tests.engine.memory import Api

NEW_YEAR = "2026-01-01T00:00:00Z"


def lead(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"lead_{number}", "name": f"Lead {number}", "date_created": NEW_YEAR, **more}


def stored(tmp_path: Path, *, form: Form = "json", **resources: Any) -> Store:
    load(write_dump(tmp_path / "dump", form=form, **resources), tmp_path / "store")
    return Store.open(tmp_path / "store")


def values(store: Store) -> list[tuple[Any, ...]]:
    """(field, lead, kind, text, number, ts, day), in a fixed order."""
    names = {no: f"{kind}.{name}" for no, kind, name in store.execute("SELECT no, object, name FROM custom_field")}
    rows = store.execute("SELECT field, owner, kind, text, number, ts, day FROM custom_value")
    return sorted(((names[field], *rest) for field, *rest in rows), key=repr)


@pytest.mark.parametrize("form", ["json", "ndjson", "json.gz", "ndjson.gz"])
def test_both_spellings_are_fields_of_their_own(tmp_path: Path, form: Form) -> None:
    with stored(tmp_path, form=form, lead=[lead(custom={"Size": 5}, **{"custom.cf_size": 6})]) as store:
        assert values(store) == [
            ("lead.Size", 0, "number", "5", 5.0, None, None),
            ("lead.cf_size", 0, "number", "6", 6.0, None, None),
        ]
        assert store.execute("SELECT no, object, name, id, type FROM custom_field") == [
            (0, "lead", "Size", None, "number"),
            (1, "lead", "cf_size", "cf_size", "number"),
        ]


def test_a_listed_field_is_found_under_its_id_and_its_name(tmp_path: Path) -> None:
    listed = [{"id": "cf_1", "name": "Industry", "type": "choices", "object": "lead"}]
    leads = [lead(1, custom={"Industry": "Steel"}), lead(2, **{"custom.cf_1": "Wood"})]
    with stored(tmp_path, custom_field=listed, lead=leads) as store:
        assert store.execute("SELECT no, object, name, id, type FROM custom_field") == [
            (0, "lead", "Industry", "cf_1", "choice")
        ]
        assert [(row[0], row[1], row[3]) for row in values(store)] == [
            ("lead.Industry", 0, "Steel"),
            ("lead.Industry", 1, "Wood"),
        ]


def test_a_shared_field_is_a_field_of_each_of_its_objects(tmp_path: Path) -> None:
    associations = [{"object_type": kind} for kind in ("opportunity", "lead", "custom_activity_type")]
    listed = [
        {"id": "cf_1", "name": "Region", "type": "text", "associations": associations},
        {"id": "cf_2", "name": "Nowhere", "associations": [None, {}]},
        {"id": "cf_3", "name": "Size", "type": "number", "object": "lead", "associations": None},
    ]
    deal = {"id": "oppo_1", "lead_id": "lead_1", "date_created": NEW_YEAR, "custom.cf_1": "West"}
    with stored(tmp_path, custom_field=listed, lead=[lead(custom={"Region": "East"}, opportunities=[deal])]) as store:
        assert [(row[0], row[3]) for row in values(store)] == [("lead.Region", "East"), ("opportunity.Region", "West")]
        told = Api(store).get("custom_field_schema/lead/").get_json()
        assert told == {
            "object_type": "lead",
            "fields": [
                {"id": "cf_1", "name": "Region", "type": "text", "is_shared": True},
                {"id": "cf_3", "name": "Size", "type": "number", "is_shared": False},
            ],
        }
        assert Api(store).get("custom_field_schema/task/").status_code == 404


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param({"custom": {"A": "nested"}, "custom.A": "flat"}, ["flat"], id="flat wins"),
        pytest.param({"custom": {"A": "nested"}, "custom.A": None}, ["nested"], id="a flat null is not there"),
        pytest.param({"custom": {"A": ["x", "y", "x", None]}}, ["x", "y"], id="a list counts each value once"),
        pytest.param({"custom": {"A": [1, 1.0, True]}}, ["1", "true"], id="equal numbers are one value"),
        pytest.param({"custom": {"A": []}}, [], id="an empty list is nothing"),
        pytest.param({"custom": {"A": {"b": 1}}}, ['{"b":1}'], id="an object is its text"),
        pytest.param({"custom": None}, [], id="no fields"),
    ],
)
def test_one_value_each(tmp_path: Path, said: dict[str, Any], kept: list[str]) -> None:
    with stored(tmp_path, lead=[lead(**said)]) as store:
        assert sorted(row[3] for row in values(store)) == kept


@pytest.mark.parametrize(
    ("found", "type_"),
    [
        pytest.param([True, False], "boolean", id="boolean"),
        pytest.param([1, 2.5], "number", id="number"),
        pytest.param(["2026-01-01", "2026-01-01T10:00:00+02:00"], "date", id="date"),
        pytest.param(["user_a", "user_a"], "user", id="user"),
        pytest.param(["user_a", "user_unknown"], "text", id="not all users"),
        pytest.param([1, "2026-01-01"], "text", id="mixed"),
        pytest.param(["2026-02-30"], "text", id="not in the calendar"),
    ],
)
def test_the_type_is_that_of_all_values(tmp_path: Path, found: list[Any], type_: str) -> None:
    users = [{"id": "user_a", "first_name": "Ann"}]
    leads = [lead(number, custom={"A": value}) for number, value in enumerate(found)]
    with stored(tmp_path, user=users, lead=leads) as store:
        assert store.execute("SELECT type FROM custom_field") == [(type_,)]


def test_dates_are_days_or_moments(tmp_path: Path) -> None:
    with stored(tmp_path, lead=[lead(custom={"A": "2026-01-01", "B": "2026-01-01T02:00:00+02:00"})]) as store:
        assert [row[5:] for row in values(store)] == [(None, 20454), (20454 * 86_400_000_000, None)]


def test_contacts_and_opportunities_have_fields_too(tmp_path: Path) -> None:
    nested = lead(
        contacts=[{"id": "cont_1", "name": "Bo", "custom.cf_2": "x"}],
        opportunities=[{"id": "oppo_1", "date_created": NEW_YEAR, "custom": {"Deal": "y"}}],
    )
    with stored(tmp_path, lead=[nested]) as store:
        assert [(row[0], row[3]) for row in values(store)] == [("contact.cf_2", "x"), ("opportunity.Deal", "y")]
        assert store.execute("SELECT id, lead, name, folded FROM contact") == [("cont_1", 0, "Bo", "bo")]


def test_names_that_differ_by_case_only_stay_apart(tmp_path: Path) -> None:
    with stored(tmp_path, lead=[lead(**{"custom.size": 1, "custom.SIZE": 2, "custom.x\"'y": 3})]) as store:
        assert [(row[0], row[3]) for row in values(store)] == [
            ("lead.SIZE", "2"),
            ("lead.size", "1"),
            ("lead.x\"'y", "3"),
        ]


def test_the_later_copy_of_a_lead_has_its_fields_alone(tmp_path: Path) -> None:
    old = lead(date_updated="2026-01-01T00:00:00Z", custom={"A": 1}, **{"custom.B": 1})
    new = lead(date_updated="2026-01-02T00:00:00Z", **{"custom.A": 2})
    tied = lead(date_updated="2026-01-02T00:00:00Z", **{"custom.A": 3})
    with stored(tmp_path, lead=[old, tied, new]) as store:
        assert [(row[0], row[3]) for row in values(store) if row[0] == "lead.A"] == [("lead.A", "3")]
        assert len(values(store)) == 1


def test_custom_must_be_an_object(tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match=r"lead\.json:1: lead_1: custom is not an object"):
        stored(tmp_path, lead=[lead(custom="x")])


def test_words_are_runs_of_letters_digits_and_underscores_in_lower_case(tmp_path: Path) -> None:
    with stored(tmp_path, lead=[lead() | {"name": "Öl-Müller_2 & ΣΑΣ (İx)"}]) as store:
        words = sorted(store.execute("SELECT place, word FROM word WHERE field = 'lead.name'"))
        assert [word for _, word in words] == ["öl", "müller_2", "σας", "i\u0307x"]
        assert store.execute("SELECT folded FROM lead") == [("öl-müller_2 & σας (i̇x)",)]


def test_a_number_beyond_all_bounds_is_kept_as_its_text(tmp_path: Path) -> None:
    """JSON writes it, and Python would read it as infinite, which JSON cannot say."""
    folder = write_dump(tmp_path / "dump", lead=[lead(1, custom={"A": "HUGE"}), lead(2, custom={"A": 5})])
    text = (folder / "lead.json").read_text()
    (folder / "lead.json").write_text(text.replace('"HUGE"', "1e400"))
    load(folder, tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        api = Api(store)
        rows = api.get("lead/").get_json()["data"]
        assert [row["custom.A"] for row in rows] == ["1e400", 5]
        found = api.get("lead/", query_string={"query": "custom.A >= 1", "_fields": "id"}).get_json()
        assert found["data"] == [{"id": "lead_2"}]
