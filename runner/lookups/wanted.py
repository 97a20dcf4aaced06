"""The names in a definition that stand for IDs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from runner.model import Job, Path, Spec

ME = "me"
"""The user whose key it is: another one for everybody who runs a definition, so it is never pinned."""

GROUP = "group:"

FIELDS = ("x", "y", "group_by")
"""Settings that name a field as ``object.field``."""

WITHOUT_ORGANIZATION = frozenset({"activity"})
"""Endpoints whose requests do not name the organization: the others have its ID in a path, or look its members up."""


class Kind(Enum):
    """What a name can be of, as messages call it."""

    USER = "user"
    GROUP = "group"
    SMART_VIEW = "smart view"
    PIPELINE = "pipeline"
    LEAD_FIELD = "lead custom field"
    OPPORTUNITY_FIELD = "opportunity custom field"

    @property
    def rule(self) -> str:
        """The kind inside the name of a rule: ``smart-view``."""
        return self.value.replace(" ", "-")


Key = tuple[Kind, str]
"""What is looked up and pinned: the same for the same name, wherever it stands."""

CUSTOM_FIELDS = {"lead.custom.": Kind.LEAD_FIELD, "opportunity.custom.": Kind.OPPORTUNITY_FIELD}

_IDS = {
    Kind.USER: re.compile("user_[A-Za-z0-9]+"),
    Kind.GROUP: re.compile("group_[A-Za-z0-9]+"),
    Kind.SMART_VIEW: re.compile("save_[A-Za-z0-9]+"),
    Kind.PIPELINE: re.compile("pipe_[A-Za-z0-9]+"),
    Kind.LEAD_FIELD: re.compile("cf_[A-Za-z0-9]+"),
    Kind.OPPORTUNITY_FIELD: re.compile("cf_[A-Za-z0-9]+"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the place where it stands. ``text`` is without ``group:`` and ``lead.custom.``.

    ``members`` says whether a group's members are asked for one by one.
    """

    kind: Kind
    text: str
    path: Path
    members: bool = False

    @property
    def key(self) -> Key:
        """What to look up."""
        return self.kind, self.text


def names(spec: Spec) -> tuple[Name, ...]:
    """Every name of the definition that needs a look-up, once for each place; IDs need none.

    A group's ID does where its members are needed: activity reports take users only.
    """
    return tuple(dict.fromkeys(name for job in spec.jobs for name in _names(job) if name.members or not _is_id(name)))


def needs_organization(spec: Spec) -> bool:
    """Whether a request of the definition has the organization's ID in its path: its members' list has."""
    return bool(spec.for_each) or any(job.endpoint not in WITHOUT_ORGANIZATION for job in spec.jobs)


def expands(job: Job) -> bool:
    """Whether the job asks for the members of its groups, not for the groups."""
    return job.endpoint == "activity"


def user(said: str) -> Key:
    """A user, or a group, as it may stand in ``users``."""
    if said.startswith(GROUP):
        return Kind.GROUP, said.removeprefix(GROUP).strip()
    return Kind.USER, said


def field(said: str) -> Key | None:
    """The custom field that ``object.custom.NAME`` names; None for any other field."""
    for prefix, kind in CUSTOM_FIELDS.items():
        if said.startswith(prefix):
            return kind, said.removeprefix(prefix)
    return None


def _names(job: Job) -> Iterator[Name]:
    settings, places = job.settings, job.places
    users, query = settings.get("users"), settings.get("query")
    for index, said in enumerate(users if isinstance(users, list) else ()):
        kind, text = user(str(said))
        yield Name(kind, text, (*places["users"], index), members=kind is Kind.GROUP and expands(job))
    if isinstance(query, dict) and "smart_view" in query:
        yield Name(Kind.SMART_VIEW, str(query["smart_view"]), (*places["query"], "smart_view"))
    if "pipeline" in settings:
        yield Name(Kind.PIPELINE, str(settings["pipeline"]), places["pipeline"])
    for key in FIELDS:
        if custom := field(str(settings.get(key, ""))):
            yield Name(*custom, places[key])


def _is_id(name: Name) -> bool:
    return _IDS[name.kind].fullmatch(name.text) is not None
