"""What is owed: every rule, and that whoever looks often enough sends each digest exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner import endpoints, owed
from runner.model import Delivery, Entry, Key, Schedule, Spec, State
from runner.owed import Known, Owed, Standing
from runner.schedule import slots
from tests.endpoints import made
from tests.spec.definitions import GOOD, read

ZONE = ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MAIL = Delivery("email", "mail", ("deliver", 0, "email"), ("ann@example.com",))
BOTH = replace(MAIL, to=("ann@example.com", "bob@example.com"))
ROOM = Delivery("slack", "room", ("deliver", 1, "slack"))
MONDAYS, DAILY = Schedule("0 8 * * MON"), Schedule("0 8 * * *")
CLOSED = [state for state in State if state not in (State.PLANNED, State.DEFERRED)]


def at(text: str) -> datetime:
    """An instant of November 2026 in New York: ``23T08:00`` is a Monday's."""
    return datetime.fromisoformat(f"2026-11-{text}-05:00").astimezone(UTC)


def spec(schedule: Schedule | None, *deliver: Delivery, span: str = "last-week") -> Spec:
    job = made.job("activity", type="overview", range=span, metrics=["calls.outbound.all.count"])
    return replace(made.spec(job), schedule=schedule, deliver=deliver)


def entry(state: State, period: str, as_of: datetime, to: str = "ann@example.com", **more: str) -> Entry:
    key = Key(more.get("report", "weekly"), period, more.get("channel", "mail"), to)
    return Entry("0", key, state, as_of, as_of, more.get("reason", ""))


def standing(one: Spec, now: datetime, *entries: Entry, files: dict[str, datetime] | None = None) -> Standing:
    known = Known(entries, endpoints.period, lambda _, period: (files or {}).get(period))
    (found,) = owed.standings([one], now, known)
    return found


def told(found: Iterable[Owed]) -> list[str]:
    """Occasion, since when, as of when, why."""
    return [
        f"{one.period} {one.slot.astimezone(ZONE):%d %H:%M} {one.as_of.astimezone(ZONE):%d %H:%M} {one.why}"
        for one in found
    ]


# ---- when a digest is owed


def test_a_definition_without_a_schedule_owes_nothing() -> None:
    known = Known((), endpoints.period, lambda _, __: None)
    assert list(owed.standings([spec(None, MAIL)], at("23T09:00"), known)) == []


def test_a_digest_is_owed_from_its_slot_on() -> None:
    assert standing(spec(MONDAYS, MAIL), at("23T07:59"), entry(State.SENT, "2026-W46", at("16T08:00"))).owed == ()
    assert told(standing(spec(MONDAYS, MAIL), at("23T08:00")).owed) == ["2026-W47 23 08:00 23 08:00 1 of 1 not sent"]


def test_a_late_look_owes_the_digest_as_of_its_slot() -> None:
    assert told(standing(spec(MONDAYS, MAIL), at("25T17:30")).owed) == ["2026-W47 23 08:00 23 08:00 1 of 1 not sent"]


@pytest.mark.parametrize("state", CLOSED)
def test_a_delivery_that_is_done_with_is_not_owed(state: State) -> None:
    assert standing(spec(MONDAYS, MAIL), at("23T09:00"), entry(state, "2026-W47", at("23T08:00"))).owed == ()


@pytest.mark.parametrize("state", [State.PLANNED, State.DEFERRED])
def test_a_delivery_that_is_open_is_owed_as_of_its_own_instant(state: State) -> None:
    open_one = entry(state, "2026-W47", at("23T11:11"), reason="no connection")
    assert told(standing(spec(MONDAYS, MAIL), at("23T12:00"), open_one).owed) == [
        f"2026-W47 23 08:00 23 11:11 {state.value}: no connection"
    ]


def test_one_delivery_that_is_missing_is_enough() -> None:
    sent = entry(State.SENT, "2026-W47", at("23T08:00"))
    (found,) = standing(spec(MONDAYS, BOTH, ROOM), at("23T09:00"), sent).owed
    assert found.why == "2 of 3 not sent"
    assert [(key.channel, key.recipient) for key in found.missing] == [("mail", "bob@example.com"), ("room", "room")]


def test_the_digest_of_another_report_channel_or_period_settles_nothing() -> None:
    others = (
        entry(State.SENT, "2026-W47", at("23T08:00"), report="other"),
        entry(State.SENT, "2026-W47", at("23T08:00"), report="weekly2"),
        entry(State.SENT, "2026-W47", at("23T08:00"), channel="other"),
        entry(State.SENT, "2026-W47", at("23T08:00"), report="weekly!failure"),
        entry(State.SENT, "2026-W46", at("16T08:00")),
    )
    assert len(standing(spec(MONDAYS, MAIL), at("23T09:00"), *others).owed) == 1


