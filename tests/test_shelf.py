"""Values come back as they were put in."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from runner import endpoints
from runner.model import Plan
from runner.shelf import Shelf
from tests.spec.definitions import GOOD, read

AS_OF = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)


@given(st.lists(st.text() | st.dictionaries(st.text(), st.integers())))
def test_everything_comes_back_in_its_order_as_often_as_it_is_looked_at(values: list[object]) -> None:
    shelf: Shelf[object] = Shelf()
    for value in values:
        shelf.put(value)
    assert len(shelf) == len(values)
    assert [*shelf] == [*shelf] == values
    assert all(value in shelf for value in values)
    assert object() not in shelf


def test_a_plan_comes_back_with_its_jobs_still_the_same_objects() -> None:
    shelf: Shelf[Plan] = Shelf()
    plans = [endpoints.plan(read(path.read_text()), AS_OF, "orga_1") for path in GOOD]
    for each in plans:
        shelf.put(each)
    for before, after in zip(plans, shelf, strict=True):
        assert before == after
        assert [ask.query.key for ask in before.asks] == [ask.query.key for ask in after.asks]
        assert all(any(ask.job is job for job in after.spec.jobs) for ask in after.asks)
