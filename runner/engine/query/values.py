"""Comparisons of fields with values as they are written in a search, as conditions of SQL."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeAlias

from runner.engine.query import conditions, dates, literal
from runner.engine.query.catalog import Catalog, CustomField, Named, matching, numbers
from runner.engine.query.conditions import NEVER
from runner.engine.query.dates import Span
from runner.engine.query.fields import Field, Kind
from runner.engine.query.syntax import Comparison, Operator, QueryError, Value

_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{0,400})?", re.ASCII)
_HIGHEST = sys.float_info.max
_FLAGS = {"yes": 1, "true": 1, "no": 0, "false": 0}
RANGES: tuple[Kind, ...] = ("moment", "closing", "whole")
"""Kinds of field that are less and more; of others a value is or is not."""


def compare(field: Field, said: Comparison, catalog: Catalog) -> str:
    """``x`` has, in the field, what the comparison says."""
    if said.operator != ":" and field.kind not in RANGES:
        raise QueryError(
            f"'{said.field}' at {said.position} cannot be compared with '{said.operator}'; use ':' or 'in'."
        )
    return within(field, _BY_KIND[field.kind](field, said, catalog))


def within(field: Field, condition: str) -> str:
    """The condition, of the rows that have the field."""
    return conditions.every([field.where, condition]) if field.where else condition


def closed(stem: str, span: Span, offset: int) -> str:
    """The moment, or else the local midnight of the day, of a pair of columns lies in a span of microseconds."""
    by_day = conditions.within(f"x.{stem}_day", dates.days(span, offset))
    return conditions.either([conditions.within(f"x.{stem}_ts", span), by_day])


def custom(fields: Sequence[CustomField], kind: str, said: Comparison, catalog: Catalog) -> str:
    """A custom field of an object has a value, of whatever kind, for which the comparison holds."""
    people = any(field.type == "user" for field in fields)
    held = conditions.either([_custom(value, said.operator, catalog, people=people) for value in said.values])
    return having(fields, kind, held)


def having(fields: Sequence[CustomField], kind: str, condition: str) -> str:
    """``x``, an object of that kind, has in one of its custom fields a value ``x`` for which the condition holds."""
    if not fields:
        return NEVER
    listed = conditions.among("x.field", (field.no for field in fields))
    owned = f"x.object = '{kind}' AND {listed} AND {condition}"
    return conditions.related("x.no", "custom_value", "owner", owned)


def spelled(value: Value) -> str:
    """The text of a value that is to be a literal of SQL."""
    try:
        literal.text(value.text)
    except ValueError as problem:
        raise QueryError(f"At {value.position}: {problem}") from None
    return value.text


def number(text: str) -> Decimal | None:
    """The number a text says; None where it says none, or one beyond all that a column can hold."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def whole(column: str, operator: Operator, bound: Decimal) -> str:
    """A column of whole numbers compared with any number."""
    low, high = (int(bound.to_integral_value(way)) for way in (ROUND_CEILING, ROUND_FLOOR))
    return conditions.within(column, dates.compared(operator, low, high + 1))


def real(operator: Operator, bound: Decimal) -> str:
    """The number of a custom field's value compared with another."""
    sign = "=" if operator == ":" else operator
    return f"(x.number IS NOT NULL AND x.number {sign} {max(-_HIGHEST, min(float(bound), _HIGHEST)):.17e})"


def dated(span: Span, offset: int) -> str:
    """A custom field's value is a moment, or a plain date, in a span of microseconds."""
    by_day = conditions.within("x.day", dates.days(span, offset))
    return conditions.either([conditions.within("x.ts", span), by_day])


def _custom(value: Value, operator: Operator, catalog: Catalog, *, people: bool) -> str:
    folded = spelled(value).lower()
    parts: list[str] = []
    if operator == ":":
        users = [user.id.lower() for user in catalog.users if people and user.display.lower() == folded]
        parts.append(f"(x.kind <> 'number' AND {conditions.texts('x.folded', [folded, *users])})")
    if operator == ":" and folded in _FLAGS:
        parts.append(f"(x.kind = 'boolean' AND x.text = '{'true' if _FLAGS[folded] else 'false'}')")
    if (bound := number(value.text)) is not None:
        parts.append(real(operator, bound))
    if (named := _date(value.text, catalog.offset)) is not None:
        parts.append(dated(dates.compared(operator, *named), catalog.offset))
    return conditions.either(parts)


