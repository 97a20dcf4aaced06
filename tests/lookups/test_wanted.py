"""Which names a definition has, and the definition with IDs in their place."""

from __future__ import annotations

import pytest

from runner.lookups import pins, wanted
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind
from tests.lookups.definitions import EVERYWHERE, PINS, activity, settings
from tests.spec.definitions import read


def test_every_place_where_a_name_may_stand_is_known() -> None:
    made = read(EVERYWHERE)
    found = {(name.kind, name.text, made.source.location(name.path).line) for name in wanted.names(made)}
    assert found == {
        (Kind.GROUP, "SDR team", 3),
        (Kind.USER, "ann@example.com", 3),
        (Kind.SMART_VIEW, "Hot leads", 4),
        (Kind.PIPELINE, "Sales", 5),
        (Kind.USER, "me", 8),
        (Kind.USER, "Ann Lee", 10),
        (Kind.LEAD_FIELD, "Industry", 13),
        (Kind.OPPORTUNITY_FIELD, "Seats", 14),
    }


def test_a_name_in_defaults_is_looked_up_once_however_many_jobs_use_it() -> None:
    found = [name for name in wanted.names(read(EVERYWHERE)) if name.text == "Hot leads"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        pytest.param("user_a1B2", set(), id="a user's ID"),
        pytest.param("user_a_1", {"user_a_1"}, id="not the form of an ID"),
        pytest.param("'group:group_a1'", {"group_a1"}, id="a group's ID: its members are needed"),
        pytest.param("'group: SDR team'", {"SDR team"}, id="a space after group:"),
        pytest.param("Ann Lee", {"Ann Lee"}, id="a name"),
    ],
)
def test_ids_are_not_looked_up_in_activity_except_for_members(user: str, expected: set[str]) -> None:
    assert {name.text for name in wanted.names(activity(user))} == expected


def test_a_smart_view_whose_name_begins_like_an_id_is_a_name() -> None:
    made = activity("user_a1", ", query: {smart_view: save_the_date}")
    assert [name.text for name in wanted.names(made)] == ["save_the_date"]


def test_only_reports_with_the_organization_in_their_path_need_it() -> None:
    assert wanted.needs_organization(read(EVERYWHERE))
    assert not wanted.needs_organization(activity("me"))


def test_ids_take_the_place_of_names_and_activity_gets_a_group_s_members() -> None:
    made = pins.with_ids(read(EVERYWHERE), PINS)
    calls, funnel = settings(made, "calls"), settings(made, "funnel")
    assert (calls["users"], funnel["users"]) == (["user_ann", "user_bo"], ["group_sdr", "user_ann"])
    assert calls["query"] == funnel["query"] == {"smart_view": "save_hot"}
    assert funnel["pipeline"] == "pipe_1"
    assert settings(made, "mine")["users"] == ["user_key"]
    assert settings(made, "deals")["users"] == ["user_ann"]
    sizes = settings(made, "sizes")
    assert (sizes["x"], sizes["y"], sizes["group_by"]) == (
        "lead.custom.cf_ind",
        "opportunity.custom.cf_seats",
        "opportunity.user_id",
    )
    ids = settings(made, "ids")
    assert (ids["users"], ids["pipeline"], ids["query"]) == (
        ["user_a1", "group_a1"],
        "pipe_a1",
        {"smart_view": "save_a1"},
    )


def test_everything_else_stays_as_it_was_written() -> None:
    before = read(EVERYWHERE)
    after = pins.with_ids(before, PINS)
    assert [set(job.settings) for job in after.jobs] == [set(job.settings) for job in before.jobs]
    assert settings(after, "calls")["metrics"] == ["calls.all.all.count"]
    assert after.source is before.source


def test_somebody_in_two_groups_is_asked_for_once() -> None:
    both = {
        (Kind.GROUP, "A"): Pin("group_1", "A", (Member("user_1", ""), Member("user_2", ""))),
        (Kind.GROUP, "B"): Pin("group_2", "B", (Member("user_2", ""), Member("user_3", ""))),
    }
    made = pins.with_ids(activity("'group:A', user_3, 'group:B'"), both)
    assert settings(made, "calls")["users"] == ["user_1", "user_2", "user_3"]
