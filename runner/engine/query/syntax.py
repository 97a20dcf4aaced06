"""What a search says, as a tree, and how a search that cannot be understood is told.

Trees are in normal form: no ``And`` directly in an ``And``, no ``Or`` in an ``Or``, no ``Not`` in a ``Not``; the
functions ``every``, ``either`` and ``negated`` make them so. Positions are 1-based places in the text and no part of
what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as _field
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal[":", ">", ">=", "<", "<="]


class QueryError(ValueError):
    """A search that is not understood; the text names the construct and where it is."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was written, without its quotes."""

    text: str
    position: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``field op value``; several values mean any of them, and then the operator is ``:``."""

    field: str
    operator: Operator
    values: tuple[Value, ...]
    position: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """Words in the name of the lead, one after the other."""

    text: str
    position: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saved search finds."""

    identity: str
    position: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Everything:
    """Every object."""


@dataclass(frozen=True, slots=True)
class Form:
    """Objects that have an object of the kind ``name`` for which ``inner`` holds."""

    name: str
    inner: Node
    position: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: Node


Node: TypeAlias = And | Or | Not | Comparison | Form | Words | Saved | Everything


def every(parts: Sequence[Node]) -> Node:
    """All of one or more parts."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(parts: Sequence[Node]) -> Node:
    """At least one of one or more parts."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negated(part: Node) -> Node:
    """What ``part`` does not match."""
    return part.part if isinstance(part, Not) else Not(part)
