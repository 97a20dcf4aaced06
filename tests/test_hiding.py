"""Secrets are found in every form that a service may give them."""

from __future__ import annotations

import base64

import pytest

from runner import hiding

SECRET = 'api_0Zq/T+x%9"key'


@pytest.mark.parametrize(
    "form",
    [
        pytest.param('api_0Zq/T+x%9"key', id="plain"),
        pytest.param('API_0ZQ/t+X%9"KEY', id="other letters"),
        pytest.param("YXBpXzBacS9UK3glOSJrZX", id="base64"),
        pytest.param("api_0Zq%2FT%2Bx%259%22key", id="percent-encoded"),
        pytest.param("api_0Zq%2ft%2bx%259%22key", id="percent-encoded in small letters"),
        pytest.param("6170695f305a712f542b782539226b6579", id="hex"),
        pytest.param('yek"9%x+T/qZ0_ipa', id="reversed"),
        pytest.param('api_0Zq/T+x%9\\"key', id="JSON"),
        pytest.param("api_0Zq/T+x%9&quot;key", id="HTML"),
    ],
)
def test_a_secret_is_hidden_in_any_form(form: str) -> None:
    assert hiding.hidden(f"no such key {form}, sorry", ["other", SECRET]) == "no such key ***, sorry"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("behind", ["", "c", "cd", "cde"])
def test_a_secret_within_a_longer_text_in_base64_is_hidden(before: str, behind: str) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        told = encode(f"{before}{SECRET}{behind}".encode()).decode()
        shown = hiding.hidden(told, [SECRET])
        assert "***" in shown
        assert len(shown) <= len("***") + 12


def test_what_holds_no_secret_stays_as_it_is() -> None:
    assert hiding.hidden("no such key", [SECRET]) == "no such key"
    assert hiding.hidden("no such key", []) == "no such key"
    assert hiding.hidden("no such key", [""]) == "no such key"
    assert not hiding.repeated("no such key", [SECRET, ""])


def test_a_short_secret_is_hidden_as_it_is_and_looked_for_in_no_answer() -> None:
    assert hiding.hidden("the word is abc", ["abc"]) == "the word is ***"
    assert not hiding.repeated("the word is abc", ["abc"])


def test_a_secret_that_is_repeated_is_seen() -> None:
    assert hiding.repeated(f'{{"name": "{SECRET}"}}', [SECRET])
    assert hiding.repeated('{"name": "yek\\"9%x+T/qZ0_ipa"}', [SECRET])
    assert hiding.repeated('{"name": "6170695f305a712f542b782539226b6579"}', [SECRET])
