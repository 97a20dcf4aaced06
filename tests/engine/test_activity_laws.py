"""The activity report over random organizations: against its plain restatement, and against the laws it must keep."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runner.engine.load import load
from runner.engine.metrics import METRICS
from runner.engine.store import Store
from tests.engine import oracle_activity as oracle
from tests.engine.dumps import write_dump
from tests.engine.memory import Api

Row = dict[str, Any]

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
OFFSETS = {None: 0, "-5": -300, "5.5": 330, "-4.95": -297, "12.75": 765, "0.1": 6, "-0.25": -15, "23.99": 1439}
USERS = ["user_a", "user_b", "user_c", "user_gone", "user_met"]
"""Three present, one removed, one met only in objects."""
WORDS = ["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter"]
YEARS = ["this-year", "last-year", "all-time"]
PIPELINE = [("stat_new", "active"), ("stat_late", "active"), ("stat_won", "won"), ("stat_lost", "lost")]
ADDITIVE = [key for key in METRICS if ".avg_" not in key and key != "leads.contacted.all.count"]


class Chance:
    """Makes up an organization whose objects crowd round the bounds that requests will ask for."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pick = self.random.choice
        minutes = (self.random.randrange(80 * 24 * 60) for _ in range(3))
        days = (self.random.randrange(80) * 24 * 60 - shift for shift in (0, 0, *OFFSETS.values()))
        first = datetime(2026, 9, 15, tzinfo=UTC)
        self.bounds = sorted(first + timedelta(minutes=each) for each in (*minutes, *days))
        self.serial = 0

    def moment(self) -> str:
        """On a bound, just beside one, or anywhere; written with Z, an offset, or without either."""
        spread = timedelta(seconds=self.random.randrange(-(10**6), 10**6))
        near = self.pick([timedelta(0), timedelta(0), timedelta(microseconds=1), -timedelta(microseconds=1), spread])
        at = self.pick(self.bounds) + near
        return self.pick([at.isoformat(), at.isoformat().replace("+00:00", "Z"), at.replace(tzinfo=None).isoformat()])

    def maybe(self, value: Any) -> Any:
        return self.pick([value, value, None])

    def user(self) -> str | None:
        return self.pick([*USERS, None])

    def identity(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}_{self.serial}"

    def activity(self) -> Row:
        kind = self.pick(["Call", "Call", "Email", "Email", "Email", "SMS", "Meeting", "Note", "TaskCompleted"])
        row = {
            "id": self.identity("acti"),
            "_type": kind,
            "user_id": self.user(),
            "date_created": self.moment(),
            "activity_at": self.maybe(self.moment()),
        }
        own = {"Call": self.call, "Email": self.email, "SMS": self.sms, "Meeting": self.meeting}.get(kind)
        return row | (own() if own else {})

    def call(self) -> Row:
        return {
            "direction": self.pick(["inbound", "outbound", "outbound", None]),
            "duration": self.maybe(self.random.randrange(500)),
            "source": self.pick(["Close.io", "External", None]),
            "call_method": self.pick(["regular", "power", "predictive", None]),
        }

    def email(self) -> Row:
        return {
            "direction": self.pick(["incoming", "outgoing", "outgoing", "outgoing"]),
            "status": self.pick(["sent", "sent", "sent", "draft", None]),
            "date_sent": self.maybe(self.moment()),
            "opens": self.pick([[], [{"opened_at": "2026-10-01T00:00:00Z"}], None]),
            "has_reply": self.pick([True, False, None]),
            "sequence_id": self.pick(["seq_1", None]),
            "bulk_email_action_id": self.pick(["bulk_1", None]),
        }

    def sms(self) -> Row:
        return {
            "direction": self.pick(["inbound", "outbound"]),
            "status": self.pick(["sent", "sent", "error", None]),
            "date_sent": self.maybe(self.moment()),
        }

    def meeting(self) -> Row:
        return {"status": self.pick(["completed", "canceled"]), "starts_at": self.maybe(self.moment())}

    def opportunity(self) -> Row:
        status, kind = self.pick(PIPELINE)
        return {
            "id": self.identity("oppo"),
            "user_id": self.user(),
            "created_by": self.user(),
            "date_created": self.moment(),
            "status_id": status,
            "status_type": self.maybe(kind),
            "value": self.maybe(self.random.randrange(10**6)),
            "value_period": self.pick(["one_time", "monthly", "annual", None]),
            "date_won": self.closing_date(),
            "date_lost": self.closing_date(),
        }

    def closing_date(self) -> str | None:
        local = self.pick(self.bounds).astimezone(UTC).date() + timedelta(days=self.pick([-1, 0, 1]))
        return self.pick([local.isoformat(), local.isoformat(), self.moment(), None])

    def change(self, opportunity: str) -> Row:
        old, new = self.pick([*PIPELINE, ("stat_old", "lost")]), self.pick([*PIPELINE, ("stat_old", "lost")])
        return {
            "id": self.identity("acti"),
            "_type": "OpportunityStatusChange",
            "opportunity_id": opportunity,
            "user_id": self.user(),
            "date_created": self.moment(),
            "old_status_id": self.maybe(old[0]),
            "old_status_type": old[1],
            "new_status_id": new[0],
            "new_status_type": new[1],
        }

    def lead(self) -> Row:
        opportunities = [self.opportunity() for _ in range(self.random.randrange(4))]
        changes = [self.change(each["id"]) for each in opportunities for _ in range(self.random.randrange(3))]
        return {
            "id": self.identity("lead"),
            "display_name": "Somebody",
            "date_created": self.moment(),
            "created_by": self.user(),
            "opportunities": opportunities,
            "activities": changes + [self.activity() for _ in range(self.random.randrange(12))],
        }

    def dump(self) -> dict[str, list[Row]]:
        leads = [self.lead() for _ in range(self.random.randrange(1, 9))]
        strays = [self.activity() | {"lead_id": self.pick(["lead_none", None, leads[0]["id"]])} for _ in range(20)]
        return {
            "organization": [
                {
                    "id": "orga_1",
                    "name": "Acme",
                    "date_created": "2025-08-03T10:20:30Z",
                    "inactive_memberships": [{"user_id": "user_gone", "user_full_name": self.pick(["Gil Gone", None])}],
                }
            ],
            "user": [
                {
                    "id": "user_c",
                    "first_name": "Cleo",
                    "last_name": self.pick(["Able", None]),
                    "email": "c@example.com",
                },
                {"id": "user_b", "first_name": None, "last_name": None, "email": "b@example.com"},
                {"id": "user_a", "first_name": "Ann", "last_name": "Able", "email": None},
            ],
            "pipeline": [
                {"id": "pipe_1", "name": "Sales", "statuses": [{"id": s, "label": s, "type": t} for s, t in PIPELINE]}
            ],
            "lead": leads,
            "activity": strays,
        }

    def request(self) -> tuple[str | None, Row]:
        """An offset and a body, in order, that asks something worth asking."""
        body: Row = {
            "type": self.pick(["overview", "comparison"]),
            "metrics": self.random.choices(list(METRICS), k=self.random.randrange(1, 12)),
            "users": self.pick([None, [], self.random.choices(USERS, k=3)]),
        }
        if self.random.random() < 0.3:
            word = self.pick([*WORDS, *WORDS, *YEARS])
            return self.pick([*OFFSETS]), body | {"relative_range": word}
        start, end = sorted(self.random.choices(self.bounds, k=2))
        if self.random.random() < 0.3:
            end = start + timedelta(hours=self.random.randrange(26))
        said = {"start": start.isoformat(), "end": end.isoformat().replace("+00:00", "Z")}
        return self.pick([*OFFSETS]), body | {"datetime_range": said}


