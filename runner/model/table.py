"""Tables of raw values with their units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeAlias


class Unit(Enum):
    """What a raw value counts. Money is in cents of the digest's currency, durations are in seconds."""

    COUNT = "count"
    MONEY = "money"
    SECONDS = "seconds"
    FRACTION = "fraction"
    NUMBER = "number"
    TEXT = "text"
    DATETIME = "datetime"
    DATE = "date"


Value: TypeAlias = "str | int | float | datetime | None"
"""A raw value; None is a number the service did not give, never 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of a table: its key in the API, its label for people, its unit."""

    key: str
    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with the ones it is compared with, in the order of the digest's compared periods.

    ``link`` is the path inside Close's app that lists what the number counts, empty where there is none.
    """

    value: Value
    before: tuple[Value, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about (raw, with the unit of ``Table.head``) and a cell per column."""

    key: str
    head: Value
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by columns, ``head`` the first. ``total`` is a sum of rows only where each thing counted is in one row."""

    key: str
    title: str
    head: Column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
