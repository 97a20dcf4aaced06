"""Days, clocks and periods in words: ``16–22 Nov 2026``, ``Q4 2026``, ``Mon 16 Nov``, ``14:00``.

English dates are day first and with a 24 hour clock for every English locale: ``16–22 Nov 2026`` means the same day
to every reader. Other locales are written as CLDR says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from babel import Locale
from babel.dates import parse_pattern

from runner import period as calendar
from runner.model import Period
from runner.render.style import Style

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

STEPS: tuple[tuple[timedelta, str], ...] = (
    (20 * HOUR, "hour"),
    (2 * DAY, "day"),
    (20 * DAY, "week"),
    (45 * DAY, "month"),
    (120 * DAY, "quarter"),
)
"""Longest distance between the beginnings of neighbouring buckets -> what a bucket is; beyond them a year."""

SKELETONS = {"day": "MMMEd", "week": "MMMd", "month": "yMMM", "quarter": "yQQQ", "year": "y"}
"""What is said of a bucket, in CLDR's letters."""


def labels(starts: Sequence[datetime], style: Style) -> tuple[str, ...]:
    """A name for each bucket of time by its beginning, as exact as the distance between them asks for."""
    return _labels(tuple(starts), style)


@lru_cache(256)
def _labels(starts: tuple[datetime, ...], style: Style) -> tuple[str, ...]:
    local = [start.astimezone(style.zone) for start in starts]
    gaps = [after.astimezone(UTC) - before.astimezone(UTC) for before, after in pairwise(local)]
    step = _step(gaps) if gaps else "day" if all(start == _begin(start, style) for start in local) else "hour"
    if step == "hour":
        one_day = len({start.date() for start in local}) == 1 and len(local) > 1
        return tuple(clock(start, style) if one_day else _day_and_clock(start, "MMMEd", style) for start in local)
    # Buckets are counted at one offset; where the clock is set back among them, they begin at 23:00 the day before.
    return tuple(_written((start + HOUR).date(), SKELETONS[step], style) for start in local)


def day(value: datetime, style: Style) -> str:
    """A day with its year: ``Mon 16 Nov 2026``."""
    return _written(value.astimezone(style.zone).date(), "yMMMEd", style)


def moment(value: datetime, style: Style) -> str:
    """A minute of a day: ``Mon 16 Nov 2026 07:02``."""
    return _day_and_clock(value.astimezone(style.zone), "yMMMEd", style)


def clock(value: datetime, style: Style) -> str:
    """The time of day, 24 hours: ``14:05``."""
    return _clock(value.astimezone(style.zone).time(), style)


@lru_cache(2048)
def _clock(value: time, style: Style) -> str:
    return style.digits(_apply(_pattern("Hm", style), value, style.locale))


def offset(value: datetime, style: Style) -> str:
    """How far the zone's clock is from UTC at that instant: ``UTC−05:00``."""
    shift = value.astimezone(style.zone).isoformat()[-6:]
    return f"UTC{shift.replace('-', '−')}"


def words(span: Period, style: Style, *, beside: Period | None = None) -> str:
    """A period as people say it, with its last included day: ``16–22 Nov 2026``.

    The year is left out where it is the only year of ``beside``, the period that was named just before.
    """
    return _words(span, style, beside)


@lru_cache(1024)
def _words(span: Period, style: Style, beside: Period | None) -> str:
    if span.start is None:
        return f"all time up to {moment(span.end, style)}"
    if not (_begins_day(span.start, style) and _begins_day(span.end, style)):
        return _clocked(span.start.astimezone(style.zone), span.end.astimezone(style.zone), style)
    said = beside is not None and len(_years(span, style) | _years(beside, style)) == 1
    return _whole_days(span.start.astimezone(style.zone).date(), _last(span, style), style, year="" if said else "y")


def bounds(span: Period, style: Style) -> str:
    """The exact span, for the record: both ends with day, time, offset; the end is not part of it."""
    end = f"{moment(span.end, style)} ({offset(span.end, style)})"
    if span.start is None:
        return f"everything until {end}, {style.zone.key}"
    return f"{moment(span.start, style)} ({offset(span.start, style)}) until {end}, {style.zone.key}"


