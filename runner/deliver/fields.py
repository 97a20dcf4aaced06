"""Header fields, each written so that it comes back as it was meant, and nothing else does.

The library's own folding is not used: what becomes of a line break, a quote or a ``=?`` in a name depends on the
version of Python. Here a field is made of texts in one line, of characters that mean nothing, or of encoded words.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address

from runner import lines
from runner.errors import RunnerError

MOST = 200
"""Most characters of a subject, a title or a name."""

WIDTH = 76
"""Most bytes of a line, unless there is no place to fold it."""

ENCODED = 45
"""Bytes of text in an encoded word: it has 75 characters at the most, ``=?utf-8?b?`` and ``?=`` among them."""

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)
_PLAIN = re.compile(r"[ -~]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _&'/-]*")
_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")


@dataclass(frozen=True, slots=True)
class Field:
    """A header field: its name, what a reader of the mail gets, and the value on the wire (folded, ASCII)."""

    name: str
    value: str
    wire: str

    def __bytes__(self) -> bytes:
        return f"{self.name}: {self.wire}\r\n".encode("ascii")


def text(name: str, said: str) -> Field:
    """A field that people read."""
    shown = lines.line(said, MOST)
    return Field(name, shown, _folded(name, shown) if _harmless(shown) else _encoded(shown))


def exact(name: str, value: str) -> Field:
    """A field that programs read, in one line as it is; RunnerError where it is none."""
    if not _VALUE.fullmatch(value) or len(value) > 900:
        raise RunnerError(f"the header {name} cannot be {value[:100]!r}")
    return Field(name, value, value)


def mailbox(name: str, address: Address) -> Field:
    """A field with one address, and the name before it."""
    shown, plain = address.display_name, f"<{address.addr_spec}>"
    if not shown:
        return Field(name, plain, address.addr_spec)
    return Field(name, f"{shown} {plain}", f"{_phrase(shown)}\r\n {plain}")


def listed(name: str, title: str, label: str) -> Field:
    """A field with a name before something in angle brackets that is no address: a list's ID."""
    shown = lines.line(title, MOST)
    before = _phrase(shown) if shown else ""
    if not shown:
        return Field(name, f"<{label}>", f"<{label}>")
    read = before if before.startswith('"') else shown
    return Field(name, f"{read} <{label}>", f"{before}\r\n <{label}>")


def address(said: str, name: str = "") -> Address:
    """The address, ASCII and without quotes or comments; RunnerError where it is none."""
    if not _ADDRESS.fullmatch(said) or len(said) > 254:
        raise RunnerError(f"{said[:100]!r} is no address that mail can be sent to or from")
    return Address(lines.line(name, MOST), addr_spec=said)


def _harmless(shown: str) -> bool:
    """Whether the text can stand as it is: nothing in it is taken for a code, and it can be folded."""
    return bool(_PLAIN.fullmatch(shown)) and "=?" not in shown and max(map(len, shown.split(" "))) < WIDTH


def _folded(name: str, shown: str) -> str:
    """In lines that are not too long, broken where the text has a space; the first has a word in any case."""
    first, *others = shown.split(" ")
    lines, room = [first], WIDTH - len(name) - 2
    for word in others:
        if len(lines[-1]) + len(word) < room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = WIDTH - 1
    return "\r\n ".join(lines)


def _phrase(shown: str) -> str:
    """A name before something in angle brackets: as it is, in quotes or in encoded words."""
    if _NAME.fullmatch(shown) and len(shown) < WIDTH - 20:
        return shown
    if _harmless(shown) and not re.search(r'["\\]', shown) and len(shown) < WIDTH - 20:
        return f'"{shown}"'
    return _encoded(shown)


def _encoded(shown: str) -> str:
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in _parts(shown))


def _parts(shown: str) -> Iterator[bytes]:
    """The text in UTF-8, cut between characters."""
    part = b""
    for char in shown:
        more = char.encode()
        if len(part) + len(more) > ENCODED:
            yield part
            part = b""
        part += more
    yield part
