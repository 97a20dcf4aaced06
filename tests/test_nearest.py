"""Did you mean: the word that was probably meant, and none where it is anyone's guess."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import nearest

ENDPOINTS = ["activity", "sent_emails", "statuses/lead", "custom", "funnel/opportunity/stages"]


@pytest.mark.parametrize(
    ("said", "words", "meant"),
    [
        pytest.param("activty", ENDPOINTS, "activity", id="letter left out"),
        pytest.param("activities", ENDPOINTS, "activity", id="plural"),
        pytest.param("Sent-Emails", ENDPOINTS, "sent_emails", id="case and dash"),
        pytest.param("funnel", ENDPOINTS, "funnel/opportunity/stages", id="beginning"),
        pytest.param("stages", ENDPOINTS, "funnel/opportunity/stages", id="end"),
        pytest.param("activity_report", ENDPOINTS, "activity", id="too much"),
        pytest.param("zzz", ENDPOINTS, "", id="nothing near"),
        pytest.param("", ENDPOINTS, "", id="empty"),
        pytest.param("a", ENDPOINTS, "", id="one letter"),
        pytest.param("last wek", ["last-week", "last-year"], "last-week", id="space"),
        pytest.param("x" * 100_000, ENDPOINTS, "", id="a very long word"),
        pytest.param("any", [], "", id="no words"),
    ],
)
def test_the_nearest_word(said: str, words: list[str], meant: str) -> None:
    assert nearest.nearest(said, words) == meant
    assert nearest.hint(said, words) == (f"did you mean '{meant}'?" if meant else "")


def test_a_slip_is_two_letters_at_most_and_no_known_word() -> None:
    words = ("calls.all.all.count", "sms.sent.all.count")
    assert nearest.slip("calls.all.all.cuont", words) == "calls.all.all.count"
    assert nearest.slip("calls.all.all.count", words) == ""
    assert nearest.slip("calls.some.all.count", words) == ""
    assert nearest.slip("calls.all.all.count", ()) == ""


SHORT = st.text("ab", max_size=6)


@given(SHORT, SHORT)
def test_a_distance_is_the_same_both_ways_and_none_to_itself(one: str, other: str) -> None:
    assert nearest.distance(one, other, at_most=9) == nearest.distance(other, one, at_most=9)
    assert (nearest.distance(one, other, at_most=9) == 0) is (one == other)
    assert nearest.distance(one, other, at_most=9) <= max(len(one), len(other))


@given(SHORT, SHORT, st.integers(0, 6))
def test_a_limit_only_cuts_the_distance(one: str, other: str, limit: int) -> None:
    assert nearest.distance(one, other, at_most=limit) == min(nearest.distance(one, other, at_most=9), limit + 1)


@given(st.text("abc", min_size=2, max_size=8), st.data())
def test_two_neighbours_swapped_are_one_slip(word: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:index] + word[index + 1] + word[index] + word[index + 2 :]
    assert nearest.distance(word, swapped, at_most=3) == int(word[index] != word[index + 1])
    assert all(nearest.distance(a, b, at_most=3) <= 1 for a, b in pairwise([word, word[1:]]))