def test_what_was_delivered_by_hand_before_its_slot_is_not_owed() -> None:
    assert standing(spec(MONDAYS, MAIL), at("23T08:00"), entry(State.SENT, "2026-W47", at("23T06:00"))).owed == ()


def test_a_notice_of_failed_jobs_is_not_owed_by_itself() -> None:
    sent = entry(State.SENT, "2026-W47", at("23T08:00"))
    notice = entry(State.DEFERRED, "2026-W47", at("23T08:00"), report="weekly!failure")
    assert standing(spec(MONDAYS, MAIL), at("23T09:00"), sent, notice).owed == ()


# ---- several slots


def test_every_period_that_was_missed_within_the_catch_up_is_owed() -> None:
    daily = spec(replace(DAILY, max_catchup=2 * DAY), MAIL, span="yesterday")
    assert told(standing(daily, at("25T09:00")).owed) == [
        "2026-11-23 24 08:00 24 08:00 1 of 1 not sent",
        "2026-11-24 25 08:00 25 08:00 1 of 1 not sent",
    ]


def test_two_slots_of_one_period_are_one_debt() -> None:
    assert told(standing(spec(DAILY, MAIL), at("25T07:00")).owed) == [
        "2026-W46 22 08:00 22 08:00 1 of 1 not sent",
        "2026-W47 23 08:00 24 08:00 1 of 1 not sent",
    ]
    weekend = entry(State.SENT, "2026-W46", at("16T08:00"))
    assert (
        standing(spec(DAILY, MAIL), at("25T09:00"), weekend, entry(State.SENT, "2026-W47", at("23T08:00"))).owed == ()
    )


@pytest.mark.parametrize(
    ("span", "name"), [("this-month", "2026-11"), ("all-time", "all-time"), ("2026-Q4", "2026-Q4")]
)
def test_a_period_that_is_not_over_is_owed_every_day_and_only_the_latest_of_it(span: str, name: str) -> None:
    daily = spec(DAILY, MAIL, span=span)
    found = standing(daily, at("25T09:00"), entry(State.SENT, f"{name}@2026-11-24", at("24T08:00")))
    assert told(found.owed) == [f"{name}@2026-11-25 25 08:00 25 08:00 1 of 1 not sent"]
    assert standing(daily, at("25T09:00"), entry(State.SENT, f"{name}@2026-11-25", at("25T08:00"))).owed == ()


def test_a_delivery_of_a_day_that_is_superseded_is_not_tried_again() -> None:
    old = entry(State.DEFERRED, "2026-11@2026-11-24", at("24T08:00"))
    found = standing(spec(DAILY, MAIL, span="this-month"), at("25T09:00"), old)
    assert [one.period for one in found.owed] == ["2026-11@2026-11-25"]


def test_a_period_that_is_over_is_owed_whatever_was_sent_while_it_ran() -> None:
    fixed = spec(MONDAYS, MAIL, span="2026-W47")
    assert [one.period for one in standing(fixed, at("23T08:00")).owed] == ["2026-W47"]
    ran = entry(State.SENT, "2026-W47@2026-11-20", at("20T08:00"))
    assert [one.period for one in standing(fixed, at("23T08:00"), ran).owed] == ["2026-W47"]


def test_a_range_that_ends_within_a_day_is_owed_as_over_from_the_first_slot_after_it() -> None:
    job = made.job(
        "activity", type="overview", range={"start": "2026-11-01", "end": "2026-11-23T15:00:00-05:00"}, metrics=[]
    )
    one = replace(made.spec(job), schedule=Schedule("0 * * * *"), deliver=(MAIL,))
    (found,) = standing(one, at("23T20:30")).owed
    assert ("@" in found.period, found.slot, found.as_of) == (False, at("23T15:00"), at("23T20:00"))


# ---- what is too late


def test_what_is_older_than_the_catch_up_is_missed_and_not_owed() -> None:
    found = standing(spec(MONDAYS, MAIL), at("26T08:00"))
    assert (found.owed, told(found.missed)) == ((), ["2026-W47 23 08:00 23 08:00 1 of 1 not sent"])
    assert len(standing(spec(MONDAYS, MAIL), at("26T07:59")).owed) == 1


def test_what_was_missed_since_the_last_digest_is_told() -> None:
    daily = spec(replace(DAILY, max_catchup=DAY), MAIL, span="yesterday")
    found = standing(daily, at("25T09:00"), entry(State.SENT, "2026-11-21", at("22T08:00")))
    assert [one.period for one in found.missed] == ["2026-11-22", "2026-11-23"]
    assert [one.period for one in found.owed] == ["2026-11-24"]


