"""Which links are kept with a number, and which are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.endpoints import links

GOOD = [
    "/search/lead_status%28status%3A%22Hot%22%29/",
    "/search/a-b_c.d~e/",
    "/opportunities/custom_filter_type=started&query=a+b%20c/",
]

HOSTILE = [
    "https://evil.example.com/search/x/",
    "//evil.example.com/search/x/",
    "javascript:alert(1)",
    "/search/x/../../settings/",
    "/search/../",
    "/search/%2e%2E/",
    "/search/./",
    "/search//evil.example.com/",
    "/search/",
    "/search/x?next=https://evil.example.com",
    "/search/x#y/",
    '/search/"onclick="x/',
    "/search/a b/",
    "/search/a\n/",
    "/search/x/\n",
    "/search/\u202ex/",
    "/search/%zz/",
    "/search/%2/",
    "/search/a)b/",
    "/settings/x/",
    "/searches/x/",
    "search/x/",
    "\\search\\x",
    "/search/" + "x" * 9000 + "/",
    "",
    None,
    7,
    ["/search/x/"],
]


@pytest.mark.parametrize("path", GOOD)
def test_a_path_of_the_app_is_taken_as_it_is(path: str) -> None:
    assert links.page(path) == path


@pytest.mark.parametrize("path", HOSTILE)
def test_anything_else_is_no_link(path: object) -> None:
    assert links.page(path) == ""


def test_a_search_string_becomes_a_page_of_the_app() -> None:
    assert links.search('email(direction:sent) & "ü"/?#') == (
        "/search/email%28direction%3Asent%29%20%26%20%22%C3%BC%22%2F%3F%23/"
    )


def test_several_search_strings_are_one_page_of_all_they_find() -> None:
    assert links.search(["a", "b c"]) == "/search/%28a%29%20or%20%28b%20c%29/"
    assert links.search(["a"]) == "/search/a/"


@pytest.mark.parametrize("queries", [None, "", "  ", [], ["a", None], {"a": "b"}, 3, "..", ["."]])
def test_what_is_no_search_string_is_no_link(queries: object) -> None:
    assert links.search(queries) == ""


@given(st.text())
def test_whatever_is_searched_for_the_link_is_nothing_but_a_path_below_search(text: str) -> None:
    made = links.search(text)
    assert made == "" or (made.startswith("/search/") and made.count("/") == 3 and made.isascii())
    assert links.page(made) == made