def _date(text: str, offset: int) -> tuple[int, int] | None:
    try:
        return dates.read(text, offset)
    except ValueError:
        return None


def _span(value: Value, catalog: Catalog) -> tuple[int, int]:
    try:
        return dates.read(value.text, catalog.offset)
    except ValueError as problem:
        raise QueryError(f"At {value.position}: {problem}") from None


def _name(field: Field, said: Comparison, _: Catalog) -> str:
    return conditions.texts(f"x.{field.column}", (spelled(value).lower() for value in said.values))


def _id(field: Field, said: Comparison, _: Catalog) -> str:
    return conditions.texts(f"x.{field.column}", map(spelled, said.values))


def _word(field: Field, said: Comparison, _: Catalog) -> str:
    folded = {spelled(value).lower() for value in said.values}
    special = [f"({condition})" for word, condition in field.words.items() if word in folded]
    plain = folded - field.words.keys()
    return conditions.either([*special, *([conditions.texts(f"x.{field.column}", plain)] if plain else [])])


def _disposition(field: Field, said: Comparison, catalog: Catalog) -> str:
    wanted = {value.text.lower() for value in said.values}
    return conditions.texts(f"x.{field.column}", [text for text in catalog.dispositions if text.lower() in wanted])


def _ids(among: Callable[[Catalog], Sequence[Named]]) -> _Compare:
    def compare_ids(field: Field, said: Comparison, catalog: Catalog) -> str:
        named = [each.id for value in said.values for each in matching(among(catalog), value.text)]
        return conditions.texts(f"x.{field.column}", named)

    return compare_ids


def _flag(field: Field, said: Comparison, _: Catalog) -> str:
    for value in said.values:
        if value.text.lower() not in _FLAGS:
            raise QueryError(f"'{value.text[:40]}' at {value.position}: expected yes or no.")
    return conditions.among(f"x.{field.column}", (_FLAGS[value.text.lower()] for value in said.values))


_Compare: TypeAlias = Callable[[Field, Comparison, Catalog], str]


def _numbers(lookup: Callable[[Catalog, str], list[int]]) -> _Compare:
    def compare_numbers(field: Field, said: Comparison, catalog: Catalog) -> str:
        found = (no for value in said.values for no in lookup(catalog, value.text))
        return conditions.among(f"x.{field.column}", found)

    return compare_numbers


def _moment(field: Field, said: Comparison, catalog: Catalog) -> str:
    spans = (dates.compared(said.operator, *_span(value, catalog)) for value in said.values)
    column = f"COALESCE(x.{field.column}, x.{field.instead})" if field.instead else f"x.{field.column}"
    return conditions.either([conditions.within(column, span) for span in spans])


def _closing(field: Field, said: Comparison, catalog: Catalog) -> str:
    spans = (dates.compared(said.operator, *_span(value, catalog)) for value in said.values)
    return conditions.either([closed(field.column, span, catalog.offset) for span in spans])


def _during(_: Field, said: Comparison, catalog: Catalog) -> str:
    """The stay holds at the last instant of the span."""
    ends = (_span(value, catalog)[1] for value in said.values)
    return conditions.either([f"(x.since IS NOT NULL AND x.since < {end:d} AND x.until >= {end:d})" for end in ends])


def _whole(field: Field, said: Comparison, _: Catalog) -> str:
    parts = []
    for value in said.values:
        bound = number(value.text)
        if bound is None:
            raise QueryError(f"'{value.text[:40]}' at {value.position}: expected a number.")
        parts.append(whole(f"x.{field.column}", said.operator, bound))
    return conditions.either(parts)


_BY_KIND: Mapping[Kind, _Compare] = {
    "name": _name,
    "id": _id,
    "word": _word,
    "flag": _flag,
    "disposition": _disposition,
    "template": _ids(lambda catalog: catalog.templates),
    "user": _numbers(Catalog.user_numbers),
    "lead_status": _numbers(lambda catalog, said: numbers(catalog.lead_statuses, said)),
    "opportunity_status": _numbers(lambda catalog, said: numbers(catalog.opportunity_statuses, said)),
    "pipeline": _ids(lambda catalog: catalog.pipelines),
    "moment": _moment,
    "closing": _closing,
    "during": _during,
    "whole": _whole,
}
