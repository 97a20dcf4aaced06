"""What answers become tables with: rows found again by key, rates made of counts, a cell per column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from runner.errors import ServiceError
from runner.model import Cell, Column, Row, Value

NUMBER = (int, float, type(None))
"""The shape of a number that may be null."""

TEXT = (str, type(None))
"""The shape of a text that may be null."""

Figures: TypeAlias = Mapping[str, Value]
"""Column key -> value, as an answer gives it or as it follows from what the answer gives."""

NO_LINKS: Mapping[str, str] = {}


def by_key(rows: Iterable[Mapping[str, Any]], *keys: str) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """The rows by the values of ``keys``, in their order; ServiceError where two rows have the same ones."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        key = tuple(row.get(name) for name in keys)
        if key in found:
            said = ", ".join(f"{name} {str(value)[:60]!a}" for name, value in zip(keys, key, strict=True))
            raise ServiceError(f"the answer has two rows for {said}")
        found[key] = row
    return found


def cells(
    columns: Sequence[Column], now: Figures, before: Sequence[Figures | None], links: Mapping[str, str] = NO_LINKS
) -> tuple[Cell, ...]:
    """A cell per column; a row that the compared period does not have compares with nothing, not with 0.

    ``links`` are paths by column; a number that counts nothing has none.
    """
    return tuple(
        Cell(
            value := now.get(column.key),
            tuple(past.get(column.key) if past else None for past in before),
            links.get(column.key, "") if value else "",
        )
        for column in columns
    )


def ratio(part: Value, whole: Value) -> float | None:
    """``part`` of ``whole`` as a fraction; None where one of them is missing, or the whole is nothing."""
    if isinstance(part, int | float) and isinstance(whole, int | float) and whole:
        return part / whole
    return None


def difference(whole: Value, part: Value) -> int | float | None:
    """What is left of ``whole`` without ``part``; None where one of them is missing."""
    return whole - part if isinstance(whole, int | float) and isinstance(part, int | float) else None


def size(value: Value) -> float:
    """A number to sort by; a missing one comes after 0."""
    return value if isinstance(value, int | float) else -1


def largest_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows by their first number, the largest first; equal ones by name."""
    return tuple(sorted(rows, key=lambda row: (-size(row.cells[0].value), str(row.head), row.key)))
