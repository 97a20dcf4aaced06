"""Advanced filtering, the JSON form of a saved search, as conditions of SQL about a row ``x``."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from runner.engine.query import conditions, criteria
from runner.engine.query.catalog import Catalog
from runner.engine.query.criteria import Target
from runner.engine.query.fields import ADVANCED, TEXTS, Object
from runner.engine.query.limits import RELATED, Budget
from runner.engine.query.shape import Shape
from runner.engine.query.syntax import QueryError

_ALONGSIDE = ("query", "sort", "limit", "results_limit", "_limit", "_fields")
"""What a saved object may hold beside its query; a limit would change what it finds."""


def condition(stored: object, catalog: Catalog, budget: Budget) -> str:
    """The condition, of leads, that a saved ``s_query`` (an object, or its JSON text) says.

    ``QueryError`` names by its path what is not known.
    """
    shape = Shape(_read(stored), "s_query")
    if not shape.has("type"):
        shape.only(_ALONGSIDE)
        if shape.has("results_limit") or shape.has("limit"):
            raise shape.refusal("a limit is not supported")
        shape = shape.inside("query")
    return _Filter(catalog, budget, "lead").condition(shape)


def _read(stored: object) -> object:
    if not isinstance(stored, str):
        return stored
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        raise QueryError("s_query: it is not JSON.") from None


@dataclass(frozen=True, slots=True)
class _Filter:
    catalog: Catalog
    budget: Budget
    kind: str

    def condition(self, shape: Shape) -> str:
        """The condition of one node, turned round where it is negated."""
        named = shape.choice("type", _NODES)
        keys, compiled = _NODES[named]
        shape.only(("type", "negate", *keys))
        with self.budget.level():
            found = compiled(self, shape)
        return conditions.negated(found) if shape.flag("negate") else found

    def every(self, shape: Shape) -> str:
        return conditions.every([self.condition(part) for part in shape.each("queries")])

    def either(self, shape: Shape) -> str:
        return conditions.either([self.condition(part) for part in shape.each("queries")])

    def negation(self, shape: Shape) -> str:
        return conditions.negated(self.condition(shape.inside("query")))

    def identity(self, shape: Shape) -> str:
        self.budget.spend()
        return shape.checked(lambda: conditions.texts("x.id", [shape.text("value")]))

    def object_type(self, shape: Shape) -> str:
        said = shape.text("object_type")
        if said != self.kind:
            raise shape.refusal(f"this part searches for {self.kind}, not for '{said[:40]}'")
        self.budget.spend()
        return conditions.ALWAYS

    def words(self, shape: Shape) -> str:
        field = TEXTS.get((self.kind, "name"))
        if field is None:
            raise shape.refusal(f"{self.kind} has no text to search in")
        return criteria.text(shape, [field], self.budget)

    def has_related(self, shape: Shape) -> str:
        shape.choice("this_object_type", (self.kind,))
        other = shape.choice("related_object_type", [name for name in ADVANCED if _joined(self.kind, name)])
        self.budget.spend()
        with self.budget.level(RELATED):
            inner = replace(self, kind=other).condition(shape.inside("related_query"))
        key, column = ("lead", "no") if other != "lead" else ("no", "lead")
        found = conditions.related(f"x.{column}", ADVANCED[other].table, key, inner)
        return found if column == "no" else f"(x.{column} IS NOT NULL AND {found})"

    def field_condition(self, shape: Shape) -> str:
        self.budget.spend()
        target, rule = self._target(shape.inside("field")), shape.inside("condition")
        found = criteria.condition(target, rule)
        return conditions.negated(found) if rule.flag("negate") else found

    def _target(self, shape: Shape) -> Target:
        if shape.choice("type", ("regular_field", "custom_field")) == "custom_field":
            shape.only(("type", "custom_field_id", "object_type"))
            said = shape.text("custom_field_id")
            own = self.catalog.custom(self.kind, said)
            if not own:
                known = [field.id or field.name for field in self.catalog.custom_fields if field.object == self.kind]
                raise shape.refusal(f"{self.kind} has no custom field '{said[:60]}'{_nearest(said, known)}")
            return Target(self.catalog, self.budget, self.kind, custom=tuple(own))
        shape.only(("type", "object_type", "field_name"))
        shape.choice("object_type", (self.kind,))
        said, fields = shape.text("field_name"), self._object.fields
        if said not in fields:
            raise shape.refusal(f"{self.kind} has no field '{said[:40]}'{_nearest(said, fields)}")
        texts = TEXTS.get((self.kind, said))
        return Target(self.catalog, self.budget, self.kind, fields[said], (texts,) if texts else ())

    @property
    def _object(self) -> Object:
        return ADVANCED[self.kind]


_Node: TypeAlias = tuple[tuple[str, ...], Callable[[_Filter, Shape], str]]

_NODES: Mapping[str, _Node] = {
    "and": (("queries",), _Filter.every),
    "or": (("queries",), _Filter.either),
    "negate": (("query",), _Filter.negation),
    "id": (("value", "object_type"), _Filter.identity),
    "object_type": (("object_type",), _Filter.object_type),
    "text": (("mode", "value"), _Filter.words),
    "has_related": (("this_object_type", "related_object_type", "related_query"), _Filter.has_related),
    "field_condition": (("field", "condition"), _Filter.field_condition),
}
"""Type of a node -> the keys it has beside ``type`` and ``negate``, and what compiles it."""


def _joined(one: str, other: str) -> bool:
    """Whether objects of the two kinds are related: leads to what belongs to them."""
    return one != other and "lead" in (one, other)


def _nearest(said: str, known: Collection[Any]) -> str:
    nearest = difflib.get_close_matches(said[:80], known, n=1, cutoff=0)
    return f"; the nearest is '{nearest[0]}'" if nearest else ""
