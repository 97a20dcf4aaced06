"""What the status reports ask, and what they make of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from runner.client import shape
from runner.endpoints import statuses
from runner.model import Cell, Json
from tests.endpoints.made import cells, digest, job, plan, said, tables, values

LEAD, OPPORTUNITY = "statuses/lead", "statuses/opportunity"


def status(name: str, started: int | None, ended: int, gained: int = 0, lost: int = 0, **more: Json) -> dict[str, Any]:
    """A row as Close gives it; without a start, as in the overall report."""
    dated = (
        {}
        if started is None
        else {"started": started, "change": ended - started, "change_percent": 1, "gained": gained, "lost": lost}
    )
    return {
        "status_id": f"stat_{name}", "status_label": name, "status_is_deleted": False,
        **dated, "ended": ended, "entered": gained + 1, "left": lost, **more,
    }  # fmt: skip


def move(before: str | None, after: str, count: int, **more: Json) -> dict[str, Any]:
    return {
        "from_status_id": before and f"stat_{before}", "from_status_label": before, "from_status_is_deleted": None,
        "to_status_id": f"stat_{after}", "to_status_label": after, "to_status_is_deleted": False,
        "count": count, **more,
    }  # fmt: skip


def answer(*overview: dict[str, Any], moves: tuple[Any, ...] = (), summary: tuple[Any, ...] = ()) -> Json:
    return {
        "status_overview": list(overview),
        "status_transitions": list(moves),
        "status_transitions_summary": list(summary),
    }


@pytest.mark.parametrize("endpoint", [LEAD, OPPORTUNITY])
@pytest.mark.parametrize(
    ("query", "param"),
    [({"search": 'status:"Hot"'}, {"query": 'status:"Hot"'}), ({"smart_view": "save_x"}, {"smart_view_id": "save_x"})],
)
def test_both_ends_are_counted_in_and_leads_are_filtered(endpoint: str, query: Json, param: dict[str, str]) -> None:
    bounds = {"date_start": "2026-11-16T00:00:00-05:00", "date_end": "2026-11-22T23:59:59-05:00"}
    made = plan(job(endpoint, range="last-week", query=query))
    assert said(made) == [("GET", f"report/{endpoint}/orga_x/", {**param, **bounds})]
    assert made.asks[0].query.tz_offset == -5.0


def test_a_user_is_asked_by_id() -> None:
    assert said(plan(job(OPPORTUNITY, users=["user_a"]))) == [
        ("GET", f"report/{OPPORTUNITY}/orga_x/", {"user_id": "user_a", "date_end": "2026-11-23T07:01:59-05:00"})
    ]


def test_a_status_is_a_row_in_the_organization_s_order_with_rates_made_of_the_counts() -> None:
    made = plan(job(LEAD, range="last-week"))
    overview, _, _ = tables(digest(made, answer(status("New", 10, 4, 0, 6), status("Hot", 0, 12, 12, 0))))
    assert [row.head for row in overview.rows] == ["New", "Hot"]
    assert values(overview, "stat_New") == {
        "started": 10, "ended": 4, "share": 0.25, "change": -6, "change_rate": -0.6,
        "gained": 0, "lost": 6, "entered": 1, "left": 6,
    }  # fmt: skip
    assert values(overview, "stat_Hot")["change_rate"] is None
    assert overview.total is None


def test_without_dates_the_columns_that_are_not_there_are_left_out() -> None:
    overview, _, _ = tables(digest(plan(job(LEAD)), answer(status("New", None, 4))))
    assert [column.key for column in overview.columns] == ["ended", "share", "entered", "left"]


def test_statuses_and_moves_are_compared_by_what_they_are() -> None:
    made = plan(job(LEAD, range="last-week", compare="previous"))
    now = answer(
        status("New", 1, 2), status("Hot", 3, 4),
        moves=(move("New", "Hot", 3), move("Hot", "New", 1)), summary=(move(None, "New", 5),),
    )  # fmt: skip
    before = answer(
        status("Hot", 7, 8), status("Old", 9, 9),
        moves=(move("Hot", "New", 8),), summary=(move("Hot", "New", 2), move(None, "New", 4)),
    )  # fmt: skip
    overview, moves, summary = tables(digest(made, now, before))
    assert cells(overview, "stat_Hot")["started"] == Cell(3, (7,))
    assert cells(overview, "stat_New")["started"] == Cell(1, (None,))
    assert [row.key for row in overview.rows] == ["stat_New", "stat_Hot"]
    assert cells(moves, "stat_Hot>stat_New")["count"] == Cell(1, (8,))
    assert cells(moves, "stat_New>stat_Hot")["count"] == Cell(3, (None,))
    assert cells(summary, ">stat_New")["count"] == Cell(5, (4,))


def test_moves_come_largest_first_and_created_objects_come_from_nowhere() -> None:
    moved = (move("New", "Hot", 1), move(None, "New", 9), move("New", "Old", 1))
    _, moves, _ = tables(digest(plan(job(OPPORTUNITY)), answer(moves=moved)))
    assert [row.head for row in moves.rows] == ["Created → New", "New → Hot", "New → Old"]
    assert moves.columns[0].label == "Opportunities"


def test_a_deleted_status_is_said_to_be_one_and_left_out_where_it_never_counted() -> None:
    gone = status("Old", 1, 0, status_is_deleted=True)
    never = status("Never", 0, 0, status_is_deleted=True) | {"entered": 0}
    overview, _, _ = tables(digest(plan(job(LEAD, range="last-week")), answer(gone, never)))
    assert [row.head for row in overview.rows] == ["Old (deleted)"]


def test_the_share_of_an_unknown_whole_is_not_there() -> None:
    rows = status("New", 1, 4), status("Hot", 1, 4) | {"ended": None}
    overview, _, _ = tables(digest(plan(job(LEAD, range="last-week")), answer(*rows)))
    assert values(overview, "stat_New")["share"] is None


def test_numbers_link_to_the_pages_the_answer_names() -> None:
    urls: Any = {"started": "/search/a%20b/", "ended": "https://evil.example.com/search/x/", "left": "/search/z/"}
    rows = status("New", 2, 4, _leads_page_urls=urls)
    moved = (move("New", "Hot", 3, _leads_page_url="/search/c/"),)
    overview, moves, _ = tables(digest(plan(job(LEAD, range="last-week")), answer(rows, moves=moved)))
    assert {key: cell.link for key, cell in cells(overview, "stat_New").items() if cell.link} == {
        "started": "/search/a%20b/"
    }
    assert cells(moves, "stat_New>stat_Hot")["count"].link == "/search/c/"


def test_opportunities_link_to_their_own_page_and_to_their_leads_where_there_is_none() -> None:
    rows = status(
        "New", 2, 4,
        _opportunities_page_urls={"started": "/opportunities/query=a+b&custom_filter_type=started/"},
        _leads_page_urls={"started": "/search/a/", "ended": "/search/b/"},
    )  # fmt: skip
    overview, _, _ = tables(digest(plan(job(OPPORTUNITY, range="last-week")), answer(rows)))
    made = cells(overview, "stat_New")
    assert made["started"].link == "/opportunities/query=a+b&custom_filter_type=started/"
    assert made["ended"].link == "/search/b/"


@pytest.mark.parametrize("urls", [None, "x", [], {"started": {}}])
def test_strange_links_cost_nothing_else(urls: Json) -> None:
    made = plan(job(LEAD, range="last-week"))
    overview, _, _ = tables(digest(made, answer(status("New", 2, 4, _leads_page_urls=urls))))
    assert cells(overview, "stat_New")["started"] == Cell(2)


@pytest.mark.parametrize("key", ["status_id", "ended", "entered", "left"])
def test_a_key_that_close_documents_is_missed_by_name(key: str) -> None:
    short = {name: value for name, value in status("New", 1, 2).items() if name != key}
    assert shape.fault(answer(short), statuses.EXPECT) == f"status_overview[0].{key}: missing"
