"""At which offset a span is asked, and in which pieces, in zones that change their clocks in every way there is."""

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
SAO_PAULO, HAVANA, CASABLANCA = "America/Sao_Paulo", "America/Havana", "Africa/Casablanca"


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
    ("zone", "start", "end", "pieces"),
    [
        pytest.param(
            NEW_YORK, "2026-10-26", "2026-11-05",
            [("2026-10-26--2026-10-31", -4.0), ("2026-11-01", -5.0), ("2026-11-02--2026-11-04", -5.0)],
            id="set back: the day of 25 hours by itself",
        ),
        pytest.param(
            NEW_YORK, "2026-03-05", "2026-03-12",
            [("2026-03-05--2026-03-08", -5.0), ("2026-03-09--2026-03-11", -4.0)],
            id="set forward: the day of 23 hours ends a piece",
        ),
        pytest.param(NEW_YORK, "2026-03-02", "2026-03-09", [], id="set forward on the last day: nothing to cut"),
        pytest.param(NEW_YORK, "2026-11-02", "2026-11-09", [], id="no change"),
        pytest.param(
            NEW_YORK, "2026-11-01", "2026-11-03", [("2026-11-01", -5.0), ("2026-11-02", -5.0)], id="on the first day"
        ),
        pytest.param(
            NEW_YORK, "2026-10-30T12:00:00-04:00", "2026-11-02T12:00:00-05:00",
            [("20261030T1200--20261101T0000", -4.0), ("2026-11-01", -5.0), ("20261102T0000--20261102T1200", -5.0)],
            id="cut days",
        ),
        pytest.param(
            LORD_HOWE, "2026-04-03", "2026-04-07",
            [("2026-04-03--2026-04-04", 11.0), ("2026-04-05", 10.5), ("2026-04-06", 10.5)],
            id="half an hour back",
        ),
        pytest.param(
            CAIRO, "2024-04-24", "2024-04-29", [("2024-04-24--2024-04-26", 2.0), ("2024-04-27--2024-04-28", 3.0)],
            id="midnight is skipped",
        ),
        pytest.param(
            CAIRO, "2024-10-29", "2024-11-03",
            [("2024-10-29--2024-10-30", 3.0), ("2024-10-31", 2.0), ("2024-11-01--2024-11-02", 2.0)],
            id="set back at midnight: the day before is the longer one",
        ),
        pytest.param(
            SAO_PAULO, "2018-11-02", "2018-11-06", [("2018-11-02--2018-11-04", -3.0), ("2018-11-05", -2.0)],
            id="south of the equator",
        ),
        pytest.param(
            CASABLANCA, "2025-02-20", "2025-04-10",
            [("2025-02-20--2025-02-22", 1.0), ("2025-02-23", 0.0), ("2025-02-24--2025-04-06", 0.0),
             ("2025-04-07--2025-04-09", 1.0)],
            id="there and back",
        ),
        pytest.param(
            "Pacific/Apia", "2011-12-28", "2012-01-02",
            [("2011-12-28--2011-12-29", -10.0), ("2011-12-31--2012-01-01", 14.0)],
            id="a day is left out",
        ),
        pytest.param(NEW_YORK, "2026-11-01", "2026-11-02", [], id="one day: it comes in hours"),
        pytest.param(NEW_YORK, "2026-08-01", "2026-11-03", [], id="94 days: they come in weeks"),
    ],
)  # fmt: skip
def test_pieces_are_runs_of_days_that_one_offset_has_right(
    zone: str, start: str, end: str, pieces: list[tuple[str, float]]
) -> None:
    made = clock.pieces(span(zone, start, end), moment(zone))
    assert [(piece.name, clock.offset(piece)) for piece in made] == pieces


def test_all_time_has_no_pieces() -> None:
    assert clock.pieces(moment(NEW_YORK).period(job("activity")), moment(NEW_YORK)) == ()


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


@pytest.mark.parametrize(
    ("zone", "start", "end", "said"),
    [
        pytest.param(
            NEW_YORK, "2026-10-26", "2026-11-05",
            "one: the clock changes on 2026-11-01; its days are asked in pieces, at -04:00, then -05:00, and joined",
            id="one change",
        ),
        pytest.param(
            CASABLANCA, "2025-02-20", "2025-04-10",
            "one: the clock changes on 2025-02-23 and 2025-04-06; "
            "its days are asked in pieces, at +01:00, then +00:00, then +01:00, and joined",
            id="two changes",
        ),
        pytest.param(
            LORD_HOWE, "2026-04-03", "2026-04-07",
            "one: the clock changes on 2026-04-05; its days are asked in pieces, at +11:00, then +10:30, and joined",
            id="half an hour",
        ),
    ],
)  # fmt: skip
def test_the_note_says_when_the_clock_changes_and_what_is_asked(zone: str, start: str, end: str, said: str) -> None:
    over = span(zone, start, end)
    assert clock.joined(job("activity"), over, clock.pieces(over, moment(zone))) == said
