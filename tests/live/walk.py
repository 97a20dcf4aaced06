"""Every endpoint asked once, through our own client, with the queries our own endpoints make."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from runner import endpoints, source, spec
from runner.client import Client, Heard, Tried, hints
from runner.client.hints import Rate
from runner.endpoints.activity import METRICS
from runner.errors import ServiceError
from runner.lookups import directory
from runner.lookups.wanted import Kind
from runner.model import Query, Shape
from runner.spec.schema import metrics
from tests.live.contract import DOCUMENTED, OURS, activity
from tests.live.structure import Structure, compare

ASKED = 20
"""Metrics asked of the activity reports."""

DEFINITION = """\
title: Live
defaults: {{range: last-month}}
jobs:
  overview: {{endpoint: activity, type: overview, metrics: {metrics}}}
  comparison: {{endpoint: activity, type: comparison, metrics: {metrics}}}
  templates: {{endpoint: sent_emails}}
  leads: {{endpoint: statuses/lead}}
  opportunities: {{endpoint: statuses/opportunity}}
  explorer: {{endpoint: custom, x: lead.date_created, y: lead.count, interval: week}}
"""
FUNNELS = """\
  totals: {{endpoint: funnel/opportunity/totals, pipeline: {pipeline}, type: active-stage-cohort}}
  stages: {{endpoint: funnel/opportunity/stages, pipeline: {pipeline}, type: active-stage-cohort}}
"""


@dataclass(slots=True)
class Heedful:
    """Hears of each attempt; keeps the status and the rate limit of the last."""

    status: str = ""
    rate: Rate | None = None

    def __call__(self, heard: Heard) -> None:
        """The client's listener."""
        if isinstance(heard, Tried):
            self.status = heard.came if heard.came.isdecimal() else "no answer"
            self.rate = hints.rate(heard.headers)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one endpoint. ``structure`` is None without a usable answer; ``reason`` says why, with values."""

    endpoint: str
    status: str
    structure: Structure | None
    rate: Rate | None
    seconds: float
    reason: str = ""

    @property
    def sound(self) -> bool:
        """Whether everything expected was there."""
        return self.structure.sound if self.structure else self.endpoint in OURS and self.status == "404"


@dataclass(slots=True)
class Walk:
    """The endpoints seen so far, and the keys of the organization's metrics."""

    client: Client
    heedful: Heedful
    seen: list[Seen] = field(default_factory=list)
    metrics: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every endpoint that could be asked was as expected."""
        return all(one.sound for one in self.seen)

    @property
    def unasked(self) -> list[str]:
        """The endpoints that need something which the organization has none of."""
        return [endpoint for endpoint in DOCUMENTED if endpoint not in {one.endpoint for one in self.seen}]

    def ask(self, endpoint: str, query: Query, *more: Shape) -> Any:
        """The answer, its structure noted; None where there is none."""
        self.heedful.status, self.heedful.rate = "no answer", None
        began = time.monotonic()
        try:
            data = self.client.ask(replace(query, expect={})).data
        except ServiceError as error:
            self._note(endpoint, None, began, str(error))
            return None
        self._note(endpoint, compare(data, *more, query.expect, DOCUMENTED[endpoint]), began)
        return data

    def _note(self, endpoint: str, structure: Structure | None, began: float, reason: str = "") -> None:
        seconds = time.monotonic() - began
        self.seen.append(Seen(endpoint, self.heedful.status, structure, self.heedful.rate, seconds, reason))


def everything(walk: Walk, as_of: datetime) -> None:
    """Ask every endpoint: who it is first, then what there is, then the reports of last month."""
    me = walk.ask("me/", directory.ME)
    if me is None:
        return
    organization = next((str(one["id"]) for one in _rows(me, "organizations")), "")
    people = directory.removed(organization)
    walk.ask("organization/ID/", people)
    walk.ask("user/", directory.page(directory.USERS, 0))
    found = {kind: walk.ask(query.path, directory.page(query, 0)) for kind, query in directory.LISTS.items()}
    for group in _rows(found[Kind.GROUP])[:1]:
        walk.ask("group/ID/", directory.group(str(group["id"])))
    for path in ("status/lead/", "status/opportunity/", "email_template/"):
        walk.ask(path, Query("GET", path, {}))
    listed = walk.ask("report/activity/metrics/", METRICS)
    walk.metrics = tuple(str(one["key"]) for one in _rows(listed, "metrics") if "key" in one)
    walk.ask("report/custom/fields/", Query("GET", "report/custom/fields/", {}))
    pipeline = next((str(one["id"]) for one in _rows(found[Kind.PIPELINE])), "")
    for endpoint, query, more in _reports(walk.metrics, pipeline, organization, as_of):
        walk.ask(endpoint, query, more)


def _reports(
    known: Iterable[str], pipeline: str, organization: str, as_of: datetime
) -> Iterator[tuple[str, Query, Shape]]:
    """Each report as a definition asks for it, and what more it has than is documented of all."""
    asked = [key for key in metrics() if key in set(known)][:ASKED] or list(metrics())[:ASKED]
    text = DEFINITION + (FUNNELS if pipeline else "")
    text = text.format(metrics=json.dumps(asked), pipeline=json.dumps(pipeline))
    made, _ = spec.read(source.read("live.yaml", text.encode()))
    plan = endpoints.plan(made, as_of, organization)
    for job in made.jobs:
        query = next(ask.query for ask in plan.asks if ask.job is job and ask.period is not None)
        path = query.path.replace(f"/{organization}/", "/ORG/")
        if job.endpoint == "activity":
            yield f"{path} ({job.settings['type']})", query, activity(asked)
        else:
            yield path, query, {}


def _rows(data: Any, key: str = "data") -> list[Any]:
    """The objects of a list in an answer that have an ID or a key; none where it is not as expected."""
    rows = data.get(key) if isinstance(data, dict) else None
    return [row for row in rows or [] if isinstance(row, dict) and (row.get("id") or row.get("key"))]
