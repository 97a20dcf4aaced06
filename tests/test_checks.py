"""Checks: which numbers they look at, and which pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import checks, source
from runner.errors import Severity
from runner.model import (
    Amount,
    Cell,
    Check,
    Column,
    Digest,
    FailedSection,
    Limit,
    Number,
    Row,
    Section,
    Sort,
    Spec,
    Table,
    Unit,
    Value,
)
from runner.spec import amounts
from tests.render.digests import W46, W47, ZONE, digest

CALLS = Column("calls", "Calls", Unit.COUNT)
VALUE = Column("value", "Value", Unit.MONEY)
RATE = Column("rate", "Rate", Unit.FRACTION)
TALK = Column("talk", "Talk", Unit.SECONDS)
USER = Column("user", "User", Unit.TEXT)


def line(key: str, head: Value, *numbers: tuple[Value, ...]) -> Row:
    return Row(key, head, tuple(Cell(now, tuple(before)) for now, *before in numbers))


TEAM = Table(
    "comparison", "By user", USER, (CALLS, VALUE, RATE, TALK),
    (
        line("user_a", "Ann Lee", (12, 10), (50_000, 0), (0.3, 0.25), (3600, 1800)),
        line("user_b", "Bo Chen", (0, 4), (None, 10), (None, None), (30, None)),
    ),
    line("total", "Total", (80, 100), (100_000, 100_000), (0.3, 0.33), (5400, None)),
)  # fmt: skip
DAYS = Table(
    "overview", "Over time", Column("datetime", "When", Unit.DATETIME), (CALLS,),
    (line("2026-11-16T00:00:00-05:00", datetime(2026, 11, 16, tzinfo=ZONE), (7,)),),
)  # fmt: skip
EMPTY = Table("comparison", "By user", USER, (CALLS,), ())
SECTIONS = (
    Section("team", "Team", W47, (W46,), (TEAM, replace(TEAM, key="other", rows=TEAM.rows[1:]))),
    Section("days", "Days", W47, (), (DAYS,)),
    Section("nobody", "Nobody", W47, (), (EMPTY,)),
    FailedSection("broken", "Broken", "HTTP 503"),
)
SOURCE = source.read("weekly.yaml", b"title: x\nchecks:\n  one: {a: 1}\n")


def spec(*made: Check) -> Spec:
    return Spec("w", "W", "", "UTC", "monday", "en_US", "USD", (), ("html",), SOURCE, checks=made)


def check(
    column: str,
    row: str = "total",
    *,
    job: str = "team",
    nullable: bool = False,
    table: str = "",
    **said: str | float,
) -> Check:
    sorts: dict[str, Sort] = {"min": "min", "max": "max", "change_min": "change_min", "change_max": "change_max"}
    limits = tuple(Limit(sorts[sort], amounts.read(size)) for sort, size in said.items())
    return Check("one", Number(job, column, row, table), limits, ("checks", "one"), nullable)


def told(one: Check) -> list[tuple[str, str]]:
    (verdict,) = checks.verdicts(spec(one), SECTIONS)
    return [(breach.fault, breach.row.key if breach.row else breach.text) for breach in verdict.breaches]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(check("calls", min=80), [], id="at the least"),
        pytest.param(check("calls", min=81), [("limit", "total")], id="under the least"),
        pytest.param(check("calls", max=80), [], id="at the most"),
        pytest.param(check("calls", max=79), [("limit", "total")], id="over the most"),
        pytest.param(check("calls", min=81, max=79), [("limit", "total")] * 2, id="each limit is told"),
        pytest.param(check("value", min=1000), [], id="money in whole units"),
        pytest.param(check("value", min=1000.5), [("limit", "total")], id="money in whole units, under"),
        pytest.param(check("rate", min="30%"), [], id="rate at the least"),
        pytest.param(check("rate", min="30.1%"), [("limit", "total")], id="rate under the least"),
        pytest.param(check("talk", min="90 min"), [], id="duration with a unit"),
        pytest.param(check("talk", max="1.4h"), [("limit", "total")], id="duration over the most"),
        pytest.param(check("calls", min="30%"), [("unfit", "total")], id="per cent of a count"),
        pytest.param(check("calls", change_min="-20%"), [], id="fell as far as it may"),
        pytest.param(check("calls", change_min="-19.9%"), [("limit", "total")], id="fell too far"),
        pytest.param(check("calls", "user_a", change_max="+20%"), [], id="grew as far as it may"),
        pytest.param(check("calls", "user_a", change_max="+19%"), [("limit", "user_a")], id="grew too far"),
        pytest.param(check("rate", change_min="-3pp"), [], id="points down as far as it may"),
        pytest.param(check("rate", "user_a", change_max="+4.9pp"), [("limit", "user_a")], id="points up too far"),
        pytest.param(check("calls", change_min="-3pp"), [("unfit", "total")], id="points of a count"),
        pytest.param(check("value", change_min="+0%"), [], id="no change"),
        pytest.param(check("value", "user_a", change_min="+900%"), [], id="from nothing grows without end"),
        pytest.param(check("value", "user_a", change_max="+900%"), [("limit", "user_a")], id="from nothing, held"),
        pytest.param(check("talk", change_min="-90%"), [("missing", "total")], id="nothing known before"),
        pytest.param(check("talk", change_min="-90%", nullable=True), [], id="nothing known before, allowed"),
        pytest.param(check("calls", "Ann Lee", min=13), [("limit", "user_a")], id="row by its name"),
        pytest.param(check("calls", "every", min=1), [("limit", "user_b")], id="every row"),
        pytest.param(check("value", "every"), [("missing", "user_b")], id="known in every row"),
        pytest.param(check("value", "every", min=1), [("missing", "user_b")], id="missing never passes"),
        pytest.param(check("value", "every", min=1, nullable=True), [], id="missing is allowed"),
        pytest.param(check("calls", "user_a", table="other", min=1), [("no-row", "")], id="the table that is named"),
        pytest.param(check("calls", "Ann Le", min=1), [("no-row", "did you mean 'Ann Lee'?")], id="no such row"),
        pytest.param(check("call", min=1), [("no-number", "did you mean 'calls'?")], id="no such number"),
        pytest.param(check("calls", job="broken", min=1), [("not-loaded", "HTTP 503")], id="job that failed"),
        pytest.param(check("calls", "2026-11-16", job="days", min=7), [], id="a day by its date"),
        pytest.param(check("calls", job="days", min=1), [("no-row", "")], id="no total"),
        pytest.param(check("calls", "every", job="nobody", min=1), [("no-row", "")], id="every of none"),
        pytest.param(check("calls", "every", job="nobody", min=1, nullable=True), [], id="every of none, allowed"),
    ],
)  # fmt: skip
def test_a_check_says_which_numbers_are_not_as_demanded(one: Check, expected: list[tuple[str, str]]) -> None:
    assert told(one) == expected


def test_a_verdict_has_the_place_of_its_check() -> None:
    (verdict,) = checks.verdicts(spec(check("calls", min=81)), SECTIONS)
    assert (str(verdict.location), verdict.excerpt) == ("weekly.yaml:3:3", "  one: {a: 1}")


def test_failed_are_errors_only() -> None:
    made = [
        check("calls", min=81),
        replace(check("calls", min=81), name="two", severity=Severity.WARNING),
        replace(check("calls", min=80), name="three"),
    ]
    whole: Digest = replace(digest(), checks=checks.verdicts(spec(*made), SECTIONS))
    assert [verdict.check.name for verdict in checks.failed(whole)] == ["one"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(300, Amount(300, "", "300"), id="bare"),
        pytest.param("25%", Amount(0.25, "%", "25%"), id="per cent"),
        pytest.param("-5pp", Amount(-0.05, "pp", "-5pp"), id="points"),
        pytest.param("+0.1 pp", Amount(0.001, "pp", "+0.1 pp"), id="points with a space"),
        pytest.param("30s", Amount(30.0, "s", "30s"), id="seconds"),
        pytest.param("1.5 h", Amount(5400.0, "s", "1.5 h"), id="hours"),
        pytest.param("90 min", Amount(5400.0, "s", "90 min"), id="minutes"),
        pytest.param("2 d", Amount(172800.0, "s", "2 d"), id="days"),
    ],
)
def test_sizes_are_read_exactly(said: str | int, expected: Amount) -> None:
    assert amounts.read(said) == expected


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(-100, 300))
def test_a_change_is_held_against_its_limit_without_an_error_of_rounding(now: int, before: int, percent: int) -> None:
    moved = checks.change(now, before, "%")
    limit = round(amounts.read(f"{percent}%").size, checks.DIGITS)
    assert (moved >= limit) == (100 * (now - before) >= percent * before)


@given(st.integers(0, 10**9))
def test_an_amount_of_money_is_exact_to_the_cent(cents: int) -> None:
    assert amounts.read(cents / 100).raw(Unit.MONEY) == cents
