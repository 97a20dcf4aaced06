"""What the tests of the e-mail channel send: a mailbox, a key, a draft, a parcel, and the secrets that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, NoReturn

from runner.deliver import Access, letter
from runner.model import Document, Hook, Key, Mailbox, Parcel, Secret

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
KEY = Key("weekly-sales", "2026-W47", "mail", "sales@example.com")
MAILBOX = Mailbox("mail", "127.0.0.1", "reports@example.com", sender_name="Sales reports", security="none", timeout=5)
USERNAME, PASSWORD = "postmaster-7f", 'Zq/T+x%9"key <p4>'
LOGIN: dict[str, Any] = {"username_env": "SMTP_USERNAME", "password_env": "SMTP_PASSWORD"}


def draft(text: str = "Grüße\n.\n.dot\n", page: str = "<p>Grüße</p>\n") -> bytes:
    """As ``digest.eml`` is, but short."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = "Weekly sales"
    mail["Date"] = AT
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary("=_digest")
    mail["Content-Language"] = "en-US"
    return mail.as_bytes()


def composed(subject: str = "Weekly sales", title: str = "Weekly sales", **other: Any) -> bytes:
    """A mail; ``mailbox``, ``key``, ``body`` and the words of ``compose`` may be others."""
    box, key, body = other.pop("mailbox", MAILBOX), other.pop("key", KEY), other.pop("body", draft())
    return letter.compose(body, box, key, subject=subject, title=title, **{"at": AT, **other})


def parcel(port: int, message: bytes | None = None, *, sample: bool = False, key: Key = KEY, **box: Any) -> Parcel:
    """A parcel over the mailbox at that port; its settings may be others."""
    mailbox = replace(MAILBOX, port=port, **box)
    whole = composed(key=key) if message is None else message
    return Parcel(key, mailbox, AT, "fingerprint", sample, message=whole)


def access(root: Path = Path(), secrets: Mapping[str, str] | None = None) -> Access:
    """With the name and the password that the server knows, unless they are others."""
    said = {"SMTP_USERNAME": USERNAME, "SMTP_PASSWORD": PASSWORD} if secrets is None else secrets
    return Access({name: Secret(text) for name, text in said.items()}, root, _nowhere)


def _nowhere(hook: Hook) -> NoReturn:
    raise AssertionError(f"e-mail asked for the network of {hook.name}")


FILES = (
    Document("digest.calls-by-day.csv", "job,metric\ncalls,Ünder £5\n".encode()),
    Document("digest.html", b"<!doctype html>\r\n<p>x</p>"),
    Document("digest.md", b"# x\n"),
    Document("digest.txt", b".\n.\n"),
    Document("digest.json", b"{}"),
)
