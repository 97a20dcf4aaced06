"""What is drawn in a digest: the charts of the contract of templates, whose other parts are in ``view``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from runner.render.changes import Delta


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a line: ``label`` on the axis, the number ``text`` with its height ``now``, and the same before.

    ``brief`` is the number in few characters (``$84K``), for where many stand side by side.
    """

    label: str
    text: str
    now: float | None
    before_text: str
    before: float | None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: what it is worth, and how high it is."""

    text: str
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """One metric over time: its total with the change, points, grid. ``peak`` is the place of the highest point."""

    label: str
    text: str
    delta: Delta | None
    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]
    peak: int | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Small multiples, a line chart for each metric. ``now`` and ``before`` name the two periods drawn."""

    kind: Literal["lines"]
    title: str
    description: str
    now: str
    before: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a funnel: how many reached it, now and before, and how many of them went on."""

    label: str
    text: str
    link: str
    share: float | None
    before_text: str
    before_share: float | None
    goes_on: str
    delta: Delta | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """A pipeline's stages from first to last, as bars from the left."""

    kind: Literal["funnel"]
    title: str
    description: str
    now: str
    before: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One end of a flow: a status, the number that left or came to it, its part of the whole."""

    label: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Band:
    """What went from the node at ``source`` on the left to that at ``target`` on the right."""

    source: int
    target: int
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Move:
    """A line of the ranked list beside a flow: ``share`` is against the largest move."""

    label: str
    text: str
    link: str
    delta: Delta | None
    share: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Where things moved, from left to right, and the largest moves by rank; ``rest`` says what is not listed."""

    kind: Literal["flow"]
    title: str
    description: str
    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    bands: tuple[Band, ...]
    moves: tuple[Move, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Part:
    """A series' part of a column."""

    text: str
    height: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column: its parts from the bottom in the order of the legend, and what they are together.

    ``brief`` is the number in few characters.
    """

    label: str
    text: str
    parts: tuple[Part, ...]
    running: bool
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns, stacked where there are several series (``legend``)."""

    kind: Literal["columns"]
    title: str
    description: str
    legend: tuple[str, ...]
    buckets: tuple[Bucket, ...]


Chart: TypeAlias = Lines | Funnel | Flow | Columns
"""What can be drawn; ``kind`` tells which it is."""
