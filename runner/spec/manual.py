"""The manual of the keys that a file may have, written from the schema that checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from runner.spec.accept import Schema

_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "object": "mapping",
    "array": "list",
    "null": "null",
}
_COUNTED = {"Length": "character", "Items": "item", "Properties": "key"}
_LINE = 80
"""An example that is longer than this gets lines of its own."""


def manual(schema: Schema) -> str:
    """A page of Markdown: what the file may say, then each part and each kind of value, with examples."""
    lines = [
        f"# The keys of a {schema['title']}",
        "",
        f"Written from the JSON Schema that `runner schema {schema['$id'].rpartition(':')[2]}` prints.",
        "",
    ]
    lines += _section(schema)
    for name, definition in schema["$defs"].items():
        lines += ["", f"## {name}", "", *_section(definition)]
    return "\n".join(lines) + "\n"


def keys(schema: Schema, endpoint: str, page: str) -> str:
    """The keys of one endpoint's jobs as a list; what they link to is on ``page``."""
    (part,) = (each for each in schema["$defs"].values() if each["title"] == endpoint)
    return "\n".join(_keys(part, "")).replace("](#", f"]({page}#") + "\n"


def _section(schema: Schema) -> Iterator[str]:
    yield schema["description"]
    facts = _facts(schema)
    if facts:
        yield ""
        yield f"*{'; '.join(facts)}.*"
    if "properties" in schema:
        yield ""
        yield from _keys(schema, "")
    if "allOf" in schema:
        yield ""
        yield from (_case(case) for case in schema["allOf"])
    yield ""
    yield from _examples(schema)


def _keys(schema: Schema, indent: str) -> Iterator[str]:
    """A bullet for each key, with those of a mapping inside it below."""
    for key, value in schema["properties"].items():
        need = " (required)" if key in schema.get("required", ()) else ""
        facts = _facts(value)
        told = [value.get("description", ""), f"*{'; '.join(facts)}.*" if facts else "", _link(value)]
        yield f"{indent}- **`{key}`**{need}: {' '.join(part for part in told if part)}"
        yield from _inside(value, indent + "  ")


def _inside(schema: Schema, indent: str) -> Iterator[str]:
    """The keys of a mapping, or of the mappings in a list."""
    while "items" in schema:
        schema = schema["items"]
    if "properties" in schema:
        yield from _keys(schema, indent)


def _case(case: Schema) -> str:
    """Which part a choice leads to: ``endpoint: activity`` to the keys of activity."""
    ((key, choice),) = case["if"]["properties"].items()
    return f"- `{key}: {choice['const']}`: {_link(case['then'])}"


def _link(schema: Schema) -> str:
    for part in (schema, schema.get("items", {}), schema.get("additionalProperties") or {}):
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            return f"See [{name}](#{name})."
    return ""


def _facts(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    names = [_KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    facts = [" or ".join(names)] if names else []
    if "enum" in schema:
        facts.append("one of " + ", ".join(f"`{word}`" for word in schema["enum"]))
    facts += [
        _count(schema, what, noun) for what, noun in _COUNTED.items() if {f"min{what}", f"max{what}"} & set(schema)
    ]
    if kinds in ("integer", "number") and {"minimum", "maximum"} <= set(schema):
        facts.append(f"{schema['minimum']} to {schema['maximum']:,}")
    if "default" in schema:
        facts.append(f"`{_flow(schema['default'])}` if not given")
    return facts


def _count(schema: Schema, what: str, noun: str) -> str:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}")
    if least == most:
        return f"exactly {most} {noun}{'s' if most > 1 else ''}"
    if most is None:
        return f"{least} {noun} or more"
    return f"{f'{least} to' if least else 'up to'} {most:,} {noun}s"


def _examples(schema: Schema) -> Iterator[str]:
    examples = [_flow(example) for example in schema["examples"]]
    if all(len(example) <= _LINE for example in examples):
        yield f"Example{'s' if len(examples) > 1 else ''}: " + ", ".join(f"`{example}`" for example in examples)
        return
    yield "```yaml"
    for example in schema["examples"]:
        yield yaml.safe_dump(example, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110).rstrip()
    yield "```"


def _flow(value: Any) -> str:
    """A value as it may be written on one line."""
    if isinstance(value, str):
        return value
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10_000).split(
        "\n"
    )[0]
