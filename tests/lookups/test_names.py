"""What a name means, and what is said where it means nothing or too much."""

from __future__ import annotations

import pytest

from runner.errors import Problem
from runner.lookups import names, wanted
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind, Name
from runner.model import Spec
from tests.lookups.definitions import DIRECTORY, activity
from tests.spec.definitions import read, told


def problems(spec: Spec) -> tuple[Problem, ...]:
    used = wanted.names(spec)
    found, faults = names.pins(used, DIRECTORY)
    return names.problems(spec, used, found, faults)


@pytest.mark.parametrize(
    ("kind", "said", "identity"),
    [
        pytest.param(Kind.USER, "me", "user_key", id="the owner of the key"),
        pytest.param(Kind.USER, "Ann Lee", "user_ann", id="a full name"),
        pytest.param(Kind.USER, "ann lee", "user_ann", id="a full name in lower case"),
        pytest.param(Kind.USER, "ANN@example.COM", "user_ann", id="an address in any case"),
        pytest.param(Kind.USER, "cy@example.com", "user_old", id="a removed user's address"),
        pytest.param(Kind.USER, "Cy Gone", "user_old", id="a removed user's name"),
        pytest.param(Kind.USER, "Bo Juárez", "user_bo", id="exactly before in another case"),
        pytest.param(Kind.USER, "bo jua\u0301rez", "", id="two in another case"),
        pytest.param(Kind.USER, "user_old", "user_old", id="an ID in the place of a name"),
        pytest.param(Kind.USER, "Ann", "", id="a first name only"),
        pytest.param(Kind.GROUP, "sdr team", "", id="two groups but for case and spacing"),
        pytest.param(Kind.GROUP, "SDR team", "group_sdr", id="one group exactly"),
        pytest.param(Kind.SMART_VIEW, "HOT LEADS", "save_hot", id="a smart view in another case"),
        pytest.param(Kind.SMART_VIEW, "save_the_date", "save_plain", id="a smart view like an ID"),
        pytest.param(Kind.SMART_VIEW, "Twice", "", id="two smart views of one name"),
        pytest.param(Kind.PIPELINE, "sales", "pipe_2", id="the pipeline in this case"),
        pytest.param(Kind.LEAD_FIELD, "industry", "cf_ind", id="a custom field"),
        pytest.param(Kind.LEAD_FIELD, "Seats", "", id="a custom field of something else"),
    ],
)
def test_a_name_means_exactly_one_thing_or_nothing(kind: Kind, said: str, identity: str) -> None:
    meant = names.pin(Name(kind, said, ()), DIRECTORY)
    assert (meant.id if isinstance(meant, Pin) else "") == identity


def test_a_group_is_pinned_with_the_members_that_there_are_names_for_and_those_without() -> None:
    meant = names.pin(Name(Kind.GROUP, "SDR team", ()), DIRECTORY)
    assert isinstance(meant, Pin)
    assert meant.members == (
        Member("user_ann", "Ann Lee"),
        Member("user_old", "Cy Gone"),
        Member("user_x", "user_x"),
    )


def test_every_problem_is_told_at_once_in_file_order_at_its_word() -> None:
    text = """\
title: Names
defaults:
  query: {smart_view: Hot lead}
jobs:
  funnel:
    endpoint: funnel/opportunity/totals
    users: [Ann Lea, user_ann, "group:SDR", cy@example.org]
    pipeline: Growth
    type: active-stage-cohort
  stages: {endpoint: funnel/opportunity/stages, pipeline: Sales, type: active-stage-cohort, query: {smart_view: Twice}}
  calls: {endpoint: activity, type: overview, range: today, metrics: [calls.all.all.count], users: ["group:Nobody yet"]}
  sizes: {endpoint: custom, x: lead.custom.Industri, y: lead.count, query: null}
"""
    found = problems(read(text))
    assert told(found) == [
        "3:23 unknown-smart-view",
        "7:13 unknown-user",
        "7:32 unknown-group",
        "7:45 unknown-user",
        "8:15 unknown-pipeline",
        "10:113 ambiguous-smart-view",
        "11:101 empty-group",
        "12:32 unknown-lead-custom-field",
    ]
    assert [problem.hint for problem in found] == [
        "did you mean 'Hot leads'?",
        "did you mean 'Ann Lee'?",
        "did you mean 'SDR team'?",
        "did you mean 'cy@example.com'?",
        "there are: Sales, sales",
        "write the ID: save_a or save_b",
        "take it out, or add members to the group",
        "did you mean 'Industry'?",
    ]


def test_an_ambiguous_user_is_told_apart_by_address_and_whether_removed() -> None:
    (found,) = problems(activity("BO JUÁREZ"))
    assert found.message == "2 users are named 'BO JUÁREZ'"
    assert found.hint == "write the ID: user_bo (Bo@example.com) or user_bo2 (other@example.com, removed)"


def test_an_ambiguous_group_is_told_with_what_to_write() -> None:
    (found,) = problems(activity("'group:sdr team'"))
    assert found.hint == "write the ID: group:group_2 or group:group_sdr"


def test_a_group_without_members_may_stand_where_the_api_takes_groups() -> None:
    text = (
        "title: T\njobs:\n  a: {endpoint: funnel/opportunity/totals, pipeline: Sales, type: active-stage-cohort, "
        'users: ["group:Nobody yet"]}\n'
    )
    assert problems(read(text)) == ()


def test_a_default_that_several_jobs_use_is_told_once() -> None:
    text = "title: T\ndefaults: {users: ['group:Nobody yet'], pipeline: Sales}\njobs:\n"
    text += "  a: {endpoint: activity, type: overview, range: today, metrics: [calls.all.all.count]}\n"
    text += "  b: {endpoint: activity, type: comparison, range: today, metrics: [calls.all.all.count]}\n"
    text += "  c: {endpoint: funnel/opportunity/totals, type: active-stage-cohort}\n"
    assert told(problems(read(text))) == ["2:20 empty-group"]
