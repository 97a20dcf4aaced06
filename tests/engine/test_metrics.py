"""Which metrics there are, and what each of them counts."""

from __future__ import annotations

import pytest

from runner.engine.metrics import METRICS
from tests.engine.memory import Api, Memory, day

CALLS = {
    f"calls.{kind}.{measure}"
    for kind in (
        "all.all",
        "outbound.all",
        "outbound.regular",
        "outbound.power_dialer",
        "outbound.predictive_dialer",
        "outbound.external",
        "inbound.all",
    )
    for measure in ("count", "sum_duration", "avg_duration")
}
EMAILS = {
    "emails.sent.all.count",
    *(
        f"emails.sent.{kind}{reply}.count"
        for kind in ("sequences", "manual", "bulk")
        for reply in ("", "_with_reply", "_without_reply")
    ),
    "emails.received.all.count",
    *(f"emails.opened.{kind}.count" for kind in ("all", "sequences", "manual", "bulk")),
}
CLOSED = {
    f"opportunities.{rest}"
    for action in ("won", "lost")
    for rest in (
        f"{action}.all.count",
        f"{action}.all.sum_annualized_value",
        *(
            f"value_{action}.{period}.{m}"
            for period in ("one_time", "monthly", "annual")
            for m in ("count", "sum_value")
        ),
    )
}
OTHERS = {
    "sms.sent.all.count",
    "sms.received.all.count",
    "leads.created.all.count",
    "leads.contacted.all.count",
    "opportunities.created.all.count",
    "opportunities.created_for.all.count",
    "meetings.held.all.count",
    "tasks.completed.all.count",
    "notes.created.all.count",
}

TS = "2026-11-17T10:00:00Z"


def fill_calls(office: Memory) -> None:
    """Ten seconds of each outbound kind once, an inbound call of 5 s, one without direction or duration."""
    for kind in ("regular", "power_dialer", "predictive_dialer", "external"):
        office.add("call", ts=TS, user_no=0, lead=0, direction="outbound", kind=kind, duration=10)
    office.add("call", ts=TS, user_no=0, lead=1, direction="outbound", kind="external", duration=0)
    office.add("call", ts=TS, user_no=0, lead=2, direction="inbound", duration=5)
    office.add("call", ts=TS, user_no=0)


def fill_messages(office: Memory) -> None:
    """E-mails of each kind with and without opens and replies; drafts; SMS of both directions."""
    sent = {"ts": TS, "user_no": 0, "direction": "outgoing", "status": "sent"}
    office.add("email", **sent, lead=3, kind="sequences", opened=1, has_reply=1)
    office.add("email", **sent, lead=3, kind="sequences", opened=0, has_reply=0)
    office.add("email", **sent, lead=4, kind="manual", opened=1)
    office.add("email", **sent, kind="bulk", opened=1, has_reply=1)
    office.add("email", **sent, kind="bulk", opened=1, has_reply=0)
    office.add("email", **sent, kind="bulk", has_reply=0)
    office.add("email", **(sent | {"status": "draft"}), lead=5, kind="manual", opened=1, has_reply=1)
    office.add("email", **(sent | {"direction": "incoming"}), lead=6, opened=1, has_reply=1)
    office.add("email", **(sent | {"direction": "incoming", "status": "inbox"}), lead=6)
    for direction, status in (("outbound", "sent"), ("outbound", "error"), ("inbound", "inbox"), ("inbound", "sent")):
        office.add("sms", ts=TS, user_no=0, lead=7, direction=direction, status=status)


def fill_opportunities(office: Memory) -> None:
    """Won and lost ones of every value period, by day and by moment; some that only look closed."""
    dates = {"won_day": day("2026-11-17")}
    for period, value, annualized in (("one_time", 100, 100), ("monthly", 10, 120), ("annual", 7, 7), (None, 3, 3)):
        money = {"value": value, "value_period": period, "annualized": annualized, "user_no": 0}
        office.add("opportunity", created="2026-01-01T00:00:00Z", status_type="won", **dates, **money)
        office.add("opportunity", created="2026-01-01T00:00:00Z", status_type="lost", **dates, **money)
    office.add("opportunity", created=TS, created_by=0, status_type="active", won_day=day("2026-11-17"), value=9)
    lost = {"status_type": "lost", "lost_ts": 1_794_880_000_000_000, "user_no": 0}
    office.add("opportunity", created=TS, value_period="monthly", value=1, annualized=12, **lost)
    office.add("opportunity", created=TS, value_period="monthly", **lost)


def fill_others(office: Memory) -> None:
    office.add("lead", created=TS, created_by=0)
    office.add("lead", created=TS)
    office.add("meeting", ts=TS, status="completed", user_no=0)
    office.add("meeting", ts=TS, status="canceled", user_no=0)
    office.add("note", ts=TS, user_no=0)
    for _ in range(3):
        office.add("task_completed", ts=TS, user_no=0)


