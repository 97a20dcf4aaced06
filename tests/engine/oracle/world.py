"""The objects of a dump as the rules see them: copies resolved, users and statuses in order, histories clamped.

``World(dump)`` takes the rows a dump is written from, and gives

- ``leads``, ``opportunities``, ``contacts``: ID -> row as in the dump, of the copy that counts, with ``lead_id``
  settled (null where that lead is not in the dump); ``activities``: such rows, of all types;
- ``of("Call")``: the activities of one type; ``holders(rows)``: the IDs of the leads of rows, without null;
- ``users``: ``User``s in the organization's order; ``user_order``: ID -> its place;
- ``lead_statuses``, ``opportunity_statuses``: ``Status``es in the organization's order, deleted ones last;
- ``stages``: ID -> ``Status`` of an opportunity status; ``pipeline_of(opportunity)``: ID of its own
  pipeline, else as ``placed_in(opportunity)``, that of its present status;
- ``history["lead", ID]``, ``history["opportunity", ID]``: ``Step``s in order, the first being the creation; the steps
  of several changes at one moment all stay; empty where the object never had a status;
- ``at(steps, moment)``: the status after all steps up to and with that moment, else None;
- ``custom(kind, row)``: the values of a row's custom fields, ``field -> [value, ...]`` (lists taken apart, nulls left
  out), where ``field`` is a name of the dump; ``field_of(kind, spelling)``: the field a spelling means, else None;
- ``status_type(opportunity)``, ``annualized(opportunity)``, ``closed(opportunity, "won", minutes)``.

Moments are microseconds since 1970, UTC: ``moment(text)`` (a plain date is UTC midnight), ``happened(row)``,
``sent(row)``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Dump = dict[str, list[Row]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
OWN_DATE = {"Email": "date_sent", "SMS": "date_sent", "Meeting": "starts_at"}
NESTED = {"contacts": "contact", "opportunities": "opportunity", "activities": "activity"}


@dataclass(frozen=True)
class User:
    id: str
    display: str
    present: bool


@dataclass(frozen=True)
class Status:
    id: str
    label: str | None
    is_deleted: bool
    type: str | None = None
    pipeline: str | None = None


@dataclass(frozen=True)
class Step:
    """Going into ``status`` from ``previous``, which is null for the creation."""

    at: int
    status: str
    previous: str | None


def moment(text: str) -> int:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).__sub__(EPOCH) // timedelta(microseconds=1)


def is_day(text: str) -> bool:
    return len(text) == len("2026-10-25")


def happened(row: Row) -> int:
    dates = (row.get("activity_at"), row.get(OWN_DATE.get(row["_type"], "")), row.get("date_created"))
    return moment(next(date for date in dates if date))


def sent(row: Row) -> int:
    """When an e-mail or SMS was sent: by the sent date, else when it happened."""
    return moment(row["date_sent"]) if row.get("date_sent") else happened(row)


def at(steps: Iterable[Step], when: int) -> str | None:
    found = None
    for step in steps:
        if step.at <= when:
            found = step.status
    return found


def annualized(opportunity: Row) -> int:
    return (opportunity.get("value") or 0) * (12 if opportunity.get("value_period") == "monthly" else 1)


def chosen(copies: Iterable[tuple[Row, str | None]]) -> dict[str, Row]:
    """Of the copies of each object, with the lead they lie in, the one that counts; ``lead_id`` filled in."""

    def rank(copy: tuple[Row, str | None]) -> tuple[Any, ...]:
        row, parent = copy
        updated = row.get("date_updated")
        canonical = json.dumps(row, sort_keys=True, ensure_ascii=False)
        return updated is not None, moment(updated) if updated else 0, canonical, parent or ""

    best: dict[str, tuple[Row, str | None]] = {}
    for copy in copies:
        identity = copy[0]["id"]
        best[identity] = max(best.get(identity, copy), copy, key=rank)
    return {identity: {**row, "lead_id": row.get("lead_id") or parent} for identity, (row, parent) in best.items()}


class World:
    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.organization = dump["organization"][0]
        self.leads = chosen((row, None) for row in dump["lead"])
        self.contacts = self._settled("contacts")
        self.opportunities = self._settled("opportunities")
        self.activities = list(self._settled("activities").values())
        self.users = [*self._present(), *self._removed()]
        self.user_order = {user.id: place for place, user in enumerate(self.users)}
        self.lead_statuses = self._statuses("Lead", self._listed_lead_statuses(), self.leads)
        self.opportunity_statuses = self._statuses("Opportunity", self._listed_stages(), self.opportunities)
        self.stages = {status.id: status for status in self.opportunity_statuses}
        self.history = dict(self._histories())
        self._fields = {kind: self._spellings(kind) for kind in ("lead", "contact", "opportunity")}

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.activities if row["_type"] == kind]

    def holders(self, rows: Iterable[Row]) -> set[str]:
        return {row["lead_id"] for row in rows if row["lead_id"] is not None}

    def pipeline_of(self, opportunity: Row) -> str | None:
        own: str | None = opportunity.get("pipeline_id")
        return self.placed_in(opportunity) if own is None else own

    def placed_in(self, opportunity: Row) -> str | None:
        status = self.stages.get(opportunity.get("status_id") or "")
        return status.pipeline if status else None

    def status_type(self, opportunity: Row) -> str | None:
        status = self.stages.get(opportunity.get("status_id") or "")
        return opportunity.get("status_type") or (status.type if status else None)

    def closed(self, opportunity: Row, result: str, offset: int) -> int | None:
        """When it was ``won`` or ``lost``; a plain date is the midnight of a clock ``offset`` minutes east of UTC."""
        said = opportunity.get(f"date_{result}")
        if said is not None:
            return moment(said) - (offset * MINUTE if is_day(said) else 0)
        if result == "won":
            return None
        steps = self.history["opportunity", opportunity["id"]]
        return max((step.at for step in steps if self.stages[step.status].type == "lost"), default=None)

    # ---- objects

    def _settled(self, key: str) -> dict[str, Row]:
        nested = [(row, lead["id"]) for lead in self.dump["lead"] for row in lead.get(key) or []]
        flat = [(row, None) for row in self.dump.get(NESTED[key]) or []]
        rows = chosen([*nested, *flat])
        return {
            identity: {**row, "lead_id": row["lead_id"] if row["lead_id"] in self.leads else None}
            for identity, row in rows.items()
        }

    # ---- people

    def _present(self) -> Iterator[User]:
        listed = {row["id"]: row for row in self.dump["user"]}
        for member in self.organization.get("memberships") or []:
            name, email = member.get("user_full_name"), member.get("user_email")
            listed.setdefault(member["user_id"], {"id": member["user_id"], "first_name": name, "email": email})
        for row in sorted(
            listed.values(), key=lambda u: (u.get("last_name") or "", u.get("first_name") or "", u["id"])
        ):
            name = " ".join(row[key] for key in ("first_name", "last_name") if row.get(key))
            yield User(row["id"], name or row.get("email") or row["id"], present=True)

    def _removed(self) -> list[User]:
        named = {row["user_id"]: row for row in self.organization.get("inactive_memberships") or []}
        met = {row.get("created_by") for row in (*self.leads.values(), *self.opportunities.values())}
        met |= {row.get("user_id") for row in (*self.opportunities.values(), *self.activities)}
        gone = {*named, *(user for user in met if user)} - {user.id for user in self._present()}
        rows = sorted((named.get(user, {}).get("user_full_name") or "", user) for user in gone)
        emails = {user: row.get("user_email") for user, row in named.items()}
        return [User(user, name or emails.get(user) or user, present=False) for name, user in rows]

    # ---- statuses and histories

    def _listed_lead_statuses(self) -> list[Status]:
        return [Status(row["id"], row.get("label"), row.get("is_deleted") is True) for row in self.dump["lead_status"]]

    def _listed_stages(self) -> list[Status]:
        return [
            Status(row["id"], row.get("label"), row.get("is_deleted") is True, row.get("type"), pipeline["id"])
            for pipeline in self.dump["pipeline"]
            for row in pipeline.get("statuses") or []
        ]

    def _statuses(self, kind: str, listed: list[Status], objects: dict[str, Row]) -> list[Status]:
        """The listed ones, then those met only in changes and objects: by label, then ID."""
        known = {status.id for status in listed}
        met: dict[str, Status] = {}
        changes = self.of(f"{kind}StatusChange")
        for rows, prefix in ((changes, "old_"), (changes, "new_"), (list(objects.values()), "")):
            for row in rows:
                identity = row.get(f"{prefix}status_id")
                if identity and identity not in known:
                    label, type_ = row.get(f"{prefix}status_label"), row.get(f"{prefix}status_type")
                    before = met.get(identity, Status(identity, None, is_deleted=True))
                    label = label if before.label is None else before.label
                    met[identity] = Status(identity, label, is_deleted=True, type=before.type or type_)
        return [*listed, *sorted(met.values(), key=lambda status: (status.label or "", status.id))]

    def _histories(self) -> Iterator[tuple[tuple[str, str], list[Step]]]:
        for kind, objects, owner in (
            ("lead", self.leads, "lead_id"),
            ("opportunity", self.opportunities, "opportunity_id"),
        ):
            changes: dict[str, list[Row]] = {}
            for row in self.of(f"{kind.title()}StatusChange"):
                if row.get("new_status_id"):
                    changes.setdefault(row.get(owner) or "", []).append(row)
            for identity, row in objects.items():
                yield (kind, identity), list(_steps(row, changes.get(identity, [])))

    # ---- custom fields

    def field_of(self, kind: str, spelling: str) -> str | None:
        """The field that a spelling (what stands after ``custom.``) means, upper and lower case told apart."""
        return self._fields[kind].get(spelling)

    def custom(self, kind: str, row: Row) -> dict[str, list[Any]]:
        found: dict[str, Any] = {}
        for name, value in (row.get("custom") or {}).items():
            if value is not None:
                found[self._fields[kind][name]] = value
        for key, value in row.items():
            if key.startswith("custom.") and value is not None:
                found[self._fields[kind][key.removeprefix("custom.")]] = value
        apart = {name: value if isinstance(value, list) else [value] for name, value in found.items()}
        return {name: [each for each in values if each is not None] for name, values in apart.items()}

    def _spellings(self, kind: str) -> dict[str, str]:
        """Spelling -> field; a listed field is found under its ID and its name, another one where it has a value."""
        found: dict[str, str] = {}
        for row in self.dump.get("custom_field") or []:
            if (row.get("object") or "lead") == kind:
                name = row.get("name") or row["id"]
                found[row["id"]] = found[name] = name
        rows = {"lead": self.leads, "contact": self.contacts, "opportunity": self.opportunities}[kind]
        for row in rows.values():
            flat = {key.removeprefix("custom."): row[key] for key in row if key.startswith("custom.")}
            for key, value in (*(row.get("custom") or {}).items(), *flat.items()):
                if value is not None:
                    found.setdefault(key, key)
        return found


def _steps(row: Row, changes: list[Row]) -> Iterator[Step]:
    """An object's history: changes by their own date, then ID, then moved to the creation; no change of nothing."""
    created = moment(row["date_created"])
    ordered = sorted(changes, key=lambda change: (happened(change), change["id"]))
    status = row.get("status_id")
    if ordered:
        status = ordered[0].get("old_status_id") or ordered[0]["new_status_id"]
    if status is None:
        return
    yield Step(created, status, None)
    for change in ordered:
        if change["new_status_id"] != status:
            yield Step(max(happened(change), created), change["new_status_id"], status)
            status = change["new_status_id"]
