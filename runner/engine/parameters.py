"""The parameters of a GET, read like the fields of a body."""

from __future__ import annotations

from collections.abc import Collection

from werkzeug import Request

from runner.engine import accounts
from runner.engine.accounts import Account
from runner.engine.fields import Fields
from runner.engine.inquiry import Backend


def read(request: Request, names: Collection[str]) -> Fields:
    """The parameters with these names. A blank value counts as absent; a parameter that is given twice is refused."""
    known = ((name, values) for name, values in request.args.lists() if name in names)
    said = {name: [value for value in values if value.strip()] for name, values in known}
    fields = Fields({name: values[0] for name, values in said.items() if values})
    for name, values in said.items():
        if len(values) > 1:
            fields.refuse(name, "Give it once.")
    return fields


def user(said: Fields, backend: Backend) -> Account | None:
    """The user that ``user_id`` names, present or removed; an unknown one is refused."""
    if not said.has("user_id"):
        return None
    identity = said.text("user_id")
    found = next((each for each in accounts.read(backend) if each.id == identity), None)
    if found is None and said.sound("user_id"):
        said.refuse("user_id", f"Unknown user: {identity[:40]}.")
    return found
