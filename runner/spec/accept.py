"""A JSON Schema, compiled: one call says whether data is right, many times faster than walking the schema.

It accepts exactly what ``Draft202012Validator`` accepts (a test holds both against each other), and says nothing more:
what is wrong with data that is not accepted is found out by walking the schema. A keyword that is not known here is
refused when compiling, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from itertools import combinations
from typing import Any, TypeAlias

Accept: TypeAlias = Callable[[Any], bool]
"""Whether a value is right."""

Schema: TypeAlias = Mapping[str, Any]

ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "default"})
"""Keywords that say something to people and editors, and nothing about what is right."""

_COMPANIONS = frozenset({"additionalProperties", "then"})
"""Keywords that are compiled with another one: ``properties``, ``if``."""


def compiled(schema: Schema) -> Accept:
    """What ``schema`` accepts, as a function; ``ValueError`` for a keyword, or a use of one, that is not known here."""
    return _Compiler(schema.get("$defs", {})).schema(schema)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON has it: 1 is 1.0, and neither is true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


class _Compiler:
    """Compiles each of the schema's own definitions once."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._known: dict[str, Accept] = {}

    def schema(self, schema: Schema) -> Accept:
        keywords = schema.keys() - ANNOTATIONS
        if unknown := keywords - KEYWORDS.keys() - _COMPANIONS:
            raise ValueError(f"keywords that are not known here: {', '.join(sorted(unknown))}")
        tests = [compile_one(self, schema) for keyword, compile_one in KEYWORDS.items() if keyword in keywords]
        if "additionalProperties" in keywords and "properties" not in keywords:
            tests.append(_properties(self, schema))
        return tests[0] if len(tests) == 1 else _every(tests)

    def refer(self, schema: Schema) -> Accept:
        place, _, name = schema["$ref"].rpartition("/")
        if place != "#/$defs":
            raise ValueError(f"$ref {schema['$ref']} is not one of the schema's own $defs")
        definition = self._definitions[name]

        def accept(value: Any) -> bool:
            if name not in self._known:  # when it is first needed: most files need few of the definitions
                self._known[name] = self.schema(definition)
            return self._known[name](value)

        return accept


def _every(tests: list[Accept]) -> Accept:
    def accept(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 -- a plain loop is half the time of all() here
            if not test(value):
                return False
        return True

    return accept


def _is_integer(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: Mapping[str, Accept] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": lambda value: _is_number(value),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _type(_: _Compiler, schema: Schema) -> Accept:
    names = schema["type"]
    if isinstance(names, str):
        return _TYPES[names]
    tests = [_TYPES[name] for name in names]
    return lambda value: any(test(value) for test in tests)


def _enum(_: _Compiler, schema: Schema) -> Accept:
    return _one_of(schema["enum"])


def _const(_: _Compiler, schema: Schema) -> Accept:
    return _one_of([schema["const"]])


def _one_of(words: list[Any]) -> Accept:
    if not all(isinstance(word, str) for word in words):
        raise ValueError("enum and const are known for text only")
    known = frozenset(words)
    return lambda value: isinstance(value, str) and value in known


def _minimum(_: _Compiler, schema: Schema) -> Accept:
    least = schema["minimum"]
    return lambda value: not _is_number(value) or value >= least


def _maximum(_: _Compiler, schema: Schema) -> Accept:
    most = schema["maximum"]
    return lambda value: not _is_number(value) or value <= most


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _length(kind: type[Sized], least: str, most: str) -> Callable[[_Compiler, Schema], Accept]:
    def compile_one(_: _Compiler, schema: Schema) -> Accept:
        low, high = schema.get(least, 0), schema.get(most, float("inf"))
        return lambda value: not isinstance(value, kind) or low <= len(value) <= high

    return compile_one


def _pattern(_: _Compiler, schema: Schema) -> Accept:
    pattern = schema["pattern"]  # compiled and kept by re when a value is first held against it: most never are
    return lambda value: not isinstance(value, str) or re.search(pattern, value) is not None


def _required(_: _Compiler, schema: Schema) -> Accept:
    names = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or value.keys() >= names


def _property_names(compiler: _Compiler, schema: Schema) -> Accept:
    test = compiler.schema(schema["propertyNames"])
    return lambda value: not isinstance(value, dict) or all(map(test, value))


def _properties(compiler: _Compiler, schema: Schema) -> Accept:
    known = {name: compiler.schema(one) for name, one in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties", {})
    other = _never if others is False else compiler.schema(others)

    def accept(value: Any) -> bool:
        if isinstance(value, dict):
            for name, item in value.items():
                if not known.get(name, other)(item):
                    return False
        return True

    return accept


def _never(_: Any) -> bool:
    return False


def _items(compiler: _Compiler, schema: Schema) -> Accept:
    test = compiler.schema(schema["items"])
    return lambda value: not isinstance(value, list) or all(map(test, value))


def _unique(_: _Compiler, schema: Schema) -> Accept:
    def accept(value: Any) -> bool:
        if not isinstance(value, list):
            return True
        if all(type(item) is str for item in value):
            return len(set(value)) == len(value)
        return not any(same(one, other) for one, other in combinations(value, 2))

    if schema["uniqueItems"] is not True:
        raise ValueError("uniqueItems is known as true only")
    return accept


def _if(compiler: _Compiler, schema: Schema) -> Accept:
    test, then = compiler.schema(schema["if"]), compiler.schema(schema["then"])
    return lambda value: not test(value) or then(value)


def _all_of(compiler: _Compiler, schema: Schema) -> Accept:
    return _every([compiler.schema(one) for one in schema["allOf"]])


KEYWORDS: Mapping[str, Callable[[_Compiler, Schema], Accept]] = {
    "$ref": _Compiler.refer,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _minimum,
    "maximum": _maximum,
    "minLength": _length(str, "minLength", "maxLength"),
    "maxLength": _length(str, "minLength", "maxLength"),
    "minItems": _length(list, "minItems", "maxItems"),
    "maxItems": _length(list, "minItems", "maxItems"),
    "minProperties": _length(dict, "minProperties", "maxProperties"),
    "maxProperties": _length(dict, "minProperties", "maxProperties"),
    "pattern": _pattern,
    "required": _required,
    "propertyNames": _property_names,
    "properties": _properties,
    "items": _items,
    "uniqueItems": _unique,
    "if": _if,
    "allOf": _all_of,
}
"""Keyword -> how it is compiled, the quick ones first."""