EXPECTED: dict[str, float | None] = {
    "calls.all.all.count": 7,
    "calls.all.all.sum_duration": 45,
    "calls.all.all.avg_duration": 45 / 7,
    "calls.outbound.all.count": 5,
    "calls.outbound.all.sum_duration": 40,
    "calls.outbound.all.avg_duration": 8.0,
    "calls.outbound.regular.count": 1,
    "calls.outbound.regular.sum_duration": 10,
    "calls.outbound.regular.avg_duration": 10.0,
    "calls.outbound.power_dialer.count": 1,
    "calls.outbound.power_dialer.sum_duration": 10,
    "calls.outbound.power_dialer.avg_duration": 10.0,
    "calls.outbound.predictive_dialer.count": 1,
    "calls.outbound.predictive_dialer.sum_duration": 10,
    "calls.outbound.predictive_dialer.avg_duration": 10.0,
    "calls.outbound.external.count": 2,
    "calls.outbound.external.sum_duration": 10,
    "calls.outbound.external.avg_duration": 5.0,
    "calls.inbound.all.count": 1,
    "calls.inbound.all.sum_duration": 5,
    "calls.inbound.all.avg_duration": 5.0,
    "emails.sent.all.count": 6,
    "emails.sent.sequences.count": 2,
    "emails.sent.sequences_with_reply.count": 1,
    "emails.sent.sequences_without_reply.count": 1,
    "emails.sent.manual.count": 1,
    "emails.sent.manual_with_reply.count": 0,
    "emails.sent.manual_without_reply.count": 1,
    "emails.sent.bulk.count": 3,
    "emails.sent.bulk_with_reply.count": 1,
    "emails.sent.bulk_without_reply.count": 2,
    "emails.received.all.count": 2,
    "emails.opened.all.count": 4,
    "emails.opened.sequences.count": 1,
    "emails.opened.manual.count": 1,
    "emails.opened.bulk.count": 2,
    "sms.sent.all.count": 1,
    "sms.received.all.count": 2,
    "leads.created.all.count": 2,
    "leads.contacted.all.count": 5,
    "opportunities.created.all.count": 3,
    "opportunities.created_for.all.count": 3,
    "opportunities.won.all.count": 4,
    "opportunities.won.all.sum_annualized_value": 230,
    "opportunities.value_won.one_time.count": 2,
    "opportunities.value_won.one_time.sum_value": 103,
    "opportunities.value_won.monthly.count": 1,
    "opportunities.value_won.monthly.sum_value": 10,
    "opportunities.value_won.annual.count": 1,
    "opportunities.value_won.annual.sum_value": 7,
    "opportunities.lost.all.count": 2,
    "opportunities.lost.all.sum_annualized_value": 12,
    "opportunities.value_lost.one_time.count": 0,
    "opportunities.value_lost.one_time.sum_value": 0,
    "opportunities.value_lost.monthly.count": 2,
    "opportunities.value_lost.monthly.sum_value": 1,
    "opportunities.value_lost.annual.count": 0,
    "opportunities.value_lost.annual.sum_value": 0,
    "meetings.held.all.count": 1,
    "tasks.completed.all.count": 3,
    "notes.created.all.count": 1,
}


@pytest.fixture(scope="module")
def api() -> Api:
    office = Memory(organization=[{"id": "orga_1", "date_created": "2026-01-01T00:00:00Z"}])
    office.add_user("user_a", "Ann Lee")
    for fill in (fill_calls, fill_messages, fill_opportunities, fill_others):
        fill(office)
    return Api(office)


def test_every_documented_metric_is_served_and_no_other() -> None:
    assert set(METRICS) == CALLS | EMAILS | CLOSED | OTHERS == set(EXPECTED)


def test_metrics_are_told_with_a_name_and_a_description_of_their_own(api: Api) -> None:
    told = api.get("report/activity/metrics/").get_json()
    assert set(told) == {"metrics"}
    assert [set(metric) for metric in told["metrics"]] == [{"key", "name", "description"}] * len(METRICS)
    for field in ("key", "name", "description"):
        assert len({metric[field] for metric in told["metrics"]}) == len(METRICS)


@pytest.mark.parametrize(
    ("key", "name", "description"),
    [
        ("calls.outbound.all.count", "Outbound calls", "Number of outbound calls, by call date."),
        (
            "calls.outbound.all.sum_duration",
            "Outbound call duration (total)",
            "Total duration in seconds of outbound calls, by call date.",
        ),
        (
            "emails.sent.bulk_without_reply.count",
            "Bulk e-mails sent without a reply",
            "Number of bulk e-mails sent without a reply, by date sent.",
        ),
        (
            "opportunities.won.all.sum_annualized_value",
            "Annualized value won",
            "Annualized value in cents of opportunities won, by date won.",
        ),
    ],
)
def test_names_and_descriptions_are_plain_words(key: str, name: str, description: str) -> None:
    assert (METRICS[key].name, METRICS[key].description) == (name, description)


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_a_metric_counts_what_it_says(key: str, api: Api) -> None:
    told = api.report(type="overview", relative_range="this-week", metrics=[key])
    assert told["aggregations"]["totals"] == {key: EXPECTED[key]}
    assert [row[key] for row in told["data"]][1] == EXPECTED[key]


def test_all_metrics_asked_at_once_give_the_same_numbers(api: Api) -> None:
    told = api.report(type="overview", relative_range="this-week", metrics=list(EXPECTED))
    assert told["aggregations"]["totals"] == EXPECTED


def test_where_there_is_nothing_counts_and_sums_are_0_and_averages_null(api: Api) -> None:
    told = api.report(type="overview", relative_range="last-year", metrics=list(EXPECTED))
    nothing = {key: None if ".avg_" in key else 0 for key in EXPECTED}
    assert told["aggregations"]["totals"] == nothing
    assert all({**row, "datetime": ""} == nothing | {"datetime": ""} for row in told["data"])
