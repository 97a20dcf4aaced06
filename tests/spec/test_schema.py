"""The published schemas: sound, strict, described, and compiled without a difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from runner.endpoints import ENDPOINTS
from runner.spec import accept
from runner.spec import manual as manuals
from runner.spec.manual import manual
from runner.spec.schema import branches, metrics, rules
from runner.spec.wording import WORDING
from tests.conftest import Golden
from tests.spec.definitions import GOOD, bent, data

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["report", "test", "runner"]
SCHEMAS = {name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")) for name in NAMES}
PUBLISHED = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
"""The schemas as any other tool reads them."""

PROJECTS: list[Any] = [
    {
        "profiles": {
            "sample": {"service": "sample"},
            "live": {"service": "close", "base_url": "https://api.close.com/api/v1/", "api_key_env": "CLOSE_API_KEY"},
            "app": {
                "service": "close",
                "oauth": {"token_file": "t.json", "client_id_env": "ID", "token_url": "http://localhost:1/token/"},
            },
            "old": {"service": "data", "data": "exports/2026"},
        },
        "default_profile": "live",
        "defaults": {"timezone": "America/New_York", "week_start": "sunday", "locale": "en_US", "currency": "USD"},
        "reports": "reports",
        "output": "out",
        "policy": {"app_url": "https://app.close.com", "recipients": ["@example.com", "ann@example.com"]},
    }
]
TESTS: list[Any] = [
    {
        "tests": {
            "a-week": {
                "as_of": "2026-11-23",
                "given": {"dump": "data/small"},
                "expect": {
                    "period": "2026-W47",
                    "cells": [{"job": "calls", "row": "Ann Lee", "column": "count", "value": 42, "before": None}],
                    "sentences": ["Ann Lee leads"],
                    "failed": ["other"],
                    "checks": {"calls-hold-up": "fails"},
                },
            },
            "recorded": {"given": {"recording": "recordings/week-47"}, "expect": {"period": 2026}},
        }
    }
]
STARTS = {"report": [data(file) for file in GOOD], "test": TESTS, "runner": PROJECTS}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema."""
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for value in inner:
        yield from parts(value)


