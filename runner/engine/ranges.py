"""Ranges of time a request asks for, in words or as two datetimes, at its fixed offset."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from runner.engine import moments
from runner.engine.fields import Fields
from runner.engine.grains import GRAINS
from runner.engine.inquiry import Backend, Inquiry, lookup
from runner.engine.moments import DAY, EPOCH, MINUTE

_FIRST_DAY = EPOCH.date()

_PERIODS = {
    "today": ("day", 0),
    "this-week": ("week", 0),
    "this-month": ("month", 0),
    "this-quarter": ("quarter", 0),
    "this-year": ("year", 0),
    "yesterday": ("day", -1),
    "last-week": ("week", -1),
    "last-month": ("month", -1),
    "last-quarter": ("quarter", -1),
    "last-year": ("year", -1),
}
ALL_TIME = "all-time"
WORDS = (*_PERIODS, ALL_TIME)
"""The words of ``relative_range``."""

_WEEK = "same-days-last-week"
_MONTHS = {"same-days-last-month": 1, "same-days-last-quarter": 3, "same-days-last-year": 12}
SAME_DAYS = (_WEEK, *_MONTHS)
"""The words for a range's own days, earlier."""

_STARTS = (
    ("call", "ts"),
    ("email", "ts"),
    ("sms", "ts"),
    ("meeting", "ts"),
    ("note", "ts"),
    ("task_completed", "ts"),
    ("lead", "created"),
    ("opportunity", "created"),
)
_FIRSTS = " UNION ALL ".join(f"SELECT MIN({column}) AS ts FROM {table}" for table, column in _STARTS)
_EARLIEST = f"SELECT MIN(r.ts) FROM ({_FIRSTS}) r"


@dataclass(frozen=True, slots=True)
class Range:
    """A half-open range ``[start, end)`` in microseconds UTC, seen by clocks ``offset`` minutes east of UTC."""

    start: int
    end: int
    offset: int

    def local(self, at: int) -> int:
        """What a clock at the offset shows at ``at``, in microseconds since its own 1970-01-01."""
        return at + self.offset * MINUTE

    def utc(self, local: int) -> int:
        """When a clock at the offset shows ``local``."""
        return local - self.offset * MINUTE

    def started(self, at: str, grain: str) -> str:
        """SQL of when, in UTC, the hour or the day (of local time) began that a moment ``at`` of the range lies in."""
        unit = GRAINS[grain]
        first = unit.index(self.local(self.start))
        origin, size = self.utc(unit.start(first)), unit.start(first + 1) - unit.start(first)
        return f"{at} - ({at} - ({origin:d})) % {size:d}"

    def holds(self, at: str) -> str:
        """SQL of whether a moment lies in the range, said once: of what is computed it would be computed twice."""
        return f"{at} BETWEEN {self.start:d} AND {self.end - 1:d}"

    @property
    def is_empty(self) -> bool:
        """Whether no moment lies in it."""
        return self.start == self.end


def read(fields: Fields, inquiry: Inquiry, absolute: str = "datetime_range", relative: str = "relative_range") -> Range:
    """The range of the field ``absolute`` or ``relative``, exactly one of which must be there."""
    if fields.has(absolute) and not fields.has(relative):
        return between(fields, absolute, inquiry.offset)
    word = fields.choice(relative, WORDS) if fields.has(relative) else ""
    if fields.has(absolute) == fields.has(relative):
        fields.refuse(absolute, f"Give exactly one of {absolute} and {relative}.")
    return resolve(word, inquiry) if word in WORDS else Range(0, 0, inquiry.offset)


def between(fields: Fields, key: str, offset: int) -> Range:
    """The range of a required field of two datetimes, ``{"start": ..., "end": ...}``."""
    ends = fields.nested(key)
    if not fields.sound(key):
        return Range(0, 0, offset)
    start, end = ends.moment("start"), ends.moment("end")
    if ends.sound("start") and ends.sound("end") and start > end:
        fields.refuse(key, "The start is after the end.")
    return Range(start, end, offset)


def resolve(word: str, inquiry: Inquiry) -> Range:
    """The range a word of ``relative_range`` names at the inquiry's instant: whole periods of its offset's calendar.

    ``all-time`` runs from the organization's creation, or from the oldest object where that is not known, to now.
    """
    if word == ALL_TIME:
        return Range(min(_beginning(inquiry), inquiry.now), inquiry.now, inquiry.offset)
    unit, steps = _PERIODS[word]
    grain = GRAINS[inquiry.week if unit == "week" else unit]
    index = grain.index(inquiry.now + inquiry.offset * MINUTE) + steps
    shift = inquiry.offset * MINUTE
    return Range(grain.start(index) - shift, grain.start(index + 1) - shift, inquiry.offset)


def earlier(over: Range, word: str) -> Range:
    """The same days by a word of ``SAME_DAYS``: both ends moved back 7 days, or 1, 3 or 12 months of local time.

    A day that the month does not have becomes its last. A range of which nothing is left by that is empty.
    """
    start, end = (over.utc(_back(over.local(at), word)) for at in (over.start, over.end))
    return Range(start, max(start, end), over.offset)


def _back(local: int, word: str) -> int:
    if word == _WEEK:
        return local - 7 * DAY
    days, time = divmod(local, DAY)
    day = _FIRST_DAY + timedelta(days=days)
    year, month = divmod(day.year * 12 + day.month - 1 - _MONTHS[word], 12)
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return (moved - _FIRST_DAY).days * DAY + time


def _beginning(inquiry: Inquiry) -> int:
    created = inquiry.organization().get("date_created")
    return moments.stored(created) if created else _earliest(inquiry.backend, inquiry.now)


def _earliest(backend: Backend, now: int) -> int:
    ((at,),) = lookup(backend, _EARLIEST)
    return now if at is None else int(at)
