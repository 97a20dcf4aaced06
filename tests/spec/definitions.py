"""Definitions to start from, and hypothesis strategies that bend them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from runner import source, spec
from runner.errors import DefinitionError, Problem
from runner.model import Hook, Mailbox, Policy, Project, Shelves, Spec

CASES = Path(__file__).resolve().parent
GOOD = sorted((CASES / "good").glob("*.yaml"))
BAD = sorted((CASES / "bad").glob("*.yaml"))

PROJECT = Project(
    policy=Policy(
        recipients=("@example.com",),
        max_recipients=20,
        channels={
            "mail": Mailbox("mail", "smtp.example.com", "reports@example.com"),
            "room": Hook("room", "ROOM", "slack"),
            "board-room": Hook("board-room", "BOARD_ROOM", "slack"),
            "hook": Hook("hook", "HOOK", "webhook"),
            "site": Shelves("site", "public"),
        },
    )
)
"""A project that digests can be sent from: two channels of Slack, one of each other type."""

WORDS: list[Any] = [
    *("activity", "sent_emails", "custom", "statuses/lead", "funnel/opportunity/stages", "overview", "comparison"),
    *("last-week", "last-wek", "all-time", "last-7-days", "last-0-days", "2026-W47", "2026-W54", "2026-11-16", "2026"),
    *("previous", "same-days-last-year", "created-cohort", "active-stage-cohort", "sum", "month", "auto", "html"),
    *(
        "calls.outbound.all.count",
        "calls.count",
        "me",
        "group:SDR",
        "group: ",
        "",
        " ",
        "a\n",
        "last-week\n",
        "x" * 201,
    ),
    *(0, 1, 1.0, 2026, 2026.0, 1.5, True, False, None, [], {}, ["me"], ["me", "me"], [1, 1.0], [True, 1], [{}, {}]),
    *({"start": "2026-11-16", "end": "2026-11-23"}, {"start": 0, "end": 10}, {"search": "a"}, {"smart_view": "b"}),
    *(
        "08:00",
        "0 8 * * MON",
        "week",
        "quarter",
        "3d",
        "csv",
        "slack",
        "folder",
        "tls",
        "git",
        "mail",
        "changed",
        "skip",
    ),
    *(
        "talk",
        "every",
        "total",
        "25%",
        "-20%",
        "+5pp",
        "90 min",
        "calls.outbound.all.count / 2",
        "talk * (",
        "fraction",
    ),
    *("2026-11-26", "2026-02-30", "sunday", "team", "check_failed", "count"),
    *("user@example.com", "UTC", "America/New_York", "Nowhere", "en_US", "USD", "monday"),
]
KEYS = [
    *("title", "description", "timezone", "week_start", "locale", "currency", "defaults", "headline", "jobs", "output"),
    *("on_partial", "api_key_file", "ca_file", "cache", "limits", "attempts", "timeout", "wait", "in_flight"),
    *("formats", "deliver", "email", "to", "subject", "endpoint", "type", "metrics", "range", "compare", "users"),
    *("query", "smart_view", "search", "x", "y", "interval", "transform_y", "group_by", "bounds", "start", "end"),
    *("pipeline", "cohort", "owner", "tags", "Unknown", "unknown", "new\n"),
    *("profiles", "service", "base_url", "api_key_env", "data", "policy", "app_url", "recipients", "reports"),
    *("deliver", "on_failure", "when_empty", "send_if", "for_each", "schedule", "every", "on", "at", "cron", "via"),
    *("slack", "webhook", "folder", "attach", "thread", "max_catchup", "channels", "ledger", "store", "type", "host"),
    *("checks", "targets", "number", "row", "table", "min", "max", "change_min", "change_max", "not_null", "severity"),
    *("message", "goal", "per", "pacing", "label", "is", "unit", "working_days", "week", "holidays", "talk"),
    *("oauth", "client_id_env", "client_secret_env", "token_file", "token_url"),
]
VALUES = st.deferred(lambda: st.sampled_from(WORDS).map(copy.deepcopy))


def read(text: str, project: Project = PROJECT, file: str = "reports/weekly.yaml") -> Spec:
    """The definition in ``text``, which has no warnings."""
    made, warnings = spec.read(source.read(file, text.encode()), project)
    assert warnings == ()
    return made


def problems(text: str, project: Project = PROJECT) -> tuple[Problem, ...]:
    """What is wrong with a definition, or its warnings."""
    try:
        return spec.read(source.read("weekly.yaml", text.encode()), project)[1]
    except DefinitionError as error:
        return error.problems


def told(found: tuple[Problem, ...]) -> list[str]:
    """Places and rules."""
    return [f"{one.location.line}:{one.location.column} {one.rule}" for one in found]


def data(file: Path) -> Any:
    return source.read(file.name, file.read_bytes()).data


@st.composite
def bent(draw: st.DrawFn, starts: list[Any]) -> Any:
    """One of ``starts`` with up to three changes: values replaced, keys and items added, removed or doubled."""
    bending = copy.deepcopy(draw(st.sampled_from(starts)))
    for _ in range(draw(st.integers(0, 3))):
        holders = [holder for holder in _holders(bending) if holder]
        if not holders:
            return draw(VALUES)
        holder = draw(st.sampled_from(holders))
        _bend(draw, holder)
    return bending


def _holders(value: Any) -> list[Any]:
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else None
    return [] if items is None else [value, *(inner for item in items for inner in _holders(item))]


def _bend(draw: st.DrawFn, holder: Any) -> None:
    places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    place = draw(st.sampled_from(places))
    match draw(st.sampled_from(["replace", "remove", "add", "double"])):
        case "replace":
            holder[place] = draw(VALUES)
        case "remove":
            del holder[place]
        case "add" if isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = draw(VALUES)
        case "add":
            holder.append(draw(VALUES))
        case "double" if isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(holder[place])
        case _:
            holder.append(copy.deepcopy(holder[place]))
