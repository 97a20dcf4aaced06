"""The web page on literal views: its order and states, safe whatever the texts are, each part replaceable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest

from runner.render import letters, plain, rows, templating
from runner.render.view import View
from tests.render import views

HERE = Path(__file__).parent
CORPORA = HERE.parents[1] / ".." / "shared" / "corpora"
BLOCKS = ("head_extra", "header", "hero", "tiles", "looks", "sections", "section", "footer")


def made(view: View, own: Path | None = None) -> str:
    return templating.fill("html", view, own).decode()


def texts(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("</style>")[2]).split())


def test_the_page_is_in_the_order_people_read() -> None:
    order = [
        "<h1>Weekly sales</h1>",
        "compared with 9–15 Nov",
        "$78,400</p>",
        "New opportunities</p>",
        "Worth a look</h2>",
        *(f'id="{section.id}"' for section in views.RICH.sections),
        "Data as of",
    ]
    places = [made(views.RICH).find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_every_id_is_there_once_and_every_link_within_the_page_leads_somewhere() -> None:
    for view in (views.RICH, views.SMALL, *views.EDGES.values()):
        html = made(view)
        ids = re.findall(r'\sid="([^"]*)"', html)
        assert len(ids) == len(set(ids))
        named = re.findall(r'(?:href="#|aria-labelledby="|aria-describedby=")([^"]+)"', html)
        assert set(named) <= set(ids)


def test_a_page_asks_nothing_of_anyone_and_forbids_it_besides() -> None:
    html = made(views.SMALL)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\ssrc=|\son\w+=", html)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("name", views.EDGES)
def test_what_there_is_to_say_of_a_digest_is_said(name: str) -> None:
    said = texts(made(views.EDGES[name]))
    expected = {
        "empty": ["Nothing was found.", "Lost deals Nothing in this range."],
        "no-reports": ["Nothing was found."],
        "all-failed": ["2 of 2 reports missing", "Not loaded: the service said: try later"],
        "sample": ["Sample data: every number is invented", "Note: 1 user has left"],
        "running": ["16–22 Nov 2026 so far", "1 of 6 reports missing", "Forecast Not loaded"],
        "forty-users": ["Person 40", "30 more"],
    }
    for text in expected.get(name, ["Worth a look"]):
        assert text in said


def test_without_a_comparison_there_is_no_word_of_one() -> None:
    view = replace(views.EDGES["no-comparison"], looks=())
    said = made(view).partition("</style>")[2].partition("<footer>")[0]
    assert not re.search(r'▲|▼|compared with|class="delta|bar before|key +before', said)


def test_a_section_that_failed_has_nothing_but_its_reason() -> None:
    failed = replace(views.ACTIVITY, reason="try later")
    html = made(replace(views.RICH, hero=None, tiles=(), sections=(failed,)))
    assert 'class="card failed"' in html
    assert "<svg" not in html
    assert "<table" not in html


def test_rows_over_the_cut_are_there_and_folded() -> None:
    html = made(views.EDGES["forty-users"])
    assert html.count('<tr class="over">') == 30
    assert "30 more" in html
    assert "more</span>" not in made(views.RICH)


def test_the_numbers_behind_a_chart_are_folded_away() -> None:
    html = made(views.RICH)
    assert html.count("<details") == 2
    assert html.count("Show the numbers") == 2


def test_columns_that_a_phone_leaves_out_can_be_asked_for() -> None:
    assert "All 6 columns" in made(views.RICH)
    assert 'type="checkbox"' not in made(views.EDGES["forty-users"])


def test_bars_of_nothing_are_left_out() -> None:
    assert "width:0%" not in made(views.RICH)
    assert "width:None" not in made(views.RICH)


def test_a_change_is_heard_as_well_as_seen() -> None:
    assert '<span aria-hidden="true">▲\u00a0</span><span class="hidden">up </span>17.2%' in made(views.RICH).replace(
        "&nbsp;", "\u00a0"
    )


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://app.close.com/x/?a=1&b=2", "https://app.close.com/x/?a=1&b=2"),
        ("mailto:ann@example.com", "mailto:ann@example.com"),
        ("HTTPS://x.example.com", "HTTPS://x.example.com"),
        ("javascript:alert(1)", "#"),
        (" javascript:alert(1)", "#"),
        ("//x.example.com", "#"),
        ("data:text/html,x", "#"),
    ],
)
def test_a_link_leads_to_a_page_or_a_person(link: str, safe: str) -> None:
    assert rows.href(link) == safe


# ---- own templates


@pytest.mark.parametrize("block", BLOCKS)
def test_a_template_can_replace_each_block(block: str, tmp_path: Path) -> None:
    own = "{% extends 'builtin/digest.html.j2' %}{% block " + block + " %}[mine {{ digest.title }}]{% endblock %}"
    (tmp_path / "digest.html.j2").write_text(own)
    html = made(views.RICH, tmp_path)
    assert html.count("[mine Weekly sales]") == (len(views.RICH.sections) if block == "section" else 1)


def test_a_template_can_keep_what_it_adds_to(tmp_path: Path) -> None:
    own = "{% extends 'builtin/digest.html.j2' %}{% block section %}{{ super() }}<hr>{{ section.title }}{% endblock %}"
    (tmp_path / "digest.html.j2").write_text(own)
    html = made(views.RICH, tmp_path)
    assert html.count("<hr>") == len(views.RICH.sections)
    assert "<hr>By rep" in html


def test_a_template_can_replace_each_part(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "section.html.j2").write_text("<p>{{ section.title }}</p>")
    assert "<p>By rep</p>" in made(views.RICH, tmp_path)


def test_markup_of_a_template_makes_no_data_safe(tmp_path: Path) -> None:
    """The same letters as markup first and as data then: what is kept of the first is not used for the second."""
    (tmp_path / "digest.html.j2").write_text(
        "{% set raw %}<i>x</i>{% endset %}{{ digest.tiles[0].delta|change(raw) }}{{ digest.title }}", encoding="utf-8"
    )
    page = templating.fill("html", replace(views.RICH, title="<i>x</i>"), tmp_path).decode()
    assert "<i>" not in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page


# ---- hostile data


def corpus(*names: str) -> list[str]:
    missing = [name for name in names if not (CORPORA / f"{name}.jsonl").is_file()]
    if missing:
        pytest.skip(f"the corpora are not here: {', '.join(missing)}")
    files = [(CORPORA / f"{name}.jsonl").read_text(encoding="utf-8") for name in names]
    return [text for file in files for line in file.split("\n") if line and (text := json.loads(line)).strip()]


def shape(html: str) -> list[Any]:
    """Elements with the names of their attributes, as a browser builds them; texts are left out."""
    return list(_shape(html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)))


def _shape(node: Any) -> Iterator[Any]:
    yield (str(node.tag), sorted(node.attrib))
    for child in node:
        yield from _shape(child)
    yield "end"


@cache
def plain_shape(text: str) -> list[Any]:
    return shape(made(views.said(views.SMALL, text)))


def check(text: str) -> None:
    """The text in every place against a harmless one that takes as much room: what fits on an axis depends on it."""
    same_room = "".join(HARMLESS[letters.ems(letter)] for letter in plain.line(text)[:AXIS])
    assert shape(made(views.said(views.SMALL, text))) == plain_shape(same_room), text


HARMLESS = {letters.ems(letter): letter for letter in ("\u0301", "i", " ", "m", "X", "+", "x", "字")}
"""A letter for each breadth."""

AXIS = 200
"""Characters of a text that are enough to fill its place on an axis, whatever they are."""

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title>",
    "]]></desc></svg>",
    "<!--",
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "\ufffe\x00\u202e",
]
AT_ONCE = 20
"""Texts of the corpora that are tried as one: whatever ends its place early, does so among others too."""


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_any_place_changes_the_shape_of_the_page(text: str) -> None:
    check(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xss", "naughty-strings"])
def test_no_text_of_the_corpora_changes_the_shape_of_the_page(name: str) -> None:
    strings = corpus(name)
    for start in range(0, len(strings), AT_ONCE):
        check(" ".join(strings[start : start + AT_ONCE]))


def test_texts_are_shown_as_they_are() -> None:
    text = "<b>\"Ann\" & 'Bo'</b> {{ 7*7 }}"
    tree = html5lib.parse(made(views.said(views.SMALL, text)), treebuilder="etree", namespaceHTMLElements=False)
    assert tree.findtext(".//h1") == text
    assert f"{text}: {text}" in {"".join(found.itertext()) for found in tree.iter("{http://www.w3.org/2000/svg}title")}
