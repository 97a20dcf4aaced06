"""The e-mail: what is in the file, how large it is, what a mail program that drops half of it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner import render
from runner.errors import RunnerError
from runner.model import Cell, Digest, FailedSection, Section
from runner.render import cells, compose, mail, plain
from runner.render.changes import Delta
from runner.render.view import Bucket, Columns, Line, Part, Point, View
from tests.render.digests import ALL, COMPARED, EMPTY, PLAIN, W46, W47, by_user, digest
from tests.render.test_documents import HOSTILE, Shape

EVERY = ALL["every-endpoint"]
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


def parsed(of: Digest) -> EmailMessage:
    (document,) = render.documents(of, ("eml",))
    return parsed_from(document.content)


def parsed_from(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def html(of: Digest) -> str:
    part = parsed(of).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def without_style(page: str) -> str:
    """What is left where a mail program takes out style sheets and classes."""
    return re.sub(r' class="[^"]*"', "", STYLE.sub("", page))


class Words(HTMLParser):
    """The text of a page in one line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def __str__(self) -> str:
        return " ".join(" ".join(self.found).replace("\u00ad", "").split())


def team(users: int, sections: int) -> Digest:
    names = [f"Bartholomew Featherstonehaugh {number}" for number in range(users)]
    table = by_user(*names, before=((200, 3725.4, 2_000_000, 9, 0.1),))
    rows = tuple(replace(row, cells=tuple(linked(cell) for cell in row.cells)) for row in table.rows)
    section = Section("people", "Who did what", W47, (W46,), (replace(table, rows=rows),))
    return digest(*(replace(section, job=f"people-{number}") for number in range(sections)), compared=(W46,))


def linked(cell: Cell) -> Cell:
    return replace(cell, link=f"/search/{'call(direction:outbound) '.replace(' ', '%20') * 4}/")


LARGE = team(40, 12)


# ---- the file


