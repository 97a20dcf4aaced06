from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from runner import period
from runner.model import Json, Period, WeekStart

NEW_YORK = ZoneInfo("America/New_York")
AS_OF = datetime(2026, 11, 24, 9, 30, tzinfo=NEW_YORK)  # a Tuesday

ZONES = sorted(available_timezones())
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.integers(-120 * 365 * 24 * 60, 130 * 365 * 24 * 60).map(
    lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
week_starts: st.SearchStrategy[WeekStart] = st.sampled_from(["monday", "sunday"])
units = st.sampled_from(["day", "week", "month", "quarter", "year"])

THIS = {"day": "today", **{unit: f"this-{unit}" for unit in ("week", "month", "quarter", "year")}}
LAST = {"day": "yesterday", **{unit: f"last-{unit}" for unit in ("week", "month", "quarter", "year")}}

# Clocks set back over midnight, days left out or lived twice, midnights skipped: where calendars break.
HARD = [
    ("America/St_Johns", datetime(2006, 10, 29, 2, 45, tzinfo=UTC)),  # the last hour of Saturday, again, after midnight
    ("America/Juneau", datetime(1867, 10, 19, 1, tzinfo=UTC)),  # the day lived twice
    ("America/Sao_Paulo", datetime(2018, 11, 4, 12, tzinfo=UTC)),
    ("America/Havana", datetime(2025, 11, 2, 4, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 31, 3, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 24, 10, tzinfo=UTC)),
]


def utc(instant: datetime | None) -> datetime:
    assert instant is not None
    return instant.astimezone(UTC)


def span(found: Period) -> tuple[datetime, datetime]:
    return utc(found.start), utc(found.end)


def local(found: Period) -> str:
    assert found.start is not None
    return f"{found.start.isoformat(timespec='minutes')} {found.end.isoformat(timespec='minutes')}"


# ---- words and names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name", "expected"),
    [
        ("today", "2026-11-24", "2026-11-24T00:00-05:00 2026-11-25T00:00-05:00"),
        ("yesterday", "2026-11-23", "2026-11-23T00:00-05:00 2026-11-24T00:00-05:00"),
        ("this-week", "2026-W48", "2026-11-23T00:00-05:00 2026-11-30T00:00-05:00"),
        ("last-week", "2026-W47", "2026-11-16T00:00-05:00 2026-11-23T00:00-05:00"),
        ("this-month", "2026-11", "2026-11-01T00:00-04:00 2026-12-01T00:00-05:00"),
        ("last-month", "2026-10", "2026-10-01T00:00-04:00 2026-11-01T00:00-04:00"),
        ("this-quarter", "2026-Q4", "2026-10-01T00:00-04:00 2027-01-01T00:00-05:00"),
        ("last-quarter", "2026-Q3", "2026-07-01T00:00-04:00 2026-10-01T00:00-04:00"),
        ("this-year", "2026", "2026-01-01T00:00-05:00 2027-01-01T00:00-05:00"),
        ("last-year", "2025", "2025-01-01T00:00-05:00 2026-01-01T00:00-05:00"),
        ("last-1-days", "2026-11-23", "2026-11-23T00:00-05:00 2026-11-24T00:00-05:00"),
        ("last-7-days", "2026-11-17--2026-11-23", "2026-11-17T00:00-05:00 2026-11-24T00:00-05:00"),
        ("2026-11-01", "2026-11-01", "2026-11-01T00:00-04:00 2026-11-02T00:00-05:00"),
        ("2026-W47", "2026-W47", "2026-11-16T00:00-05:00 2026-11-23T00:00-05:00"),
        ("2026-W53", "2026-W53", "2026-12-28T00:00-05:00 2027-01-04T00:00-05:00"),
        ("2025-W01", "2025-W01", "2024-12-30T00:00-05:00 2025-01-06T00:00-05:00"),
        ("2026-11", "2026-11", "2026-11-01T00:00-04:00 2026-12-01T00:00-05:00"),
        ("2026-Q4", "2026-Q4", "2026-10-01T00:00-04:00 2027-01-01T00:00-05:00"),
        ("2026", "2026", "2026-01-01T00:00-05:00 2027-01-01T00:00-05:00"),
        (2026, "2026", "2026-01-01T00:00-05:00 2027-01-01T00:00-05:00"),
    ],
)
def test_a_range_is_a_span_of_local_days_named_by_itself(said: str | int, name: str, expected: str) -> None:
    found = period.resolve(said, AS_OF, NEW_YORK)
    assert (found.name, local(found)) == (name, expected)


