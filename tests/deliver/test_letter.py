"""The mail, as a mail program reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import lines, render
from runner.deliver import fields, letter, notices, proof
from runner.deliver.fields import Field
from runner.errors import RunnerError
from runner.model import Document, FailedSection
from tests.deliver.mails import AT, FILES, KEY, MAILBOX, composed, draft
from tests.render.digests import COMPARED

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

NAMES = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip


def parsed(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=policy.default)


def names(mail: bytes) -> list[str]:
    """The names of the headers, read without any library."""
    head = mail.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return [line.partition(":")[0] for line in head if not line.startswith(" ")]


# ---- what is in it


def test_it_says_who_it_is_from_and_to_and_what_it_is() -> None:
    mail = composed()
    found = parsed(mail)
    assert names(mail) == NAMES
    assert found["From"] == "Sales reports <reports@example.com>"
    assert (found["To"], found["Subject"]) == ("sales@example.com", "Weekly sales")
    assert found["Date"].datetime == AT
    assert found["List-Id"] == "Weekly sales <weekly-sales.reports.example.com>"
    assert found["List-Unsubscribe"] == "<mailto:reports@example.com?subject=unsubscribe%20weekly-sales>"
    assert (found["Auto-Submitted"], found["Content-Language"]) == ("auto-generated", "en-US")
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", found["Message-ID"])


def test_the_body_is_what_was_rendered_byte_for_byte() -> None:
    (document,) = render.documents(COMPARED, ("eml",))
    mail = composed(body=document.content)
    assert mail.partition(b"\r\n\r\n")[2] == document.content.partition(b"\r\n\r\n")[2]
    assert parsed(mail).get_content_type() == "multipart/alternative"


def test_files_go_beside_it_with_their_names_and_types() -> None:
    found = parsed(composed(attachments=FILES))
    body, *rest = found.iter_parts()
    assert found.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_filename() for part in rest] == [file.name for file in FILES]
    assert [part.get_payload(decode=True) for part in rest] == [file.content for file in FILES]
    types = ["text/csv", "text/html", "text/markdown", "text/plain", "application/json"]
    assert [part.get_content_type() for part in rest] == types
    assert {part.get_content_disposition() for part in rest} == {"attachment"}


def test_every_digest_with_every_file_is_fit_for_any_server() -> None:
    (document,) = render.documents(COMPARED, ("eml",))
    files = render.documents(COMPARED, ("csv", "html", "md", "txt", "json"))
    mail = composed(body=document.content, attachments=files)
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", mail) is None


@pytest.mark.parametrize("name", ["../digest.csv", "a b.csv", "a\r\nX: y.csv", 'a".csv', "", "ä.csv", "x" * 200])
def test_a_file_of_another_name_is_not_sent(name: str) -> None:
    with pytest.raises(RunnerError, match="no name for an attachment"):
        composed(attachments=[Document(name, b"")])


def test_the_id_is_that_of_the_digest_however_often_it_is_made() -> None:
    once = parsed(composed())["Message-ID"]
    assert parsed(composed(subject="Other words", attachments=FILES))["Message-ID"] == once
    others = [
        composed(key=replace(KEY, recipient="other@example.com")),
        composed(key=replace(KEY, period="2026-W48")),
        composed(key=replace(KEY, report="weekly-sales!failure")),
        composed(at=AT.replace(hour=7)),
        composed(test=True),
    ]
    assert len({once, *(parsed(mail)["Message-ID"] for mail in others)}) == 6


def test_a_thread_holds_all_periods_of_a_report_for_one_reader() -> None:
    first, second = (parsed(composed(key=replace(KEY, period=period), thread=True)) for period in ("W1", "W2"))
    other = parsed(composed(key=replace(KEY, recipient="other@example.com"), thread=True))
    assert first["References"] == first["In-Reply-To"] == second["References"] != other["References"]
    assert "References" not in parsed(composed())


def test_a_test_says_so_and_is_in_no_thread() -> None:
    found = parsed(composed(test=True, thread=True))
    assert (found["Subject"], found["References"]) == ("[Test] Weekly sales", None)


@pytest.mark.parametrize(
    ("said", "header"),
    [
        pytest.param("https://wiki.example.com/a?b=1,2", "<https://wiki.example.com/a?b=1,2>", id="URL"),
        pytest.param(
            "ops+x@example.com", "<mailto:ops%2Bx@example.com?subject=unsubscribe%20weekly-sales>", id="address"
        ),
    ],
)
def test_readers_can_ask_to_be_left_out(said: str, header: str) -> None:
    assert parsed(composed(mailbox=replace(MAILBOX, unsubscribe=said)))["List-Unsubscribe"] == header


def test_answers_go_where_the_owner_wants_them() -> None:
    assert parsed(composed(mailbox=replace(MAILBOX, reply_to="ops@example.com")))["Reply-To"] == "ops@example.com"
    assert "Reply-To" not in parsed(composed())


@pytest.mark.parametrize("report", ["weekly-sales/ann", "Wöchentlich", "x" * 300, "!!!", "a/b!failure"])
def test_any_report_has_a_list(report: str) -> None:
    found = parsed(composed(key=replace(KEY, report=report)))["List-Id"]
    assert re.fullmatch(r"Weekly sales <[a-z0-9-]{1,63}\.reports\.example\.com>", found)


@pytest.mark.parametrize(
    "said",
    [
        "", "x", "a@b", "a b@example.com", "a@example.com, b@example.com", "a@example.com\r\nBcc: c@example.com",
        "ä@example.com", "a@exämple.com", '"a b"@example.com', "<a@example.com>", "a@example.com>", "a\0@example.com",
        "a@[127.0.0.1]", "a@example.com\n", ".a@example.com", f"{'a' * 250}@example.com",
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_sent_nothing(said: str) -> None:
    with pytest.raises(RunnerError, match="no address"):
        composed(key=replace(KEY, recipient=said))
    with pytest.raises(RunnerError, match="no address"):
        composed(mailbox=replace(MAILBOX, sender=said))


@pytest.mark.parametrize(
    "said", ["https://x.example/>\r\nX: y", "https://x.example/ü", "https://x.example/ y", "ftp:x"]
)
def test_nothing_but_a_url_or_an_address_is_said_to_unsubscribe_at(said: str) -> None:
    with pytest.raises(RunnerError):
        composed(mailbox=replace(MAILBOX, unsubscribe=said))


@pytest.mark.parametrize("body", [b"", b"Subject: x\r\n\r\nx\r\n", b"Content-Type: text/html\r\n\r\nx\r\n"])
def test_what_is_no_draft_is_not_sent(body: bytes) -> None:
    with pytest.raises(RunnerError):
        composed(body=body)


@pytest.mark.parametrize("damage", [b"\xff", b"\r", b"\n", b"\0", b"x" * 1000])
def test_a_draft_that_mail_cannot_hold_is_not_sent(damage: bytes) -> None:
    with pytest.raises(RunnerError):
        composed(body=draft().replace(b"Gr", damage + b"Gr"))


# ---- the notice


def test_a_notice_says_report_period_jobs_reasons_and_what_was_held() -> None:
    failures = [
        FailedSection("calls", "Calls by day", "HTTP 500 after 5 attempts"),
        FailedSection("deals", "", "no pipeline is named 'Säles'\r\nX: y"),
    ]
    mail = notices.notice(
        MAILBOX, replace(KEY, report="weekly-sales!failure"), title="Weekly sales", period="16–22 Nov 2026",
        failures=failures, held="The digest was held back.", at=AT,
    )  # fmt: skip
    found = parsed(mail)
    assert names(mail) == [*(name for name in NAMES if name != "Content-Language"), "Content-Transfer-Encoding"]
    assert found["Subject"] == "Weekly sales: 2 jobs failed, 16–22 Nov 2026"
    assert found.get_content().splitlines() == [
        "Weekly sales, 16–22 Nov 2026: 2 jobs failed.",
        "",
        "- Calls by day (calls): HTTP 500 after 5 attempts",
        "- deals (deals): no pipeline is named 'Säles' X: y",
        "",
        "The digest was held back.",
    ]


# ---- whatever the words are


def holds(text: str) -> None:
    """A mail with that text for all words has the headers it should have, and says the text."""
    mail = composed(subject=text, title=text, mailbox=replace(MAILBOX, sender_name=text))
    assert names(mail) == NAMES
    found, shown = parsed(mail), lines.line(text, fields.MOST)
    assert found["Subject"] == shown
    (sender,) = found["From"].addresses
    assert sender.addr_spec == "reports@example.com"
    assert "".join(sender.display_name.split()) == "".join(shown.split())  # readers differ in the spaces of a name
    assert [address.addr_spec for address in found["To"].addresses] == ["sales@example.com"]
    assert found["List-Id"].endswith("<weekly-sales.reports.example.com>")
    assert len(mail.split(b"\r\n\r\n")[1]) == len(draft().split(b"\r\n\r\n")[1])


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    holds(text)


@given(st.text(alphabet='\r\n :=?<>@,;"\\()[]a.utf-8bq_\u0000\u0085\u2028\u202e\u00a0é😀\ud800', max_size=300))
def test_text_that_looks_like_mail_comes_back_as_it_was(text: str) -> None:
    holds(text)


BREAKS = ["\r\n", "\n", "\r", "\r\n\r\n", "\n ", "\x0b", "\x0c", "\x85", "\u2028", "\x00", "\\r\\n", "%0d%0a"]
BEFORE = ["", "x", "=?utf-8?q?x?=", '"', "<", "x" * 70, "é", "\u202e"]
BEHIND = [
    "Bcc: evil@example.com", "To: evil@example.com", "Subject: other", "Content-Type: text/html", "", " Bcc: x",
    "--=_digest", ".", "MAIL FROM:<evil@example.com>", "<script>", "\ud83d Bcc: x", "X-Unsent: 1",
]  # fmt: skip
CODED = [
    "=?utf-8?q?a=0d=0aBcc:_evil@example.com?=", "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=", "=?", "?=",
    "=?utf-8?q?=22=3Cevil@example.com=3E=22?=", "=?x?y?z?=", "=?utf-7?q?+AAo-Bcc:x?=", "=?us-ascii?q?=0A?=",
]  # fmt: skip


def generated() -> Iterator[str]:
    """Line breaks of every kind, before and behind what somebody would like to have there."""
    yield from ("".join(parts) for parts in product(BEFORE, BREAKS, BEHIND))
    yield from ("".join(parts) for parts in product(BEFORE, CODED, ["", *BREAKS[:10]], BEHIND))


def corpus() -> Iterator[str]:
    """Bad input of public lists, where they are."""
    for path in sorted(CORPORA.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            yield said if isinstance(said, str) else " ".join(map(str, said.values()))


def test_some_hostile_texts_add_no_header() -> None:
    for text in [*generated()][::97]:
        holds(text)


@pytest.mark.slow
def test_many_hostile_texts_add_no_header() -> None:
    texts = [*generated(), *corpus()]
    for text in texts:
        holds(text)
    assert len(texts) >= 9_000


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the lists of bad input are not here")
def test_some_of_the_public_lists_add_no_header() -> None:
    for text in [*corpus()][::23]:
        holds(text)


# ---- the last look


def meant(**other: str) -> list[Field]:
    """The headers of a mail, some with another wire."""
    plain = {"From": "a@example.com", "Subject": "x", "List-Id": "<x.example.com>", "Content-Type": "text/plain"}
    values = {**plain, "From": "<a@example.com>"}
    return [Field(name, values[name], other.get(name.replace("-", "_").lower(), wire)) for name, wire in plain.items()]


PARTS = [proof.Part("text/plain", "", b"hello\r\n")]


def mail_of(head: list[Field], body: bytes = b"hello\r\n") -> bytes:
    return b"".join([*map(bytes, head), b"\r\n", body])


def test_a_mail_that_says_what_was_meant_passes() -> None:
    proof.check(mail_of(meant()), meant(), PARTS)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"subject": "x\r\nBcc: evil@example.com"}, id="a header more"),
        pytest.param({"subject": "x\r\n\r\nother body"}, id="the body begins early"),
        pytest.param({"subject": "=?utf-8?q?y?="}, id="another text"),
        pytest.param({"subject": "=?utf-8?q?x=0d=0aBcc:_evil@example.com?="}, id="a line break in a code"),
        pytest.param({"from": "a@example.com, evil@example.com"}, id="an address more"),
        pytest.param({"from": '"=?utf-8?q?x=22?=" <evil@example.com>'}, id="another address"),
        pytest.param({"from": "evil@example.com <a@example.com>"}, id="a name more"),
        pytest.param({"list_id": "<y.example.com>"}, id="another list"),
        pytest.param({"content_type": "text/html"}, id="another type"),
        pytest.param({"subject": "x\rBcc: y"}, id="half a line break"),
        pytest.param({"subject": "x" * 1000}, id="a long line"),
    ],
)
def test_a_mail_that_says_anything_else_is_stopped(other: dict[str, str]) -> None:
    for head in (meant(), meant(**other)):  # whether or not whoever made it believes in it
        with pytest.raises(RunnerError, match="the mail"):
            proof.check(mail_of(meant(**other)), head, PARTS)


@pytest.mark.parametrize("body", [b"other\r\n", b"hello\r\n\r\n", b"hello"])
def test_another_body_is_stopped(body: bytes) -> None:
    with pytest.raises(RunnerError):
        proof.check(mail_of(meant(), body), meant(), PARTS)


def test_the_same_words_give_the_same_bytes() -> None:
    assert composed(attachments=FILES, thread=True) == composed(attachments=FILES, thread=True)


def test_a_name_for_a_list_is_short_and_another_for_another_report() -> None:
    assert letter.slug("weekly-sales/Ann Lee") == "weekly-sales-ann-lee"
    assert letter.slug("x" * 300) != letter.slug("x" * 301)
    assert len(letter.slug("x" * 300)) <= 63
