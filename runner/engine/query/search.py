"""Searches as statements of SQL: the numbers of the objects that match."""

from __future__ import annotations

from runner.engine.query.catalog import Catalog
from runner.engine.query.compiler import Compiler
from runner.engine.query.fields import OBJECTS, SEARCHED
from runner.engine.query.parser import parse


def select(text: str, catalog: Catalog, of: str = "lead") -> str:
    """SQL of the numbers of all objects of a kind that match ``text``; of all objects where it is empty or ``*``.

    ``of`` is lead, opportunity, call, email, sms, meeting, note or task_completed. ``QueryError`` where the text is not
    understood.
    """
    if of not in SEARCHED:
        raise KeyError(of)
    return f"SELECT x.no FROM {OBJECTS[of].table} x WHERE {Compiler(catalog, of).condition(parse(text))}"


def saved(identity: str, catalog: Catalog) -> str:
    """SQL of the numbers of all leads that a saved search finds. ``QueryError`` where there is none with that ID."""
    return f"SELECT x.no FROM lead x WHERE {Compiler(catalog, 'lead').saved(identity)}"
