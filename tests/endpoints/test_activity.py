"""What the activity endpoint asks, and what it makes of the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runner import endpoints, metrics
from runner.model import (
    Answer,
    Cell,
    Digest,
    FailedSection,
    Failure,
    Job,
    Json,
    Plan,
    Section,
    Source,
    Spec,
    Table,
    Unit,
)

AS_OF = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
CALLS, WON = "calls.outbound.all.count", "opportunities.won.all.sum_annualized_value"


def job(name: str = "calls", endpoint: str = "activity", **settings: Json) -> Job:
    said: dict[str, Json] = {"type": "overview", "metrics": [CALLS, WON], "range": "last-week", **settings}
    return Job(name, endpoint, name.title(), said, {key: ("jobs", name, key) for key in (*said, "endpoint")})


def spec(*jobs: Job) -> Spec:
    source = Source("reports/weekly.yaml", "title: Weekly\n", {}, {(): (1, 1)}, {})
    return Spec("weekly", "Weekly", "", "America/New_York", "monday", "en_US", "USD", jobs, ("html",), source)


def plan(*jobs: Job) -> Plan:
    return endpoints.plan(spec(*jobs), AS_OF)


def digest(made: Plan, *answers: Json | Failure) -> Digest:
    """The digest when the plan's queries are answered in order."""
    told = {
        ask.query.key: answer if isinstance(answer, Failure) else Answer(answer)
        for ask, answer in zip(made.asks, answers, strict=True)
    }
    return endpoints.digest(made, told, sample=False)


def table(made: Digest) -> Table:
    section = made.sections[0]
    assert isinstance(section, Section)
    return section.tables[0]


JOINED = "calls: the clock changes on 2026-11-01; its days are asked in pieces, at -04:00, then -05:00, and joined"

NAMES: Json = {"metrics": [{"key": CALLS, "name": "Outbound calls", "description": ""}]}


def overview(*rows: tuple[str, int | None], total: int | None = 0) -> Json:
    data: list[Json] = [{"datetime": at, CALLS: calls, WON: 5} for at, calls in rows]
    return {"data": data, "aggregations": {"totals": {CALLS: total, WON: 10}}}


def comparison(*rows: tuple[str, int], names: dict[str, str], total: int = 0) -> Json:
    data: list[Json] = [{"user_id": user, CALLS: calls, WON: 0} for user, calls in rows]
    lookup: Any = {user: {"display": name} for user, name in names.items()}
    return {"data": data, "aggregations": {"totals": {CALLS: total, WON: 0}}, "lookup": {"user": lookup}}


# ---- asking


def test_a_word_is_asked_as_an_absolute_range_in_the_report_s_zone() -> None:
    _, ask = plan(job()).asks
    assert ask.query.body == {
        "type": "overview",
        "metrics": [CALLS, WON],
        "datetime_range": {"start": "2026-11-16T00:00:00-05:00", "end": "2026-11-23T00:00:00-05:00"},
    }
    assert ask.query.tz_offset == -5.0
    assert (ask.query.method, ask.query.path) == ("POST", "report/activity/")


def test_all_time_is_the_one_word_that_is_asked_as_it_is() -> None:
    _, ask = plan(job(range="all-time")).asks
    assert ask.query.body is not None
    assert ask.query.body["relative_range"] == "all-time"
    assert "datetime_range" not in ask.query.body


def test_users_and_smart_view_are_asked_by_id() -> None:
    _, ask = plan(job(users=["user_a", "user_b"], query={"smart_view": "save_x"})).asks
    assert ask.query.body is not None
    assert ask.query.body["users"] == ["user_a", "user_b"]
    assert ask.query.body["query"] == {"type": "saved_search", "saved_search_id": "save_x"}


@pytest.mark.parametrize(
    ("compare", "names"),
    [
        pytest.param("previous", ["2026-W46"], id="one"),
        pytest.param(["previous", "same-days-last-year"], ["2026-W46", "2025-11-16--2025-11-22"], id="two, in order"),
        pytest.param("2026-W01", ["2026-W01"], id="a range"),
    ],
)
def test_each_compared_period_is_a_query_of_its_own(compare: Json, names: list[str]) -> None:
    made = plan(job(compare=compare))
    assert [ask.period.name for ask in made.asks if ask.period] == ["2026-W47", *names]
    assert [period.name for period in made.compared] == names


