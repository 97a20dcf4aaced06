"""Tree -> conditions of SQL about a row ``x`` of the object that is searched for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from runner.engine.query import advanced, conditions, values
from runner.engine.query.catalog import Catalog
from runner.engine.query.fields import OBJECTS, Field, Object
from runner.engine.query.limits import RELATED, Budget
from runner.engine.query.parser import parse
from runner.engine.query.syntax import (
    And,
    Comparison,
    Everything,
    Form,
    Node,
    Not,
    Or,
    QueryError,
    Saved,
    Words,
)

_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles one search for objects of a kind, with the saved searches it refers to.

    ``opened`` are the saved searches that lead to where it is, ``budget`` what the whole search may still have.
    """

    catalog: Catalog
    kind: str
    budget: Budget = field(default_factory=Budget)
    opened: tuple[str, ...] = ()

    def condition(self, node: Node, *, negative: bool = False) -> str:
        """The condition, or what it does not match; ``QueryError`` names what is not known or too much."""
        if isinstance(node, Not):
            return self.condition(node.part, negative=not negative)
        if isinstance(node, And | Or):
            with self.budget.level():
                parts = [self.condition(part, negative=negative) for part in node.parts]
            join = conditions.every if isinstance(node, And) != negative else conditions.either
            return join(parts)
        found = self._leaf(node)
        return conditions.negated(found) if negative else found

    def saved(self, identity: str) -> str:
        """The condition of a saved search for leads."""
        found = self.catalog.searches.get(identity)
        if found is None:
            raise QueryError(f"There is no saved search '{identity[:40]}'.")
        if identity in self.opened:
            raise QueryError(f"The saved search '{identity[:40]}' refers to itself.")
        if (found.get("type") or "lead") != "lead":
            raise QueryError(f"The saved search '{identity[:40]}' does not search for leads.")
        inside = replace(self, opened=(*self.opened, identity))
        try:
            with self.budget.level():
                return inside._stored(found)
        except QueryError as problem:
            raise QueryError(f"In the saved search '{identity[:40]}': {problem}") from None

    def _stored(self, found: Mapping[str, object]) -> str:
        text = found.get("query")
        if isinstance(text, str) and text.strip():
            return self.condition(parse(text))
        if found.get("s_query") is not None:
            return advanced.condition(found["s_query"], self.catalog, self.budget)
        raise QueryError("it has neither a query nor an s_query.")

    def _leaf(self, node: Everything | Form | Comparison | Words | Saved) -> str:
        match node:
            case Everything():
                self.budget.spend()
                return conditions.ALWAYS
            case Form():
                return self._form(node)
            case Comparison():
                return self._comparison(node)
            case _:
                return self._of_leads(node)

    def _of_leads(self, node: Words | Saved) -> str:
        """What is said of leads only."""
        said = f"'{node.text[:40]}'" if isinstance(node, Words) else "'in:'"
        if self.kind != "lead":
            raise QueryError(f"{said} at {node.position}: {self._name} is searched by its fields only.")
        try:
            if isinstance(node, Saved):
                return self.saved(node.identity)
            self.budget.spend(len(conditions.words(node.text)))
            return conditions.phrase(["lead.name"], node.text)
        except QueryError as problem:
            raise QueryError(f"{said} at {node.position}: {problem}") from None
        except ValueError as problem:
            raise QueryError(f"At {node.position}: {problem}") from None

    def _form(self, node: Form) -> str:
        kind = self._object.forms.get(node.name)
        if kind is None:
            known = ", ".join(f"{name}(...)" for name in self._object.forms) or "none"
            raise QueryError(f"'{node.name[:40]}(' at {node.position}: {self._name} has these forms: {known}.")
        needed = OBJECTS[kind].needs
        if needed and needed not in _fields(node.inner):
            raise QueryError(f"'{node.name}(' at {node.position}: say '{needed}:' in it.")
        return self._nested(kind, node.inner)

    def _nested(self, kind: str, inner: Node) -> str:
        """There is an object of that kind, of the row's own, for which ``inner`` holds."""
        self.budget.spend()
        form = OBJECTS[kind]
        with self.budget.level(RELATED):
            found = replace(self, kind=kind).condition(inner)
        condition = values.within(Field("nested", "", form.where), found)
        return conditions.related("x.no", form.table, form.parent, condition)

    def _comparison(self, node: Comparison) -> str:
        found = self._object.fields.get(node.field.lower())
        if found is None and self._object.custom and node.field.startswith(_CUSTOM):
            return self._custom(node)
        if found is None:
            raise QueryError(
                f"{self._name} has no field '{node.field[:40]}', at {node.position}{self._nearest(node.field)}."
            )
        if found.kind == "nested":
            form, _, inner = found.column.partition(".")
            if node.operator != ":":
                raise QueryError(
                    f"'{node.field}' at {node.position} cannot be compared with '{node.operator}'; use ':'."
                )
            return self._nested(form, replace(node, field=inner))
        self.budget.spend(len(node.values) if found.kind in values.RANGES else 1)
        return values.compare(found, node, self.catalog)

    def _custom(self, node: Comparison) -> str:
        self.budget.spend(len(node.values))
        fields = self.catalog.custom(self._object.custom, node.field.removeprefix(_CUSTOM))
        if not fields:
            raise QueryError(
                f"There is no custom field '{node.field[:60]}', at {node.position}{self._nearest(node.field)}."
            )
        return values.custom(fields, self._object.custom, node, self.catalog)

    @property
    def _object(self) -> Object:
        return OBJECTS[self.kind]

    @property
    def _name(self) -> str:
        return f"A {self.kind.replace('_', ' ')}" if self.kind[0] not in "aeo" else f"An {self.kind}"

    def _nearest(self, said: str) -> str:
        own = [f"{_CUSTOM}{field.name}" for field in self.catalog.custom_fields if field.object == self._object.custom]
        known = own if said.startswith(_CUSTOM) and own else self._object.fields
        nearest = difflib.get_close_matches(said[:80], known, n=1, cutoff=0)
        return f"; the nearest is '{nearest[0]}'" if nearest else ""


def _fields(node: Node) -> set[str]:
    """The fields that are compared directly in a form."""
    match node:
        case And(parts) | Or(parts):
            return {name for part in parts for name in _fields(part)}
        case Not(part):
            return _fields(part)
        case Comparison():
            return {node.field.lower()}
        case _:
            return set()
