"""What becomes of a mail, whatever the server does and whenever: the state, the reason, and no password anywhere."""

from __future__ import annotations

import base64
import html
import json
import re
import ssl
import time
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest

from runner.deliver import CHANNELS, reach, smtp
from runner.model import Hook, Receipt, State
from tests.deliver import scripted
from tests.deliver.mails import LOGIN, PASSWORD, USERNAME, access, composed, draft, parcel
from tests.deliver.scripted import OFFERS, Server, close, drip, endless, in_turn, last, silent
from tests.faults.certificates import authority, stranger

SENT, REFUSED, DEFERRED, UNCERTAIN = State.SENT, State.REFUSED, State.DEFERRED, State.UNCERTAIN

TIME = 0.5
"""Seconds for a mail where the server is slow; what is waited for ends there."""

Script: TypeAlias = dict[str, Any]
"""Step -> what the server says, or does."""


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The folder of a project whose ``ca.pem`` is the authority of the tests."""
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    return tmp_path


def test_it_is_the_channel_for_e_mail() -> None:
    assert CHANNELS["email"] is smtp.send
    wrong = parcel(1)
    hook = Hook("room", "ROOM", "slack")
    with pytest.raises(TypeError):
        smtp.send(type(wrong)(wrong.key, hook, wrong.as_of, "", False), access())


# ---- in order


def test_a_mail_is_handed_over_in_one_transaction() -> None:
    with Server() as server:
        sending = parcel(server.port)
        receipt = smtp.send(sending, access())
    assert receipt == Receipt(SENT, f"127.0.0.1:{server.port} took it: 250 queued as 7F")
    assert [line.split(b" ")[0] for line in server.heard] == [b"ehlo", b"MAIL", b"RCPT", b"DATA", b"QUIT"]
    assert server.heard[0] == b"ehlo example.com"
    assert server.heard[1] == f"MAIL FROM:<reports@example.com> SIZE={len(sending.message)}".encode()
    assert server.heard[2] == b"RCPT TO:<sales@example.com>"
    (mail,) = server.mails
    assert re.sub(rb"(?m)^\.", b"", mail.removesuffix(b".\r\n")) == sending.message


def test_lines_that_begin_with_a_dot_arrive() -> None:
    message = composed(body=draft("a\n.\n..\n.b\n"))
    with Server() as server:
        assert smtp.send(parcel(server.port, message), access()).state is SENT
    assert b"\r\n..\r\n...\r\n..b\r\n" in server.mails[0]


@pytest.mark.parametrize("offers", [b"AUTH PLAIN LOGIN", b"AUTH LOGIN", b"auth=LOGIN PLAIN", b"AUTH CRAM-MD5 PLAIN"])
def test_the_login_is_told_under_tls_and_only_there(ca: Path, offers: bytes) -> None:
    steps = in_turn(b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n", b"235 in\r\n")
    login = b"235 in\r\n" if b"PLAIN" in offers else steps
    ehlo = in_turn(b"250-x\r\n250 STARTTLS\r\n", b"250-x\r\n250 " + offers + b"\r\n")
    with Server(authority().good(), later=True, EHLO=ehlo, AUTH=login) as server:
        receipt = smtp.send(parcel(server.port, security="starttls", ca_file="ca.pem", **LOGIN), access(ca))
    assert receipt.state is SENT, receipt
    start = server.heard.index(b"STARTTLS")
    assert [line.split(b" ")[0] for line in server.heard[:start]] == [b"ehlo"]
    under = server.heard[start + 2 : server.heard.index(b"DATA") - 2]
    told = b"".join(base64.b64decode(line.split(b" ")[-1]) for line in under if line != b"AUTH LOGIN")
    assert USERNAME.encode() in told
    assert PASSWORD.encode() in told


# ---- every step, every way


REPEATED = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode())

CASES: dict[str, tuple[Script, State, str]] = {
    "banner closed": ({"banner": close}, DEFERRED, "closed the connection"),
    "banner 4xx": ({"banner": b"421 busy\r\n"}, DEFERRED, "does not take a connection: 421 busy"),
    "banner 5xx": ({"banner": b"554 no service\r\n"}, DEFERRED, "does not take a connection: 554 no service"),
    "banner garbage": ({"banner": b"\x16\x03\x01\x00 hello\r\n"}, DEFERRED, "no SMTP reply"),
    "banner HTTP": ({"banner": b"HTTP/1.1 400 Bad Request\r\n"}, DEFERRED, "no SMTP reply"),
    "banner endless lines": ({"banner": endless(b"220-x\r\n")}, DEFERRED, "does not end"),
    "banner endless line": ({"banner": endless(b"x")}, DEFERRED, "does not end"),
    "banner of two codes": ({"banner": b"220-x\r\n554 y\r\n"}, DEFERRED, "several things"),
    "banner twice": ({"banner": b"220 x\r\n220 y\r\n"}, DEFERRED, "spoke before it was asked"),
    "EHLO closed": ({"EHLO": close}, DEFERRED, "closed the connection"),
    "EHLO 4xx": ({"EHLO": b"421 later\r\n"}, DEFERRED, "421 later"),
    "EHLO 5xx": ({"EHLO": b"502 what?\r\n"}, DEFERRED, "502 what"),
    "EHLO endless": ({"EHLO": endless(b"250-x\r\n")}, DEFERRED, "does not end"),
    "EHLO garbage": ({"EHLO": b"25O ok\r\n"}, DEFERRED, "no SMTP reply: 25O ok"),
    "MAIL closed": ({"MAIL": close}, DEFERRED, "closed the connection"),
    "MAIL 4xx": ({"MAIL": b"451 try later\r\n"}, DEFERRED, "does not take the sender: 451 try later"),
    "MAIL 5xx": ({"MAIL": b"550 not you\r\n"}, REFUSED, "does not take the sender: 550 not you"),
    "MAIL too large": ({"MAIL": b"552 too large\r\n"}, REFUSED, "552 too large"),
    "MAIL wants a login": ({"MAIL": b"530 log in\r\n"}, DEFERRED, "set username_env and password_env: 530 log in"),
    "RCPT closed": ({"RCPT": close}, DEFERRED, "closed the connection"),
    "RCPT 4xx": ({"RCPT": b"450 greylisted\r\n"}, DEFERRED, "does not take the recipient: 450 greylisted"),
    "RCPT 5xx": ({"RCPT": b"550-no\r\n550 such user\r\n"}, REFUSED, "does not take the recipient: 550 no such user"),
    "RCPT 3xx": ({"RCPT": b"354 go\r\n"}, DEFERRED, "does not take the recipient: 354 go"),
    "RCPT forwards": ({"RCPT": b"251 will forward\r\n"}, SENT, "250 queued"),
    "DATA closed": ({"DATA": close}, DEFERRED, "closed the connection"),
    "DATA without 354": ({"DATA": b"250 ok\r\n"}, DEFERRED, "does not take the mail: 250 ok"),
    "DATA 4xx": ({"DATA": b"452 full\r\n"}, DEFERRED, "does not take the mail: 452 full"),
    "DATA 5xx": ({"DATA": b"554 spam\r\n"}, REFUSED, "does not take the mail: 554 spam"),
    "DATA with an answer too many": ({"DATA": b"354 go\r\n250 queued\r\n"}, DEFERRED, "spoke before it was asked"),
    "end closed": ({"end": close}, UNCERTAIN, "may have been sent.*closed the connection"),
    "end 4xx": ({"end": b"451 later\r\n"}, DEFERRED, "not sent.*451 later"),
    "end 5xx": ({"end": b"554 spam\r\n"}, REFUSED, "not sent.*554 spam"),
    "end 3xx": ({"end": b"354 go on\r\n"}, UNCERTAIN, "may have been sent.*354 go on"),
    "end garbage": ({"end": b"OK\r\n"}, UNCERTAIN, "may have been sent.*no SMTP reply: OK"),
    "end of half a line": ({"end": last(b"250 o")}, UNCERTAIN, "may have been sent.*closed the connection"),
    "end of half a reply": ({"end": last(b"250-ok\r\n")}, UNCERTAIN, "may have been sent.*closed the connection"),
    "end endless": ({"end": endless(b"250-x\r\n")}, UNCERTAIN, "may have been sent.*does not end"),
    "end of two codes": ({"end": b"250-ok\r\n554 no\r\n"}, UNCERTAIN, "may have been sent.*several things"),
    "QUIT closed": ({"QUIT": close}, SENT, "250 queued"),
    "QUIT 5xx": ({"QUIT": b"554 no\r\n"}, SENT, "250 queued"),
    "QUIT garbage": ({"QUIT": b"\xff\r\n"}, SENT, "250 queued"),
    "control characters": ({"RCPT": b"550 a\x1b[31m\x00b\xe2\x80\xae\x07\r\n"}, REFUSED, r"550 a \[31m b$"),
    "a long story": ({"RCPT": b"550 " + b"long " * 1000 + b"\r\n"}, REFUSED, "550 long.*long…$"),
}

AT_LOGIN: dict[str, tuple[Script, State, str]] = {
    "AUTH closed": ({"AUTH": close}, DEFERRED, "closed the connection"),
    "AUTH 454": ({"AUTH": b"454 not now\r\n"}, DEFERRED, "check SMTP_USERNAME and SMTP_PASSWORD: 454 not now"),
    "AUTH 535": ({"AUTH": b"535 5.7.8 bad\r\n"}, DEFERRED, "check SMTP_USERNAME and SMTP_PASSWORD: 535 5.7.8 bad"),
    "AUTH asks on": ({"AUTH": b"334 \r\n"}, DEFERRED, "does not accept the login"),
    "AUTH not offered": ({"EHLO": b"250 x\r\n"}, DEFERRED, "no login with a password.*none at all"),
    "AUTH of other kinds": ({"EHLO": b"250-x\r\n250 AUTH XOAUTH2\r\n"}, DEFERRED, "no login with.*XOAUTH2"),
    "AUTH LOGIN 535": ({"EHLO": b"250-x\r\n250 AUTH LOGIN\r\n", "AUTH": b"535 no\r\n"}, DEFERRED, "535 no"),
    "AUTH repeated": ({"AUTH": b"535 no such " + REPEATED + b"\r\n"}, DEFERRED, r"535 no such \*\*\*"),
    "password repeated": ({"AUTH": b"535 <" + PASSWORD.encode() + b">\r\n"}, DEFERRED, r"535 <\*\*\*>"),
    "password in two lines": (
        {"AUTH": b"535-" + PASSWORD.split()[0].encode() + b"\r\n535 " + PASSWORD.split()[1].encode() + b"\r\n"},
        DEFERRED,
        r"535 \*\*\*",
    ),
    "password with a sign inside": (
        {"AUTH": b"535 " + PASSWORD.replace(" ", "\x00").encode() + b"\r\n"},
        DEFERRED,
        r"535 \*\*\*",
    ),
    "password in hex": ({"AUTH": b"535 " + PASSWORD.encode().hex().encode() + b"\r\n"}, DEFERRED, r"535 \*\*\*"),
    "password as the banner": ({"banner": PASSWORD.encode() + b"\r\n"}, DEFERRED, r"no SMTP reply: \*\*\*"),
    "password in the answer": ({"end": b"250 " + REPEATED + b"\r\n"}, SENT, r"250 \*\*\*"),
    "password at the edge of a long answer": (
        {"end": b"250 " + b"x" * 330 + PASSWORD.encode() + b"\r\n"},
        SENT,
        r"x+\*\*\*$",
    ),
}


def forms() -> list[str]:
    """The password in everything it could be told in, worked out anew."""
    raw = PASSWORD.encode()
    coded = [base64.b64encode(bytes(before) + raw).decode()[4:-4] for before in range(3)]
    others = [raw.hex(), PASSWORD[::-1], quote(PASSWORD), quote(PASSWORD, safe=""), html.escape(PASSWORD)]
    return [PASSWORD, json.dumps(PASSWORD)[1:-1], repr(PASSWORD)[1:-1], *coded, *others, *PASSWORD.split()[:1]]


def unseen(text: str) -> None:
    for form in forms():
        assert form.lower() not in text.lower()


@pytest.mark.parametrize("case", [*CASES, *AT_LOGIN])
def test_what_goes_wrong_is_told_as_it_is(case: str, capfd: pytest.CaptureFixture[str]) -> None:
    script, state, reason = {**CASES, **AT_LOGIN}[case]
    with Server(**script) as server:
        receipt = smtp.send(parcel(server.port, **(LOGIN if case in AT_LOGIN else {})), access())
    assert receipt.state is state, receipt
    assert re.search(reason, receipt.reason), receipt
    assert receipt.reason.isprintable()
    assert len(receipt.reason) <= 400
    unseen(receipt.reason)
    assert capfd.readouterr() == ("", "")
    assert bool(server.mails) is (case.startswith(("end", "QUIT")) or state is SENT)


# ---- time


LATE: dict[str, tuple[Script, State, str]] = {
    "no banner": ({"banner": silent}, DEFERRED, "did not answer within 0.5 s"),
    "a banner byte by byte": ({"banner": drip(b"220-x\r\n" * 99, 0.02)}, DEFERRED, "did not answer within"),
    "no answer to EHLO": ({"EHLO": silent}, DEFERRED, "did not answer within"),
    "no answer to RCPT": ({"RCPT": silent}, DEFERRED, "did not answer within"),
    "no answer to DATA": ({"DATA": silent}, DEFERRED, "did not answer within"),
    "an answer to DATA too late": (
        {"DATA": drip(b"354 a\r\n", 0.065)},
        DEFERRED,
        "no time was left for its answer|did not answer",
    ),
    "no answer to the mail": ({"end": silent}, UNCERTAIN, "may have been sent.*silent"),
    "an answer to the mail byte by byte": ({"end": drip(b"250 queued\r\n", 0.06)}, UNCERTAIN, "silent"),
    "no answer to QUIT": ({"QUIT": silent}, SENT, "250 queued"),
}


def timed(server: Server, message: bytes | None = None, **box: Any) -> Receipt:
    """The receipt of a mail that has little time, and that it kept to it."""
    start = time.monotonic()
    receipt = smtp.send(parcel(server.port, message, timeout=TIME, **box), access())
    assert time.monotonic() - start < TIME + 2
    return receipt


@pytest.mark.parametrize("case", LATE)
def test_no_server_holds_a_mail_for_longer_than_its_time(case: str) -> None:
    script, state, reason = LATE[case]
    with Server(**script) as server:
        receipt = timed(server)
    assert receipt.state is state, receipt
    assert re.search(reason, receipt.reason), receipt


LARGE = composed(body=draft("x" * 76 + "\n") + b"x" * 76 + b"\r\n", attachments=())
MEGABYTES = LARGE.replace(b"=C3", b"=C3" + b"x" * 70 + b"=\r\n", 1) + (b"x" * 78 + b"\r\n") * 60_000


def test_a_server_that_takes_no_byte_of_the_mail_was_sent_nothing() -> None:
    with Server(DATA=scripted.stuck) as server:
        receipt = timed(server, MEGABYTES)
    assert (receipt.state, server.mails) == (DEFERRED, [])


def test_a_server_that_hangs_up_in_the_middle_of_the_mail_was_sent_nothing() -> None:
    with Server(DATA=scripted.middle) as server:
        receipt = smtp.send(parcel(server.port, MEGABYTES), access())
    assert (receipt.state, server.mails) == (DEFERRED, [])


# ---- TLS


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_encrypted_to_a_server_whose_authority_is_known(ca: Path, security: str) -> None:
    with Server(authority().good(), later=security == "starttls") as server:
        receipt = smtp.send(parcel(server.port, security=security, ca_file="ca.pem", **LOGIN), access(ca))
    assert receipt.state is SENT, receipt


CERTIFICATES = {
    "expired": (authority().expired, "expired"),
    "of another name": (authority().elsewhere, "127.0.0.1"),
    "self-signed": (authority().itself, "."),
    "of a stranger": (stranger().good, "."),
}


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_certificate_that_is_not_right_gets_no_word(ca: Path, case: str, security: str) -> None:
    make, reason = CERTIFICATES[case]
    with Server(make(), later=security == "starttls") as server:
        receipt = smtp.send(parcel(server.port, security=security, ca_file="ca.pem", **LOGIN), access(ca))
    assert receipt.state is DEFERRED
    assert re.search(f"certificate of .* is not trusted; check host, or name.*ca_file: .*{reason}", receipt.reason)
    assert [line.split(b" ")[0] for line in server.heard] in ([], [b"ehlo", b"STARTTLS"])


def test_without_the_owners_file_only_public_authorities_are_trusted() -> None:
    with Server(authority().good()) as server:
        receipt = smtp.send(parcel(server.port, security="tls"), access())
    assert (receipt.state, "is not trusted" in receipt.reason) == (DEFERRED, True)
    assert reach.trust(None).minimum_version is ssl.TLSVersion.TLSv1_2
    assert reach.trust(None).check_hostname


STRIPPED: dict[str, tuple[Script, str]] = {
    "not offered": ({"EHLO": b"250 x\r\n"}, "does not offer STARTTLS"),
    "offered as something else": ({"EHLO": b"250-x\r\n250 XXXXXXXA\r\n"}, "does not offer STARTTLS"),
    "not now": ({"STARTTLS": b"454 not now\r\n"}, "454 not now"),
    "not known": ({"STARTTLS": b"502 what?\r\n"}, "502 what"),
    "closed": ({"STARTTLS": close}, "closed the connection"),
    "a word before TLS": ({"STARTTLS": b"220 go\r\n250 AUTH PLAIN\r\n"}, "spoke before it was asked"),
    "a part of a word before TLS": ({"STARTTLS": b"220 go\r\n2"}, "spoke before it was asked|no TLS"),
    "no TLS behind it": ({"STARTTLS": last(b"220 go\r\n" + b"x" * 50)}, "spoke before it was asked|no TLS"),
}


WORDS = [[b"ehlo", *words, *end] for words in ([], [b"starttls"]) for end in ([], [b"quit"])]
"""All that may be said in the clear."""


@pytest.mark.parametrize("case", STRIPPED)
def test_nothing_is_said_without_tls_where_it_is_due(ca: Path, case: str) -> None:
    script, reason = STRIPPED[case]
    with Server(authority().good(), later=True, **script) as server:
        receipt = smtp.send(parcel(server.port, security="starttls", ca_file="ca.pem", **LOGIN), access(ca))
    assert receipt.state is DEFERRED
    assert re.search(reason, receipt.reason), receipt
    assert [line.split(b" ")[0].lower() for line in server.heard] in WORDS


def test_what_was_offered_before_tls_does_not_count_under_it(ca: Path) -> None:
    ehlo = in_turn(OFFERS, b"250 x\r\n")
    with Server(authority().good(), later=True, EHLO=ehlo) as server:
        receipt = smtp.send(parcel(server.port, security="starttls", ca_file="ca.pem", **LOGIN), access(ca))
    assert (receipt.state, "offers no login" in receipt.reason) == (DEFERRED, True)


def test_tls_to_a_port_without_it_says_which_goes_with_which() -> None:
    with Server() as server:
        receipt = smtp.send(parcel(server.port, security="tls"), access())
    assert receipt.state is DEFERRED
    assert "no TLS with 127.0.0.1" in receipt.reason
    assert "465 goes with security tls, 587 with starttls" in receipt.reason


# ---- before anything is said


@pytest.mark.parametrize("host", ["192.0.2.1", "[2001:db8::1]"])
def test_sample_numbers_do_not_leave_this_machine(host: str) -> None:
    receipt = smtp.send(parcel(465, sample=True, host=host, security="tls"), access())
    assert (receipt.state, "sample numbers stay on this machine" in receipt.reason) == (REFUSED, True)
    with Server() as server:
        assert smtp.send(parcel(server.port, sample=True), access()).state is SENT


def test_nothing_goes_in_the_clear_to_another_machine() -> None:
    receipt = smtp.send(parcel(25, host="192.0.2.1"), access())
    assert (receipt.state, "set security to tls or starttls" in receipt.reason) == (DEFERRED, True)


@pytest.mark.parametrize("secrets", [{}, {"SMTP_USERNAME": USERNAME}, {"SMTP_USERNAME": USERNAME, "SMTP_PASSWORD": ""}])
def test_a_secret_that_is_not_set_is_named(secrets: dict[str, str]) -> None:
    with Server() as server:
        receipt = smtp.send(parcel(server.port, **LOGIN), access(secrets=secrets))
    assert (receipt.state, server.connections) == (DEFERRED, 0)
    assert "needs the environment variable" in receipt.reason
    assert "SMTP_PASSWORD" in receipt.reason


def test_a_file_that_holds_no_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "missing.pem"):
        receipt = smtp.send(parcel(465, security="tls", ca_file=name), access(tmp_path))
        assert receipt.state is DEFERRED
        assert f"{name} cannot be read" in receipt.reason


def test_nobody_there_is_told_as_it_is() -> None:
    with Server() as server:
        port = server.port
    receipt = smtp.send(parcel(port), access())
    assert (receipt.state, "could not be reached" in receipt.reason) == (DEFERRED, True)


@pytest.mark.parametrize("host", ["no-such-host.invalid", f"{'x' * 70}.example.com"])
def test_a_name_that_cannot_be_found_is_told_as_it_is(host: str) -> None:
    receipt = smtp.send(parcel(465, host=host, security="tls"), access())
    assert (receipt.state, "could not be reached" in receipt.reason) == (DEFERRED, True)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="none"),
        pytest.param(composed()[:-2], id="not whole"),
        pytest.param(composed() + b"\n.\r\nMAIL FROM:<x@example.com>\r\n", id="half a line end before a dot"),
        pytest.param(composed() + b"\r.\r\n", id="the other half"),
        pytest.param(composed() + b"\0\r\n", id="a zero"),
        pytest.param(composed() + "ü\r\n".encode(), id="eight bits"),
        pytest.param(composed() + b"x" * 999 + b"\r\n", id="a long line"),
    ],
)
def test_bytes_that_no_mail_has_are_not_sent(message: bytes) -> None:
    with Server() as server:
        receipt = smtp.send(parcel(server.port, message), access())
    assert (receipt.state, server.connections) == (REFUSED, 0)
    assert "the mail" in receipt.reason
