"""The activity report, rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.memory import Api, Memory, day

CALLS = "calls.outbound.all.count"
SECONDS = "calls.outbound.all.sum_duration"
AVERAGE = "calls.outbound.all.avg_duration"
CONTACTED = "leads.contacted.all.count"
WON = "opportunities.won.all.count"
REQUIRED = "This field is required."


def an_office() -> Memory:
    office = Memory(
        organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-01-01T00:00:00Z"}],
        saved_search=[
            {"id": "save_leads", "name": "Hot", "type": "lead", "query": 'name:"Hot lead"'},
            {"id": "save_bad", "name": "Hotter", "query": "wheels:4"},
            {"id": "save_contacts", "name": "People", "type": "contact"},
        ],
    )
    office.add_user("user_a", "Ann Able")
    office.add_user("user_b", "Bob Baker")
    office.add_user("user_c", "Cleo Clark")
    office.add_user("user_gone", "Gil Gone", present=False)
    office.add_user("user_idle", "Ida Idle", present=False)
    return office


def outbound(office: Memory, *moments: str, user: int | None = 0, lead: int | None = None, duration: int = 0) -> None:
    for ts in moments:
        office.add("call", ts=ts, user_no=user, lead=lead, direction="outbound", kind="regular", duration=duration)


def between(start: str, end: str) -> dict[str, str]:
    return {"start": start, "end": end}


WEEK = between("2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z")


def column(told: Any, key: str) -> list[Any]:
    return [row[key] for row in told["data"]]


# ---- overview --------------------------------------------------------------------------------------------


def test_a_range_is_half_open() -> None:
    office = an_office()
    outbound(office, "2026-11-15T23:59:59.999999Z", "2026-11-16T00:00:00Z", "2026-11-22T23:59:59.999999Z")
    outbound(office, "2026-11-23T00:00:00Z")
    told = Api(office).report(type="overview", metrics=[CALLS], datetime_range=WEEK)
    assert told["aggregations"]["totals"] == {CALLS: 2}
    assert column(told, CALLS) == [1, 0, 0, 0, 0, 0, 1]


def test_seven_days_have_a_row_each_also_where_nothing_happened() -> None:
    told = Api(an_office()).report(type="overview", metrics=[CALLS, AVERAGE], datetime_range=WEEK)
    assert told == {
        "data": [{"datetime": f"2026-11-{16 + n}T00:00:00+00:00", CALLS: 0, AVERAGE: None} for n in range(7)],
        "aggregations": {"totals": {CALLS: 0, AVERAGE: None}},
        "queries": {
            "leads": {
                key: [
                    'call(direction: "outbound" and outgoing_call_date >= "2026-11-16T00:00:00.000+0000"'
                    ' and outgoing_call_date < "2026-11-23T00:00:00.000+0000")'
                ]
                for key in (CALLS, AVERAGE)
            }
        },
    }


@pytest.mark.parametrize(
    ("offset", "first", "counts"),
    [
        pytest.param(None, "2026-11-16T00:00:00+00:00", [0, 3, 0], id="no header is UTC"),
        pytest.param("-5", "2026-11-15T19:00:00-05:00", [0, 1, 2, 0], id="west"),
        pytest.param("5.5", "2026-11-16T05:30:00+05:30", [0, 2, 1, 0], id="half an hour"),
        pytest.param("-4.95", "2026-11-15T19:03:00-04:57", [0, 1, 2, 0], id="odd minutes"),
        pytest.param("12.75", "2026-11-16T12:45:00+12:45", [0, 1, 2, 0], id="far east"),
    ],
)
def test_days_are_those_of_the_offset(offset: str | None, first: str, counts: list[int]) -> None:
    office = an_office()
    outbound(office, "2026-11-17T04:56:59.999999Z", "2026-11-17T18:29:59Z", "2026-11-17T18:30:00Z")
    told = Api(office).report(
        offset, type="overview", metrics=[CALLS], datetime_range=between("2026-11-16T00:00:00Z", "2026-11-19T00:00:00Z")
    )
    assert told["data"][0]["datetime"] == first
    assert column(told, CALLS) == counts


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        pytest.param(
            "2026-11-16T22:30:00Z",
            "2026-11-17T01:00:00Z",
            ["2026-11-16T22:30:00+00:00", "2026-11-16T23:00:00+00:00", "2026-11-17T00:00:00+00:00"],
            id="hours",
        ),
        pytest.param(
            "2026-11-16T22:30:00.250Z",
            "2026-11-18T00:00:01Z",
            ["2026-11-16T22:30:00.250+00:00", "2026-11-17T00:00:00+00:00", "2026-11-18T00:00:00+00:00"],
            id="days",
        ),
        pytest.param(
            "2026-01-01T00:00:00Z",
            "2026-05-01T00:00:00Z",
            ["2026-01-01T00:00:00+00:00", *(f"2026-01-{n:02}T00:00:00+00:00" for n in (5, 12))],
            id="weeks",
        ),
        pytest.param(
            "2025-01-15T00:00:00Z",
            "2026-02-01T00:00:00Z",
            ["2025-01-15T00:00:00+00:00", "2025-02-01T00:00:00+00:00", "2025-03-01T00:00:00+00:00"],
            id="months",
        ),
    ],
)
def test_rows_begin_where_their_bucket_does_and_the_first_where_the_range_does(
    start: str, end: str, rows: list[str]
) -> None:
    told = Api(an_office()).report(type="overview", metrics=[CALLS], datetime_range=between(start, end))
    assert column(told, "datetime")[:3] == rows


def test_weeks_begin_on_sunday_where_the_organization_says_so() -> None:
    office = an_office()
    outbound(office, "2026-01-04T00:00:00Z", "2026-01-03T23:59:59Z")
    api = Api(office, week_start="sunday")
    year = between("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
    told = api.report(type="overview", metrics=[CALLS], datetime_range=year)
    assert column(told, "datetime")[1] == "2026-01-04T00:00:00+00:00"
    assert column(told, CALLS)[:3] == [1, 1, 0]


def test_a_total_average_is_over_everything_and_not_the_mean_of_the_rows() -> None:
    office = an_office()
    outbound(office, "2026-11-16T08:00:00Z", duration=10)
    outbound(office, "2026-11-17T08:00:00Z", "2026-11-17T09:00:00Z", "2026-11-17T10:00:00Z", duration=2)
    told = Api(office).report(type="overview", metrics=[AVERAGE], datetime_range=WEEK)
    assert column(told, AVERAGE)[:3] == [10.0, 2.0, None]
    assert told["aggregations"]["totals"] == {AVERAGE: 4.0}


def test_contacted_leads_are_counted_once_per_bucket_and_once_in_total() -> None:
    office = an_office()
    outbound(office, "2026-11-16T08:00:00Z", "2026-11-16T09:00:00Z", "2026-11-17T09:00:00Z", lead=1)
    outbound(office, "2026-11-17T09:00:00Z", lead=None)
    office.add("sms", ts="2026-11-17T09:00:00Z", lead=1, direction="outbound", status="sent")
    office.add("email", ts="2026-11-17T09:00:00Z", lead=2, direction="outgoing", status="sent")
    office.add("email", ts="2026-11-18T09:00:00Z", lead=3, direction="incoming", status="sent")
    told = Api(office).report(type="overview", metrics=[CONTACTED], datetime_range=WEEK)
    assert column(told, CONTACTED) == [1, 2, 0, 0, 0, 0, 0]
    assert told["aggregations"]["totals"] == {CONTACTED: 2}


@pytest.mark.parametrize(
    ("offset", "counts"),
    [
        pytest.param(None, [1, 0, 1], id="UTC"),
        pytest.param("-5", [0, 1, 1, 0], id="local midnight is later in the west"),
        pytest.param("5.5", [0, 0, 1, 0], id="the first day began before the range in the east"),
    ],
)
def test_a_plain_won_date_is_the_local_midnight_and_a_moment_is_itself(offset: str | None, counts: list[int]) -> None:
    office = an_office()
    office.add("opportunity", status_type="won", won_day=day("2026-11-16"), user_no=0)
    office.add("opportunity", status_type="won", won_ts=1_794_960_000_000_000, user_no=0)  # 18 November, no day
    office.add("opportunity", status_type="lost", won_day=day("2026-11-16"), user_no=0)
    office.add("opportunity", status_type="won", user_no=0)
    days = between("2026-11-16T00:00:00Z", "2026-11-19T00:00:00Z")
    told = Api(office).report(offset, type="overview", metrics=[WON], datetime_range=days)
    assert column(told, WON) == counts


def test_a_start_that_is_the_end_gives_no_rows_and_zero_totals() -> None:
    office = an_office()
    outbound(office, "2026-11-16T00:00:00Z")
    empty = between("2026-11-16T00:00:00Z", "2026-11-16T01:00:00+01:00")
    api = Api(office)
    overview = api.report(type="overview", metrics=[CALLS, AVERAGE], datetime_range=empty)
    assert (overview["data"], overview["aggregations"]) == ([], {"totals": {CALLS: 0, AVERAGE: None}})
    comparison = api.report(type="comparison", metrics=[CALLS], datetime_range=empty)
    assert comparison == {"data": [], "aggregations": {"totals": {CALLS: 0}}, "lookup": {"user": {}}}


def test_queries_name_the_users_in_the_order_asked() -> None:
    told = Api(an_office()).report(
        type="overview",
        metrics=["emails.sent.all.count", "calls.inbound.all.count", "leads.created.all.count"],
        users=["user_b", "user_a", "user_b"],
        datetime_range=between("2019-01-01T00:00:00Z", "2019-01-02T00:00:00.500Z"),
    )
    bounds = [f'{op} "2019-01-0{day}T00:00:00.{ms}+0000"' for op, day, ms in ((">=", 1, "000"), ("<", 2, "500"))]
    assert told["queries"]["leads"] == {
        "emails.sent.all.count": [
            f'email(direction: "outgoing" and sent {bounds[0]} and sent {bounds[1]} and status: "sent"'
            ' and user in ("user_b", "user_a"))'
        ],
        "leads.created.all.count": [
            f'created {bounds[0]} and created {bounds[1]} and created_by in ("user_b", "user_a")'
        ],
    }


def test_contacted_leads_are_found_by_three_searches_together() -> None:
    told = Api(an_office()).report(type="overview", metrics=[CONTACTED], datetime_range=WEEK)
    assert [text.partition("(")[0] for text in told["queries"]["leads"][CONTACTED]] == ["call", "email", "sms"]


# ---- comparison ------------------------------------------------------------------------------------------


def a_busy_office() -> Memory:
    office = an_office()
    outbound(office, "2026-11-17T10:00:00Z", "2026-11-17T11:00:00Z", user=1, lead=7, duration=30)
    outbound(office, "2026-11-17T10:00:00Z", user=3, lead=7)
    outbound(office, "2026-11-17T10:00:00Z", user=None, lead=8, duration=5)
    office.add("call", ts="2026-11-17T10:00:00Z", user_no=4, direction="inbound")
    return office


def test_a_comparison_has_a_row_for_everybody_present_then_for_the_removed_who_did_something() -> None:
    told = Api(a_busy_office()).report(type="comparison", metrics=[CALLS, SECONDS, CONTACTED], datetime_range=WEEK)
    assert told == {
        "data": [
            {"user_id": "user_a", CALLS: 0, SECONDS: 0, CONTACTED: 0},
            {"user_id": "user_b", CALLS: 2, SECONDS: 60, CONTACTED: 1},
            {"user_id": "user_c", CALLS: 0, SECONDS: 0, CONTACTED: 0},
            {"user_id": "user_gone", CALLS: 1, SECONDS: 0, CONTACTED: 1},
        ],
        "aggregations": {"totals": {CALLS: 4, SECONDS: 65, CONTACTED: 2}},
        "lookup": {
            "user": {
                "user_a": {"display": "Ann Able"},
                "user_b": {"display": "Bob Baker"},
                "user_c": {"display": "Cleo Clark"},
                "user_gone": {"display": "Gil Gone"},
            }
        },
    }


def test_a_removed_user_with_a_call_of_no_seconds_did_something() -> None:
    told = Api(a_busy_office()).report(type="comparison", metrics=[SECONDS], datetime_range=WEEK)
    assert column(told, "user_id") == ["user_a", "user_b", "user_c", "user_gone"]


def test_asked_users_have_rows_in_the_organizations_order_removed_and_idle_ones_too() -> None:
    told = Api(a_busy_office()).report(
        type="comparison",
        metrics=[CALLS],
        datetime_range=WEEK,
        users=["user_idle", "user_b", "user_a", "user_b"],
    )
    assert column(told, "user_id") == ["user_a", "user_b", "user_idle"]
    assert told["aggregations"]["totals"] == {CALLS: 2}
    assert list(told["lookup"]["user"]) == ["user_a", "user_b", "user_idle"]


@pytest.mark.parametrize("users", [pytest.param([], id="empty"), pytest.param(None, id="null")])
def test_no_users_are_all_users_and_nobodys_objects(users: list[str] | None) -> None:
    told = Api(a_busy_office()).report(type="overview", metrics=[CALLS], datetime_range=WEEK, users=users)
    assert told["aggregations"]["totals"] == {CALLS: 4}


def test_created_objects_belong_to_their_creator_and_created_for_to_their_owner() -> None:
    office = an_office()
    office.add("opportunity", created="2026-11-17T00:00:00Z", created_by=0, user_no=1)
    office.add("lead", created="2026-11-17T00:00:00Z", created_by=2)
    metrics = ["opportunities.created.all.count", "opportunities.created_for.all.count", "leads.created.all.count"]
    told = Api(office).report(type="comparison", metrics=metrics, datetime_range=WEEK)
    assert [[row[key] for key in metrics] for row in told["data"]] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_metrics_repeated_count_once_and_keep_the_order_asked() -> None:
    told = Api(an_office()).report(type="comparison", metrics=[SECONDS, CALLS, SECONDS], datetime_range=WEEK)
    assert list(told["aggregations"]["totals"]) == [SECONDS, CALLS]
    assert list(told["data"][0]) == ["user_id", SECONDS, CALLS]


@pytest.mark.parametrize(
    ("columns", "display"),
    [
        ({"first_name": "Ann", "last_name": "Able", "email": "ann@example.com", "present": 1}, "Ann Able"),
        ({"first_name": "", "last_name": "Able", "email": "ann@example.com", "present": 1}, "Able"),
        ({"first_name": "Ann", "email": "ann@example.com", "present": 1}, "Ann"),
        ({"email": "ann@example.com", "present": 1}, "ann@example.com"),
        ({"full_name": "Ann A.", "present": 0}, "Ann A."),
        ({"present": 0}, "user_x"),
    ],
)
def test_people_are_shown_by_the_best_name_there_is(columns: dict[str, object], display: str) -> None:
    office = Memory()
    office.add("user_account", id="user_x", **columns)
    told = Api(office).report(type="comparison", metrics=[CALLS], users=["user_x"], datetime_range=WEEK)
    assert told["lookup"]["user"] == {"user_x": {"display": display}}


# ---- CSV -------------------------------------------------------------------------------------------------


def test_an_overview_as_csv_has_the_moment_then_the_metrics_in_the_order_asked() -> None:
    office = an_office()
    outbound(office, "2026-11-16T08:00:00Z", duration=3)
    outbound(office, "2026-11-16T08:00:00Z", duration=4)
    body = {
        "type": "overview",
        "metrics": [AVERAGE, CALLS],
        "datetime_range": between("2026-11-16T08:00:00Z", "2026-11-16T10:00:00Z"),
    }
    response = Api(office).post("report/activity/", body, headers={"Accept": "text/csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.data.decode() == (
        f"datetime,{AVERAGE},{CALLS}\r\n2026-11-16T08:00:00+00:00,3.5,2\r\n2026-11-16T09:00:00+00:00,,0\r\n"
    )


def test_a_comparison_as_csv_names_the_users_and_changes_no_cell() -> None:
    office = Memory()
    office.add_user("user_f", '=cmd "x", é\n')
    body = {"type": "comparison", "metrics": [CALLS], "datetime_range": WEEK}
    response = Api(office).post("report/activity/", body, headers={"Accept": "text/csv"})
    assert response.data.decode() == f'user_id,user_name,{CALLS}\r\nuser_f,"=cmd ""x"", é\n",0\r\n'


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json, text/csv", "application/json"),
        ("text/html", "application/json"),
        ("text/csv, */*;q=0.1", "text/csv; charset=utf-8"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/csv; header=present; q=0.5, application/json;q=0.4", "text/csv; charset=utf-8"),
    ],
)
def test_json_is_given_unless_csv_is_preferred(accept: str, content_type: str) -> None:
    body = {"type": "overview", "metrics": [CALLS], "datetime_range": WEEK}
    response = Api(an_office()).post("report/activity/", body, headers={"Accept": accept})
    assert response.headers["Content-Type"] == content_type


def test_errors_stay_json_where_csv_is_asked() -> None:
    response = Api(an_office()).post("report/activity/", {}, headers={"Accept": "text/csv"})
    assert (response.status_code, response.mimetype) == (400, "application/json")


# ---- refusals --------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = {"type": "overview", "metrics": [CALLS], "datetime_range": WEEK}


@pytest.mark.parametrize("absent", [pytest.param({}, id="left out"), pytest.param({"metrics": None}, id="null")])
def test_a_missing_field_is_required(absent: dict[str, None]) -> None:
    assert Api(an_office()).refusal(type="overview", relative_range="last-week", **absent) == {"metrics": REQUIRED}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    told = Api(an_office()).refusal(metrics=["calls.outbound.al.count"], users=["user_zz"], datetime_range={"end": 5})
    assert told == {
        "type": REQUIRED,
        "metrics": f"Unknown metric 'calls.outbound.al.count'; the nearest is '{CALLS}'.",
        "datetime_range.start": REQUIRED,
        "datetime_range.end": "A text is expected.",
        "users": "Unknown user: user_zz.",
    }


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        pytest.param({"type": "table"}, "type", "'table' is not one of overview, comparison.", id="type"),
        pytest.param({"type": 5}, "type", "A text is expected.", id="type no text"),
        pytest.param({"metrics": []}, "metrics", "Ask for at least one metric.", id="no metric"),
        pytest.param({"metrics": CALLS}, "metrics", "A list of texts is expected.", id="metrics no list"),
        pytest.param({"metrics": [CALLS, 1]}, "metrics", "A list of texts is expected.", id="metric no text"),
        pytest.param({"users": {"user_a": 1}}, "users", "A list of texts is expected.", id="users no list"),
        pytest.param({"users": [None]}, "users", "A list of texts is expected.", id="user null"),
        pytest.param({"datetime_range": "last-week"}, "datetime_range", "An object is expected.", id="range no object"),
        pytest.param(
            {"datetime_range": between("2026-11-16T00:00:01Z", "2026-11-16T00:00:00Z")},
            "datetime_range",
            "The start is after the end.",
            id="start after end",
        ),
        pytest.param(
            {"datetime_range": between("2026-11-16", "2026-11-23T00:00:00Z")},
            "datetime_range.start",
            "'2026-11-16' is not a moment with Z or an offset, like 2026-11-16T00:00:00-05:00.",
            id="plain date",
        ),
        pytest.param(
            {"relative_range": "today"},
            "datetime_range",
            "Give exactly one of datetime_range and relative_range.",
            id="both ranges",
        ),
        pytest.param(
            {"datetime_range": None},
            "datetime_range",
            "Give exactly one of datetime_range and relative_range.",
            id="no range",
        ),
        pytest.param({"query": "hot"}, "query", "An object is expected.", id="query no object"),
        pytest.param({"query": {}}, "query.saved_search_id", REQUIRED, id="query empty"),
        pytest.param(
            {"query": {"type": "text", "saved_search_id": "save_leads"}},
            "query.type",
            "'text' is not one of saved_search.",
            id="query type",
        ),
        pytest.param(
            {"query": {"type": "saved_search", "saved_search_id": "save_zz"}},
            "query.saved_search_id",
            "There is no saved search 'save_zz'.",
            id="unknown saved search",
        ),
        pytest.param(
            {"query": {"type": "saved_search", "saved_search_id": "save_contacts"}},
            "query.saved_search_id",
            "The saved search 'save_contacts' does not search for leads.",
            id="saved search for contacts",
        ),
        pytest.param(
            {"query": {"type": "saved_search", "saved_search_id": "save_bad"}},
            "query.saved_search_id",
            "In the saved search 'save_bad': A lead has no field 'wheels', at 1; the nearest is 'created'.",
            id="saved search that cannot be read",
        ),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(change: dict[str, Any], field: str, said: str) -> None:
    assert Api(an_office()).refusal(**GOOD | change)[field] == said


def test_a_smart_view_filters_every_metric_by_the_leads_it_finds_now() -> None:
    office = an_office()
    for name in ("hot lead", "cold lead"):
        office.add("lead", id=f"lead_{name[0]}", name=name, folded=name, created="2026-11-17T00:00:00Z", created_by=0)
    for lead in (0, 1, None):
        outbound(office, "2026-11-17T00:00:00Z", lead=lead)
        office.add("opportunity", lead=lead, user_no=0, status_type="won", won_day=day("2026-11-18"))
    metrics = [CALLS, CONTACTED, WON, "leads.created.all.count"]
    query = {"type": "saved_search", "saved_search_id": "save_leads"}
    asked: dict[str, Any] = {"metrics": metrics, "datetime_range": WEEK, "query": query}
    overview = Api(office).report(type="overview", **asked)
    assert overview["aggregations"]["totals"] == dict.fromkeys(metrics, 1)
    assert overview["queries"]["leads"][CALLS] == [
        'call(direction: "outbound" and outgoing_call_date >= "2026-11-16T00:00:00.000+0000" '
        'and outgoing_call_date < "2026-11-23T00:00:00.000+0000") and in:"save_leads"'
    ]
    assert Api(office).report(type="comparison", **asked)["aggregations"] == overview["aggregations"]


def test_an_unknown_word_of_relative_range_is_refused_with_the_words_there_are() -> None:
    told = Api(an_office()).refusal(**GOOD | {"datetime_range": None, "relative_range": "next-week"})
    assert told["relative_range"].startswith("'next-week' is not one of today, this-week, ")
    assert told["relative_range"].endswith(", all-time.")


def test_unknown_keys_are_ignored() -> None:
    assert Api(an_office()).report(**GOOD, colour="red")["aggregations"]["totals"] == {CALLS: 0}


def test_hostile_names_are_refused_without_reaching_a_statement() -> None:
    told = Api(an_office()).refusal(**GOOD | {"metrics": ["x' OR 1=1 --", "\ud800"], "users": ["1) OR (1=1"]})
    assert told["users"] == "Unknown user: 1) OR (1=1."
    assert "Unknown metric 'x' OR 1=1 --'" in told["metrics"]
    assert "Unknown metric '\ud800'" in told["metrics"]


def test_a_refusal_of_many_names_stays_short() -> None:
    many = [f"{n}{'x' * 200}" for n in range(2000)]
    told = Api(an_office()).refusal(**GOOD | {"metrics": many, "users": many})
    assert all(len(text) < 2000 for text in told.values())