def test_a_deferred_delivery_is_given_up_when_its_digest_is_too_old() -> None:
    entries = (
        entry(State.SENT, "2026-W47", at("23T08:00")),
        entry(State.DEFERRED, "2026-W47", at("23T08:00"), "bob@example.com"),
    )
    found = standing(spec(MONDAYS, BOTH), at("26T09:00"), *entries)
    assert (found.owed, told(found.missed)) == ((), ["2026-W47 23 08:00 23 08:00 deferred"])


def test_what_a_person_has_sent_again_is_owed_however_old_it_is() -> None:
    again = replace(entry(State.PLANNED, "2026-W40", at("02T08:00")), changed=at("24T10:00"))
    sent = entry(State.SENT, "2026-W47", at("23T08:00"))
    found = standing(spec(MONDAYS, MAIL), at("24T11:00"), again, sent)
    assert told(found.owed) == ["2026-W40 24 10:00 02 08:00 planned"]
    assert standing(spec(MONDAYS, MAIL), at("27T10:00"), again, sent).owed == ()


def test_who_is_added_later_gets_what_is_within_the_catch_up_and_has_missed_nothing_else() -> None:
    sent = entry(State.SENT, "2026-W47", at("23T08:00"))
    assert [key.recipient for key in standing(spec(MONDAYS, BOTH), at("24T09:00"), sent).owed[0].missing] == [
        "bob@example.com"
    ]
    late = standing(spec(MONDAYS, BOTH), at("27T09:00"), sent)
    assert (late.owed, late.missed) == ((), ())


# ---- a digest for each member, and files only


def test_members_digests_are_owed_until_the_channel_has_some_and_none_is_open() -> None:
    each = replace(spec(MONDAYS, replace(MAIL, to=())), for_each="user")
    ann = entry(State.SENT, "2026-W47", at("23T08:00"), report="weekly/ann")
    bob = entry(State.DEFERRED, "2026-W47", at("23T08:00"), "bob@example.com", report="weekly/bob")
    assert told(standing(each, at("23T09:00")).owed) == ["2026-W47 23 08:00 23 08:00 1 of 1 not sent"]
    assert told(standing(each, at("23T09:00"), ann, bob).owed) == ["2026-W47 23 08:00 23 08:00 deferred"]
    assert standing(each, at("23T09:00"), ann, replace(bob, state=State.REFUSED)).owed == ()


def test_files_are_owed_until_they_are_made() -> None:
    weekly = spec(MONDAYS)
    assert told(standing(weekly, at("24T09:00")).owed) == ["2026-W47 23 08:00 23 08:00 not made"]
    assert standing(weekly, at("24T09:00"), files={"2026-W47": at("23T06:00")}).owed == ()
    fixed = spec(MONDAYS, span="2026-W47")
    assert len(standing(fixed, at("24T09:00"), files={"2026-W47": at("20T08:00")}).owed) == 1


def test_files_of_a_period_that_is_not_over_are_owed_every_day() -> None:
    daily = spec(DAILY, span="this-month")
    assert standing(daily, at("24T09:00"), files={"2026-11": at("24T08:00")}).owed == ()
    assert standing(daily, at("24T09:00"), files={"2026-11": at("24T07:00")}).owed == ()
    assert [one.period for one in standing(daily, at("24T09:00"), files={"2026-11": at("23T08:00")}).owed] == [
        "2026-11@2026-11-24"
    ]


# ---- how a definition stands


def test_a_standing_has_the_slots_the_deliveries_of_the_last_and_what_nobody_can_say() -> None:
    entries = (
        replace(entry(State.SENT, "2026-W47", at("23T08:00")), changed=at("23T08:03")),
        entry(State.UNCERTAIN, "2026-W47", at("23T08:00"), "bob@example.com"),
        entry(State.UNCERTAIN, "2026-W30", at("01T08:00"), report="weekly!failure"),
        entry(State.SENT, "2026-W46", at("16T08:00")),
    )
    found = standing(spec(MONDAYS, BOTH), at("24T08:00"), *entries)
    assert (found.last, found.next, found.period) == (at("23T08:00"), at("30T08:00"), "2026-W47")
    assert (found.states, found.sent) == ({State.SENT: 1, State.UNCERTAIN: 1}, at("23T08:03"))
    assert [one.key.period for one in found.uncertain] == ["2026-W47", "2026-W30"]
    assert found.overdue(at("24T08:00")) == timedelta()


def test_an_attempt_that_takes_longer_than_any_does_is_a_doubt() -> None:
    attempt = entry(State.ATTEMPTING, "2026-W47", at("23T08:00"))
    assert standing(spec(MONDAYS, MAIL), at("23T08:59"), attempt).uncertain == ()
    assert standing(spec(MONDAYS, MAIL), at("23T09:00"), attempt).uncertain == (attempt,)


