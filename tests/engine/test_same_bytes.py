"""All endpoints: the same request gives the same bytes, however the dump is written, in process and over the wire."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import closeio_api
import pytest

from runner.engine.metrics import METRICS
from tests.cli.command import environment
from tests.engine.dumps import write_dump
from tests.engine.laws import NOW, Office
from tests.engine.offices import opened
from tests.engine.organizations import ORGANIZATION, Dump, make

Row = dict[str, Any]

SEED = 4
"""Its week begins on Monday, as that of a served organization does."""
KEY = "a-test-key"
OFFSET = "-5"
AUTUMN = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-15T00:00:00Z"}
DATES = {"date_start": "2026-10-12", "date_end": "2026-11-01T06:00:00Z"}
CREATED = {"type": "created-cohort", "cohort_datetime_range": AUTUMN}
ACTIVE = {"type": "active-stage-cohort", "report_relative_range": "this-month"}
VIEW = {"type": "saved_search", "saved_search_id": "save_2"}


def gets() -> Iterator[tuple[str, Row]]:
    yield from ((path, {}) for path in ("me", f"organization/{ORGANIZATION}", "user", "user/user_a", "group"))
    yield from ((path, {}) for path in ("group/group_1", "group/group_2", "saved_search", "saved_search/save_s1"))
    yield from ((path, {}) for path in ("pipeline", "status/lead", "status/opportunity", "email_template"))
    yield from ((path, {}) for path in ("custom_field/lead", "custom_field_schema/lead"))
    yield from ((path, {}) for path in ("report/activity/metrics", "report/custom/fields"))
    yield from (("lead", {"query": query, "_limit": 200}) for query in ("*", 'not in:"save_1"', "acme"))
    for params in ({}, DATES, {**DATES, "user_id": "user_b"}):
        yield f"report/sent_emails/{ORGANIZATION}", params
        yield f"report/statuses/opportunity/{ORGANIZATION}", params
    for params in ({}, DATES, {**DATES, "smart_view_id": "save_2"}, {"query": "acme"}):
        yield f"report/statuses/lead/{ORGANIZATION}", params
    for x, more in (
        ("lead.date_created", {"interval": "week"}),
        ("opportunity.date_won", {"y": "opportunity.annualized_value", "group_by": "opportunity.user_id"}),
        ("lead.custom.Tags", {"y": "call.duration", "transform_y": "avg"}),
        ("opportunity.value", {"y": "lead.count", "group_by": "lead.status_id"}),
        ("email.template_id", {"y": "email.count", "query": "opened:yes"}),
        ("lead.created_by", {"y": "note.count", "transform_y": "max"}),
    ):
        yield f"report/custom/{ORGANIZATION}", {"x": x, **more}


def posts() -> Iterator[tuple[str, Row]]:
    activity = {"metrics": list(METRICS), "datetime_range": AUTUMN}
    for kind in ("overview", "comparison"):
        yield "report/activity", {"type": kind, **activity}
        yield "report/activity", {"type": kind, **activity, "query": VIEW, "users": ["user_c", "user_gone", "user_a"]}
    for part in ("totals", "stages"):
        for pipeline, body in (
            ("pipe_0", CREATED),
            ("pipe_1", ACTIVE),
            ("pipe_1", {**CREATED, "query": VIEW}),
            ("pipe_0", {**ACTIVE, "users": ["group_1", "user_b"]}),
        ):
            yield f"report/funnel/opportunity/{part}", {"pipeline": pipeline, **body}


GETS, POSTS = list(gets()), list(posts())


def asked(the: Office) -> dict[str, bytes]:
    """Each request, as text, and the bytes of its answer; CSV where there is any."""
    headers = {"x-tz-offset": OFFSET}
    found = {}
    for path, params in GETS:
        response = the.api.get(f"{path}/", query_string=params, headers=headers)
        assert response.status_code == 200, (path, params, response.text)
        found[f"GET {path} {params}"] = response.data
    for path, body in POSTS:
        for accept in ("application/json", "text/csv"):
            response = the.api.post(f"{path}/", body, headers={**headers, "Accept": accept})
            assert response.status_code == 200, (path, body, response.text)
            found[f"POST {path} {json.dumps(body)} {accept}"] = response.data
    return found


@pytest.fixture(scope="module")
def the(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(SEED, tmp_path_factory.mktemp("bytes")) as found:
        yield found


@pytest.fixture(scope="module")
def mine(the: Office) -> dict[str, bytes]:
    return asked(the)


def rearranged(chance: random.Random) -> Dump:
    """The same objects: rows in another order, activities of leads in the flat file and the reverse.

    Copies of one object stay as they are: between two as old as each other, what is written in them decides.
    """
    kept = ("lead_status", "pipeline")
    found = {name: list(rows) if name in kept else chance.sample(rows, len(rows)) for name, rows in make(SEED).items()}
    leads, flat = found["lead"], found["activity"]
    ids = Counter(row["id"] for row in leads)
    copies = Counter(row["id"] for row in (*flat, *(each for lead in leads for each in lead.get("activities") or [])))
    home = {lead["id"]: lead for lead in leads if ids[lead["id"]] == 1}
    outside = [row for row in flat if not (copies[row["id"]] == 1 and row.get("lead_id") in home)]
    for lead in home.values():
        nested = lead.get("activities") or []
        staying = [row for row in nested if copies[row["id"]] > 1 or chance.random() < 0.5]
        outside += [{**row, "lead_id": lead["id"]} for row in nested if row not in staying]
        lead["activities"] = staying
    for row in flat:
        if copies[row["id"]] == 1 and row.get("lead_id") in home:
            home[row["lead_id"]]["activities"].append(row)
    for lead in home.values():
        for key in ("contacts", "opportunities", "activities"):
            chance.shuffle(lead.get(key) or [])
    chance.shuffle(outside)
    return {**found, "activity": outside}


def test_the_same_request_gives_the_same_bytes(the: Office, mine: dict[str, bytes]) -> None:
    assert asked(the) == mine


@pytest.mark.parametrize(
    "shuffle", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_the_way_a_dump_is_written_does_not_matter(
    the: Office, mine: dict[str, bytes], shuffle: int, tmp_path: Path
) -> None:
    dump = rearranged(random.Random(shuffle))
    assert len(dump["activity"]) != len(the.dump["activity"])
    with opened(SEED, tmp_path, dump) as other:
        others = asked(other)
        assert {key for key in mine if mine[key] != others[key]} == set()


@pytest.fixture(scope="module")
def served(the: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server of the same dump, at the same instant."""
    folder = tmp_path_factory.mktemp("served")
    write_dump(folder / "dump", form="json.gz", **the.dump)
    as_of = NOW.isoformat()
    call = [sys.executable, "-m", "runner", "--as-of", as_of, "serve", "--data", str(folder / "dump"), "--port", "0"]
    env = environment(folder, RUNNER_SERVE_KEY=KEY)
    with subprocess.Popen(call, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("serving "), line + process.stderr.read()
        try:
            yield line.split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_close_s_own_client_gets_the_answers_of_the_process(mine: dict[str, bytes], served: str) -> None:
    api = closeio_api.API(served, api_key=KEY, tz_offset=OFFSET)
    for path, params in GETS:
        assert json.dumps(api.get(path, params=params)) == json.dumps(json.loads(mine[f"GET {path} {params}"])), path
    for path, body in POSTS:
        key = f"POST {path} {json.dumps(body)} application/json"
        assert json.dumps(api.post(path, data=body)) == json.dumps(json.loads(mine[key])), path
