"""The local clock against the API's one fixed offset: which one a span is asked at, and where one is not enough.

The API cuts time at the midnights of the offset, and counts a plain date (``date_won``) at its midnight. Where the
local clock is changed inside a span, no offset has all midnights right; but each run of days that begin at the same
offset has one. Its last day may be the shorter one on which the clock is set forward: the end of the run cuts it. A day
on which the clock is set back is longer than any bucket, so it is a run of its own, of which only the totals are read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import groupby, pairwise
from typing import cast
from zoneinfo import ZoneInfo

from runner import period
from runner.endpoints.moment import Moment
from runner.model import Job, Period

SHORTEST, LONGEST = timedelta(hours=25), timedelta(days=93)
"""Rows by day may be hoped for in spans longer than the one, up to the other; what comes is read."""


def offset(span: Period) -> float:
    """Hours east of UTC that a span is asked at: the smaller of those at its two ends.

    So each of its days has its midnight in the span, and the day after it has not, whichever way the clock is changed
    in between: what is counted by plain dates is right in total.
    """
    return _offset(span) / timedelta(hours=1)


def days(span: Period) -> tuple[tuple[datetime, datetime], ...]:
    """Beginning and end of each local day of a span that has a start, the first and the last one cut to it."""
    return tuple(pairwise(_edges(span)))


def pieces(span: Period, moment: Moment) -> tuple[Period, ...]:
    """The runs of days to ask one by one, so that each row is a local day; none where the span as a whole does."""
    if span.start is None or not SHORTEST < _utc(span.end) - _utc(span.start) <= LONGEST:
        return ()
    runs = _runs(span)
    if len(runs) == 1:
        return ()
    return tuple(period.between(start, end, moment.zone, moment.week_start) for start, end in runs)


def one_offset(job: Job, span: Period) -> str:
    """What a reader must know of rows that are counted at one offset; nothing where they are true all the same."""
    if _is_steady(span):
        return ""
    at = _text(_offset(span))
    return f"{job.name}: the clock changes within {span.name}; its rows are counted at {at} all through"


def joined(job: Job, span: Period, parts: tuple[Period, ...]) -> str:
    """How the days of a span are asked in parts."""
    changes = [start.date().isoformat() for start, end in days(span) if _east(start) != _east(end)]
    offsets = [_text(at) for at, _ in groupby(map(_offset, parts))]
    return (
        f"{job.name}: the clock changes on {' and '.join(changes)}; "
        f"its days are asked in pieces, at {', then '.join(offsets)}, and joined"
    )


def _edges(span: Period) -> list[datetime]:
    """The start, each beginning of a local day after it, the end."""
    edges = [cast("datetime", span.start)]
    first, last = (instant.date().toordinal() for instant in (edges[0], span.end))
    for day in range(first + 1, min(last + 1, date.max.toordinal()) + 1):
        begun = period.begin(date.fromordinal(day), _zone(span.end))
        if _utc(edges[-1]) < _utc(begun) < _utc(span.end):  # no day that is left out, none twice
            edges.append(begun)
    return [*edges, span.end]


def _is_steady(span: Period) -> bool:
    """Whether all days are right at the offset of the span: days up to ``LONGEST``, beyond it a look at every week."""
    if span.start is None:
        return True
    start, length = _utc(span.start), _utc(span.end) - _utc(span.start)
    if length <= LONGEST:
        return len(_runs(span)) == 1 and not _set_back(span.start, span.end)
    week = timedelta(weeks=1)
    looks = (start + week * number for number in range(length // week + 1))
    return {look.astimezone(_zone(span.end)).utcoffset() for look in looks} == {span.end.utcoffset()}


def _runs(span: Period) -> list[tuple[datetime, datetime]]:
    """Beginning and end of each run of days that one offset has right."""
    runs = [list(run) for _, run in groupby(days(span), lambda day: (_east(day[0]), _set_back(*day)))]
    return [(run[0][0], run[-1][1]) for run in runs]


def _set_back(start: datetime, end: datetime) -> bool:
    return _east(end) < _east(start)


def _offset(span: Period) -> timedelta:
    return min(_east(span.end), _east(span.start or span.end))


def _east(instant: datetime) -> timedelta:
    """How far the clock is ahead of UTC; where a day begins, so that it begins at midnight.

    A day whose midnight is skipped begins at one o'clock: its midnight is that of the offset before.
    """
    day = instant.date()
    if _utc(period.begin(day, _zone(instant))) == _utc(instant):
        return datetime.combine(day, time(), UTC) - _utc(instant)
    return instant.utcoffset() or timedelta()


def _zone(instant: datetime) -> ZoneInfo:
    """The report's zone, which every end of a period is in."""
    return cast("ZoneInfo", instant.tzinfo)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _text(shift: timedelta) -> str:
    """``-04:00``."""
    return datetime.min.replace(tzinfo=timezone(shift)).isoformat()[19:]
