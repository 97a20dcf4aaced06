"""Look-ups: who and what there is in the organization, with the fields and in the order the API documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from werkzeug import Response
from werkzeug.exceptions import NotFound

from runner.engine import accounts, replies
from runner.engine.accounts import Account
from runner.engine.inquiry import Inquiry, lookup
from runner.engine.problems import ValidationError

Object: TypeAlias = dict[str, Any]

PAGE = 100
"""Objects on a page where ``_limit`` says nothing else."""

CUSTOMIZED = ("lead", "contact", "opportunity")
"""The objects that have custom fields."""

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_GROUP = ("id", "name")
_SAVED_SEARCH = ("id", "name", "type", "query", "s_query")
_TEMPLATE = ("id", "name", "is_shared")
_STATUS = ("id", "label", "type")


def me(inquiry: Inquiry) -> Response:
    """``GET me/``: the first user, with the organization."""
    present = _present(inquiry)
    if not present:
        raise NotFound("This organization has no user.")
    organization = _pick(inquiry.organization(), ("id", "name"))
    return _one(inquiry, _user(present[0]) | {"organizations": [organization]})


def organization(inquiry: Inquiry) -> Response:
    """``GET organization/ID/``: its present and its removed users.

    Users met only in objects, without a name or an e-mail, are no members of either kind.
    """
    people, own = accounts.read(inquiry.backend), inquiry.organization()
    former = {member.get("user_id") for member in own.get("inactive_memberships") or []}
    members = [_member(user) for user in people if user.present]
    gone = [user for user in people if not user.present]
    removed = [_member(user) for user in gone if user.id in former or user.full_name or user.email]
    named = _pick(own, ("id", "name"))
    return _one(inquiry, named | {"memberships": members, "inactive_memberships": removed})


def users(inquiry: Inquiry) -> Response:
    """``GET user/``: the present users by last name, first name, ID."""
    return _page(inquiry, map(_user, _present(inquiry)))


def user(inquiry: Inquiry, identity: str) -> Response:
    """``GET user/ID/``: a present user."""
    return _one(inquiry, _found(map(_user, _present(inquiry)), identity))


def groups(inquiry: Inquiry) -> Response:
    """``GET group/``: the groups by name, without their members."""
    return _page(inquiry, (_pick(group, _GROUP) for group in _named(inquiry, "group")))


def group(inquiry: Inquiry, identity: str) -> Response:
    """``GET group/ID/``: a group with its members."""
    found = _found(inquiry.backend.resources("group"), identity)
    members = [{"user_id": member.get("user_id")} for member in found.get("members") or []]
    return _one(inquiry, _pick(found, _GROUP) | {"members": members})


def saved_searches(inquiry: Inquiry) -> Response:
    """``GET saved_search/``: the smart views by name; those for leads unless ``type__in`` names other types."""
    types = inquiry.request.args.get("type__in", "lead").split(",")
    listed = map(_saved_search, _named(inquiry, "saved_search"))
    return _page(inquiry, (search for search in listed if search["type"] in types))


def saved_search(inquiry: Inquiry, identity: str) -> Response:
    """``GET saved_search/ID/``: a smart view of any type."""
    return _one(inquiry, _saved_search(_found(inquiry.backend.resources("saved_search"), identity)))


def pipelines(inquiry: Inquiry) -> Response:
    """``GET pipeline/``: the pipelines with their statuses, both in the organization's order."""
    listed = (
        _pick(pipeline, ("id", "name"))
        | {"statuses": [_pick(status, _STATUS) for status in pipeline.get("statuses") or []]}
        for pipeline in inquiry.backend.resources("pipeline")
    )
    return _page(inquiry, listed, says_more=False)


def lead_statuses(inquiry: Inquiry) -> Response:
    """``GET status/lead/``: the lead statuses that are not deleted, in the organization's order."""
    rows = lookup(inquiry.backend, "SELECT no, id, label FROM lead_status WHERE is_deleted = 0")
    return _page(inquiry, ({"id": identity, "label": label} for _, identity, label in sorted(rows)))


