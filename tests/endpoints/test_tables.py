"""Rows by key, and rates that are made of counts."""

from __future__ import annotations

import pytest

from runner.endpoints import tables
from runner.errors import ServiceError
from runner.model import Cell, Column, Unit, Value


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [(1, 4, 0.25), (0, 4, 0.0), (1, 0, None), (None, 4, None), (1, None, None), (None, None, None)],
)
def test_a_rate_of_nothing_or_of_the_unknown_is_not_there(part: Value, whole: Value, rate: float | None) -> None:
    assert tables.ratio(part, whole) == rate


@pytest.mark.parametrize(("whole", "part", "left"), [(5, 2, 3), (5, None, None), (None, 2, None), (2, 2, 0)])
def test_what_is_left_of_the_unknown_is_unknown(whole: Value, part: Value, left: int | None) -> None:
    assert tables.difference(whole, part) == left


def test_two_rows_of_one_key_are_never_one_row() -> None:
    with pytest.raises(ServiceError, match="two rows for a '1', b 'x'"):
        tables.by_key([{"a": 1, "b": "x", "n": 1}, {"a": 1, "b": "x", "n": 2}], "a", "b")


def test_a_number_that_counts_nothing_has_no_link() -> None:
    columns = tuple(Column(key, key, Unit.COUNT) for key in "abc")
    made = tables.cells(columns, {"a": 3, "b": 0}, (), dict.fromkeys("abc", "/search/x/"))
    assert made == (Cell(3, (), "/search/x/"), Cell(0), Cell(None))


def test_a_row_the_compared_period_does_not_have_compares_with_nothing() -> None:
    columns = (Column("a", "a", Unit.COUNT),)
    assert tables.cells(columns, {"a": 3}, [{"a": 1}, None, {"b": 2}]) == (Cell(3, (1, None, None)),)
