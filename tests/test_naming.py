"""From names to IDs: what is asked of the service, what is believed of runner.lock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from runner import naming
from runner.client import Client
from runner.errors import DefinitionError, ServiceError, UsageError
from runner.lookups.directory import Entry
from runner.lookups.lock import Section
from runner.lookups.pins import Member, Pin
from runner.lookups.wanted import Kind
from runner.model import Json
from tests.lookups.definitions import EVERYWHERE, PINS, activity, settings
from tests.spec.definitions import read

ANSWERS: Mapping[str, Json] = {
    "me/": {"id": "user_key", "organizations": [{"id": "orga_1", "name": "Fernhill"}]},
    "user/": {
        "data": [
            {"id": "user_ann", "first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"},
            {"id": "user_bo", "first_name": "Bo", "last_name": "Juárez", "email": "bo@example.com"},
        ],
        "has_more": False,
    },
    "organization/orga_1/": {
        "id": "orga_1",
        "inactive_memberships": [{"user_id": "user_cy", "user_full_name": "Cy Gone", "user_email": "cy@example.com"}],
    },
    "group/": {"data": [{"id": "group_sdr", "name": "SDR team"}], "has_more": False},
    "group/group_sdr/": {"id": "group_sdr", "members": [{"user_id": "user_cy"}, {"user_id": "user_ann"}]},
    "saved_search/": {"data": [{"id": "save_hot", "name": "Hot leads"}], "has_more": False},
    "pipeline/": {"data": [{"id": "pipe_1", "name": "Sales", "statuses": []}]},
    "custom_field_schema/lead/": {
        "object_type": "lead",
        "fields": [
            {"id": "cf_ind", "name": "Industry", "type": "text", "is_shared": False},
            {"id": "cf_region", "name": "Region", "type": "text", "is_shared": True},
        ],
    },
    "custom_field_schema/opportunity/": {"fields": [{"id": "cf_seats", "name": "Seats"}]},
}

HERE = Entry("orga_1", "Fernhill")
LOCKED = Section(HERE, {key: pin for key, pin in PINS.items() if key != (Kind.USER, "me")})


@contextmanager
def service(answer: Callable[[httpx.Request], Any]) -> Iterator[tuple[Client, list[str]]]:
    """A client of a service that answers so, and the paths asked."""
    asked: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.removeprefix("/api/v1/"))
        return httpx.Response(200, json=answer(request))

    with Client(httpx.MockTransport(reply), "http://close.example.com/api/v1/") as client:
        yield client, asked


def known(request: httpx.Request) -> Any:
    return ANSWERS[request.url.path.removeprefix("/api/v1/")]


def nobody() -> Client:
    pytest.fail("nothing needs to be asked")


# ---- from the service


def test_every_name_becomes_the_id_that_the_service_has_for_it() -> None:
    with service(known) as (client, asked):
        (named,) = naming.resolve([read(EVERYWHERE)], None, lambda: client, checked=True)
    assert sorted(asked) == sorted(ANSWERS)
    assert sorted(query.path for query in named.lookups) == sorted(ANSWERS)
    assert named.organization == "orga_1"
    assert settings(named.spec, "calls")["users"] == ["user_ann", "user_cy"]
    assert settings(named.spec, "funnel")["users"] == ["group_sdr", "user_ann"]
    assert settings(named.spec, "mine")["users"] == ["user_key"]
    assert settings(named.spec, "sizes")["x"] == "lead.custom.cf_ind"
    assert {name.text for name in named.unpinned} == {
        *("SDR team", "ann@example.com", "Hot leads", "Sales", "Ann Lee", "Industry", "Seats")
    }


def test_a_custom_field_that_several_objects_share_is_found_too() -> None:
    job = "{endpoint: custom, range: last-week, x: lead.date_created, group_by: lead.custom.region}"
    with service(known) as (client, asked):
        (named,) = naming.resolve([read(f"title: T\njobs:\n  a: {job}\n")], None, lambda: client, checked=True)
    assert settings(named.spec, "a")["group_by"] == "lead.custom.cf_region"
    assert asked == ["me/", "custom_field_schema/lead/"]


def test_ids_alone_ask_nothing_and_need_no_organization() -> None:
    (named,) = naming.resolve([activity("user_a1")], None, nobody, checked=True)
    assert (named.organization, named.lookups, named.unpinned) == ("", (), ())


def test_me_asks_for_the_owner_of_the_key_only() -> None:
    with service(known) as (client, asked):
        (named,) = naming.resolve([activity("me")], None, lambda: client, checked=False)
    assert asked == ["me/"]
    assert settings(named.spec, "calls")["users"] == ["user_key"]
    assert named.unpinned == ()


def test_a_path_with_the_organization_asks_for_it() -> None:
    made = read("title: T\njobs:\n  a: {endpoint: sent_emails, range: last-week}\n")
    with service(known) as (client, asked):
        (named,) = naming.resolve([made], None, lambda: client, checked=False)
    assert (asked, named.organization) == (["me/"], "orga_1")


def test_several_definitions_ask_once_and_each_knows_its_own_look_ups() -> None:
    one, other = activity("Ann Lee"), activity("'group:SDR team'")
    with service(known) as (client, asked):
        first, second = naming.resolve([one, other], None, lambda: client, checked=True)
    assert asked == ["me/", "user/", "organization/orga_1/", "group/", "group/group_sdr/"]
    assert [query.path for query in first.lookups] == ["me/", "user/", "organization/orga_1/"]
    assert [query.path for query in second.lookups] == asked


def test_all_problems_of_all_definitions_are_told_at_once() -> None:
    specs = [activity("Ann Lea, Bo Juarez"), activity("'group:SDR'")]
    with service(known) as (client, _), pytest.raises(DefinitionError) as caught:
        naming.resolve(specs, None, lambda: client, checked=True)
    assert [problem.rule for problem in caught.value.problems] == ["unknown-user", "unknown-user", "unknown-group"]


def test_a_list_is_read_to_its_last_page() -> None:
    people = [{"id": f"user_{number:03}", "first_name": "No", "last_name": str(number)} for number in range(250)]

    def paged(request: httpx.Request) -> Any:
        if not request.url.path.endswith("/user/"):
            return known(request)
        skip, limit = int(request.url.params["_skip"]), int(request.url.params["_limit"])
        return {"data": people[skip : skip + limit], "has_more": skip + limit < len(people)}

    with service(paged) as (client, asked):
        (named,) = naming.resolve([activity("No 249")], None, lambda: client, checked=True)
    assert settings(named.spec, "calls")["users"] == ["user_249"]
    assert asked.count("user/") == 3


def test_a_list_without_an_end_is_given_up() -> None:
    def endless(request: httpx.Request) -> Any:
        return {"data": [], "has_more": True} if request.url.path.endswith("/user/") else known(request)

    with service(endless) as (client, asked), pytest.raises(ServiceError, match="the list goes on"):
        naming.resolve([activity("Ann Lee")], None, lambda: client, checked=True)
    assert len(asked) == 1 + naming.MAX_PAGES


def test_an_answer_of_another_shape_names_the_path_and_the_fault() -> None:
    def wrong(request: httpx.Request) -> Any:
        return {"data": [{"id": 7, "name": "Sales"}]} if "saved" in request.url.path else known(request)

    with service(wrong) as (client, _), pytest.raises(ServiceError, match=r"saved_search/: .*data\[0\]\.id: expected"):
        naming.resolve([activity("me", ", query: {smart_view: Hot leads}")], None, lambda: client, checked=True)


# ---- from the lock


def test_a_plan_of_pinned_names_asks_nothing() -> None:
    made = read(EVERYWHERE.replace("users: [me]", "users: [Ann Lee]"))
    (named,) = naming.resolve([made], LOCKED, nobody, checked=False)
    assert named.organization == "orga_1"
    assert settings(named.spec, "calls")["users"] == ["user_ann", "user_bo"]
    assert [query.path for query in named.lookups] == ["me/"]
    assert named.unpinned == ()


def test_a_run_of_pinned_names_asks_only_whose_organization_it_is() -> None:
    made = read(EVERYWHERE.replace("users: [me]", "users: [Ann Lee]"))
    with service(known) as (client, asked):
        (named,) = naming.resolve([made], LOCKED, lambda: client, checked=True)
    assert asked == ["me/"]
    assert settings(named.spec, "calls")["users"] == ["user_ann", "user_bo"]


def test_what_is_pinned_counts_although_the_service_has_changed() -> None:
    pinned = Section(HERE, {(Kind.GROUP, "SDR team"): Pin("group_0", "SDR team", (Member("user_0", "Zoe"),))})
    with service(known) as (client, asked):
        (named,) = naming.resolve([activity("'group:SDR team', Ann Lee")], pinned, lambda: client, checked=True)
    assert settings(named.spec, "calls")["users"] == ["user_0", "user_ann"]
    assert [name.text for name in named.unpinned] == ["Ann Lee"]
    assert "group/" not in asked


def test_a_pinned_group_that_had_no_members_is_an_error_too() -> None:
    pinned = Section(HERE, {(Kind.GROUP, "SDR team"): Pin("group_0", "SDR team")})
    with pytest.raises(DefinitionError, match="empty-group"):
        naming.resolve([activity("'group:SDR team'")], pinned, nobody, checked=False)


@pytest.mark.parametrize("users", ["Ann Lee", "Cy Gone, Ann Lee"])
def test_a_lock_of_another_organization_is_refused_with_a_remedy(users: str) -> None:
    other = Section(Entry("orga_9", "Other\x1b[2J"), LOCKED.pins)
    with service(known) as (client, _), pytest.raises(UsageError) as caught:
        naming.resolve([activity(users)], other, lambda: client, checked=True)
    said = str(caught.value)
    assert "Other\ufffd[2J (orga_9)" in said
    assert "Fernhill (orga_1)" in said
    assert "runner lock" in said


# ---- making pins


def test_pins_are_of_every_name_but_me() -> None:
    with service(known) as (client, _):
        section = naming.pin([read(EVERYWHERE), activity("me")], client)
    assert section.organization == HERE
    assert {key[1] for key in section.pins} == {
        *("SDR team", "ann@example.com", "Hot leads", "Sales", "Ann Lee", "Industry", "Seats")
    }
    group = section.pins[Kind.GROUP, "SDR team"]
    assert group == Pin("group_sdr", "SDR team", (Member("user_ann", "Ann Lee"), Member("user_cy", "Cy Gone")))


def test_the_order_in_which_the_service_lists_things_is_not_in_the_pins() -> None:
    def turned(request: httpx.Request) -> Any:
        data = json.loads(json.dumps(known(request)))
        for key in ("data", "members", "inactive_memberships"):
            data.get(key, []).reverse()
        return data

    with service(known) as (client, _), service(turned) as (other, _):
        assert naming.pin([read(EVERYWHERE)], client) == naming.pin([read(EVERYWHERE)], other)
