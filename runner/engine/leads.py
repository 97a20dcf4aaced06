"""Leads, searched and one by one, as the API serves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from werkzeug import Response
from werkzeug.exceptions import NotFound

from runner.engine import accounts, moments, query, replies, resources
from runner.engine.inquiry import Backend, Inquiry, lookup
from runner.engine.problems import ValidationError
from runner.engine.query import literal
from runner.engine.resources import Object

_AT_ONCE = 1000
"""Leads that one statement looks at."""


def leads(inquiry: Inquiry) -> Response:
    """``GET lead/``: the leads that match ``query``, by ID, a page of them, and how many there are."""
    skip, limit = resources.whole(inquiry, "_skip", 0), resources.whole(inquiry, "_limit", resources.PAGE)
    try:
        matching = query.select(inquiry.request.args.get("query", ""), query.Catalog.read(inquiry))
    except query.QueryError as problem:
        raise ValidationError(fields={"query": str(problem)}) from None
    found = sorted(inquiry.backend.execute(f"SELECT x.id, x.no FROM lead x WHERE x.no IN ({matching})"))
    page = _objects(inquiry.backend, [no for _, no in found[skip : skip + limit]])
    shown = resources.shown(inquiry)
    more = skip + limit < len(found)
    return replies.json({"data": list(map(shown, page)), "has_more": more, "total_results": len(found)})


def lead(inquiry: Inquiry, identity: str) -> Response:
    """``GET lead/ID/``: one lead."""
    try:
        named = literal.text(identity)
    except ValueError:
        named = "''"  # no lead has such an ID, and none has an empty one
    found = inquiry.backend.execute(f"SELECT x.no FROM lead x WHERE x.id = {named}")
    if not found:
        raise NotFound(f"There is no '{identity[:40]}' here.")
    return replies.json(resources.shown(inquiry)(*_objects(inquiry.backend, [no for (no,) in found])))


def _objects(backend: Backend, wanted: Sequence[int]) -> Iterator[Object]:
    """The leads with these numbers, in this order, as they are served."""
    users = {user.no: user.id for user in accounts.read(backend)}
    statuses = {no: (id_, label) for no, id_, label in lookup(backend, "SELECT no, id, label FROM lead_status")}
    for first in range(0, len(wanted), _AT_ONCE):
        numbers = wanted[first : first + _AT_ONCE]
        listed = ", ".join(f"{no:d}" for no in numbers)
        sql = f"SELECT no, id, name, status, created, created_by FROM lead WHERE no IN ({listed})"
        rows = {row[0]: row[1:] for row in backend.execute(sql)}
        custom = _custom(backend, listed)
        for no in numbers:
            identity, name, status, created, created_by = rows[no]
            status_id, status_label = statuses.get(status, (None, None))
            yield {
                "id": identity,
                "display_name": name,
                "name": name,
                "status_id": status_id,
                "status_label": status_label,
                "date_created": None if created is None else moments.text(created, 0),
                "created_by": users.get(created_by),
            } | custom.get(no, {})


def _custom(backend: Backend, listed: str) -> dict[int, Object]:
    """Lead -> its custom fields: a value, or a list where there are several, in the order of their text."""
    rows = backend.execute(
        "SELECT v.owner, f.name, v.kind, v.text, v.number FROM custom_value v JOIN custom_field f ON f.no = v.field "
        f"WHERE v.object = 'lead' AND v.owner IN ({listed})"
    )
    found: dict[int, dict[str, list[Any]]] = {}
    for owner, name, kind, text, number in sorted(rows, key=lambda row: row[:4]):
        found.setdefault(owner, {}).setdefault(f"custom.{name}", []).append(_value(kind, text, number))
    return {
        owner: {key: held[0] if len(held) == 1 else held for key, held in fields.items()}
        for owner, fields in found.items()
    }


def _value(kind: str, text: str, number: float | None) -> object:
    if kind == "boolean":
        return text == "true"
    if number is None:
        return text
    return int(number) if number.is_integer() else number