def test_it_is_a_draft_of_text_and_html_for_nobody_yet() -> None:
    found = parsed(COMPARED)
    assert found.get_content_type() == "multipart/alternative"
    parts = list(found.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2
    assert [part.get_content_charset() for part in parts] == ["utf-8"] * 2
    assert found["Subject"] == compose.make(COMPARED).subject
    assert found["Date"].datetime == COMPARED.as_of
    assert (found["X-Unsent"], found["Content-Language"]) == ("1", "en-US")
    assert not {"to", "cc", "bcc", "from", "sender", "message-id"} & {name.lower() for name in found}


def made(digest: Digest) -> bytes:
    (document,) = render.documents(digest, ("eml",))
    return document.content


def test_its_text_is_the_digest_in_text() -> None:
    part = parsed(COMPARED).get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == render.text(compose.make(COMPARED))


@pytest.mark.parametrize("name", ALL)
def test_its_lines_are_fit_for_every_server(name: str) -> None:
    content = made(ALL[name])
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert content.isascii()
    assert content.count(mail.BOUNDARY.encode()) == 4  # where it is named, and round two parts


def test_the_same_digest_is_the_same_bytes() -> None:
    assert made(EVERY) == made(EVERY)


def test_what_is_received_is_what_was_made() -> None:
    assert html(EVERY).replace("\r\n", "\n").rstrip("\n") == mail.page(compose.make(EVERY)).rstrip("\n")


# ---- the subject


@pytest.mark.parametrize(
    ("title", "said"),
    [
        pytest.param("a\r\nBcc: all@example.com", "a Bcc: all@example.com", id="line break"),
        pytest.param("a\x00b\x1b[31m\u2028c", "a b [31m c", id="control characters"),
        pytest.param("=?utf-8?q?Free?=", "=?utf-8?q?Free?=", id="encoded word"),
        pytest.param("a =?x?= =??= b", "a =?x?= =??= b", id="parts of encoded words"),
        pytest.param("Zoë 日本語 🎉 ▲", "Zoë 日本語 🎉 ▲", id="other scripts"),
        pytest.param("  a   b  ", "  a   b  ", id="spaces"),
        pytest.param("x" * 2000, "x" * 2000, id="long"),
        pytest.param("日本語" * 300, "日本語" * 300, id="long in another script"),
        pytest.param("a\u202eb", "ab", id="direction"),
        pytest.param("\ud800", "?", id="half a character"),
    ],
)
def test_the_subject_is_one_clean_header(title: str, said: str) -> None:
    found = parsed(replace(EMPTY, title=title))
    assert found["Subject"] == f"{said}: 16–22 Nov 2026"
    assert len(found.keys()) == len(parsed(EMPTY).keys())
    assert not found.defects


@pytest.mark.slow
def test_no_hostile_title_makes_another_header_or_comes_back_changed() -> None:
    names = parsed(EMPTY).keys()
    for text in HOSTILE:
        found = parsed_from(mail.message(compose.make(replace(EMPTY, title=text, sections=())), "", EMPTY.as_of))
        assert found.keys() == names, text
        assert found["Subject"] == f"{plain.line(text)}: 16–22 Nov 2026", text


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_title_is_one_header(text: str) -> None:
    found = parsed_from(mail.message(compose.make(replace(EMPTY, title=text, sections=())), "", EMPTY.as_of))
    assert found["Subject"] == f"{plain.line(text)}: 16–22 Nov 2026"


# ---- the page


@pytest.mark.parametrize("name", ALL)
def test_it_has_nothing_that_mail_programs_drop(name: str) -> None:
    page = html(ALL[name]).lower()
    for word in ("<svg", "<img", "<script", "<link", "data:", "var(", "flex", "position:", "url(", "@import", "src="):
        assert word not in page, word


@pytest.mark.parametrize("name", ALL)
def test_its_style_sheets_are_two_queries_of_a_few_bytes(name: str) -> None:
    page = re.sub(r"<!--.*?-->", "", html(ALL[name]), flags=re.DOTALL)
    sheets = STYLE.findall(page)
    assert ["min-width" in sheets[0], "prefers-color-scheme" in sheets[1]] == [True, True]
    assert len(sheets) == 2
    assert all(len(sheet.encode()) < 16_000 and sheet.count("@") == 1 for sheet in sheets)


@pytest.mark.parametrize("name", ALL)
def test_every_class_has_a_rule_and_every_cell_its_style(name: str) -> None:
    page = html(ALL[name])
    assert not re.findall(r'class="[^"]*"(?![^>]*style=)[^>]*>', page.replace('class="flat"', ""))


@pytest.mark.parametrize("name", ALL)
def test_it_reads_in_order_without_style_sheets_and_classes(name: str) -> None:
    view = compose.make(ALL[name])
    words, at = str(Words(without_style(html(ALL[name])))), 0
    for text in texts(view):
        wanted = " ".join(text.split())
        assert wanted in words[at:], wanted
        at = words.index(wanted, at) + len(wanted)


def texts(view: View) -> Iterator[str]:
    """What must be read, in this order."""
    yield from (view.title, view.period)
    yield from [view.missing] if view.missing else []
    if view.hero:
        yield from (view.hero.label, view.hero.text, view.hero.difference)
    for tile in view.tiles:
        yield from (tile.label, tile.text)
    yield from (look.title for look in view.looks)
    for section in view.sections:
        yield from (section.title, section.reason, section.finding)
        for table in section.tables:
            if not table.behind and not section.empty:
                yield from (row.head for row in table.rows)
    for fact in view.provenance:
        yield from (fact.name, fact.text)


def test_the_preview_is_the_first_number_and_not_the_title() -> None:
    words = str(Words(html(COMPARED).partition("</head>")[2]))
    assert "210 Outbound calls, up 5.0%." in words[:60]
    assert words.index("210 Outbound calls") < words.index("Weekly sales")


# ---- states


def test_sample_data_is_said_first() -> None:
    words = str(Words(html(PLAIN)))
    assert words.index("Sample data") < words.index("Outbound calls 210")
    assert "Sample data" not in html(COMPARED)


def test_what_failed_and_what_is_empty_say_so() -> None:
    words = str(Words(html(PLAIN)))
    assert "1 of 2 reports missing" in words
    assert "Who did what Not loaded: report/activity/: HTTP 503: try later" in words
    assert "Who did what Nothing in this range." in str(Words(html(EMPTY)))
    assert compose.make(EMPTY).state in str(Words(html(EMPTY)))


def test_a_period_that_is_not_over_says_so() -> None:
    words = str(Words(html(replace(COMPARED, as_of=W47.end.replace(day=20)))))
    assert "16–22 Nov 2026 (so far, up to" in words


def test_without_a_comparison_there_is_no_word_of_one() -> None:
    page = html(digest(*PLAIN.sections[:1]))
    assert not any(word in page for word in ("▲", "▼", "ompared", "same"))


def test_a_digest_of_nothing_but_failures_is_an_e_mail() -> None:
    words = str(Words(html(digest(FailedSection("people", "Who did what", "no")))))
    assert "1 of 1 reports missing" in words


# ---- size


@pytest.mark.parametrize("name", ALL)
def test_made_up_digests_are_small(name: str) -> None:
    assert len(html(ALL[name]).encode()) < mail.GOOD


def test_forty_people_in_twelve_sections_are_cut_to_what_is_shown_whole() -> None:
    page = html(LARGE)
    assert len(page.encode()) < mail.MOST
    words = str(Words(page))
    assert words.count("Who did what") == 12
    assert re.search(r"and 3[0-9] more", words)


def test_long_tables_end_after_ten_rows_and_say_how_many_there_are() -> None:
    words = str(Words(html(team(24, 1))))
    assert "and 14 more" in words
    assert "Featherstonehaugh 9 " in words
    assert "Featherstonehaugh 10 " not in words


def test_links_of_single_numbers_are_given_up_before_rows() -> None:
    assert html(team(10, 1)).count("<a ") == 41
    page = html(team(10, 8))
    assert page.count("<a ") == 8
    assert "more" not in str(Words(page))


def test_sections_that_have_no_room_are_left_out_and_counted() -> None:
    page = mail.page(compose.make(team(12, 80)))
    assert len(page.encode()) < mail.MOST
    assert 0 < page.count("Who did what") < 80
    assert re.search(r"Note: \d+ reports are in the other formats only: too long for here", str(Words(page)))


def test_a_title_that_is_too_long_for_any_e_mail_is_an_error() -> None:
    with pytest.raises(RunnerError, match="weekly: its title and notes alone"):
        mail.page(replace(compose.make(EMPTY), description="x" * 100_000))


# ---- hostile data


KEPT = {"kind", "tone", "id", "language"}
"""What is no text of anyone's."""


def filled(value: Any, words: Iterator[str]) -> Any:
    """The view with another text in each of its slots that has one."""
    if isinstance(value, str):
        return next(words) if value else value
    if isinstance(value, tuple):
        return tuple(filled(each, words) for each in value)
    if is_dataclass(value) and not isinstance(value, Delta | type):
        names = [field.name for field in fields(value) if field.name not in KEPT]
        return replace(value, **{name: filled(getattr(value, name), words) for name in names})
    return value


def test_no_text_in_any_slot_changes_the_shape_of_the_page() -> None:
    view = replace(compose.make(EVERY), missing="1", running="now", notes=("one",), state="none")
    expected = Shape(mail.page(filled(view, cycle(["Ann"])))).tags
    texts = [text for text in HOSTILE if plain.line(text).strip()]
    for start in range(0, len(texts), 100):
        words = cycle(texts[start : start + 100])
        assert Shape(mail.page(filled(view, words))).tags == expected, texts[start]


def test_no_text_ends_a_style_sheet_or_a_comment() -> None:
    text = "--><style>*{color:red}</style><!--[if mso]>"
    page = mail.page(filled(compose.make(EVERY), cycle([text])))
    assert page.count("<style") == html(EVERY).count("<style")
    assert page.count("<!--") == html(EVERY).count("<!--")
    assert "*{color:red}" in str(Words(page))


# ---- charts


def column(brief: str, *heights: float) -> Bucket:
    return Bucket("Nov", brief, tuple(Part("", height) for height in heights), running=False, brief=brief)


def test_columns_show_the_last_eight_and_three_groups_with_the_others() -> None:
    buckets = tuple(column(str(number), 0.1, 0.4, 0.2, 0.1, 0.2) for number in range(11))
    drawn = str(cells.drawn(Columns("columns", "", "", ("a", "b", "c", "d", "e"), buckets)))
    words = str(Words(drawn))
    assert "■ b" in words.replace("\u00a0", " ")
    assert "the last 8 of 11" in words
    assert "Others" in words
    assert drawn.count('class="b1 z"') == drawn.count('class="b2 z"') == 8
    assert re.findall(r'<p class="v">(\d+)</p>', drawn) == [str(number) for number in range(3, 11)]


def test_what_is_nothing_is_a_thin_line_and_what_is_not_known_is_not_drawn() -> None:
    points = tuple(Point("", "", now, "", None, "") for now in (None, 0.0, 1.0))
    drawn = str(cells.spark(Line("", "", None, points, (), None)))
    assert re.findall(r'class="(b\d) z" height="(\d+)"', drawn) == [("b0", "2"), ("b1", str(cells.SPARK))]


def test_a_long_course_is_drawn_by_means() -> None:
    points = tuple(Point("", "", now, "", None, "") for now in [0.0, 1.0] * 14)
    drawn = str(cells.spark(Line("", "", None, points, (), None)))
    assert re.findall(r'z" height="(\d+)"', drawn) == [str(cells.SPARK // 2)] * 14
