"""The walk over a schema that says what is wrong. It is loaded only when something is: jsonschema takes its time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from jsonschema.protocols import Validator
from referencing import Registry

from runner.spec.accept import Schema
from runner.spec.schema import rules


@cache
def of(name: str) -> Validator:
    """The validator of ``report`` or ``runner``. Nothing outside the schema is ever fetched."""
    validator: Validator = _Validator(rules(name).schema, registry=Registry())
    return validator


def _unique(validator: Validator, unique: bool, items: Any, schema: Schema) -> Iterator[ValidationError]:
    """``uniqueItems``, but for lists that are too long anyway: comparing each item with each may take minutes."""
    if isinstance(items, list) and len(items) <= schema["maxItems"]:
        yield from Draft202012Validator.VALIDATORS["uniqueItems"](validator, unique, items, schema) or ()


_Validator = validators.extend(  # type: ignore[no-untyped-call]  # jsonschema leaves it untyped
    Draft202012Validator, {"uniqueItems": _unique}
)
