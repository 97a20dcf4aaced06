"""Which periods of a definition are over, and the instant that each digest is made for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner import backfill, endpoints, period
from tests.endpoints import made

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)
"""A Thursday."""

DAY = timedelta(days=1)


def found(said: Any, first: str, last: str, now: datetime = NOW) -> list[str]:
    """Name of each period and the local time of its instant."""
    job = made.job("activity", type="overview", range=said, metrics=["calls.outbound.all.count"])
    each = backfill.periods(made.spec(job), date.fromisoformat(first), date.fromisoformat(last), now)
    return [f"{one.period.name} {one.as_of.astimezone(ZONE):%m-%d %H:%M}" for one in each]


@pytest.mark.parametrize(
    ("said", "first", "last", "expected"),
    [
        pytest.param("last-week", "2026-11-02", "2026-11-15", ["2026-W45 11-09 00:00", "2026-W46 11-16 00:00"], id="w"),
        pytest.param("last-week", "2026-11-03", "2026-11-21", ["2026-W46 11-16 00:00"], id="whole weeks only"),
        pytest.param("last-month", "2026-09-01", "2026-11-26", ["2026-09 10-01 00:00", "2026-10 11-01 00:00"], id="m"),
        pytest.param(
            "last-quarter", "2026-01-01", "2026-06-30", ["2026-Q1 04-01 00:00", "2026-Q2 07-01 00:00"], id="q"
        ),
        pytest.param("last-year", "2024-01-01", "2026-11-26", ["2024 01-01 00:00", "2025 01-01 00:00"], id="years"),
        pytest.param(
            "yesterday",
            "2026-11-24",
            "2026-11-30",
            ["2026-11-24 11-25 00:00", "2026-11-25 11-26 00:00"],
            id="not today",
        ),
        pytest.param(
            "last-7-days",
            "2026-11-18",
            "2026-11-25",
            ["2026-11-18--2026-11-24 11-25 00:00", "2026-11-19--2026-11-25 11-26 00:00"],
            id="windows",
        ),
        pytest.param(
            "this-month", "2026-09-01", "2026-11-26", ["2026-09 09-30 23:59", "2026-10 10-31 23:59"], id="this"
        ),
        pytest.param("2026-W40", "2026-01-01", "2026-11-26", ["2026-W40 10-05 00:00"], id="one week"),
        pytest.param("2026-W40", "2026-01-01", "2026-02-01", [], id="another time"),
        pytest.param("2026-12", "2026-01-01", "2027-02-01", [], id="still to come"),
        pytest.param("all-time", "2026-01-01", "2026-11-26", [], id="never over"),
        pytest.param(None, "2026-01-01", "2026-11-26", [], id="without a range"),
    ],
)
def test_periods_are_those_that_the_range_names_as_time_goes_by(
    said: Any, first: str, last: str, expected: list[str]
) -> None:
    assert found(said, first, last) == expected


WORDS = ["last-week", "last-month", "yesterday", "last-3-days", "this-week", "today", "2026-W44", "last-quarter"]


@given(st.sampled_from(WORDS), st.dates(date(2025, 10, 1), date(2026, 12, 1)), st.integers(0, 200))
@settings(max_examples=60)
def test_each_is_over_lies_within_and_is_what_a_run_at_its_instant_is_of(said: str, first: date, days: int) -> None:
    job = made.job("activity", type="overview", range=said, metrics=["calls.outbound.all.count"])
    spec = made.spec(job)
    zone = ZoneInfo(spec.timezone)
    each = backfill.periods(spec, first, first + days * DAY, NOW)
    names = [one.period.name for one in each]
    assert len(set(names)) == len(names)
    for one in each:
        assert endpoints.period(spec, one.as_of) == one.period
        assert one.period.start is not None
        assert period.begin(first, zone) <= one.period.start
        assert one.period.end.astimezone(UTC) <= NOW
        assert one.period.end <= period.begin(first + (days + 1) * DAY, zone)
    assert names == [one.period.name for one in sorted(each, key=lambda one: one.period.end.astimezone(UTC))]
