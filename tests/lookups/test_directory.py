"""What is asked to find names, and how the answers are read."""

from __future__ import annotations

from typing import Any

import pytest

from runner.errors import ServiceError
from runner.lookups import directory
from runner.lookups.directory import Entry
from runner.lookups.wanted import Kind


@pytest.mark.parametrize(
    ("kinds", "paths"),
    [
        pytest.param(set(), [], id="nothing"),
        pytest.param({Kind.USER}, ["user/", "organization/orga_1/"], id="users, present and removed"),
        pytest.param({Kind.GROUP}, ["user/", "organization/orga_1/", "group/"], id="groups with their members' names"),
        pytest.param({Kind.SMART_VIEW, Kind.PIPELINE}, ["saved_search/", "pipeline/"], id="smart views and pipelines"),
        pytest.param({Kind.LEAD_FIELD}, ["custom_field_schema/lead/"], id="lead fields"),
        pytest.param({Kind.OPPORTUNITY_FIELD}, ["custom_field_schema/opportunity/"], id="opportunity fields"),
    ],
)
def test_only_what_is_needed_is_asked(kinds: set[Kind], paths: list[str]) -> None:
    assert [query.path for query in directory.queries(kinds, "orga_1")] == paths


def test_lists_are_asked_in_pages_and_the_rest_as_a_whole() -> None:
    assert directory.page(directory.USERS, 200).params == (("_skip", "200"), ("_limit", "100"))
    assert directory.page(directory.LISTS[Kind.PIPELINE], 0).params == ()
    assert directory.page(directory.LISTS[Kind.LEAD_FIELD], 0).params == ()
    assert directory.page(directory.removed("orga_1"), 0).params == ()


def test_an_id_cannot_leave_its_place_in_a_path() -> None:
    assert directory.group("../me?x").path == "group/..%2Fme%3Fx/"
    assert directory.removed("a/b").path == "organization/a%2Fb/"


def test_users_are_the_present_and_the_removed_with_a_name_made_of_what_there_is() -> None:
    found: dict[str, list[Any]] = {
        "user/": [
            {"id": "user_1", "first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"},
            {"id": "user_2", "first_name": None, "last_name": "Bo", "email": None},
            {"id": "user_3", "first_name": "", "last_name": None, "email": "c@example.com"},
            {"id": "user_4"},
        ],
        "organization/orga_1/": [
            {"user_id": "user_1", "user_full_name": "Ann Before", "user_email": "ann@example.com"},
            {"user_id": "user_9", "user_full_name": "Cy Gone", "user_email": "cy@example.com"},
        ],
    }
    assert directory.entries(found)[Kind.USER] == (
        Entry("user_1", "Ann Lee", "ann@example.com"),
        Entry("user_9", "Cy Gone", "cy@example.com", removed=True),
        Entry("user_2", "Bo"),
        Entry("user_3", "c@example.com", "c@example.com"),
        Entry("user_4", "user_4"),
    )


def test_a_thing_without_a_name_has_its_id() -> None:
    found: dict[str, list[Any]] = {"saved_search/": [{"id": "save_1", "name": None}]}
    assert directory.entries(found) == {Kind.SMART_VIEW: (Entry("save_1", "save_1"),)}


def test_members_are_sorted_and_each_once() -> None:
    data = {"members": [{"user_id": "user_b"}, {"user_id": "user_a"}, {"user_id": "user_b"}]}
    assert directory.members(directory.group("group_1"), data) == ("user_a", "user_b")


@pytest.mark.parametrize("said", ["", "user_\n1", "\x1b[2J"])
def test_an_id_that_cannot_be_printed_is_refused(said: str) -> None:
    with pytest.raises(ServiceError, match="is no ID"):
        directory.entries({"pipeline/": [{"id": said, "name": "Sales"}]})


def test_a_key_without_an_organization_is_refused() -> None:
    with pytest.raises(ServiceError, match="no organization"):
        directory.identity({"id": "user_1", "organizations": []})


def test_a_name_that_would_steer_a_terminal_is_shown_without_that() -> None:
    assert directory.shown("a\x1b[2J\n\u202eb") == "a\ufffd[2J\ufffd\ufffdb"
