"""Where numbers stand that the sample organization has none of."""

from __future__ import annotations

import pytest

from runner import endpoints
from runner.endpoints import origin
from runner.endpoints.origin import Origin
from runner.model import Answer, Job, Json, Section, Value
from tests.endpoints import made


def found(job: Job, answer: Json) -> dict[tuple[str | None, str], tuple[list[str], Value]]:
    """For each number of the job's first table: the pointers of its parts, and what they make."""
    plan = made.plan(job)
    answers = {ask.query.key: Answer(answer if ask.period else {}) for ask in plan.asks}
    (section,) = endpoints.digest(plan, answers, sample=False).sections
    assert isinstance(section, Section)
    table = section.tables[0]
    made_of = {}
    for column, one in enumerate(table.columns):
        for row in [*range(len(table.rows)), *([None] if table.total else [])]:
            _, where = endpoints.source(plan, answers, plan.spec.jobs[0], table, row, column)
            line = table.rows[row] if row is not None else table.total
            assert line is not None
            assert where.value(answer) == line.cells[column].value
            key = None if row is None else line.key
            made_of[key, one.key] = ([origin.pointer(part) for part in where.parts], where.value(answer))
    return made_of


def test_series_and_points_of_the_same_name_are_told_apart() -> None:
    series: list[Json] = [
        {"name": "Ann", "count": 3, "data": [["b", 1], ["a", 2], ["b", 3]]},
        {"name": "Ann", "count": 1, "data": [["a", None]]},
    ]
    numbers = found(made.job("custom", x="lead.source", y="opportunity.value"), {"series": series})
    assert numbers["a", "opportunity.value:Ann"] == (["/series/1/data/0/1"], None)
    series.pop()
    numbers = found(made.job("custom", x="lead.source", y="lead.count"), {"series": series})
    assert numbers["a", "lead.count:Ann"] == (["/series/0/data/1/1"], 2)
    assert numbers["b", "lead.count:Ann"] == (["/series/0/data/2/1"], 3)
    assert numbers[None, "lead.count:Ann"] == (["/series/0/count"], 3)


def test_a_point_that_a_series_has_not_stands_nowhere() -> None:
    series: Json = [{"name": "x", "count": 1, "data": [["a", 1]]}, {"name": "y", "count": 1, "data": [["b", 2]]}]
    numbers = found(made.job("custom", x="lead.source", y="lead.count"), {"series": series})
    assert numbers["a", "lead.count:y"] == ([], None)


def test_a_series_without_points_has_its_count() -> None:
    numbers = found(made.job("custom", x="lead.source"), {"series": [{"name": "x", "count": 4}]})
    assert numbers["x", "count"] == (["/series/0/count"], 4)


def test_a_rate_stands_for_itself_where_its_counts_are_not_there() -> None:
    totals: dict[str, Json] = dict.fromkeys((column.key for column in endpoints.funnel.TOTALS), 1)
    totals |= {"count_total_complete": None, "count_win_rate": 0.25, "value_total_complete": 4, "value_total_won": 2}
    job = made.job("funnel/opportunity/totals", type="active-stage-cohort", pipeline="pipe_1", range="2026-W47")
    numbers = found(job, {"aggregations": totals, "data": [{"user_id": None, **totals}]})
    assert numbers[None, "count_win_rate"] == (["/aggregations/count_win_rate"], 0.25)
    assert numbers["", "value_win_rate"] == (["/data/0/value_total_won", "/data/0/value_total_complete"], 0.5)
    assert numbers["", "count_total_lost"][1] is None


@pytest.mark.parametrize(
    ("rule", "value"),
    [("is", 6), ("ratio", 3.0), ("difference", 4), ("sum", 8), ("share", 3.0)],
)
def test_a_rule_makes_a_number_of_its_parts(rule: origin.Rule, value: Value) -> None:
    where = Origin((("a",), ("b", 0)), rule)
    assert where.value({"a": 6, "b": [2]}) == value
    assert where.value({"b": []}) is None


def test_a_pointer_escapes_what_has_a_meaning_in_it() -> None:
    assert origin.pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"
    assert origin.at({"a": [1]}, ("a", 1)) is None
    assert origin.at({"a": 1}, ("a", "b")) is None
