"""Numbers that a definition derives from those of the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from runner.model.source import Path
from runner.model.table import Unit


@dataclass(frozen=True, slots=True)
class Constant:
    """A number as it is written."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Part:
    """A metric by its key; ``at`` is how many characters of the expression stand before it."""

    key: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """What is done with numbers: ``+ - * /`` with two, ``neg`` and ``abs`` with one, ``min`` and ``max`` with some."""

    name: Literal["+", "-", "*", "/", "neg", "abs", "min", "max"]
    arguments: tuple[Expression, ...]


Expression: TypeAlias = "Constant | Part | Call"


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric of the definition's own. ``place`` is where its expression is written."""

    name: str
    label: str
    unit: Unit
    expression: Expression
    place: Path
