"""The sentence that says how a number is counted stands in the manual, under the heading that is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runner.endpoints import ENDPOINTS, funnel, sent_emails, statuses
from runner.engine.metrics import METRICS
from runner.explain import rules

ROOT = Path(__file__).resolve().parents[2]

_STATUSES = [
    *(("status_overview", column.key) for column in statuses.COLUMNS),
    ("status_transitions", "count"),
    ("status_transitions_summary", "count"),
]

COLUMNS = {
    "activity": [("overview", metric) for metric in (*METRICS, "faxes.sent.all.count")],
    "sent_emails": [("templates", column.key) for column in sent_emails.COLUMNS],
    "custom": [("points", "lead.count"), ("points", "opportunity.value:Won"), ("series", "count")],
    "funnel/opportunity/totals": [("totals", column.key) for column in funnel.TOTALS],
    "funnel/opportunity/stages": [
        *(("stages", column.key) for column in funnel.STAGES),
        ("users.count", "count.stat_1"),
        ("users.count_conversion_rate", "count_conversion_rate.stat_1"),
    ],
    "statuses/lead": _STATUSES,
    "statuses/opportunity": _STATUSES,
}


def heading(title: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def part(page: str) -> str:
    """The text below a page's heading, in one line and without emphasis."""
    file, _, anchor = page.partition("#")
    parts = re.split(r"^## (.*)$", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {heading(title): text for title, text in zip(parts[1::2], parts[2::2], strict=True)}
    return " ".join(found[anchor].replace("*", "").split())


def test_every_endpoint_has_rules() -> None:
    assert set(rules.RULES) == set(ENDPOINTS) == set(COLUMNS)


@pytest.mark.parametrize(
    ("endpoint", "table", "column"),
    [(endpoint, table, column) for endpoint, columns in COLUMNS.items() for table, column in columns],
)
def test_every_column_has_a_sentence_of_the_manual(endpoint: str, table: str, column: str) -> None:
    rule = rules.of(endpoint, table, column)
    assert rule.sentence in part(rule.page)


def test_every_sentence_is_of_some_column() -> None:
    said = {rules.of(endpoint, *column).sentence for endpoint, columns in COLUMNS.items() for column in columns}
    assert said == {sentence for each in rules.RULES.values() for sentence in each.values()}


def test_no_metric_falls_back_on_what_is_said_of_all() -> None:
    general = rules.RULES["activity"][""]
    assert [metric for metric in METRICS if rules.of("activity", "overview", metric).sentence == general] == []
