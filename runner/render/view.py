"""What every format shows, made once: a digest with each value as the text people read. The contract of templates.

A template gets one ``View`` by the name ``digest``. It places texts and decides nothing: numbers are written, changes
judged, sentences found, charts measured. Sizes in charts are fractions of the largest thing drawn beside them, 0 to 1;
None is a number that is not known, which is not drawn and never 0. What is listed here stays, or the change is said in
the changelog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runner.render.changes import Delta, Tone
from runner.render.charts import (
    Band,
    Bucket,
    Chart,
    Columns,
    Flow,
    Funnel,
    Line,
    Lines,
    Move,
    Node,
    Part,
    Point,
    Step,
    Tick,
)

__all__ = [
    "Alarm", "Band", "Bar", "Bucket", "CellView", "Chart", "Columns", "Delta", "Fact", "Flow", "Funnel", "Goal",
    "Hero", "Line", "Lines", "Look", "Move", "Node", "Part", "Point", "RowView", "SectionView", "Step",
    "TableView", "Tick", "Tile", "Tone", "View",
]  # fmt: skip


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

    ``main`` are the places of the columns that a narrow format shows, ``phone`` those of them that have room on a phone
    as they are, ``cut`` how many rows one should show.
    ``folded`` says which rows were left out as they say nothing. ``behind`` is whether a chart shows it all, so that
    the table can be folded away. ``now`` and ``before`` name the two periods that the bars of its rows are of.
    """

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    total: RowView | None
    main: tuple[int, ...] = ()
    phone: tuple[int, ...] = ()
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
