"""The Slack message: what is in it, Slack's limits, and that data is never more than text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner import render
from runner.render import columns, narrow, slack
from runner.render.view import RowView, TableView, View
from tests.conftest import Golden
from tests.render import views
from tests.render.digests import ALL, COMPARED, EMPTY, PLAIN, hostile
from tests.render.test_documents import HOSTILE as CORPORA

GOLDEN = Path(__file__).parent / "golden"
LINK = "https://reports.example.com/weekly/2026-W47/"

HOSTILE = [
    *("<!channel>", "<!here|here>", "<@U0123ABCD>", "<#C0123>", "<https://elsewhere.example.com|Close>", "@here"),
    *("*bold*", "_it_", "~gone~", "`code`", "```\n*bold*\n```", "> said", ":tada:", "&amp; &lt;", "a & b < c > d"),
    *("\u200b", "", " ", "\n", "\ud800", "\U0001f600" * 4000, "&" * 4000, "a\u0301" * 4000, "字" * 4000, "`" * 4000),
    *("x" * 4000, "\u202e<!channel>\x00"),
]  # fmt: skip


def message(view: View, link: str = LINK) -> dict[str, Any]:
    made: Any = slack.blocks(view, link)
    assert json.loads(json.dumps(made)) == made
    return dict(made)


def texts(data: Any) -> Iterator[dict[str, Any]]:
    """Every text object."""
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from texts(value)
    if isinstance(data, dict) and data.get("type") in {"plain_text", "mrkdwn"}:
        yield data


def said(made: dict[str, Any]) -> str:
    return "\n".join(text["text"] for text in texts(made["blocks"]))


def length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


LINKED = re.compile(
    r"<https://(app\.close\.com|(?:app|reports)\.example\.com)/[^<>|\s]*\|(Open in Close|Open the whole digest)>"
)
CODE = re.compile(r"```\n[^`<>]+\n```")
ESCAPED = re.compile(r"(?:[^&<>]|&amp;|&lt;|&gt;)+")


def check(made: dict[str, Any]) -> None:
    """What Slack asks for, and what nothing in a digest may change."""
    assert set(made) == {"text", "mrkdwn", "unfurl_links", "unfurl_media", "blocks"}
    assert made["mrkdwn"] is made["unfurl_links"] is made["unfurl_media"] is False
    assert 0 < length(made["text"]) <= 3000
    assert ESCAPED.fullmatch(made["text"])
    assert not re.search(r"@\w", made["text"])
    assert 1 <= len(made["blocks"]) <= 50
    for block in made["blocks"]:
        LIMITS[block["type"]](block)
    for text in texts(made["blocks"]):
        if text["type"] == "plain_text":
            assert (set(text), text["emoji"]) == ({"type", "text", "emoji"}, False)
            assert ESCAPED.fullmatch(text["text"])
            assert text["text"] == text["text"].strip()
        else:
            assert (set(text), text["verbatim"]) == ({"type", "text", "verbatim"}, True)
            assert LINKED.fullmatch(text["text"]) or CODE.fullmatch(text["text"])


def header(block: dict[str, Any]) -> None:
    assert block["text"]["type"] == "plain_text"
    assert 0 < length(block["text"]["text"]) <= 150


def section(block: dict[str, Any]) -> None:
    assert "text" in block or "fields" in block
    assert 0 < length(block.get("text", {"text": "x"})["text"]) <= 3000
    fields = block.get("fields", [{"text": "x"}])
    assert 0 < len(fields) <= 10
    assert all(0 < length(field["text"]) <= 2000 for field in fields)


def context(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 10
    assert all(0 < length(element["text"]) <= 3000 for element in block["elements"])


LIMITS = {"header": header, "section": section, "context": context}


# ---- what is in it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_message_is_as_it_was_seen_and_found_good(name: str, golden: Golden) -> None:
    made = message(render.words(ALL[name]))
    check(made)
    golden(GOLDEN / f"{name}.slack.json", (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode())


def test_a_rich_week_has_all_of_it() -> None:
    made = message(views.RICH)
    check(made)
    kinds = [block["type"] for block in made["blocks"]]
    assert kinds == ["header", "context", "header", "section", "section", "context", *["section"] * 6, "context"]
    assert made["text"].startswith("Weekly sales: $78,400 won")
    for part in (
        "$78,400 Won this week",
        "Meetings held\n27  ▼",
        "Demo to Offer fell",
        "Nadia Brandt",
        "13% of opp",
        LINK,
    ):
        assert part in said(made)


def test_without_a_page_there_is_no_link_to_it() -> None:
    for link in ("", "http://reports.example.com/", "javascript:alert(1)"):
        assert "Open the whole digest" not in said(message(views.RICH, link))


def test_numbers_that_lead_nowhere_have_no_link() -> None:
    assert "Open in Close" in said(message(views.RICH))
    assert "Open in Close" not in said(message(render.words(COMPARED)))


def test_a_link_that_is_too_long_is_left_out() -> None:
    assert views.RICH.hero
    view = replace(views.RICH, hero=replace(views.RICH.hero, link="https://app.close.com/search/" + "x" * 2000))
    check(message(view))
    assert "xxx" not in said(message(view))


def test_sample_data_and_what_is_missing_are_said_first() -> None:
    made = message(render.words(PLAIN))
    assert [text["text"] for text in texts(made["blocks"][2])] == [
        "SAMPLE DATA: every number is made up",
        "1 of 2 reports missing",
    ]
    assert "✗ Who did what\nNot loaded: report/activity/: HTTP 503: try later" in said(made)
    assert "SAMPLE" not in said(message(render.words(COMPARED)))


def test_a_digest_without_a_number_says_so() -> None:
    made = message(render.words(replace(EMPTY, sections=())))
    check(made)
    assert "Nothing was found" in said(made) or "missing" not in said(made)


def test_many_of_each_are_cut_to_a_message() -> None:
    rich = views.RICH
    failed = replace(rich.sections[0], reason="HTTP 503", tables=(), charts=(), finding="")
    view = replace(
        rich,
        looks=rich.looks * 9,
        tiles=rich.tiles * 9,
        sections=(*rich.sections * 9, *[failed] * 40),
        notes=("n",) * 40,
    )
    made = message(view)
    check(made)
    assert "and 30 more reports that are missing" in said(made)


def test_a_notice_says_what_failed() -> None:
    made: Any = slack.notice("Weekly <sales>", "2026-W47", ["calls: HTTP 503", "<!channel>"])
    check(made)
    assert made["text"] == "Weekly &lt;sales&gt;, 2026-W47: not complete"
    assert said(made) == "Not complete: Weekly &lt;sales&gt;\n2026-W47\n✗ calls: HTTP 503\n✗ &lt;!channel&gt;"
    many: Any = slack.notice("", "", ["x" * 5000] * 60)
    check(many)
    assert said(many).endswith("and 50 more")


def test_the_manual_shows_one_as_it_is() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
    assert outline(message(views.RICH)) in manual.replace("    \n", "\n")


def outline(made: dict[str, Any]) -> str:
    """The message as a page of a manual can have it: texts, with links in brackets."""
    lines = [
        re.sub(r"<[^|]*\|(.*?)>", r"[\1]", line).replace("\u00a0", " ")
        for block in made["blocks"]
        for text in (*texts(block), None)
        for line in ("" if text is None else text["text"].replace("```\n", "").replace("\n```", "")).split("\n")
    ]
    return "\n".join(f"    {line}".rstrip() for line in lines).rstrip()


# ---- hostile data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_data_is_text_only_and_fits(text: str) -> None:
    check(message(views.said(views.RICH, text)))
    check(message(render.words(hostile(text))))
    made: Any = slack.notice(text, text, [text])
    check(made)


@pytest.mark.slow
def test_no_text_of_the_corpora_is_more_than_text() -> None:
    for text in CORPORA:
        check(message(views.said(views.SMALL, text)))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>&`*_~@!|#:/ax \n\u0301字\U0001f600"), max_size=300))
def test_any_text_is_text_only(text: str) -> None:
    check(message(views.said(views.SMALL, text)))


@settings(max_examples=200)
@given(st.text(max_size=50), st.integers(2, 60))
def test_a_cut_text_is_a_beginning_of_the_escaped_one(text: str, most: int) -> None:
    made = slack._cut(text, most)
    assert length(made) <= most
    assert slack._escaped(text).startswith(made.removesuffix("…"))


# ---- the table -------------------------------------------------------------------------------------------


def test_a_table_is_at_most_40_columns_wide() -> None:
    for section in views.RICH.sections:
        for table in section.tables:
            lines = narrow.lay(table, 10).split("\n")
            assert all(columns.width(line) <= narrow.WIDTH for line in lines)
            assert lines[-1].split()[0] == (table.total or table.rows[:10][-1]).head.split()[0]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 4))
def test_a_table_of_any_text_is_as_wide(name: str, number: str, count: int) -> None:
    row = RowView(name, tuple(views.cell(number.replace("|", "")) for _ in range(count)))
    table = TableView(name, name, tuple([name] * count), (row, row), None)
    assert all(columns.width(line) <= narrow.WIDTH for line in narrow.lay(table, 10).split("\n"))


def test_a_table_says_how_many_rows_are_left_out() -> None:
    reps = next(section for section in views.RICH.sections if section.title == "By rep")
    table = replace(reps.tables[0], cut=2)
    made = message(replace(views.RICH, sections=(replace(reps, tables=(table,)),)))
    assert "and 4 more" in said(made)
    assert "Kofi" in said(made)
    assert "Duarte   " not in said(made)
