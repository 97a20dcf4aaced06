"""At which offset a span is asked, in zones that change their clocks in every way there is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from runner import period
from runner.endpoints import clock
from runner.endpoints.moment import Moment
from runner.model import Period
from tests.endpoints.made import job

NEW_YORK, LORD_HOWE, CAIRO = "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"
HAVANA = "America/Havana"


def moment(zone: str) -> Moment:
    return Moment(datetime(2026, 11, 23, tzinfo=UTC).astimezone(ZoneInfo(zone)), ZoneInfo(zone), "monday")


def span(zone: str, start: str, end: str) -> Period:
    return period.resolve({"start": start, "end": end}, datetime(2026, 11, 23, tzinfo=UTC), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        pytest.param(NEW_YORK, "2026-10-01", "2026-10-31", -4.0, id="no change"),
        pytest.param(NEW_YORK, "2026-03-02", "2026-03-09", -5.0, id="set forward: as at the start"),
        pytest.param(NEW_YORK, "2026-10-26", "2026-11-02", -5.0, id="set back: as at the end"),
        pytest.param(LORD_HOWE, "2026-04-01", "2026-04-10", 10.5, id="by half an hour"),
        pytest.param(CAIRO, "2024-04-26", "2024-04-27", 2.0, id="a day without midnight: where it would have had it"),
        pytest.param(CAIRO, "2024-04-25", "2024-04-26", 2.0, id="the day before"),
        pytest.param(CAIRO, "2024-04-27", "2024-04-28", 3.0, id="the day after"),
        pytest.param(HAVANA, "2024-11-03", "2024-11-04", -5.0, id="a day of two midnights"),
        pytest.param(NEW_YORK, "2026-11-01T09:00:00-05:00", "2026-11-03", -5.0, id="begun after the change"),
    ],
)
def test_a_span_is_asked_at_the_smaller_offset_of_its_ends(zone: str, start: str, end: str, hours: float) -> None:
    assert clock.offset(span(zone, start, end)) == hours


def test_all_time_is_asked_at_the_offset_of_its_end() -> None:
    assert clock.offset(moment(NEW_YORK).period(job("activity"))) == -5.0


@pytest.mark.parametrize(
    ("start", "end", "lengths"),
    [
        pytest.param("2026-10-31", "2026-11-03", [24, 25, 24], id="set back"),
        pytest.param("2026-03-07", "2026-03-10", [24, 23, 24], id="set forward"),
        pytest.param("2026-10-31T20:00:00-04:00", "2026-11-01T12:00:00-05:00", [4, 13], id="cut"),
    ],
)
def test_days_are_as_long_as_they_are(start: str, end: str, lengths: list[int]) -> None:
    days = clock.days(span(NEW_YORK, start, end))
    assert [(after.timestamp() - begun.timestamp()) / 3600 for begun, after in days] == lengths


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        pytest.param("2026-11-02", "2026-11-09", "", id="no change"),
        pytest.param("2026-03-02", "2026-03-09", "", id="the last day is the shorter one: true all the same"),
        pytest.param("2026-10-26", "2026-11-02", "counted at -05:00 all through", id="set back"),
        pytest.param("2026-03-02", "2026-03-16", "counted at -05:00 all through", id="set forward"),
        pytest.param("2026-01-01", "2027-01-01", "counted at -05:00 all through", id="there and back within a year"),
        pytest.param("2026-06-01", "2026-10-31", "", id="a long summer"),
    ],
)
def test_rows_at_one_offset_are_said_to_be_so_where_that_matters(start: str, end: str, said: str) -> None:
    note = clock.one_offset(job("custom"), span(NEW_YORK, start, end))
    assert (said in note) if said else (note == "")
