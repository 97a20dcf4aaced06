"""The names that searches use, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from runner.engine import accounts
from runner.engine.accounts import Account
from runner.engine.inquiry import Backend, Inquiry, kept


class Named(NamedTuple):
    """An object that is found by its ID or by its name."""

    no: int
    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of an ``object`` (lead, contact, opportunity), as the layout lists it."""

    no: int
    object: str
    name: str
    id: str | None
    type: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """What there is in the organization, the instant ``now`` (microseconds UTC) and the ``offset`` (minutes east).

    ``searches`` has the saved searches by ID, ``dispositions`` every spelling that calls have.
    """

    users: tuple[Account, ...]
    lead_statuses: tuple[Named, ...]
    opportunity_statuses: tuple[Named, ...]
    pipelines: tuple[Named, ...]
    templates: tuple[Named, ...]
    custom_fields: tuple[CustomField, ...]
    searches: Mapping[str, Mapping[str, Any]]
    dispositions: tuple[str, ...]
    now: int
    offset: int

    @classmethod
    def read(cls, inquiry: Inquiry) -> Catalog:
        """The catalog of the inquiry's data."""
        return cls(**_lists(inquiry.backend), now=inquiry.now, offset=inquiry.offset)

    def user_numbers(self, said: str) -> list[int]:
        """The user with that ID; where there is none, those with that display name in any case."""
        exact = [user.no for user in self.users if user.id == said]
        return exact or [user.no for user in self.users if user.display.lower() == said.lower()]

    def custom(self, kind: str, said: str) -> list[CustomField]:
        """The custom fields of an object with that ID or name; where there is none, those with it in another case."""
        known = [field for field in self.custom_fields if field.object == kind]
        exact = [field for field in known if said in (field.id, field.name)]
        return exact or [field for field in known if field.name.lower() == said.lower()]


@kept
def _lists(backend: Backend) -> dict[str, Any]:
    """All of a catalog but the instant and the offset."""
    templates = {each["id"]: each.get("name") for each in backend.resources("email_template")}
    pipelines = {each.id: each.name for each in _named(backend, "SELECT no, id, name FROM pipeline")}
    said = backend.execute("SELECT disposition FROM call WHERE disposition IS NOT NULL GROUP BY disposition")
    return {
        "users": accounts.read(backend),
        "lead_statuses": _named(backend, "SELECT no, id, label FROM lead_status"),
        "opportunity_statuses": _named(backend, "SELECT no, id, label FROM opportunity_status"),
        "pipelines": _known(backend, pipelines, "opportunity", "pipeline"),
        "templates": _known(backend, templates, "email", "template"),
        "custom_fields": _custom_fields(backend),
        "searches": {each["id"]: each for each in backend.resources("saved_search")},
        "dispositions": tuple(sorted(text for (text,) in said)),
    }


def matching(among: Sequence[Named], said: str) -> list[Named]:
    """The one with that ID; where there is none, those with that name in any case."""
    exact = [each for each in among if each.id == said]
    return exact or [each for each in among if each.name is not None and each.name.lower() == said.lower()]


def numbers(among: Sequence[Named], said: str) -> list[int]:
    """The numbers of those that match."""
    return [each.no for each in matching(among, said)]


def _named(backend: Backend, sql: str) -> tuple[Named, ...]:
    return tuple(Named(*row) for row in sorted(backend.execute(sql)))


def _known(backend: Backend, known: Mapping[str, str | None], table: str, column: str) -> tuple[Named, ...]:
    """What the organization lists, with its names, then what only a column of IDs tells of."""
    used = backend.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}")
    names = {identity: known.get(identity) for identity in (*known, *sorted(identity for (identity,) in used))}
    return tuple(Named(no, identity, name) for no, (identity, name) in enumerate(names.items()))


def _custom_fields(backend: Backend) -> tuple[CustomField, ...]:
    rows = backend.execute("SELECT no, object, name, id, type FROM custom_field")
    return tuple(CustomField(*row) for row in sorted(rows, key=lambda row: int(row[0])))
