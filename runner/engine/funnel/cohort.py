"""The opportunities of a cohort, counted: portable SQL over their stays in the pipeline's statuses.

The number of a status follows the pipeline's order, so that it is a stage's place at the same time. A stay counts where
it lies in the window: those the window begins in (after all changes at that instant), and those that begin in it. What
of its stay comes first in a window, or after another, the table knows for every window (``layout``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from runner.engine.funnel.question import Question
from runner.engine.inquiry import Backend

_NEVER = "1 = 0"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the opportunities of one user (None is nobody).

    ``complete`` are those won or lost, ``won_time`` is the sum of microseconds from creation to win; values are
    annualized cents.
    """

    user: int | None
    count: int
    won: int
    won_value: int
    complete: int
    complete_value: int
    won_time: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Opportunities of one user that went the same way.

    ``low`` and ``high`` are the numbers of the first and the last stage they were in, None where they were in none;
    ``weighted`` is the sum of value times chance in percent.
    """

    user: int | None
    low: int | None
    high: int | None
    count: int
    value: int
    weighted: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a user's opportunities did in a stage: those lost from it, their annualized cents, and the microseconds that
    they took to the first higher stage, added up."""

    user: int | None
    stage: int
    lost: int
    lost_value: int
    time: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort's counts: its ``fates``, or, where it was followed through the stages, ``lots`` and ``steps``."""

    fates: list[Fate] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def by_user(self) -> dict[int, Cohort]:
        """The part of each user who has an opportunity in it, by the user's number."""
        parts: dict[int, Cohort] = defaultdict(Cohort)
        for fate in self.fates:
            if fate.user is not None:
                parts[fate.user].fates.append(fate)
        for lot in self.lots:
            if lot.user is not None:
                parts[lot.user].lots.append(lot)
        for step in self.steps:
            if step.user in parts:
                parts[step.user].steps.append(step)
        return dict(parts)


def count(backend: Backend, question: Question) -> Cohort:
    """How many there are and what became of them."""
    if question.is_empty:
        return Cohort()
    return Cohort(fates=[Fate(user, *_whole(sums)) for user, *sums in backend.execute(_fates(question))])


def follow(backend: Backend, question: Question) -> Cohort:
    """How far they came, what was lost and how long it took, stage by stage."""
    if question.is_empty:
        return Cohort()
    lots = [Lot(user, low, high, *_whole(sums)) for user, low, high, *sums in backend.execute(_lots(question))]
    steps = [Step(user, stage, *_whole(sums)) for user, stage, *sums in backend.execute(_steps(question))]
    return Cohort(lots=lots, steps=steps)


def _whole(sums: Iterable[Any]) -> list[int]:
    """Sums as plain integers; the sum of nothing is 0."""
    return [int(each or 0) for each in sums]


def _fates(question: Question) -> str:
    """What became of each user's opportunities."""
    won, complete = "w.closed IS NOT NULL AND w.won = 1", "w.closed IS NOT NULL AND w.won + w.lost = 1"
    sums = ", ".join(
        f"SUM(CASE WHEN {condition} THEN {number} ELSE 0 END)"
        for condition, number in (
            (won, "1"),
            (won, "w.annualized"),
            (complete, "1"),
            (complete, "w.annualized"),
            (won, "w.closed - w.created"),
        )
    )
    return f"SELECT w.user_no, COUNT(*), {sums} FROM ({_ways(question)}) w WHERE w.joined = 1 GROUP BY w.user_no"


def _lots(question: Question) -> str:
    """Those that went the same way."""
    weight = "CASE WHEN w.won = 1 THEN 100 WHEN w.lost = 1 THEN 0 ELSE w.confidence END"
    return (
        f"SELECT w.user_no, w.low, w.high, COUNT(*), SUM(w.annualized), SUM(w.annualized * {weight})"
        f" FROM ({_ways(question)}) w WHERE w.joined = 1 GROUP BY w.user_no, w.low, w.high"
    )


