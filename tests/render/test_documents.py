"""Whole digests in every format: golden files, hostile data, the same bytes everywhere."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from runner import render
from runner.model import Digest
from runner.render import columns, plain
from tests.conftest import Golden
from tests.render.digests import ALL, COMPARED, EMPTY, PLAIN, hostile

HERE = Path(__file__).parent
CORPORA = HERE.parents[1] / ".." / "shared" / "corpora"


def made(digest: Digest, form: str) -> str:
    """A digest in one format; of several files (CSV), one after the other under one header."""
    documents = render.documents(digest, (form,))
    jobs = [section.job for section in digest.sections]
    assert [document.name for document in documents] == render.names((form,), jobs)
    first, *rest = [document.content.decode() for document in documents] or [""]
    return first + "".join(text.partition("\n")[2] for text in rest)


@pytest.mark.parametrize("form", render.FORMATS)
@pytest.mark.parametrize("name", ALL)
def test_a_digest_looks_as_it_did(golden: Golden, name: str, form: str) -> None:
    golden(HERE / "golden" / f"{name}.{form}", made(ALL[name], form).encode())


SAID = {form: '"sample": true' if form == "json" else "sample data" for form in render.FORMATS}
"""Format -> how it says that the numbers are invented."""


@pytest.mark.parametrize("form", render.FORMATS)
def test_sample_data_is_said_in_every_format(form: str) -> None:
    assert SAID[form] in made(PLAIN, form).lower()
    assert SAID[form] not in made(COMPARED, form).lower()


@pytest.mark.parametrize("form", render.FORMATS)
def test_a_part_that_failed_says_why_in_every_format(form: str) -> None:
    assert "try later" in made(PLAIN, form)


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_what_is_missing_is_counted_on_top(form: str) -> None:
    assert "1 of 2 reports missing" in made(PLAIN, form)


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_without_a_comparison_there_is_no_word_of_one(form: str) -> None:
    text = made(PLAIN, form)
    assert "▲" not in text
    assert "ompared" not in text


def test_html_asks_nothing_of_any_host_and_runs_nothing() -> None:
    text = made(COMPARED, "html")
    for word in ("http:", "https:", "<script", "<link", "url(", "@import", "src="):
        assert word not in text


def test_text_stays_within_80_columns_without_trailing_blanks() -> None:
    for digest in ALL.values():
        for line in made(digest, "txt").splitlines():
            assert columns.width(line) <= 80
            assert line == line.rstrip()


def test_csv_is_one_line_a_number_with_raw_values() -> None:
    lines = list(csv.DictReader(io.StringIO(made(COMPARED, "csv"), newline="")))
    won = [line for line in lines if line["metric"].endswith("annualized_value") and line["key"] == "total"]
    assert [(line["unit"], line["period"], line["value"]) for line in won] == [
        ("cents:USD", "2026-W47", "2592576"),
        ("cents:USD", "2026-W46", "2000000"),
    ]
    assert {line["value"] for line in lines if line["row"] == "Zoë" and line["period"].startswith("2025")} == {"", "0"}


def test_csv_is_quoted_as_the_standard_library_reads_it() -> None:
    for text in HOSTILE:
        for line in csv.DictReader(io.StringIO(made(hostile(text), "csv"), newline="")):
            assert None not in line
            assert line["job"] == plain.cell(text)


EVERY = ALL["every-endpoint"]


def test_numbers_link_into_the_app_of_the_project_and_nowhere_else() -> None:
    links = [link for link in Links(made(EVERY, "html")).found if not link.startswith("#")]
    assert "https://app.example.com/opportunities/custom_filter_type=ended&query=a+b/" in links
    assert {link.split("/")[3] for link in links} == {"search", "opportunities"}
    assert all(link.startswith("https://app.example.com/") for link in links)


def test_every_format_that_has_links_has_the_same_ones() -> None:
    page = sorted({link for link in Links(made(EVERY, "html")).found if not link.startswith("#")})
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(made(EVERY, "md"))
    inline = [child for token in tokens for child in token.children or []]
    assert sorted({str(child.attrs["href"]) for child in inline if child.type == "link_open"}) == page
    lines = csv.DictReader(io.StringIO(made(EVERY, "csv"), newline=""))
    assert sorted({line["link"] for line in lines if line["link"]}) == page
    assert "https:" not in made(EVERY, "txt")


@pytest.mark.parametrize("form", ["html", "md"])
def test_each_of_several_tables_is_named(form: str) -> None:
    for name in ("By stage", "Reached, by user", "Moves between statuses", "From start to end"):
        assert name in made(EVERY, form)


# ---- hostile data


def corpus(*names: str) -> list[str]:
    found = []
    for name in names:
        path = CORPORA / f"{name}.jsonl"
        if path.is_file():
            found += [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return found


HOSTILE = [
    "<script>alert(1)</script>",
    "a|b\n# c",
    "`x`",
    "[a](javascript:b)",
    "@all #1 :tada: www.x.org",
    "=1+1",
    "{{ 7*7 }}",
]
HOSTILE += corpus("xss", "naughty-strings", "csv-formulas", "ssti", "sql-injection")


INLINE = {
    *("text", "text_special", "softbreak", "html_inline"),
    *("strong_open", "strong_close", "link_open", "link_close"),
}  # fmt: skip


class Links(HTMLParser):
    """Where a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