@contextmanager
def served(dump: dict[str, list[Row]], folder: Path, **options: Any) -> Iterator[Api]:
    """The API over a dump, through the loader."""
    load(write_dump(folder / "dump", form="ndjson", **dump), folder / "store")
    with Store.open(folder / "store") as store:
        yield Api(store, lambda: NOW, **options)


def agree(seed: int, folder: Path, requests: int) -> None:
    chance = Chance(seed)
    dump = chance.dump()
    organization = oracle.Organization(dump)
    week_start = chance.pick(["monday", "sunday"])
    with served(dump, folder, week_start=week_start) as api:
        for _ in range(requests):
            offset, body = chance.request()
            told = api.report(offset, **body)
            expected = oracle.report(organization, body, OFFSETS[offset], NOW, week_start)
            if body["type"] == "overview":
                both = expected["queries"]["leads"].keys()
                told["queries"]["leads"] = {key: told["queries"]["leads"][key] for key in both}
            assert told == expected, (seed, offset, body)


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_and_the_plain_restatement_agree(seed: int, tmp_path: Path) -> None:
    agree(seed, tmp_path, requests=60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 125))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    agree(seed, tmp_path, requests=120)


@pytest.fixture(scope="module")
def chance() -> Chance:
    return Chance(4711)


@pytest.fixture(scope="module")
def dump(chance: Chance) -> dict[str, list[Row]]:
    return chance.dump()