@pytest.mark.parametrize(
    ("said", "name", "first_day"),
    [
        ("this-week", "2026-W48", date(2026, 11, 22)),
        ("last-week", "2026-W47", date(2026, 11, 15)),
        ("2026-W47", "2026-W47", date(2026, 11, 15)),
        ("2027-W01", "2027-W01", date(2027, 1, 3)),
    ],
)
def test_a_week_from_sunday_has_the_number_of_its_monday(said: str, name: str, first_day: date) -> None:
    found = period.resolve(said, AS_OF, NEW_YORK, "sunday")
    assert found.start is not None
    assert (found.name, found.start.date()) == (name, first_day)
    assert found.end.date() == first_day + timedelta(days=7)


def test_on_sunday_the_week_from_sunday_has_begun_and_the_week_from_monday_has_not() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=NEW_YORK)
    assert period.resolve("this-week", sunday, NEW_YORK, "sunday").name == "2026-W48"
    assert period.resolve("this-week", sunday, NEW_YORK, "monday").name == "2026-W47"


def test_all_time_has_no_start_and_ends_as_of_now() -> None:
    found = period.resolve("all-time", AS_OF.astimezone(UTC), NEW_YORK)
    assert found == Period("all-time", None, AS_OF)
    assert found.end.tzinfo is NEW_YORK


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        pytest.param("2026-11-16", "2026-11-23", "2026-W47", id="a week"),
        pytest.param("2026-11-16", "2026-11-17", "2026-11-16", id="a day"),
        pytest.param("2026-11-01", "2026-12-01", "2026-11", id="a month"),
        pytest.param("2026-10-01", "2027-01-01", "2026-Q4", id="a quarter"),
        pytest.param("2026-01-01", "2027-01-01", "2026", id="a year"),
        pytest.param("2026-11-15", "2026-11-22", "2026-11-15--2026-11-21", id="a week from Sunday, in a Monday zone"),
        pytest.param("2026-11-16", "2026-11-24", "2026-11-16--2026-11-23", id="the last day is the one included"),
        pytest.param("2026-11-16T00:00:00-05:00", "2026-11-17T05:00Z", "2026-11-16", id="midnights written as times"),
        pytest.param("2026-11-16T09:30-05:00", "2026-11-17", "20261116T0930--20261117T0000", id="part of a day"),
        pytest.param("2026-11-16 09:30:05Z", "2026-11-17T00:00:00.5Z",
                     "20261116T043005--20261116T190000.500000", id="seconds and fractions"),
        pytest.param("2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00", "20261101T0130-0400--20261101T0130-0500",
                     id="the hour that comes twice"),
    ],
)  # fmt: skip
def test_start_and_end_are_named_by_the_span_they_make(start: str, end: str, name: str) -> None:
    assert period.resolve({"start": start, "end": end}, AS_OF, NEW_YORK).name == name


BAD: list[str | int | dict[str, Json]] = [
    "", "tomorrow", "last-0-days", "last--7-days", "last-07-days", "last-week ", "Last-Week", "2026-W54", "2026-W00",
    "2025-W53", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-1", "2026-11-31", "20261116", "0000", "२०२६", 26, -1,
    99999, {}, {"start": "2026-11-16"}, {"start": "2026-11-16", "end": None}, {"start": 2026, "end": "2027-01-01"},
    {"start": "2026-11-16", "end": "2026-11-17", "zone": "UTC"}, {"start": "2026-11-17", "end": "2026-11-16"},
    {"start": "2026-11-16", "end": "2026-11-16"}, {"start": "2026-11-16T09:30", "end": "2026-11-17"},
    {"start": "2026-02-30", "end": "2026-11-17"}, {"start": "2026-11-16T25:00Z", "end": "2026-11-17"},
    {"start": "2026-W47", "end": "2026-11-30"},
]  # fmt: skip


@pytest.mark.parametrize("said", BAD, ids=str)
def test_what_names_no_span_is_refused_with_its_own_words(said: str | int | Mapping[str, Json]) -> None:
    words = [said] if isinstance(said, str | int) else [value for value in said.values() if value is not None]
    with pytest.raises(ValueError, match=r"no range|no moment|not in the calendar|nothing lies between") as refused:
        period.resolve(said, AS_OF, NEW_YORK)
    assert "nothing lies" in str(refused.value) or not words or any(str(word) in str(refused.value) for word in words)