def test_the_plan_is_named_after_its_first_job_s_period() -> None:
    made = plan(job(), job("month", range="last-month", compare="previous"))
    assert made.period.name == "2026-W47"
    assert made.compared == ()


def test_a_headline_job_names_the_plan() -> None:
    made = endpoints.plan(replace(spec(job(), job("month", range="last-month")), headline="month"), AS_OF)
    assert made.period.name == "2026-10"


def test_a_late_run_of_the_same_instant_asks_the_same() -> None:
    assert [ask.query.key for ask in plan(job()).asks] == [ask.query.key for ask in plan(job()).asks]


def test_a_period_whose_days_are_all_alike_is_one_query_without_a_note() -> None:
    made = plan(job())
    assert len(made.asks) == 2
    assert made.notes == ()


def test_days_over_a_clock_change_are_asked_in_pieces_each_at_its_own_offset() -> None:
    made = plan(job(range="2026-W44", compare="2026-W10"))
    assert [(ask.period, ask.part) for ask in made.asks[-1:]] == [(made.compared[0], None)]
    asked = [(ask.query.body or {}, ask.query.tz_offset) for ask in made.asks[1:]]
    assert [(body["datetime_range"], offset) for body, offset in asked] == [
        ({"start": "2026-10-26T00:00:00-04:00", "end": "2026-11-02T00:00:00-05:00"}, -5.0),
        ({"start": "2026-10-26T00:00:00-04:00", "end": "2026-11-01T00:00:00-04:00"}, -4.0),
        ({"start": "2026-11-01T00:00:00-04:00", "end": "2026-11-02T00:00:00-05:00"}, -5.0),
        ({"start": "2026-03-02T00:00:00-05:00", "end": "2026-03-09T00:00:00-04:00"}, -5.0),
    ]
    assert [ask.part.name if ask.part else None for ask in made.asks[2:4]] == ["2026-10-26--2026-10-31", "2026-11-01"]
    assert made.period.name == "2026-W44"
    assert [period.name for period in made.compared] == ["2026-W10"]
    assert made.notes == (JOINED,)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"type": "comparison"}, id="people have no days"),
        pytest.param({"range": "2026-W47", "compare": "2026-W44"}, id="of what is compared only the totals are read"),
    ],
)
def test_a_clock_change_that_changes_no_number_costs_no_query_and_no_note(settings: dict[str, Json]) -> None:
    made = plan(Job("one", "activity", "One", {**job(range="2026-W44").settings, **settings}, {}))
    assert all(ask.part is None for ask in made.asks)
    assert made.notes == ()


@pytest.mark.parametrize("range_", ["2026", {"start": "2026-08-01", "end": "2026-11-03"}])
def test_rows_longer_than_days_are_counted_at_one_offset_and_said_to_be_so(range_: Json) -> None:
    made = plan(job(range=range_))
    assert len(made.asks) == 2
    (note,) = made.notes
    assert "counted at -05:00 all through" in note


# ---- reading


def test_an_overview_is_a_row_a_bucket_in_the_report_s_zone_with_the_service_s_totals() -> None:
    answer = overview(("2026-11-16T05:00:00+00:00", 3), ("2026-11-17T00:00:00-05:00", None), total=3)
    made = table(digest(plan(job()), NAMES, answer))
    assert [(column.label, column.unit) for column in made.columns] == [
        ("Outbound calls", Unit.COUNT),
        (WON, Unit.MONEY),
    ]
    assert [row.head for row in made.rows] == [
        datetime(2026, 11, 16, tzinfo=NEW_YORK),
        datetime(2026, 11, 17, tzinfo=NEW_YORK),
    ]
    assert [row.cells[0] for row in made.rows] == [Cell(3), Cell(None)]
    assert made.total is not None
    assert made.total.cells == (Cell(3), Cell(10))