def _ways(question: Question) -> str:
    """The opportunities, each with its way through the window."""
    created, window = question.created, question.window
    if created is not None and window.start <= created.start and created.end <= window.end:
        return _whole_ways(question)
    entered, last, in_stage = _entered(question), _last(question), _in_stage(question)
    active, won, lost = (_among("status", question.pipeline.numbers(kind)) for kind in ("active", "won", "lost"))
    alive = f"{in_stage} AND {active} OR {entered} AND ({won} OR {lost})"
    joined = f"MAX(CASE WHEN {alive} THEN 1 ELSE 0 END)" if created is None else "1"
    return (
        "SELECT MAX(user_no) AS user_no, MAX(annualized) AS annualized, MAX(confidence) AS confidence"
        ", MAX(created) AS created"
        f", MIN(CASE WHEN {in_stage} THEN stage END) AS low, MAX(CASE WHEN {in_stage} THEN stage END) AS high"
        f", MAX(CASE WHEN {last} AND {won} THEN 1 ELSE 0 END) AS won"
        f", MAX(CASE WHEN {last} AND {lost} THEN 1 ELSE 0 END) AS lost"
        f", MAX(CASE WHEN {last} AND {entered} THEN since END) AS closed"
        f", {joined} AS joined"
        f" {_stays(question)} GROUP BY opportunity"
    )


def _whole_ways(question: Question) -> str:
    """The same where nothing of them lies outside of the window: the last stay knows the way to it."""
    won, lost = (_among("status", question.pipeline.numbers(kind)) for kind in ("won", "lost"))
    return (
        "SELECT user_no, annualized, confidence, created, low, high, since AS closed, 1 AS joined"
        f", CASE WHEN {won} THEN 1 ELSE 0 END AS won, CASE WHEN {lost} THEN 1 ELSE 0 END AS lost"
        f" {_stays(question)} AND {_last(question)}"
    )


def _steps(question: Question) -> str:
    """The losses and the times to the first higher stage, from each stage once, at the first stay in the window.

    It takes no time where the higher stage was there before. Whoever was lost in the window, or came from stage to
    stage in it, is in the cohort of what was active or closed.
    """
    start, end = question.window.start, question.window.end
    lost = f"{_entered(question)} AND {_among('status', question.pipeline.numbers('lost'))}"
    waited = f"{_in_stage(question)} AND onward < {end:d} AND above <= {start:d}"
    time = f"onward - CASE WHEN since < {start:d} THEN {start:d} ELSE since END"
    return (
        f"SELECT user_no, stage, SUM(CASE WHEN {lost} THEN 1 ELSE 0 END)"
        f", SUM(CASE WHEN {lost} THEN annualized ELSE 0 END), SUM(CASE WHEN {waited} THEN {time} ELSE 0 END)"
        f" {_stays(question)} AND reach > {start:d} AND again <= {start:d} GROUP BY user_no, stage"
    )


def _stays(question: Question) -> str:
    """``FROM ... WHERE``: every stay of the opportunities that are asked about, in the window or not."""
    conditions = [_among("pipeline", () if question.pipeline.no is None else (question.pipeline.no,))]
    if question.created is not None:
        conditions.append(f"created >= {question.created.start:d} AND created < {question.created.end:d}")
    if question.users is not None:
        conditions.append(_among("user_no", sorted(question.users)))
    if question.leads:
        conditions.append(f"lead IN ({question.leads})")
    return f"FROM funnel_stay WHERE {' AND '.join(conditions)}"


def _entered(question: Question) -> str:
    """The stay begins in the window."""
    return f"since >= {question.window.start:d} AND since < {question.window.end:d}"


def _last(question: Question) -> str:
    """The stay is the one after all changes before the window's end."""
    window = question.window
    if window.is_empty:
        return _NEVER
    return f"since < {window.end:d} AND until >= {window.end:d}"


def _in_stage(question: Question) -> str:
    """The stay lies in the window and in a stage."""
    window = question.window
    if window.is_empty:
        return _NEVER
    return f"stage = status AND since < {window.end:d} AND reach > {window.start:d}"


def _among(column: str, numbers: Iterable[int]) -> str:
    listed = ", ".join(f"{number:d}" for number in numbers)
    return f"{column} IN ({listed})" if listed else _NEVER
