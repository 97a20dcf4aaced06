"""Mail that a real server took, read again: TLS, a login, and what the reader gets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from runner import render
from runner.deliver import smtp
from runner.model import State
from tests.deliver.mails import LOGIN, PASSWORD, USERNAME, access, composed, parcel
from tests.faults.certificates import authority
from tests.render.digests import ALL

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # there is TLS, unknown to it


class Inbox:
    """Takes what comes, but for one who is not known."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.sessions: list[Session] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.mails.append(envelope)
        self.sessions.append(session)
        return "250 2.0.0 queued as 7F"


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """Whether that is our name and password."""
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(inbox: Inbox, tls: ssl.SSLContext, *, later: bool) -> Iterator[int]:
    """The port of a server that takes mail under TLS after a login, and nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings: dict[str, Any] = {"authenticator": known, "auth_required": True}
    if later:
        settings |= {"tls_context": tls, "require_starttls": True}
    else:  # it does not know that it is under TLS from the start
        settings |= {"auth_require_tls": False}
    controller = Controller(inbox, hostname="127.0.0.1", port=port, ssl_context=None if later else tls, **settings)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The folder of a project whose ``ca.pem`` is the authority of the tests."""
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    return tmp_path


def read(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=policy.default)


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("name", ["compared", "every-endpoint", "german"])
def test_what_arrives_is_what_was_rendered(ca: Path, name: str, security: str) -> None:
    (document,) = render.documents(ALL[name], ("eml",))
    files = render.documents(ALL[name], ("csv", "html", "md", "txt", "json"))
    subject = render.words(ALL[name]).subject
    whole = composed(subject=subject, title="Grüße, Team", body=document.content, attachments=files, thread=True)
    inbox = Inbox()
    with serving(inbox, authority().good(), later=security == "starttls") as port:
        box = {"security": security, "ca_file": "ca.pem", **LOGIN}
        receipt = smtp.send(parcel(port, whole, **box), access(ca))
    assert receipt.state is State.SENT, receipt
    assert receipt.reason == f"127.0.0.1:{port} took it: 250 2.0.0 queued as 7F"
    (envelope,), (session,) = inbox.mails, inbox.sessions
    assert session.authenticated
    assert (envelope.mail_from, envelope.rcpt_tos) == ("reports@example.com", ["sales@example.com"])
    assert envelope.content == whole
    found, draft = read(envelope), message_from_bytes(document.content, policy=policy.default)
    assert found["Subject"] == draft["Subject"]
    assert found["Content-Language"] == draft["Content-Language"]
    assert "X-Unsent" not in found
    body, *rest = found.iter_parts()
    assert [part.get_content() for part in body.iter_parts()] == [part.get_content() for part in draft.iter_parts()]
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in rest] == [
        (file.name, file.content) for file in files
    ]


def test_another_password_is_not_let_in(ca: Path) -> None:
    inbox = Inbox()
    with serving(inbox, authority().good(), later=True) as port:
        sending = parcel(port, security="starttls", ca_file="ca.pem", **LOGIN)
        receipt = smtp.send(sending, access(ca, {"SMTP_USERNAME": USERNAME, "SMTP_PASSWORD": "another one"}))
    assert (receipt.state, inbox.mails) == (State.DEFERRED, [])
    assert "check SMTP_USERNAME and SMTP_PASSWORD: 535" in receipt.reason


def test_without_a_login_it_says_what_to_set(ca: Path) -> None:
    inbox = Inbox()
    with serving(inbox, authority().good(), later=True) as port:
        receipt = smtp.send(parcel(port, security="starttls", ca_file="ca.pem"), access(ca))
    assert (receipt.state, inbox.mails) == (State.DEFERRED, [])
    assert "set username_env and password_env: 530" in receipt.reason


def test_a_recipient_who_is_not_known_is_refused_for_good(ca: Path) -> None:
    inbox = Inbox()
    with serving(inbox, authority().good(), later=False) as port:
        sending = parcel(port, security="tls", ca_file="ca.pem", **LOGIN)
        other = type(sending.key)("weekly-sales", "2026-W47", "mail", "nobody@example.com")
        box = {"security": "tls", "ca_file": "ca.pem", **LOGIN}
        receipt = smtp.send(parcel(port, key=other, **box), access(ca))
    assert (receipt.state, inbox.mails) == (State.REFUSED, [])
    assert receipt.reason.endswith("does not take the recipient: 550 5.1.1 no such user")
