"""What every format shows, made once: a digest with each value as the text people read. The contract of templates.

A template gets one ``View`` by the name ``digest``. It places texts and decides nothing: numbers are written, changes
judged, sentences found, charts measured. Sizes in charts are fractions of the largest thing drawn beside them, 0 to 1;
None is a number that is not known, which is not drawn and never 0. What is listed here stays, or the change is said in
the changelog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from runner.render.changes import Delta, Tone

__all__ = [
    "Alarm", "Band", "Bar", "Bucket", "CellView", "Chart", "Columns", "Delta", "Fact", "Flow", "Funnel", "Goal",
    "Hero", "Line", "Lines", "Look", "Move", "Node", "Part", "Point", "RowView", "SectionView", "Step",
    "TableView", "Tick", "Tile", "Tone", "View",
]  # fmt: skip


# ---- charts ----------------------------------------------------------------------------------------------


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


# ---- tables ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellView:
    """A number and how it changed, against each compared period in order. ``link`` leads to what it counts."""

    text: str
    deltas: tuple[Delta, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How long the bar of a row is, now and before."""

    now: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of a table. ``tag`` is said beside its name (``no activity``); ``bar`` draws its first number."""

    head: str
    cells: tuple[CellView, ...]
    tag: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class TableView:
    """A table. ``total`` is the service's own, None where it gave none.

    ``main`` are the places of the columns that a narrow format shows, ``cut`` how many rows one should show.
    ``folded`` says which rows were left out as they say nothing. ``behind`` is whether a chart shows it all, so that
    the table can be folded away. ``now`` and ``before`` name the two periods that the bars of its rows are of.
    """

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    total: RowView | None
    main: tuple[int, ...] = ()
    cut: int = 10
    folded: str = ""
    behind: bool = False
    now: str = ""
    before: str = ""


# ---- page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hero:
    """The one number first: what it is, its change, the difference in words, one or two sentences, its course."""

    label: str
    text: str
    deltas: tuple[Delta, ...]
    difference: str
    story: str
    link: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A number beside the first one. ``before`` says what it was; ``line`` is its course, where one is known."""

    label: str
    text: str
    delta: Delta | None
    before: str
    link: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Look:
    """Something worth a look: a fact and what there is to know of it. ``sign`` stands before it, as its tone."""

    tone: Literal["good", "bad", "warn"]
    sign: str
    title: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A check that failed: the number with its limit, and where it stands. ``sign`` stands before it, as its tone.

    ``link`` leads to what the number counts, ``section`` is the id of the section that the number is in.
    """

    tone: Literal["bad", "warn"]
    sign: str
    title: str
    text: str
    link: str
    section: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A number and what it is to reach. ``share`` is what it has of its goal, ``expected`` what it should have by now.

    ``percent`` is the share in words (it may be over 100%), ``pace`` how far ahead or behind that is, in its tone.
    """

    label: str
    text: str
    goal: str
    percent: str
    share: float | None
    expected: float | None
    pace: str
    tone: Tone
    link: str
    section: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the footer; ``link`` is empty or a URL."""

    name: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """What one job found. ``reason`` says why it found nothing, ``empty`` that there is nothing in its range.

    ``id`` is fit for an anchor. ``kind`` is the job's endpoint with ``-`` for what is no letter. ``period`` and
    ``against`` are said where they are not the digest's. ``finding`` is a sentence, ``link`` leads to what it is about.
    """

    id: str
    kind: str
    title: str
    period: str
    against: str
    reason: str
    empty: bool
    finding: str
    link: str
    charts: tuple[Chart, ...]
    tables: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A digest in words.

    ``state`` says that nothing was found at all, ``missing`` how many reports failed, ``alarm`` how many checks did,
    ``running`` that the period is not over. ``subject`` is the title with the first number and the period, for an
    e-mail.
    """

    language: str
    name: str
    title: str
    description: str
    subject: str
    period: str
    compared: str
    running: str
    sample: bool
    missing: str
    state: str
    notes: tuple[str, ...]
    hero: Hero | None
    tiles: tuple[Tile, ...]
    looks: tuple[Look, ...]
    sections: tuple[SectionView, ...]
    provenance: tuple[Fact, ...]
    alarm: str = ""
    alarms: tuple[Alarm, ...] = ()
    goals: tuple[Goal, ...] = ()
