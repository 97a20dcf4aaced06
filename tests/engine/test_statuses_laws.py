"""The reports of statuses over hostile organizations: against their plain restatement, and the laws they must keep."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.engine.laws import OFFSETS, Office, office, path
from tests.engine.oracle import statuses as oracle
from tests.engine.oracle.world import SECOND, World, moment
from tests.engine.organizations import Maker, make, organizations

Row = dict[str, Any]

KINDS = ("lead", "opportunity")
QUERIES = (
    'status:"Won"', "not custom.Score >= 10", "acme or call(direction:outbound)", "opportunity(value > 99)", " ",
    'created >= "2026-10-25" or name:"won"',
)  # fmt: skip


@pytest.fixture(scope="module", params=range(2), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(request.param, tmp_path_factory.mktemp("statuses")) as found:
        yield found


def request(the: Office, kind: str) -> tuple[Row, str | None]:
    params = the.dates()
    if kind == "opportunity" and the.chance(0.4):
        params["user_id"] = the.user()
    chosen = the.random.random()
    if chosen < 0.25:
        params["query"] = the.pick(QUERIES)
    elif chosen < 0.5:
        params["smart_view_id"] = the.pick(the.views)
    return params, the.offset()


def backwards(params: Row, offset: str | None, now: int) -> bool:
    over = oracle.period(params, OFFSETS[offset], now)
    return over.start is not None and over.start > over.end


def agree(the: Office, requests: int) -> None:
    for _ in range(requests):
        kind = the.pick(KINDS)
        params, offset = request(the, kind)
        told = the.get(path(f"statuses/{kind}"), params, offset)
        if backwards(params, offset, the.now):
            assert "status_overview" not in told, (the.seed, kind, params, offset)
            continue
        expected = oracle.report(the.world, kind, params, OFFSETS[offset], the.now, the.filtered(params, offset))
        assert told == expected, (the.seed, kind, params, offset)


def list_what_they_count(the: Office, requests: int) -> None:
    """Every string finds the counted leads, or the leads that hold the counted opportunities."""
    for _ in range(requests):
        kind = the.pick(KINDS)
        params, offset = request(the, kind)
        if backwards(params, offset, the.now):
            continue
        rows = oracle.objects(the.world, kind, params.get("user_id"), the.filtered(params, offset))
        counted = oracle.count(the.world, kind, rows, oracle.period(params, OFFSETS[offset], the.now))
        told = the.get(path(f"statuses/{kind}"), params, offset)
        for query, ids in strings(told, counted):
            objects = the.world.leads if kind == "lead" else the.world.opportunities
            found = ids if kind == "lead" else the.world.holders(objects[each] for each in ids)
            assert the.leads(query, offset) == found, (the.seed, kind, params, offset, query)


def strings(told: Row, counted: oracle.Counted) -> Iterator[tuple[str, set[str]]]:
    """The strings of an answer and the objects counted there; each number is held against its objects."""
    for row in told["status_overview"]:
        for name, query in row["_queries"].items():
            ids = counted.overview[row["status_id"]][name]
            assert row[name] == len(ids)
            yield query, ids
    for key, pairs in (("status_transitions", counted.transitions), ("status_transitions_summary", counted.summary)):
        for row in told[key]:
            ids = pairs[row["from_status_id"], row["to_status_id"]]
            assert row["count"] == len(ids)
            yield row["_query"], ids


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, requests=40)


def test_every_string_lists_the_objects_counted(asked: Office) -> None:
    list_what_they_count(asked, requests=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 103))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with office(seed, tmp_path) as the:
        agree(the, requests=150)
        list_what_they_count(the, requests=6)


@pytest.mark.parametrize("kind", KINDS)
def test_what_ended_is_what_started_with_gains_and_losses(asked: Office, kind: str) -> None:
    for _ in range(20):
        params, offset = request(asked, kind)
        params |= {"date_start": "2026-10-09T00:00:00Z"}
        told = asked.get(path(f"statuses/{kind}"), params, offset)
        if backwards(params, offset, asked.now):
            continue
        rows = told["status_overview"]
        assert [row["ended"] for row in rows] == [row["started"] + row["gained"] - row["lost"] for row in rows]
        assert [row["change"] for row in rows] == [row["gained"] - row["lost"] for row in rows]
        for row in rows:
            assert row["entered"] >= row["gained"] >= 0
            assert row["left"] >= row["lost"] >= 0
        made = created(asked, kind, params, offset)
        assert sum(row["started"] for row in rows) + made == sum(row["ended"] for row in rows)
        assert made == sum(row["count"] for row in told["status_transitions_summary"] if row["from_status_id"] is None)


def created(the: Office, kind: str, params: Row, offset: str | None) -> int:
    """How many objects with a history were created after START's second and by END."""
    over = oracle.period(params, OFFSETS[offset], the.now)
    rows = oracle.objects(the.world, kind, params.get("user_id"), the.filtered(params, offset))
    moments = [moment(row["date_created"]) for row in rows if the.world.history[kind, row["id"]]]
    assert over.start is not None
    return sum(oracle.last(over.start) < each <= oracle.last(over.end) for each in moments)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_request_gives_the_same_bytes(asked: Office, kind: str) -> None:
    params, _ = request(asked, kind)
    first, second = (asked.api.get(path(f"statuses/{kind}"), query_string=params).data for _ in range(2))
    assert first == second


def test_the_order_of_a_dump_does_not_matter(tmp_path: Path) -> None:
    dump = make(7)
    order = random.Random(7)
    fixed = ("lead_status", "pipeline")
    shuffled = {name: rows if name in fixed else order.sample(rows, len(rows)) for name, rows in dump.items()}
    with office(7, tmp_path / "one") as one, office(7, tmp_path / "two", shuffled) as two:
        for kind in KINDS:
            params = {"date_start": "2026-10-12", "date_end": "2026-11-02"}
            first, second = (each.api.get(path(f"statuses/{kind}"), query_string=params).data for each in (one, two))
            assert first == second


@given(organizations())
@settings(max_examples=25, deadline=None)
def test_the_restatement_itself_keeps_the_laws(dump: dict[str, list[Row]]) -> None:
    world = World(dump)
    start, end = (moment(f"2026-{day}T00:00:00Z") // SECOND for day in ("10-12", "11-02"))
    for kind in KINDS:
        rows = oracle.objects(world, kind, None, None)
        found = oracle.count(world, kind, rows, oracle.Period(start, end))
        for each in found.overview.values():
            assert each["gained"] == each["ended"] - each["started"]
            assert each["lost"] == each["started"] - each["ended"]
            assert each["gained"] <= each["entered"]
            assert each["lost"] <= each["left"]


def test_made_organizations_hold_what_they_promise() -> None:
    found: set[str] = set()
    for seed in range(6):
        world = World(Maker(seed).dump())
        for key, steps in world.history.items():
            found |= {f"{key[0]} moved"} if len(steps) > 1 else set()
            found |= {f"{key[0]} clamped"} if len(steps) > 1 and steps[1].at == steps[0].at else set()
            found |= {f"{key[0]} collides"} if len({step.at for step in steps[1:]}) < len(steps) - 1 else set()
            found |= {f"{key[0]} returns"} if len({step.status for step in steps}) < len(steps) else set()
        found |= {"deleted"} if any(status.pipeline is None for status in world.opportunity_statuses) else set()
        found |= {"no lead"} if any(row["lead_id"] is None for row in world.activities) else set()
    kinds = {f"{kind} {what}" for kind in KINDS for what in ("moved", "clamped", "collides", "returns")}
    assert found == kinds | {"deleted", "no lead"}
