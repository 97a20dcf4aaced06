"""One digest of every endpoint, made of literal answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from runner import endpoints
from runner.model import Answer, Ask, Digest, Job, Json, Source, Spec
from tests.endpoints import test_funnel as funnel
from tests.endpoints import test_statuses as statuses

ZONE = ZoneInfo("America/New_York")
AS_OF = datetime(2026, 11, 23, 7, 2, tzinfo=ZONE)
CALLS, WON = "calls.outbound.all.count", "opportunities.won.all.sum_annualized_value"
FUNNEL: dict[str, Json] = {"pipeline": "pipe_a", "type": "active-stage-cohort"}


def everything() -> Digest:
    """A week of every endpoint against the week before."""
    jobs = (
        _job("day-by-day", "activity", type="overview", metrics=[CALLS, WON]),
        _job("who-did-what", "activity", type="comparison", metrics=[CALLS, WON]),
        _job("e-mails", "sent_emails"),
        _job("leads", "statuses/lead"),
        _job("opportunities", "statuses/opportunity"),
        _job("new-value", "custom", x="opportunity.date_created", y="opportunity.value", interval="day",
             group_by="opportunity.user_id"),
        _job("pipeline", "funnel/opportunity/totals", **FUNNEL),
        _job("stages", "funnel/opportunity/stages", **FUNNEL),
    )  # fmt: skip
    source = Source("reports/everything.yaml", "", None, {(): (1, 1)}, {})
    spec = Spec(
        "everything", "Everything", "", ZONE.key, "monday", "en_US", "USD", jobs, ("html",), source,
        app_url="https://app.example.com",
    )  # fmt: skip
    made = endpoints.plan(spec, AS_OF, "orga_x")
    answers = {ask.query.key: Answer(_answer(ask)) for ask in made.asks}
    return replace(endpoints.digest(made, answers, sample=False), description="Every endpoint.")


def _job(name: str, endpoint: str, **settings: Json) -> Job:
    said: dict[str, Json] = {**settings, "range": "last-week", "compare": "previous"}
    return Job(name, endpoint, name.replace("-", " ").capitalize(), said, {})


def _answer(ask: Ask) -> Json:
    """What the service says; a week earlier everything was a little less."""
    if ask.period is None:
        return _lookup(ask)
    assert ask.period.start is not None
    less = 0 if ask.period.name == "2026-W47" else 1
    match ask.job.endpoint:
        case "activity":
            return _activity(ask, less)
        case "sent_emails":
            return _sent_emails(less)
        case "custom":
            return _custom(ask.period.start, less)
        case "funnel/opportunity/totals":
            return funnel.totals(("user_a", 4 - less), ("user_b", 2), count=6 - less, count_total_won=1 + less)
        case "funnel/opportunity/stages":
            new, won = funnel.stage("New", 6 - less), funnel.stage("Won", 2, count_conversion_rate=0, count_lost=0)
            return funnel.stages(new, won, user_a=[new, won], user_b=[funnel.stage("New", 1)])
        case _:
            return _statuses(ask.job.endpoint.rpartition("/")[2], less)


def _lookup(ask: Ask) -> Json:
    if ask.query.path.startswith("organization/"):
        return funnel.PEOPLE
    return {"metrics": [{"key": CALLS, "name": "Outbound calls"}, {"key": WON, "name": "Annualized value won"}]}


def _activity(ask: Ask, less: int) -> Json:
    totals: dict[str, Json] = {CALLS: 40 - less, WON: 1_234_500}
    found: dict[str, Json] = {"aggregations": {"totals": totals}}
    if ask.job.settings["type"] == "comparison":
        names: Json = {"user_a": {"display": "Ann Lee"}, "user_b": {"display": "Bo Chen"}}
        rows: list[Json] = [
            {"user_id": "user_a", CALLS: 30, WON: 0},
            {"user_id": "user_b", CALLS: 10 - less, WON: 1_234_500},
        ]
        return {**found, "data": rows, "lookup": {"user": names}}
    days = list(_days(datetime(2026, 11, 16, tzinfo=ZONE)))
    data: list[Json] = [{"datetime": day, CALLS: place, WON: None} for place, day in enumerate(days)]
    return {**found, "data": data, "queries": {"leads": {CALLS: ['call(direction: "outbound")']}}}


def _days(start: datetime) -> Iterator[str]:
    return ((start + timedelta(days=day)).isoformat() for day in range(7))


def _sent_emails(less: int) -> Json:
    def row(template: str | None, name: str, total: int) -> Json:
        queries: Json = {"total": f'email(direction:sent template:"{name}")'}
        return {
            "template_id": template, "name": name, "total": total, "opened": total // 2, "responded": total // 5,
            "_queries": queries,
        }  # fmt: skip

    rows = [row(None, "All Emails", 101 - less), row("tmpl_a", "First [contact]", 40), row("tmpl_b", "Follow-up", 0)]
    return {"sent_email_stats": rows}


def _statuses(of: str, less: int) -> Json:
    pages: Any = {"_leads_page_urls": {"ended": "/search/lead_status%28status%3A%22New%22%29/", "lost": "//evil/"}}
    if of == "opportunity":
        pages = {"_opportunities_page_urls": {"ended": "/opportunities/custom_filter_type=ended&query=a+b/"}}
    return statuses.answer(
        statuses.status("New", 10, 8 - less, 1, 3, **pages),
        statuses.status("Hot | urgent", 0, 12, 12, 0),
        moves=(statuses.move("New", "Hot | urgent", 3, _leads_page_url="/search/x/"), statuses.move(None, "New", 1)),
        summary=(statuses.move(None, "New", 1),),
    )


def _custom(start: datetime, less: int) -> Json:
    def series(name: str, step: int) -> Json:
        data: list[Json] = [[day, step * place] for place, day in enumerate(_days(start))]
        return {"name": name, "count": 7 - less, "data": data}

    return {"interval": "day", "series": [series("Ann Lee", 99_950), series("Bo Chen", 10_000 - less)]}
