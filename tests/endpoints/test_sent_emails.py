"""What the sent e-mails report asks, and what it makes of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from runner.client import shape
from runner.endpoints import sent_emails
from runner.model import Cell, FailedSection, Json
from tests.endpoints.made import cells, digest, job, plan, said, tables, values

PATH = "report/sent_emails/orga_x/"


def row(template: str | None, total: int, opened: int, responded: int, **more: Json) -> dict[str, Json]:
    name = template.title() if template else "All Emails"
    counts: dict[str, Json] = {"total": total, "opened": opened, "responded": responded}
    return {"template_id": template, "name": name, **counts, "percentage_opened": 99, **more}


def answer(*rows: dict[str, Json]) -> Json:
    return {"sent_email_stats": list(rows)}


def test_both_ends_of_the_range_are_counted_in_to_the_second() -> None:
    assert said(plan(job("sent_emails", range="last-week", users=["user_a"]))) == [
        (
            "GET",
            PATH,
            {"user_id": "user_a", "date_start": "2026-11-16T00:00:00-05:00", "date_end": "2026-11-22T23:59:59-05:00"},
        )
    ]


def test_without_a_range_there_is_no_start_and_the_end_is_the_last_second() -> None:
    made = plan(job("sent_emails"))
    assert said(made) == [("GET", PATH, {"date_end": "2026-11-23T07:01:59-05:00"})]
    assert made.asks[0].query.tz_offset == -5.0


def test_a_compared_period_is_a_query_of_its_own() -> None:
    asked = said(plan(job("sent_emails", range="last-week", compare=["previous", "2026-W01"])))
    assert [params["date_start"] for _, _, params in asked if isinstance(params, dict)] == [
        "2026-11-16T00:00:00-05:00",
        "2026-11-09T00:00:00-05:00",
        "2025-12-29T00:00:00-05:00",
    ]


def test_a_range_over_a_clock_change_needs_no_note_because_no_days_are_counted() -> None:
    assert plan(job("sent_emails", range="2026-11")).notes == ()


def test_templates_come_largest_first_and_all_e_mails_are_the_total() -> None:
    made = plan(job("sent_emails", range="last-week"))
    (table,) = tables(digest(made, answer(row(None, 101, 40, 7), row("tmpl_b", 1, 0, 0), row("tmpl_a", 9, 3, 1))))
    assert [found.key for found in table.rows] == ["tmpl_a", "tmpl_b"]
    assert table.total is not None
    assert table.total.head == "All Emails"
    assert values(table, "total") == {
        "total": 101, "opened": 40, "responded": 7, "open_rate": 40 / 101, "reply_rate": 7 / 101,
    }  # fmt: skip


def test_rates_of_no_e_mails_are_not_there() -> None:
    (table,) = tables(digest(plan(job("sent_emails")), answer(row(None, 0, 0, 0))))
    assert values(table, "total") == {"total": 0, "opened": 0, "responded": 0, "open_rate": None, "reply_rate": None}


def test_templates_are_compared_by_what_they_are_not_by_their_place() -> None:
    made = plan(job("sent_emails", range="last-week", compare="previous"))
    now = answer(row(None, 5, 1, 1), row("tmpl_a", 4, 2, 1), row("tmpl_b", 1, 1, 0))
    (table,) = tables(digest(made, now, answer(row("tmpl_b", 10, 5, 0), row("tmpl_c", 7, 7, 7))))
    assert cells(table, "tmpl_b")["open_rate"] == Cell(1.0, (0.5,))
    assert cells(table, "tmpl_a")["total"] == Cell(4, (None,))
    assert cells(table, "total")["total"] == Cell(5, (None,))


def test_without_the_row_of_all_there_is_no_total_and_none_is_made_up() -> None:
    (table,) = tables(digest(plan(job("sent_emails")), answer(row("tmpl_a", 4, 2, 1))))
    assert table.total is None


def test_numbers_link_to_the_search_that_lists_them() -> None:
    queries: Any = {"total": "email(direction:sent)", "opened": 'template:"a/b"', "responded": None}
    (table,) = tables(digest(plan(job("sent_emails")), answer(row("tmpl_a", 4, 2, 1, _queries=queries))))
    assert {key: cell.link for key, cell in cells(table, "tmpl_a").items() if cell.link} == {
        "total": "/search/email%28direction%3Asent%29/",
        "opened": "/search/template%3A%22a%2Fb%22/",
    }


@pytest.mark.parametrize("queries", [None, "x", [], {"total": {"a": 1}}])
def test_strange_queries_cost_the_links_only(queries: Json) -> None:
    (table,) = tables(digest(plan(job("sent_emails")), answer(row("tmpl_a", 4, 2, 1, _queries=queries))))
    assert cells(table, "tmpl_a")["total"] == Cell(4)


def test_a_template_without_a_name_is_called_by_its_id() -> None:
    (table,) = tables(digest(plan(job("sent_emails")), answer(row("tmpl_a", 4, 2, 1) | {"name": None})))
    assert table.rows[0].head == "tmpl_a"


def test_two_rows_of_one_template_cost_the_job_and_no_number_is_dropped() -> None:
    rows = answer(row("tmpl_a", 4, 2, 1), row("tmpl_a", 5, 2, 1))
    (section,) = digest(plan(job("sent_emails")), rows).sections
    assert isinstance(section, FailedSection)
    assert "tmpl_a" in section.reason


@pytest.mark.parametrize("key", ["template_id", "name", "total", "opened", "responded"])
def test_a_key_that_close_documents_is_missed_by_name(key: str) -> None:
    short = {name: value for name, value in row("tmpl_a", 4, 2, 1).items() if name != key}
    assert shape.fault(answer(short), sent_emails.EXPECT) == f"sent_email_stats[0].{key}: missing"
