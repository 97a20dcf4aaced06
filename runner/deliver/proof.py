"""The last look at a mail before it is sent: read again, it must say what was meant, no field or part more or less.

A slip here is a hole: a subject that ends its line adds a recipient, a name with a quote another sender. So nothing is
believed of how the mail was put together, or of the library that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NoReturn

from runner.deliver.fields import Field
from runner.errors import RunnerError

LONGEST = 998
"""Most bytes of a line, without its end (RFC 5322, 2.1.1)."""

_UNFIT = re.compile(rb"[^\t\r\n -~]|\r(?!\n)|(?<!\r)\n")

_ADDRESSED = frozenset({"From", "To", "Reply-To"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail that is no container of parts: its type, its file name where it has one, its bytes."""

    kind: str
    name: str
    content: bytes = field(repr=False)


def parts(mail: EmailMessage) -> list[Part]:
    """The parts of a mail in order."""
    return [
        Part(part.get_content_type(), part.get_filename("") or "", _bytes(part))
        for part in mail.walk()
        if not part.is_multipart()
    ]


def fit(mail: bytes) -> str:
    """Why these bytes cannot go over SMTP as they are; empty: they can."""
    if not mail.endswith(b"\r\n") or b"\r\n\r\n" not in mail:
        return "the mail is not whole"
    if found := _UNFIT.search(mail):
        return f"the mail has a byte that mail cannot have, {found[0]!r}"
    if max(map(len, mail.split(b"\r\n"))) > LONGEST:
        return f"the mail has a line of more than {LONGEST} bytes"
    return ""


def check(mail: bytes, head: Sequence[Field], meant: Sequence[Part]) -> None:
    """RunnerError where the mail does not say just what was meant."""
    if wrong := fit(mail):
        raise RunnerError(wrong)
    found = message_from_bytes(mail, policy=policy.SMTP)
    if found.keys() != [each.name for each in head]:
        _stop("other headers")
    raw = message_from_bytes(mail, policy=policy.compat32)
    for each, value, read in zip(head, raw.values(), found.values(), strict=True):
        if value.split() != each.wire.split() or not _same(each, read):
            _stop(f"another {each.name}")
    if any(part.defects for part in found.walk()):
        _stop("parts that are broken")
    if parts(found) != list(meant):
        _stop("other parts")


def _same(meant: Field, found: Any) -> bool:
    """Whether a header reads as it was meant. Readers differ in the spaces between the words of a name."""
    if meant.name == "Content-Type":
        return bool(found.content_type == meant.value)
    if meant.name in _ADDRESSED:
        (address,) = found.addresses if len(found.addresses) == 1 else (None,)
        return address is not None and _close(f"{address.display_name}<{address.addr_spec}>") == _close(meant.value)
    return str(found) == meant.value or (meant.name == "List-Id" and _close(str(found)) == _close(meant.value))


def _close(text: str) -> str:
    return "".join(text.split())


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _stop(wrong: str) -> NoReturn:
    raise RunnerError(f"the mail was not sent: read again, it has {wrong} than was meant")
