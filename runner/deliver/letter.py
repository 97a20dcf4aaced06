"""A whole e-mail: the digest's draft with who it is from and to, and files beside it.

The body stays the bytes that were rendered. Around it stand header fields of our own; the result is read again, and
what does not come back as it was meant (``proof``) is sent to nobody.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy, utils
from email.message import EmailMessage
from urllib.parse import quote

from runner.deliver import fields, proof
from runner.deliver.fields import Field
from runner.errors import RunnerError
from runner.model import Document, Key, Mailbox

BOUNDARY = "=_mixed"
"""Between digest and attachments. No line of base64 or quoted-printable is like it, nor the digest's own boundary."""

TYPES = {
    "csv": 'text/csv; charset="utf-8"',
    "html": 'text/html; charset="utf-8"',
    "md": 'text/markdown; charset="utf-8"',
    "txt": 'text/plain; charset="utf-8"',
    "json": "application/json",
}
"""Ending of an attachment -> its type."""

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BOUNDARY = re.compile(r"[A-Za-z0-9=_.-]{1,60}")


def compose(
    draft: bytes,
    mailbox: Mailbox,
    key: Key,
    *,
    subject: str,
    title: str,
    at: datetime,
    attachments: Sequence[Document] = (),
    thread: bool = False,
    test: bool = False,
) -> bytes:
    """The mail to the recipient of ``key``, 7-bit; the same arguments give the same bytes.

    ``draft`` is the digest's own file ``digest.eml``, ``at`` the instant it is of, ``title`` the report's. A ``test``
    is said in the subject and stands in no thread. RunnerError where the mail cannot be made so that it says just this.
    """
    found = message_from_bytes(draft, policy=policy.SMTP)
    content, body = [*_content(found)], draft.partition(b"\r\n\r\n")[2]
    parts = proof.parts(found)
    if attachments:
        body = b"".join(_mixed(content, body, attachments))
        content = [Field("Content-Type", "multipart/mixed", f'multipart/mixed; boundary="{BOUNDARY}"')]
        parts = [*parts, *(proof.Part(_type(file).partition(";")[0], file.name, file.content) for file in attachments)]
    head = [
        *_head(mailbox, key, subject=f"[Test] {subject}" if test else subject, title=title, at=at, test=test),
        *(_thread(mailbox, key) if thread and not test else ()),
        *(fields.exact("Content-Language", str(said)) for said in found.get_all("Content-Language", ())),
        fields.exact("MIME-Version", "1.0"),
        *content,
    ]
    whole = b"".join([*map(bytes, head), b"\r\n", body])
    proof.check(whole, head, parts)
    return whole


def slug(report: str) -> str:
    """A report's name as a part of an address."""
    plain = re.sub(r"[^a-z0-9]+", "-", report.lower()).strip("-")
    return plain if 0 < len(plain) <= 50 else f"{plain[:40]}-{_short(report)[:16]}".lstrip("-")


def _head(mailbox: Mailbox, key: Key, *, subject: str, title: str, at: datetime, test: bool) -> Iterator[Field]:
    sender = fields.address(mailbox.sender, mailbox.sender_name)
    yield fields.mailbox("From", sender)
    yield fields.mailbox("To", fields.address(key.recipient))
    if mailbox.reply_to:
        yield fields.mailbox("Reply-To", fields.address(mailbox.reply_to))
    yield fields.text("Subject", subject)
    yield fields.exact("Date", utils.format_datetime(at))
    once = (*_all(key), at.astimezone(UTC).isoformat(), "test" if test else "")
    yield fields.exact("Message-ID", f"<{_short(*once)}@{sender.domain}>")
    yield fields.listed("List-Id", title, f"{slug(key.report)}.reports.{sender.domain}")
    yield fields.exact("List-Unsubscribe", f"<{_unsubscribe(mailbox, key)}>")
    yield fields.exact("Auto-Submitted", "auto-generated")


def _thread(mailbox: Mailbox, key: Key) -> Iterator[Field]:
    """One conversation for all periods of a report: each mail answers one that never was."""
    first = f"<{_short(key.report, key.channel, key.recipient)}.thread@{fields.address(mailbox.sender).domain}>"
    yield fields.exact("In-Reply-To", first)
    yield fields.exact("References", first)


def _unsubscribe(mailbox: Mailbox, key: Key) -> str:
    said = mailbox.unsubscribe or mailbox.sender
    if said.startswith("https://"):
        if re.search(r"[\s<>]", said):
            raise RunnerError(f"the channel {mailbox.name}: {said[:100]!r} is no URL to unsubscribe at")
        return said
    to = fields.address(said)
    return f"mailto:{quote(to.username, safe='')}@{to.domain}?subject=unsubscribe%20{slug(key.report)}"


def _content(draft: EmailMessage) -> Iterator[Field]:
    """What the draft says of its body."""
    kind, boundary = draft.get_content_type(), draft.get_boundary()
    if kind == "multipart/alternative" and boundary and _BOUNDARY.fullmatch(boundary):
        yield Field("Content-Type", kind, f'{kind}; boundary="{boundary}"')
    elif kind == "text/plain" and draft.get("Content-Transfer-Encoding") == "quoted-printable":
        yield Field("Content-Type", kind, TYPES["txt"])
        yield fields.exact("Content-Transfer-Encoding", "quoted-printable")
    else:
        raise RunnerError(f"this is no draft of a digest, but {kind}")


def _mixed(content: Sequence[Field], body: bytes, attachments: Sequence[Document]) -> Iterator[bytes]:
    """The body as the first part, then a part for each file."""
    between = f"--{BOUNDARY}\r\n".encode()
    yield from (between, *map(bytes, content), b"\r\n", body, b"\r\n")
    for file in attachments:
        yield between
        yield from map(bytes, _attached(file))
        yield b"\r\n" + base64.encodebytes(file.content).replace(b"\n", b"\r\n")
    yield f"--{BOUNDARY}--\r\n".encode()


def _attached(file: Document) -> Iterator[Field]:
    if not _FILE.fullmatch(file.name):
        raise RunnerError(f"{file.name[:100]!r} is no name for an attachment")
    yield fields.exact("Content-Type", _type(file))
    yield fields.exact("Content-Disposition", f'attachment; filename="{file.name}"')
    yield fields.exact("Content-Transfer-Encoding", "base64")


def _type(file: Document) -> str:
    return TYPES.get(file.name.rpartition(".")[2], "application/octet-stream")


def _all(key: Key) -> tuple[str, ...]:
    return (key.report, key.period, key.channel, key.recipient)


def _short(*texts: str) -> str:
    """Short, and another for other texts."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:32]
