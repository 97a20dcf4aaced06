"""Look-ups: which objects, with which fields, in which order, on which page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.memory import Api, Memory


def an_office() -> Memory:
    office = Memory(
        organization=[{"id": "orga_1", "name": "Acme", "date_created": "2026-01-01", "currency": "USD"}],
        group=[
            {"id": "group_2", "name": "SDR", "members": [{"user_id": "user_b", "role": "x"}, {"user_id": "user_a"}]},
            {"id": "group_3", "name": "AE", "members": None},
            {"id": "group_1", "name": "SDR", "members": []},
        ],
        saved_search=[
            {"id": "save_3", "name": "Warm", "type": "lead", "query": "x", "s_query": None, "user_id": "user_a"},
            {"id": "save_1", "name": "People", "type": "contact", "query": "", "s_query": {"query": {"type": "and"}}},
            {"id": "save_2", "name": None, "query": "y"},
        ],
        pipeline=[
            {
                "id": "pipe_2",
                "name": "Sales",
                "statuses": [
                    {"id": "stat_w", "label": "Won", "type": "won", "color": "green"},
                    {"id": "stat_a", "label": "Active", "type": "active"},
                ],
            },
            {"id": "pipe_1", "name": "Partners"},
        ],
        email_template=[
            {"id": "tmpl_2", "name": "Hello", "is_shared": True, "body": "Hi"},
            {"id": "tmpl_1", "name": "Bye", "is_shared": False},
        ],
    )
    office.add_user("user_b", "Bea Able")
    office.add_user("user_a", "Ann Baker")
    office.add_user("user_gone", "Gil Gone", present=False)
    office.add("user_account", id="user_unknown", present=0)
    for label, deleted in (("Potential", 0), ("Old", 1), ("Customer", 0)):
        office.add("lead_status", id=f"stat_{label.lower()}", label=label, is_deleted=deleted)
    for label, kind, deleted in (("Won", "won", 0), ("Gone", "lost", 1), ("Active", "active", 0)):
        office.add("opportunity_status", id=f"stat_{label.lower()}", label=label, type=kind, is_deleted=deleted)
    return office


@pytest.fixture(scope="module")
def api() -> Api:
    return Api(an_office())


BEA = {"id": "user_b", "first_name": "Bea", "last_name": "Able", "email": "user_b@example.com"}
ANN = {"id": "user_a", "first_name": "Ann", "last_name": "Baker", "email": "user_a@example.com"}
WARM = {"id": "save_3", "name": "Warm", "type": "lead", "query": "x", "s_query": None}
UNNAMED = {"id": "save_2", "name": None, "type": "lead", "query": "y", "s_query": None}
PEOPLE = {
    "id": "save_1",
    "name": "People",
    "type": "contact",
    "query": "",
    "s_query": {"query": {"type": "and"}},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("me/", BEA | {"organizations": [{"id": "orga_1", "name": "Acme"}]}, id="me"),
        pytest.param(
            "organization/orga_1/",
            {
                "id": "orga_1",
                "name": "Acme",
                "memberships": [
                    {"user_id": "user_b", "user_full_name": "Bea Able", "user_email": "user_b@example.com"},
                    {"user_id": "user_a", "user_full_name": "Ann Baker", "user_email": "user_a@example.com"},
                ],
                "inactive_memberships": [
                    {"user_id": "user_gone", "user_full_name": "Gil Gone", "user_email": "user_gone@example.com"}
                ],
            },
            id="organization",
        ),
        pytest.param("user/", {"data": [BEA, ANN], "has_more": False}, id="users"),
        pytest.param("user/user_a/", ANN, id="user"),
        pytest.param(
            "group/",
            {
                "data": [
                    {"id": "group_3", "name": "AE"},
                    {"id": "group_1", "name": "SDR"},
                    {"id": "group_2", "name": "SDR"},
                ],
                "has_more": False,
            },
            id="groups by name then ID",
        ),
        pytest.param(
            "group/group_2/",
            {"id": "group_2", "name": "SDR", "members": [{"user_id": "user_b"}, {"user_id": "user_a"}]},
            id="group",
        ),
        pytest.param("group/group_3/", {"id": "group_3", "name": "AE", "members": []}, id="group without members"),
        pytest.param("saved_search/", {"data": [UNNAMED, WARM], "has_more": False}, id="saved searches for leads"),
        pytest.param("saved_search/?type__in=contact", {"data": [PEOPLE], "has_more": False}, id="for contacts"),
        pytest.param(
            "saved_search/?type__in=lead,contact",
            {"data": [UNNAMED, PEOPLE, WARM], "has_more": False},
            id="of all types",
        ),
        pytest.param("saved_search/save_1/", PEOPLE, id="saved search of any type"),
        pytest.param(
            "pipeline/",
            {
                "data": [
                    {
                        "id": "pipe_2",
                        "name": "Sales",
                        "statuses": [
                            {"id": "stat_w", "label": "Won", "type": "won"},
                            {"id": "stat_a", "label": "Active", "type": "active"},
                        ],
                    },
                    {"id": "pipe_1", "name": "Partners", "statuses": []},
                ]
            },
            id="pipelines in the organization's order, without has_more",
        ),
        pytest.param(
            "status/lead/",
            {
                "data": [{"id": "stat_potential", "label": "Potential"}, {"id": "stat_customer", "label": "Customer"}],
                "has_more": False,
            },
            id="lead statuses",
        ),
        pytest.param(
            "status/opportunity/",
            {
                "data": [
                    {"id": "stat_won", "label": "Won", "type": "won"},
                    {"id": "stat_active", "label": "Active", "type": "active"},
                ],
                "has_more": False,
            },
            id="opportunity statuses",
        ),
        pytest.param(
            "email_template/",
            {
                "data": [
                    {"id": "tmpl_1", "name": "Bye", "is_shared": False},
                    {"id": "tmpl_2", "name": "Hello", "is_shared": True},
                ],
                "has_more": False,
            },
            id="templates",
        ),
    ],
)
def test_a_look_up_gives_the_documented_fields_in_order(api: Api, path: str, expected: dict[str, Any]) -> None:
    response = api.get(path)
    assert response.status_code == 200
    assert response.get_json() == expected


@pytest.mark.parametrize(
    "path",
    ["user/user_gone/", "user/user_zz/", "group/group_9/", "saved_search/save_9/", "organization/orga_2/"],
)
def test_an_unknown_id_is_404_and_a_removed_user_is_no_user(api: Api, path: str) -> None:
    response = api.get(path)
    assert (response.status_code, list(response.get_json())) == (404, ["error"])


def test_nobody_is_me_where_there_is_no_user() -> None:
    response = Api(Memory()).get("me/")
    assert (response.status_code, response.get_json()) == (404, {"error": "This organization has no user."})


@pytest.mark.parametrize(
    ("query", "identities", "has_more"),
    [
        ("_skip=0&_limit=2", ["group_3", "group_1"], True),
        ("_skip=2&_limit=2", ["group_2"], False),
        ("_skip=1", ["group_1", "group_2"], False),
        ("_limit=3", ["group_3", "group_1", "group_2"], False),
        ("_skip=3", [], False),
        ("_skip=999999999", [], False),
        ("_limit=0", [], True),
    ],
)
def test_a_list_is_read_page_by_page(api: Api, query: str, identities: list[str], has_more: bool) -> None:
    told = api.get(f"group/?{query}").get_json()
    assert ([group["id"] for group in told["data"]], told["has_more"]) == (identities, has_more)


def test_a_page_has_a_hundred_objects_unless_asked_otherwise() -> None:
    api = Api(Memory(group=[{"id": f"group_{n:03}", "name": "SDR"} for n in range(150)]))
    told = api.get("group/").get_json()
    assert (len(told["data"]), told["data"][-1]["id"], told["has_more"]) == (100, "group_099", True)
    assert len(api.get("group/?_limit=150").get_json()["data"]) == 150


@pytest.mark.parametrize("value", ["", "-1", "1.5", "ten", "1e3", "9" * 5000, "%D9%A3"])
@pytest.mark.parametrize("parameter", ["_skip", "_limit"])
def test_a_page_that_is_no_number_is_refused(api: Api, parameter: str, value: str) -> None:
    response = api.get(f"user/?{parameter}={value}")
    assert response.status_code == 400
    told = response.get_json()
    assert (told["errors"], list(told["field-errors"])) == ([], [parameter])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("group/?_fields=name&_limit=1", {"data": [{"name": "AE"}], "has_more": True}),
        ("user/user_a/?_fields=id, email,nothing", {"id": "user_a", "email": "user_a@example.com"}),
        ("me/?_fields=", {}),
    ],
)
def test_only_the_fields_asked_for_are_given(api: Api, path: str, expected: dict[str, Any]) -> None:
    assert api.get(path).get_json() == expected


def test_a_removed_user_without_name_and_address_is_listed() -> None:
    office = Memory(organization=[{"id": "orga_1", "name": "Acme", "inactive_memberships": [{"user_id": "user_x"}]}])
    for user in ("user_x", "user_met"):
        office.add("user_account", id=user, present=0)
    listed = Api(office).get("organization/orga_1/").get_json()["inactive_memberships"]
    assert [member["user_id"] for member in listed] == ["user_x"]
