"""What is said of checks and targets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from runner import checks, goals, render
from runner.model import Digest, FailedSection, Number, Section
from tests.render.demanding import CALLS, WON, check, demanding, spec, target
from tests.render.digests import ALL, COMPARED, DEMANDING, W46, W47, by_day, by_user, digest
from tests.render.test_documents import made

VIEW = render.words(DEMANDING)

VALUE = "Annualized value won"
NO_LIMIT = "'2 h' is no limit of such a number"
DUE = "100 expected by now; 1 of 5 working days are over"

FORMS = ["html", "md", "txt", "json", "eml"]


def test_checks_that_failed_are_told_errors_first_with_number_limit_and_place() -> None:
    assert [(one.tone, one.title, one.text) for one in VIEW.alarms] == [
        (
            "bad",
            "The team makes too few calls",
            "Outbound calls: 210 (at least 300). Day by day, check calls.",
        ),
        (
            "bad",
            "Opportunities lost: 5 from 9 (▼\u00a044.4%, no less than −10%)",
            "Day by day, check others.",
        ),
        (
            "warn",
            "Outbound calls: 2 beyond the limit",
            "Ann Lee: 12 (at least 20); Zoë: 11 (at least 20). Who did what, check everyone.",
        ),
        ("warn", "Outbound calls: no such row, 'Bob'", "Who did what, check gone."),
    ]
    assert [one.section for one in VIEW.alarms] == ["1-days", "1-days", "2-people", "2-people"]
    assert VIEW.alarm == "2 of 5 checks failed"


def test_warnings_alone_are_no_alarm() -> None:
    mild = replace(DEMANDING, checks=DEMANDING.checks[2:])
    assert (render.words(mild).alarm, len(render.words(mild).alarms)) == ("", 2)


def test_the_footer_counts_what_passed_and_is_silent_without_checks() -> None:
    assert [fact.text for fact in VIEW.provenance if fact.name == "Checks"] == ["1 of 5 passed"]
    assert [fact.text for fact in render.words(COMPARED).provenance if fact.name == "Checks"] == []


def test_targets_are_told_with_what_is_expected_by_now() -> None:
    assert [(one.label, one.text, one.goal, one.percent, one.tone, one.pace) for one in VIEW.goals] == [
        ("Outbound calls", "210", "500", "42%", "good", "10 ahead: 200 expected by now; 2 of 5 working days are over"),
        ("Annualized value won", "$25,926", "$20,000", "130%", "good", "reached, $5,926 more"),
        ("Replies", "12.5%", "25.0%", "50%", "flat", "12.5\u00a0pp to go"),
        ("Outbound calls", "–", "", "", "flat", "no row 'Bob'"),
    ]
    assert [(one.share, one.expected) for one in VIEW.goals] == [(0.42, 0.4), (1.0, 0.4), (0.5, None), (None, None)]


@pytest.mark.parametrize(
    ("value", "as_of", "tone", "pace"),
    [
        pytest.param(100, "2026-11-17T09:00", "good", f"on pace: {DUE}", id="on pace"),
        pytest.param(99, "2026-11-17T09:00", "bad", f"1 behind: {DUE}", id="behind"),
        pytest.param(99, "2026-11-16T09:00", "flat", "401 to go; 0 of 5 working days are over", id="first day"),
        pytest.param(499, "2026-11-23T00:00", "bad", "missed by 1", id="missed"),
        pytest.param(500, "2026-11-23T00:00", "good", "reached", id="just reached"),
        pytest.param(None, "2026-11-18T09:00", "flat", "not known", id="missing"),
    ],
)
def test_the_pace_in_words(value: int | None, as_of: str, tone: str, pace: str) -> None:
    at = datetime.fromisoformat(as_of).replace(tzinfo=COMPARED.as_of.tzinfo)
    table = by_day()
    assert table.total is not None
    cells = (replace(table.total.cells[0], value=value), *table.total.cells[1:])
    section = Section("days", "Days", W47, (), (replace(table, total=replace(table.total, cells=cells)),))
    wanted = replace(spec(), targets=(target("calls", Number("days", CALLS), 500),))
    whole = replace(digest(section), as_of=at, targets=goals.progress(wanted, (section,), at))
    (goal,) = render.words(whole).goals
    assert (goal.tone, goal.pace) == (tone, pace)


@pytest.mark.parametrize(
    ("number", "limits", "title"),
    [
        pytest.param(Number("days", WON), {"max": 20_000}, f"{VALUE}: $25,926 (at most $20,000)", id="money"),
        pytest.param(Number("days", "reply_rate"), {"min": "20%"}, "Reply rate: 12.5% (at least 20.0%)", id="rate"),
        pytest.param(Number("people", CALLS, "Zoë"), {"min": 20}, "Outbound calls of Zoë: 11 (at least 20)", id="row"),
        pytest.param(Number("people", CALLS), {"min": 20}, "Outbound calls: no total", id="no total"),
        pytest.param(
            Number("days", CALLS, "2026-11-17"),
            {"change_min": "-5%"},
            "Outbound calls of Tue 17 Nov 2026: 10, not known before",
            id="not known before",
        ),
        pytest.param(
            Number("days", "calls.outbound.all.avg_duration", "2026-11-16"),
            {"max": "1 h"},
            "Call duration (average) of Mon 16 Nov 2026: missing",
            id="missing",
        ),
        pytest.param(Number("people", "nothing"), {"min": 20}, "nothing: no such number", id="no number"),
        pytest.param(Number("broken", CALLS), {"min": 20}, f"{CALLS}: not loaded: HTTP 503", id="failed job"),
        pytest.param(Number("days", CALLS), {"min": "2 h"}, f"Outbound calls: {NO_LIMIT}", id="unfit"),
    ],
)
def test_a_failed_check_in_a_title(number: Number, limits: dict[str, Any], title: str) -> None:
    sections = (*COMPARED.sections, FailedSection("broken", "Broken", "HTTP 503"))
    wanted = replace(spec(), checks=(check("calls", number, **limits),))
    whole = replace(COMPARED, sections=sections, checks=checks.verdicts(wanted, sections))
    (alarm,) = render.words(whole).alarms
    assert alarm.title == title


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_every_format_to_read_tells_number_limit_and_goal(form: str) -> None:
    text = made(DEMANDING, form).replace("\n", " ").replace("&#39;", "'")
    for words in ("too few calls", "210", "at least 300", "2 of 5 checks failed", "of 500", "10 ahead", "42%"):
        assert words in text, words


def test_json_has_the_raw_numbers() -> None:
    said = json.loads(made(DEMANDING, "json"))
    first, *_, last = said["checks"]
    assert (first["name"], first["passed"], first["definition"], first["limits"]) == (
        "calls",
        False,
        "reports/weekly.yaml:3:3",
        {"min": "300"},
    )
    assert first["breaches"] == [
        {
            "fault": "limit",
            "limit": "min",
            "table": "overview",
            "key": "total",
            "head": "Total",
            "unit": "count",
            "value": 210,
            "before": [200],
        }
    ]
    assert (last["name"], last["passed"], last["breaches"]) == ("fine", True, [])
    assert [(one["value"], one["goal"], one["expected"], one["gone"]) for one in said["targets"]] == [
        (210, 500, 200.0, 2),
        (2_592_576, 2_000_000, 800_000.0, 2),
        (0.125, 0.25, None, 2),
        (None, None, None, 0),
    ]


def test_csv_notes_the_checks_that_a_number_failed() -> None:
    lines = list(csv.DictReader(io.StringIO(made(DEMANDING, "csv"), newline="")))
    noted = [(line["key"], line["metric"], line["period"], line["note"]) for line in lines if line["note"]]
    assert noted == [
        ("total", CALLS, "2026-W47", "check calls failed"),
        ("total", "opportunities.lost.all.count", "2026-W47", "check others failed"),
        ("user_0", CALLS, "2026-W47", "check everyone failed"),
        ("user_1", CALLS, "2026-W47", "check everyone failed"),
    ]


def test_an_e_mail_draws_targets_with_cells_of_tables() -> None:
    page = render.mail.page(VIEW)
    assert 'width="42%"' in page
    assert "<img" not in page
    assert "<svg" not in page


def test_a_check_of_hundreds_of_rows_tells_the_first() -> None:
    many = digest(Section("people", "People", W47, (W46,), (by_user(*(f"P{n}" for n in range(300))),)))
    whole: Digest = demanding(many)
    (alarm,) = [one for one in render.words(whole).alarms if one.title.startswith("Outbound calls: 300")]
    assert alarm.text.endswith("; and 295 more. People, check everyone.")


@pytest.mark.parametrize("form", FORMS)
def test_without_demands_there_is_no_word_of_them(form: str) -> None:
    for name in ("compared", "plain", "empty"):
        assert "arget" not in made(ALL[name], form).replace('"targets": []', "")
