"""How much a search may hold, so that no engine is asked for more than it can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from runner.engine.query.syntax import QueryError

CONDITIONS = 100
"""Conditions of a search, those of the saved searches it refers to included."""

LEVELS = 24
"""Conditions that may lie in one another, likewise: the parser of SQLite has a stack of 100."""

RELATED = 3
"""Levels that going from an object to related ones takes beside its own."""


@dataclass(slots=True)
class Budget:
    """What one search may still have."""

    conditions: int = CONDITIONS
    levels: int = LEVELS

    def spend(self, count: int = 1) -> None:
        """Take some conditions from it."""
        self.conditions -= count
        if self.conditions < 0:
            raise QueryError(f"The search has more than {CONDITIONS} conditions.")

    @contextmanager
    def level(self, count: int = 1) -> Iterator[None]:
        """Go some levels down, for a while."""
        self.levels -= count
        if self.levels < 0:
            raise QueryError(f"In the search more than {LEVELS} conditions lie in one another.")
        yield
        self.levels += count