# ---- spans -----------------------------------------------------------------------------------------------


def _last(span: Period, style: Style) -> date:
    """The last day that the span has a part of."""
    return (span.end.astimezone(UTC) - timedelta.resolution).astimezone(style.zone).date()


def _years(span: Period, style: Style) -> set[int]:
    """The years of the span's first and last day; that of an open beginning is none."""
    return {span.start.astimezone(style.zone).year if span.start else 0, _last(span, style).year}


def _begin(instant: datetime, style: Style) -> datetime:
    return calendar.begin(instant.astimezone(style.zone).date(), style.zone)


def _begins_day(instant: datetime, style: Style) -> bool:
    return _begin(instant, style).astimezone(UTC) == instant.astimezone(UTC)


def _step(gaps: Sequence[timedelta]) -> str:
    """What the buckets are: the first may be cut short by the range, the others have their full length."""
    return next((name for longest, name in STEPS if max(gaps) <= longest), "year")


def _whole_days(first: date, last: date, style: Style, *, year: str) -> str:
    skeleton = _unit(first, last)
    if skeleton is None:
        return _interval(first, last, f"{year}MMMd", style)
    return _written(first, skeleton if skeleton == "y" else year + skeleton, style)


def _unit(first: date, last: date) -> str | None:
    """The skeleton of the day, year, quarter or month that the days make, if they make one."""
    after = last + DAY if last < date.max else None
    months = (after.year - first.year) * 12 + after.month - first.month if after else 0
    if first == last:
        return "MMMEd"
    if after is None or first.day != 1 or after.day != 1:
        return None
    if months in (12, 3) and (first.month - 1) % months == 0:
        return "y" if months == 12 else "QQQ"
    return "MMM" if months == 1 else None


def _interval(first: date, last: date, skeleton: str, style: Style) -> str:
    """Two days with what they share said once, as CLDR's interval patterns have it."""
    patterns = _source(style.locale).interval_formats.get(skeleton, {})
    differs = {"y": first.year != last.year, "M": first.month != last.month, "d": first.day != last.day}
    for field in ("y", "M", "d"):
        if differs[field] and field in patterns:
            halves = zip(patterns[field], (first, last), strict=True)
            text = "".join(_apply(_adapted(half, style.locale), at, style.locale) for half, at in halves)
            return style.digits(text.replace("\u2009", " "))
    return f"{_written(first, skeleton, style)} – {_written(last, skeleton, style)}"


def _clocked(start: datetime, end: datetime, style: Style) -> str:
    until = f"–{clock(end, style)}" if start.date() == end.date() else f" – {moment(end, style)}"
    return f"{moment(start, style)}{until}"


def _day_and_clock(value: datetime, skeleton: str, style: Style) -> str:
    return f"{_written(value.date(), skeleton, style)} {clock(value, style)}"


# ---- patterns --------------------------------------------------------------------------------------------


@lru_cache(4096)
def _written(value: date, skeleton: str, style: Style) -> str:
    return style.digits(_apply(_pattern(skeleton, style), value, style.locale))


def _apply(pattern: str, value: date | time, locale: Locale) -> str:
    return parse_pattern(pattern).apply(value, Locale("en") if locale.language == "en" else locale)


def _source(locale: Locale) -> Locale:
    """The locale whose patterns are used: British ones for all English, with the month names of ``en``."""
    return Locale("en", "GB") if locale.language == "en" else locale


@lru_cache(256)
def _pattern(skeleton: str, style: Style) -> str:
    known = _source(style.locale).datetime_skeletons
    return _adapted(known[skeleton].pattern if skeleton in known else skeleton, style.locale)


def _adapted(pattern: str, locale: Locale) -> str:
    """The pattern without its stand-alone forms of months and weekdays, and without commas in English.

    Babel keeps one copy of the stand-alone names for all locales that have none of their own: what they are would
    depend on which locales were in use before.
    """
    plain, quote, rest = pattern.partition("'")
    plain = plain.replace("L", "M").replace("c", "E").replace("q", "Q")
    if locale.language == "en":
        plain = plain.replace(",", "")
    if not quote:
        return plain
    literal, _, rest = rest.partition("'")
    return f"{plain}'{literal}'{_adapted(rest, locale)}"
