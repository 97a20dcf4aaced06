"""What the Explorer asks, and what it makes of the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runner import endpoints
from runner.model import Answer, Cell, Json, Section, Unit
from tests.endpoints.made import AS_OF, cells, digest, job, plan, said, spec, tables

PATH = "report/custom/orga_x/"
CREATED: dict[str, Json] = {"x": "opportunity.date_created", "y": "opportunity.value", "interval": "day"}


def one(*points: Any, name: str | None = None, count: int = 0) -> dict[str, Any]:
    return {"name": name, "count": count, "data": [list(point) for point in points]}


def answer(*series: Any, **more: Json) -> Json:
    return {"series": list(series), **more}


def day(number: int) -> str:
    return f"2026-11-{number:02}T00:00:00-05:00"


# ---- asking


def test_every_setting_is_a_parameter_and_the_range_is_half_open() -> None:
    made = plan(
        job("custom", **CREATED, transform_y="avg", group_by="opportunity.user_id",
            range="last-week", query={"search": "value > 5"})
    )  # fmt: skip
    assert said(made) == [
        (
            "GET",
            PATH,
            {
                "query": "value > 5",
                "x": "opportunity.date_created",
                "y": "opportunity.value",
                "interval": "day",
                "transform_y": "avg",
                "group_by": "opportunity.user_id",
                "start": "2026-11-16T00:00:00-05:00",
                "end": "2026-11-23T00:00:00-05:00",
            },
        )
    ]
    assert made.asks[0].query.tz_offset == -5.0


@pytest.mark.parametrize(
    ("settings", "params"),
    [
        pytest.param({"x": "lead.status_id"}, {"x": "lead.status_id"}, id="no range"),
        pytest.param(
            {"x": "lead.date_created", "range": "all-time"},
            {"x": "lead.date_created", "end": "2026-11-23T07:02:00-05:00"},
            id="all time",
        ),
        pytest.param(
            {"x": "call.duration", "interval": 60, "bounds": {"start": 0, "end": 600}},
            {"x": "call.duration", "interval": "60", "start": "0", "end": "600"},
            id="bounds",
        ),
        pytest.param({"x": "call.duration", "bounds": {"end": 9}}, {"x": "call.duration", "end": "9"}, id="one bound"),
    ],
)
def test_what_is_not_said_is_not_asked(settings: dict[str, Json], params: Json) -> None:
    assert said(plan(job("custom", **settings))) == [("GET", PATH, params)]


def test_days_over_a_clock_change_are_noted() -> None:
    made = plan(job("custom", **CREATED, range="2026-11"))
    assert made.notes == ("one: the clock changes within 2026-11; its rows are counted at -05:00 all through",)
    assert len(made.asks) == 1


# ---- reading


def test_one_series_over_time_is_a_row_a_bucket_in_order_with_the_sum_of_values() -> None:
    made = plan(job("custom", **CREATED, range="last-week"))
    (table,) = tables(digest(made, answer(one((day(17), 300), ("2026-11-16T05:00:00+00:00", 100), count=3))))
    zone = ZoneInfo("America/New_York")
    assert [row.head for row in table.rows] == [
        datetime(2026, 11, 16, tzinfo=zone),
        datetime(2026, 11, 17, tzinfo=zone),
    ]
    assert [(column.key, column.label, column.unit) for column in table.columns] == [
        ("opportunity.value", "Opportunity value", Unit.MONEY)
    ]
    assert table.head.unit is Unit.DATETIME
    assert table.title == "Opportunity value by Opportunity date created, by day"
    assert cells(table, "total")["opportunity.value"] == Cell(400)


def test_several_series_are_columns_and_a_place_that_a_series_lacks_is_missing() -> None:
    made = plan(job("custom", x="lead.status_id", group_by="lead.created_by"))
    series = one(("Hot", 3), ("New", 1), name="Ann", count=4), one(("New", 2), ("Old", 1), name="Bo", count=3)
    (table,) = tables(digest(made, answer(*series)))
    assert [column.label for column in table.columns] == ["Ann", "Bo"]
    assert {row.head: tuple(cell.value for cell in row.cells) for row in table.rows} == {
        "Hot": (3, None), "New": (1, 2), "Old": (None, 1),
    }  # fmt: skip
    assert table.total is not None
    assert [cell.value for cell in table.total.cells] == [4, 3]


def test_numbers_are_bucketed_in_the_unit_of_x() -> None:
    made = plan(job("custom", x="call.duration", y="call.count", interval=60))
    (table,) = tables(digest(made, answer(one((60, 2), (0, 1), count=3))))
    assert [row.head for row in table.rows] == [0, 60]
    assert (table.head.label, table.head.unit) == ("Call duration, from", Unit.SECONDS)


@pytest.mark.parametrize(
    ("settings", "total"),
    [
        pytest.param({"x": "lead.status_id", "y": "lead.count"}, 7, id="count: the service's own"),
        pytest.param({"x": "lead.custom.Tags", "y": "lead.count"}, 7, id="count of lists: the service's own"),
        pytest.param({"x": "call.direction", "y": "call.duration"}, 5, id="sum"),
        pytest.param({"x": "lead.status_id", "y": "call.duration"}, 5, id="sum by lead"),
        pytest.param({"x": "lead.custom.Tags", "y": "call.duration"}, None, id="sum over lists"),
        pytest.param({"x": "call.direction", "y": "lead.custom.Size"}, None, id="a lead's number at several x"),
        pytest.param({"x": "call.direction", "y": "call.duration", "transform_y": "avg"}, None, id="average"),
        pytest.param({"x": "lead.status_id", "y": "call.count", "transform_y": "max"}, None, id="most per lead"),
        pytest.param({"x": "call.direction", "y": "call.count", "transform_y": "max"}, 7, id="no effect"),
    ],
)
def test_there_is_a_total_only_where_the_parts_add_up(settings: dict[str, Json], total: int | None) -> None:
    (table,) = tables(digest(plan(job("custom", **settings)), answer(one(("a", 2), ("b", 3), count=7))))
    assert (table.total.cells[0].value if table.total else None) == total


def test_a_sum_with_a_missing_part_is_missing() -> None:
    (table,) = tables(digest(plan(job("custom", **CREATED)), answer(one((day(16), 5), (day(17), None)))))
    assert cells(table, "total")["opportunity.value"] == Cell(None)


@pytest.mark.parametrize(
    ("settings", "label", "unit"),
    [
        ({"y": "opportunity.annualized_value"}, "Opportunity annualized value", Unit.MONEY),
        ({"y": "call.duration", "transform_y": "avg"}, "Call duration (average)", Unit.SECONDS),
        ({"y": "opportunity.confidence"}, "Opportunity confidence", Unit.NUMBER),
        ({"y": "lead.custom.Contract value"}, "Contract value", Unit.NUMBER),
        ({}, "Leads", Unit.COUNT),
        ({"x": "lead.status_id", "y": "call.count", "transform_y": "avg"}, "Calls (average)", Unit.NUMBER),
    ],
)
def test_y_is_named_and_counted_by_its_field(settings: dict[str, Json], label: str, unit: Unit) -> None:
    made = plan(job("custom", **{"x": "lead.status_id", **settings}))
    (table,) = tables(digest(made, answer(one(("a", 2)))))
    assert [(column.label, column.unit) for column in table.columns] == [(label, unit)]


@pytest.mark.parametrize(
    "data",
    [None, "x", [1, 2], [["a"]], [["a", "b"]], [[None, 1]], [{"x": 1, "y": 2}], [["a", 1, 2]], [[True, 1]]],
)
def test_of_points_that_cannot_be_read_the_counts_stand(data: Json) -> None:
    made = plan(job("custom", x="lead.status_id", range="last-week", compare="previous"))
    strange: Any = {"name": "Ann", "count": 4, "data": data}
    (table,) = tables(digest(made, answer(strange), answer({"count": 2, "name": "Ann"})))
    assert [(row.head, row.cells) for row in table.rows] == [("Ann", (Cell(4, (2,)),))]


def test_no_series_is_an_empty_table() -> None:
    (table,) = tables(digest(plan(job("custom", x="lead.status_id", group_by="lead.created_by")), answer()))
    assert (table.rows, table.total) == ((), None)


def test_custom_fields_are_called_as_the_author_wrote_them() -> None:
    made = endpoints.plan(
        spec(job("custom", x="lead.custom.cf_a"), data={"jobs": {"one": {"x": "lead.custom.Industry"}}}),
        AS_OF,
        "orga_x",
    )
    told = {ask.query.key: Answer(answer(one(("Retail", 2)))) for ask in made.asks}
    (section,) = endpoints.digest(made, told, sample=False).sections
    assert isinstance(section, Section)
    assert section.tables[0].head.label == "Industry"
    assert dict(made.asks[0].query.params)["x"] == "lead.custom.cf_a"


# ---- comparing


def compared(now: Json, before: Json, **settings: Json) -> list[tuple[Cell, ...]]:
    made = plan(job("custom", **{**CREATED, "range": "last-week", "compare": "previous", **settings}))
    (table,) = tables(digest(made, now, before))
    return [row.cells for row in table.rows]


def test_buckets_of_as_many_days_are_compared_in_their_order() -> None:
    now, before = answer(one((day(16), 1), (day(17), 2))), answer(one((day(10), 4), (day(9), 3)))
    assert compared(now, before) == [(Cell(1, (3,)),), (Cell(2, (4,)),)]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(answer(one((day(9), 3))), id="fewer buckets"),
        pytest.param(answer(one((day(9), 3), (day(10), 4)), interval="week"), id="other buckets"),
        pytest.param(answer(one(("a", 3), ("b", 4))), id="no buckets"),
        pytest.param(answer({"name": None, "count": 2}), id="no points"),
        pytest.param(answer(), id="no series"),
    ],
)
def test_other_buckets_are_compared_with_nothing(before: Json) -> None:
    now = answer(one((day(16), 1), (day(17), 2)))
    assert compared(now, before) == [(Cell(1, (None,)),), (Cell(2, (None,)),)]


def test_labels_and_series_are_compared_by_name() -> None:
    now = answer(one(("a", 1), ("b", 2), name="Ann"), one(("a", 9), name="Bo"))
    before = answer(one(("b", 5), name="Cy"), one(("b", 3), ("a", 4), name="Ann"))
    assert compared(now, before, x="opportunity.status_id") == [
        (Cell(1, (4,)), Cell(9, (None,))),
        (Cell(2, (3,)), Cell(None, (None,))),
    ]


def test_things_that_share_a_name_stay_apart_and_are_compared_with_nothing() -> None:
    now = answer(one(("a", 1), ("a", 2), ("b", 7)))
    assert compared(now, answer(one(("a", 5), ("b", 6))), x="opportunity.status_id") == [
        (Cell(1, (None,)),),
        (Cell(2, (None,)),),
        (Cell(7, (6,)),),
    ]


def test_totals_are_compared_by_series() -> None:
    made = plan(job("custom", **CREATED, range="last-week", compare="previous"))
    now, before = (
        answer(one((day(16), 1), name="Ann")),
        answer(one((day(9), 8), name="Bo"), one((day(9), 3), name="Ann")),
    )
    (table,) = tables(digest(made, now, before))
    assert cells(table, "total")["opportunity.value:Ann"] == Cell(1, (3,))
