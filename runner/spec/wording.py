"""What JSON Schema finds wrong, in words: the exact place, what was meant, never a dump of the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jsonschema.protocols import Validator

from runner import nearest
from runner.model import Path, Source
from runner.spec.accept import Schema, same
from runner.spec.findings import MAX_PROBLEMS, Finding, secret, show
from runner.spec.schema import resolved

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
_NO_SECRETS = (
    "a secret never stands in a file: let runner.yaml name an environment variable that holds it, as api_key_env does"
)
_LISTED = 6
"""So many examples are named in a hint."""

_VOCABULARY = 40
"""More examples than this are the words to choose from, fewer are only examples (unless the pattern has them)."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Where the schema is broken, by which keyword, and what the keyword says."""

    path: Path
    keyword: str
    wanted: Any
    value: Any
    schema: Schema
    root: Schema

    @property
    def noun(self) -> str:
        """What the value is, as the schema names it, or its key."""
        return str(self.schema.get("title") or (self.path[-1] if self.path else "the file"))


def breaches(validator: Validator, source: Source) -> list[Breach]:
    """Everything in the file that breaks the schema, in file order."""
    root = validator.schema if isinstance(validator.schema, Mapping) else {}
    found = []
    for error in validator.iter_errors(source.data):
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        keyword = "propertyNames" if "propertyNames" in error.absolute_schema_path else str(error.validator)
        path = tuple(error.absolute_path)
        found.append(Breach(path, keyword, error.validator_value, error.instance, schema, root))
    return sorted(found, key=lambda breach: source.values[breach.path])


def findings(found: Iterable[Breach]) -> Iterator[Finding]:
    """The same in words; no more than is told at once."""
    for breach in islice(found, MAX_PROBLEMS):
        yield from WORDING[breach.keyword](breach)


def _extra(breach: Breach) -> list[str]:
    """The keys that the schema does not know."""
    known = breach.schema.get("properties", {})
    return list(islice((key for key in breach.value if key not in known), MAX_PROBLEMS))


def _unknown_key(breach: Breach) -> Iterator[Finding]:
    known = list(breach.schema.get("properties", {}))
    for key in _extra(breach):
        hint = nearest.hint(key, known) or f"its keys are: {', '.join(known)}"
        said = f"{breach.noun} has no key {show(key)}"
        yield Finding((*breach.path, key), said, "unknown-key", _NO_SECRETS if secret(key) else hint, key=True)


def _missing_key(breach: Breach) -> Iterator[Finding]:
    properties = breach.schema.get("properties", {})
    missing = [key for key in breach.wanted if key not in breach.value]
    meant = {nearest.nearest(key, missing): key for key in _extra(breach)}
    for key in missing:
        if key in meant and breach.schema.get("additionalProperties") is False:
            continue  # told as an unknown key, with this one as its remedy
        hint = (
            f"is it '{meant[key]}' that should be '{key}'?" if key in meant else _example(breach, properties.get(key))
        )
        said = f"{breach.noun} needs the key '{key}'"
        yield Finding(breach.path, said, "missing-key", hint, key=bool(breach.path))


def _example(breach: Breach, schema: Schema | None) -> str:
    examples = resolved(breach.root, schema)["examples"] if schema else []
    match examples[:1]:
        case [str() | int() as example]:
            return f"for example: {example}"
        case [list() as example]:
            return f"for example: [{', '.join(map(str, example))}]"
        case _:
            return ""


def _enum(breach: Breach) -> Iterator[Finding]:
    words = breach.wanted
    hint = nearest.hint(str(breach.value), words) or f"one of: {', '.join(words)}"
    yield Finding(breach.path, f"{show(breach.value)} is no {breach.noun}", "enum", hint)


