"""How a form of the digest is made ready to be looked at."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from runner.preview import page, panes
from runner.preview.panes import Pane, Shown


@pytest.mark.parametrize(
    ("said", "light", "dark"),
    [
        pytest.param("@media (prefers-color-scheme: dark) {", "@media (max-width: 0) {", "@media (min-width: 0) {",
                     id="dark"),
        pytest.param("@media (prefers-color-scheme:light){", "@media (min-width: 0){", "@media (max-width: 0){",
                     id="light, without a space"),
        pytest.param("@media screen and ( PREFERS-color-scheme : dark ) {", "@media screen and (max-width: 0) {",
                     "@media screen and (min-width: 0) {", id="one of several, in capitals"),
        pytest.param("a { color-scheme: dark }", "a { color-scheme: dark }", "a { color-scheme: dark }", id="no query"),
    ],
)  # fmt: skip
def test_a_query_of_the_scheme_holds_or_does_not(said: str, light: str, dark: str) -> None:
    assert panes.light(said.encode()) == light.encode()
    assert panes.dark(said.encode()) == dark.encode()


def test_the_html_of_an_e_mail_is_shown() -> None:
    message = EmailMessage()
    message.set_content("words")
    message.add_alternative("<p>Größe</p>@media (prefers-color-scheme: dark)", subtype="html")
    assert panes.mail(message.as_bytes()).decode() == "<p>Größe</p>@media (max-width: 0)\n"


def test_an_e_mail_without_html_says_so() -> None:
    message = EmailMessage()
    message.set_content("words")
    assert b"no HTML" in panes.mail(message.as_bytes())


def test_nothing_that_is_shown_becomes_markup_of_the_page() -> None:
    bad = '"><script>alert(1)</script>'
    made = page.page(Shown(bad, bad, (Pane("text", bad), Pane("dark", bad, error=bad))))
    assert made.count("<script") == 1, "its own"
    assert "<script>alert" not in page.page(Shown("state", "title", error=bad))