@pytest.mark.parametrize(
    ("said", "as_of"),
    [
        pytest.param("9999", AS_OF, id="the last year has no end"),
        pytest.param("9999-12-31", AS_OF, id="nor has the last day"),
        pytest.param("last-9999999-days", AS_OF, id="too many days"),
        pytest.param("last-year", datetime(1, 6, 1, tzinfo=UTC), id="before the first year"),
        pytest.param("this-week", datetime(9999, 12, 30, tzinfo=UTC), id="the last week"),
        pytest.param({"start": "0001-01-01T00:00+14:00", "end": "2026-01-01"}, AS_OF, id="before the first instant"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
def test_the_ends_of_the_calendar_are_refused(said: str | dict[str, Json], as_of: datetime, zone: str) -> None:
    with pytest.raises(ValueError, match="beyond the years 1 to 9999"):
        period.resolve(said, as_of, ZoneInfo(zone))


def test_an_instant_without_zone_is_refused() -> None:
    naive = AS_OF.replace(tzinfo=None)
    for said in ("today", "last-3-days", "all-time"):
        with pytest.raises(ValueError, match="has no time zone"):
            period.resolve(said, naive, NEW_YORK)


# ---- local days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        pytest.param("America/New_York", "2026-11-16", "2026-11-16T00:00:00-05:00", id="plain midnight"),
        pytest.param("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", id="midnight skipped"),
        pytest.param("Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00", id="midnight skipped in Beirut"),
        pytest.param("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", id="midnight skipped in Cairo"),
        pytest.param("America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00", id="a gap across midnight"),
        pytest.param("America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00", id="the first of two midnights"),
        pytest.param("America/St_Johns", "2006-10-29", "2006-10-29T00:00:00-02:30", id="set back past midnight"),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", id="a day left out"),
    ],
)
def test_a_local_day_begins_at_its_first_instant(zone: str, day: str, expected: str) -> None:
    assert period.begin(date.fromisoformat(day), ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize("said", ["yesterday", "last-1-days", "2011-12-30"])
def test_a_day_that_a_zone_left_out_is_refused(said: str) -> None:
    apia = ZoneInfo("Pacific/Apia")
    after = datetime(2011, 12, 31, 10, tzinfo=apia)
    with pytest.raises(ValueError, match=r"nothing lies between .* in Pacific/Apia"):
        period.resolve(said, after, apia)
    assert period.resolve("last-2-days", after, apia).name == "2011-12-29"
    assert period.resolve("this-week", after, apia).end - after == timedelta(hours=38)


def test_in_an_hour_repeated_before_midnight_the_next_day_has_already_begun() -> None:
    st_johns = ZoneInfo("America/St_Johns")
    again = datetime(2006, 10, 28, 23, 15, tzinfo=st_johns, fold=1)
    assert period.resolve("today", again.replace(fold=0), st_johns).name == "2006-10-28"
    assert period.resolve("today", again, st_johns).name == "2006-10-29"


@given(zones, instants)
@settings(max_examples=150, deadline=None)
def test_days_touch_and_every_instant_lies_in_exactly_one(zone: ZoneInfo, as_of: datetime) -> None:
    today = as_of.astimezone(zone).date()
    begun = [utc(period.begin(today + timedelta(days=n), zone)) for n in range(-2, 4)]
    assert begun == sorted(begun)
    found = period.resolve("today", as_of, zone)
    assert utc(found.start) <= as_of < utc(found.end)
    assert [start <= as_of < end for start, end in pairwise(begun)].count(True) == 1


@pytest.mark.parametrize("day", [date(1919, 3, 31), date(1994, 12, 31), date(2011, 12, 30), date(2026, 4, 24)], ids=str)
def test_in_every_zone_a_day_begins_when_no_day_before_it_goes_on(day: date) -> None:
    for name in ZONES:
        zone = ZoneInfo(name)
        begun = utc(period.begin(day, zone))
        assert begun.astimezone(zone).date() >= day, name
        assert (begun - timedelta(microseconds=1)).astimezone(zone).date() < day, name


# ---- laws of units ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("week_start", ["monday", "sunday"])
@pytest.mark.parametrize("unit", THIS)
@pytest.mark.parametrize(("zone", "as_of"), HARD, ids=[zone for zone, _ in HARD])
def test_an_instant_is_in_this_unit_where_clocks_break(
    zone: str, as_of: datetime, unit: str, week_start: WeekStart
) -> None:
    found = period.resolve(THIS[unit], as_of, ZoneInfo(zone), week_start)
    assert utc(found.start) <= as_of < utc(found.end)


@given(zones, instants, units, week_starts)
@settings(max_examples=300, deadline=None)
def test_the_last_unit_ends_where_this_one_begins_and_the_instant_is_in_this_one(
    zone: ZoneInfo, as_of: datetime, unit: str, week_start: WeekStart
) -> None:
    present = period.resolve(THIS[unit], as_of, zone, week_start)
    try:
        last = period.resolve(LAST[unit], as_of, zone, week_start)
    except ValueError:
        assert unit == "day"  # a day that the zone left out
        return
    assert utc(present.start) <= as_of < utc(present.end)
    assert utc(last.end) == utc(present.start)
    assert utc(last.start) < utc(last.end)
    # Seen from inside the last one, it is the present one.
    assert period.resolve(THIS[unit], utc(last.start), zone, week_start) == last
    assert period.compare("previous", present, present.end, zone, week_start) == last


@given(zones, instants, units, week_starts)
@settings(max_examples=200, deadline=None)
def test_a_name_said_again_is_the_same_span(zone: ZoneInfo, as_of: datetime, unit: str, week_start: WeekStart) -> None:
    found = period.resolve(THIS[unit], as_of, zone, week_start)
    again = period.resolve(found.name, as_of + timedelta(days=400), zone, week_start)
    assert (again.name, span(again)) == (found.name, span(found))
    assert period.resolve(THIS[unit], as_of, zone, week_start) == found


@given(zones, instants, week_starts)
@settings(max_examples=100, deadline=None)
def test_weeks_begin_on_their_weekday_and_have_seven_days(
    zone: ZoneInfo, as_of: datetime, week_start: WeekStart
) -> None:
    first = period.resolve("this-week", as_of, zone, week_start).start
    assert first is not None
    assert first.weekday() == (0 if week_start == "monday" else 6)
    assert period.resolve("this-week", as_of, zone, week_start).end.date() == first.date() + timedelta(days=7)


@given(zones, st.integers(1850, 2100))
@settings(max_examples=60, deadline=None)
def test_months_make_quarters_and_quarters_make_years(zone: ZoneInfo, year: int) -> None:
    as_of = datetime(2026, 1, 1, tzinfo=UTC)
    months = [span(period.resolve(f"{year}-{month:02}", as_of, zone)) for month in range(1, 13)]
    quarters = [span(period.resolve(f"{year}-Q{quarter}", as_of, zone)) for quarter in range(1, 5)]
    assert quarters == [(months[n][0], months[n + 2][1]) for n in (0, 3, 6, 9)]
    for parts in (months, quarters):
        assert all(left[1] == right[0] for left, right in pairwise(parts))
        assert (parts[0][0], parts[-1][1]) == span(period.resolve(year, as_of, zone))


@given(zones, instants, st.integers(2, 400))
@settings(max_examples=150, deadline=None)
def test_the_last_days_end_where_today_begins_and_hold_whole_days(zone: ZoneInfo, as_of: datetime, days: int) -> None:
    found = period.resolve(f"last-{days}-days", as_of, zone)
    today = period.resolve("today", as_of, zone).start
    assert today is not None
    assert utc(found.end) == utc(today)
    assert utc(found.start) == utc(period.begin(today.date() - timedelta(days=days), zone))


@given(zones, instants, st.lists(st.integers(0, 60 * 24 * 9), min_size=4, max_size=4, unique=True), st.booleans())
@example(NEW_YORK, datetime(2026, 11, 1, 5, tzinfo=UTC), [0, 30, 60, 90], False)
@settings(max_examples=150, deadline=None)
def test_different_spans_have_different_names(zone: ZoneInfo, base: datetime, minutes: list[int], whole: bool) -> None:
    ends = [base.replace(microsecond=0) + timedelta(minutes=n) for n in minutes]
    if whole:
        ends = [utc(period.begin(end.astimezone(zone).date(), zone)) for end in ends]
    spans = {(start, end) for start in ends for end in ends if start < end}
    said: list[dict[str, Json]] = [{"start": s.isoformat(), "end": e.isoformat()} for s, e in sorted(spans)]
    found = [period.resolve(each, base, zone) for each in said]
    assert [span(each) for each in found] == sorted(spans)
    names = {each.name for each in found}
    assert len(names) == len(spans)
    assert all(set(name) <= set("0123456789-+TWQ.") for name in names)


# ---- comparing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        pytest.param("this-week", "2026-11-16", "2026-11-17T09:30-05:00", id="a running week, the same days before"),
        pytest.param("last-week", "2026-11-09", "2026-11-16", id="a week"),
        pytest.param("2026-03", "2026-02-01", "2026-03-01", id="a month, the month before, shorter or not"),
        pytest.param("2026-Q1", "2025-10-01", "2026-01-01", id="a quarter"),
        pytest.param("2026", "2025-01-01", "2025-11-24T09:30-05:00", id="a running year"),
        pytest.param("2025", "2024-01-01", "2025-01-01", id="a year"),
        pytest.param("today", "2026-11-23", "2026-11-23T09:30-05:00", id="a running day"),
        pytest.param("yesterday", "2026-11-22", "2026-11-23", id="a day"),
        pytest.param("last-10-days", "2026-11-04", "2026-11-14", id="ten days"),
        pytest.param(
            {"start": "2026-11-01", "end": "2026-11-08"}, "2026-10-25", "2026-11-01", id="over a clock change"
        ),
    ],
)
def test_previous_is_the_adjacent_span_before(said: str | dict[str, Json], start: str, end: str) -> None:
    now = period.resolve(said, AS_OF, NEW_YORK)
    before = period.compare("previous", now, AS_OF, NEW_YORK)
    assert before == period.resolve({"start": start, "end": end}, AS_OF, NEW_YORK)


