"""The period of the GET reports, and their parameters."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from runner.engine import bounds, parameters, percents
from runner.engine.bounds import Bounds
from runner.engine.fields import Fields
from runner.engine.problems import ValidationError
from tests.engine.memory import Memory, micros


def period(offset: int = 0, **said: str) -> Bounds:
    fields = Fields(said)
    found = bounds.read(fields, offset)
    fields.check()
    return found


def asked(query: str) -> Fields:
    request = Request(EnvironBuilder(query_string=query).get_environ())
    return parameters.read(request, ("user_id", "date_start"))


def refusals(fields: Fields) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        fields.check()
    return refused.value.fields


@pytest.mark.parametrize(
    ("offset", "start", "end"),
    [
        pytest.param(0, "2026-11-01T00:00:00Z", "2026-11-02T23:59:59Z", id="UTC"),
        pytest.param(-300, "2026-11-01T05:00:00Z", "2026-11-03T04:59:59Z", id="west"),
        pytest.param(330, "2026-10-31T18:30:00Z", "2026-11-02T18:29:59Z", id="half an hour east"),
    ],
)
def test_plain_dates_are_whole_days_of_the_offset(offset: int, start: str, end: str) -> None:
    # On 1 November 2026 New York puts its clocks back; a fixed offset does not.
    found = period(offset, date_start="2026-11-01", date_end="2026-11-02")
    assert found == Bounds(micros(start), micros(end))


@pytest.mark.parametrize(
    ("said", "second"),
    [
        pytest.param("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", id="Z"),
        pytest.param("2026-11-01T10:00:00.999999Z", "2026-11-01T10:00:00Z", id="cut to the second"),
        pytest.param("2026-11-01T10:00:00.250-05:00", "2026-11-01T15:00:00Z", id="offset"),
        pytest.param("2026-11-01 10:00:00+05:30", "2026-11-01T04:30:00Z", id="space"),
        pytest.param("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z", id="before 1970"),
    ],
)
def test_moments_are_cut_to_their_second_whatever_the_offset(said: str, second: str) -> None:
    assert period(-300, date_start=said, date_end=said) == Bounds(micros(second), micros(second))


def test_either_bound_may_be_left_out() -> None:
    assert period() == Bounds(None, None)
    assert period(date_start="2026-11-01") == Bounds(micros("2026-11-01T00:00:00Z"), None)
    assert period(date_end="2026-11-01") == Bounds(None, micros("2026-11-01T23:59:59Z"))


@pytest.mark.parametrize("name", ["date_start", "date_end"])
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("2026-11-01T00:00:00", "'2026-11-01T00:00:00' is not a moment with Z or an offset"),
        ("last week", "'last week' is not a moment with Z or an offset"),
        ("2026-02-30", "'2026-02-30T00:00Z' is not in the calendar."),
        ("0001-01-01", "'0001-01-01T00:00Z' is outside the years 2 to 9998."),
        ("2026-11-01T25:00:00Z", "'2026-11-01T25:00:00Z' is not in the calendar."),
    ],
)
def test_what_is_no_second_is_refused(name: str, said: str, why: str) -> None:
    fields = Fields({name: said})
    bounds.read(fields, 0)
    told = refusals(fields)
    assert set(told) == {name}
    assert told[name].startswith(why)


def test_start_and_end_are_compared_by_seconds() -> None:
    found = period(date_start="2026-11-01T10:00:00.900Z", date_end="2026-11-01T10:00:00.100Z")
    assert found.start == found.end == micros("2026-11-01T10:00:00Z")
    fields = Fields({"date_start": "2026-11-01T10:00:01Z", "date_end": "2026-11-01T10:00:00.999Z"})
    bounds.read(fields, 0)
    assert refusals(fields) == {"date_start": "The start is after the end."}


def test_both_ends_belong_to_the_period() -> None:
    found = Bounds(micros("2026-11-01T00:00:00Z"), micros("2026-11-02T23:59:59Z"))
    assert found.conditions("ts") == ["ts >= 1793491200000000", "ts < 1793664000000000"]
    assert found.searches("sent") == ['sent >= "2026-11-01 00:00:00"', 'sent <= "2026-11-02 23:59:59"']
    assert Bounds(None, None).conditions("ts") == Bounds(None, None).searches("sent") == []


def test_a_year_of_fewer_digits_is_written_with_four() -> None:
    assert bounds.text(micros("0987-06-05T04:03:02Z")) == '"0987-06-05 04:03:02"'


def test_blank_parameters_and_those_of_other_names_count_as_absent() -> None:
    fields = asked("user_id=&date_start=+%20&unknown=1&unknown=2")
    fields.check()
    assert not fields.has("user_id")
    assert not fields.has("date_start")
    assert asked("user_id=&user_id=user_a").text("user_id") == "user_a"


def test_a_parameter_given_twice_is_refused() -> None:
    assert refusals(asked("user_id=user_a&user_id=user_a&date_start=2026-11-01")) == {"user_id": "Give it once."}


def test_users_are_found_by_id_be_they_present_or_removed() -> None:
    office = Memory()
    office.add_user("user_a", "Ann Able")
    office.add_user("user_gone", "Gil Gone", present=False)
    found = [parameters.user(asked(f"user_id={user}"), office) for user in ("user_a", "user_gone", "")]
    assert [user and user.no for user in found] == [0, 1, None]


def test_an_unknown_user_is_refused() -> None:
    fields = asked("user_id=Ann%20Able")
    assert parameters.user(fields, Memory()) is None
    assert refusals(fields) == {"user_id": "Unknown user: Ann Able."}


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (40, 101, 40),
        (1, 8, 13),
        (-1, 8, -13),
        (1, 200, 1),
        (-1, 200, -1),
        (1, 201, 0),
        (3, 3, 100),
        (0, 5, 0),
        (5, 2, 250),
    ],
)
def test_percentages_are_rounded_to_the_nearest_with_halves_away_from_zero(part: int, whole: int, percent: int) -> None:
    assert percents.nearest(part, whole) == percent


def test_there_is_no_percentage_of_nothing() -> None:
    assert percents.nearest(3, 0) is None
