"""The search language over hostile organizations: against its plain restatement, and activity's own search strings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import oracle_activity
from tests.engine.laws import Office, office
from tests.engine.memory import Api, Memory
from tests.engine.oracle.statuses import quoted
from tests.engine.organizations import LABELS, NAMES

Row = dict[str, Any]

METRICS = ("calls.outbound.all.count", "emails.sent.all.count", "sms.sent.all.count", "leads.contacted.all.count")
OPERATORS = (">=", "<=", ">", "<", ":", "=", " >= ", " < ")
WORDS = ("acme", "inc", "Σας", "istanbul", "snake_case", "fox", "Zoë", "drop", "or_", "2", "שלום")


@pytest.fixture(scope="module", params=range(40, 42), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(request.param, tmp_path_factory.mktemp("search")) as found:
        yield found


class Writer:
    """Makes up texts of the language."""

    def __init__(self, the: Office) -> None:
        self.the, self.pick = the, the.pick
        names = (
            {name for row in the.dump["custom_field"] for name in (row["id"], row["name"])}
            if "custom_field" in the.dump
            else set()
        )
        self.industry = [f"custom.{name}" for name in ("Industry", "cf_industry") if name in names] or [
            "custom.Industry"
        ]

    def text(self, depth: int = 3) -> str:
        return self.either("lead", depth)

    def either(self, kind: str, depth: int) -> str:
        if depth == 0 or self.the.chance(0.3):
            return self.leaf(kind)
        left, right = self.either(kind, depth - 1), self.either(kind, depth - 1)
        return self.pick([
            f"{left} and {right}", f"{left} {right}", f"{left} or {right}", f"({left} OR {right})", f"not {left}",
            f"NOT ({right}) And {left}", f"not not {left}", f"({left})",
        ])  # fmt: skip

    def leaf(self, kind: str) -> str:
        said = {
            "lead": self.lead, "opportunity": self.opportunity, "call": self.call, "email": self.email, "sms": self.sms,
        }.get(kind, self.activity)  # fmt: skip
        return self.pick(said())

    def date(self) -> str:
        at = self.the.instant()
        forms = [
            at.date().isoformat(),
            quoted(at.isoformat()),
            quoted(f"{at:%Y-%m-%d %H:%M}"),
            quoted(f"{at:%Y-%m-%d %H:%M:%S}"),
        ]
        return self.pick([*forms, quoted(f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000")])

    def when(self, field: str) -> str:
        return f"{field}{self.pick(OPERATORS)}{self.date()}"

    def user(self) -> str:
        return self.pick([self.the.user(), self.the.user().upper(), '"ann lee"', "nobody", quoted(self.pick(NAMES))])

    def some(self, field: str, *values: str) -> str:
        one, two = self.pick(values), self.pick(values)
        return self.pick(
            [f"{field}:{one}", f"{field} = {one}", f"{field}:({one} or {two})", f"{field} in ({one}, {two})"]
        )

    def status(self, kind: str) -> str:
        rows = self.the.world.lead_statuses if kind == "lead" else self.the.world.opportunity_statuses
        return quoted(self.pick([self.pick(rows).id, self.pick(LABELS), self.pick(rows).label or "none"]))

    def lead(self) -> list[str]:
        inner = self.pick(["opportunity", "opportunity", "call", "email", "sms"])
        name, status = quoted(self.pick(NAMES)), self.status("lead")
        return [
            self.some(self.pick(["name", "display_name", "company"]), name, quoted("ACME INC."), quoted("ÅNGSTRÖM")),
            self.some(self.pick(["status", "lead_status", "STATUS"]), status, self.status("lead")),
            self.when("created"), self.when("date_created"), self.some("created_by", self.user()), self.pick(WORDS),
            self.some("id", "lead_1", "lead_40"), f'"{self.pick(WORDS)} {self.pick(WORDS)}"', '"acme inc"', "*",
            self.some("opportunity_user", self.user()), f"original_lead_status:{status}",
            f"in:{quoted(self.pick(self.the.views))}", f"lead_status(status:{status} on:{self.date()})",
            f"lead_status_change(old_status:{status} and date >= {self.date()})",
            f"lead_status_change(new_status:{status} date <= {self.date()} not old_status:{self.status('lead')})",
            f"{inner}({self.either(inner, 2)})", f"{inner}({self.either(inner, 1)})", *self.custom(),
        ]  # fmt: skip

    def custom(self) -> list[str]:
        number = self.pick(["10", "7", "12.5", "-3", "0", "x"])
        return [
            f"custom.Score{self.pick(OPERATORS)}{number}", self.some("custom.Tags", "red", '"a \\"b\\""', "Σας"),
            self.some(self.pick(self.industry), "RETAIL", '""', "i̇"),
            self.some('"custom.Active"', "true", "false", "yes"),
            f"custom.Since{self.pick(['>=', '<', '>', '<='])}{self.date()}",
            self.some('"custom.Q \\"x\\""', quoted(self.pick(NAMES))),
        ]  # fmt: skip

    def opportunity(self) -> list[str]:
        status = self.status("opportunity")
        return [
            self.some("status", status, self.status("opportunity")), self.some("status_type", "won", "lost", "Active"),
            self.some("pipeline", "pipe_0", "sales"), f"value{self.pick(OPERATORS)}{self.pick(['0', '99', '1000'])}",
            f"confidence{self.pick(OPERATORS)}33", self.some(self.pick(["user", "opportunity_user"]), self.user()),
            self.when("created"), self.when("date_won"), self.when("date_lost"), f"original_status:{status}",
            f"status(status:{status} on:{self.date()})", f"status_change(new_status:{status} and date > {self.date()})",
        ]  # fmt: skip

    def call(self) -> list[str]:
        return [
            self.some("direction", "outbound", "Inbound"),
            f"duration{self.pick(OPERATORS)}{self.pick(['0', '60', '250'])}",
            self.when("outgoing_call_date"), self.some("disposition", "answered", "vm-left", '"it\'s \\\\ done"'),
            *self.activity(),
        ]  # fmt: skip

    def email(self) -> list[str]:
        template = self.pick([row["name"] for row in self.the.dump["email_template"]])
        return [
            self.some("direction", "sent", "received", "outgoing", "incoming"), self.some("opened", "yes", "no"),
            self.some("has_reply", "yes", "no"), self.some("template", quoted(template), "tmpl_1", "tmpl_gone"),
            self.when("sent"), self.some("user", self.user()), self.some("status", "sent", "DRAFT"),
        ]  # fmt: skip

    def sms(self) -> list[str]:
        return [
            self.some("direction", "outbound", "inbound"), self.some("status", "sent", "error"), self.when("sent"),
            *self.activity(),
        ]  # fmt: skip

    def activity(self) -> list[str]:
        return [self.some("user", self.user()), self.when("created")]


def agree(the: Office, texts: int) -> None:
    writer = Writer(the)
    for _ in range(texts):
        text, offset = writer.text(), the.offset()
        assert the.leads(text, offset) == the.search(offset).leads(text), (the.seed, text, offset)


def activity_lists_what_it_counts(the: Office, requests: int) -> None:
    """All strings of a metric together list the leads of the objects that are counted, those of a smart view only."""
    organization = oracle_activity.Organization(
        {**the.dump, "lead": [{**row, "activities": [], "opportunities": []} for row in the.world.leads.values()]}
        | {"activity": the.world.activities}
    )
    for _ in range(requests):
        offset = the.offset()
        start, end = sorted((the.instant(), the.instant()))
        users = the.pick([[], ["user_a", "user_gone", "user_b"]])
        body: Row = {
            "type": "overview", "metrics": list(METRICS), "users": users,
            "datetime_range": {"start": start.isoformat(), "end": end.isoformat()},
        }  # fmt: skip
        if the.chance(0.5):
            body["query"] = {"type": "saved_search", "saved_search_id": the.pick(the.views)}
        told = the.api.report(offset, **body)
        if start == end:
            continue
        kept = the.search(offset).saved(body["query"]["saved_search_id"]) if "query" in body else None
        for metric in METRICS:
            hits = oracle_activity.hits(organization, metric, start - start)
            hits = [hit for hit in hits if start <= hit.at < end and (not users or hit.user in users)]
            hits = [hit for hit in hits if kept is None or hit.lead in kept]
            leads = {hit.lead for hit in hits if hit.lead}
            counted = len(leads) if metric.startswith("leads.") else len(hits)
            assert told["aggregations"]["totals"][metric] == counted, (the.seed, body, metric)
            found = set().union(*(the.leads(query, offset) for query in told["queries"]["leads"][metric]))
            assert found == leads, (the.seed, body, offset, metric)


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, texts=50)


def test_the_strings_of_the_activity_report_list_what_it_counts(asked: Office) -> None:
    activity_lists_what_it_counts(asked, requests=5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300, 305))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with office(seed, tmp_path) as the:
        agree(the, texts=300)
        activity_lists_what_it_counts(the, requests=30)


def test_saved_searches_list_what_the_restatement_lists(asked: Office) -> None:
    for view in asked.views:
        offset = asked.offset()
        assert asked.leads(f"in:{quoted(view)}", offset) == asked.search(offset).saved(view), (asked.seed, view)


def test_pages_in_order_of_id_make_up_the_whole(asked: Office) -> None:
    pages = [asked.get("lead/", {"query": "*", "_limit": 7, "_skip": skip}) for skip in range(0, 42, 7)]
    found = [row["id"] for page in pages for row in page["data"]]
    assert found == sorted(asked.world.leads)[:42]
    assert {page["total_results"] for page in pages} == {len(asked.world.leads)}
    assert [page["has_more"] for page in pages] == [skip + 7 < len(asked.world.leads) for skip in range(0, 42, 7)]


@pytest.mark.parametrize(
    "text",
    ["(", "name:", "nofield:1", "opportunity(", 'status:"open', "lead_status(status:a)", "a or", "created > soon"],
)
def test_what_is_not_of_the_language_is_refused(asked: Office, text: str) -> None:
    assert "query" in asked.get("lead/", {"query": text})


NULL: Row = {"saved_search": [], "organization": [{"id": "orga_1", "name": "Acme"}]}


def leads_found(memory: Memory, text: str) -> list[str]:
    told = Api(memory).get("lead/", query_string={"query": text, "_fields": "id"}).get_json()
    return [row["id"] for row in told["data"]]


def test_an_empty_label_is_not_no_label() -> None:
    memory = Memory(**NULL)
    for number, label in enumerate((None, "")):
        memory.add("lead_status", id=f"stat_{number}", label=label, is_deleted=0)
        memory.add("lead", id=f"lead_{number}", status=number)
    assert leads_found(memory, 'status:""') == ["lead_1"]
    assert leads_found(memory, "status:stat_0") == ["lead_0"]


def test_the_id_of_a_user_is_never_the_name_of_another() -> None:
    """So the strings of reports, which name users by ID, find the objects of these users only."""
    memory = Memory(**NULL)
    for number, name in enumerate(("Ann Lee", "user_0", "User_0")):
        memory.add_user(f"user_{number}", name)
        memory.add("lead", id=f"lead_{number}", created_by=number)
    assert leads_found(memory, "created_by:user_0") == ["lead_0"]
    assert leads_found(memory, "created_by:USER_0") == ["lead_1", "lead_2"]
