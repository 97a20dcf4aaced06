"""What the funnel reports ask, and what they make of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from runner import endpoints
from runner.client import shape
from runner.endpoints import funnel
from runner.model import Cell, Failure, Json, Unit
from tests.endpoints.made import AS_OF, cells, digest, job, plan, said, spec, tables, values

TOTALS, STAGES = "funnel/opportunity/totals", "funnel/opportunity/stages"
CREATED: dict[str, Json] = {"pipeline": "pipe_a", "type": "created-cohort", "cohort": "last-week"}
ACTIVE: dict[str, Json] = {"pipeline": "pipe_a", "type": "active-stage-cohort", "range": "last-week"}
W47 = {"start": "2026-11-16T00:00:00-05:00", "end": "2026-11-23T00:00:00-05:00"}
W46 = {"start": "2026-11-09T00:00:00-05:00", "end": "2026-11-16T00:00:00-05:00"}

PEOPLE: Json = {
    "memberships": [{"user_id": "user_a", "user_full_name": "Ann Lee"}],
    "inactive_memberships": [{"user_id": "user_b", "user_full_name": "Bo Chen"}, {"user_id": "user_d"}],
}

WON: dict[str, Any] = {
    "count": 2, "count_total_complete": 2, "count_total_won": 1, "count_win_rate": 0.9, "value_total_complete": 2000000,
    "value_total_won": 1000000, "value_win_rate": 0.9, "average_time_to_win": 3600,
    "average_value_annualized_per_won_opportunity": 1000000, "sales_velocity": 1000000,
}  # fmt: skip
STAGE: dict[str, Any] = {
    "count": 2, "count_conversion_rate": 0.5, "count_lost": 1, "count_lost_ratio": 0.9, "value": 2000000,
    "value_conversion_rate": 0.5, "value_lost": 500000, "value_lost_ratio": 0.9, "weighted_value": 1000000,
    "weighted_value_conversion_rate": 1, "average_time_to_advance": 3600,
}  # fmt: skip


def totals(*users: tuple[str | None, int], **more: Json) -> Json:
    return {"aggregations": WON | more, "data": [{"user_id": user, **WON, "count": count} for user, count in users]}


def stage(name: str, count: int = 2, **more: Json) -> dict[str, Any]:
    return {"status": {"id": f"stat_{name}", "label": name, "type": "active"}, **STAGE, "count": count, **more}


def stages(*listed: dict[str, Any], **users: list[Any]) -> Json:
    data: list[Json] = [{"user_id": user, "stages": said} for user, said in users.items()]
    return {"aggregations": {"stages": list(listed)}, "data": data}


# ---- asking


@pytest.mark.parametrize("endpoint", [TOTALS, STAGES])
def test_a_cohort_is_asked_by_its_range_and_the_window_by_its_own(endpoint: str) -> None:
    made = plan(job(endpoint, **CREATED, range="2026-Q4", users=["user_a", "group_b"], query={"smart_view": "save_x"}))
    assert said(made) == [
        (
            "POST",
            f"report/{endpoint}/",
            {
                "pipeline": "pipe_a",
                "type": "created-cohort",
                "report_datetime_range": {"start": "2026-10-01T00:00:00-04:00", "end": "2027-01-01T00:00:00-05:00"},
                "cohort_datetime_range": W47,
                "users": ["user_a", "group_b"],
                "query": {"type": "saved_search", "saved_search_id": "save_x"},
            },
        )
    ]
    assert made.period.name == "2026-W47"
    assert made.notes == ("one: only what happened to its opportunities within 2026-Q4 counts",)


@pytest.mark.parametrize(
    ("settings", "ranges"),
    [
        pytest.param(ACTIVE, {"report_datetime_range": W47}, id="active"),
        pytest.param({**ACTIVE, "range": "all-time"}, {"report_relative_range": "all-time"}, id="active, all time"),
        pytest.param({**ACTIVE, "range": None}, {"report_relative_range": "all-time"}, id="active, no range"),
        pytest.param({**ACTIVE, "cohort": "2026"}, {"report_datetime_range": W47}, id="active, a cohort is ignored"),
        pytest.param(
            {**CREATED, "cohort": "all-time"},
            {"report_relative_range": "all-time", "cohort_relative_range": "all-time"},
            id="created, all time",
        ),
    ],
)
def test_ranges_are_absolute_but_for_all_time(settings: dict[str, Json], ranges: Json) -> None:
    ((_, _, body),) = said(plan(job(TOTALS, **settings)))
    assert isinstance(body, dict)
    assert {key: value for key, value in body.items() if key.endswith("_range")} == ranges


@pytest.mark.parametrize("settings", [ACTIVE, CREATED])
def test_a_comparison_is_a_second_call_with_the_compared_span(settings: dict[str, Json]) -> None:
    made = plan(job(TOTALS, **settings, compare="previous"))
    (_, _, own), (_, _, compared) = said(made)
    assert isinstance(own, dict)
    assert compared == {**own, "compared_custom_range": W46}
    assert [period.name for period in made.compared] == ["2026-W46"]


def test_the_names_are_asked_of_the_organization_where_it_is_known() -> None:
    assert [ask.query.path for ask in plan(job(TOTALS, **ACTIVE)).asks if not ask.period] == ["organization/orga_x/"]
    assert all(ask.period for ask in endpoints.plan(spec(job(TOTALS, **ACTIVE)), AS_OF).asks)


# ---- totals


def test_totals_are_a_row_a_user_with_removed_ones_named_and_the_service_s_own_total() -> None:
    answer = totals(("user_b", 1), ("user_a", 3), ("user_c", 1), (None, 1))
    (table,) = tables(digest(plan(job(TOTALS, **ACTIVE)), PEOPLE, answer))
    assert [(row.key, row.head) for row in table.rows] == [
        ("user_a", "Ann Lee"),
        ("user_b", "Bo Chen"),
        ("", "Nobody"),
        ("user_c", "user_c"),
    ]
    assert values(table, "total") == {**WON, "count_total_lost": 1, "count_win_rate": 0.5, "value_win_rate": 0.5}
    units = {column.key: column.unit for column in table.columns}
    assert units["sales_velocity"] is Unit.MONEY
    assert units["average_time_to_win"] is Unit.SECONDS


def test_without_names_users_keep_their_ids() -> None:
    (table,) = tables(digest(plan(job(TOTALS, **ACTIVE)), Failure("HTTP 403"), totals(("user_a", 1))))
    assert table.rows[0].head == "user_a"


@pytest.mark.parametrize("people", [{}, {"memberships": None}, {"memberships": [{"user_id": 3}, None]}])
def test_strange_members_cost_the_names_only(people: Json) -> None:
    (table,) = tables(digest(plan(job(TOTALS, **ACTIVE)), people, totals(("user_a", 1))))
    assert table.rows[0].head == "user_a"


def test_users_are_compared_by_who_they_are() -> None:
    made = plan(job(TOTALS, **ACTIVE, compare="previous"))
    now, before = totals(("user_a", 5), ("user_b", 3)), totals(("user_c", 8), ("user_b", 7), count=15)
    (table,) = tables(digest(made, PEOPLE, now, before))
    assert cells(table, "user_a")["count"] == Cell(5, (None,))
    assert cells(table, "user_b")["count"] == Cell(3, (7,))
    assert cells(table, "total")["count"] == Cell(2, (15,))


def test_what_is_not_known_is_not_made_up() -> None:
    answer = totals(count_total_won=None, value_total_complete=0)
    (table,) = tables(digest(plan(job(TOTALS, **ACTIVE)), PEOPLE, answer))
    made = values(table, "total")
    assert made["count_total_lost"] is None
    assert made["count_win_rate"] == 0.9
    assert made["value_win_rate"] is None


# ---- stages


def test_stages_are_rows_in_the_pipeline_s_order_then_users_by_stages() -> None:
    answer = stages(stage("New"), stage("Won", 1), user_a=[stage("New", 1), stage("Won", 0)], user_b=[stage("New", 4)])
    by_stage, reached, went_on = tables(digest(plan(job(STAGES, **ACTIVE)), PEOPLE, answer))
    assert [row.head for row in by_stage.rows] == ["New", "Won"]
    assert values(by_stage, "stat_New") == {**STAGE, "count_lost_ratio": 0.5, "value_lost_ratio": 0.25}
    assert by_stage.total is None
    assert [column.label for column in reached.columns] == ["New", "Won"]
    assert [(row.head, [cell.value for cell in row.cells]) for row in reached.rows] == [
        ("Bo Chen", [4, None]),
        ("Ann Lee", [1, 0]),
    ]
    assert reached.total is not None
    assert [cell.value for cell in reached.total.cells] == [2, 1]
    assert {column.unit for column in went_on.columns} == {Unit.FRACTION}


def test_without_users_there_are_the_stages_only() -> None:
    (table,) = tables(digest(plan(job(STAGES, **ACTIVE)), PEOPLE, stages(stage("New"))))
    assert table.key == "stages"


def test_stages_are_compared_by_what_they_are() -> None:
    made = plan(job(STAGES, **ACTIVE, compare="previous"))
    now = stages(stage("New", 5), stage("Won", 3), user_a=[stage("New", 5), stage("Won", 3)])
    before = stages(stage("Won", 8), user_a=[stage("Won", 7)])
    by_stage, reached, _ = tables(digest(made, PEOPLE, now, before))
    assert cells(by_stage, "stat_New")["count"] == Cell(5, (None,))
    assert cells(by_stage, "stat_Won")["count"] == Cell(3, (8,))
    assert [cell.before for cell in reached.rows[0].cells] == [(None,), (7,)]


@pytest.mark.parametrize("key", WON)
def test_a_total_that_close_documents_is_missed_by_name(key: str) -> None:
    short = {name: value for name, value in WON.items() if name != key}
    assert shape.fault({"aggregations": short, "data": []}, funnel.EXPECT["totals"]) == f"aggregations.{key}: missing"


@pytest.mark.parametrize("key", STAGE)
def test_a_stage_s_number_that_close_documents_is_missed_by_name(key: str) -> None:
    short = {name: value for name, value in stage("New").items() if name != key}
    fault = shape.fault({"aggregations": {"stages": [short]}, "data": []}, funnel.EXPECT["stages"])
    assert fault == f"aggregations.stages[0].{key}: missing"