def test_it_is_overdue_since_the_oldest_slot_without_its_digest_also_when_that_was_missed() -> None:
    assert (
        standing(spec(DAILY, MAIL, span="yesterday"), at("24T08:30")).overdue(at("24T08:30")) == 2 * DAY + 30 * MINUTE
    )
    assert standing(spec(MONDAYS, MAIL), at("28T08:00")).overdue(at("28T08:00")) == 5 * DAY


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("day", ["2026-01-01", "2026-03-09", "2026-11-02", "2026-11-23"])
def test_the_period_of_a_digest_is_that_of_its_plan(path: Path, day: str) -> None:
    one = read(path.read_text(encoding="utf-8"))
    as_of = datetime.fromisoformat(f"{day}T12:00Z")
    assert endpoints.period(one, as_of) == endpoints.plan(one, as_of, "orga_x").period


# ---- the law: looked at often enough, every digest is sent exactly once


def look(one: Spec, now: datetime, ledger: dict[Key, Entry], state: State = State.SENT) -> list[str]:
    """What ``run --due --send`` does: the occasions sent, and the ledger afterwards."""
    sent = []
    known = Known(tuple(ledger.values()), endpoints.period, lambda _, __: None)
    for found in next(iter(owed.standings([one], now, known))).owed:
        assert endpoints.period(one, found.as_of).occasion(found.as_of) == found.period
        for key in found.missing:
            sent.append(f"{key.period} {key.recipient}")
            ledger[key] = Entry("0", key, state, found.as_of, now)
    return sent


SCHEDULES = st.sampled_from(["0 8 * * *", "0 8 * * MON", "*/20 * * * *", "30 1,2 * * *", "0 0 1 * *", "59 23 * * 1-5"])
SPANS = st.sampled_from(["yesterday", "last-week", "last-month", "last-7-days"])
STARTS = st.sampled_from(["2026-03-07", "2026-10-31", "2026-11-21"])


def expected(one: Spec, after: datetime, until: datetime) -> list[str]:
    assert one.schedule
    periods = {endpoints.period(one, slot).name: None for slot in slots(one.schedule, ZONE, after, until)}
    return [f"{period} {to}" for period in periods for to in one.deliver[0].to]


@pytest.mark.slow
@settings(max_examples=30)
@given(SCHEDULES, SPANS, STARTS)
def test_looked_at_every_few_minutes_each_period_is_sent_exactly_once(cron: str, span: str, start: str) -> None:
    one = spec(Schedule(cron, 2 * HOUR), BOTH, span=span)
    begin = datetime.fromisoformat(start).replace(tzinfo=ZONE).astimezone(UTC)
    ledger: dict[Key, Entry] = {}
    sent = [text for step in range(3 * 24 * 4) for text in look(one, begin + step * 15 * MINUTE, ledger)]
    assert Counter(sent) == Counter(expected(one, begin - 2 * HOUR, begin + 3 * DAY - 15 * MINUTE))


@settings(max_examples=60)
@given(SCHEDULES, SPANS, STARTS, st.lists(st.integers(1, 47 * 60), max_size=8))
def test_gaps_shorter_than_the_catch_up_lose_nothing_and_repeat_nothing(
    cron: str, span: str, start: str, gaps: list[int]
) -> None:
    one = spec(Schedule(cron, 2 * DAY), BOTH, span=span)
    now = datetime.fromisoformat(start).replace(tzinfo=ZONE).astimezone(UTC)
    first, ledger = now, dict[Key, Entry]()
    sent = look(one, now, ledger)
    for gap in gaps:
        now += gap * MINUTE
        sent += look(one, now, ledger)
        assert look(one, now, ledger) == []
    assert Counter(sent) == Counter(expected(one, first - 2 * DAY, now))


@given(st.sampled_from(CLOSED), st.integers(0, 96))
def test_whatever_came_of_a_delivery_it_is_not_made_twice(state: State, hours: int) -> None:
    one, ledger = spec(DAILY, BOTH, span="this-month"), dict[Key, Entry]()
    now = at("21T00:00")
    sent = [text for hour in range(hours) for text in look(one, now + hour * HOUR, ledger, state)]
    assert len(sent) == len(set(sent))


@given(st.integers(1, 160))
def test_a_delivery_that_is_deferred_is_tried_until_the_catch_up_ends(hours: int) -> None:
    one, ledger = spec(MONDAYS, MAIL), dict[Key, Entry]()
    tries = [look(one, at("23T08:00") + hour * HOUR, ledger, State.DEFERRED) for hour in range(hours)]
    assert sum(map(len, tries)) == min(hours, 72)
