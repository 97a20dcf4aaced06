"""An answer's structure against what is expected of it. Nothing that is found here holds a value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from runner.model import Json, Shape

NAMES = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
    list: "list",
    dict: "object",
}
HIDDEN = "(a key that is no field name)"

_FIELD = re.compile(r"_?[a-z]+(_[a-z]+)*")
"""What the API's own field names look like. Any other key may be an ID or somebody's words, and is not shown."""

Branches: TypeAlias = "list[Shape]"
"""Shapes of one place, from several sources: ours first."""


@dataclass(slots=True)
class Structure:
    """Places (``data[].user_id``): how many fields were looked for and are right, and what is not as expected."""

    right: set[str] = field(default_factory=set)
    missing: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)

    @property
    def sound(self) -> bool:
        """Whether everything expected was there."""
        return not self.missing and not self.wrong


def compare(data: Json, *shapes: Shape) -> Structure:
    """The answer beside all that is expected of it."""
    found = Structure()
    _look(data, list(shapes), "", found)
    found.right -= found.missing.keys() | found.wrong.keys()
    found.unseen -= found.right | found.missing.keys() | found.wrong.keys()
    return found


def _look(data: Json, shapes: Branches, place: str, found: Structure) -> None:
    lists = [shape[0] for shape in shapes if isinstance(shape, list)]
    objects = [shape for shape in shapes if isinstance(shape, dict)]
    kinds = {kind for shape in shapes for kind in _kinds(shape)}
    if not _fits(data, kinds):
        wanted = " or ".join(sorted(NAMES[kind] for kind in kinds))
        found.wrong[place or "the answer"] = f"expected {wanted}, got {NAMES[type(data)]}"
    elif isinstance(data, dict) and objects:
        _object(data, objects, place, found)
    elif isinstance(data, list) and lists:
        for item in data:
            _look(item, lists, f"{place}[]", found)
        if not data:
            found.unseen |= set(_fields(lists, f"{place}[]"))


def _object(data: dict[str, Json], shapes: list[dict[str, Shape]], place: str, found: Structure) -> None:
    named = _named(shapes)
    others = [shape["*"] for shape in shapes if "*" in shape]
    for name, inner in named.items():
        path = f"{place}.{name}" if place else name
        if name in data:
            found.right.add(path)
            _look(data[name], inner, path, found)
        elif any(name in shape for shape in shapes):
            found.missing[path] += 1
    for name, value in data.items():
        if name not in named and others:
            _look(value, others, f"{place}.*", found)
        elif name not in named:
            path = ".".join(filter(None, (place, name if _FIELD.fullmatch(name) else HIDDEN)))
            found.unknown[path] = NAMES[type(value)]


def _named(shapes: list[dict[str, Shape]]) -> dict[str, Branches]:
    """Key, without the sign that it may be absent -> what is expected of its value."""
    named: dict[str, Branches] = {}
    for shape in shapes:
        for key, inner in shape.items():
            if key != "*":
                named.setdefault(key.removesuffix("?"), []).append(inner)
    return named


def _fields(shapes: Branches, place: str) -> Iterator[str]:
    """Every field that is expected inside a list."""
    for shape in shapes:
        inside: Mapping[str, Shape] = shape if isinstance(shape, dict) else {}
        for key, inner in inside.items():
            if key != "*":
                path = f"{place}.{key.removesuffix('?')}"
                yield path
                yield from _fields([inner[0]] if isinstance(inner, list) else [inner], path)


def _kinds(shape: Shape) -> tuple[type, ...]:
    if isinstance(shape, dict | list):
        return (type(shape),)
    return shape if isinstance(shape, tuple) else (shape,)


def _fits(data: Json, kinds: set[type]) -> bool:
    return not kinds or type(data) in kinds or (float in kinds and type(data) is int)