@pytest.mark.parametrize(
    ("as_of", "word", "end"),
    [
        pytest.param("2026-03-31T12:00-04:00", "previous", "2026-03-01T00:00-05:00", id="the month before is shorter"),
        pytest.param(
            "2026-03-31T12:00-04:00", "same-days-last-month", "2026-03-01T00:00-05:00", id="its same days too"
        ),
        pytest.param("2026-03-10T08:15:59-04:00", "previous", "2026-02-10T08:15-05:00", id="to the minute"),
        pytest.param("2026-03-10T08:15-04:00", "same-days-last-year", "2025-03-10T08:15-04:00", id="a year before"),
        pytest.param("2026-03-01T00:00-05:00", "previous", "2026-03-01T00:00-05:00", id="nothing has gone by"),
        pytest.param("2026-03-01T00:00:40-05:00", "previous", "2026-03-01T00:00-05:00", id="not a minute has gone by"),
        pytest.param("2026-04-01T00:00-04:00", "previous", "2026-03-01T00:00-05:00", id="over"),
        pytest.param("2026-02-10T00:00-05:00", "previous", "2026-03-01T00:00-05:00", id="not begun"),
    ],
)
def test_a_running_month_is_compared_with_as_much_of_the_one_before(as_of: str, word: str, end: str) -> None:
    now = period.resolve("2026-03", AS_OF, NEW_YORK)
    assert utc(period.compare(word, now, datetime.fromisoformat(as_of), NEW_YORK).end) == utc(
        datetime.fromisoformat(end)
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-11-16T09:00-05:00", "2026-11-16T12:00-05:00", "20261116T0600--20261116T0900", id="hours"),
        pytest.param("2026-11-02T06:00-05:00", "2026-11-03T06:00-05:00", "20261101T0600--20261102T0600",
                     id="a day by the wall clock, after 25 hours"),
        pytest.param("2026-11-01T01:30-04:00", "2026-11-01T01:15-05:00", "20261101T0045--20261101T0130-0400",
                     id="the wall clock went back: by elapsed time"),
        pytest.param("2026-03-08T03:00-04:00", "2026-03-08T03:30-04:00", "20260308T0130--20260308T0300",
                     id="behind a gap"),
    ],
)  # fmt: skip
def test_previous_of_another_span_has_the_same_wall_clock_length(start: str, end: str, expected: str) -> None:
    now = period.resolve({"start": start, "end": end}, AS_OF, NEW_YORK)
    before = period.compare("previous", now, AS_OF, NEW_YORK)
    assert (before.name, before.end) == (expected, now.start)


