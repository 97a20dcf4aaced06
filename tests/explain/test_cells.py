"""A number is found by the keys or labels of its row and column; what is not there is said with the nearest name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from runner.errors import RunnerError, UsageError
from runner.explain import cells
from runner.model import Cell, Column, Digest, FailedSection, Row, Section, Table, Unit, Value
from tests.endpoints import made

CALLS, SLASH = Column("calls.all.all.count", "Calls", Unit.COUNT), Column("y:New/Old", "New/Old", Unit.COUNT)


def row(key: str, head: Value, *values: int) -> Row:
    return Row(key, head, tuple(map(Cell, values)))


PEOPLE = Table(
    "people",
    "By user",
    Column("user_id", "User", Unit.TEXT),
    (CALLS, SLASH),
    (row("user_1", "Ann Lee", 1, 2), row("user_2", "A/B", 3, 4)),
    row("total", "Total", 5, 6),
)
DAYS = Table(
    "days",
    "Over time",
    Column("datetime", "When", Unit.DATETIME),
    (replace(CALLS, label="Days' calls"),),
    (row("2026-11-16T05:00:00Z", datetime(2026, 11, 16, 5, tzinfo=UTC), 7),),
)


@pytest.fixture
def digest() -> Digest:
    plan = made.plan(made.job("sent_emails", range="2026-W47"))
    empty = made.digest(plan, {"sent_email_stats": []})
    section = Section("one", "One", plan.period, (), (PEOPLE, DAYS))
    return replace(empty, sections=(section, FailedSection("two", "Two", "it is down")))


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("user_1/calls.all.all.count", 1),
        ("Ann Lee/Calls", 1),
        ("ann lee/CALLS", 1),
        ("Ann Lee/New/Old", 2),
        ("A/B/Calls", 3),
        ("A/B/New/Old", 4),
        ("Calls", 5),
        ("total/Calls", 5),
        ("New/Old", 6),
        ("2026-11-16T05:00:00Z/calls.all.all.count", 7),
        ("2026-11-16/calls.all.all.count", 7),
        ("2026-11-16T05:00/Days' calls", 7),
    ],
)
def test_a_number_has_several_names(digest: Digest, said: str, value: int) -> None:
    assert cells.find(digest, "one", said, None).cell.value == value


def test_a_table_may_be_named(digest: Digest) -> None:
    assert cells.find(digest, "one", "2026-11-16/calls.all.all.count", "days").table is DAYS
    with pytest.raises(UsageError, match="no table 'dais'; did you mean 'days'"):
        cells.find(digest, "one", "Calls", "dais")


@pytest.mark.parametrize(
    ("job", "said", "table", "message"),
    [
        ("ome", "Calls", None, "no job 'ome'; did you mean 'one'?"),
        ("one", "Cals", None, "no column 'Cals'; did you mean 'Calls'?"),
        ("one", "Ann Le/Calls", None, "no row 'Ann Le'; did you mean 'Ann Lee'?"),
        ("one", "Somebody/Calls", "people", "no row 'Somebody'; rows: Ann Lee, A/B"),
        ("one", "xxxxxxxxxxxxxxx", "days", "columns: calls.all.all.count"),
        ("one", "Days' calls", None, "'Over time' has no total; write ROW/Days' calls, rows: 2026-11-16"),
        ("one", "", None, "no column ''"),
    ],
)
def test_what_is_not_there_is_said(digest: Digest, job: str, said: str, table: str | None, message: str) -> None:
    with pytest.raises(UsageError) as error:
        cells.find(digest, job, said, table)
    assert message in str(error.value)


def test_a_failed_job_has_no_numbers(digest: Digest) -> None:
    with pytest.raises(RunnerError, match="job 'two' had failed: it is down"):
        cells.find(digest, "two", "Calls", None)


def test_everything_is_every_number(digest: Digest) -> None:
    assert sorted(str(found.cell.value) for found in cells.everything(digest)) == list("1234567")
