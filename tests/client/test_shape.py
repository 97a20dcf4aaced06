"""Shapes of answers: the first fault, with its path."""

from __future__ import annotations

import pytest

from runner.client import shape
from runner.model import Json, Shape

ROWS: Shape = {"data": [{"at": str, "calls.all?": (int, float, type(None))}], "totals": {}}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({"data": [{"at": "x", "calls.all": 1}], "totals": {}}, "", id="as expected"),
        pytest.param({"data": [], "totals": {"any": "thing"}, "more": 1}, "", id="what is not named may be anything"),
        pytest.param({"data": [{"at": "x"}], "totals": {}}, "", id="optional key absent"),
        pytest.param({"data": [{"at": "x", "calls.all": None}], "totals": {}}, "", id="null where allowed"),
        pytest.param([], "the answer: expected an object, got a list", id="not an object"),
        pytest.param({"data": {}, "totals": {}}, "data: expected a list, got an object", id="not a list"),
        pytest.param({"data": []}, "totals: missing", id="key missing"),
        pytest.param(
            {"data": [{"at": "x"}, {"at": None}], "totals": {}}, "data[1].at: expected text, got null", id="deep"
        ),
        pytest.param(
            {"data": [{"at": "x", "calls.all": "7"}], "totals": {}},
            'data[0]["calls.all"]: expected an integer or a number or null, got text',
            id="a number as text",
        ),
        pytest.param(
            {"data": [{"at": "x", "calls.all": True}], "totals": {}},
            'data[0]["calls.all"]: expected an integer or a number or null, got a boolean',
            id="true is no number",
        ),
    ],
)
def test_the_first_fault_is_named_with_its_path(data: Json, said: str) -> None:
    assert shape.fault(data, ROWS) == said


def test_an_integer_will_do_for_a_number() -> None:
    assert shape.fault(3, float) == ""
    assert shape.fault(3.5, int) == "the answer: expected an integer, got a number"
