"""Answers as bytes: sound ones, and the parts of which unsound ones are made."""

from __future__ import annotations

import gzip
import json
import zlib

from runner.model import Json
from tests.faults.server import Script, Step, close, keep, pause, send

Header = tuple[str, str]

PHRASES = {200: "OK", 204: "No Content", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}

BEAT = 0.02
"""Seconds between bytes and a RST: a RST that overtakes them would discard them."""


def head(status: int = 200, *headers: Header, kind: str = "application/json") -> bytes:
    """A status line and headers, ended."""
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, 'Odd')}"]
    lines += [f"{name}: {value}" for name, value in (*((("Content-Type", kind),) if kind else ()), *headers)]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def sized(content: bytes, status: int = 200, *headers: Header, kind: str = "application/json") -> bytes:
    """A whole answer with the length of its body."""
    return head(status, *headers, ("Content-Length", str(len(content))), kind=kind) + content


def text(data: Json) -> bytes:
    """Data as JSON."""
    return json.dumps(data).encode()


def whole(data: Json, status: int = 200, *headers: Header) -> Script:
    """A sound JSON answer; the connection is kept."""
    return raw(text(data), status, *headers)


def raw(content: bytes, status: int = 200, *headers: Header, kind: str = "application/json") -> Script:
    """An answer whose body is these bytes; the connection is kept."""
    return send(sized(content, status, *headers, kind=kind)), keep()


def chunk(content: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def chunks(content: bytes, size: int = 64) -> bytes:
    """A body in chunks, without the last, empty one."""
    return b"".join(chunk(content[start : start + size]) for start in range(0, len(content), size))


def chunked(data: Json, status: int = 200, *headers: Header) -> Script:
    """A sound answer in chunks; the connection is kept."""
    body = head(status, *headers, ("Transfer-Encoding", "chunked")) + chunks(text(data)) + b"0\r\n\r\n"
    return send(body), keep()


def zipped(content: bytes, packed: bytes | None = None, encoding: str = "gzip") -> Script:
    """An answer packed with gzip, or the ``packed`` bytes in place of that; the connection is kept."""
    return raw(gzip.compress(content) if packed is None else packed, 200, ("Content-Encoding", encoding))


def limited(*headers: Header, body: Json = None) -> Script:
    """A 429 with these hints; the connection is kept."""
    return whole({"error": "Too many requests"} if body is None else body, 429, *headers)


def cut(answer: bytes, end: Step, *, at: int) -> Script:
    """The first ``at`` bytes of an answer, and then its end: ``close()`` or ``reset()``."""
    return send(answer[:at]), pause(BEAT), end


def until_closed(content: bytes, *headers: Header) -> Script:
    """An answer whose body ends with the connection, as HTTP/1.0 has it."""
    return send(head(200, *headers, ("Connection", "close")) + content), close()


def bomb(size: int) -> bytes:
    """``size`` bytes of blanks inside a JSON list, packed with gzip to a thousandth of that."""
    blanks, crc = b" " * 2**20, zlib.crc32(b"[")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = [packer.compress(b"[") + packer.flush(zlib.Z_FULL_FLUSH)]
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(size // len(blanks)):
        packed.append(block)  # a full flush forgets what came before: the same block may come again
        crc = zlib.crc32(blanks, crc)
    packed.append(packer.compress(b"]") + packer.flush(zlib.Z_FINISH))
    crc = zlib.crc32(b"]", crc)
    length = (size // len(blanks) * len(blanks) + 2) & 0xFFFFFFFF
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"".join(packed) + crc.to_bytes(4, "little") + length.to_bytes(4, "little")
