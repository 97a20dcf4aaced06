"""Targets: goals of ranges, working days, what is expected by now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import goals, period
from runner.model import Json, Number, Per, Period, Progress, Spec, Target, WorkingDays
from runner.spec import amounts
from tests.render.digests import W47, ZONE
from tests.test_checks import SECTIONS, SOURCE

USUAL = WorkingDays()
THANKSGIVING = WorkingDays(holidays=frozenset({date(2026, 11, 26)}))
NEVER = WorkingDays(frozenset({0}), frozenset({date(2026, 11, 16)}))


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def span(said: str | int | dict[str, Json]) -> Period:
    return period.resolve(said, at("2026-11-18T12:00"), ZONE)


@pytest.mark.parametrize(
    ("said", "per", "working", "expected"),
    [
        pytest.param("2026-W47", "week", USUAL, 500, id="its own week"),
        pytest.param("2026-W48", "week", THANKSGIVING, 500, id="its own week, with a holiday"),
        pytest.param({"start": "2026-11-16", "end": "2026-11-30"}, "week", USUAL, 1000, id="two weeks"),
        pytest.param("2026-11-16", "week", USUAL, 100, id="a day of it"),
        pytest.param("2026-11-25", "week", THANKSGIVING, 125, id="a day of a week with a holiday"),
        pytest.param("2026-11-21", "week", USUAL, 0, id="a Saturday"),
        pytest.param("2026-W47", "day", USUAL, 2500, id="a week of days"),
        pytest.param("2026-W48", "day", THANKSGIVING, 2000, id="a week of days but for a holiday"),
        pytest.param("2026-11", "month", USUAL, 500, id="its own month"),
        pytest.param("2026-Q4", "month", USUAL, 1500, id="a quarter of months"),
        pytest.param("2026-11", "quarter", USUAL, 500 * 21 / 66, id="a month of a quarter"),
        pytest.param(2026, "year", USUAL, 500, id="its own year"),
        pytest.param("2026-W47", "week", NEVER, 0, id="a week without work"),
    ],
)
def test_a_goal_is_for_as_much_as_the_range_has_of_its_working_days(
    said: str | int | dict[str, Json], per: Per, working: WorkingDays, expected: float
) -> None:
    assert goals.scaled(500, per, span(said), working, "monday") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("as_of", "working", "expected"),
    [
        pytest.param("2026-11-16T00:00", USUAL, (0, 5), id="as it begins"),
        pytest.param("2026-11-16T23:59", USUAL, (0, 5), id="today is not over"),
        pytest.param("2026-11-18T09:00", USUAL, (2, 5), id="in the middle"),
        pytest.param("2026-11-21T09:00", USUAL, (5, 5), id="on Saturday"),
        pytest.param("2026-11-23T00:00", USUAL, (5, 5), id="over"),
        pytest.param("2026-12-24T00:00", USUAL, (5, 5), id="long over"),
        pytest.param("2026-11-10T00:00", USUAL, (0, 5), id="not begun"),
        pytest.param("2026-11-18T09:00", NEVER, (0, 0), id="no working days"),
    ],
)
def test_working_days_that_are_over(as_of: str, working: WorkingDays, expected: tuple[int, int]) -> None:
    assert goals.gone(W47, at(as_of), working) == expected


def test_days_are_counted_in_the_zone_of_the_definition() -> None:
    late = datetime.fromisoformat("2026-11-17T23:30:00-05:00").astimezone(ZoneInfo("UTC"))
    assert late.day == 18
    assert goals.gone(W47, late, USUAL) == (1, 5)


def reach(
    column: str,
    goal: str | float,
    row: str = "total",
    *,
    job: str = "team",
    as_of: str = "2026-11-18T09:00",
    per: Per | None = None,
    paced: bool = True,
) -> Progress:
    target = Target("one", Number(job, column, row), amounts.read(goal), ("targets", "one"), per=per, paced=paced)
    spec = Spec("w", "W", "", "UTC", "monday", "en_US", "USD", (), ("html",), SOURCE, targets=(target,))
    (found,) = goals.progress(spec, SECTIONS, at(as_of))
    return found


def test_a_running_period_is_held_against_the_working_days_that_are_over() -> None:
    found = reach("calls", 200)
    assert found.cell is not None
    assert (found.cell.value, found.goal, found.expected) == (80, 200, 80)
    assert (found.gone, found.days, found.over) == (2, 5, False)


@pytest.mark.parametrize(
    ("found", "goal", "expected", "fault"),
    [
        pytest.param(reach("calls", 200, as_of="2026-11-23T00:00"), 200, None, "", id="over"),
        pytest.param(reach("calls", 200, paced=False), 200, None, "", id="not paced"),
        pytest.param(reach("value", 1000), 100_000, 40_000, "", id="money in whole units"),
        pytest.param(reach("rate", "40%"), 0.4, None, "", id="a rate does not grow"),
        pytest.param(reach("rate", "40%", per="day"), 0.4, None, "", id="a rate is the same for every span"),
        pytest.param(reach("calls", 20, per="day"), 100, 40, "", id="per day"),
        pytest.param(reach("calls", "40%"), None, None, "40% is no count", id="of another kind"),
        pytest.param(reach("calls", 5, "Bob"), None, None, "no row 'Bob'", id="no such row"),
        pytest.param(reach("cals", 5), None, None, "no number 'cals'; did you mean 'calls'?", id="no such number"),
        pytest.param(reach("calls", 5, job="broken"), None, None, "not loaded: HTTP 503", id="job that failed"),
    ],
)
def test_what_is_expected(found: Progress, goal: float | None, expected: float | None, fault: str) -> None:
    assert (found.goal, found.expected, found.fault) == (goal, expected, fault)


# ---- laws --------------------------------------------------------------------------------------------------

WORKING = st.builds(
    WorkingDays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2026, 10, 1), date(2026, 12, 31)), max_size=10),
)
DAYS = st.dates(date(2026, 10, 1), date(2026, 12, 20))
SPANS = st.builds(
    lambda first, days: period.between(
        period.begin(first, ZONE), period.begin(first + timedelta(days=days), ZONE), ZONE
    ),
    DAYS,
    st.integers(1, 40),
)


@given(SPANS, WORKING, st.integers(-2000, 3000))
def test_what_is_gone_is_between_nothing_and_all_and_grows(span: Period, working: WorkingDays, hours: int) -> None:
    now = at("2026-11-16T00:00") + timedelta(hours=hours)
    past, days = goals.gone(span, now, working)
    later, _ = goals.gone(span, now + timedelta(days=1), working)
    assert 0 <= past <= later <= days


@given(SPANS, SPANS, WORKING, st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_goals_of_spans_that_touch_add_up(one: Period, other: Period, working: WorkingDays, per: Per) -> None:
    assert one.start is not None
    assert other.start is not None
    joined = period.between(one.start, one.end + (other.end - other.start), ZONE)
    second = period.between(one.end, joined.end, ZONE)
    parts = [goals.scaled(90, per, each, working, "monday") for each in (one, second, joined)]
    assert parts[0] + parts[1] == pytest.approx(parts[2])


def test_a_section_of_all_time_has_no_days() -> None:
    whole = period.resolve("all-time", at("2026-11-18T09:00"), ZONE)
    assert goals.gone(whole, at("2026-11-18T09:00"), USUAL) == (0, 0)
