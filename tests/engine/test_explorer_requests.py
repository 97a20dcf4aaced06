"""The Explorer: what can be asked, and how a request that cannot be answered is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.memory import Api
from tests.engine.test_explorer import an_office, data, field, leads

REQUIRED = "This field is required."


def refusal(**said: Any) -> dict[str, str]:
    """The field errors of a request, which must be refused."""
    office = an_office()
    leads(office, 0)
    field(office, "text", (0, "x"), name="Industry")
    field(office, "number", (0, 1), (0, 10**6), name="Size")
    response = Api(office).get("report/custom/orga_1/", query_string=said)
    assert response.status_code == 400, response.text
    told = response.get_json()
    assert (set(told), told["errors"]) == ({"errors", "field-errors"}, [])
    fields: dict[str, str] = told["field-errors"]
    return fields


@pytest.mark.parametrize("said", [{}, {"x": ""}])
def test_x_must_be_there(said: dict[str, str]) -> None:
    assert refusal(**said) == {"x": REQUIRED}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"x": "lead.stauts_id"}, {"x": "nearest is 'lead.status_id'"}, id="unknown x"),
        pytest.param({"x": "lead.custom.Industri"}, {"x": "'lead.custom.Industry'"}, id="unknown custom x"),
        pytest.param({"x": "lead.count"}, {"x": "only y"}, id="a count as x"),
        pytest.param({"group_by": "call.count"}, {"group_by": "only y"}, id="a count as group"),
        pytest.param({"y": "opportunity.valu"}, {"y": "'opportunity.value'"}, id="unknown y"),
        pytest.param({"y": "lead.custom.Industry"}, {"y": "no number"}, id="a text as y"),
        pytest.param({"x": "call.direction", "y": "email.count"}, {"y": "lead"}, id="two objects without lead"),
        pytest.param({"group_by": "call.user_id"}, {"group_by": "A field of lead is"}, id="a group of another object"),
        pytest.param(
            {"y": "call.count", "group_by": "email.status"}, {"group_by": "call or lead"}, id="a group of a third"
        ),
        pytest.param({"group_by": "lead.nothing"}, {"group_by": "Unknown field"}, id="unknown group"),
        pytest.param({"transform_y": "median"}, {"transform_y": "sum, avg, min, max"}, id="transform"),
        pytest.param({"interval": "fortnight"}, {"interval": "not one of"}, id="a date's interval"),
        pytest.param({"interval": "7"}, {"interval": "not one of"}, id="a number for a date"),
        pytest.param({"start": "2026-11-16T00:00:00"}, {"start": "Z or an offset"}, id="a moment without offset"),
        pytest.param({"end": "12"}, {"end": "not a moment"}, id="an integer for a date"),
        pytest.param({"start": "2026-11-17", "end": "2026-11-16"}, {"start": "after the end"}, id="start after end"),
        pytest.param(
            {"interval": "hour", "start": "2020-01-01", "end": "2026-01-01"}, {"interval": "52608"}, id="buckets"
        ),
        pytest.param({"query": "nonsense("}, {"query": ""}, id="a query that is not understood"),
        pytest.param({"x": "call.duration", "y": "call.count", "interval": "0"}, {"interval": "'0'"}, id="width 0"),
        pytest.param({"x": "call.duration", "y": "call.count", "interval": "day"}, {"interval": "'day'"}, id="a unit"),
        pytest.param({"x": "call.duration", "start": "2026-11-16"}, {"start": "whole number"}, id="date for number"),
        pytest.param({"x": "call.duration", "start": "2", "end": "1"}, {"start": "after the end"}, id="2 to 1"),
        pytest.param({"x": "lead.custom.Size", "interval": "1"}, {"interval": "1000000"}, id="number buckets"),
        pytest.param({"x": "lead.status_id", "start": "1"}, {"start": "no date and no number"}, id="no range"),
    ],
)
def test_what_is_wrong_is_said_at_its_parameter(said: dict[str, str], why: dict[str, str]) -> None:
    told = refusal(**{"x": "lead.date_created", **said})
    assert set(told) == set(why)
    for key, part in why.items():
        assert part in told[key]


def test_everything_wrong_is_said_together() -> None:
    assert set(refusal(y="nothing", transform_y="x", group_by="y")) == {"x", "y", "transform_y", "group_by"}


def test_empty_parameters_are_absent() -> None:
    office = an_office()
    leads(office, 0)
    empty = dict.fromkeys(("y", "interval", "transform_y", "group_by", "start", "end", "query"), "")
    assert data(office, x="lead.status_id", **empty) == [["Hot", 1]]


def test_another_organization_is_not_here() -> None:
    assert Api(an_office()).get("report/custom/orga_2/", query_string={"x": "lead.status_id"}).status_code == 404


def test_the_fields_are_listed_object_by_object() -> None:
    office = an_office()
    field(office, "number", name="Size")
    field(office, "choice", name="Industry")
    field(office, "text", object="contact", name="Hobby")
    field(office, "date", object="opportunity", name="Due")
    listed = Api(office).get("report/custom/fields/").get_json()["fields"]
    own = [(each["field"], each["type"]) for each in listed if each["object"] == "lead"]
    assert own == [
        ("lead.display_name", "text"),
        ("lead.status_id", "choice"),
        ("lead.created_by", "user"),
        ("lead.date_created", "date"),
        ("lead.custom.Industry", "choice"),
        ("lead.custom.Size", "number"),
    ]
    value = {"field": "opportunity.value", "object": "opportunity", "label": "Value", "type": "number"}
    assert value in listed
    assert [each["field"] for each in listed if "custom" in each["field"]][2:] == ["opportunity.custom.Due"]
    assert [each["field"] for each in listed if each["object"] == "note"] == [
        "note.user_id", "note.date_created", "note.activity_at",
    ]  # fmt: skip


def test_every_listed_field_can_be_asked_for() -> None:
    office = an_office()
    for each in Api(office).get("report/custom/fields/").get_json()["fields"]:
        y = each["field"] if each["type"] == "number" else f"{each['object']}.count"
        response = Api(office).get("report/custom/orga_1/", query_string={"x": each["field"], "y": y})
        assert response.status_code == 200, response.text


def test_of_two_fields_with_one_name_the_second_goes_by_its_id() -> None:
    office = an_office()
    leads(office, 0)
    field(office, "text", (0, "first"), name="Twin")
    field(office, "text", (0, "second"), name="Twin")
    listed = [each["field"] for each in Api(office).get("report/custom/fields/").get_json()["fields"]]
    assert [name for name in listed if "custom" in name] == ["lead.custom.Twin", "lead.custom.cf_1"]
    assert data(office, x="lead.custom.Twin") == [["first", 1]]
    assert data(office, x="lead.custom.cf_1") == [["second", 1]]
