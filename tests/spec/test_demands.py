"""What is known of a job's numbers before anything is asked is what its tables then have."""

from __future__ import annotations

import pytest

from runner.endpoints import funnel, sent_emails, statuses
from runner.errors import Severity
from runner.model import Amount, Check, Column, Limit, Number, Target, Unit, WorkingDays
from runner.spec import numbers
from tests.spec.definitions import problems, read, told

JOB = """
jobs:
  calls:
    endpoint: activity
    type: overview
    range: last-week
    compare: previous
    metrics: [calls.outbound.all.count]
"""

MEANT = "did you mean 'calls.all.all.count'?"


@pytest.mark.parametrize(
    ("endpoint", "table", "columns"),
    [
        pytest.param("sent_emails", "templates", sent_emails.COLUMNS, id="sent_emails"),
        pytest.param("statuses/lead", "status_overview", statuses.COLUMNS, id="statuses"),
        pytest.param("funnel/opportunity/totals", "totals", funnel.TOTALS, id="totals"),
        pytest.param("funnel/opportunity/stages", "stages", funnel.STAGES, id="stages"),
    ],
)
def test_the_columns_known_beforehand_are_those_of_the_endpoint(
    endpoint: str, table: str, columns: tuple[Column, ...]
) -> None:
    assert numbers.FIXED[endpoint][table].units == {column.key: column.unit for column in columns}


def test_a_check_is_read_with_its_limits_and_its_place() -> None:
    made = read(
        f"title: T{JOB}checks:\n  enough: {{job: calls, number: calls.outbound.all.count, min: 3, change_min: -20%,"
        " not_null: false, severity: warning, message: Too few.}\n"
    )
    assert made.checks == (
        Check(
            "enough",
            Number("calls", "calls.outbound.all.count"),
            (Limit("min", Amount(3, "", "3")), Limit("change_min", Amount(-0.2, "%", "-20%"))),
            ("checks", "enough"),
            nullable=True,
            severity=Severity.WARNING,
            message="Too few.",
        ),
    )


def test_targets_and_working_days_are_read() -> None:
    made = read(
        f"title: T{JOB}targets:\n  calls: {{job: calls, number: calls.outbound.all.count, goal: 500, per: week,"
        " pacing: none, label: Calls}\nworking_days: {week: [monday, saturday]}\n"
    )
    number = Number("calls", "calls.outbound.all.count")
    goal = Amount(500, "", "500")
    assert made.targets == (Target("calls", number, goal, ("targets", "calls"), "Calls", "week", paced=False),)
    assert made.working_days == WorkingDays(frozenset({0, 5}))


def test_metrics_of_the_file_are_given_to_the_jobs_that_ask_for_them_in_the_order_they_are_made() -> None:
    made = read(
        "title: T\nmetrics:\n  twice: 2 * half\n  half: {is: calls.all.all.count / 2, unit: count}\njobs:\n"
        "  a: {endpoint: activity, type: overview, range: today, metrics: [twice]}\n"
        "  b: {endpoint: activity, type: overview, range: today, metrics: [half]}\n"
        "  c: {endpoint: activity, type: overview, range: today, metrics: [calls.all.all.count]}\n"
    )
    assert [[(one.name, one.label, one.unit) for one in job.derived] for job in made.jobs] == [
        [("half", "Half", Unit.COUNT), ("twice", "Twice", Unit.NUMBER)],
        [("half", "Half", Unit.COUNT)],
        [],
    ]


@pytest.mark.parametrize(
    ("metric", "expected", "hint"),
    [
        pytest.param("x: calls.all.all.cuont / 2", "2:6 unknown-metric", MEANT, id="slip"),
        pytest.param("x: 2 * calls.all.all.cuont", "2:10 unknown-metric", MEANT, id="inside"),
        pytest.param('x: "2 * calls.all.all.cuont"', "2:11 unknown-metric", MEANT, id="in quotes"),
        pytest.param("x: >-\n    2 * calls.all.all.cuont", "2:6 unknown-metric", MEANT, id="block"),
        pytest.param("x: calls.all.all.count", "", "", id="right"),
    ],
)
def test_a_metric_that_is_nearly_a_known_one_is_told_inside_its_expression(
    metric: str, expected: str, hint: str
) -> None:
    job = "jobs:\n  a: {endpoint: activity, type: overview, range: today, metrics: [x]}\n"
    found = problems(f"metrics:\n  {metric}\ntitle: T\n{job}")
    assert [one.hint for one in found] == ([hint] if hint else [])
    assert told(found) == ([expected] if expected else [])


def test_a_metric_that_no_job_shows_is_a_warning() -> None:
    (problem,) = problems(f"title: T{JOB}metrics:\n  half: calls.all.all.count / 2\n")
    assert (problem.severity, problem.rule, problem.location.line) == (Severity.WARNING, "unused", 10)


def test_nothing_is_said_of_numbers_while_the_metrics_are_wrong() -> None:
    text = (
        "title: T\nmetrics:\n  half: calls.all.all.count /\njobs:\n"
        "  a: {endpoint: activity, type: overview, range: today, metrics: [half]}\n"
        "checks:\n  one: {job: a, number: half, min: 20%}\n"
    )
    assert told(problems(text)) == ["3:30 formula"]
