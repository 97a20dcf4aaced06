"""Moments, offsets, the calendar's units, ranges and buckets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Request
from werkzeug.test import EnvironBuilder

from runner.engine import buckets, moments, ranges
from runner.engine.grains import GRAINS
from runner.engine.inquiry import Inquiry, WeekStart
from runner.engine.moments import DAY, HOUR
from runner.engine.ranges import Range
from tests.engine.memory import Memory, micros

MOMENTS = st.datetimes(datetime(3, 1, 1), datetime(9997, 1, 1)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda at: moments.from_datetime(at.replace(tzinfo=UTC))
)
OFFSETS = st.integers(-1439, 1439)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1970-01-01T00:00:00Z", 0, id="zulu"),
        pytest.param("1970-01-01T00:00:00.000Z", 0, id="milliseconds"),
        pytest.param("1970-01-01 00:00:01Z", 1_000_000, id="space for T"),
        pytest.param("1970-01-01t00:00:01z", 1_000_000, id="lower case"),
        pytest.param("1970-01-01T00:01Z", 60_000_000, id="no seconds"),
        pytest.param("1970-01-01T00:00:00-05:00", 5 * HOUR, id="offset"),
        pytest.param("1970-01-01T00:00:00+0530", -11 * HOUR // 2, id="offset without colon"),
        pytest.param("1970-01-01T00:00:00+01", -HOUR, id="offset of hours"),
        pytest.param("1969-12-31T23:59:59.999999Z", -1, id="microseconds before 1970"),
        pytest.param("1970-01-01T00:00:00.5Z", 500_000, id="one digit of fraction"),
    ],
)
def test_a_moment_is_read_in_every_accepted_form(text: str, expected: int) -> None:
    assert moments.instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-01-15", id="plain date"),
        pytest.param("2026-01-15T05:00:00", id="no offset"),
        pytest.param("2026-02-30T00:00:00Z", id="no such day"),
        pytest.param("2026-01-15T25:00:00Z", id="no such hour"),
        pytest.param("20260115T050000Z", id="basic format"),
        pytest.param("2026-W03-4T05:00:00Z", id="week date"),
        pytest.param("2026-01-15T05:00:00Z\n", id="line break"),
        pytest.param("٢٠٢٦-01-15T05:00:00Z", id="other digits"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the calendar"),
        pytest.param("9999-12-31T23:59:59-14:00", id="after the calendar"),
        pytest.param("2026-01-15T05:00:00+99:00", id="no such offset"),
        pytest.param("", id="empty"),
        pytest.param("last week", id="words"),
    ],
)
def test_what_is_no_moment_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^'.*' is ") as refused:
        moments.instant(text)
    assert text[:40] in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1970-01-02", DAY, id="plain date"),
        pytest.param("1970-01-01T01:00:00", HOUR, id="no offset"),
        pytest.param("1970-01-01T01:00:00.000000+00:00", HOUR, id="as the API writes"),
    ],
)
def test_a_stored_moment_without_offset_is_utc(text: str, expected: int) -> None:
    assert moments.stored(text) == expected


def test_a_stored_moment_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'soon' is no date"):
        moments.stored("soon")


@pytest.mark.parametrize(
    ("at", "offset", "expected"),
    [
        pytest.param("2026-11-16T05:00:00Z", -300, "2026-11-16T00:00:00-05:00", id="west"),
        pytest.param("2026-11-16T00:00:00Z", 0, "2026-11-16T00:00:00+00:00", id="UTC"),
        pytest.param("2026-11-16T00:00:00.250Z", 345, "2026-11-16T05:45:00.250+05:45", id="fraction"),
    ],
)
def test_a_moment_is_printed_with_its_offset(at: str, offset: int, expected: str) -> None:
    assert moments.text(micros(at), offset) == expected


def test_search_strings_write_moments_in_utc_with_milliseconds_or_finer() -> None:
    assert moments.search_text(micros("2019-01-01T01:00:00+01:00")) == "2019-01-01T00:00:00.000+0000"
    assert moments.search_text(micros("2019-01-01T00:00:00.000001Z")) == "2019-01-01T00:00:00.000001+0000"


@given(MOMENTS, OFFSETS)
def test_a_printed_moment_reads_as_the_same_millisecond(at: int, offset: int) -> None:
    assert moments.instant(moments.text(at, offset)) == at - at % 1_000
    assert moments.instant(moments.search_text(at)) == at


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        pytest.param(None, 0, id="absent"),
        pytest.param("-5", -300, id="whole"),
        pytest.param("-4.0", -240, id="decimal zero"),
        pytest.param("5.5", 330, id="half"),
        pytest.param(" +12.75 ", 765, id="sign and spaces"),
        pytest.param("-4.95", -297, id="minutes"),
        pytest.param("5.541", 332, id="rounded down"),
        pytest.param("0.00833333", 0, id="just under half a minute"),
        pytest.param("0.025", 2, id="half a minute rounds away from zero"),
        pytest.param("-0.025", -2, id="half a minute before zero too"),
        pytest.param("23.99", 1439, id="almost a day"),
    ],
)
def test_an_offset_is_decimal_hours_to_the_minute(header: str | None, minutes: int) -> None:
    assert moments.offset(header) == minutes


@pytest.mark.parametrize(
    "header", ["", "abc", "5,5", "nan", "inf", "-inf", "1e1", "0x5", "5:30", "\u0665", "24", "-24", "23.999", "9" * 99]
)
def test_an_offset_that_is_no_number_or_a_day_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match=r"^'.*' is "):
        moments.offset(header)


@given(st.sampled_from(sorted(GRAINS)), MOMENTS)
def test_every_moment_lies_in_exactly_the_unit_its_index_names(name: str, at: int) -> None:
    grain = GRAINS[name]
    index = grain.index(at)
    assert grain.start(index) <= at < grain.start(index + 1)
    assert grain.index(grain.start(index)) == index
    assert grain.index(grain.start(index) - 1) == index - 1


@pytest.mark.parametrize(
    ("grain", "index"),
    [
        ("hour", 492_783),
        ("day", 20_532),
        ("week", 2933),
        ("sunday_week", 2933),
        ("month", 674),
        ("quarter", 224),
        ("year", 56),
    ],
)
def test_units_are_counted_from_1970(grain: str, index: int) -> None:
    at = micros("2026-03-20T15:30:00Z")
    assert GRAINS[grain].index(at) == index


def test_the_calendar_table_and_the_grains_number_alike() -> None:
    columns = [grain for grain in GRAINS if grain != "hour"]
    for at, *numbers in Memory().execute(f"SELECT ts, {', '.join(columns)} FROM calendar"):
        assert numbers == [GRAINS[column].index(at) for column in columns]


def inquire(now: str, offset: int = 0, week_start: WeekStart = "monday", backend: Memory | None = None) -> Inquiry:
    request = Request(EnvironBuilder().get_environ())
    return Inquiry(request, backend or Memory(), micros(now), offset, week_start)


WEDNESDAY = "2026-11-18T15:30:00Z"


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("today", "2026-11-18", "2026-11-19"),
        ("yesterday", "2026-11-17", "2026-11-18"),
        ("this-week", "2026-11-16", "2026-11-23"),
        ("last-week", "2026-11-09", "2026-11-16"),
        ("this-month", "2026-11-01", "2026-12-01"),
        ("last-month", "2026-10-01", "2026-11-01"),
        ("this-quarter", "2026-10-01", "2027-01-01"),
        ("last-quarter", "2026-07-01", "2026-10-01"),
        ("this-year", "2026-01-01", "2027-01-01"),
        ("last-year", "2025-01-01", "2026-01-01"),
    ],
)
def test_a_word_names_whole_periods_of_the_calendar(word: str, start: str, end: str) -> None:
    found = ranges.resolve(word, inquire(WEDNESDAY))
    assert found == Range(micros(f"{start}T00:00:00Z"), micros(f"{end}T00:00:00Z"), 0)


@pytest.mark.parametrize(
    ("offset", "start"),
    [
        pytest.param(330, "2026-11-19T00:00:00+05:30", id="already tomorrow in the east"),
        pytest.param(-720, "2026-11-18T00:00:00-12:00", id="still the same day in the west"),
        pytest.param(-960, "2026-11-17T00:00:00-16:00", id="still yesterday far in the west"),
    ],
)
def test_today_is_the_day_of_the_offset(offset: int, start: str) -> None:
    now = "2026-11-18T20:30:00Z" if offset > 0 else WEDNESDAY
    assert ranges.resolve("today", inquire(now, offset)) == Range(micros(start), micros(start) + DAY, offset)


def test_a_week_may_begin_on_sunday() -> None:
    found = ranges.resolve("this-week", inquire(WEDNESDAY, week_start="sunday"))
    assert moments.text(found.start, 0) == "2026-11-15T00:00:00+00:00"
    on_sunday = ranges.resolve("this-week", inquire("2026-11-22T00:00:00Z", week_start="sunday"))
    assert moments.text(on_sunday.start, 0) == "2026-11-22T00:00:00+00:00"


def test_all_time_is_from_the_organizations_creation_to_now() -> None:
    backend = Memory(organization=[{"id": "orga_1", "date_created": "2024-03-05T07:00:00+00:00"}])
    found = ranges.resolve("all-time", inquire(WEDNESDAY, backend=backend))
    assert found == Range(micros("2024-03-05T07:00:00Z"), micros(WEDNESDAY), 0)


def test_all_time_of_an_organization_without_a_date_is_from_its_oldest_object() -> None:
    backend = Memory(organization=[{"id": "orga_1"}])
    backend.add("lead", created="2026-02-02T00:00:00Z")
    backend.add("call", ts="2026-02-01T00:00:00Z")
    assert ranges.resolve("all-time", inquire(WEDNESDAY, backend=backend)).start == micros("2026-02-01T00:00:00Z")


def test_all_time_before_anything_exists_is_empty() -> None:
    assert ranges.resolve("all-time", inquire(WEDNESDAY)).is_empty
    backend = Memory(organization=[{"id": "orga_1", "date_created": "2027-01-01"}])
    assert ranges.resolve("all-time", inquire(WEDNESDAY, backend=backend)).is_empty


def span(start: str, length: timedelta, offset: int = 0) -> Range:
    return Range(micros(start), micros(start) + length // timedelta(microseconds=1), offset)


@pytest.mark.parametrize(
    ("length", "grain"),
    [
        (timedelta(hours=25), "hour"),
        (timedelta(hours=25, microseconds=1), "day"),
        (timedelta(days=93), "day"),
        (timedelta(days=93, microseconds=1), "week"),
        (timedelta(days=366), "week"),
        (timedelta(days=366, microseconds=1), "month"),
    ],
)
def test_longer_ranges_have_coarser_buckets(length: timedelta, grain: str) -> None:
    assert buckets.grain(span("2026-01-01T00:00:00Z", length), "week") == grain


def test_buckets_begin_at_local_starts_and_the_first_is_cut() -> None:
    over = span("2026-01-01T09:30:00Z", timedelta(days=2), offset=-297)
    found = [moments.text(at, over.offset) for at in buckets.starts(over, "day").values()]
    assert found == ["2026-01-01T04:33:00-04:57", "2026-01-02T00:00:00-04:57", "2026-01-03T00:00:00-04:57"]


@given(MOMENTS, st.integers(0, 800 * DAY), OFFSETS, st.sampled_from(["week", "sunday_week"]))
def test_buckets_cover_the_range_without_gap_or_overlap(at: int, length: int, offset: int, week: str) -> None:
    over = Range(at, at + length, offset)
    grain = buckets.grain(over, week)
    found = buckets.starts(over, grain)
    starts = list(found.values())
    assert starts == sorted(set(starts))
    assert list(found) == list(range(min(found, default=0), max(found, default=-1) + 1))
    if length:
        assert starts[0] == over.start
        assert starts[-1] < over.end <= over.utc(GRAINS[grain].start(max(found) + 1))
    else:
        assert starts == []
