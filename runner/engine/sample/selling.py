"""What becomes of a lead of the sample organization once it has qualified: an opportunity, won, lost or left open."""

from __future__ import annotations

from typing import Literal, NamedTuple

from runner.engine.sample import catalog, chance, days, rates
from runner.engine.sample.diary import Diary
from runner.engine.sample.team import EXECUTIVE_SEATS, SEATS

Outcome = Literal["won", "lost", "stale"]


class Move(NamedTuple):
    """An opportunity's step into a stage of its pipeline."""

    at: int
    day: int
    stage: int


class Deal(NamedTuple):
    """An opportunity; its first move is its creation. ``value`` is in cents."""

    id: str
    seat: int
    creator: str
    pipeline: catalog.Pipeline
    value: int | None
    period: str
    moves: list[Move]


class _Course(NamedTuple):
    """What is decided of an opportunity beforehand: whose it is, its first and its last day, how it ends."""

    creator: int
    seat: int
    pipeline: catalog.Pipeline
    opened: int
    closed: int
    outcome: Outcome


def pursue(diary: Diary, sdr: int, qualified: int, source: str, *, is_sure: bool) -> list[Deal]:
    """The opportunity of a lead that qualified on a day, and what follows it."""
    draw = diary.rng.random
    seat = EXECUTIVE_SEATS[int(draw() * len(EXECUTIVE_SEATS))]
    pipeline = catalog.PIPELINES["Partners" if source == "Partner" else "Sales"]
    is_won = draw() < SEATS[seat].skill
    length = 10 + int(50 * draw() ** 1.3) if is_won else 7 + int(50 * draw())
    closed = days.workday(diary.day + 28 if is_sure else qualified + length)
    outcome: Outcome = "won" if is_won or is_sure else "stale" if draw() < rates.STALE else "lost"
    diary.status(sdr, qualified, "Qualified")
    deals = [_deal(diary, _Course(sdr, seat, pipeline, qualified, closed, outcome))]
    demo = days.workday(qualified + 2 + int(draw() * 5))
    if demo < closed:
        diary.status(sdr, days.workday(qualified + 1), "Demo booked")
        diary.meeting(seat, demo, "Demo")
    if outcome == "won":
        diary.status(seat, closed, "Customer")
        deals += _keep(diary, seat, pipeline, closed)
    elif outcome == "lost" and draw() < 0.92:
        diary.status(seat, closed, "Nurture" if draw() < 0.7 else "Bad fit")
    return deals


def _keep(diary: Diary, seat: int, pipeline: catalog.Pipeline, won: int) -> list[Deal]:
    """What comes after a win: looking after the customer, sometimes a second deal, sometimes the end."""
    draw = diary.rng.random
    for _ in range(int(draw() * 9)):
        day = won + 1 + int(draw() * 25)
        if diary.is_worked(seat, day):
            diary.any_touch(seat, day)
    drawn = draw()
    if drawn < rates.CHURN:
        diary.status(seat, days.workday(won + 20 + int(draw() * 12)), "Churned")
    elif drawn < rates.CHURN + rates.EXPANSION:
        opened = days.workday(won + 8 + int(draw() * 6))
        closed = days.workday(opened + 6 + int(draw() * 12))
        outcome: Outcome = "won" if draw() < 0.4 else "lost"
        return [_deal(diary, _Course(seat, seat, pipeline, opened, closed, outcome), number=1)]
    return []


def _deal(diary: Diary, course: _Course, *, number: int = 0) -> Deal:
    """The opportunity as it was decided, with the work on it."""
    draw = diary.rng.random
    period = chance.weighted(diary.rng, {name: share for name, (share, _) in rates.VALUES.items()})
    value = round(rates.VALUES[period][1] * diary.rng.lognormvariate(0, 0.6) / 1000) * 1000
    created = max(diary.clock(course.opened), diary.statuses[-1][0] + 60)
    deal = Deal(
        f"oppo_{diary.token[:39]}{number}",
        course.seat,
        diary.team.holder(course.creator, course.opened),
        course.pipeline,
        value if draw() > 0.03 else None,
        period,
        [Move(created, course.opened, 0)],
    )
    for day, stage in _plan(diary, course):
        _move(diary, deal, day, stage)
    _work(diary, course)
    return deal


def _plan(diary: Diary, course: _Course) -> list[tuple[int, int]]:
    """The days on which an opportunity changes its stage; some stages are jumped over, a stale one just stops."""
    draw = diary.rng.random
    active = course.pipeline.active
    last = active - 1 if course.outcome == "won" else int(draw() * active)
    stages = [stage for stage in range(1, last + 1) if draw() > 0.1]
    span = max(1, course.closed - course.opened - 1)
    when = sorted(days.workday(course.opened + 1 + int(draw() * span)) for _ in stages)
    plan = [(day, stage) for day, stage in zip(when, stages, strict=True) if day <= course.closed]
    if course.outcome != "stale":
        plan.append((course.closed, diary.rng.choice(course.pipeline.end(course.outcome))))
    return plan


def _move(diary: Diary, deal: Deal, day: int, stage: int) -> None:
    last = deal.moves[-1]
    at = max(diary.clock(day), last.at + 60)
    if at >= diary.end:
        return
    deal.moves.append(Move(at, day, stage))
    old, new = deal.pipeline.stages[last.stage], deal.pipeline.stages[stage]
    diary.add(
        "OpportunityStatusChange",
        at,
        diary.team.holder(deal.seat, day),
        {
            "new_status_id": new.id,
            "new_status_label": new.label,
            "new_status_type": new.type,
            "old_status_id": old.id,
            "old_status_label": old.label,
            "old_status_type": old.type,
            "opportunity_id": deal.id,
        },
    )


def _work(diary: Diary, course: _Course) -> None:
    """What an executive does for an opportunity while it is open."""
    draw = diary.rng.random
    seat, span = course.seat, course.closed - course.opened + 1
    diary.email(seat, days.workday(course.opened + 1), "manual", "Demo confirmation")
    if course.outcome == "won" or draw() < 0.5:
        diary.email(seat, days.workday(course.opened + int(span * 0.6)), "manual", "Proposal attached")
    for _ in range(min(3 * span, 19 + int(draw() * 20))):
        day = course.opened + int(span * draw())
        if diary.is_worked(seat, day):
            _executive_touch(diary, seat, day)


def _executive_touch(diary: Diary, seat: int, day: int) -> None:
    drawn = diary.rng.random()
    if drawn < 0.30:
        diary.call(seat, day, 0.5)
    elif drawn < 0.36:
        diary.meeting(seat, days.workday(day), "Follow-up")
    else:
        diary.any_touch(seat, day)
