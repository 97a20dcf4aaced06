"""Metrics that a definition makes itself: what is asked for them, and what each row shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import formula
from runner.model import Derived, Job, Json, Unit
from tests.endpoints.made import cells, digest, job, plan, tables, values

SENT, REPLIED, CALLS = "emails.sent.manual.count", "emails.sent.manual_with_reply.count", "calls.all.all.count"


def derived(name: str, text: str, unit: Unit = Unit.NUMBER) -> Derived:
    return Derived(name, name.title(), unit, formula.parse(text), ("metrics", name))


RATE = derived("rate", f"{REPLIED} / {SENT}", Unit.FRACTION)
TWICE = derived("twice", f"2 * rate + {CALLS}")


def asking(metrics: list[Json], *own: Derived, kind: str = "comparison", **more: Json) -> Job:
    return replace(job("activity", type=kind, metrics=metrics, range="2026-W47", **more), derived=own)


def answer(rows: dict[str, dict[str, int | None]], total: dict[str, int | None], key: str = "user_id") -> Json:
    return {"data": [{key: name, **row} for name, row in rows.items()], "aggregations": {"totals": {**total}}}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(asking([CALLS, "rate"], RATE), [CALLS, REPLIED, SENT], id="its parts"),
        pytest.param(asking([SENT, "rate", CALLS], RATE), [SENT, REPLIED, CALLS], id="each once"),
        pytest.param(asking(["twice", CALLS], RATE, TWICE), [REPLIED, SENT, CALLS], id="made of another"),
    ],
)
def test_a_job_asks_for_what_its_metrics_are_made_of(made: Job, expected: list[str]) -> None:
    (query,) = [ask.query for ask in plan(made).asks if ask.period]
    assert query.body is not None
    assert query.body["metrics"] == expected


def test_metrics_made_of_each_other_ask_for_each_part_once() -> None:
    chain = [derived("m0", CALLS), *(derived(f"m{n}", f"m{n - 1} + m{n - 1}") for n in range(1, 50))]
    (query,) = [ask.query for ask in plan(asking(["m49"], *chain)).asks if ask.period]
    assert query.body is not None
    assert query.body["metrics"] == [CALLS]


def test_each_row_the_total_and_what_they_are_compared_with_have_the_column() -> None:
    made = plan(asking(["rate", SENT], RATE, compare="previous"))
    now = answer({"user_a": {SENT: 8, REPLIED: 2}, "user_b": {SENT: 0, REPLIED: 0}}, {SENT: 8, REPLIED: 2})
    before = answer({"user_a": {SENT: 3, REPLIED: 1}, "user_b": {SENT: 4, REPLIED: None}}, {SENT: 7, REPLIED: None})
    (table,) = tables(digest(made, {"metrics": [{"key": SENT, "name": "Sent"}]}, now, before))
    assert [(column.key, column.label, column.unit) for column in table.columns] == [
        ("rate", "Rate", Unit.FRACTION),
        (SENT, "Sent", Unit.COUNT),
    ]
    assert {row.key: (row.cells[0].value, row.cells[0].before) for row in (*table.rows, table.total) if row} == {
        "user_a": (0.25, (1 / 3,)),
        "user_b": (None, (None,)),
        "total": (0.25, (None,)),
    }


def test_a_column_by_day_has_each_day_s_own() -> None:
    days: dict[str, dict[str, int | None]] = {
        "2026-11-16T00:00:00-05:00": {SENT: 4, REPLIED: 1},
        "2026-11-17T00:00:00-05:00": {SENT: 4},
    }
    told = answer(days, {SENT: 8, REPLIED: 1}, "datetime")
    (table,) = tables(digest(plan(asking(["rate"], RATE, kind="overview")), {"metrics": []}, told))
    assert [row.cells[0].value for row in table.rows] == [0.25, None]
    assert values(table, "total") == {"rate": 0.125}
    assert cells(table, "total")["rate"].link == ""


COUNTS = st.none() | st.integers(0, 1000)


Row = tuple[int | None, int | None, int | None]
ROWS = st.tuples(COUNTS, COUNTS, COUNTS)


@given(st.dictionaries(st.sampled_from("abc"), ROWS, min_size=1), ROWS)
def test_every_derived_number_is_the_expression_of_the_numbers_beside_it(rows: dict[str, Row], total: Row) -> None:
    keys = (SENT, REPLIED, CALLS)
    made = plan(asking([SENT, "twice", REPLIED, CALLS], RATE, TWICE))
    told = answer(
        {user: dict(zip(keys, row, strict=True)) for user, row in rows.items()}, dict(zip(keys, total, strict=True))
    )
    (table,) = tables(digest(made, {"metrics": []}, told))
    whole = formula.parse(f"2 * ({REPLIED} / {SENT}) + {CALLS}")
    for key in (*rows, "total"):
        found = values(table, key)
        assert found["twice"] == formula.evaluate(whole, found)
