"""Searches as statements of SQL: the numbers of the objects that match."""

from __future__ import annotations

from runner.engine.query.catalog import Catalog
from runner.engine.query.compiler import Compiler
from runner.engine.query.fields import OBJECTS, SEARCHED
from runner.engine.query.parser import parse
from runner.engine.query.syntax import QueryError

_WIDEST = (
    "opportunity((((original_status:a and created >= 2026-01-01 and created <= 2026-01-01) or status_change("
    "old_status:a and new_status:a and date >= 2026-01-01 and date <= 2026-01-01)) and user:a))"
)
"""As much as the search strings of any answer say beside what narrows them."""


def select(text: str, catalog: Catalog, of: str = "lead") -> str:
    """SQL of the numbers of all objects of a kind that match ``text``; of all objects where it is empty or ``*``.

    ``of`` is lead, opportunity, call, email, sms, meeting, note or task_completed. ``QueryError`` where the text is not
    understood.
    """
    if of not in SEARCHED:
        raise KeyError(of)
    return f"SELECT x.no FROM {OBJECTS[of].table} x WHERE {Compiler(catalog, of).condition(parse(text))}"


def check_room(narrowing: str, catalog: Catalog) -> None:
    """``QueryError`` where the search strings of an answer, narrowed by that search, could not be asked themselves."""
    try:
        Compiler(catalog, "lead").condition(parse(f"({_WIDEST}) and {narrowing}"))
    except QueryError:
        raise QueryError("The search is too much to narrow a report by; give one with fewer conditions.") from None


def saved(identity: str, catalog: Catalog) -> str:
    """SQL of the numbers of all leads that a saved search finds. ``QueryError`` where there is none with that ID."""
    return f"SELECT x.no FROM lead x WHERE {Compiler(catalog, 'lead').saved(identity)}"
