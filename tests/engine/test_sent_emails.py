"""The sent e-mail report, rule by rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.memory import Api, Memory

ORGANIZATION = [{"id": "orga_1", "name": "Acme"}]
TEMPLATES: list[dict[str, Any]] = [
    {"id": "tmpl_hi", "name": "Hello", "is_shared": True},
    {"id": "tmpl_bye", "name": 'Good "bye"', "is_shared": False},
    {"id": "tmpl_twin", "name": "hello"},
    {"id": "tmpl_idle", "name": "Never used"},
    {"id": "tmpl_bare"},
]


def an_office() -> Memory:
    office = Memory(organization=ORGANIZATION, email_template=TEMPLATES)
    office.add_user("user_a", "Ann Able")
    office.add_user("user_gone", "Gil Gone", present=False)
    return office


def sent(office: Memory, times: int = 1, *, ts: str = "2026-11-17T10:00:00Z", **columns: object) -> None:
    for _ in range(times):
        row = {"direction": "outgoing", "status": "sent", "opened": 0, "has_reply": 0, "user_no": 0} | columns
        office.add("email", ts=ts, **row)


def rows(backend: Any, offset: str | None = None, **parameters: str) -> list[dict[str, Any]]:
    headers = {} if offset is None else {"x-tz-offset": offset}
    response = Api(backend).get("report/sent_emails/orga_1/", query_string=parameters, headers=headers)
    assert response.status_code == 200, response.text
    told = response.get_json()
    assert list(told) == ["sent_email_stats"]
    found: list[dict[str, Any]] = told["sent_email_stats"]
    return found


def totals(backend: Any, offset: str | None = None, **parameters: str) -> dict[str, int]:
    return {row["name"]: row["total"] for row in rows(backend, offset, **parameters)}


def test_without_e_mails_the_row_of_all_is_still_there() -> None:
    assert rows(an_office()) == [
        {
            "template_id": None,
            "name": "All Emails",
            "is_shared": True,
            "template_url": None,
            "total": 0,
            "opened": 0,
            "responded": 0,
            "percentage_opened": 0,
            "percentage_responded": 0,
            "_queries": {
                "total": "email(direction:sent)",
                "opened": "email(direction:sent opened:yes)",
                "responded": "email(direction:sent has_reply:yes)",
            },
        }
    ]


def test_each_template_that_was_used_has_a_row() -> None:
    office = an_office()
    sent(office, 40, opened=1)
    sent(office, 60)
    sent(office, template="tmpl_bye", opened=7, has_reply=1)
    everything, template = rows(office)
    assert {key: everything[key] for key in everything if key != "_queries"} == {
        "template_id": None,
        "name": "All Emails",
        "is_shared": True,
        "template_url": None,
        "total": 101,
        "opened": 41,
        "responded": 1,
        "percentage_opened": 41,
        "percentage_responded": 1,
    }
    assert template == {
        "template_id": "tmpl_bye",
        "name": 'Good "bye"',
        "is_shared": False,
        "template_url": "/organization/orga_1/email_templates/tmpl_bye/",
        "total": 1,
        "opened": 1,
        "responded": 1,
        "percentage_opened": 100,
        "percentage_responded": 100,
        "_queries": {
            "total": 'email(direction:sent template:"Good \\"bye\\"")',
            "opened": 'email(direction:sent opened:yes template:"Good \\"bye\\"")',
            "responded": 'email(direction:sent has_reply:yes template:"Good \\"bye\\"")',
        },
    }


def test_percentages_are_rounded_to_the_nearest() -> None:
    office = an_office()
    sent(office, 40, opened=1)
    sent(office, 60)
    sent(office, has_reply=1)
    assert [(row["percentage_opened"], row["percentage_responded"]) for row in rows(office)] == [(40, 1)]


def test_rows_go_by_total_then_name_then_id() -> None:
    office = an_office()
    for template, times in (("tmpl_hi", 1), ("tmpl_bye", 1), ("tmpl_b", 2), ("tmpl_a", 2), ("tmpl_twin", 3)):
        sent(office, times, template=template)
    assert [row["template_id"] for row in rows(office)] == [
        None, "tmpl_twin", "tmpl_a", "tmpl_b", "tmpl_bye", "tmpl_hi"
    ]  # fmt: skip


def test_templates_of_one_name_go_by_id() -> None:
    same = [{"id": identity, "name": "Same"} for identity in ("tmpl_2", "tmpl_1")]
    office = Memory(organization=ORGANIZATION, email_template=same)
    sent(office, template="tmpl_2")
    sent(office, template="tmpl_1")
    assert [row["template_id"] for row in rows(office)] == [None, "tmpl_1", "tmpl_2"]


@pytest.mark.parametrize("template", ["tmpl_unknown", "tmpl_bare"])
def test_a_template_without_a_known_name_goes_by_its_id(template: str) -> None:
    office = an_office()
    sent(office, template=template)
    row = rows(office)[1]
    assert (row["template_id"], row["name"], row["is_shared"]) == (template, template, False)
    assert row["template_url"] == f"/organization/orga_1/email_templates/{template}/"
    assert row["_queries"]["total"] == f'email(direction:sent template:"{template}")'


def test_a_name_that_another_template_of_the_report_has_too_is_searched_by_id() -> None:
    office = an_office()
    sent(office, 2, template="tmpl_hi")
    assert rows(office)[1]["_queries"]["opened"] == 'email(direction:sent opened:yes template:"Hello")'
    sent(office, template="tmpl_twin")
    assert [(row["name"], row["_queries"]["opened"]) for row in rows(office)[1:]] == [
        ("Hello", 'email(direction:sent opened:yes template:"tmpl_hi")'),
        ("hello", 'email(direction:sent opened:yes template:"tmpl_twin")'),
    ]


def test_a_name_that_is_the_id_of_another_template_is_searched_by_id() -> None:
    confusing = [{"id": "tmpl_1", "name": "TMPL_2"}, {"id": "tmpl_2", "name": "Plain"}]
    office = Memory(organization=ORGANIZATION, email_template=confusing)
    sent(office, 2, template="tmpl_1")
    sent(office, template="tmpl_2")
    assert [row["_queries"]["total"] for row in rows(office)[1:]] == [
        'email(direction:sent template:"tmpl_1")',
        'email(direction:sent template:"Plain")',
    ]


def test_only_outgoing_e_mails_that_were_sent_count() -> None:
    office = an_office()
    sent(office)
    sent(office, direction="incoming", status="inbox", template="tmpl_hi")
    sent(office, direction="incoming", template="tmpl_hi")
    sent(office, direction=None, template="tmpl_hi")
    for status in ("draft", "scheduled", "outbox", "error", None):
        sent(office, status=status, template="tmpl_hi")
    assert totals(office) == {"All Emails": 1}


def test_e_mails_without_user_lead_or_date_created_count() -> None:
    office = an_office()
    sent(office, user_no=None, lead=None)
    assert totals(office) == {"All Emails": 1}


EDGES = ["2026-11-16T23:59:59.999999Z", "2026-11-17T00:00:00Z", "2026-11-18T12:00:00.999999Z", "2026-11-18T12:00:01Z"]


@pytest.mark.parametrize(
    ("parameters", "total"),
    [
        pytest.param({}, 4, id="always"),
        pytest.param({"date_start": "2026-11-17T00:00:00Z", "date_end": "2026-11-18T12:00:00Z"}, 2, id="seconds"),
        pytest.param({"date_start": "2026-11-17T00:00:00.9Z", "date_end": "2026-11-18T12:00:00.1Z"}, 2, id="cut"),
        pytest.param({"date_start": "2026-11-17"}, 3, id="from"),
        pytest.param({"date_end": "2026-11-17"}, 2, id="until"),
        pytest.param({"date_end": "2026-11-16"}, 1, id="until the day before"),
        pytest.param({"date_start": "2030-01-01"}, 0, id="from a day to come"),
        pytest.param({"date_start": "", "date_end": ""}, 4, id="blank"),
    ],
)
def test_both_bounds_are_inclusive_to_the_second(parameters: dict[str, str], total: int) -> None:
    office = an_office()
    for ts in EDGES:
        sent(office, ts=ts)
    assert totals(office, **parameters) == {"All Emails": total}


def test_plain_dates_are_days_of_the_offset() -> None:
    office = an_office()
    sent(office, ts="2026-11-17T04:59:59.999Z")
    sent(office, ts="2026-11-17T05:00:00Z", template="tmpl_bye")
    sent(office, ts="2026-11-18T04:59:59.999Z", template="tmpl_bye")
    sent(office, ts="2026-11-18T05:00:00Z")
    told = rows(office, "-5", date_start="2026-11-17", date_end="2026-11-17", user_id="user_a")
    assert [row["total"] for row in told] == [2, 2]
    narrowing = 'sent >= "2026-11-17 05:00:00" sent <= "2026-11-18 04:59:59" user:"user_a"'
    assert told[0]["_queries"] == {
        "total": f"email(direction:sent {narrowing})",
        "opened": f"email(direction:sent opened:yes {narrowing})",
        "responded": f"email(direction:sent has_reply:yes {narrowing})",
    }
    assert told[1]["_queries"]["total"] == f'email(direction:sent template:"Good \\"bye\\"" {narrowing})'


def test_only_the_e_mails_of_a_user_count_where_one_is_named() -> None:
    office = an_office()
    sent(office, template="tmpl_hi")
    sent(office, 2, user_no=1, template="tmpl_bye")
    sent(office, 3, user_no=None)
    assert totals(office, user_id="user_a") == {"All Emails": 1, "Hello": 1}
    assert totals(office, user_id="user_gone") == {"All Emails": 2, 'Good "bye"': 2}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("user_id=user_x", {"user_id": "Unknown user: user_x."}),
        ("user_id=user_a&user_id=user_gone", {"user_id": "Give it once."}),
        ("date_start=2026-11-18&date_end=2026-11-17", {"date_start": "The start is after the end."}),
        ("date_end=2026-02-30", {"date_end": "'2026-02-30T00:00Z' is not in the calendar."}),
        (
            "date_start=2026-11-18T00:00:00&user_id=user_x",
            {
                "date_start": "'2026-11-18T00:00:00' is not a moment with Z or an offset, "
                "like 2026-11-16T00:00:00-05:00.",
                "user_id": "Unknown user: user_x.",
            },
        ),
    ],
)
def test_wrong_parameters_are_refused_together(query: str, fields: dict[str, str]) -> None:
    response = Api(an_office()).get(f"report/sent_emails/orga_1/?{query}")
    assert response.status_code == 400
    assert response.get_json() == {"errors": [], "field-errors": fields}


def test_another_organization_and_another_method_are_not_there() -> None:
    api = Api(an_office())
    assert api.get("report/sent_emails/orga_2/").status_code == 404
    assert api.post("report/sent_emails/orga_1/", {}).status_code == 405
    assert api.get("report/sent_emails/orga_1").status_code == 200


def test_a_dump_is_counted_by_the_date_its_e_mails_were_sent(tmp_path: Path) -> None:
    def email(number: int, **fields: object) -> dict[str, object]:
        row = {"id": f"acti_{number}", "_type": "Email", "direction": "outgoing", "status": "sent", "opens": []}
        return row | {"date_created": "2026-11-01T00:00:00Z", "date_sent": "2026-11-17T10:00:00Z"} | fields

    emails = [
        email(1, template_id="tmpl_hi", opens=[{"opened_at": "2026-11-20T00:00:00Z"}], has_reply=True),
        email(2, template_id="tmpl_hi", date_sent=None),
        email(3, template_id="tmpl_gone", lead_id="lead_gone", user_id="user_met"),
        email(4, date_sent="2026-11-18T00:00:00Z", has_reply=False),
        email(5, status="draft"),
    ]
    dump = write_dump(
        tmp_path / "dump", organization=ORGANIZATION, email_template=TEMPLATES[:1], lead=[], activity=emails
    )
    load(dump, tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        assert totals(store) == {"All Emails": 4, "Hello": 2, "tmpl_gone": 1}
        told = rows(store, date_start="2026-11-17", date_end="2026-11-17")
        assert [(row["name"], row["total"], row["opened"], row["responded"]) for row in told] == [
            ("All Emails", 2, 1, 1),
            ("Hello", 1, 1, 1),
            ("tmpl_gone", 1, 0, 0),
        ]
        assert totals(store, user_id="user_met") == {"All Emails": 1, "tmpl_gone": 1}


def test_a_template_name_of_any_text_is_told_and_can_be_read_back() -> None:
    hostile = 'a"b\\c\n\u2028'
    office = Memory(organization=ORGANIZATION, email_template=[{"id": "tmpl_1", "name": hostile}])
    sent(office, template="tmpl_1")
    response = Api(office).get("report/sent_emails/orga_1/")
    row = json.loads(response.data)["sent_email_stats"][1]
    assert row["name"] == hostile
    assert row["_queries"]["total"] == 'email(direction:sent template:"a\\"b\\\\c\n\u2028")'


@pytest.mark.parametrize("name", ["a\0b", "half \ud800"])
def test_a_template_whose_name_no_search_can_say_goes_by_its_id(name: str) -> None:
    office = Memory(organization=ORGANIZATION, email_template=[{"id": "tmpl_1", "name": name}])
    sent(office, template="tmpl_1")
    row = json.loads(Api(office).get("report/sent_emails/orga_1/").data)["sent_email_stats"][1]
    assert (row["name"], row["_queries"]["total"]) == (name, 'email(direction:sent template:"tmpl_1")')


def test_an_id_is_never_taken_for_a_name() -> None:
    templates = [
        {"id": "tmpl_1", "name": "tmpl_2"},
        {"id": "tmpl_2", "name": "TMPL_1"},
        {"id": "tmpl_3", "name": "GONE"},
    ]
    office = Memory(organization=ORGANIZATION, email_template=templates)
    for number, template in enumerate(("tmpl_1", "tmpl_2", "tmpl_3", "gone")):
        office.add("lead", id=f"lead_{number}")
        sent(office, template=template, lead=number)
    api = Api(office)
    told = api.get("report/sent_emails/orga_1/").get_json()["sent_email_stats"]
    assert len(told) == 5
    for row in told[1:]:
        said = row["_queries"]["total"]
        assert api.get("lead/", query_string={"query": said}).get_json()["total_results"] == row["total"] == 1, said
