"""Names of time -> half-open spans ``[start, end)`` of local days, the same on every run.

A local day begins at the first instant whose local date is that day or later: midnight, the first of two midnights
where the clock is set back, the end of the gap where midnight is skipped. So days, weeks, months, quarters and years
touch without gap or overlap in every zone, and an instant belongs to the last day that has begun, also in the hour
that a clock set back past midnight repeats. A day that a zone left out (2011-12-30 in Pacific/Apia) is empty; asking
for it raises ``ValueError``, longer spans run over it.

Weeks are numbered as in ISO 8601. With weeks from Sunday, ``2026-W47`` begins on the Sunday before its ISO Monday.

Instants are compared in UTC throughout: Python compares datetimes of one zone by the wall clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from runner import wallclock
from runner.model import Json, Period, WeekStart

Unit: TypeAlias = Literal["year", "quarter", "month", "week", "day"]

UNITS: tuple[Unit, ...] = get_args(Unit)

WORDS: dict[str, tuple[Unit, int]] = {
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
"""The API's relative words but for ``all-time``: a calendar unit, and how far from the present one."""

SAME_DAYS: dict[str, Unit] = {f"same-days-last-{unit}": unit for unit in UNITS if unit != "day"}
"""The API's words for the same days of an earlier week, month, quarter or year."""

_ONE_DAY = timedelta(days=1)
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_LAST_DAYS = re.compile(r"last-([1-9][0-9]{0,6})-days")
_CALENDAR = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    rf"{_DATE.pattern}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.,][0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
)


def resolve(
    said: str | int | Mapping[str, Json], as_of: datetime, zone: ZoneInfo, week_start: WeekStart = "monday"
) -> Period:
    """The span that ``said`` names in ``zone``, seen from ``as_of``; ``ValueError`` where it names none.

    ``said`` is one of ``WORDS`` (``this-*`` runs to the end of its unit), ``all-time`` (everything up to ``as_of``),
    ``last-N-days`` (the N whole local days before today), a day, week, month, quarter or year (``2026-11-16``,
    ``2026-W47``, ``2026-11``, ``2026-Q4``, ``2026``), or ``{start, end}`` with an exclusive end, each a plain date
    (its local beginning) or a datetime with an offset.
    """
    with _in_calendar(said):
        if isinstance(said, Mapping):
            return between(*_ends(said, zone), zone, week_start)
        text = str(said)
        if text == "all-time":
            return Period(text, None, _aware(as_of).astimezone(zone))
        first, after = _days(text, as_of, zone, week_start)
        return between(begin(first, zone), begin(after, zone), zone, week_start)


def compare(
    said: str | int | Mapping[str, Json],
    period: Period,
    as_of: datetime,
    zone: ZoneInfo,
    week_start: WeekStart = "monday",
) -> Period:
    """The span that ``period`` is compared with; ``ValueError`` where there is none.

    ``previous`` is the span that ends where ``period`` begins: the calendar unit before where ``period`` is exactly a
    day, week, month, quarter or year, running or not; else as many whole days; else the same length by the wall clock.
    A ``same-days-last-*`` word moves both ends back by 7 days or 1, 3, 12 months of local time, the day cut to its
    month's end; where nothing would be left (30 March against February), the span runs to the end of the day it was
    cut to. Of a period that is not over at ``as_of``, both have as much of the span as has gone by, to the minute:
    Monday to Wednesday noon is compared with the same days. Everything else is a range as ``resolve`` takes it.
    """
    if period.start is None:
        raise ValueError("all-time has nothing before it to be compared with")
    with _in_calendar(said):
        if said == "previous":
            start = _previous_start(period.start, period.end, zone, week_start)
            return between(start, _as_far(start, period.start, period, as_of, zone), zone, week_start)
        if isinstance(said, str) and said in SAME_DAYS:
            start, end = (_shift_wall(instant, SAME_DAYS[said], zone) for instant in (period.start, period.end))
            if _utc(end) <= _utc(start):
                end = begin(start.date() + _ONE_DAY, zone)
            return between(start, _as_far(start, end, period, as_of, zone), zone, week_start)
    compared = resolve(said, as_of, zone, week_start)
    if compared.start is None:
        raise ValueError("all-time is no span to compare with")
    return compared


