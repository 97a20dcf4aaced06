"""The Explorer: what is counted, where it is placed, and how that is written."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.engine.layout import TABLES
from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.memory import Api, Memory, day
from tests.engine.organizations import make

NOV = {"start": "2026-11-16", "end": "2026-11-19"}


def an_office() -> Memory:
    office = Memory(
        organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-01-01T00:00:00Z"}],
        email_template=[{"id": "tmpl_1", "name": "Intro"}, {"id": "tmpl_2", "name": None}],
    )
    office.add_user("user_a", "Ann Able")
    office.add_user("user_b", "Bob Baker")
    for label, identity in (("Hot", "stat_1"), ("Cold", "stat_2"), ("Hot", "stat_3")):
        office.add("lead_status", id=identity, label=label, is_deleted=0)
    office.add("pipeline", id="pipe_1", name="Sales")
    office.add("pipeline", id="pipe_2", name=None)
    for pipeline, kind in ((0, "active"), (1, "won"), (None, "lost")):
        office.add("opportunity_status", id=f"osta_{kind}", label=kind.title(), type=kind, pipeline=pipeline)
    return office


def leads(office: Memory, *statuses: int | None) -> None:
    for no, status in enumerate(statuses):
        office.add("lead", id=f"lead_{no}", name=f"Lead {no}", status=status, created="2026-11-16T12:00:00Z")


def deal(office: Memory, lead: int | None, value: int | None, at: str = "2026-11-16T12:00:00Z", **more: Any) -> None:
    office.add("opportunity", lead=lead, value=value, annualized=value or 0, created=at, **more)


def call(office: Memory, lead: int | None, duration: int, at: str = "2026-11-16T12:00:00Z", **more: Any) -> None:
    office.add("call", **{"lead": lead, "duration": duration, "ts": at, "created": at, "happened": None, **more})


def field(office: Memory, type_: str, *values: tuple[int, Any], object: str = "lead", name: str = "F") -> None:  # noqa: A002  # the column's name
    """A custom field and its (owner, value) pairs."""
    no = len(office.execute("SELECT no FROM custom_field"))
    office.add("custom_field", object=object, name=name, id=f"cf_{no}", type=type_)
    for owner, value in values:
        kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "text"
        text = str(value).lower() if kind == "boolean" else str(value)
        row: dict[str, Any] = {"kind": kind, "text": text, "folded": text.lower()}
        if kind == "number":
            row["number"] = value
        if type_ == "date":
            row["day"] = day(value)
        _insert(office, object=object, owner=owner, field=no, **row)


def _insert(office: Memory, **row: Any) -> None:
    names = ", ".join(row)
    office._connection.execute(
        f"INSERT INTO custom_value ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
    )


def ask(office: Any, offset: str | None = None, **said: Any) -> Any:
    """The answer, which must succeed."""
    headers = {} if offset is None else {"x-tz-offset": offset}
    response = Api(office).get("report/custom/orga_1/", query_string=said, headers=headers)
    assert response.status_code == 200, response.text
    return response.get_json()


def data(office: Any, offset: str | None = None, **said: Any) -> Any:
    """The points of the one series."""
    (series,) = ask(office, offset, **said)["series"]
    return series["data"]


def named(office: Any, **said: Any) -> dict[Any, Any]:
    """Series by name: count and points."""
    return {each["name"]: (each["count"], each["data"]) for each in ask(office, **said)["series"]}


# ---- dates -----------------------------------------------------------------------------------------------


def test_a_count_by_day_is_filled_from_the_bucket_of_the_start_to_that_of_the_end() -> None:
    office = an_office()
    leads(office, 0, 1)
    office.add("lead", id="lead_late", name="Late", created="2026-11-18T23:59:59Z")
    office.add("lead", id="lead_out", name="Out", created="2026-11-19T00:00:00Z")
    assert ask(office, x="lead.date_created", interval="day", **NOV) == {
        "x": "lead.date_created",
        "y": "lead.count",
        "interval": "day",
        "transform_y": "sum",
        "group_by": None,
        "series": [
            {
                "name": None,
                "count": 3,
                "data": [
                    ["2026-11-16T00:00:00+00:00", 2],
                    ["2026-11-17T00:00:00+00:00", 0],
                    ["2026-11-18T00:00:00+00:00", 1],
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("interval", "first"),
    [
        ("hour", "2026-11-16T12:00:00-04:57"),
        ("day", "2026-11-16T00:00:00-04:57"),
        ("week", "2026-11-16T00:00:00-04:57"),
        ("month", "2026-11-01T00:00:00-04:57"),
        ("quarter", "2026-10-01T00:00:00-04:57"),
        ("year", "2026-01-01T00:00:00-04:57"),
    ],
)
def test_the_first_bucket_keeps_its_full_start_also_where_the_offset_is_no_multiple_of_a_quarter(
    interval: str, first: str
) -> None:
    office = an_office()
    leads(office, 0)
    deal(office, 0, 5, "2026-11-16T17:57:00Z")  # 13:00 on that clock
    deal(office, 0, 7, "2026-11-16T17:56:59.999999Z")
    bounds = {"start": "2026-11-16T12:10:00-04:57", "end": "2026-11-16T14:00:00-04:57"}
    points = data(office, "-4.95", x="opportunity.date_created", y="opportunity.value", interval=interval, **bounds)
    expected = [[first, 7], ["2026-11-16T13:00:00-04:57", 5]] if interval == "hour" else [[first, 12]]
    assert points == expected


@pytest.mark.parametrize(
    ("start", "end", "used"),
    [
        ("2026-11-16T00:00:00Z", "2026-11-17T01:00:00Z", "hour"),
        ("2026-08-01", "2026-11-02", "day"),
        ("2026-08-01", "2026-11-03", "week"),
        ("2025-08-01", "2026-08-02", "week"),
        ("2025-08-01", "2026-08-03", "month"),
        ("2021-11-14", "2026-11-18", "month"),
        ("2021-11-13", "2026-11-18", "quarter"),
        ("2011-11-07", "2026-11-18", "quarter"),
        ("2011-11-06", "2026-11-18", "year"),
    ],
)
def test_the_width_of_buckets_follows_from_the_range(start: str, end: str, used: str) -> None:
    office = an_office()
    leads(office, 0)
    assert ask(office, x="lead.date_created", start=start, end=end)["interval"] == used


def test_a_sunday_week_is_called_a_week() -> None:
    office = an_office()
    leads(office, 0)
    said = {"x": "lead.date_created", "interval": "week", **NOV}
    told = Api(office, week_start="sunday").get("report/custom/orga_1/", query_string=said).get_json()
    assert (told["interval"], told["series"][0]["data"]) == ("week", [["2026-11-15T00:00:00+00:00", 1]])


def test_without_bounds_the_range_is_from_the_creation_of_the_organization_to_now() -> None:
    office = an_office()
    leads(office, 0)
    points = data(office, x="lead.date_created", interval="month")
    assert [points[0], points[-1]] == [["2026-01-01T00:00:00+00:00", 0], ["2026-11-01T00:00:00+00:00", 1]]


def test_an_empty_range_has_no_points() -> None:
    office = an_office()
    leads(office, 0)
    told = ask(office, x="lead.date_created", start="2026-11-16", end="2026-11-16")
    assert (told["interval"], told["series"]) == ("hour", [{"name": None, "count": 0, "data": []}])


def test_a_plain_date_is_its_local_midnight() -> None:
    office = an_office()
    leads(office, 0)
    deal(office, 0, 3, won_day=day("2026-11-16"))
    deal(office, 0, 4, won_ts=None)
    points = data(office, "5.5", x="opportunity.date_won", y="opportunity.value", interval="day", **NOV)
    assert [y for _, y in points] == [3, 0, 0]
    assert points[0][0] == "2026-11-16T00:00:00+05:30"


@pytest.mark.parametrize(
    ("transform", "values"), [("sum", [12, 0]), ("avg", [6, None]), ("min", [5, None]), ("max", [7, None])]
)
def test_only_sums_of_nothing_are_zero(transform: str, values: list[Any]) -> None:
    office = an_office()
    leads(office, 0)
    deal(office, 0, 5)
    deal(office, 0, 7)
    deal(office, 0, None)
    deal(office, 0, None, "2026-11-17T00:00:00Z")
    told = ask(office, x="opportunity.date_created", y="opportunity.value", transform_y=transform, interval="day",
               start="2026-11-16", end="2026-11-18")  # fmt: skip
    assert told["series"][0]["count"] == 4
    assert [y for _, y in told["series"][0]["data"]] == values


# ---- numbers ---------------------------------------------------------------------------------------------


def test_numbers_are_put_in_buckets_by_their_lower_bound_and_filled() -> None:
    office = an_office()
    leads(office, 0)
    for value in (-1, 0, 9, 10, 35, None):
        deal(office, 0, value)
    said = {"x": "opportunity.value", "y": "opportunity.count"}
    assert data(office, **said, interval="10") == [[-10, 1], [0, 2], [10, 1], [20, 0], [30, 1]]
    assert data(office, **said, interval="10", start="0", end="35") == [[0, 2], [10, 1]]
    assert ask(office, **said)["interval"] == 2


def test_fractions_fall_into_the_bucket_below_them() -> None:
    office = an_office()
    leads(office, 0, 0, 0, 0)
    field(office, "number", (0, -0.5), (1, 0.5), (2, 1.0), (3, 1.999999))
    assert data(office, x="lead.custom.F", interval="1") == [[-1, 1], [0, 1], [1, 2]]
    assert data(office, x="lead.custom.F", start="0", end="1") == [[0, 1]]


def test_the_buckets_span_all_series() -> None:
    office = an_office()
    leads(office, 0, 1)
    deal(office, 0, 1)
    deal(office, 1, 3)
    found = named(office, x="opportunity.value", y="opportunity.count", group_by="lead.status_id")
    assert found == {"Cold": (1, [[1, 0], [2, 0], [3, 1]]), "Hot": (1, [[1, 1], [2, 0], [3, 0]])}


def test_without_numbers_there_are_no_points() -> None:
    told = ask(an_office(), x="opportunity.value", y="opportunity.count")
    assert (told["interval"], told["series"]) == (1, [{"name": None, "count": 0, "data": []}])


# ---- labels ----------------------------------------------------------------------------------------------


def test_statuses_of_the_same_name_stay_apart() -> None:
    office = an_office()
    leads(office, 2, 0, 1, 1, 1, None)
    assert data(office, x="lead.status_id") == [["Cold", 3], ["Hot", 1], ["Hot", 1]]
    assert [*named(office, x="lead.date_created", group_by="lead.status_id")] == ["Cold", "Hot", "None"]


@pytest.mark.parametrize(
    ("x", "points"),
    [
        ("opportunity.pipeline_id", [["Sales", 2], ["pipe_2", 1], ["pipe_3", 1]]),
        ("opportunity.user_id", [["Ann Able", 1], ["Bob Baker", 1]]),
        ("opportunity.status_type", [["active", 2], ["lost", 1], ["won", 1]]),
        ("opportunity.value_currency", []),
        ("lead.display_name", [["Lead 0", 4]]),
    ],
)
def test_labels_are_names(x: str, points: Any) -> None:
    office = an_office()
    leads(office, 0)
    for status, user, kind, own in (
        (0, 0, "active", 1),
        (0, 1, "active", 1),
        (1, None, "won", 2),
        (2, None, "lost", 3),
    ):
        pipeline = f"pipe_{own}"
        deal(office, 0, 1, status=status, status_type=kind, user_no=user, pipeline=pipeline)
    assert data(office, x=x, y="opportunity.count") == points


def test_emails_by_reply_and_by_template() -> None:
    office = an_office()
    leads(office, 0)
    for template, reply in (("tmpl_1", 1), ("tmpl_2", 0), ("tmpl_gone", 0), (None, None)):
        office.add("email", lead=0, template=template, has_reply=reply, ts="2026-11-16T12:00:00Z")
    assert data(office, x="email.has_reply", y="email.count") == [["false", 2], ["true", 1]]
    grouped = named(office, x="lead.display_name", y="email.count", group_by="email.has_reply")
    assert {name: count for name, (count, _) in grouped.items()} == {"false": 2, "true": 1, "None": 1}
    expected = [["Intro", 1], ["tmpl_2", 1], ["tmpl_gone", 1]]
    assert data(office, x="email.template_id", y="email.count") == expected


def test_points_without_a_number_come_last() -> None:
    office = an_office()
    leads(office, 0)
    for kind, value in (("a", None), ("b", -5), ("c", 1)):
        deal(office, 0, value, value_period=kind)
    said = {"x": "opportunity.value_period", "y": "opportunity.value"}
    assert data(office, **said, transform_y="max") == [["c", 1], ["b", -5], ["a", None]]
    assert data(office, **said) == [["c", 1], ["a", 0], ["b", -5]]


# ---- two objects -----------------------------------------------------------------------------------------


def test_each_object_is_placed_at_its_leads_x() -> None:
    office = an_office()
    leads(office, 0, 0, 1, 1)
    for lead, value in ((0, 1), (0, 2), (1, 6), (2, 100), (None, 1000)):
        deal(office, lead, value)
    said = {"x": "lead.status_id", "y": "opportunity.value"}
    assert data(office, **said) == [["Cold", 100], ["Hot", 9]]
    assert data(office, **said, transform_y="avg") == [["Cold", 100], ["Hot", 3]]


@pytest.mark.parametrize(("transform", "hot"), [("sum", 3), ("avg", 1.5), ("min", 1), ("max", 2)])
def test_counts_by_a_field_of_leads_run_over_the_leads_that_have_any(transform: str, hot: float) -> None:
    office = an_office()
    leads(office, 0, 0, 0, 1)
    for lead in (0, 0, 1):
        call(office, lead, 1)
    told = ask(office, x="lead.status_id", y="call.count", transform_y=transform)
    assert told["series"] == [{"name": None, "count": 3, "data": [["Hot", hot]]}]
    assert told["transform_y"] == transform


def test_each_lead_counts_once_per_x_of_its_objects() -> None:
    office = an_office()
    leads(office, 0, 0)
    for lead, direction in ((0, "inbound"), (0, "inbound"), (0, "outbound"), (1, "inbound"), (None, "inbound")):
        call(office, lead, 1, direction=direction)
    for transform in ("sum", "avg"):
        told = ask(office, x="call.direction", y="lead.count", transform_y=transform)
        assert told["series"] == [{"name": None, "count": 2, "data": [["inbound", 2], ["outbound", 1]]}]


def test_a_number_of_leads_comes_once_into_each_cell() -> None:
    office = an_office()
    leads(office, 0, 0, 0)
    field(office, "number", (0, 10), (1, 20.5))
    for lead, direction in ((0, "inbound"), (0, "inbound"), (1, "inbound"), (2, "outbound")):
        call(office, lead, 1, direction=direction)
    said = {"x": "call.direction", "y": "lead.custom.F"}
    assert data(office, **said) == [["inbound", 30.5], ["outbound", 0]]
    assert data(office, **said, transform_y="avg") == [["inbound", 15.25], ["outbound", None]]
    assert data(office, **said, transform_y="max", interval="nonsense") == [["inbound", 20.5], ["outbound", None]]
    assert ask(office, **said)["series"][0]["count"] == 3


def test_groups_are_of_the_rows_or_of_their_leads() -> None:
    office = an_office()
    leads(office, 0, 1)
    for lead, user in ((0, 0), (0, 1), (1, 0), (1, None)):
        call(office, lead, 60, user_no=user, direction="outbound")
    by_user = named(office, x="call.direction", y="call.duration", group_by="call.user_id")
    assert by_user == {
        "Ann Able": (2, [["outbound", 120]]), "Bob Baker": (1, [["outbound", 60]]), "None": (1, [["outbound", 60]]),
    }  # fmt: skip
    by_status = named(office, x="lead.display_name", y="call.count", group_by="lead.status_id")
    assert by_status == {"Cold": (2, [["Lead 1", 2]]), "Hot": (2, [["Lead 0", 2]])}


def test_grouped_without_objects_there_is_no_series() -> None:
    assert ask(an_office(), x="lead.status_id", group_by="lead.created_by")["series"] == []
    assert ask(an_office(), x="lead.status_id")["series"] == [{"name": None, "count": 0, "data": []}]


def test_a_query_is_over_the_objects_of_x() -> None:
    office = an_office()
    leads(office, 0, 0)
    for lead, direction in ((0, "inbound"), (0, "outbound"), (1, "inbound")):
        call(office, lead, 1, direction=direction)
    calls = {"x": "call.direction", "y": "call.count"}
    assert data(office, **calls, query="direction:outbound") == [["outbound", 1]]
    by_lead = {"x": "lead.display_name", "y": "call.count"}
    assert data(office, **by_lead, query="call(direction:outbound)") == [["Lead 0", 2]]


# ---- custom fields ---------------------------------------------------------------------------------------


def test_a_field_has_two_spellings() -> None:
    office = an_office()
    leads(office, 0, 0)
    field(office, "choice", (0, "Retail"), (1, "Steel"), (1, "Retail"), name="In.du stry")
    for x in ("lead.custom.In.du stry", "lead.custom.cf_0"):
        assert ask(office, x=x)["x"] == x
        assert data(office, x=x) == [["Retail", 2], ["Steel", 1]]


def test_a_list_counts_once_in_a_bucket() -> None:
    office = an_office()
    leads(office, 0, 0)
    field(office, "number", (0, 1), (0, 2.5), (0, 11), (1, 2))
    assert ask(office, x="lead.custom.F", interval="10")["series"] == [
        {"name": None, "count": 2, "data": [[0, 2], [10, 1]]}
    ]


def test_an_object_with_a_list_of_numbers_is_counted_once() -> None:
    office = an_office()
    leads(office, 0, 0)
    field(office, "number", (0, 1), (0, 2), (1, 5))
    (series,) = ask(office, x="lead.status_id", y="lead.custom.F")["series"]
    assert series == {"name": None, "count": 2, "data": [["Hot", 8]]}


def test_what_does_not_fit_the_type_is_no_value() -> None:
    office = an_office()
    leads(office, 0, 0, 0)
    field(office, "boolean", (0, True), (1, False), (2, "true"))
    assert data(office, x="lead.custom.F") == [["false", 1], ["true", 1]]
    office = an_office()
    leads(office, 0, 0, 0)
    field(office, "number", (0, 1), (1, "12"), name="N")
    assert data(office, x="lead.custom.N") == [[1, 1]]


def test_users_dates_and_fields_of_opportunities() -> None:
    office = an_office()
    leads(office, 0)
    deal(office, 0, 5)
    field(office, "user", (0, "user_b"), (0, "user_gone"), name="Owner")
    field(office, "date", (0, "2026-11-17"), object="opportunity", name="Due")
    assert data(office, x="lead.custom.Owner") == [["Bob Baker", 1], ["user_gone", 1]]
    points = data(office, "-5", x="opportunity.custom.Due", y="opportunity.value", interval="day", **NOV)
    assert [y for _, y in points] == [0, 5, 0]
    assert [*named(office, x="lead.date_created", y="opportunity.count", group_by="opportunity.custom.Due")] == [
        "2026-11-17T00:00:00+00:00"
    ]


def test_sums_of_fractions_do_not_depend_on_the_order_of_rows() -> None:
    values = [0.1, 1e16, -1e16, 0.2, 0.3]
    found = []
    for ordered in (values, values[::-1]):
        office = an_office()
        leads(office, 0, 0, 0, 0, 0)
        field(office, "number", *enumerate(ordered))
        found.append(data(office, x="lead.status_id", y="lead.custom.F"))
    assert found == [[["Hot", 0.6]]] * 2


def test_numbers_beyond_64_bits_are_added_but_not_put_in_buckets() -> None:
    office = an_office()
    leads(office, 0, 0)
    field(office, "number", (0, 1e300), (1, 3.5))
    assert data(office, x="lead.status_id", y="lead.custom.F", transform_y="max") == [["Hot", 1e300]]
    assert data(office, x="lead.custom.F", end="100") == [[3, 1]]
    refused = Api(office).get("report/custom/orga_1/", query_string={"x": "lead.custom.F"})
    assert (refused.status_code, [*refused.get_json()["field-errors"]]) == (400, ["x"])


# ---- laws ------------------------------------------------------------------------------------------------


class Sqlite:
    """Another engine with the same rows."""

    def __init__(self, store: Store) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.resources = store.resources
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * (columns.count(",") + 1))
            rows = store.execute(f"SELECT * FROM {table}")
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()


@contextmanager
def stored(seed: int) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        write_dump(Path(folder) / "dump", form="json", **make(seed))
        load(Path(folder) / "dump", Path(folder) / "store", skip_bad=True)
        with Store.open(Path(folder) / "store") as store:
            yield store


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_field_is_the_same_on_another_engine(seed: int) -> None:
    with stored(seed) as store:
        other = Sqlite(store)
        listed = Api(store).get("report/custom/fields/").get_json()["fields"]
        for each in listed:
            kind, number = each["object"], each["type"] == "number"
            y = each["field"] if number else "lead.count"
            x = "lead.date_created" if number else each["field"]
            asked = [
                {"x": each["field"], "y": f"{kind}.count"},
                {"x": x, "y": y, "transform_y": "avg", "group_by": "lead.status_id"},
                {"x": "lead.status_id", "y": f"{kind}.count", "transform_y": "avg", "group_by": each["field"]},
            ]
            for said in asked:
                options = {"query_string": said, "headers": {"x-tz-offset": "-4.95"}}
                one, two = (Api(at).get("report/custom/orga_1/", **options) for at in (store, other))
                assert one.status_code == 200, (said, one.text)
                assert one.data == two.data, said
        other.close()


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), cut=st.integers(0, 40), offset=st.sampled_from(["0", "-4.95", "5.5"]))
def test_points_add_up_to_the_count_and_parts_to_the_whole(seed: int, cut: int, offset: str) -> None:
    start, middle, end = ("2026-10-01", f"2026-{'10' if cut < 31 else '11'}-{cut % 31 + 1:02}", "2026-11-15")
    with stored(seed) as store:
        for x in ("opportunity.date_created", "call.activity_at", "email.date_sent", "meeting.starts_at"):
            said = {"x": x, "y": f"{x.partition('.')[0]}.count", "interval": "day"}
            whole, first, second = (
                ask(store, offset, **said, start=begin, end=until)["series"][0]
                for begin, until in ((start, end), (start, middle), (middle, end))
            )
            assert sum(y for _, y in whole["data"]) == whole["count"] == first["count"] + second["count"]
            assert whole["data"] == first["data"] + second["data"]
