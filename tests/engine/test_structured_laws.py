"""Structured searches over hostile organizations: random trees find what their plain restatement finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from runner.engine.store import Store
from tests.engine import trees
from tests.engine.laws import NOW, OFFSETS, Office, office
from tests.engine.memory import Api, Memory
from tests.engine.oracle.structured import Structured

Row = dict[str, Any]

QUICK = settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


class Saved:
    """A store that has one more saved search."""

    def __init__(self, store: Store, stored: Row) -> None:
        self.execute, self.lookup = store.execute, store.lookup
        self._store, self._stored = store, stored

    def resources(self, kind: str) -> list[Row]:
        more = [{"id": "save_it", "name": "It", "s_query": self._stored}] if kind == "saved_search" else []
        return [*self._store.resources(kind), *more]


class Finder:
    """Finds leads by a structured search, with the engine and with the restatement."""

    def __init__(self, the: Office, store: Store) -> None:
        self.the, self._store = the, store
        self.trees = trees.Grown(the.world, the.bounds)

    def found(self, stored: Row, offset: str | None) -> set[str]:
        return self._office(stored).leads('in:"save_it"', offset)

    def expected(self, stored: Row, offset: str | None) -> set[str]:
        return Structured(self.the.world, self.the.now, OFFSETS[offset]).leads(stored)

    def refused(self, stored: Row) -> str:
        return str(self._office(stored).get("lead/", {"query": 'in:"save_it"'})["query"])

    def _office(self, stored: Row) -> Office:
        return Office(self.the.seed, self.the.dump, self.the.bounds, Api(Saved(self._store, stored), lambda: NOW))


@pytest.fixture(scope="module", params=range(50, 52), ids=lambda seed: f"seed {seed}")
def finder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    folder = tmp_path_factory.mktemp("structured")
    with office(request.param, folder) as the, Store.open(folder / "store") as store:
        yield Finder(the, store)


def a_tree_finds_what_its_restatement_finds(finder: Finder, data: st.DataObject) -> None:
    tree, offset = data.draw(finder.trees.nodes("lead")), data.draw(st.sampled_from(list(OFFSETS)))
    stored = data.draw(st.sampled_from((tree, {"query": tree})))
    assert finder.found(stored, offset) == finder.expected(stored, offset)


@QUICK
@given(st.data())
def test_a_tree_finds_what_its_restatement_finds(finder: Finder, data: st.DataObject) -> None:
    a_tree_finds_what_its_restatement_finds(finder, data)


@pytest.mark.slow
@LONG
@given(st.data())
def test_a_tree_finds_what_its_restatement_finds_at_length(finder: Finder, data: st.DataObject) -> None:
    a_tree_finds_what_its_restatement_finds(finder, data)


@QUICK
@given(st.data())
def test_what_is_outside_of_the_grammar_is_named_wherever_it_is(finder: Finder, data: st.DataObject) -> None:
    stored, named = data.draw(st.sampled_from(trees.OUTSIDE))
    for _ in range(data.draw(st.integers(0, 3))):
        other = data.draw(finder.trees.nodes("lead", 0))
        around = {"type": "or", "queries": [other, stored]}
        stored = data.draw(st.sampled_from(({"type": "negate", "query": stored}, around)))
    note(str(stored))
    assert named in finder.refused(stored)


def test_in_a_status_that_no_pipeline_lists_an_opportunity_has_no_pipeline() -> None:
    field = {"type": "regular_field", "object_type": "opportunity", "field_name": "pipeline_id"}
    exists = {"type": "field_condition", "field": field, "condition": {"type": "exists"}}
    related = {"type": "has_related", "this_object_type": "lead", "related_object_type": "opportunity"}
    memory = Memory(saved_search=[{"id": "save_it", "s_query": {**related, "related_query": exists}}])
    memory.add("pipeline", id="pipe_sales", name="Sales")
    for number, pipeline in enumerate((0, None)):
        memory.add("opportunity_status", id=f"stat_{number}", label="Open", pipeline=pipeline, is_deleted=0)
        memory.add("lead", id=f"lead_{number}")
        memory.add("opportunity", id=f"oppo_{number}", lead=number, status=number)
    found = Api(memory).get("lead/", query_string={"query": "in:save_it", "_fields": "id"}).get_json()
    assert found["data"] == [{"id": "lead_0"}]


def test_the_trees_find_some_leads_and_not_all(finder: Finder) -> None:
    """What is compared above is not always nothing."""
    sizes: list[int] = []

    @QUICK
    @given(finder.trees.nodes("lead"))
    def look(tree: Row) -> None:
        sizes.append(len(finder.expected(tree, None)))

    look()
    assert sum(0 < size < len(finder.the.world.leads) for size in sizes) > len(sizes) / 4
