"""Search texts and the leads they find, on DuckDB and SQLite alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.query.conftest import Finder

ALL = "acme bare labs odd"
T = "2026-01-15 12:00:00"
WARM = r'"Warm \"ish\" \\ ' + "'x'\""

FOUND = [
    ("", ALL),
    ("  \n ", ALL),
    ("*", ALL),
    ("not *", ""),
    # words
    ("acme", "acme labs"),
    ("ACME", "acme labs"),
    ("acm", ""),
    ("big acme", "acme"),
    ('"big corp"', "acme"),
    ('"big acme"', ""),
    ('"acme corp"', ""),
    ("GRÖSSE_2", ""),
    ("GRÖßE_2", "odd"),
    ("größe", ""),
    ('"o neil sons"', "odd"),
    ("not acme", "bare odd"),
    # fields of leads
    ('name:"ACME labs"', "labs"),
    ("company:acme", ""),
    ('display_name="acme big corp"', "acme"),
    (r'name:"o\'neil \"sons\" \\ größe_2"'.replace(r"\'", "'"), "odd"),
    ("id:lead_acme", "acme"),
    ("id:LEAD_ACME", ""),
    ("id in (lead_acme, lead_odd)", "acme odd"),
    ("status:new", "acme odd"),
    ("status:NEW", "acme odd"),
    ("lead_status:stat_new", "acme"),
    (f"status:{WARM}", "labs"),
    ("status:nothing", ""),
    ('status:""', ""),
    ("not status:nothing", ALL),
    ("not status:new", "bare labs"),
    ("created_by:user_ann", "acme"),
    ('created_by:"ann lee"', "acme"),
    ('not created_by:"Ann Lee"', "bare labs odd"),
    ("created_by in (user_ann, user_bob)", "acme labs"),
    ("created_by:(user_ann or nobody)", "acme"),
    ('opportunity_user:"Ann Lee"', "acme"),
    # moments
    ("created:2026-01-10", "acme labs"),
    ("date_created > 2026-01-10", "bare odd"),
    ("created >= 2026-01-10", ALL),
    ("created < 2026-01-10", ""),
    ("created <= 2026-01-10", "acme labs"),
    ("created:2026-01-10T10:00", "acme"),
    ('created:"2026-01-10 10:00:00"', "acme"),
    ('created:"2026-01-10T10:00:00.000+0000"', "acme"),
    ('created:"2026-01-10T10:00:00.001Z"', ""),
    ('created > "2026-01-10T10:00:00Z"', "bare labs odd"),
    ('created >= "2026-01-10T11:00:00+01:00"', ALL),
    ("created in (2026-01-10, 2026-02-01)", "acme bare labs"),
    # precedence
    ("acme or status:new and id:lead_odd", "acme labs odd"),
    ("(acme or status:new) and id:lead_odd", "odd"),
    ("not acme and status:new", "odd"),
    ("not (acme and status:new)", "bare labs odd"),
    ("not not acme", "acme labs"),
    ("NOT acme OR Acme AND id:lead_labs", "bare labs odd"),
    # custom fields
    ("custom.Industry:SOFTWARE", "acme labs"),
    ('"custom.Industry":Software', "acme labs"),
    ("custom.industry:software", "acme labs"),
    ("not custom.Industry:software", "bare odd"),
    ("custom.Seats:12.5", "acme"),
    ("custom.Seats > 3", "acme bare"),
    ("custom.Seats >= 3", "acme bare labs"),
    ("custom.cf_seats < 12.5", "bare labs"),
    ("custom.Seats in (3, 7.0)", "bare labs"),
    ("custom.Seats:many", ""),
    ("custom.Vip:true", "acme"),
    ("custom.Vip:no", "labs"),
    ("custom.Renewal:2026-03-01", "acme"),
    ("custom.Renewal <= 2026-03-01", "acme"),
    ("custom.Renewal > 2026-03-01", "labs"),
    ("custom.Renewal > yesterday", ""),
    ("custom.Tags:red", "acme"),
    ('custom.Tags:"BLUE SKY"', "acme"),
    ("custom.Owner:user_bob", "labs"),
    ('custom.Owner:"bob moe"', "labs"),
    (r'custom.Path:"c:\\TEMP\\it' + "'s\"", "odd"),
    # opportunities
    ("opportunity(*)", "acme labs"),
    ("opportunity(status:won)", "acme"),
    ("opportunity(status:open)", "acme"),
    ("opportunity(status:oppo_open)", ""),
    ("opportunity(status_type:LOST)", "labs"),
    ("opportunity(pipeline:renewals)", "acme"),
    ("opportunity(pipeline:pipe_sales)", "acme labs"),
    ("opportunity(value:1000)", "acme"),
    ("opportunity(value > 999.5)", "acme"),
    ("opportunity(value:0.5)", ""),
    ("opportunity(value < 0.5)", "labs"),
    ("opportunity(value <= -1)", ""),
    ("opportunity(not value >= 0)", "acme"),
    ("opportunity(value < 99999999999999999999)", "acme labs"),
    ("opportunity(value > 99999999999999999999)", ""),
    ("opportunity(value > -99999999999999999999)", "acme labs"),
    ("opportunity(confidence:40)", "acme"),
    ("opportunity(confidence:0)", "labs"),
    ("opportunity(user:user_ann pipeline:renewals)", ""),
    ("opportunity(user:user_ann) opportunity(pipeline:renewals)", "acme"),
    ("opportunity(opportunity_user:user_bob)", "acme labs"),
    ("opportunity(date_won:2026-02-10)", "acme"),
    ("opportunity(date_lost:2026-02-10)", "labs"),
    ("opportunity(date_lost > 2026-02-10)", ""),
    ("opportunity(not date_lost:2026-02-10 and user:user_bob)", "acme"),
    ('opportunity(date_won >= "2026-02-10T00:00:00Z")', "acme"),
    ('opportunity(date_won > "2026-02-10T00:00:00Z")', ""),
    ("opportunity(custom.Source:web)", "acme"),
    ("opportunity((not status:won or status:lost) and created > 2026-01-30)", "acme"),
    # histories of opportunities
    ("opportunity(original_status:open)", "acme"),
    ("opportunity(original_status:oppo_open)", "acme"),
    ("opportunity(status(status:offer on:2026-01-20))", "acme"),
    ('opportunity(status(status:offer on:"2026-01-19T23:59:59Z"))', ""),
    ("opportunity(status_change(old_status:open new_status:offer))", "acme"),
    ("opportunity(status_change(old_status:open new_status:won))", ""),
    ("opportunity(status_change(date > 2026-02-01))", "acme"),
    ("opportunity(status_change(old_status:offer) and status_change(old_status:open))", "acme"),
    (
        'opportunity((not status(status:won on:"2026-02-09") and status(status:won on:"2026-02-10")) '
        "and user:user_ann)",
        "acme",
    ),
    # histories of leads
    ("original_lead_status:stat_new", "labs"),
    ("original_lead_status:stat_new_too", "odd"),
    (f'lead_status(status:{WARM} on:"{T}")', ""),
    (f'lead_status(status:new on:"{T}")', "acme labs"),
    ('lead_status(status:stat_warm on:"2026-01-15T12:00:00.499Z")', "acme"),
    ('lead_status(status:stat_warm on:"2026-01-15T12:00:00.500Z")', ""),
    ('lead_status(status:stat_warm on:"2026-01-15 11:59:59")', "acme"),
    ("lead_status(status:new on:2026-01-09)", ""),
    ("not lead_status(status:new on:2026-01-30)", "bare labs"),
    ("lead_status_change(old_status:new)", "labs"),
    ("lead_status_change(new_status:new)", "acme"),
    ('lead_status_change(new_status:new and date >= "2026-01-15 12:00:00" and date <= "2026-01-15 12:00:00")', "acme"),
    ('lead_status_change(new_status:new and date > "2026-01-15 12:00:00")', ""),
    (
        '(original_lead_status:"New" and created >= "2026-01-10 00:00:00" and created <= "2026-01-30 00:00:00") '
        'or lead_status_change(new_status:"New" and date >= "2026-01-10 00:00:00")',
        "acme labs odd",
    ),
    # calls
    ("call(*)", "acme labs"),
    ("call(direction:outbound)", "acme"),
    ("call(direction:INBOUND)", "labs"),
    ("call(duration >= 60)", "acme"),
    ("call(duration:0)", "labs"),
    ("call(not disposition:none)", "acme labs"),
    ("call(disposition:vm-left)", "acme"),
    ("call(outgoing_call_date:2026-01-13)", "acme"),
    ("call(created:2026-01-13)", "acme labs"),
    (
        'call(direction: "outbound" and outgoing_call_date >= "2026-01-13T09:30:00.000+0000" '
        'and outgoing_call_date < "2026-01-13T09:30:00.001+0000" and user in ("user_ann"))',
        "acme",
    ),
    # e-mails
    ("email(direction:sent)", "labs"),
    ("email(direction:outgoing)", "labs odd"),
    ("email(direction:received)", "odd"),
    ("email(direction:incoming)", "odd"),
    ("email(not direction:sent)", "odd"),
    ("email(direction:(sent or received))", "labs odd"),
    ("email(direction:sent opened:yes)", "labs"),
    ("email(opened:no)", "odd"),
    ("email(has_reply:TRUE)", "labs"),
    ("email(has_reply:no)", ""),
    ("email(not has_reply:no)", "labs odd"),
    (f"custom.Seats<{'9' * 31}", "acme bare labs"),
    (f"custom.Seats>-{'9' * 400}", "acme bare labs"),
    (f"custom.Seats:{'9' * 400}", ""),
    (f"opportunity(value<{'9' * 400})", "acme labs"),
    ("email(template:HELLO)", "labs"),
    ("email(template:tmpl_hi_too)", ""),
    ("email(template:tmpl_gone)", "odd"),
    ("email(status:draft)", "odd"),
    ("email(sent:2026-01-14T09:00)", "labs"),
    ("email(sent:2026-01-14T08:00)", ""),
    ("email(not sent >= 2026-01-01)", "odd"),
    ("email(user:user_ann)", "odd"),
    # short messages
    ("sms(sent:2026-01-15)", "odd"),
    ("sms(direction:outbound status:sent user:user_ann created:2026-01-15)", "odd"),
]


@pytest.mark.parametrize(("text", "leads"), FOUND, ids=[text[:60] or "nothing" for text, _ in FOUND])
def test_a_search_finds_its_leads(find: Callable[..., str], text: str, leads: str) -> None:
    assert find(text) == leads


@pytest.mark.parametrize(("text", "_"), FOUND, ids=[text[:60] or "nothing" for text, _ in FOUND])
def test_not_finds_exactly_the_others(find: Callable[..., str], text: str, _: str) -> None:
    found, others = find(text).split(), find(f"not ({text.strip() or '*'})").split()
    assert sorted(found + others) == ALL.split()


@pytest.mark.parametrize(
    ("offset", "text", "leads"),
    [
        (60, "created:2026-01-10", "acme"),
        (60, "created:2026-01-11", "labs"),
        (-60, "created <= 2026-01-10", "acme labs"),
        (-60, "created:2026-01-31", "bare"),
        (60, "created:2026-01-10T10:00", "acme"),
        (-60, "opportunity(date_lost:2026-02-09)", "labs"),
        (-60, "opportunity(date_won:2026-02-10)", "acme"),
        (-60, 'opportunity(date_won:"2026-02-10T01:00:00Z")', "acme"),
        (-60, "lead_status(status:stat_warm on:2026-01-15)", "labs"),
        (0, "lead_status(status:stat_warm on:2026-01-15)", ""),
        (-60, "custom.Renewal:2026-03-01", "acme labs"),
    ],
)
def test_a_plain_date_is_a_local_day(finder: Finder, offset: int, text: str, leads: str) -> None:
    assert finder.at(offset).find(text) == leads


@pytest.mark.parametrize(
    ("of", "text", "found"),
    [
        ("opportunity", "", "1 2 3"),
        ("opportunity", "status:open", "2"),
        ("opportunity", "not value >= 0", "2"),
        ("opportunity", "status_change(new_status:won) or pipeline:Renewals", "1 2"),
        ("opportunity", "custom.Source:web", "1"),
        ("call", "user:user_ann", "1 3"),
        ("call", "not user:user_ann", "2"),
        ("email", "direction:sent or template:tmpl_gone", "1 3"),
        ("sms", "status:sent", "1"),
        ("meeting", "user:'x'", ""),
        ("meeting", "user:user_ann", "1"),
        ("note", "created:2026-01-13", "1"),
        ("task_completed", "*", ""),
    ],
)
def test_other_objects_are_searched_by_their_own_fields(
    find: Callable[..., str], of: str, text: str, found: str
) -> None:
    assert find(text, of) == found


def test_a_saved_search_is_a_search(finder: Finder) -> None:
    some = finder.with_searches(
        save_a={"query": "acme"},
        save_b={"query": 'in:save_a status:"New"', "type": "lead"},
        save_c={"s_query": {"type": "id", "value": "lead_odd"}, "query": ""},
    )
    assert some.find("in:save_b") == "acme"
    assert some.find('not in:"save_a"') == "bare odd"
    assert some.find("in:(save_b or save_c)") == "acme odd"
    assert some.find("in:save_a in:save_a") == "acme labs"