def between(start: datetime, end: datetime, zone: ZoneInfo, week_start: WeekStart = "monday") -> Period:
    """The span of two instants in ``zone``, named as ``resolve`` would; ``ValueError`` where nothing lies between."""
    if _utc(start) >= _utc(end):
        raise ValueError(f"nothing lies between {start.isoformat()} and {end.isoformat()} in {zone.key}")
    return Period(_name(start, end, zone, week_start), start, end)


def begin(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return wallclock.first(datetime.combine(day, time()), zone)


def moment(said: Json, zone: ZoneInfo) -> datetime:
    """The instant of a plain date (its beginning in ``zone``) or of a time with its offset; else ``ValueError``."""
    text = said if isinstance(said, str) else ""
    try:
        if _DATE.fullmatch(text):
            return begin(date.fromisoformat(text), zone)
        if _DATETIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(zone)
    except ValueError as error:
        raise ValueError(f"{said!r} is not in the calendar: {error}") from error
    raise ValueError(f"{said!r} is no moment: say a date as 2026-11-16, or a time with its offset")


def around(day: date, unit: Unit, week_start: WeekStart = "monday") -> tuple[date, date]:
    """The first day of the unit that ``day`` lies in, and the day after its last."""
    first = _first(unit, day, week_start)
    return first, _shift(unit, first, 1)


# ---- instants --------------------------------------------------------------------------------------------


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant


def _today(as_of: datetime, zone: ZoneInfo) -> date:
    """The last local day that has begun: in a repeated hour before midnight, already the day after."""
    day = _aware(as_of).astimezone(zone).date()
    while _utc(begin(day + _ONE_DAY, zone)) <= _utc(as_of):
        day += _ONE_DAY
    return day


# ---- calendar days ---------------------------------------------------------------------------------------


def _first(unit: Unit, day: date, week_start: WeekStart) -> date:
    """The first day of the unit that ``day`` lies in."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=(day.weekday() + (week_start == "sunday")) % 7)
    return day.replace(month=(day.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1, day=1)


def _shift(unit: Unit, day: date, count: int) -> date:
    """``day`` moved by so many units; a day that the month does not have becomes its last."""
    if unit in ("day", "week"):
        return day + (7 if unit == "week" else 1) * count * _ONE_DAY
    year, month = divmod(day.year * 12 + day.month - 1 + _MONTHS[unit] * count, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"year {year} is out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _shift_wall(instant: datetime, unit: Unit, zone: ZoneInfo) -> datetime:
    wall = wallclock.shown(instant, zone)
    clock = time() if _day_begun(instant, zone) else wall.time()  # a day may begin at one o'clock
    return wallclock.first(datetime.combine(_shift(unit, wall.date(), -1), clock), zone)


def _as_far(start: datetime, end: datetime, period: Period, as_of: datetime, zone: ZoneInfo) -> datetime:
    """Where ``[start, end)`` has had as much time by the wall clock as the running period; else its end."""
    if period.start is None or not _utc(period.start) < _utc(as_of) < _utc(period.end):
        return end
    gone = wallclock.shown(as_of, zone).replace(second=0, microsecond=0) - wallclock.shown(period.start, zone)
    cut = wallclock.first(wallclock.shown(start, zone) + gone, zone)
    return min(cut, end, key=_utc) if _utc(cut) > _utc(start) else end


def _previous_start(start: datetime, end: datetime, zone: ZoneInfo, week_start: WeekStart) -> datetime:
    """Where the span before ``[start, end)`` begins."""
    first, after = _day_begun(start, zone), _day_begun(end, zone)
    if first and (unit := _unit(first, end, zone, week_start)):
        return begin(_shift(unit, first, -1), zone)
    if first and after:
        return begin(first - (after - first), zone)
    wall = wallclock.shown(start, zone)
    before = wallclock.first(wall - (wallclock.shown(end, zone) - wall), zone)
    # Where the clock was set in between, the wall clock's length may be nothing: then by elapsed time.
    return before if _utc(before) < _utc(start) else (_utc(start) - (_utc(end) - _utc(start))).astimezone(zone)


# ---- reading ---------------------------------------------------------------------------------------------


@contextmanager
def _in_calendar(said: str | int | Mapping[str, Json]) -> Iterator[None]:
    try:
        yield
    except OverflowError as error:
        raise ValueError(f"{_quoted(said)} reaches beyond the years {date.min.year} to {date.max.year}") from error


def _quoted(said: Json | Mapping[str, Json]) -> str:
    return repr(dict(said) if isinstance(said, Mapping) else said)


def _days(text: str, as_of: datetime, zone: ZoneInfo, week_start: WeekStart) -> tuple[date, date]:
    """The first day of what ``text`` says, and the day after its last."""
    if found := _LAST_DAYS.fullmatch(text):
        today = _today(as_of, zone)
        return today - int(found[1]) * _ONE_DAY, today
    if text in WORDS:
        unit, count = WORDS[text]
        first = _shift(unit, _first(unit, _today(as_of, zone), week_start), count)
    else:
        unit, day = _calendar(text)
        first = _first(unit, day, week_start)
    return first, _shift(unit, first, 1)


def _calendar(text: str) -> tuple[Unit, date]:
    """The unit that an absolute name says, and a day in it."""
    found = _CALENDAR.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is no range: say a word such as last-week or all-time, last-7-days, 2026-W47, 2026-11, 2026-Q4, "
            "2026, or start and end"
        )
    part = {unit: int(number) for unit, number in found.groupdict().items() if number}
    try:
        if "week" in part:
            return "week", date.fromisocalendar(part["year"], part["week"], 1)
        month = part["quarter"] * 3 if "quarter" in part else part.get("month", 1)
        day = date(part["year"], month, part.get("day", 1))
    except ValueError as error:
        raise ValueError(f"{text!r} is not in the calendar: {error}") from error
    return next(unit for unit in reversed(UNITS) if unit in part), day


def _ends(said: Mapping[str, Json], zone: ZoneInfo) -> tuple[datetime, datetime]:
    if said.keys() != {"start", "end"}:
        raise ValueError(f"{_quoted(said)} is no range: it needs start and end, nothing else")
    return moment(said["start"], zone), moment(said["end"], zone)


# ---- naming ----------------------------------------------------------------------------------------------


def _name(start: datetime, end: datetime, zone: ZoneInfo, week_start: WeekStart) -> str:
    """The span's own name: a calendar unit's, else its first and last day, else its start and its exclusive end."""
    first, after = _day_begun(start, zone), _day_begun(end, zone)
    if not (first and after):
        return f"{_clock(start)}--{_clock(end)}"
    match _unit(first, end, zone, week_start):
        case "year":
            return f"{first.year:04}"
        case "quarter":
            return f"{first.year:04}-Q{(first.month + 2) // 3}"
        case "month":
            return first.isoformat()[:7]
        case "week":
            year, week, _ = (first + _ONE_DAY).isocalendar()  # the day after a Monday or a Sunday: its ISO week
            return f"{year:04}-W{week:02}"
        case "day":
            return first.isoformat()
        case None:
            last = (_utc(end) - timedelta.resolution).astimezone(zone).date()
            return f"{first}--{last}"


def _unit(first: date, end: datetime, zone: ZoneInfo, week_start: WeekStart) -> Unit | None:
    """The calendar unit that the days from ``first`` up to ``end`` make, if they make one."""
    for unit in UNITS:
        if _first(unit, first, week_start) == first and _utc(begin(_shift(unit, first, 1), zone)) == _utc(end):
            return unit
    return None


def _day_begun(instant: datetime, zone: ZoneInfo) -> date | None:
    """The local day that begins at this instant, if one does."""
    day = instant.astimezone(zone).date()
    return day if _utc(begin(day, zone)) == _utc(instant) else None


def _clock(instant: datetime) -> str:
    """Local time without colons; with the offset where the clock shows it twice."""
    text = instant.replace(tzinfo=None).isoformat(
        timespec="auto" if instant.second or instant.microsecond else "minutes"
    )
    twice = instant.replace(fold=0).utcoffset() != instant.replace(fold=1).utcoffset()
    return text.replace("-", "").replace(":", "") + (f"{instant:%z}" if twice else "")
