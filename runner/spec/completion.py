"""The schema of definitions with an organization's own names, for editors to offer.

They are ``examples``, which every validator passes over: what is right by the published schema stays right, what is
wrong stays wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from runner.spec.schema import rules

PLACES: Mapping[str, Sequence[tuple[str, ...]]] = {
    "metric": [("metric",)],
    "user": [("single_user",), ("user",)],
    "group": [("user",)],
    "smart_view": [("smart_view",)],
    "pipeline": [("pipeline",)],
    "search": [("search",)],
    "field": [("custom", "properties", "x"), ("custom", "properties", "group_by")],
    "measure": [("custom", "properties", "y")],
}
"""Kind of word -> where in the schema's definitions it may stand."""


def completed(words: Mapping[str, Sequence[str]], note: str) -> dict[str, Any]:
    """The schema of definitions with these words, by the kinds of ``PLACES``, in place of the published examples.

    Where there is no word for a place, the published ones stay. ``note`` says whose they are.
    """
    schema = copy.deepcopy(dict(rules("report").schema))
    schema["$id"] = f"{schema['$id']}:own"
    schema["$comment"] = note
    offered: dict[tuple[str, ...], list[str]] = {}
    for kind, places in PLACES.items():
        for place in places:
            offered.setdefault(place, []).extend(words.get(kind, ()))
    for place, examples in offered.items():
        if examples:
            _at(schema["$defs"], place)["examples"] = list(dict.fromkeys(examples))
    return schema


def _at(definitions: Any, place: Sequence[str]) -> Any:
    for step in place:
        definitions = definitions[step]
    return definitions
