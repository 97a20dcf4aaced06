"""The small organization on two engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from runner.engine.inquiry import Backend
from runner.engine.load import load
from runner.engine.query import Catalog, saved, select
from runner.engine.store import Store
from tests.engine.query import dump
from tests.engine.query.inquiries import inquiry
from tests.engine.test_portable import Sqlite


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches both engines, which must agree, and gives IDs without their prefix."""

    backends: tuple[Backend, ...]
    catalog: Catalog

    def at(self, offset: int) -> Finder:
        return replace(self, catalog=replace(self.catalog, offset=offset))

    def with_searches(self, **searches: Mapping[str, Any]) -> Finder:
        found = {identity: {"id": identity, **search} for identity, search in searches.items()}
        return replace(self, catalog=replace(self.catalog, searches=found))

    def find(self, text: str, of: str = "lead") -> str:
        return self._run(select(text, self.catalog, of), of)

    def advanced(self, stored: object) -> str:
        """What a saved search of that JSON finds."""
        return self.with_searches(save_it={"s_query": stored})._run(saved("save_it", self._with(stored)), "lead")

    def _with(self, stored: object) -> Catalog:
        return replace(self.catalog, searches={"save_it": {"id": "save_it", "s_query": stored}})

    def _run(self, sql: str, of: str) -> str:
        found = [
            sorted(row[0] for row in each.execute(f"SELECT x.id FROM {of} x WHERE x.no IN ({sql})"))
            for each in self.backends
        ]
        assert found[0] == found[1], sql
        return " ".join(identity.partition("_")[2] for identity in found[0])


@pytest.fixture(scope="session")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    folder = tmp_path_factory.mktemp("search")
    load(dump.write(folder / "dump"), folder / "store")
    with Store.open(folder / "store") as store:
        other = Sqlite(store)
        yield Finder((store, other), Catalog.read(inquiry(store)))
        other.close()


@pytest.fixture(scope="session")
def find(finder: Finder) -> Callable[..., str]:
    return finder.find