def keys(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that a file may have, with what is said of it there or where it refers to."""
    for part in parts(schema):
        for key, value in part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ():
            definition = schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else {}
            yield key, {**definition, **value}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_right_by_the_metaschema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    with pytest.raises(SchemaError):
        Draft202012Validator.check_schema({**SCHEMAS[name], "type": "mapping"})


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_refers_to_nothing_outside_itself_and_leads_nowhere(name: str) -> None:
    references = {part["$ref"] for part in parts(SCHEMAS[name]) if isinstance(part.get("$ref"), str)}
    assert references == {f"#/$defs/{definition}" for definition in SCHEMAS[name]["$defs"]}
    assert SCHEMAS[name]["$id"].startswith("urn:")


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_a_description_and_examples_that_are_right(name: str) -> None:
    found = list(keys(SCHEMAS[name]))
    assert len(found) > 10
    for key, part in found:
        if "const" not in part:
            assert part["title"], key
            assert part["description"].rstrip().endswith("."), key
            assert part["examples"], key
            for example in part["examples"]:
                Draft202012Validator({**part, "$defs": SCHEMAS[name]["$defs"]}).validate(example)


@pytest.mark.parametrize("name", NAMES)
def test_every_definition_has_a_description_and_examples_that_are_right(name: str) -> None:
    for part in (SCHEMAS[name], *SCHEMAS[name]["$defs"].values()):
        assert part["description"]
        for example in part["examples"]:
            Draft202012Validator({**part, "$defs": SCHEMAS[name]["$defs"]}).validate(example)


@pytest.mark.parametrize("name", NAMES)
def test_no_mapping_takes_keys_that_are_not_named(name: str) -> None:
    for part in parts(SCHEMAS[name]):
        if isinstance(part.get("properties"), dict) and part.get("type") == "object" and "allOf" not in part:
            is_test = any("const" in value for value in part["properties"].values())  # the "if" of a choice
            assert part.get("additionalProperties") is False or is_test


@pytest.mark.parametrize("name", NAMES)
def test_a_choice_is_made_by_if_and_then_so_that_errors_name_one_branch(name: str) -> None:
    assert not [part for part in parts(SCHEMAS[name]) if {"oneOf", "anyOf", "not"} & part.keys()]


def test_there_is_a_branch_for_every_endpoint_and_it_knows_title_and_description() -> None:
    assert list(branches()) == SCHEMAS["report"]["$defs"]["endpoint"]["enum"]
    for branch in branches().values():
        assert branch.keys.keys() >= {"endpoint", "title", "description"}


def test_the_known_metrics_are_distinct_and_of_the_right_form() -> None:
    assert len(set(metrics())) == len(metrics()) == 61
    assert all(accept.compiled(SCHEMAS["report"]["$defs"]["metric"])(metric) for metric in metrics())


@pytest.mark.parametrize("name", NAMES)
def test_a_list_of_distinct_items_is_limited_so_that_comparing_them_is(name: str) -> None:
    assert all(part["maxItems"] <= 500 for part in parts(SCHEMAS[name]) if "uniqueItems" in part)


# ---- compiled ----------------------------------------------------------------------------------------------


def assert_same(name: str, value: Any) -> None:
    assert rules(name).accepts(value) is PUBLISHED[name].is_valid(value)


@settings(max_examples=300, deadline=None)
@given(bent(STARTS["report"]))
def test_the_compiled_schema_accepts_exactly_what_the_published_one_does(value: Any) -> None:
    assert_same("report", value)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(bent(STARTS["report"]))
def test_the_compiled_schema_accepts_exactly_what_the_published_one_does_at_length(value: Any) -> None:
    assert_same("report", value)


@settings(max_examples=300, deadline=None)
@given(bent(STARTS["runner"]))
def test_the_compiled_schema_of_runner_yaml_accepts_exactly_what_the_published_one_does(value: Any) -> None:
    assert_same("runner", value)


@settings(max_examples=300, deadline=None)
@given(bent(STARTS["test"]))
def test_the_compiled_schema_of_tests_accepts_exactly_what_the_published_one_does(value: Any) -> None:
    assert_same("test", value)


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_schema_accepts_what_the_bending_starts_from(name: str) -> None:
    assert all(rules(name).accepts(start) for start in STARTS[name])


@pytest.mark.parametrize(
    "value", [None, True, 0, 1.0, 1.5, "", "abc", [], ["a", "a"], {}, {"a": 1}, [1, 1.0], [1, True]]
)
@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "integer"},
        {"type": ["string", "null"]},
        {"enum": ["abc", ""]},
        {"const": "abc"},
        {"minimum": 1},
        {"maximum": 0},
        {"minLength": 1, "maxLength": 2},
        {"minItems": 1},
        {"maxItems": 1},
        {"minProperties": 1},
        {"maxProperties": 0},
        {"pattern": "b"},
        {"required": ["a"]},
        {"propertyNames": {"pattern": "b"}},
        {"properties": {"a": {"type": "string"}}},
        {"additionalProperties": False},
        {"additionalProperties": {"type": "integer"}},
        {"items": {"type": "string"}},
        {"uniqueItems": True},
        {"if": {"type": "string"}, "then": {"minLength": 1}},
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "array"}}},
    ],
    ids=str,
)
def test_each_keyword_compiles_to_what_it_means(schema: dict[str, Any], value: Any) -> None:
    assert accept.compiled(schema)(value) is Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"oneOf": [{}]}, id="unknown keyword"),
        pytest.param({"properties": {"a": {"format": "email"}}}, id="unknown keyword inside"),
        pytest.param({"enum": [1, 2]}, id="enum of numbers"),
        pytest.param({"uniqueItems": False}, id="uniqueItems false"),
        pytest.param({"$ref": "https://example.com/other.json"}, id="remote reference"),
    ],
)
def test_what_cannot_be_compiled_is_refused_never_passed_over(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"known|own \$defs"):
        accept.compiled(schema)


def test_every_keyword_that_can_be_broken_has_words() -> None:
    silent = {"$ref", "const", "properties", "items", "if", "allOf"}  # the parts in them are told
    assert WORDING.keys() == accept.KEYWORDS.keys() - silent | {"additionalProperties"}


# ---- the manual --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_page_of_an_endpoint_lists_its_keys(golden: Golden, endpoint: str) -> None:
    page = ROOT / "docs" / "endpoints" / f"{endpoint.replace('/', '-')}.md"
    before, mark, rest = page.read_text(encoding="utf-8").partition("<!-- keys -->\n")
    _, end, after = rest.partition("<!-- end of keys -->")
    listed = manuals.keys(SCHEMAS["report"], endpoint, "../spec.md")
    golden(page, f"{before}{mark}{listed}{end}{after}".encode())
    assert "**`range`**" in listed


@pytest.mark.parametrize(
    ("name", "page"), [("report", "spec.md"), ("test", "tests-yaml.md"), ("runner", "runner-yaml.md")]
)
def test_the_manual_is_the_one_written_from_the_schema(golden: Golden, name: str, page: str) -> None:
    text = manual(SCHEMAS[name])
    golden(ROOT / "docs" / page, text.encode())
    assert {key for key, _ in keys(SCHEMAS[name]) if f"**`{key}`**" not in text} == set()