class Shape(HTMLParser):
    """The tags and attribute names of a page, without its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Which columns a phone has room for depends on what is in them.
        self.tags.append((tag, [name for name, said in attrs if (name, said) != ("class", "extra")]))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_comment(self, _: str) -> None:
        self.tags.append("comment")


@pytest.mark.slow
def test_no_name_changes_the_shape_of_the_page() -> None:
    expected = Shape(made(hostile("Ann"), "html")).tags
    for text in HOSTILE:
        if plain.line(text).strip():
            assert Shape(made(hostile(text), "html")).tags == expected, text


@pytest.mark.slow
def test_no_name_renders_as_markup_in_markdown() -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})

    def shape(text: str) -> list[object]:
        """The kinds of all parts, and the tags of those that are HTML."""
        tokens = parser.parse(made(hostile(text), "md"))
        return [Shape(token.content).tags if token.type == "html_block" else token.type for token in tokens]

    expected = shape("Ann")
    for text in HOSTILE:
        if not plain.line(text).strip():
            continue
        tokens = parser.parse(made(hostile(text), "md"))
        assert shape(text) == expected, text
        inline = {child.type for token in tokens for child in token.children or []}
        assert inline <= INLINE, text
        links = [child.attrs["href"] for token in tokens for child in token.children or [] if "href" in child.attrs]
        assert len(links) == 11, text
        assert all(str(link).startswith("https://app.close.com/search/") for link in links), text
        html = {child.content for token in tokens for child in token.children or [] if child.type == "html_inline"}
        assert html <= {"<br>", "<sub>", "</sub>"}, text


@pytest.mark.parametrize(
    "text",
    [
        "@ann",
        "fix #12",
        "see GH-12",
        "http://x.example.com",
        "www.x.example.com",
        ":tada:",
        "a1b2c3d",
        "a@b.example.com",
    ],
)
def test_github_makes_no_mention_reference_or_link_of_data(text: str) -> None:
    assert "\u2060" in made(hostile(text), "md").splitlines()[0]


def test_no_cell_is_a_formula_whichever_separator_opens_the_file() -> None:
    for text in HOSTILE:
        content = made(hostile(text), "csv")
        for separator in (",", ";", "\t"):
            for line in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
                bad = [cell for cell in line if cell.lstrip(' "').startswith(("=", "+", "@", "\t"))]
                assert not bad, (text, separator)


def test_templates_print_template_code_as_it_is() -> None:
    for form in ("html", "md", "txt"):
        assert "49" not in made(hostile("{{ 7*7 }}"), form).split("\n")[0]


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_any_text_renders_in_every_format(text: str) -> None:
    for form in render.FORMATS:
        content = made(hostile(text), form)
        assert not any(char < " " and char not in "\r\n" for char in content)


@pytest.mark.parametrize(
    "digest",
    [
        pytest.param(replace(EMPTY, sample=True), id="no rows"),
        pytest.param(replace(PLAIN, sections=PLAIN.sections[1:]), id="all failed"),
    ],
)
def test_sample_data_is_said_even_where_there_is_no_number(digest: Digest) -> None:
    for form in render.FORMATS:
        assert SAID[form] in made(digest, form).lower(), form


@pytest.mark.parametrize("text", ["x" * 300, "日本語" * 40, "ab " * 100, "a\u0301" * 200])
def test_no_line_of_text_is_wider_than_80_columns(text: str) -> None:
    digest = replace(hostile(text), timezone="UTC")
    assert all(columns.width(line) <= 80 and line == line.rstrip() for line in made(digest, "txt").split("\n"))


@pytest.mark.slow
def test_the_same_bytes_in_another_zone_locale_and_process() -> None:
    code = (
        "import hashlib; from runner import render; from tests.render.digests import ALL; "
        "made = [file.content for each in ALL.values() for file in render.documents(each, tuple(render.FORMATS))]; "
        "print(hashlib.sha256(b''.join(made)).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=HERE.parents[1],
            env={"PATH": os.defpath, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone, locale, seed in (
            ("UTC", "C", "1"),
            ("Asia/Tokyo", "de_DE.UTF-8", "2"),
            ("America/Lima", "C.UTF-8", "3"),
        )
    }
    assert len(said) == 1


@pytest.mark.parametrize("name", ALL)
def test_every_number_of_every_table_reads_the_same_in_every_format(name: str) -> None:
    view = render.words(ALL[name])
    pages = {
        "html": unescape(made(ALL[name], "html")),
        "md": re.sub(r"\\([\\`*_\[\]<>|~&!$^+=:#-])", r"\1", made(ALL[name], "md")).replace("\u2060", ""),
    }
    for section in view.sections:
        for table in section.tables:
            for row in (*table.rows, *([table.total] if table.total else [])):
                for cell in row.cells:
                    assert all(cell.text in page for page in pages.values()), (section.title, row.head, cell.text)
    if view.hero:
        for form in ("html", "md", "txt", "json"):
            assert view.hero.text in made(ALL[name], form).replace("\\$", "$").replace("\u2060", "")
