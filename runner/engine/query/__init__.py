"""The search language: texts and saved searches become SQL that finds the objects they match."""

from runner.engine.query.catalog import Catalog
from runner.engine.query.search import check_room, saved, select
from runner.engine.query.syntax import QueryError

__all__ = ["Catalog", "QueryError", "check_room", "saved", "select"]
