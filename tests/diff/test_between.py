"""What moved, as a value: by keys, whatever the order; what came, went, failed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from runner import diff, endpoints
from runner.diff import Side, data, words
from runner.model import Cell, Column, FailedSection, Job, Json, Plan, Row, Section, Table, Unit, Value
from tests.endpoints import made

CALLS, WON = Column("calls", "Calls", Unit.COUNT), Column("won", "Value won", Unit.MONEY)
JOB = made.job("activity", type="comparison", range="2026-W47", metrics=["calls.all.all.count"])
PLAN = made.plan(JOB)


def row(key: str, *values: Value) -> Row:
    return Row(key, key.title(), tuple(map(Cell, values)))


def table(*rows: Row, columns: tuple[Column, ...] = (CALLS, WON), key: str = "people") -> Table:
    return Table(key, "By user", Column("user", "User", Unit.TEXT), columns, rows)


def side(*tables: Table, failed: str = "", job: str = "one", plan: Plan = PLAN) -> Side:
    answer: Json = {"data": [], "aggregations": {"totals": {}}}
    digest = made.digest(PLAN, {"metrics": []}, answer)
    section = FailedSection(job, "One", failed) if failed else Section(job, "One", plan.period, (), tables)
    return Side("kept", plan, replace(digest, sections=(section,)))


def moved(old: Side, new: Side) -> list[tuple[str, str, Value, Value]]:
    found = diff.between(old, new)
    return [
        (one.row, one.column.key, one.before, one.after)
        for job in found.jobs
        for each in job.tables
        for one in each.moved
    ]


def test_rows_and_columns_are_found_by_their_keys() -> None:
    old = side(table(row("ann", 1, 100), row("bo", 2, 200)))
    new = side(table(row("bo", 200, 2), row("ann", 100, 5), columns=(WON, CALLS)))
    assert moved(old, new) == [("ann", "calls", 1, 5)]
    assert diff.between(old, new).same == 3


def test_what_is_there_twice_is_told_apart() -> None:
    old, new = side(table(row("ann", 1, 0), row("ann", 2, 0))), side(table(row("ann", 1, 0), row("ann", 3, 0)))
    assert moved(old, new) == [("ann", "calls", 2, 3)]


def test_a_missing_number_is_not_zero() -> None:
    assert moved(side(table(row("ann", None, 0))), side(table(row("ann", 0, 0)))) == [("ann", "calls", None, 0)]


def test_what_came_and_went_is_said() -> None:
    old = side(table(row("ann", 1), columns=(CALLS,)), table(key="old"))
    new = side(table(row("bo", 1), columns=(WON,)), table(key="new"))
    first, came, went = diff.between(old, new).jobs[0].tables
    assert ([one.key for one in first.rows_came], [one.key for one in first.rows_went]) == (["bo"], ["ann"])
    assert (first.columns_came, first.columns_went) == ((WON,), (CALLS,))
    assert (came.state, went.state) == ("came", "went")


@pytest.mark.parametrize(
    ("old", "new", "states"),
    [
        pytest.param(side(), side(failed="no"), ["failed"], id="failed"),
        pytest.param(side(failed="no"), side(), ["mended"], id="mended"),
        pytest.param(side(failed="no"), side(failed="no"), ["failed in both"], id="failed on both"),
        pytest.param(side(), side(job="two"), ["came", "went"], id="another job"),
    ],
)
def test_a_job_may_fail_come_or_go(old: Side, new: Side, states: list[str]) -> None:
    found = diff.between(old, new)
    assert [job.state for job in found.jobs] == states
    assert found.differs == (states != ["failed in both"])


def test_a_digest_does_not_differ_from_itself() -> None:
    one = side(table(row("ann", 1, None), row("bo", 2.5, 3)))
    found = diff.between(one, one)
    assert (found.differs, found.same) == (False, 4)
    assert words.text(found, everything=False).endswith("\n\n0 numbers moved, 4 numbers the same")


def test_the_text_fits_80_columns_and_nothing_is_lost() -> None:
    long = Column("long", "Outbound calls of the power dialer that took long (average duration)", Unit.SECONDS)
    old = side(table(row("ann " * 40, 90, 1), columns=(long, WON)))
    new = side(
        table(row("ann " * 40, 50000, 123456789), *[row(f"new {n}", 1, 1) for n in range(30)], columns=(long, WON))
    )
    text = words.text(diff.between(old, new), everything=False)
    assert max(map(len, text.splitlines())) <= 80
    assert "(average duration)" in " ".join(text.split())
    assert "New 29" in " ".join(text.split())


def test_the_numbers_are_raw_for_machines_and_written_for_people() -> None:
    found = diff.between(side(table(row("ann", 40, 20000))), side(table(row("ann", 50, None))))
    (job,) = json.loads(json.dumps(data.data(found, everything=False)))["jobs"]
    changes = [(one["before"], one["after"], one["difference"], one["relative"]) for one in job["tables"][0]["changes"]]
    assert changes == [(40, 50, 10, 0.25), (20000, None, None, None)]
    lines = words.text(found, everything=False).splitlines()
    assert [line.split() for line in lines if "Calls" in line] == [["Calls", "40", "50", "+10", "▲", "25.0%"]]
    assert [line.split() for line in lines if "Value" in line] == [["Value", "won", "$200", "–", "–"]]


def test_names_from_data_are_no_markdown() -> None:
    evil = Row("x", "a|b @ann [c](d)", (Cell(1), Cell(2)))
    found = diff.between(side(table(row("x", 1, 1))), side(table(evil)))
    text = words.markdown(found, everything=False)
    assert "a\\|b" in text
    assert "[c]" not in text.replace("\\[", "")


# ---- what is asked ---------------------------------------------------------------------------------------


def asked(old: Plan, new: Plan) -> list[tuple[str, object, object]]:
    return [(one.what, one.before, one.after) for one in diff.questions.between(old, new)]


def plan(*jobs: Job, later: timedelta = timedelta()) -> Plan:
    return endpoints.plan(made.spec(*jobs, data={"jobs": {}}), made.AS_OF + later, "orga_x")


def test_the_same_words_on_another_day_are_no_difference() -> None:
    job = made.job("activity", type="overview", range="last-week", compare="previous", metrics=["calls.all.all.count"])
    assert asked(plan(job), plan(job, later=timedelta(days=7))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"metrics": ["a", "c"]}, [("metrics", "b", None), ("metrics", None, "c")], id="metrics"),
        pytest.param({"metrics": ["b", "a"]}, [("metrics", ["a", "b"], ["b", "a"])], id="their order"),
        pytest.param({"users": ["user_1"]}, [("users", None, ["user_1"])], id="users"),
        pytest.param({"compare": "previous"}, [("compare", None, ["2026-W46"])], id="compare"),
        pytest.param({"query": {"smart_view": "save_1"}}, [("query", None, "save_1")], id="a smart view"),
        pytest.param({"type": "overview"}, [("type", "comparison", "overview")], id="type"),
    ],
)
def test_what_a_request_says_otherwise_is_named(change: dict[str, object], said: object) -> None:
    settings: dict[str, object] = {"type": "comparison", "range": "2026-W47", "metrics": ["a", "b"]}
    old, new = plan(made.job("activity", **settings)), plan(made.job("activity", **settings | change))  # type: ignore[arg-type]  # JSON
    assert asked(old, new) == said


def test_a_job_that_only_one_side_has_is_one_difference() -> None:
    one = made.job("sent_emails", range="2026-W47")
    two = replace(one, name="two")
    assert asked(plan(one), plan(two)) == [("job", None, "two"), ("job", "one", None)]
    came, went = diff.questions.between(plan(one), plan(two))
    assert (came.was_at, went.is_at) == (None, None)
    assert came.is_at is not None
    assert went.was_at is not None


def test_bounds_and_the_time_zone_are_called_by_their_names() -> None:
    job = made.job("custom", x="opportunity.value", bounds={"start": 0, "end": 5})
    other = made.job("custom", x="opportunity.value", bounds={"start": 0, "end": 9})
    assert asked(plan(job), plan(other)) == [("bounds", "0 to 5", "0 to 9")]
    elsewhere = endpoints.plan(
        replace(made.spec(job, data={"jobs": {}}), timezone="Europe/Berlin"), made.AS_OF, "orga_x"
    )
    assert asked(plan(job), elsewhere) == [("timezone", "America/New_York", "Europe/Berlin")]


def test_another_endpoint_differs_in_all_it_asks() -> None:
    one, other = made.job("sent_emails", range="2026-W47"), made.job("statuses/lead", range="2026-W47")
    assert asked(plan(one), plan(other)) == [("endpoint", "sent_emails", "statuses/lead")]


def test_a_range_is_one_thing_in_every_form() -> None:
    old, new = (plan(made.job("sent_emails", range=week)) for week in ("2026-W46", "2026-W47"))
    start, end = datetime(2026, 11, 16, 5, tzinfo=UTC), datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC)
    ((what, _, after),) = asked(old, new)
    assert what == "range"
    assert [datetime.fromisoformat(part) for part in str(after).split(" to ")] == [start, end]
