"""The laws of the reports, over small organizations and requests that hypothesis makes up and shrinks.

Each example is loaded as any dump is, which is the dear part: the fast test asks few organizations, always the same
ones, about everything; the slow tests ask many, others every time, one report at a time.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from runner.engine.load import load
from runner.engine.metrics import METRICS
from runner.engine.ranges import SAME_DAYS, WORDS
from runner.engine.store import Store
from tests.engine import oracle_activity, strategies
from tests.engine.dumps import write_dump
from tests.engine.laws import NOW, OFFSETS, Office, path
from tests.engine.memory import Api
from tests.engine.oracle import explorer, funnel, sent_emails, statuses
from tests.engine.oracle.world import moment
from tests.engine.organizations import ORGANIZATION, Dump

Row = dict[str, Any]
Asked = list[tuple[str | None, Row]]
"""An offset and parameters or a body, some times."""

KINDS = ("lead", "opportunity")
ADDITIVE = [key for key in METRICS if ".avg_" not in key and key != "leads.contacted.all.count"]
MOST_STRINGS = 20
"""Search strings of one answer that are asked back; those that count something go first."""

FEW = settings(max_examples=5, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def opened(dump: Dump) -> Iterator[Office]:
    """The organization behind the engine, loaded as any dump is."""
    with tempfile.TemporaryDirectory(prefix="laws-") as name:
        load(write_dump(Path(name) / "dump", form="ndjson", **dump), Path(name) / "store")
        with Store.open(Path(name) / "store") as store:
            yield Office(0, dump, list(strategies.BOUNDS), Api(store, lambda: NOW))


def requests(one: st.SearchStrategy[Row], most: int = 3) -> st.SearchStrategy[Asked]:
    return st.lists(st.tuples(strategies.offsets(), one), min_size=1, max_size=most)


# ---- reports of statuses


def in_order(params: Row, offset: str | None, now: int) -> bool:
    over = statuses.period(params, OFFSETS[offset], now)
    return over.start is None or over.start <= over.end


def status_reports_keep_their_laws(the: Office, asked: dict[str, Asked]) -> None:
    for kind in KINDS:
        for offset, params in asked[kind]:
            note(f"{kind} {offset} {params}")
            told = the.get(path(f"statuses/{kind}"), params, offset)
            if not in_order(params, offset, the.now):
                assert "status_overview" not in told
                continue
            leads = the.filtered(params, offset)
            assert told == statuses.report(the.world, kind, params, OFFSETS[offset], the.now, leads)
            rows = statuses.objects(the.world, kind, params.get("user_id"), leads)
            over = statuses.period(params, OFFSETS[offset], the.now)
            ends_are_starts_with_gains_and_losses(the, kind, told, rows, over)
            strings_list_what_is_counted(the, kind, told, statuses.count(the.world, kind, rows, over), offset)


def ends_are_starts_with_gains_and_losses(
    the: Office, kind: str, told: Row, rows: list[Row], over: statuses.Period
) -> None:
    if over.start is None:
        return
    for row in told["status_overview"]:
        assert row["ended"] == row["started"] + row["gained"] - row["lost"]
    dates = [moment(row["date_created"]) for row in rows if the.world.history[kind, row["id"]]]
    made = sum(statuses.last(over.start) < each <= statuses.last(over.end) for each in dates)
    started, ended = (sum(row[key] for row in told["status_overview"]) for key in ("started", "ended"))
    assert started + made == ended


def strings_list_what_is_counted(
    the: Office, kind: str, told: Row, counted: statuses.Counted, offset: str | None
) -> None:
    """Every string finds the counted leads, or the leads that hold the counted opportunities."""
    found: dict[str, set[str]] = {}
    for row in told["status_overview"]:
        found |= {query: counted.overview[row["status_id"]][name] for name, query in row["_queries"].items()}
    for key, pairs in (("status_transitions", counted.transitions), ("status_transitions_summary", counted.summary)):
        found |= {row["_query"]: pairs[row["from_status_id"], row["to_status_id"]] for row in told[key]}
    for query, ids in sorted(found.items(), key=lambda each: -len(each[1]))[:MOST_STRINGS]:
        note(query)
        expected = ids if kind == "lead" else the.world.holders(the.world.opportunities[each] for each in ids)
        assert the.leads(query, offset) == expected


STATUS_REQUESTS = st.fixed_dictionaries({kind: requests(strategies.status_requests(kind), 2) for kind in KINDS})


@pytest.mark.slow
@MANY
@given(strategies.organizations(), STATUS_REQUESTS)
def test_status_reports_keep_their_laws(dump: Dump, asked: dict[str, Asked]) -> None:
    with opened(dump) as the:
        status_reports_keep_their_laws(the, asked)


# ---- sent e-mails


def sent_emails_keep_their_laws(the: Office, asked: Asked) -> None:
    for offset, params in asked:
        note(f"{offset} {params}")
        told = the.get(path("sent_emails"), params, offset)
        if "date_end" in params and not in_order(params, offset, the.now):
            assert "sent_email_stats" not in told
            continue
        assert told == sent_emails.report(the.world, params, OFFSETS[offset], the.now)
        rows = sent_emails.emails(the.world, params, OFFSETS[offset], the.now)
        for row in told["sent_email_stats"]:
            own = [each for each in rows if row["template_id"] in (None, each["template_id"])]
            for name, counted in sent_emails.counted(own).items():
                assert row[name] == len(counted)
                assert the.leads(row["_queries"][name], offset) == the.world.holders(counted)


SENT_REQUESTS = requests(strategies.sent_requests())


@pytest.mark.slow
@MANY
@given(strategies.organizations(), SENT_REQUESTS)
def test_sent_emails_keep_their_laws(dump: Dump, asked: Asked) -> None:
    with opened(dump) as the:
        sent_emails_keep_their_laws(the, asked)


# ---- activity


def activity_keeps_its_laws(the: Office, asked: Asked) -> None:
    organization = oracle_activity.Organization.seen_by(the.world)
    for offset, body in asked:
        note(f"{offset} {body}")
        kept = the.search(offset).saved(body["query"]["saved_search_id"]) if "query" in body else None
        told = {}
        for kind in ("overview", "comparison"):
            told[kind] = the.api.report(offset, type=kind, **body)
            ask = {**body, "type": kind}
            expected = oracle_activity.report(organization, ask, OFFSETS[offset], NOW, "monday", kept)
            assert {key: told[kind][key] for key in ("data", "aggregations")} == {
                key: expected[key] for key in ("data", "aggregations")
            }
            assert told[kind].get("lookup") == expected.get("lookup")
            said = told[kind].get("queries", {}).get("leads", {})
            assert expected.get("queries", {}).get("leads", {}).items() <= said.items()
            activity_strings_list_what_is_counted(the, organization, ask, said, kept, offset)
        rows_add_up(told["overview"])
        assert told["comparison"]["aggregations"] == told["overview"]["aggregations"]
        a_range_is_the_sum_of_its_parts(the, body, told["overview"], offset)


def activity_strings_list_what_is_counted(
    the: Office, organization: oracle_activity.Organization, body: Row, said: Row, kept: set[str] | None, offset: Any
) -> None:
    start, end = (oracle_activity.instant(body["datetime_range"][side]) for side in ("start", "end"))
    users = body.get("users")
    for metric, strings in said.items():
        hits = oracle_activity.hits(organization, metric, timedelta(minutes=OFFSETS[offset]))
        inside = [hit for hit in hits if start <= hit.at < end and (not users or hit.user in users)]
        leads = {hit.lead for hit in inside if hit.lead and (kept is None or hit.lead in kept)}
        assert set().union(*(the.leads(query, offset) for query in strings)) == leads, strings


def rows_add_up(told: Row) -> None:
    totals = told["aggregations"]["totals"]
    for key in totals.keys() & ADDITIVE:
        assert sum(row[key] for row in told["data"]) == totals[key] >= 0


def a_range_is_the_sum_of_its_parts(the: Office, body: Row, whole: Row, offset: str | None) -> None:
    """Split at the limit of a bucket, as the rows name it."""
    limits = [row["datetime"] for row in whole["data"]][1:]
    limits = [limit for limit in limits if not datetime.fromisoformat(limit).microsecond]
    if not limits:
        return
    limit, over = limits[len(limits) // 2], body["datetime_range"]
    parts = [
        the.api.report(offset, **{**body, "type": "overview", "datetime_range": {"start": start, "end": end}})
        for start, end in ((over["start"], limit), (limit, over["end"]))
    ]
    for key in whole["aggregations"]["totals"].keys() & ADDITIVE:
        assert sum(part["aggregations"]["totals"][key] for part in parts) == whole["aggregations"]["totals"][key]


ACTIVITY_REQUESTS = requests(strategies.activity_requests(list(METRICS)))


@pytest.mark.slow
@MANY
@given(strategies.organizations(), ACTIVITY_REQUESTS)
def test_activity_keeps_its_laws(dump: Dump, asked: Asked) -> None:
    with opened(dump) as the:
        activity_keeps_its_laws(the, asked)


# ---- the funnel


def funnels_keep_their_laws(the: Office, asked: Asked) -> None:
    for offset, body in asked:
        note(f"{offset} {body}")
        kept = the.search(offset).saved(body["query"]["saved_search_id"]) if "query" in body else None
        told = []
        for kind in ("totals", "stages"):
            headers = {} if offset is None else {"x-tz-offset": offset}
            response = the.api.post(f"report/funnel/opportunity/{kind}/", body, headers=headers)
            assert response.status_code == 200, response.text
            told.append(response.get_json())
            assert told[-1] == funnel.report(the.world, kind, body, OFFSETS[offset], the.now, "monday", kept)
        totals, stages = told
        pairs = [(totals["aggregations"], stages["aggregations"]), *zip(totals["data"], stages["data"], strict=True)]
        for row, steps in pairs:
            numbers_keep_their_bounds(row, steps["stages"])


def numbers_keep_their_bounds(row: Row, stages: list[Row]) -> None:
    assert row["count"] >= row["count_total_complete"] >= row["count_total_won"] >= 0
    for each in (row, *stages):
        assert row["count"] >= each["count"]
        for key, number in each.items():
            if key in ("user_id", "status") or number is None:
                continue
            assert number >= 0
            assert number <= 1 or not key.endswith(("_rate", "_ratio"))


FUNNEL_REQUESTS = requests(strategies.funnel_requests(WORDS, SAME_DAYS))


@pytest.mark.slow
@MANY
@given(strategies.organizations(), FUNNEL_REQUESTS)
def test_funnels_keep_their_laws(dump: Dump, asked: Asked) -> None:
    with opened(dump) as the:
        funnels_keep_their_laws(the, asked)


# ---- the Explorer

FIELDS = {f"{thing}.{name}": kind for thing, own in explorer.FIELDS.items() for name, kind in own.items()} | {
    "lead.custom.Score": "number", "lead.custom.cf_score": "number", "lead.custom.Tags": "choice",
    "lead.custom.Since": "date", "lead.custom.Owner": "", "lead.custom.Mixed": "",
}  # fmt: skip
"""Field -> type; that of the last ones is that of their values. A custom field without any is none."""


def explorer_keeps_its_laws(the: Office, asked: Asked) -> None:
    known = explorer.fields(the.world)
    for offset, params in asked:
        note(f"{offset} {params}")
        told = the.get(path("custom"), params, offset)
        expected = explored(the, known, params, offset)
        if expected is None:
            assert "series" not in told
            continue
        assert told == expected
        if known[params["x"]] == "date" and "group_by" not in params:
            buckets_are_those_of_the_parts(the, params, told, offset)


def explored(the: Office, known: dict[str, str], params: Row, offset: str | None) -> Row | None:
    """The answer; null where the request is not in order."""
    if any(params[key] not in known for key in ("x", "group_by") if key in params):
        return None
    question = explorer.Question(the.world, params, OFFSETS[offset], the.now, "monday")
    if question.start is not None and question.end is not None and question.start > question.end:
        return None
    matching = None
    if "query" in params:
        matching = the.search(offset).objects(params["query"], params["x"].partition(".")[0])
    try:
        return explorer.report(the.world, params, OFFSETS[offset], the.now, "monday", matching)
    except explorer.TooManyError:
        return None


def buckets_are_those_of_the_parts(the: Office, params: Row, told: Row, offset: str | None) -> None:
    """Splitting the range at the limit of a bucket changes none."""
    (whole,) = told["series"]
    limits = [at for at, _ in whole["data"]][1:]
    if not limits:
        return
    limit = limits[len(limits) // 2]
    parts = [
        the.get(path("custom"), {**params, "interval": told["interval"], side: limit}, offset)["series"][0]["data"]
        for side in ("end", "start")
    ]
    assert [*parts[0], *parts[1]] == whole["data"]


EXPLORER_REQUESTS = requests(strategies.explorer_requests(FIELDS), 5)


@pytest.mark.slow
@MANY
@given(strategies.organizations(), EXPLORER_REQUESTS)
def test_the_explorer_keeps_its_laws(dump: Dump, asked: Asked) -> None:
    with opened(dump) as the:
        explorer_keeps_its_laws(the, asked)


# ---- the order of a dump


def rearranged(dump: Dump, chance: random.Random) -> Dump:
    """The same rows in another order, and what is nested in a lead without copies too."""
    kept = ("lead_status", "pipeline")
    found = {name: rows if name in kept else chance.sample(rows, len(rows)) for name, rows in dump.items()}
    ids = [row["id"] for row in dump["lead"]]
    found["lead"] = [row if ids.count(row["id"]) > 1 else turned(row, chance) for row in found["lead"]]
    return found


def turned(row: Row, chance: random.Random) -> Row:
    nested = ("contacts", "opportunities", "activities")
    return {key: chance.sample(row[key], len(row[key])) if key in nested else row[key] for key in row}


def answers(the: Office) -> Iterator[bytes]:
    over = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-06T00:00:00Z"}
    for kind in KINDS:
        for params in ({}, {"date_start": "2026-10-12", "date_end": "2026-11-01"}):
            yield the.api.get(path(f"statuses/{kind}"), query_string=params).data
    yield the.api.get(path("sent_emails")).data
    for kind in ("overview", "comparison"):
        yield the.api.post("report/activity/", {"type": kind, "metrics": list(METRICS), "datetime_range": over}).data
    for pipeline in strategies.PIPELINES:
        body = {"pipeline": pipeline, "type": "active-stage-cohort", "report_datetime_range": over}
        yield the.api.post("report/funnel/opportunity/stages/", body).data
    for x in ("lead.custom.Tags", "opportunity.value", "lead.created_by", "lead.custom.Score"):
        yield the.api.get(path("custom"), query_string={"x": x, "group_by": "lead.status_id"}).data
    for page in ("lead/", "report/custom/fields/", f"organization/{ORGANIZATION}/", "status/opportunity/"):
        yield the.api.get(page).data


def the_order_of_a_dump_does_not_matter(dump: Dump, seed: int) -> None:
    with opened(dump) as one:
        found = list(answers(one))
        assert list(answers(one)) == found
    with opened(rearranged(dump, random.Random(seed))) as other:
        assert list(answers(other)) == found


SEEDS = st.integers(1, 1000)


@pytest.mark.slow
@MANY
@given(strategies.organizations(), SEEDS)
def test_the_order_of_a_dump_does_not_matter(dump: Dump, seed: int) -> None:
    the_order_of_a_dump_does_not_matter(dump, seed)


# ---- all of them

REQUESTS = st.fixed_dictionaries(
    {
        "statuses": STATUS_REQUESTS,
        "emails": requests(strategies.sent_requests(), 1),
        "activity": requests(strategies.activity_requests(list(METRICS)), 1),
        "funnel": requests(strategies.funnel_requests(WORDS, SAME_DAYS), 2),
        "explorer": requests(strategies.explorer_requests(FIELDS), 4),
    }
)


@FEW
@given(strategies.organizations(), REQUESTS, SEEDS)
def test_an_organization_keeps_every_law(dump: Dump, asked: dict[str, Any], seed: int) -> None:
    with opened(dump) as the:
        status_reports_keep_their_laws(the, asked["statuses"])
        sent_emails_keep_their_laws(the, asked["emails"])
        activity_keeps_its_laws(the, asked["activity"])
        funnels_keep_their_laws(the, asked["funnel"])
        explorer_keeps_its_laws(the, asked["explorer"])
        found = list(answers(the))
    with opened(rearranged(dump, random.Random(seed))) as other:
        assert list(answers(other)) == found
