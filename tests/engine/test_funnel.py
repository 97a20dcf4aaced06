"""The funnel, rule by rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.deals import (
    ACTIVE,
    CREATED,
    GONE,
    LOST,
    NEW,
    OLD,
    OTHER,
    PAID,
    REPORT,
    TALK,
    WON,
    Deals,
    at,
    column,
    stages,
    totals,
    users,
    whole,
)  # fmt: skip
from tests.engine.dumps import write_dump
from tests.engine.memory import Api

COMPLETE = ("count", "count_total_complete", "count_total_won")


def one(*way: tuple[str, int], **columns: Any) -> Deals:
    deals = Deals()
    deals.deal(*way, **columns)
    return deals


# ---- the published example, from a dump ------------------------------------------------------------------


def change(opportunity: str, moment: str, old: str | None, new: str, identity: str) -> dict[str, Any]:
    return {
        "_type": "OpportunityStatusChange", "id": identity, "lead_id": "lead_1", "opportunity_id": opportunity,
        "old_status_id": old, "new_status_id": new, "date_created": moment,
    }  # fmt: skip


def opportunity(identity: str, status: str, **values: Any) -> dict[str, Any]:
    return {
        "id": identity, "lead_id": "lead_1", "status_id": status, "user_id": "user_1", "value": 1_000_000,
        "value_period": "one_time", "confidence": 50, "date_created": "2026-11-03T09:00:00Z",
    } | values  # fmt: skip


def dump(folder: Path, opportunities: list[dict[str, Any]], activities: list[dict[str, Any]]) -> Store:
    statuses = [
        {"id": "stat_initial", "label": "Initial", "type": "active"},
        {"id": "stat_won", "label": "Won", "type": "won"},
        {"id": "stat_lost", "label": "Lost", "type": "lost"},
    ]
    write_dump(
        folder / "dump",
        organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-01-01T00:00:00Z"}],
        user=[{"id": "user_1", "first_name": "Ann", "last_name": "Able", "email": "ann@example.com"}],
        pipeline=[{"id": "pipe_1", "name": "Sales", "statuses": statuses}],
        lead=[
            {"id": "lead_1", "display_name": "Acme", "date_created": "2026-01-01T00:00:00Z"}
            | {"opportunities": opportunities, "activities": activities}
        ],
    )
    load(folder / "dump", folder / "store")
    return Store.open(folder / "store")


EXAMPLE: dict[str, Any] = {"pipeline": "pipe_1", "type": "created-cohort", "cohort_datetime_range": REPORT}


def test_the_published_example(tmp_path: Path) -> None:
    deals = [opportunity("oppo_1", "stat_won"), opportunity("oppo_2", "stat_lost")]
    history = [
        change("oppo_1", "2026-11-03T10:00:00Z", "stat_initial", "stat_won", "acti_1"),
        change("oppo_2", "2026-11-03T12:00:00Z", "stat_initial", "stat_lost", "acti_2"),
    ]
    row = {
        "count": 2, "count_total_complete": 2, "count_total_won": 1, "count_win_rate": 0.5,
        "value_total_complete": 2_000_000, "value_total_won": 1_000_000, "value_win_rate": 0.5,
        "average_time_to_win": 3600, "average_value_annualized_per_won_opportunity": 1_000_000,
        "sales_velocity": 1_000_000,
    }  # fmt: skip
    initial = {
        "status": {"id": "stat_initial", "label": "Initial", "type": "active"},
        "count": 2, "count_conversion_rate": 0.5, "count_lost": 1, "count_lost_ratio": 0.5,
        "value": 2_000_000, "value_conversion_rate": 0.5, "value_lost": 1_000_000, "value_lost_ratio": 0.5,
        "weighted_value": 1_000_000, "weighted_value_conversion_rate": 1, "average_time_to_advance": 3600,
    }  # fmt: skip
    won = {
        "status": {"id": "stat_won", "label": "Won", "type": "won"},
        "count": 1, "count_conversion_rate": 0, "count_lost": 0, "count_lost_ratio": 0,
        "value": 1_000_000, "value_conversion_rate": 0, "value_lost": 0, "value_lost_ratio": 0,
        "weighted_value": 1_000_000, "weighted_value_conversion_rate": 0, "average_time_to_advance": None,
    }  # fmt: skip
    with dump(tmp_path, deals, history) as store:
        told = totals(store, **EXAMPLE)
        assert told == {"aggregations": row, "data": [{"user_id": "user_1", **row}]}
        assert list(told["aggregations"]) == list(row)
        told = stages(store, **EXAMPLE)
        assert told == {
            "aggregations": {"stages": [initial, won]},
            "data": [{"user_id": "user_1", "stages": [initial, won]}],
        }
        assert list(told["aggregations"]["stages"][0]) == list(initial)


def test_what_is_odd_in_a_dump_is_straight_in_the_funnel(tmp_path: Path) -> None:
    deals = [
        opportunity("oppo_early", "stat_won", value=None, confidence=None),
        opportunity("oppo_same", "stat_initial", value_period="monthly", value=5, confidence=None),
        opportunity("oppo_never", "stat_initial", user_id=None, confidence=10),
    ]
    history = [
        change("oppo_early", "2026-11-01T10:00:00Z", "stat_initial", "stat_won", "acti_1"),
        change("oppo_same", "2026-11-04T10:00:00Z", "stat_initial", "stat_initial", "acti_2"),
    ]
    with dump(tmp_path, deals, history) as store:
        found = whole(store, *COMPLETE, "value_total_won", "average_time_to_win", "sales_velocity", **EXAMPLE)
        assert found == [3, 1, 1, 0, 0, 0]
        assert column(store, "value", **EXAMPLE) == [1_000_060, 0]
        assert column(store, "weighted_value", **EXAMPLE) == [100_000, 0]
        assert column(store, "average_time_to_advance", **EXAMPLE) == [0, None]
        assert users(totals(store, **EXAMPLE)) == ["user_1"]


# ---- who is in the cohort --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "count"),
    [
        pytest.param([("01", NEW)], 1, id="active all along"),
        pytest.param([("09", NEW)], 0, id="created at the end"),
        pytest.param([("08 23:59", NEW)], 1, id="created before the end"),
        pytest.param([("01", NEW), ("02", LOST)], 1, id="lost at the start"),
        pytest.param([("01", NEW), ("01 23:59", LOST)], 0, id="lost before"),
        pytest.param([("01", WON)], 0, id="won before"),
        pytest.param([("01", WON), ("05", PAID)], 1, id="won again"),
        pytest.param([("01", LOST), ("05", GONE)], 1, id="lost again"),
        pytest.param([("05", WON)], 1, id="created as won"),
        pytest.param([("01", OTHER), ("09", NEW)], 0, id="elsewhere until the end"),
        pytest.param([("01", OLD), ("12", LOST)], 0, id="in an unlisted status of type active"),
        pytest.param([("05", OTHER), ("05", NEW), ("05", OTHER), ("12", LOST)], 1, id="active for no time"),
        pytest.param([("01", NEW), ("02", OTHER), ("12", LOST)], 0, id="left at the start"),
        pytest.param([("05", NEW), ("06", OTHER)], 0, id="now in another pipeline"),
    ],
)
def test_the_active_cohort_is_what_was_active_or_closed_in_the_window(way: list[tuple[str, int]], count: int) -> None:
    assert whole(one(*way), "count", **ACTIVE) == [count]


@pytest.mark.parametrize(
    ("created", "count"), [("01 23:59", 0), ("02", 1), ("08 23:59", 1), ("09", 0)], ids=["before", "start", "in", "end"]
)
def test_the_created_cohort_is_what_was_created_in_the_cohort_range(created: str, count: int) -> None:
    body = CREATED | {"report_datetime_range": {"start": "2026-01-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}}
    assert whole(one((created, OTHER), ("12", NEW)), "count", **body) == [count]


def test_what_was_created_counts_also_where_the_window_does_not_see_it() -> None:
    deals = one(("05", NEW), ("06", WON))
    for days in (("2026-10-01", "2026-10-08"), ("2026-12-01", "2026-12-08")):
        report = {"start": f"{days[0]}T00:00:00Z", "end": f"{days[1]}T00:00:00Z"}
        body = CREATED | {"report_datetime_range": report}
        assert whole(deals, *COMPLETE, **body) == [1, 0, 0]
        assert column(deals, "count", **body) == [0, 0, 0, 0]


# ---- the way through the stages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "reached", "advanced"),
    [
        pytest.param([("01", NEW)], [1, 0, 0, 0], [0, None, None, None], id="stays"),
        pytest.param([("03", NEW), ("04", TALK), ("05", WON)], [1, 1, 1, 0], [1, 1, 0, None], id="step by step"),
        pytest.param([("03", NEW), ("04", PAID)], [1, 1, 1, 1], [1, 1, 1, 0], id="jumps over two"),
        pytest.param([("03", TALK), ("04", WON)], [0, 1, 1, 0], [None, 1, 0, None], id="created late"),
        pytest.param([("03", TALK), ("04", NEW)], [1, 1, 0, 0], [1, 0, None, None], id="goes back"),
        pytest.param([("01", NEW), ("02", TALK)], [0, 1, 0, 0], [None, 0, None, None], id="changes at the start"),
        pytest.param([("01", NEW), ("09", TALK)], [1, 0, 0, 0], [0, None, None, None], id="changes at the end"),
        pytest.param([("01", NEW), ("04", LOST)], [1, 0, 0, 0], [0, None, None, None], id="lost is no stage"),
        pytest.param([("01", WON), ("05", NEW)], [1, 1, 1, 0], [1, 1, 0, None], id="won at the start, reopened"),
        pytest.param([("01", OLD), ("05", OTHER), ("06", TALK)], [0, 1, 0, 0], [None, 0, None, None], id="unlisted"),
        pytest.param([("05", LOST)], [0, 0, 0, 0], [None, None, None, None], id="in no stage"),
        pytest.param([("05", TALK), ("05", NEW)], [1, 1, 0, 0], [1, 0, None, None], id="for no time"),
    ],
)
def test_stages_are_reached_from_the_lowest_to_the_highest(
    way: list[tuple[str, int]], reached: list[int], advanced: list[int | None]
) -> None:
    deals = one(*way)
    assert column(deals, "count", **ACTIVE) == reached
    assert column(deals, "count_conversion_rate", **ACTIVE) == advanced
    assert column(deals, "value", **ACTIVE) == [100_000 * count for count in reached]
    assert column(deals, "value_conversion_rate", **ACTIVE) == advanced


@pytest.mark.parametrize(
    ("way", "lost"),
    [
        pytest.param([("01", NEW), ("04", LOST)], [1, 0, 0, 0], id="from where it was"),
        pytest.param([("03", TALK), ("04", NEW), ("05", LOST)], [1, 0, 0, 0], id="from the last, not the highest"),
        pytest.param([("03", NEW), ("04", OTHER), ("05", LOST)], [1, 0, 0, 0], id="by way of another pipeline"),
        pytest.param([("01", NEW), ("02", LOST)], [0, 0, 0, 0], id="at the start, from no stage in the window"),
        pytest.param([("05", LOST)], [0, 0, 0, 0], id="created as lost"),
        pytest.param([("03", NEW), ("04", LOST), ("05", GONE)], [1, 0, 0, 0], id="lost twice from one stage"),
        pytest.param([("03", NEW), ("04", LOST), ("05", TALK), ("06", GONE)], [1, 1, 0, 0], id="reopened, lost again"),
        pytest.param([("03", NEW), ("04", LOST), ("05", NEW), ("06", LOST)], [1, 0, 0, 0], id="the same way again"),
        pytest.param([("03", NEW), ("04", LOST), ("05", WON)], [1, 0, 0, 0], id="lost, then won"),
        pytest.param([("03", WON), ("04", LOST)], [0, 0, 1, 0], id="from won"),
        pytest.param([("03", NEW), ("09", LOST)], [0, 0, 0, 0], id="at the end"),
        pytest.param([("03", NEW), ("03", TALK), ("03", LOST), ("03", NEW)], [0, 1, 0, 0], id="all at one instant"),
    ],
)
def test_a_loss_counts_at_the_last_stage_before_it(way: list[tuple[str, int]], lost: list[int]) -> None:
    deals = one(*way)
    assert column(deals, "count_lost", **ACTIVE) == lost
    assert column(deals, "value_lost", **ACTIVE) == [100_000 * count for count in lost]


@pytest.mark.parametrize(
    ("way", "seconds"),
    [
        pytest.param([("03", NEW), ("03 01:00", TALK), ("03 03:00", WON)], [3600, 7200, None, None], id="each step"),
        pytest.param([("03", NEW), ("03 01:00", WON)], [3600, 0, None, None], id="0 where jumped over"),
        pytest.param([("01", NEW), ("02 01:00", TALK)], [3600, None, None, None], id="from the window's start"),
        pytest.param([("03", TALK), ("04", NEW), ("05", TALK)], [0, None, None, None], id="0 after a higher one"),
        pytest.param(
            [("03", NEW), ("03 01:00", LOST), ("03 02:00", NEW), ("03 03:00", TALK), ("05", NEW), ("06", TALK)],
            [10800, None, None, None],
            id="from the first time to the first time",
        ),
        pytest.param([("03", NEW), ("03 02:00", PAID), ("03 03:00", TALK)], [7200, 0, 0, None], id="back"),
    ],
)
def test_time_runs_from_the_first_moment_in_a_stage_to_the_first_in_a_higher_one(
    way: list[tuple[str, int]], seconds: list[int | None]
) -> None:
    assert column(one(*way), "average_time_to_advance", **ACTIVE) == seconds


def test_the_mean_time_is_over_all_that_advanced() -> None:
    deals = one(("03", NEW), ("03 01:00", TALK))
    deals.deal(("03", NEW), ("03 00:30", TALK))
    deals.deal(("03", NEW), (at("03") + 1, TALK))
    deals.deal(("03", NEW))
    assert column(deals, "average_time_to_advance", **ACTIVE)[0] == 5400.000001 / 3
    assert column(deals, "count_conversion_rate", **ACTIVE)[0] == 0.75


# ---- won and lost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        pytest.param([("01", NEW), ("02", WON)], [1, 1, 1], id="won at the start"),
        pytest.param([("01", NEW), ("09", WON)], [1, 0, 0], id="won at the end"),
        pytest.param([("03", NEW), ("04", WON), ("05", LOST)], [1, 1, 0], id="won, then lost"),
        pytest.param([("03", NEW), ("04", WON), ("05", NEW)], [1, 0, 0], id="won, then reopened"),
        pytest.param([("03", NEW), ("04", WON), ("05", OTHER), ("12", NEW)], [1, 0, 0], id="won, then elsewhere"),
        pytest.param([("03", NEW), ("04", WON), ("10", NEW)], [1, 1, 1], id="reopened after the window"),
        pytest.param([("03", NEW), ("04", WON), ("09", NEW)], [1, 1, 1], id="reopened at the end"),
        pytest.param([("03", NEW), ("04", WON), ("04", LOST)], [1, 1, 0], id="the last of one instant"),
    ],
)
def test_it_is_won_or_lost_by_its_status_at_the_windows_end(way: list[tuple[str, int]], outcome: list[int]) -> None:
    assert whole(one(*way), *COMPLETE, **ACTIVE) == outcome


def test_a_win_before_the_window_is_no_win_in_it_but_certain_all_the_same() -> None:
    deals = one(("03", NEW), ("04", WON))
    body = CREATED | {"report_datetime_range": {"start": "2026-11-05T00:00:00Z", "end": "2026-11-09T00:00:00Z"}}
    assert whole(deals, *COMPLETE, **body) == [1, 0, 0]
    assert column(deals, "count", **body) == [0, 0, 1, 0]
    assert column(deals, "weighted_value", **body) == [0, 0, 100_000, 0]


def test_the_window_ends_now() -> None:
    deals = one(("03", NEW), ("18 15:30", WON))
    deals.deal(("03", NEW), ("18 15:29", WON))
    deals.deal(("18 15:30", NEW))
    assert whole(deals, *COMPLETE, **ACTIVE | {"report_datetime_range": None}) == [2, 1, 1]


def test_time_to_win_runs_from_the_creation_to_the_last_win() -> None:
    deals = one(("01", NEW), ("03", WON), ("04", PAID))
    deals.deal(("05", WON))
    assert whole(deals, "average_time_to_win", **ACTIVE) == [129_600]


def test_rates_are_null_without_objects_and_0_where_these_are_worth_nothing() -> None:
    deals = one(("03", NEW), ("04", WON), value=None, annualized=None)
    row = totals(deals, **ACTIVE)["aggregations"]
    assert [row[key] for key in ("count_win_rate", "value_win_rate", "sales_velocity")] == [1, 0, 0]
    first, *_, last = stages(deals, **ACTIVE)["aggregations"]["stages"]
    rates = ("count_conversion_rate", "count_lost_ratio", "value_conversion_rate", "value_lost_ratio")
    assert [first[key] for key in (*rates, "weighted_value_conversion_rate")] == [1, 0, 0, 0, 0]
    assert [last[key] for key in (*rates, "weighted_value_conversion_rate")] == [None] * 5
    empty = totals(Deals(), **ACTIVE)
    assert empty["data"] == []
    assert list(empty["aggregations"].values()) == [0, 0, 0, None, 0, 0, None, None, 0, 0]


def test_velocity_counts_a_day_at_least_and_fractions_of_days_beyond() -> None:
    deals = one(("03", NEW), ("04 12:00", WON), annualized=30_000)
    deals.deal(("03", NEW))
    assert whole(deals, "sales_velocity", **ACTIVE) == [40_000]
    deals.deal(("05", WON), annualized=20_000)
    assert whole(deals, "sales_velocity", **ACTIVE) == [75_000]


@pytest.mark.parametrize(
    ("value", "rounded"), [(1, 1), (3, 2), (5, 3), (-1, -1), (-3, -2), (2, 1)], ids=lambda value: str(value)
)
def test_half_a_cent_is_rounded_away_from_zero(value: int, rounded: int) -> None:
    assert column(one(("03", NEW), annualized=value), "weighted_value", **ACTIVE)[0] == rounded
    deals = one(("03", WON), annualized=value)
    deals.deal(("03", WON), annualized=0)
    assert whole(deals, "average_value_annualized_per_won_opportunity", **ACTIVE) == [rounded]


def test_weights_are_added_up_before_they_are_rounded() -> None:
    deals = Deals()
    for confidence in (10, 10, 10, None):
        deals.deal(("03", NEW), annualized=2, confidence=confidence)
    assert column(deals, "weighted_value", **ACTIVE)[0] == 1


def test_the_lost_weigh_nothing_and_the_won_everything() -> None:
    deals = one(("03", NEW), ("04", LOST), confidence=90)
    deals.deal(("03", NEW), ("04", TALK), confidence=10)
    deals.deal(("03", NEW), ("04", WON), confidence=10)
    assert column(deals, "weighted_value", **ACTIVE) == [110_000, 110_000, 100_000, 0]
    assert column(deals, "weighted_value_conversion_rate", **ACTIVE) == [1, 10 / 11, 0, None]


# ---- users -----------------------------------------------------------------------------------------------


def a_team() -> Deals:
    deals = one(("03", NEW), user=1)
    deals.deal(("03", NEW), user=1)
    deals.deal(("03", TALK), user=None)
    deals.deal(("03", NEW), ("04", WON), user=2)
    return deals


@pytest.mark.parametrize(
    ("asked", "rows", "count"),
    [
        pytest.param(None, ["user_b", "user_gone"], 4, id="everybody"),
        pytest.param([], ["user_b", "user_gone"], 4, id="an empty list"),
        pytest.param(["user_b", "user_a", "user_b"], ["user_a", "user_b"], 2, id="users"),
        pytest.param(["group_all"], ["user_a", "user_gone"], 1, id="a group, its removed member too"),
        pytest.param(["user_gone", "group_all", "user_b"], ["user_a", "user_b", "user_gone"], 3, id="each once"),
        pytest.param(["group_none"], [], 0, id="a group without members"),
    ],
)
def test_rows_are_of_the_users_asked_or_of_those_in_the_cohort(
    asked: list[str] | None, rows: list[str], count: int
) -> None:
    deals, body = a_team(), ACTIVE | {"users": asked}
    told = totals(deals, **body)
    assert users(told) == users(stages(deals, **body)) == rows
    assert told["aggregations"]["count"] == count
    assert max(column(deals, "count", **body)) <= count


def test_each_row_is_what_is_told_of_that_user_alone() -> None:
    deals = a_team()
    for ask in (totals, stages):
        for row in ask(deals, **ACTIVE)["data"]:
            alone = ask(deals, **ACTIVE, users=[row["user_id"]])
            assert row == {"user_id": row["user_id"], **alone["aggregations"]} == alone["data"][0]


def test_a_pipeline_without_statuses_has_no_stages() -> None:
    deals, body = a_team(), ACTIVE | {"pipeline": "pipe_bare"}
    assert stages(deals, **body) == {"aggregations": {"stages": []}, "data": []}
    assert whole(deals, "count", **body) == [0]


# ---- CSV -------------------------------------------------------------------------------------------------


def as_csv(deals: Deals, report: str) -> str:
    headers = {"Accept": "text/csv"}
    response = Api(deals).post(f"report/funnel/opportunity/{report}/", ACTIVE, headers=headers)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return str(response.data, "utf-8")


def test_totals_as_csv_hold_the_users() -> None:
    assert as_csv(a_team(), "totals").split("\r\n") == [
        "user_id,user_name,count,count_total_complete,count_total_won,count_win_rate,value_total_complete,"
        "value_total_won,value_win_rate,average_time_to_win,average_value_annualized_per_won_opportunity,sales_velocity",
        "user_b,Bob Baker,2,0,0,,0,0,,,0,0",
        "user_gone,Gil Gone,1,1,1,1,100000,100000,1,86400,100000,100000",
        "",
    ]


def test_stages_as_csv_have_a_line_for_each_user_and_stage() -> None:
    assert as_csv(a_team(), "stages").split("\r\n")[:4] == [
        "user_id,user_name,status_id,status_label,count,count_conversion_rate,count_lost,count_lost_ratio,value,"
        "value_conversion_rate,value_lost,value_lost_ratio,weighted_value,weighted_value_conversion_rate,"
        "average_time_to_advance",
        "user_b,Bob Baker,stat_new,New,2,0,0,0,200000,0,0,0,100000,0,",
        "user_b,Bob Baker,stat_talk,Talk,0,,0,,0,,0,,0,,",
        "user_b,Bob Baker,stat_won,Won,0,,0,,0,,0,,0,,",
    ]
    assert as_csv(a_team(), "stages").count("\r\n") == 1 + 2 * 4
