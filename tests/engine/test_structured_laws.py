"""Structured searches over hostile organizations: random trees find what their plain restatement finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from runner.engine.load import load
from runner.engine.store import Store
from tests.engine import trees
from tests.engine.dumps import write_dump
from tests.engine.laws import NOW, OFFSETS, Office, office
from tests.engine.memory import Api
from tests.engine.oracle.structured import Structured

Row = dict[str, Any]

QUICK = settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


class Saved:
    """A store that has one more saved search."""

    def __init__(self, store: Store, stored: Row) -> None:
        self.execute = store.execute
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


def test_a_pipeline_is_the_own_one_else_that_of_the_status(tmp_path: Path) -> None:
    field = {"type": "regular_field", "object_type": "opportunity", "field_name": "pipeline_id"}
    exists = {"type": "field_condition", "field": field, "condition": {"type": "exists"}}
    related = {"type": "has_related", "this_object_type": "lead", "related_object_type": "opportunity"}
    stages = [{"id": "stat_open", "label": "Open", "type": "active"}]
    leads = [
        {"id": f"lead_{number}", "date_created": "2026-01-01", "opportunities": [
            {"id": f"oppo_{number}", "date_created": "2026-01-02", "status_id": status, "pipeline_id": own}]}
        for number, (status, own) in enumerate(
            (("stat_open", None), ("stat_open", "pipe_b"), ("stat_gone", None), ("stat_gone", "pipe_gone"))
        )
    ]  # fmt: skip
    write_dump(
        tmp_path / "dump",
        pipeline=[{"id": "pipe_a", "name": "Sales", "statuses": stages}, {"id": "pipe_b", "name": "Renewal"}],
        saved_search=[{"id": "save_it", "name": "It", "s_query": {**related, "related_query": exists}}],
        lead=leads,
    )
    load(tmp_path / "dump", tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        for query, found in (
            ("in:save_it", [0, 1, 3]), ("opportunity(pipeline:sales)", [0]), ("opportunity(pipeline:pipe_b)", [1]),
            ("opportunity(pipeline:pipe_gone)", [3]), ("opportunity(not pipeline:pipe_a)", [1, 2, 3]),
        ):  # fmt: skip
            told = Api(store).get("lead/", query_string={"query": query, "_fields": "id"}).get_json()
            assert told["data"] == [{"id": f"lead_{number}"} for number in found], query


def test_the_trees_find_some_leads_and_not_all(finder: Finder) -> None:
    """What is compared above is not always nothing."""
    sizes: list[int] = []

    @QUICK
    @given(finder.trees.nodes("lead"))
    def look(tree: Row) -> None:
        sizes.append(len(finder.expected(tree, None)))

    look()
    assert sum(0 < size < len(finder.the.world.leads) for size in sizes) > len(sizes) / 4
