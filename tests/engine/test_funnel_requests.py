"""What a funnel request may say: ranges, comparisons, users, saved searches; and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.engine import ranges
from runner.engine.load import load
from runner.engine.ranges import Range
from runner.engine.store import Store
from tests.engine.deals import ACTIVE, CREATED, LOST, NEW, REPORT, TALK, WON, Deals, stages, totals, whole
from tests.engine.dumps import write_dump
from tests.engine.memory import Api, micros

REQUIRED = "This field is required."
AT_MOST_ONE = "Give at most one of compared_relative_range, compared_datetime_range, compared_custom_range."
WORD = (
    "'last-week' is not one of same-days-last-week, same-days-last-month, same-days-last-quarter, same-days-last-year."
)


def between(start: str, end: str) -> dict[str, str]:
    return {"start": start, "end": end}


def refusal(**body: Any) -> dict[str, str]:
    response = Api(Deals()).post("report/funnel/opportunity/stages/", body)
    assert response.status_code == 400, response.text
    told = response.get_json()
    assert told["errors"] == []
    fields: dict[str, str] = told["field-errors"]
    return fields


def a_year() -> Deals:
    """A deal on each of 400 days up to the present, some of them won or lost a day or two later."""
    deals, now = Deals(), micros("2026-11-18T15:30:00Z")
    day = 86_400_000_000
    for back in range(400):
        then = now - back * day
        ways = ([(then, NEW)], [(then, NEW), (then + day, WON)], [(then, TALK), (then + day * 2, LOST)])
        deals.deal(*ways[back % 3], annualized=back)
    return deals


@pytest.fixture(scope="module")
def year() -> Deals:
    return a_year()


# ---- ranges ----------------------------------------------------------------------------------------------


def test_without_a_report_range_the_window_is_all_time(year: Deals) -> None:
    bare = {"pipeline": "pipe_sales", "type": "active-stage-cohort"}
    assert totals(year, **bare) == totals(year, **bare, report_relative_range="all-time")
    since = between("2026-10-01T00:00:00Z", "2026-11-18T15:30:00Z")
    assert totals(year, **bare) == totals(year, **bare, report_datetime_range=since)


def test_words_are_periods_of_the_offset() -> None:
    deals = Deals()
    deals.deal((micros("2026-11-16T02:00:00Z"), NEW))
    body = {"pipeline": "pipe_sales", "type": "created-cohort", "cohort_relative_range": "last-week"}
    assert totals(deals, offset="0", **body)["aggregations"]["count"] == 0
    assert totals(deals, offset="-5", **body)["aggregations"]["count"] == 1


@pytest.mark.parametrize(
    ("word", "start", "end", "moved"),
    [
        ("same-days-last-week", "2026-11-02T00:00", "2026-11-09T00:00", ("2026-10-26T00:00", "2026-11-02T00:00")),
        ("same-days-last-month", "2026-11-02T00:00", "2026-11-09T00:00", ("2026-10-02T00:00", "2026-10-09T00:00")),
        ("same-days-last-month", "2026-01-15T08:30", "2026-03-31T09:00", ("2025-12-15T08:30", "2026-02-28T09:00")),
        ("same-days-last-quarter", "2026-03-31T00:00", "2026-05-31T00:00", ("2025-12-31T00:00", "2026-02-28T00:00")),
        ("same-days-last-year", "2028-02-29T00:00", "2028-03-01T00:00", ("2027-02-28T00:00", "2027-03-01T00:00")),
        ("same-days-last-month", "2026-03-30T10:00", "2026-03-31T09:00", ("2026-02-28T10:00", "2026-02-28T10:00")),
        ("same-days-last-year", "0002-01-01T00:00", "2026-01-01T00:00", ("0001-01-01T00:00", "2025-01-01T00:00")),
    ],
    ids=["week", "month", "over the year", "quarter", "leap day", "nothing left", "first year"],
)
@pytest.mark.parametrize(("offset", "zone"), [(0, "+00:00"), (-300, "-05:00"), (345, "+05:45")])
def test_same_days_are_moved_on_the_local_clock(
    word: str, start: str, end: str, moved: tuple[str, str], offset: int, zone: str
) -> None:
    asked = Range(micros(start + zone), micros(end + zone), offset)
    assert ranges.earlier(asked, word) == Range(micros(moved[0] + zone), micros(moved[1] + zone), offset)


@pytest.mark.parametrize(
    ("kind", "base"), [("active-stage-cohort", "report"), ("created-cohort", "cohort")], ids=["active", "created"]
)
@pytest.mark.parametrize(
    ("own", "compared", "direct"),
    [
        pytest.param(
            {"datetime_range": between("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z")},
            {"compared_datetime_range": "same-days-last-month"},
            {"datetime_range": between("2026-10-02T00:00:00Z", "2026-10-09T00:00:00Z")},
            id="same days of two datetimes",
        ),
        pytest.param(
            {"relative_range": "this-week"},
            {"compared_relative_range": "last-week"},
            {"relative_range": "last-week"},
            id="another word",
        ),
        pytest.param(
            {"relative_range": "this-week"},
            {"compared_relative_range": "same-days-last-week"},
            {"datetime_range": between("2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z")},
            id="same days of a word",
        ),
        *(
            pytest.param(
                own,
                {"compared_custom_range": between("2026-10-02T00:00:00Z", "2026-10-19T00:00:00Z")},
                {"datetime_range": between("2026-10-02T00:00:00Z", "2026-10-19T00:00:00Z")},
                id=f"custom with {next(iter(own))}",
            )
            for own in (
                {"relative_range": "this-month"},
                {"datetime_range": between("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z")},
            )
        ),
    ],
)
def test_a_compared_report_is_the_report_of_that_range(
    year: Deals, kind: str, base: str, own: dict[str, Any], compared: dict[str, Any], direct: dict[str, Any]
) -> None:
    body = {"pipeline": "pipe_sales", "type": kind}
    then = body | {f"{base}_{key}": value for key, value in own.items()} | compared
    same = body | {f"{base}_{key}": value for key, value in direct.items()}
    for ask in (totals, stages):
        assert ask(year, **then) == ask(year, **same)
    value = "value_total_complete"
    assert whole(year, value, **then) not in (whole(year, value, **then | dict.fromkeys(compared)), [0])


def test_a_custom_range_may_stand_against_all_time_and_leaves_a_created_cohorts_window(year: Deals) -> None:
    october = between("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
    body = {"pipeline": "pipe_sales", "type": "active-stage-cohort"}
    direct = totals(year, **body, report_datetime_range=october)
    assert totals(year, **body, compared_custom_range=october) == direct
    assert totals(year, **CREATED, compared_custom_range=october) == totals(
        year, **CREATED | {"cohort_datetime_range": october}
    )


def test_the_cohort_fields_of_an_active_cohort_are_not_checked(year: Deals) -> None:
    odd: dict[str, Any] = {"cohort_relative_range": 5, "cohort_datetime_range": "never"}
    assert totals(year, **ACTIVE, **odd) == totals(year, **ACTIVE)


@pytest.mark.parametrize("key", ["report_datetime_range", "cohort_datetime_range"])
def test_a_start_that_is_the_end_gives_no_rows_and_zero_totals(year: Deals, key: str) -> None:
    body = CREATED | {"users": ["user_a"], key: between("2026-11-03T00:00:00Z", "2026-11-03T01:00:00+01:00")}
    told = totals(year, **body)
    assert (told["data"], told["aggregations"]["count"]) == ([], 0)
    told = stages(year, **body)
    assert (told["data"], [row["count"] for row in told["aggregations"]["stages"]]) == ([], [0, 0, 0, 0])


def test_an_answer_is_the_same_bytes_each_time(year: Deals) -> None:
    first, second = (Api(year).post("report/funnel/opportunity/stages/", ACTIVE) for _ in range(2))
    assert first.data == second.data


# ---- saved searches --------------------------------------------------------------------------------------


def test_a_saved_search_leaves_only_the_opportunities_of_the_leads_it_finds(tmp_path: Path) -> None:
    def lead(identity: str, name: str, *opportunities: str) -> dict[str, Any]:
        created = {"date_created": "2026-11-03T00:00:00Z", "status_id": "stat_new"}
        nested = [
            {"id": each, "lead_id": identity, "user_id": "user_a", "value": 5, **created} for each in opportunities
        ]
        return {"id": identity, "display_name": name, "date_created": "2026-11-01T00:00:00Z", "opportunities": nested}

    write_dump(
        tmp_path / "dump",
        organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-01-01T00:00:00Z"}],
        user=[{"id": "user_a", "first_name": "Ann", "last_name": "Able"}],
        pipeline=[{"id": "pipe_1", "name": "S", "statuses": [{"id": "stat_new", "label": "New", "type": "active"}]}],
        saved_search=[{"id": "save_acme", "name": "Acme only", "type": "lead", "query": 'name:"Acme"'}],
        lead=[lead("lead_1", "Acme", "oppo_1", "oppo_2"), lead("lead_2", "Bolt", "oppo_3")],
    )
    load(tmp_path / "dump", tmp_path / "store")
    search: dict[str, Any] = {"query": {"type": "saved_search", "saved_search_id": "save_acme"}}
    body = {"pipeline": "pipe_1", "type": "active-stage-cohort"}
    with Store.open(tmp_path / "store") as store:
        assert whole(store, "count", **body) == [3]
        assert whole(store, "count", **body, **search) == [2]
        assert [row["count"] for row in stages(store, **body, **search)["aggregations"]["stages"]] == [2]


def test_an_unknown_saved_search_is_refused() -> None:
    told = refusal(**ACTIVE, query={"type": "saved_search", "saved_search_id": "save_zz"})
    assert list(told) == ["query.saved_search_id"]
    assert "save_zz" in told["query.saved_search_id"]


# ---- refusals --------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refusal(users=["user_zz", "group_zz"], report_relative_range="never", query={}) == {
        "pipeline": REQUIRED,
        "type": REQUIRED,
        "report_relative_range": f"'never' is not one of {', '.join(ranges.WORDS)}.",
        "users": "Unknown user or group: user_zz, group_zz.",
        "query.type": REQUIRED,
        "query.saved_search_id": REQUIRED,
    }


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        pytest.param({"pipeline": "pipe_zz"}, "pipeline", "Unknown pipeline: pipe_zz.", id="pipeline"),
        pytest.param({"pipeline": 0}, "pipeline", "A text is expected.", id="pipeline no text"),
        pytest.param({"type": "all"}, "type", "'all' is not one of created-cohort, active-stage-cohort.", id="type"),
        pytest.param({"users": "user_a"}, "users", "A list of texts is expected.", id="users no list"),
        pytest.param({"query": "Acme"}, "query", "An object is expected.", id="query no object"),
        pytest.param(
            {"query": {"type": "text", "saved_search_id": "save_acme"}},
            "query.type",
            "'text' is not one of saved_search.",
            id="query type",
        ),
        pytest.param(
            {"report_relative_range": "today"},
            "report_datetime_range",
            "Give exactly one of report_datetime_range and report_relative_range.",
            id="both report ranges",
        ),
        pytest.param(
            {"report_datetime_range": between("2026-11-03T00:00:00Z", "2026-11-02T00:00:00Z")},
            "report_datetime_range",
            "The start is after the end.",
            id="start after end",
        ),
        pytest.param(
            {"report_datetime_range": {"start": "2026-11-02T00:00:00Z"}},
            "report_datetime_range.end",
            REQUIRED,
            id="no end",
        ),
        pytest.param(
            {"type": "created-cohort"},
            "cohort_datetime_range",
            "Give exactly one of cohort_datetime_range and cohort_relative_range.",
            id="no cohort range",
        ),
        pytest.param(
            CREATED | {"cohort_relative_range": "today"},
            "cohort_datetime_range",
            "Give exactly one of cohort_datetime_range and cohort_relative_range.",
            id="both cohort ranges",
        ),
        pytest.param(
            {"compared_relative_range": "last-week"},
            "compared_relative_range",
            "It goes with report_relative_range only.",
            id="a compared word with two datetimes",
        ),
        pytest.param(
            {"report_datetime_range": None, "compared_relative_range": "last-week"},
            "compared_relative_range",
            "It goes with report_relative_range only.",
            id="a compared word with all time",
        ),
        pytest.param(
            {"report_datetime_range": None, "report_relative_range": "today"}
            | {"compared_datetime_range": "same-days-last-week"},
            "compared_datetime_range",
            "It goes with report_datetime_range only.",
            id="same days with a word",
        ),
        pytest.param(
            CREATED | {"cohort_datetime_range": None, "cohort_relative_range": "today"}
            | {"compared_datetime_range": "same-days-last-week"},
            "compared_datetime_range",
            "It goes with cohort_datetime_range only.",
            id="same days with the cohort's word",
        ),
        pytest.param(
            {"compared_datetime_range": "last-week"}, "compared_datetime_range", WORD, id="no same days"
        ),
        pytest.param(
            {"compared_datetime_range": between("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")},
            "compared_datetime_range",
            "A text is expected.",
            id="compared datetimes",
        ),
        pytest.param(
            {"compared_custom_range": "last-week"}, "compared_custom_range", "An object is expected.", id="custom word"
        ),
        pytest.param(
            {"compared_datetime_range": "same-days-last-week", "compared_custom_range": REPORT},
            "compared_custom_range",
            AT_MOST_ONE,
            id="two comparisons",
        ),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_answered_is_refused(change: dict[str, Any], field: str, said: str) -> None:
    assert refusal(**ACTIVE | change) == {field: said}


def test_hostile_names_are_refused_and_the_refusal_stays_short() -> None:
    many = [f"{n}') OR 1=1 --{'x' * 200}" for n in range(2000)]
    told = refusal(**ACTIVE | {"pipeline": "x' OR '1'='1", "users": many})
    assert told["pipeline"] == "Unknown pipeline: x' OR '1'='1."
    assert len(told["users"]) < 1000


def test_errors_stay_json_where_csv_is_asked() -> None:
    response = Api(Deals()).post("report/funnel/opportunity/totals/", {}, headers={"Accept": "text/csv"})
    assert (response.status_code, response.mimetype) == (400, "application/json")
