"""The subject that a definition writes itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import render
from runner.errors import RunnerError
from tests.render.digests import COMPARED, EMPTY

WORDS = render.words(COMPARED)


def test_it_knows_the_title_the_period_and_the_first_number() -> None:
    filled = render.subject(WORDS, "{{ title }} | {{ period }} | {{ headline }}")
    assert filled == "Weekly sales | 16–22 Nov 2026 | 210 Outbound calls (▲\u00a05.0%)"


def test_where_nothing_was_found_there_is_no_first_number() -> None:
    words = render.words(EMPTY)
    assert render.subject(words, "{{ title }}{{ ': ' ~ headline if headline }}") == words.title


@pytest.mark.parametrize("template", ["", " ", "{{ '' }}", "\n"])
def test_without_words_it_is_the_digests_own(template: str) -> None:
    assert render.subject(WORDS, template) == WORDS.subject


@given(st.text(), st.text())
def test_it_is_one_line_whatever_the_title_is(title: str, period: str) -> None:
    filled = render.subject(replace(WORDS, title=title, period=period), "  {{ title }}:\n {{ period }} ")
    assert len(filled.splitlines()) == 1
    assert filled == filled.strip()
    assert "  " not in filled
    assert not {"\u202e", "\u2066", "\x00", "\x85"} & set(filled)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ user }}", "'user' is undefined", id="another word"),
        pytest.param("{{ title.__class__ }}", "unsafe", id="what is behind the words"),
        pytest.param("{{ title", "unexpected end", id="no template"),
        pytest.param("{{ 1 / 0 }}", "division by zero", id="arithmetic"),
        pytest.param("{% for _ in range(5000) %}x{% endfor %}", "more than 2,000 characters", id="endless"),
        pytest.param("{% include 'digest.txt.j2' %}", "no loader", id="another template"),
    ],
)
def test_what_cannot_be_filled_is_an_error(template: str, reason: str) -> None:
    with pytest.raises(RunnerError, match=reason):
        render.subject(WORDS, template)
