"""The story of a lead of the sample organization, drawn from its birth alone: found, called, qualified, won or lost."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from runner.engine.sample import catalog, chance, days, profile, rates, selling, words
from runner.engine.sample.diary import Diary, Event
from runner.engine.sample.profile import Profile
from runner.engine.sample.selling import Deal
from runner.engine.sample.team import HEAD, SDR_SEATS, SEATS, Team


class Lead(NamedTuple):
    """A lead with all that will ever happen to it, in no order; ``statuses`` in order, each from an instant on."""

    id: str
    born: int
    creator: str
    profile: Profile
    statuses: list[tuple[int, str]]
    deals: list[Deal]
    events: list[Event]


def births(team: Team, day: int) -> int:
    """How many leads are born on a day: at least one on a Monday."""
    draw = chance.generator(team.seed, "births", day).random()
    season = rates.SEASON[date.fromordinal(day).month - 1] * (0.3 if days.is_holiday(day) else 1.0)
    count = int(rates.BIRTHS * rates.BIRTH_WEEKDAYS[days.weekday(day)] * season * (0.6 + 0.8 * draw) + 0.5)
    return max(count, days.weekday(day) == 0)


def grow(team: Team, day: int, index: int) -> Lead:
    """The lead born as the ``index``-th of a day.

    The first of each Monday is won on that weekday four weeks later, so that no week is without a win.
    """
    rng = chance.generator(team.seed, "lead", day, index)
    token = chance.token(rng)
    who = profile.draw(rng, token)
    seat = rng.choice(SDR_SEATS)
    born = days.noon(day) + rng.choice(chance.CLOCK) + int(rng.random() * 1800)
    diary = Diary(team, rng, token, day=day, born=born)
    is_sure = index == 0 and days.weekday(day) == 0
    deals: list[Deal] = []
    if is_sure or rng.random() < SEATS[seat].skill * rates.QUALIFIED[who.source]:
        qualified = days.workday(day + 3 + int(rng.random() ** 2 * 20))
        _prospect(diary, seat, qualified, who.source)
        deals = selling.pursue(diary, seat, qualified, who.source, is_sure=is_sure)
    else:
        _give_up(diary, seat, who.source)
    _send_to_all(diary)
    return Lead(f"lead_{token}", born, team.holder(seat, day), who, diary.statuses, deals, diary.events)


def _prospect(diary: Diary, seat: int, until: int, source: str) -> None:
    """Calls, a sequence of e-mails and the rest, up to a day, most of it early; somebody is reached."""
    reached = min(until, days.workday(diary.day + 1 + int(diary.rng.random() ** 2 * 9)))
    _touch(diary, seat, until, source)
    diary.call(seat, reached, 1.0)
    diary.status(seat, reached, "Contacted")
    diary.note(seat, reached)


def _touch(diary: Diary, seat: int, until: int, source: str) -> None:
    draw = diary.rng.random
    _send_sequence(diary, seat, until, "Inbound" if source == "Inbound" else "Outbound")
    span = until - diary.day + 1
    for _ in range(min(2 * span, 12 + int(draw() * 13))):
        day = diary.day + int(span * draw() ** 1.5)
        if diary.is_worked(seat, day):
            diary.call(seat, day, rates.ANSWERED)
    for _ in range(1 + int(draw() * 8)):
        day = diary.day + int(span * draw())
        if diary.is_worked(seat, day):
            diary.any_touch(seat, day)


def _send_sequence(diary: Diary, seat: int, until: int, source: str) -> None:
    """The e-mails of a sequence, up to the first answer."""
    for step, name in zip(rates.SEQUENCE_DAYS, words.SEQUENCE_TEMPLATES, strict=True):
        day = days.workday(diary.day + step)
        if day > until or diary.email(seat, day, "sequence", name, catalog.SEQUENCES[source]):
            return


def _give_up(diary: Diary, seat: int, source: str) -> None:
    """A lead that never qualifies: reached or not, set aside in the end or not."""
    draw = diary.rng.random
    last = days.workday(diary.day + 18 + int(draw() * 40))
    is_reached = draw() < 0.62
    (_prospect if is_reached else _touch)(diary, seat, last, source)
    drawn = draw()
    if drawn < 0.45:
        diary.status(seat, last, "Nurture")
    elif drawn < 0.75 and is_reached:
        diary.status(seat, last, "Bad fit")


def _send_to_all(diary: Diary) -> None:
    """The monthly e-mail to every lead, until it turns out not to fit."""
    over = [at for at, label in diary.statuses if label in ("Bad fit", "Churned")]
    end = min([diary.end, *over])
    day = days.bulk_day(diary.day + 1)
    while days.noon(day) < end:
        if diary.rng.random() < 0.6:
            diary.email(HEAD, day, "bulk", words.BULK_TEMPLATE)
        day = days.bulk_day(day + 1)