def _form(breach: Breach) -> Iterator[Finding]:
    """Text of the wrong form, or a number that stands for such a text."""
    path = breach.path
    examples = [str(example) for example in breach.schema.get("examples", ()) if isinstance(example, str | int)]
    if path and isinstance(path[-1], str) and secret(path[-1]):
        hint = _NO_SECRETS if "environment" in breach.noun else f"for example: {', '.join(examples)}"
        yield Finding(path, f"this is no {breach.noun}", "pattern", hint)
        return
    words = [word for word in examples if word in breach.schema["pattern"] or len(examples) > _VOCABULARY]
    spread = examples[:: len(examples) // _LISTED + 1]
    hint = nearest.hint(str(breach.value), words) or f"for example: {', '.join(spread)}"
    yield Finding(path, f"{show(breach.value)} is no {breach.noun}", "pattern", hint)


def _key_name(breach: Breach) -> Iterator[Finding]:
    hint = str(breach.schema.get("description", ""))
    yield Finding((*breach.path, breach.value), f"{show(breach.value)} is no {breach.noun}", "key-name", hint, key=True)


def _type(breach: Breach) -> Iterator[Finding]:
    wanted = breach.wanted if isinstance(breach.wanted, list) else [breach.wanted]
    kinds = " or ".join(_KINDS[kind] for kind in wanted if kind != "null")
    found = "text" if isinstance(breach.value, str) else show(breach.value)
    hint = ""
    if wanted == ["string"] and not isinstance(breach.value, list | dict):
        hint = f'write "{show(breach.value)}" in quotes if it is text'
    elif "array" in wanted and "string" not in wanted and isinstance(breach.value, str):
        hint = f"write [{breach.value}]" if len(breach.value) <= 60 else "put it in brackets"
    yield Finding(breach.path, f"{breach.noun} is {kinds}, not {found}", "type", hint)


def _twice(breach: Breach) -> Iterator[Finding]:
    for second, item in enumerate(breach.value):
        first = next(index for index, other in enumerate(breach.value) if same(other, item))
        if first < second:
            said = f"{show(item)} stands here twice: items {first + 1} and {second + 1} of {breach.noun}"
            yield Finding((*breach.path, second), said, "unique-items", "remove one")


def _few(rule: str, what: str) -> Callable[[Breach], Iterator[Finding]]:
    def word(breach: Breach) -> Iterator[Finding]:
        found, least = len(breach.value), breach.wanted
        known = list(breach.schema.get("properties", {}))
        hint = f"give one of: {', '.join(known)}" if known and isinstance(breach.value, dict) else ""
        said = f"{breach.noun} has {found or 'no'} {what}; at least {least} is needed"
        yield Finding(breach.path, said, rule, hint)

    return word


def _many(rule: str, what: str) -> Callable[[Breach], Iterator[Finding]]:
    def word(breach: Breach) -> Iterator[Finding]:
        most, path = breach.wanted, breach.path
        said = f"{breach.noun} has {len(breach.value)} {what}; at most {most} may stand here"
        extra: dict[type, Any] = {list: (*path, most), dict: (*path, *list(breach.value)[most : most + 1])}
        is_object = isinstance(breach.value, dict)
        yield Finding(extra.get(type(breach.value), path), said, rule, key=is_object)

    return word


def _limit(breach: Breach) -> Iterator[Finding]:
    if "pattern" in breach.schema and "properties" in breach.schema:
        yield from _form(breach)
        return
    limit = "least" if breach.keyword == "minimum" else "most"
    said = f"{breach.noun} is {show(breach.value)}; the {limit} is {breach.wanted}"
    yield Finding(breach.path, said, str(breach.keyword))


WORDING: Mapping[str, Callable[[Breach], Iterator[Finding]]] = {
    "additionalProperties": _unknown_key,
    "propertyNames": _key_name,
    "required": _missing_key,
    "enum": _enum,
    "pattern": _form,
    "type": _type,
    "uniqueItems": _twice,
    "minItems": _few("min-items", "items"),
    "minLength": _few("min-length", "characters"),
    "minProperties": _few("min-properties", "keys"),
    "maxItems": _many("max-items", "items"),
    "maxLength": _many("max-length", "characters"),
    "maxProperties": _many("max-properties", "keys"),
    "minimum": _limit,
    "maximum": _limit,
}
"""Keyword -> its words. A test holds it complete for both schemas."""
