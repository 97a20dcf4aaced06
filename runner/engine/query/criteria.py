"""The conditions of Advanced filtering on one field, as conditions of SQL about a row ``x``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from runner.engine.query import conditions, dates, values
from runner.engine.query.catalog import Catalog, CustomField
from runner.engine.query.dates import Span
from runner.engine.query.fields import Field, Kind
from runner.engine.query.limits import Budget
from runner.engine.query.shape import Shape
from runner.engine.query.syntax import Operator

_MODES = {
    "full_words": conditions.full_words,
    "phrase": conditions.phrase,
    "beginning_of_words": conditions.beginnings,
}
_BOUNDS: Mapping[str, Operator] = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_NOTHING = Field("nested", "")


@dataclass(frozen=True, slots=True)
class Target:
    """The field that a condition is about: a regular one, or a custom one of an object of that kind.

    ``texts`` are those in which single words of a regular field are found.
    """

    catalog: Catalog
    budget: Budget
    kind: str
    field: Field = _NOTHING
    texts: tuple[str, ...] = ()
    custom: tuple[CustomField, ...] = ()

    def is_of(self, *kinds: Kind) -> bool:
        """Whether it is custom, where any value may be, or of one of the kinds."""
        return bool(self.custom) or self.field.kind in kinds

    def where(self, regular: Callable[[str], str], custom: Callable[[], str]) -> str:
        """The condition of the column, or of a value ``x`` of the custom field."""
        if self.custom:
            return values.having(self.custom, self.kind, custom())
        return values.within(self.field, regular(f"x.{self.field.column}"))

    def objects(self) -> dict[str, list[int]]:
        """What IDs the field holds -> the numbers its column has for them."""
        catalog = self.catalog
        match self.field.kind:
            case "user":
                return {user.id: [user.no] for user in catalog.users}
            case "lead_status":
                return {status.id: [status.no] for status in catalog.lead_statuses}
            case _:
                return {status.id: [status.no] for status in catalog.opportunity_statuses}


def condition(target: Target, shape: Shape) -> str:
    """The condition of ``target`` that ``shape`` says."""
    named = shape.choice("type", _RULES)
    keys, kinds, rule = _RULES[named]
    shape.only(("type", "negate", *keys))
    if not target.is_of(*kinds):
        raise shape.refusal(f"the field cannot be looked at by '{named}'")
    return shape.checked(lambda: rule(target, shape))


def text(shape: Shape, fields: Sequence[str], budget: Budget) -> str:
    """The words of ``value`` are found in one of the fields the way ``mode`` says."""
    mode, said = _MODES[shape.choice("mode", _MODES)], shape.text("value")
    budget.spend(len(said.split()))
    return shape.checked(lambda: mode(fields, said))


def _text(target: Target, shape: Shape) -> str:
    fields = [f"custom.{field.no:d}" for field in target.custom] or target.texts
    if not fields:
        raise shape.refusal("the field has no words to search for")
    return text(shape, fields, target.budget)


def _boolean(target: Target, shape: Shape) -> str:
    said = shape.get("value")
    if not isinstance(said, bool):
        raise shape.refusal("true or false is expected", "value")
    return target.where(str, lambda: f"(x.kind = 'boolean' AND x.text = '{'true' if said else 'false'}')")


def _current_user(target: Target, _: Shape) -> str:
    """The user that ``GET me/`` tells of: the first one."""
    first = [user for user in target.catalog.users if user.present][:1]
    return target.where(
        lambda column: conditions.among(column, (user.no for user in first)),
        lambda: conditions.texts("x.text", (user.id for user in first)),
    )


def _exists(target: Target, _: Shape) -> str:
    stem = target.field.column
    if target.field.kind == "closing":
        return f"(x.{stem}_ts IS NOT NULL OR x.{stem}_day IS NOT NULL)"
    return target.where(lambda column: f"{column} IS NOT NULL", lambda: conditions.ALWAYS)


def _term(target: Target, shape: Shape) -> str:
    return _exactly(target, shape.texts("values"))


def _reference(target: Target, shape: Shape) -> str:
    shape.text("reference_type")
    return _exactly(target, shape.texts("object_ids"))


def _exactly(target: Target, said: Sequence[str]) -> str:
    if target.custom or target.field.kind == "id":
        return target.where(
            lambda column: conditions.texts(column, said),
            lambda: f"(x.kind = 'text' AND {conditions.texts('x.text', said)})",
        )
    known = target.objects()
    return target.where(
        lambda column: conditions.among(column, (no for each in said for no in known.get(each, ()))), str
    )


def _number_range(target: Target, shape: Shape) -> str:
    bounds = {key: _number(shape, key) for key in _BOUNDS if shape.has(key)}
    if not bounds:
        raise shape.refusal(f"at least one of {', '.join(_BOUNDS)} is expected")
    return target.where(
        lambda column: conditions.every([values.whole(column, _BOUNDS[key], bound) for key, bound in bounds.items()]),
        lambda: conditions.every([values.real(_BOUNDS[key], bound) for key, bound in bounds.items()]),
    )


def _number(shape: Shape, key: str) -> Decimal:
    said = shape.get(key)
    if isinstance(said, bool) or not isinstance(said, int | float) or said in (math.inf, -math.inf):
        raise shape.refusal("a number is expected", key)
    return Decimal(said) if isinstance(said, int) else Decimal(str(said))


def _moment_range(target: Target, shape: Shape) -> str:
    offset = target.catalog.offset
    low, high = (_moment(target.catalog, shape.inside(key)) if shape.has(key) else None for key in _ENDS)
    if low is None and high is None:
        raise shape.refusal(f"at least one of {', '.join(_ENDS)} is expected")
    span = Span(low, high)
    if target.field.kind == "closing":
        return values.closed(target.field.column, span, offset)
    return target.where(lambda column: conditions.within(column, span), lambda: values.dated(span, offset))


def _moment(catalog: Catalog, shape: Shape) -> int:
    kind = shape.choice("type", ("fixed_utc", "fixed_local_date", "now"))
    if kind == "now":
        shape.only(("type",))
        return catalog.now
    shape.only(("type", "value", "which") if kind == "fixed_local_date" else ("type", "value"))
    said = shape.text("value")
    try:
        named = dates.read(said, catalog.offset if kind == "fixed_local_date" else 0)
    except ValueError as problem:
        raise shape.refusal(str(problem).rstrip("."), "value") from None
    if kind == "fixed_utc":
        return named[0]
    if len(said) > len("2026-11-16"):
        raise shape.refusal("a plain date is expected", "value")
    return named[("start", "end").index(shape.choice("which", ("start", "end")))]


_ENDS = ("on_or_after", "before")

_Rule: TypeAlias = tuple[tuple[str, ...], tuple[Kind, ...], Callable[[Target, Shape], str]]

_REFERENCES: tuple[Kind, ...] = ("user", "lead_status", "opportunity_status")

_RULES: Mapping[str, _Rule] = {
    "boolean": (("value",), (), _boolean),
    "current_user": ((), ("user",), _current_user),
    "exists": ((), (*_REFERENCES, "id", "moment", "closing", "whole"), _exists),
    "text": (("mode", "value"), ("id",), _text),
    "term": (("values",), ("id", *_REFERENCES), _term),
    "reference": (("reference_type", "object_ids"), ("id", *_REFERENCES), _reference),
    "number_range": (tuple(_BOUNDS), ("whole",), _number_range),
    "moment_range": (_ENDS, ("moment", "closing"), _moment_range),
}
"""Type of a condition -> its keys, the kinds of regular field it goes with, and what compiles it."""