@given(zones, instants, st.integers(1, 60 * 24 * 40))
@settings(max_examples=200, deadline=None)
def test_previous_always_touches_and_is_not_empty(zone: ZoneInfo, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    now = period.resolve({"start": start.isoformat(), "end": end.isoformat()}, start, zone)
    try:
        before = period.compare("previous", now, start, zone)
    except ValueError:
        assume(False)
    assert utc(before.start) < utc(before.end) == utc(now.start)


@pytest.mark.parametrize(
    ("word", "start", "end", "expected"),
    [
        ("same-days-last-week", "2026-11-16", "2026-11-23", "2026-W46"),
        ("same-days-last-month", "2026-11-16", "2026-11-23", "2026-10-16--2026-10-22"),
        ("same-days-last-quarter", "2026-11-16", "2026-11-23", "2026-08-16--2026-08-22"),
        ("same-days-last-year", "2026-11-16", "2026-11-23", "2025-11-16--2025-11-22"),
        ("same-days-last-month", "2026-03-01", "2026-04-01", "2026-02"),
        ("same-days-last-month", "2026-03-30", "2026-04-01", "2026-02-28"),
        ("same-days-last-month", "2026-03-29", "2026-03-31", "2026-02-28"),
        ("same-days-last-month", "2024-03-31", "2024-04-02", "2024-02-29--2024-03-01"),
        ("same-days-last-month", "2026-03-30", "2026-03-31", "2026-02-28"),
        ("same-days-last-quarter", "2026-05-31", "2026-06-01", "2026-02-28"),
        ("same-days-last-year", "2024-02-29", "2024-03-01", "2023-02-28"),
        ("same-days-last-year", "2024-02-28", "2024-02-29", "2023-02-28"),
        ("same-days-last-month", "2026-01-15", "2026-01-16", "2025-12-15"),
        ("same-days-last-week", "2026-11-16T09:00-05:00", "2026-11-16T12:00-05:00", "20261109T0900--20261109T1200"),
        ("same-days-last-month", "2026-12-01T09:00-05:00", "2026-12-01T12:00-05:00", "20261101T0900--20261101T1200"),
        ("same-days-last-month", "2026-03-30T10:00-04:00", "2026-03-31T09:00-04:00", "20260228T1000--20260301T0000"),
    ],
)
def test_same_days_shift_both_ends_and_cut_them_to_the_month(word: str, start: str, end: str, expected: str) -> None:
    now = period.resolve({"start": start, "end": end}, AS_OF, NEW_YORK)
    assert period.compare(word, now, AS_OF, NEW_YORK).name == expected


@given(zones, instants, st.sampled_from(sorted(period.SAME_DAYS)), st.integers(1, 100))
@example(ZoneInfo("America/Sao_Paulo"), datetime(2018, 11, 6, 12, tzinfo=UTC), "same-days-last-week", 1)
@settings(max_examples=150, deadline=None)
def test_same_days_lie_earlier_and_are_whole_days(zone: ZoneInfo, as_of: datetime, word: str, days: int) -> None:
    now = period.resolve(f"last-{days + 1}-days", as_of, zone)
    before = period.compare(word, now, as_of, zone)
    assert utc(before.start) < utc(before.end)
    assert utc(before.start) < utc(now.start)
    assert utc(before.end) <= utc(now.end)
    assert before.start is not None
    assert utc(period.begin(before.start.date(), zone)) == utc(before.start)


@pytest.mark.parametrize("said", ["2025-W47", "last-quarter", {"start": "2025-11-16", "end": "2025-11-23"}, 2024])
def test_a_range_to_compare_with_is_resolved(said: str | int | dict[str, Json]) -> None:
    now = period.resolve("last-week", AS_OF, NEW_YORK)
    assert period.compare(said, now, AS_OF, NEW_YORK) == period.resolve(said, AS_OF, NEW_YORK)


def test_all_time_cannot_be_compared_nor_compared_with() -> None:
    everything = period.resolve("all-time", AS_OF, NEW_YORK)
    for word in ("previous", "same-days-last-year", "last-week"):
        with pytest.raises(ValueError, match="all-time"):
            period.compare(word, everything, AS_OF, NEW_YORK)
    with pytest.raises(ValueError, match="all-time is no span to compare with"):
        period.compare("all-time", period.resolve("today", AS_OF, NEW_YORK), AS_OF, NEW_YORK)


@pytest.mark.parametrize("word", ["previous", "same-days-last-year"])
def test_nothing_lies_before_the_calendar(word: str) -> None:
    first = period.resolve("0001", AS_OF, ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="beyond the years 1 to 9999"):
        period.compare(word, first, AS_OF, ZoneInfo("UTC"))


def test_a_word_that_compares_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="'same-days-last-decade' is no range"):
        period.compare("same-days-last-decade", period.resolve("today", AS_OF, NEW_YORK), AS_OF, NEW_YORK)
