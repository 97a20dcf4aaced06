"""What a definition means once it is read, and how its mistakes are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from runner import period, source, spec
from runner.errors import DefinitionError, Problem, Severity
from runner.model import Project, Source, Spec
from tests.spec.definitions import GOOD, PROJECT, bent, data, problems, read, told

JOB = """
  calls-by-day:
    endpoint: activity
    type: overview
    range: last-week
    metrics: [calls.outbound.all.count]
"""
STARTS = [data(file) for file in GOOD]


def job(lines: str, head: str = "") -> str:
    """A definition with one job of these lines."""
    return f"title: Weekly\n{head}jobs:\n  numbers:\n" + "".join(f"    {line}\n" for line in lines.split("; "))


# ---- what it means -----------------------------------------------------------------------------------------


def test_a_definition_that_says_little_takes_the_rest_from_the_project() -> None:
    project = Project(timezone="Europe/Berlin", week_start="sunday", locale="de_DE", currency="EUR")
    made = read(f"title: Weekly\njobs:{JOB}", project)
    assert (made.timezone, made.week_start, made.locale, made.currency) == ("Europe/Berlin", "sunday", "de_DE", "EUR")
    assert (made.name, made.title, made.description, made.headline) == ("weekly", "Weekly", "", "")
    assert (made.formats, made.deliver, made.owner, made.tags) == (("html", "md", "csv", "txt"), (), "", ())


def test_what_a_definition_says_goes_before_the_project() -> None:
    made = read(
        "title: Weekly\ndescription: For Mondays\ntimezone: Asia/Tokyo\nweek_start: monday\nlocale: ja_JP\n"
        "currency: JPY\nowner: Ann\ntags: [weekly]\nheadline: calls-by-day\noutput: {formats: [txt]}\n"
        f"deliver:\n  - email: {{to: [ann@example.com]}}\njobs:{JOB}",
        replace(PROJECT, timezone="Europe/Berlin", week_start="sunday", locale="de_DE", currency="EUR"),
    )
    assert (made.timezone, made.week_start, made.locale, made.currency) == ("Asia/Tokyo", "monday", "ja_JP", "JPY")
    assert (made.description, made.headline, made.owner, made.tags) == (
        "For Mondays",
        "calls-by-day",
        "Ann",
        ("weekly",),
    )
    (delivery,) = made.deliver
    assert (made.formats, delivery.via, delivery.to) == (("txt", "eml"), "mail", ("ann@example.com",))


def test_a_job_has_the_defaults_that_its_endpoint_knows_and_their_places() -> None:
    (made,) = read(
        job(
            "endpoint: sent_emails; compare: same-days-last-year",
            "defaults: {range: last-week, compare: previous, pipeline: Sales, query: {smart_view: Hot}}\n",
        )
    ).jobs
    assert made.settings == {"range": "last-week", "compare": "same-days-last-year"}
    assert made.places == {
        "endpoint": ("jobs", "numbers", "endpoint"),
        "compare": ("jobs", "numbers", "compare"),
        "range": ("defaults", "range"),
    }


def test_null_in_a_job_takes_a_default_away() -> None:
    text = job(
        "endpoint: statuses/lead; range: null; compare: null", "defaults: {range: last-week, compare: previous}\n"
    )
    (made,) = read(text).jobs
    assert made.settings == {}
    assert "range" not in made.places


def test_bounds_take_the_place_of_a_default_range_and_comparison() -> None:
    head = "defaults: {range: last-week, compare: previous}\n"
    (made,) = read(job("endpoint: custom; x: opportunity.value; bounds: {start: 0}", head)).jobs
    assert made.settings == {"x": "opportunity.value", "bounds": {"start": 0}}


def test_a_default_cohort_is_for_created_cohorts_only() -> None:
    head = "defaults: {pipeline: Sales, cohort: last-quarter}\n"
    (active,) = read(job("endpoint: funnel/opportunity/totals; type: active-stage-cohort", head)).jobs
    (created,) = read(job("endpoint: funnel/opportunity/totals; type: created-cohort", head)).jobs
    assert active.settings == {"type": "active-stage-cohort", "pipeline": "Sales"}
    assert created.settings == {"type": "created-cohort", "pipeline": "Sales", "cohort": "last-quarter"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param("calls-by-day", "Calls by day", id="dashes"),
        pytest.param("won_deals", "Won deals", id="underscores"),
        pytest.param("2026-plan", "2026 plan", id="begins with a digit"),
    ],
)
def test_a_job_without_a_title_is_called_by_its_name_in_words(name: str, title: str) -> None:
    assert read(f"title: Weekly\njobs:\n  {name}: {{endpoint: sent_emails}}\n").jobs[0].title == title


def test_jobs_keep_their_order_and_their_own_titles() -> None:
    made = read("title: T\njobs:\n  b: {endpoint: sent_emails, title: Mail}\n  a: {endpoint: statuses/lead}\n")
    assert [(one.name, one.endpoint, one.title) for one in made.jobs] == [
        ("b", "sent_emails", "Mail"),
        ("a", "statuses/lead", "A"),
    ]


def test_a_definition_keeps_its_source_to_name_places_later() -> None:
    made = read(f"title: Weekly\njobs:{JOB}")
    path = (*made.jobs[0].places["metrics"], 0)
    assert str(made.source.location(path)) == "reports/weekly.yaml:7:15"


# ---- how mistakes are told ---------------------------------------------------------------------------------


def test_a_problem_reads_as_place_message_line_caret_and_remedy() -> None:
    (problem,) = problems("title: Weekly\njobs:\n  calls:\n    endpoint: activty\n")
    assert str(problem) == (
        "weekly.yaml:4:15: 'activty' is no endpoint [enum]\n"
        " 4 |     endpoint: activty\n"
        "   |               ^\n"
        "   did you mean 'activity'?"
    )


@pytest.mark.parametrize(
    ("lines", "expected", "hint"),
    [
        pytest.param("endpoint: funnel", "4", "did you mean 'funnel/opportunity/stages'?", id="part of an endpoint"),
        pytest.param(
            "endpont: activity", "3", "is it 'endpont' that should be 'endpoint'?", id="misspelt endpoint key"
        ),
        pytest.param("endpoint: sent_emails; rnage: last-week", "5", "did you mean 'range'?", id="key"),
        pytest.param("endpoint: sent_emails; range: last_week", "5", "did you mean 'last-week'?", id="underscore"),
        pytest.param("endpoint: sent_emails; range: Last-Week", "5", "did you mean 'last-week'?", id="capitals"),
        pytest.param("endpoint: sent_emails; users: me", "5", "write [me]", id="list without brackets"),
        pytest.param("endpoint: sent_emails; title: 7", "5", 'write "7" in quotes if it is text', id="number for text"),
        pytest.param("endpoint: custom; x: lead.id; interval: months", "6", "did you mean 'month'?", id="interval"),
        pytest.param(
            "endpoint: activity; type: overview; metrics: [emails.sent.count]; range: today",
            "6",
            "did you mean 'emails.sent.all.count'?",
            id="metric of three parts",
        ),
    ],
)
def test_one_mistake_is_told_once_with_what_was_meant(lines: str, expected: str, hint: str) -> None:
    (problem,) = problems(job(lines))
    assert (str(problem.location.line), problem.hint) == (expected, hint)


def test_a_secret_is_never_shown() -> None:
    (problem,) = problems(f"title: Weekly\napi_key: api_1x2y3z\njobs:{JOB}")
    assert "api_1x2y3z" not in str(problem)
    assert "environment variable" in problem.hint


def test_a_file_with_hundreds_of_mistakes_tells_a_hundred_in_order() -> None:
    found = problems(
        "title: T\njobs:\n" + "".join(f"  job-{number}: {{endpoint: x}}\n" for number in range(100, 0, -1))
    )
    assert [one.location.line for one in found] == list(range(3, 103))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(job(f"endpoint: activity; type: overview; metrics: [{'a.b, ' * 5_000}]"), "6:15", id="metrics"),
        pytest.param(
            f"title: T\njobs: {JOB}tags: [{', '.join(f'{{a: {number}}}' for number in range(4_000))}]\n",
            "8:8",
            id="tags that cannot be sorted",
        ),
        pytest.param("title: T\n" + "".join(f"key-{number}: x\n" for number in range(10_000)), "1:1", id="keys"),
        pytest.param("title: T\njobs:\n" + "".join(f"  J{number}: x\n" for number in range(2_000)), "3:3", id="jobs"),
    ],
)
def test_a_file_full_of_mistakes_is_told_in_a_moment(text: str, first: str) -> None:
    found = problems(text)
    assert 10 < len(found) <= 100
    assert told(found)[0].startswith(first)


@pytest.mark.parametrize(
    ("metric", "meant"),
    [
        pytest.param("emails.send.all.count", "emails.sent.all.count", id="one letter"),
        pytest.param("calls.outbound.all.cuont", "calls.outbound.all.count", id="letters swapped"),
        pytest.param("calls.outbuond.all.counts", "calls.outbound.all.count", id="two slips"),
    ],
)
def test_a_metric_that_is_nearly_a_known_one_is_a_warning(metric: str, meant: str) -> None:
    made, (warning,) = spec.read(
        source.read("w.yaml", job(f"endpoint: activity; type: overview; range: today; metrics: [{metric}]").encode())
    )
    assert made.jobs[0].settings["metrics"] == [metric]
    assert (warning.severity, warning.rule) == (Severity.WARNING, "unknown-metric")
    assert str(warning).startswith(f"w.yaml:7:15: warning: '{metric}' is not a published metric [unknown-metric]")
    assert warning.hint == f"did you mean '{meant}'?"


def test_a_metric_of_the_organizations_own_is_no_warning() -> None:
    assert problems(job("endpoint: activity; type: overview; range: today; metrics: [chats.held.all.count]")) == ()


def test_a_cohort_that_is_ignored_is_a_warning() -> None:
    lines = "endpoint: funnel/opportunity/totals; pipeline: S; type: active-stage-cohort; cohort: last-week"
    (warning,) = problems(job(lines))
    assert (warning.severity, *told((warning,))) == (Severity.WARNING, "7:5 unused")


def test_warnings_are_told_among_the_errors_of_a_file() -> None:
    lines = "endpoint: activity; type: overview; range: 2025-W53; metrics: [emails.send.all.count]"
    found = problems(job(lines))
    assert told(found) == ["6:12 calendar", "7:15 unknown-metric"]
    with pytest.raises(DefinitionError):
        spec.read(source.read("w.yaml", job(lines).encode()))


def test_a_mistake_in_the_defaults_is_told_once_however_many_jobs_use_it() -> None:
    text = (
        "title: T\ndefaults: {range: 2025-W53}\njobs:\n  a: {endpoint: sent_emails}\n  b: {endpoint: statuses/lead}\n"
    )
    assert told(problems(text)) == ["2:19 calendar"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("ann@example.com", [], id="named"),
        pytest.param("ANN@Example.com", [], id="named, other case"),
        pytest.param("bob@team.example.com", [], id="by domain"),
        pytest.param("bob@example.com", ["3:18 recipient"], id="neither"),
        pytest.param("bob@evil-team.example.com", ["3:18 recipient"], id="another domain that ends alike"),
    ],
)
def test_digests_go_only_to_recipients_that_the_owner_allows(address: str, expected: list[str]) -> None:
    policy = replace(PROJECT.policy, recipients=("ann@example.com", "@team.example.com"))
    text = f"title: T\ndeliver:\n  - email: {{to: [{address}]}}\njobs:{JOB}"
    assert told(problems(text, replace(PROJECT, policy=policy))) == expected


# ---- several files -----------------------------------------------------------------------------------------


def same_names(*files: str) -> list[Problem]:
    taken: dict[str, str] = {}
    return [problem for file in files for problem in spec.same_name(source.read(file, b"title: x"), taken)]


def test_two_files_of_one_name_are_told_with_both_files() -> None:
    (problem,) = same_names("reports/weekly.yaml", "reports/daily.yaml", "reports/old/Weekly.yml")
    assert str(problem.location) == "reports/old/Weekly.yml:1:1"
    assert problem.message == "the name 'Weekly' is taken: reports/weekly.yaml has it too"
    assert problem.rule == "duplicate-name"


def test_names_that_differ_and_one_file_given_twice_are_fine() -> None:
    assert same_names("a/one.yaml", "a/two.yaml", "a/one.yaml") == []


# ---- laws --------------------------------------------------------------------------------------------------

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)


def placed(value: Any) -> Source:
    """Data as a source whose every value lies at its beginning: what is checked is the data."""
    return source.read("bent.yaml", json.dumps(value).encode())


def resolve(made: Spec) -> None:
    """Every span of a definition, as a plan resolves it."""
    zone = ZoneInfo(made.timezone)
    for one in made.jobs:
        for key in ("range", "cohort"):
            if key in one.settings:
                period.resolve(one.settings[key], AS_OF, zone, made.week_start)  # type: ignore[arg-type]  # checked
        said = one.settings.get("compare", [])
        base = one.settings.get("cohort" if one.settings.get("type") == "created-cohort" else "range")
        for word in said if isinstance(said, list) else [said]:
            span = period.resolve(base, AS_OF, zone, made.week_start)  # type: ignore[arg-type]  # checked
            period.compare(word, span, AS_OF, zone, made.week_start)  # type: ignore[arg-type]  # checked


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bent(STARTS))
def test_whatever_is_accepted_can_be_planned_and_all_else_has_problems_in_file_order(value: Any) -> None:
    try:
        made, _ = spec.read(placed(value))
    except DefinitionError as error:
        places = [(one.location.line, one.location.column) for one in error.problems]
        assert places == sorted(places)
        assert places
    else:
        resolve(made)