def test_totals_carry_the_compared_totals_in_order() -> None:
    made = plan(job(compare=["previous", "2026-W01"]))
    total = table(digest(made, NAMES, overview(total=3), overview(total=2), overview(total=9))).total
    assert total is not None
    assert total.cells[0] == Cell(3, (2, 9))


def test_people_are_compared_by_who_they_are_not_by_their_place() -> None:
    made = plan(job(type="comparison", compare="previous"))
    now = comparison(("user_a", 5), ("user_b", 7), names={"user_a": "Ann Lee", "user_b": "Bo Chen"}, total=12)
    before = comparison(("user_b", 1), ("user_c", 4), names={"user_c": "Cy"}, total=5)
    rows = table(digest(made, NAMES, now, before)).rows
    assert [(row.head, row.cells[0]) for row in rows] == [
        ("Bo Chen", Cell(7, (1,))),
        ("Ann Lee", Cell(5, (None,))),
    ]


def test_people_are_ordered_by_the_first_metric_then_by_name_and_unnamed_ones_keep_their_id() -> None:
    made = plan(job(type="comparison"))
    answer = comparison(("user_z", 1), ("user_b", 1), ("user_a", 2), names={"user_a": "Zoë", "user_b": "Bo"})
    rows = table(digest(made, NAMES, answer)).rows
    assert [row.head for row in rows] == ["Zoë", "Bo", "user_z"]


def test_a_metric_the_answer_leaves_out_is_missing_and_not_zero() -> None:
    answer: Json = {"data": [{"datetime": "2026-11-16T00:00:00-05:00"}], "aggregations": {"totals": {}}}
    made = table(digest(plan(job()), NAMES, answer))
    assert made.rows[0].cells == (Cell(None), Cell(None))
    assert made.total is not None
    assert made.total.cells == (Cell(None), Cell(None))


def test_totals_link_to_the_search_that_lists_them() -> None:
    queries: Json = {"leads": {CALLS: ['call(direction: "outbound")'], WON: "opportunity(won)"}}
    answer = overview(("2026-11-16T00:00:00-05:00", 3), total=3)
    assert isinstance(answer, dict)
    made = table(digest(plan(job()), NAMES, {**answer, "queries": queries}))
    assert made.total is not None
    assert [cell.link for cell in made.total.cells] == [
        "/search/call%28direction%3A%20%22outbound%22%29/",
        "/search/opportunity%28won%29/",
    ]
    assert made.rows[0].cells[0].link == ""


def test_without_names_the_metrics_keep_their_keys() -> None:
    made = table(digest(plan(job()), Failure("HTTP 500"), overview(("2026-11-16T00:00:00-05:00", 1))))
    assert [column.label for column in made.columns] == [CALLS, WON]


def test_a_job_whose_numbers_failed_says_so_and_the_others_stand() -> None:
    made = plan(job(), job("other", range="last-month", metrics=[CALLS]))
    answers = [Failure("rate limit") if ask.job.name == "calls" and ask.period else NAMES for ask in made.asks]
    answers[-1] = overview(("2026-10-01T00:00:00-04:00", 1))
    failed, stands = digest(made, *answers).sections
    assert failed == FailedSection("calls", "Calls", "rate limit", "activity")
    assert isinstance(stands, Section)


@pytest.mark.parametrize("text", ["yesterday", "2026-11-16T00:00:00"])
def test_a_row_without_a_moment_costs_the_job(text: str) -> None:
    (failed,) = digest(plan(job()), NAMES, overview((text, 1))).sections
    assert isinstance(failed, FailedSection)
    assert text in failed.reason


# ---- joining


WHOLE = overview(("2026-10-26T00:00:00-04:00", 1), ("2026-10-27T00:00:00-05:00", 8), total=40)
"""An answer for all of the week in which the clock is set back: its rows are not those of the pieces."""


def six_days(hour: int = 0) -> Json:
    """The rows of Monday to Saturday."""
    days = [datetime(2026, 10, day, hour, tzinfo=NEW_YORK).isoformat() for day in range(26, 32)]
    return overview(*((day, calls) for calls, day in enumerate(days)), total=15)


