"""The sample organization as a dump: what had happened at an instant, and how things stood then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from runner.engine.sample import catalog, chance, days, journey, profile, rates, words
from runner.engine.sample.diary import Event
from runner.engine.sample.journey import Lead
from runner.engine.sample.selling import Deal
from runner.engine.sample.team import EXECUTIVES, FOUNDED, SDRS, SEATS, Person, Team, holders
from runner.errors import RunnerError
from runner.model import Json

FIRST_YEAR = 2018

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def write(folder: Path, as_of: datetime, *, seed: int = 1, history: int = 400) -> None:
    """Write the sample organization into ``folder``, as it stood at ``as_of``: one ``.ndjson`` file per resource.

    Of the ``history`` days before ``as_of`` everything is there, with the leads born up to 120 days before them and
    all that ever happened to those. A day depends on the seed and its date alone: where two dumps both have all of
    it, they have the same. ``ValueError`` where ``as_of`` has no zone, ``RunnerError`` where it lies before 2018.
    """
    if as_of.tzinfo is None:
        raise ValueError("the sample organization needs an instant with a time zone")
    if as_of.year < FIRST_YEAR:
        raise RunnerError(f"The sample organization begins in {FIRST_YEAR}: it has no data as of {as_of:%Y-%m-%d}.")
    folder.mkdir(parents=True, exist_ok=True)
    until, today = days.seconds(as_of), as_of.astimezone(days.ZONE).toordinal()
    first = today - history - rates.LIFE_DAYS - 1
    team = Team(seed)
    people = [person for seat in range(len(SEATS)) for person in holders(seat, first, today)]
    present = [person for person in people if not person.until or person.until > today]
    resources: dict[str, list[dict[str, Json]]] = {
        "organization": [_organization(present, [person for person in people if person not in present])],
        "user": [_user(person) for person in present],
        "group": [_group(name, present) for name in (SDRS, EXECUTIVES)],
        "lead_status": catalog.lead_statuses(),
        "pipeline": catalog.pipelines(),
        "saved_search": catalog.saved_searches(),
        "email_template": catalog.email_templates(),
    }
    for name, rows in resources.items():
        _write_lines(folder / f"{name}.ndjson", rows)
    _write_leads(folder, _born(team, range(first, today + 1)), team, until, today)


def _write_lines(path: Path, rows: Iterable[dict[str, Json]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{_encode(row)}\n" for row in rows)


def _born(team: Team, span: range) -> Iterator[Lead]:
    return (journey.grow(team, day, index) for day in span for index in range(journey.births(team, day)))


def _write_leads(folder: Path, leads: Iterable[Lead], team: Team, until: int, today: int) -> None:
    with (folder / "activity.ndjson").open("w", encoding="utf-8", newline="\n") as activities:

        def rows() -> Iterator[dict[str, Json]]:
            for lead in leads:
                if lead.born < until:
                    seen = [event for event in lead.events if event.at < until]
                    activities.writelines(f"{_encode(_activity(event, until))}\n" for event in seen)
                    updated = max((event.at for event in seen), default=lead.born)
                    yield _lead(lead, team, until, today) | {"date_updated": days.iso(updated)}

        _write_lines(folder / "lead.ndjson", rows())


# ---- the organization ------------------------------------------------------------------------------------


def _organization(present: list[Person], removed: list[Person]) -> dict[str, Json]:
    return {
        "currency": "USD",
        "date_created": days.iso(days.noon(FOUNDED)),
        "id": catalog.ORGANIZATION_ID,
        "inactive_memberships": [_membership(person) for person in removed],
        "memberships": [_membership(person) for person in present],
        "name": words.ORGANIZATION,
    }


def _membership(person: Person) -> dict[str, Json]:
    return {"user_email": _address(person), "user_full_name": person.name, "user_id": person.id}


def _user(person: Person) -> dict[str, Json]:
    return {
        "date_created": days.iso(days.noon(person.since) - days.DAY // 2),
        "email": _address(person),
        "first_name": person.first_name,
        "id": person.id,
        "last_name": person.last_name,
        "organizations": [catalog.ORGANIZATION_ID],
    }


def _address(person: Person) -> str:
    return f"{profile.mailbox(person.first_name)}@example.com"


def _group(name: str, present: list[Person]) -> dict[str, Json]:
    members: list[Json] = [{"user_id": person.id} for person in present if SEATS[person.seat].team == name]
    return {"id": chance.identify("group", name), "members": members, "name": name}


# ---- as things stood -------------------------------------------------------------------------------------


def _activity(event: Event, until: int) -> dict[str, Json]:
    body = event.body
    match body["_type"]:
        case "Email":
            opens: list[Json] = [{"opened_at": days.iso(at)} for at in event.opens if at < until]
            return {**body, "has_reply": 0 < event.answered < until, "opens": opens}
        case "Meeting" if event.ends > until:
            return {**body, "status": "in-progress"}
    return body


def _lead(lead: Lead, team: Team, until: int, today: int) -> dict[str, Json]:
    status = [label for at, label in lead.statuses if at < until][-1]
    opportunities: list[Json] = [
        _opportunity(lead, deal, team, until, today) for deal in lead.deals if deal.moves[0].at < until
    ]
    return {
        "contacts": lead.profile.contacts,
        "created_by": lead.creator,
        "custom": lead.profile.custom,
        "date_created": days.iso(lead.born),
        "display_name": lead.profile.name,
        "id": lead.id,
        "name": lead.profile.name,
        "opportunities": opportunities,
        "status_id": catalog.LEAD_STATUSES[status],
        "status_label": status,
        "tasks": [],
    }


def _opportunity(lead: Lead, deal: Deal, team: Team, until: int, today: int) -> dict[str, Json]:
    last = [move for move in deal.moves if move.at < until][-1]
    stage = deal.pipeline.stages[last.stage]
    is_won, is_lost = stage.type == "won", stage.type == "lost"
    return {
        "confidence": 100 if is_won else 0 if is_lost else rates.CONFIDENCE[last.stage],
        "created_by": deal.creator,
        "date_created": days.iso(deal.moves[0].at),
        "date_lost": days.iso(last.at) if is_lost else None,
        "date_updated": days.iso(last.at),
        "date_won": days.date_text(last.day) if is_won else None,
        "id": deal.id,
        "lead_id": lead.id,
        "pipeline_id": deal.pipeline.id,
        "pipeline_name": deal.pipeline.name,
        "status_id": stage.id,
        "status_label": stage.label,
        "status_type": stage.type,
        # Who leaves takes the closed ones along; the open ones pass to whoever has the seat now.
        "user_id": team.holder(deal.seat, last.day if is_won or is_lost else today),
        "value": deal.value,
        "value_currency": "USD",
        "value_period": deal.period,
    }
