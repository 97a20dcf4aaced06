"""The opportunities of a cohort, counted: portable SQL over their stays in the pipeline's statuses.

The number of a status follows the pipeline's order, so that it is a stage's place at the same time. A stay counts where
it lies in the window: those the window begins in (after all changes at that instant), and those that begin in it.
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
class Lot:
    """Opportunities of one user (None is nobody) that went the same way.

    ``low`` and ``high`` are the numbers of the first and the last stage they were in, None where they were in none;
    ``weight`` is their chance in percent. ``complete`` are those won or lost, ``won_time`` is the sum of microseconds
    from creation to win; values are annualized cents.
    """

    user: int | None
    low: int | None
    high: int | None
    weight: int
    count: int
    value: int
    won: int
    won_value: int
    complete: int
    complete_value: int
    won_time: int

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
    return Cohort([Lot(user, low, high, *_whole(sums)) for user, low, high, *sums in backend.execute(_lots(question))])


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
    inside, entered, last = _inside(question), _entered(question), _last(question)
    active, won, lost = (_among("p.status", pipeline.numbers(kind)) for kind in ("active", "won", "lost"))
    in_stage = _in_stage(question)
    alive = f"{inside} AND {active} OR {entered} AND ({won} OR {lost})"
    joined = f"MAX(CASE WHEN {alive} THEN 1 ELSE 0 END)" if question.created is None else "1"
    opportunities = (
        "SELECT o.no, o.user_no, o.annualized, o.confidence, o.created"
        f", MIN(CASE WHEN {in_stage} THEN p.status END) AS low"
        f", MAX(CASE WHEN {in_stage} THEN p.status END) AS high"
        f", MAX(CASE WHEN {last} AND {won} THEN 1 ELSE 0 END) AS won"
        f", MAX(CASE WHEN {last} AND {lost} THEN 1 ELSE 0 END) AS lost"
        f", MAX(CASE WHEN {last} AND {entered} THEN p.since END) AS closed"
        f", {joined} AS joined"
        f" {_stays(question)} GROUP BY o.no, o.user_no, o.annualized, o.confidence, o.created"
    )
    fates = (
        "SELECT c.user_no, c.low, c.high, c.annualized"
        ", CASE WHEN c.won = 1 THEN 100 WHEN c.lost = 1 THEN 0 ELSE c.confidence END AS weight"
        ", CASE WHEN c.closed IS NOT NULL THEN c.won ELSE 0 END AS won"
        ", CASE WHEN c.closed IS NOT NULL THEN c.won + c.lost ELSE 0 END AS complete"
        ", CASE WHEN c.closed IS NOT NULL AND c.won = 1 THEN c.closed - c.created ELSE 0 END AS took"
        f" FROM ({opportunities}) c WHERE c.joined = 1"
    )
    return (
        "SELECT f.user_no, f.low, f.high, f.weight, COUNT(*), SUM(f.annualized)"
        ", SUM(f.won), SUM(CASE WHEN f.won = 1 THEN f.annualized ELSE 0 END)"
        ", SUM(f.complete), SUM(CASE WHEN f.complete = 1 THEN f.annualized ELSE 0 END), SUM(f.took)"
        f" FROM ({fates}) f GROUP BY f.user_no, f.low, f.high, f.weight"
    )


def _losses(question: Question) -> str:
    """For each loss the place of the last stay in a stage before it, then each opportunity once for each stage.

    Whoever was lost in the window, or came from stage to stage in it, is in the cohort of what was active or closed.
    """
    lost = _among("p.status", question.pipeline.numbers("lost"))
    losses = f"SELECT o.no, o.user_no, o.annualized, p.place {_stays(question)} AND {_entered(question)} AND {lost}"
    steps = f"SELECT o.no, p.place {_stays(question)} AND {_in_stage(question)}"
    before = (
        f"SELECT l.no, l.user_no, l.annualized, l.place AS loss, MAX(s.place) AS place FROM ({losses}) l"
        f" JOIN ({steps}) s ON s.no = l.no WHERE s.place < l.place GROUP BY l.no, l.user_no, l.annualized, l.place"
    )
    once = (
        f"SELECT b.no, b.user_no, b.annualized, p.status FROM ({before}) b"
        " JOIN opportunity_span p ON p.opportunity = b.no AND p.place = b.place"
        " GROUP BY b.no, b.user_no, b.annualized, p.status"
    )
    return f"SELECT x.user_no, x.status, COUNT(*), SUM(x.annualized) FROM ({once}) x GROUP BY x.user_no, x.status"


def _waits(question: Question) -> str:
    """From the first moment in a stage to the first one in a higher stage; 0 where that came before."""
    start = f"{question.window.start:d}"
    firsts = (
        "SELECT o.no, o.user_no, p.status"
        f", MIN(CASE WHEN p.since < {start} THEN {start} ELSE p.since END) AS since"
        f" {_stays(question)} AND {_in_stage(question)} GROUP BY o.no, o.user_no, p.status"
    )
    higher = (
        f"SELECT a.no, a.user_no, a.status, a.since, MIN(b.since) AS until FROM ({firsts}) a"
        f" JOIN ({firsts}) b ON b.no = a.no WHERE b.status > a.status GROUP BY a.no, a.user_no, a.status, a.since"
    )
    return (
        "SELECT h.user_no, h.status, SUM(CASE WHEN h.until > h.since THEN h.until - h.since ELSE 0 END)"
        f" FROM ({higher}) h GROUP BY h.user_no, h.status"
    )


def _stays(question: Question) -> str:
    """``FROM ... WHERE``: every stay of the opportunities that are asked about, in the window or not."""
    conditions = [_among("o.status", [status.no for status in question.pipeline.statuses])]
    if question.created is not None:
        conditions.append(f"o.created >= {question.created.start:d} AND o.created < {question.created.end:d}")
    if question.users is not None:
        conditions.append(_among("o.user_no", sorted(question.users)))
    if question.leads:
        conditions.append(f"o.lead IN ({question.leads})")
    return f"FROM opportunity_span p JOIN opportunity o ON o.no = p.opportunity WHERE {' AND '.join(conditions)}"


def _inside(question: Question) -> str:
    """The stay lies in the window."""
    window = question.window
    if window.is_empty:
        return _NEVER
    at_start = f"p.since >= {window.start:d} OR p.until IS NULL OR p.until > {window.start:d}"
    return f"p.since < {window.end:d} AND ({at_start})"


def _entered(question: Question) -> str:
    """The stay begins in the window."""
    return f"p.since >= {question.window.start:d} AND p.since < {question.window.end:d}"


def _last(question: Question) -> str:
    """The stay is the one after all changes before the window's end."""
    window = question.window
    if window.is_empty:
        return _NEVER
    return f"p.since < {window.end:d} AND (p.until IS NULL OR p.until >= {window.end:d})"


def _in_stage(question: Question) -> str:
    """The stay lies in the window and in a stage."""
    return f"{_inside(question)} AND {_among('p.status', [stage.no for stage in question.pipeline.stages])}"


def _among(column: str, numbers: Iterable[int]) -> str:
    listed = ", ".join(f"{number:d}" for number in numbers)
    return f"{column} IN ({listed})" if listed else _NEVER
