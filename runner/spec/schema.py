"""The published JSON Schemas of definitions and of ``runner.yaml``, read once and ready to check data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from runner import assets
from runner.spec import accept
from runner.spec.accept import Accept, Schema


@dataclass(frozen=True, slots=True)
class Rules:
    """A schema, and the quick test compiled from it."""

    schema: Schema
    accepts: Accept


@dataclass(frozen=True, slots=True)
class Branch:
    """What an endpoint's jobs may say: its keys, and for each the test of its value."""

    required: frozenset[str]
    keys: Mapping[str, Accept]


@cache
def rules(name: str) -> Rules:
    """The rules of ``report`` or ``runner``."""
    text = (assets.folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    return Rules(schema, accept.compiled(schema))


@cache
def branches() -> Mapping[str, Branch]:
    """Endpoint -> what its jobs may say, from the schema's own branches."""
    schema = rules("report").schema
    definitions = schema["$defs"]
    found = {}
    for case in definitions["job"]["allOf"]:
        branch = resolved(schema, case["then"])
        tests = {key: accept.compiled({**one, "$defs": definitions}) for key, one in branch["properties"].items()}
        found[case["if"]["properties"]["endpoint"]["const"]] = Branch(frozenset(branch.get("required", ())), tests)
    return found


@cache
def metrics() -> tuple[str, ...]:
    """The metrics that are known. Organizations have more: one that is not among them is not wrong."""
    return tuple(rules("report").schema["$defs"]["metric"]["examples"])


def resolved(schema: Schema, part: Schema) -> dict[str, Any]:
    """``part`` with the definition that it refers to, if any, under its own keywords."""
    definition = schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else {}
    return {**definition, **{key: value for key, value in part.items() if key != "$ref"}}