def opportunity_statuses(inquiry: Inquiry) -> Response:
    """``GET status/opportunity/``: those of all pipelines that are not deleted, in the organization's order."""
    rows = lookup(inquiry.backend, "SELECT no, id, label, type FROM opportunity_status WHERE is_deleted = 0")
    return _page(inquiry, (dict(zip(_STATUS, row, strict=True)) for _, *row in sorted(rows)))


def email_templates(inquiry: Inquiry) -> Response:
    """``GET email_template/``: the templates by name."""
    return _page(inquiry, (_pick(template, _TEMPLATE) for template in _named(inquiry, "email_template")))


def custom_fields(inquiry: Inquiry, kind: str) -> Response:
    """``GET custom_field/KIND/``: the custom fields of leads, contacts or opportunities by name, then ID.

    One that the organization does not list, known by its values only, has its spelling as its ID.
    """
    return _page(
        inquiry, ({"id": each["id"], "name": each["name"], "type": each["type"]} for each in _fields(inquiry, kind))
    )


def custom_field_schema(inquiry: Inquiry, kind: str) -> Response:
    """``GET custom_field_schema/KIND/``: the same on one page, with whether other objects have the field too."""
    return replies.json({"object_type": kind, "fields": _fields(inquiry, kind)})


def _fields(inquiry: Inquiry, kind: str) -> list[Object]:
    if kind not in CUSTOMIZED:
        raise NotFound(f"Custom fields belong to {', '.join(CUSTOMIZED)}.")
    rows = lookup(inquiry.backend, "SELECT object, name, id, type FROM custom_field")
    objects = Counter(identity for _, _, identity, _ in rows if identity is not None)
    return [
        {"id": identity, "name": name, "type": type_, "is_shared": objects[identity] > 1}
        for name, identity, type_ in sorted((name, own or name, type_) for of, name, own, type_ in rows if of == kind)
    ]


def _present(inquiry: Inquiry) -> list[Account]:
    return [account for account in accounts.read(inquiry.backend) if account.present]


def _user(account: Account) -> Object:
    return {
        "id": account.id,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "email": account.email,
    }


def _member(account: Account) -> Object:
    return {"user_id": account.id, "user_full_name": account.display, "user_email": account.email}


def _saved_search(stored: Mapping[str, Any]) -> Object:
    return _pick(stored, _SAVED_SEARCH) | {"type": stored.get("type") or "lead"}


def _named(inquiry: Inquiry, kind: str) -> list[Object]:
    """The objects of a kind by name, then ID."""
    return sorted(inquiry.backend.resources(kind), key=lambda each: (each.get("name") or "", each["id"]))


def _pick(stored: Mapping[str, Any], keys: Iterable[str]) -> Object:
    return {key: stored.get(key) for key in keys}


def _found(objects: Iterable[Object], identity: str) -> Object:
    for each in objects:
        if each.get("id") == identity:
            return each
    raise NotFound(f"There is no '{identity[:40]}' here.")


def _one(inquiry: Inquiry, found: Object) -> Response:
    return replies.json(shown(inquiry)(found))


def _page(inquiry: Inquiry, objects: Iterable[Object], *, says_more: bool = True) -> Response:
    """The page of a list that ``_skip`` and ``_limit`` name."""
    skip, limit = whole(inquiry, "_skip", 0), whole(inquiry, "_limit", PAGE)
    listed = list(objects)
    page: Object = {"data": list(map(shown(inquiry), listed[skip : skip + limit]))}
    return replies.json(page | {"has_more": skip + limit < len(listed)} if says_more else page)


def whole(inquiry: Inquiry, parameter: str, default: int) -> int:
    """A whole number from 0 on that the request gives as a parameter."""
    said = inquiry.request.args.get(parameter)
    if said is None:
        return default
    if not _WHOLE.fullmatch(said):
        raise ValidationError(fields={parameter: f"'{said[:40]}' is not a whole number from 0 on."})
    return int(said)


def shown(inquiry: Inquiry) -> Callable[[Object], Object]:
    """Leaves of an object the keys ``_fields`` names, all of them where it is absent."""
    said = inquiry.request.args.get("_fields")
    if said is None:
        return lambda each: each
    keys = {key.strip() for key in said.split(",")}
    return lambda each: {key: value for key, value in each.items() if key in keys}