@pytest.fixture(scope="module")
def api(dump: dict[str, list[Row]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with served(dump, tmp_path_factory.mktemp("laws")) as api:
        yield api


AUTUMN: Row = {"datetime_range": {"start": "2026-09-01T00:00:00Z", "end": "2026-11-30T00:00:00Z"}}


@pytest.mark.parametrize("offset", [None, "-4.95", "5.5", "23.99"])
def test_rows_add_up_to_the_totals_and_nothing_is_negative(api: Api, offset: str | None) -> None:
    told = api.report(offset, type="overview", metrics=ADDITIVE, **AUTUMN)
    totals = told["aggregations"]["totals"]
    assert {key: sum(row[key] for row in told["data"]) for key in ADDITIVE} == totals
    assert min(totals.values()) >= 0 < max(totals.values())


@pytest.mark.parametrize("users", [None, ["user_a", "user_gone"]])
def test_a_comparison_has_the_totals_of_the_overview(api: Api, users: list[str] | None) -> None:
    overview = api.report(type="overview", metrics=list(METRICS), users=users, **AUTUMN)
    comparison = api.report(type="comparison", metrics=list(METRICS), users=users, **AUTUMN)
    assert comparison["aggregations"] == overview["aggregations"]


def test_the_rows_of_asked_users_add_up(api: Api) -> None:
    told = api.report(type="comparison", metrics=ADDITIVE, users=USERS, **AUTUMN)
    assert {key: sum(row[key] for row in told["data"]) for key in ADDITIVE} == told["aggregations"]["totals"]


@pytest.mark.parametrize("offset", [None, "-4.95", "12.75"])
def test_a_range_split_at_a_bucket_adds_up_to_the_whole(api: Api, offset: str | None) -> None:
    whole = api.report(offset, type="overview", metrics=ADDITIVE, **AUTUMN)
    limits = [row["datetime"] for row in whole["data"]]
    for limit in limits[1::30]:
        parts = [
            api.report(offset, type="overview", metrics=ADDITIVE, datetime_range={"start": start, "end": end})
            for start, end in ((limits[0], limit), (limit, "2026-11-30T00:00:00Z"))
        ]
        totals = [part["aggregations"]["totals"] for part in parts]
        assert {key: totals[0][key] + totals[1][key] for key in ADDITIVE} == whole["aggregations"]["totals"]


def test_the_order_of_a_dump_does_not_matter(
    api: Api, dump: dict[str, list[Row]], chance: Chance, tmp_path: Path
) -> None:
    shuffled = {name: chance.random.sample(rows, len(rows)) for name, rows in dump.items()}
    with served(shuffled, tmp_path) as other:
        for kind in ("overview", "comparison"):
            body = {"type": kind, "metrics": list(METRICS), **AUTUMN}
            first, second = (each.post("report/activity/", body).data for each in (api, other))
            assert first == second
