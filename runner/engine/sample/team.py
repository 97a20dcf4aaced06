"""Who works in the sample organization, and how much they get done on a day.

Work belongs to a seat. Most seats have one person for good; two are left and filled again at fixed dates of the
calendar, so that at any time somebody is fairly new or has left not long ago. In between a teammate stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from runner.engine.sample import chance, days, rates, words

FOUNDED = date(2015, 5, 4).toordinal()

SDRS = "SDR team"
EXECUTIVES = "Account executives"


@dataclass(frozen=True, slots=True)
class Seat:
    """A position: how much is done there (1 = the most), how well, and how calls are dialed.

    ``skill`` is the chance that a lead qualifies (SDRs) or a deal is won (executives). ``weeks`` is how long
    people stay, 0 for good.
    """

    first_name: str
    last_name: str
    team: str
    volume: float
    skill: float
    dialer: str = "regular"
    weeks: int = 0


SEATS = (
    Seat("Ann", "Lee", SDRS, 0.98, 0.54, "power"),
    Seat("Tobias", "Wrenfield", SDRS, 0.86, 0.46),
    Seat("Zuri", "Kamara", SDRS, 0.92, 0.50, "predictive"),
    Seat("Mateo", "Solórzano", SDRS, 0.74, 0.42),
    Seat("", "", SDRS, 0.88, 0.45, "power", weeks=40),
    Seat("Priya", "Raghunath", EXECUTIVES, 0.95, 0.25),
    Seat("Jürgen", "Weissmüller", EXECUTIVES, 0.82, 0.19),
    Seat("Chloé", "Beaumarchand", EXECUTIVES, 0.90, 0.22),
    Seat("Oluwaseun", "Badmus", EXECUTIVES, 0.78, 0.16),
    Seat("", "", EXECUTIVES, 0.85, 0.17, weeks=104),
    Seat("Maya", "Lindholm", EXECUTIVES, 0.88, 0.20),
    Seat("Rosalind", "Achebe", EXECUTIVES, 0.70, 0.23),
)

SDR_SEATS = tuple(number for number, seat in enumerate(SEATS) if seat.team == SDRS)
EXECUTIVE_SEATS = tuple(number for number, seat in enumerate(SEATS) if seat.team == EXECUTIVES)
HEAD = len(SEATS) - 1
"""The seat that sends what goes to everybody."""

_VACANT_DAYS = 11


class Person(NamedTuple):
    """Somebody in a seat, from the beginning of the day ``since`` up to that of ``until`` (0 = for good)."""

    id: str
    first_name: str
    last_name: str
    seat: int
    since: int
    until: int

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


def hired(seat: int, turn: int) -> Person:
    """The person of that turn in a seat that people leave."""
    length = SEATS[seat].weeks * 7
    first_name, last_name = words.HIRES[(2 * turn + (SEATS[seat].team == EXECUTIVES)) % len(words.HIRES)]
    since = turn * length + 1
    return Person(
        chance.identify("user", seat, turn), first_name, last_name, seat, since, since + length - _VACANT_DAYS
    )


def permanent(seat: int) -> Person:
    """The person who keeps a seat."""
    place = SEATS[seat]
    since = FOUNDED + 30 * seat
    return Person(chance.identify("user", seat), place.first_name, place.last_name, seat, since, 0)


def _turn(seat: int, day: int) -> int:
    return (day - 1) // (SEATS[seat].weeks * 7)


def holders(seat: int, first: int, last: int) -> Iterator[Person]:
    """Everybody who sat there on one of the days, in turn."""
    if not SEATS[seat].weeks:
        yield permanent(seat)
        return
    for turn in range(_turn(seat, first), _turn(seat, last) + 1):
        person = hired(seat, turn)
        if person.until > first:
            yield person


class Team:
    """The people of one seed: who does a seat's work on a day, and how much of it is done."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._effort: dict[tuple[int, int], float] = {}
        self._week: dict[tuple[int, int], float] = {}
        self._holder: dict[tuple[int, int], str] = {}

    @cached_property
    def _permanent(self) -> tuple[Person, ...]:
        return tuple(permanent(seat) for seat in range(len(SEATS)))

    def holder(self, seat: int, day: int) -> str:
        """The ID of who does the seat's work on a day."""
        key = (seat, day)
        if key not in self._holder:
            self._holder[key] = self._find_holder(seat, day)
        return self._holder[key]

    def _find_holder(self, seat: int, day: int) -> str:
        place = SEATS[seat]
        if place.weeks:
            person = hired(seat, _turn(seat, day))
            if day < person.until:
                return person.id
            seat = SDR_SEATS[0] if place.team == SDRS else EXECUTIVE_SEATS[0]
        return self._permanent[seat].id

    def effort(self, seat: int, day: int) -> float:
        """The share of the work meant for a day that is done on it."""
        key = (seat, day)
        if key not in self._effort:
            self._effort[key] = SEATS[seat].volume * days.rhythm(day) * self._form(seat, day) * _experience(seat, day)
        return self._effort[key]

    def _form(self, seat: int, day: int) -> float:
        """How a person's week goes: some go badly, some are taken off."""
        key = (seat, (day - 1) // 7)
        if key not in self._week:
            rng = chance.generator(self.seed, "week", *key)
            drawn = rng.random()
            good = rng.uniform(0.88, 1.0)
            self._week[key] = 0.03 if drawn < rates.WEEK_OFF else 0.4 if drawn < rates.WEEK_OFF + rates.SLUMP else good
        return self._week[key]


def _experience(seat: int, day: int) -> float:
    """A new person's share of what an old hand does."""
    if not SEATS[seat].weeks:
        return 1.0
    person = hired(seat, _turn(seat, day))
    if day >= person.until:
        return 0.25
    return min(1.0, 0.25 + 0.75 * (day - person.since) / rates.RAMP_DAYS)
