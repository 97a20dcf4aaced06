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
_BASE = 1 << 20
"""Values are weighted in two parts, each of which times 100 fits into 64 bits; floating numbers hold the higher part."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Opportunities of one user (None is nobody) that went the same way.

    ``low`` and ``high`` are the numbers of the first and the last stage they were in, None where they were in none;
    ``weighted`` is the sum of value times chance in percent. ``complete`` are those won or lost, ``won_time`` is the sum of microseconds
    from creation to win; values are annualized cents.
    """

    user: int | None
    low: int | None
    high: int | None
    count: int
    value: int
    won: int
    won_value: int
    complete: int
    complete_value: int
    won_time: int
    weighted: int

    def reached(self, stage: int) -> bool:
        """Whether they were in the stage or passed it."""
        return self.low is not None and self.high is not None and self.low <= stage <= self.high


@dataclass(frozen=True, slots=True)
class Loss:
    """Opportunities of a user that were lost from a stage, and their annualized cents."""

    user: int | None
    stage: int
    count: int
    value: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Microseconds that a user's opportunities took from a stage to the first higher one, added up."""

    user: int | None
    stage: int
    time: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort's counts; ``losses`` and ``waits`` only where it was followed through the stages."""

    lots: list[Lot] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)

    def by_user(self) -> dict[int, Cohort]:
        """The part of each user who has an opportunity in it, by the user's number."""
        parts: dict[int, Cohort] = defaultdict(Cohort)
        for lot in self.lots:
            if lot.user is not None:
                parts[lot.user].lots.append(lot)
        for loss in self.losses:
            if loss.user is not None:
                parts[loss.user].losses.append(loss)
        for wait in self.waits:
            if wait.user is not None:
                parts[wait.user].waits.append(wait)
        return dict(parts)


def count(backend: Backend, question: Question) -> Cohort:
    """How many there are and what became of them."""
    if question.is_empty:
        return Cohort()
    lots = []
    for user, low, high, *sums in backend.execute(_lots(question)):
        *told, high_part, low_part = _whole(sums)
        lots.append(Lot(user, low, high, *told, high_part * _BASE + low_part))
    return Cohort(lots)


def follow(backend: Backend, question: Question) -> Cohort:
    """The same, with the losses and the times from stage to stage."""
    if question.is_empty:
        return Cohort()
    losses = [Loss(user, stage, *_whole(sums)) for user, stage, *sums in backend.execute(_losses(question))]
    waits = [Wait(user, stage, *_whole(sums)) for user, stage, *sums in backend.execute(_waits(question))]
    return Cohort(count(backend, question).lots, losses, waits)


def _whole(sums: Iterable[Any]) -> list[int]:
    """Sums as plain integers; the sum of nothing is 0."""
    return [int(each or 0) for each in sums]


def _lots(question: Question) -> str:
    """First a row for each opportunity, then one for all that went the same way."""
    pipeline = question.pipeline
    entered, last = _entered(question), _last(question)
    active, won, lost = (_among("status", pipeline.numbers(kind)) for kind in ("active", "won", "lost"))
    in_stage = _in_stage(question)
    alive = f"{in_stage} AND {active} OR {entered} AND ({won} OR {lost})"
    joined = f"MAX(CASE WHEN {alive} THEN 1 ELSE 0 END)" if question.created is None else "1"
    opportunities = (
        "SELECT MAX(user_no) AS user_no, MAX(annualized) AS annualized, MAX(confidence) AS confidence"
        ", MAX(created) AS created"
        f", MIN(CASE WHEN {in_stage} THEN stage END) AS low, MAX(CASE WHEN {in_stage} THEN stage END) AS high"
        f", MAX(CASE WHEN {last} AND {won} THEN 1 ELSE 0 END) AS won"
        f", MAX(CASE WHEN {last} AND {lost} THEN 1 ELSE 0 END) AS lost"
        f", MAX(CASE WHEN {last} AND {entered} THEN since END) AS closed"
        f", {joined} AS joined"
        f" {_stays(question)} GROUP BY opportunity"
    )
    fates = (
        "SELECT c.user_no, c.low, c.high, c.annualized"
        ", CASE WHEN c.won = 1 THEN 100 WHEN c.lost = 1 THEN 0 ELSE c.confidence END AS weight"
        f", c.annualized % {_BASE} AS units"
        ", CASE WHEN c.closed IS NOT NULL THEN c.won ELSE 0 END AS won"
        ", CASE WHEN c.closed IS NOT NULL THEN c.won + c.lost ELSE 0 END AS complete"
        ", CASE WHEN c.closed IS NOT NULL AND c.won = 1 THEN c.closed - c.created ELSE 0 END AS took"
        f" FROM ({opportunities}) c WHERE c.joined = 1"
    )
    return (
        "SELECT f.user_no, f.low, f.high, COUNT(*), SUM(f.annualized)"
        ", SUM(f.won), SUM(CASE WHEN f.won = 1 THEN f.annualized ELSE 0 END)"
        ", SUM(f.complete), SUM(CASE WHEN f.complete = 1 THEN f.annualized ELSE 0 END), SUM(f.took)"
        f", SUM(CAST((f.annualized - f.units) / {_BASE} AS BIGINT) * f.weight), SUM(f.units * f.weight)"
        f" FROM ({fates}) f GROUP BY f.user_no, f.low, f.high"
    )


def _losses(question: Question) -> str:
    """Each opportunity once for each stage it was lost from in the window.

    Whoever was lost in the window, or came from stage to stage in it, is in the cohort of what was active or closed.
    """
    lost = _among("status", question.pipeline.numbers("lost"))
    conditions = f"{_entered(question)} AND {lost} AND {_first(question)}"
    return f"SELECT user_no, stage, COUNT(*), SUM(annualized) {_stays(question)} AND {conditions} GROUP BY user_no, stage"


def _waits(question: Question) -> str:
    """From the first moment in a stage to the first one in a higher stage, where none was before."""
    start = question.window.start
    wait = f"onward - CASE WHEN since < {start:d} THEN {start:d} ELSE since END"
    conditions = [_in_stage(question), _first(question), f"(above IS NULL OR above <= {start:d})"]
    conditions.append(f"onward < {question.window.end:d}")
    return f"SELECT user_no, stage, SUM({wait}) {_stays(question)} AND {' AND '.join(conditions)} GROUP BY user_no, stage"


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
    return f"since < {window.end:d} AND (until IS NULL OR until >= {window.end:d})"


def _in_stage(question: Question) -> str:
    """The stay lies in the window and in a stage."""
    window = question.window
    if window.is_empty:
        return _NEVER
    return f"stage = status AND since < {window.end:d} AND reach > {window.start:d}"


def _first(question: Question) -> str:
    """The stage was in the window, and this is the first stay there, or the first loss from it, in the window."""
    start = question.window.start
    return f"reach > {start:d} AND (again IS NULL OR again <= {start:d})"


def _among(column: str, numbers: Iterable[int]) -> str:
    listed = ", ".join(f"{number:d}" for number in numbers)
    return f"{column} IN ({listed})" if listed else _NEVER
