"""When digests are due: against a clock that is watched minute by minute, on the days when it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.model import Schedule
from runner.schedule import MOST, last_slot, next_slot, slots
from tests.spec.definitions import read

NEW_YORK = ZoneInfo("America/New_York")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

CHANGES = [
    ("America/New_York", "2026-03-08"),  # 02:00 to 03:00 skipped
    ("America/New_York", "2026-11-01"),  # 01:00 to 02:00 twice
    ("Europe/London", "2026-03-29"),
    ("Europe/London", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Africa/Cairo", "2026-04-24"),  # midnight skipped
    ("Africa/Cairo", "2026-10-30"),  # the hour before midnight twice
    ("America/Havana", "2026-11-01"),  # the hour after midnight twice
    ("Pacific/Apia", "2011-12-30"),  # a day left out
    ("Asia/Kolkata", "2026-03-08"),  # nothing
    ("UTC", "2026-03-08"),
]


def told(cron: str, after: str, until: str, zone: ZoneInfo = NEW_YORK) -> list[str]:
    found = slots(Schedule(cron), zone, datetime.fromisoformat(after), datetime.fromisoformat(until))
    return [slot.astimezone(zone).isoformat(timespec="minutes") for slot in found]


# ---- what is due


def test_a_slot_is_after_the_first_instant_and_not_after_the_second() -> None:
    both = told("0 8 * * *", "2026-11-23T08:00-05:00", "2026-11-25T08:00-05:00")
    assert both == ["2026-11-24T08:00-05:00", "2026-11-25T08:00-05:00"]
    assert told("0 8 * * *", "2026-11-24T08:00-05:00", "2026-11-25T07:59:59-05:00") == []


def test_a_time_that_the_clock_skips_is_due_when_the_gap_is_over() -> None:
    assert told("30 2 * * *", "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00") == ["2026-03-08T03:00-04:00"]


def test_all_times_of_a_gap_are_due_once() -> None:
    assert told("*/20 2 * * *", "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00") == ["2026-03-08T03:00-04:00"]


def test_a_time_that_the_clock_shows_twice_is_due_the_first_time() -> None:
    assert told("30 1 * * *", "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00") == ["2026-11-01T01:30-04:00"]
    assert told("30 * * * *", "2026-11-01T00:45-04:00", "2026-11-01T02:40-05:00") == [
        "2026-11-01T01:30-04:00",
        "2026-11-01T02:30-05:00",
    ]


def test_in_the_second_of_two_like_hours_the_first_has_been() -> None:
    again = "2026-11-01T01:10-05:00"
    assert told("30 1 * * *", "2026-11-01T00:00-04:00", again) == ["2026-11-01T01:30-04:00"]
    after = next_slot(Schedule("30 1 * * *"), NEW_YORK, datetime.fromisoformat(again))
    assert after is not None
    assert after.isoformat() == "2026-11-02T06:30:00+00:00"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("{every: day, at: '08:00'}", "2026-11-25T08:00-05:00"),
        ("{every: weekday, at: '08:00'}", "2026-11-25T08:00-05:00"),
        ("{every: week, at: '08:05'}", "2026-11-30T08:05-05:00"),
        ("{every: week, on: sunday, at: '23:59'}", "2026-11-29T23:59-05:00"),
        ("{every: month, at: '00:00'}", "2026-12-01T00:00-05:00"),
        ("{every: month, on: 28, at: '08:00'}", "2026-11-28T08:00-05:00"),
        ("{every: quarter, on: 2, at: '08:00'}", "2027-01-02T08:00-05:00"),
        ("{cron: 0 8 * * MON}", "2026-11-30T08:00-05:00"),
        ("{cron: 0 8 1 * FRI}", "2026-11-27T08:00-05:00"),  # either day will do
        ("{cron: 0 8 L * *}", "2026-11-30T08:00-05:00"),
        ("{cron: 30 7 * DEC TUE#1}", "2026-12-01T07:30-05:00"),
    ],
)
def test_what_a_definition_says_is_next_due(said: str, due: str) -> None:
    made = read(
        "title: A\ntimezone: America/New_York\n"
        "jobs: {a: {endpoint: activity, type: overview, range: last-week, metrics: [calls.outbound.all.count]}}\n"
        f"schedule: {said}\n"
    )
    assert made.schedule is not None
    after = next_slot(made.schedule, NEW_YORK, datetime.fromisoformat("2026-11-24T12:00-05:00"))
    assert after is not None
    assert after == datetime.fromisoformat(due)


def test_of_very_many_slots_the_latest_are_looked_at() -> None:
    until = datetime(2026, 11, 23, tzinfo=UTC)
    found = slots(Schedule("* * * * *", timedelta(days=999)), NEW_YORK, until - timedelta(days=999), until)
    assert (len(found), found[-1]) == (MOST, until)


# ---- the law


def field(text: str, least: int, most: int) -> set[int]:
    """What one field names."""
    named: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        start, end = (least, most) if span == "*" else (int(low), int(high or (most if step else low)))
        named |= set(range(start, end + 1, int(step or 1)))
    return named


def names(cron: str, wall: datetime) -> bool:
    """Whether the fields name this minute of a wall clock."""
    minute, hour, day, month, weekday = cron.split()
    in_month, in_week = wall.day in field(day, 1, 31), wall.isoweekday() % 7 in field(weekday, 0, 6)
    both = day.startswith("*") or weekday.startswith("*")
    return (
        wall.minute in field(minute, 0, 59)
        and wall.hour in field(hour, 0, 23)
        and wall.month in field(month, 1, 12)
        and ((in_month and in_week) if both else (in_month or in_week))
    )


def watched(cron: str, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """The clock is looked at every minute: it is time when it shows, or has passed, a named minute it had not."""
    instant = after - 2 * DAY
    seen = instant.astimezone(zone).replace(tzinfo=None)
    while instant < until:
        instant += MINUTE
        shows = instant.astimezone(zone).replace(tzinfo=None)
        due = False
        while seen < shows:
            seen += MINUTE
            due = due or names(cron, seen)
        if due and instant > after:
            yield instant


MINUTES = st.sampled_from(["0", "30", "*", "*/20", "15,45", "10-12", "59"])
HOURS = st.sampled_from(["*", "0", "1", "2", "3", "1-2", "23", "*/6", "0,2"])
DAYS = st.sampled_from([("*", "*"), ("*", "0"), ("*", "1-5"), ("1", "*"), ("8", "5"), ("1,29,30", "*"), ("*/2", "0,6")])
CRONS = st.builds(lambda minute, hour, days: f"{minute} {hour} {days[0]} * {days[1]}", MINUTES, HOURS, DAYS)


@settings(max_examples=150)
@given(CRONS, st.sampled_from(CHANGES), st.integers(-1000, 1500), st.integers(0, 2200))
def test_slots_are_those_of_a_clock_that_is_watched(
    cron: str, change: tuple[str, str], start: int, length: int
) -> None:
    zone = ZoneInfo(change[0])
    after = datetime.fromisoformat(change[1]).replace(tzinfo=zone).astimezone(UTC) + start * MINUTE
    until = after + length * MINUTE
    expected = list(watched(cron, zone, after, until))
    assert list(slots(Schedule(cron), zone, after, until)) == expected
    if expected:
        first, last = next_slot(Schedule(cron), zone, after), last_slot(Schedule(cron), zone, until)
        assert (first, last) == (expected[0], expected[-1])


@given(CRONS, st.sampled_from(CHANGES), st.lists(st.integers(0, 4000), min_size=2, max_size=6))
def test_spans_that_touch_share_no_slot_and_lose_none(cron: str, change: tuple[str, str], ends: list[int]) -> None:
    zone = ZoneInfo(change[0])
    begin = datetime.fromisoformat(change[1]).replace(tzinfo=zone) - DAY
    at = [begin.astimezone(UTC) + minutes * MINUTE for minutes in sorted(ends)]
    parts = [slots(Schedule(cron), zone, *span) for span in pairwise(at)]
    assert [slot for part in parts for slot in part] == list(slots(Schedule(cron), zone, at[0], at[-1]))
