"""The last look at a parcel: who it goes to, and where its links lead."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from runner import render
from runner.deliver import policy
from runner.model import APP_URL, Document, Json, Mailbox, Policy, Shelves
from tests.deliver.parcels import SLACK, WEBHOOK, parcel
from tests.render.digests import ALL

MAIL = Mailbox("mail", "smtp.example.com", "reports@example.com")
OURS = Policy(recipients=("ann@example.com", "@Sales.example.com"), link_hosts=("Docs.example.com",))


def mail(html: str = "", *, recipient: str = "ann@example.com", attached: str = "") -> str:
    message = EmailMessage()
    message.set_content("Read on: https://elsewhere.example.com/")
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached, subtype="html", filename="digest.html")
    return policy.refusal(parcel(MAIL, recipient=recipient, message=message.as_bytes()), OURS, APP_URL)


def page(html: str, name: str = "digest.html") -> str:
    files = (Document("digest.csv", b'<a href="https://elsewhere.example.com">'), Document(name, html.encode()))
    return policy.refusal(parcel(Shelves("pages", "public"), files=files), OURS, APP_URL)


def slack(data: Json) -> str:
    return policy.refusal(parcel(SLACK, data=data), OURS, APP_URL)


# ---- recipients ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["ann@example.com", "Ann@EXAMPLE.com", "bo@sales.example.com", "BO@SALES.EXAMPLE.COM"]
)
def test_who_is_allowed_gets_it(address: str) -> None:
    assert not mail(recipient=address)


@pytest.mark.parametrize(
    "address",
    [
        "bo@example.com",
        "ann@example.com.example.org",
        "ann@x.sales.example.com",
        "@sales.example.com@x",
        "ann",
        "",
        "@",
    ],
)
def test_who_is_not_allowed_any_more_does_not(address: str) -> None:
    assert "policy.recipients" in policy.refusal(parcel(MAIL, recipient=address or " "), OURS, APP_URL)


def test_without_a_policy_nobody_gets_an_email() -> None:
    assert policy.refusal(parcel(MAIL, recipient="ann@example.com"), Policy(), APP_URL)
    assert not policy.refusal(parcel(SLACK, data={}), Policy(), APP_URL)


# ---- links -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        *("https://app.close.com", "https://app.close.com/search/?q=a%20b#c", "HTTPS://APP.close.com/"),
        *("https://docs.example.com/", " https://app.close.com/\n", "", "#people"),
        *("cid:logo", "data:image/png;base64,AA=="),
    ],
)
def test_a_link_of_ours_may_go(link: str) -> None:
    assert not mail(f'<a href="{link}">x</a>')
    assert not page(f'<img src="{link}">')


BAD = [
    *("https://elsewhere.example.com/", "http://app.close.com/", "//elsewhere.example.com/", "https:app.close.com"),
    *("https://app.close.com@elsewhere.example.com/", "https://app.close.com.example.org/", "https://xapp.close.com/"),
    *("https://app.close.com:8443/", "https://app.close.com\\@elsewhere.example.com/", "javascript:alert(1)"),
    *("java\nscript:alert(1)", "ht\ttp://elsewhere.example.com", "\x01https://elsewhere.example.com", "mailto:a@b"),
    "https:\\\\app.close.com",
    *("data:text/html,x", "digest.csv", "/search", "\\\\elsewhere.example.com", "https://", "https://?app.close.com"),
    "&#104;ttps://elsewhere.example.com/",
]  # fmt: skip


@pytest.mark.parametrize("link", BAD)
def test_any_other_link_stops_it(link: str) -> None:
    for said in (mail(f'<a href="{link}">x</a>'), page(f'<IMG SRC="{link}">')):
        assert said.startswith("a link leads to ")
        assert "policy.link_hosts" in said
        assert said.isprintable()


BAD_LINK = "https://elsewhere.example.com/x"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<a href={BAD_LINK}>", id="without quotes"),
        pytest.param(f"<area HREF='{BAD_LINK}'>", id="a map"),
        pytest.param(f'<p><img alt="" src="{BAD_LINK}">', id="an image"),
        pytest.param(f'<img srcset="https://app.close.com/a 1x, {BAD_LINK} 2x">', id="an image in sizes"),
        pytest.param(f'<form action="{BAD_LINK}">', id="a form"),
        pytest.param(f'<button formaction="{BAD_LINK}">', id="a button"),
        pytest.param(f'<td background="{BAD_LINK}">', id="a background"),
        pytest.param(f'<svg><use xlink:href="{BAD_LINK}"/></svg>', id="SVG"),
        pytest.param(f'<base href="{BAD_LINK}">', id="a base"),
        pytest.param(f'<link rel="stylesheet" href="{BAD_LINK}">', id="a style sheet"),
        pytest.param(f'<meta http-equiv="refresh" content="0; URL={BAD_LINK}">', id="a page that moves on"),
        pytest.param(f'<p style="background: url({BAD_LINK})">', id="a style"),
        pytest.param(f"<style>p {{ background: url( '{BAD_LINK}' ) }}</style>", id="styles"),
        pytest.param(f'<style>@import "{BAD_LINK}";</style>', id="styles from elsewhere"),
        pytest.param(f'<style>p {{ background: image-set("{BAD_LINK}" 1x) }}</style>', id="styles in sizes"),
        pytest.param(f"<style>p {{ background: u\\72l({BAD_LINK}) }}</style>", id="escaped styles"),
        pytest.param(f'<!--[if mso]><a href="{BAD_LINK}">x</a><![endif]-->', id="a comment that Outlook reads"),
        pytest.param(f'<iframe src="{BAD_LINK}">', id="a frame"),
        pytest.param(f'<object data="{BAD_LINK}">', id="an object"),
        pytest.param(f'<video poster="{BAD_LINK}">', id="a film"),
    ],
)
def test_a_link_is_found_wherever_it_stands(html: str) -> None:
    assert BAD_LINK in mail(html)
    assert BAD_LINK in mail(attached=html)
    assert BAD_LINK in page(html)
    assert not page(html.replace(BAD_LINK, "https://app.close.com/x"))


@pytest.mark.parametrize(
    "html", ["<style>p::before { content: '\\2014 \\ffffffff \\'; a: url(#b) }</style>", "a href=b"]
)
def test_what_is_no_link_stops_nothing(html: str) -> None:
    assert not page(html)


def test_links_of_other_files_are_found_by_their_kind() -> None:
    message = EmailMessage()
    message.set_content(f'<a href="{BAD_LINK}">x</a>', subtype="html")
    assert BAD_LINK in page(message.as_string(), "digest.eml")
    assert BAD_LINK in page(f'<a href="{BAD_LINK}">x</a>', "other.HTM")
    assert not page(f'<a href="{BAD_LINK}">x</a>', "digest.txt")


def test_the_links_of_a_slack_message_are_read() -> None:
    section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": f"see <{BAD_LINK}|here>"}}
    assert BAD_LINK in slack({"blocks": [section, 1, None]})
    assert BAD_LINK in slack({"text": f"<{BAD_LINK}>"})
    assert not slack({"text": "<https://app.close.com/x|a> &lt;https://elsewhere.example.com&gt;"})
    assert not policy.refusal(parcel(WEBHOOK, data={"text": f"<{BAD_LINK}>"}), OURS, APP_URL)


def test_an_app_without_a_host_allows_nothing() -> None:
    files = (Document("digest.html", b'<a href="javascript:x">'),)
    assert policy.refusal(parcel(Shelves("pages", "public"), files=files), Policy(), "")


@pytest.mark.parametrize("name", ALL)
def test_digests_as_they_ship_may_go(name: str) -> None:
    files = render.documents(ALL[name], ("html", "eml"))
    assert not policy.refusal(parcel(Shelves("pages", "public"), files=files), Policy(), ALL[name].app_url)
    other = policy.refusal(parcel(Shelves("pages", "public"), files=files), Policy(), "https://crm.example.com")
    assert bool(other) == (name == "every-endpoint")  # the others have no links