def test_the_rows_of_the_pieces_are_one_a_local_day_and_the_totals_are_of_the_whole() -> None:
    sunday = overview(("2026-11-01T00:00:00-04:00", 3), ("2026-11-01T01:00:00-04:00", 4), total=25)
    made = digest(plan(job(range="2026-W44")), NAMES, WHOLE, six_days(), sunday)
    rows = table(made).rows
    assert [row.head for row in rows[:6]] == [datetime(2026, 10, day, tzinfo=NEW_YORK) for day in range(26, 32)]
    assert rows[6].head == datetime(2026, 11, 1, tzinfo=NEW_YORK)
    assert [row.cells[0].value for row in rows] == [0, 1, 2, 3, 4, 5, 25]
    total = table(made).total
    assert total is not None
    assert [cell.value for cell in total.cells] == [40, 10]
    assert made.notes == (JOINED,)
    assert made.requests == 4


def test_rows_may_be_said_at_any_offset() -> None:
    utc = [datetime(2026, 10, day, 4, tzinfo=UTC).isoformat() for day in range(26, 32)]
    made = digest(plan(job(range="2026-W44")), NAMES, WHOLE, overview(*((at, 2) for at in utc)), overview(total=25))
    assert [row.cells[0].value for row in table(made).rows] == [2] * 6 + [25]


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(six_days(hour=1), id="not at midnight"),
        pytest.param(overview(("2026-10-26T00:00:00-04:00", 5)), id="a week"),
        pytest.param(overview(), id="nothing"),
    ],
)
def test_pieces_in_rows_of_another_width_give_way_to_the_rows_of_the_whole(piece: Json) -> None:
    made = digest(plan(job(range="2026-W44")), NAMES, WHOLE, piece, overview(total=25))
    assert [row.cells[0].value for row in table(made).rows] == [1, 8]
    assert made.notes == ("calls: the clock changes within 2026-W44; its rows are counted at -05:00 all through",)


def test_a_piece_without_an_answer_costs_the_job() -> None:
    (failed,) = digest(plan(job(range="2026-W44")), NAMES, WHOLE, six_days(), Failure("rate limit")).sections
    assert failed == FailedSection("calls", "Calls", "rate limit", "activity")


def test_what_the_pieces_tell_of_one_job_is_not_said_of_another() -> None:
    made = plan(job(range="2026-W44"), job("other", range="2026"))
    sections = digest(made, NAMES, WHOLE, overview(), overview(), NAMES, overview())
    assert sections.notes == (
        "calls: the clock changes within 2026-W44; its rows are counted at -05:00 all through",
        "other: the clock changes within 2026; its rows are counted at -05:00 all through",
    )


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("calls.all.all.count", Unit.COUNT),
        ("calls.all.all.avg_duration", Unit.SECONDS),
        ("calls.all.all.sum_duration", Unit.SECONDS),
        ("opportunities.value_won.monthly.sum_value", Unit.MONEY),
        ("opportunities.won.all.sum_annualized_value", Unit.MONEY),
        ("emails.sent.all.reply_rate", Unit.NUMBER),
    ],
)
def test_the_unit_is_read_from_the_last_word_of_the_key(metric: str, unit: Unit) -> None:
    assert metrics.unit(metric) is unit


def test_each_day_is_beside_the_day_in_the_same_place_of_the_other_period() -> None:
    made = plan(job(compare=["previous", "2026-11-02", "2026-W44"]))
    now = overview(("2026-11-16T00:00:00-05:00", 1), ("2026-11-17T00:00:00-05:00", 2), ("2026-11-18T00:00:00-05:00", 3))
    before = overview(("2026-11-09T00:00:00-05:00", 7), ("2026-11-10T00:00:00-05:00", 8))
    hours = overview(("2026-11-02T00:00:00-05:00", 5), ("2026-11-02T01:00:00-05:00", 6))
    changed = overview(("2026-10-25T23:00:00-05:00", 9), ("2026-10-27T00:00:00-04:00", 9))
    (found,) = digest(made, NAMES, now, before, hours, changed).sections
    assert isinstance(found, Section)
    assert [row.cells[0].before for row in found.tables[0].rows] == [
        (7, None, None),
        (8, None, None),
        (None, None, None),
    ]
