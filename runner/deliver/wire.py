"""SMTP over a connection that nobody can hold up: smtplib's commands, with a deadline for all of them together.

smtplib limits each read, so a server that sends a byte a second holds it for ever; it reads a reply without an end, and
takes half a line for a whole one. Here no wait goes beyond the deadline, a reply is whole, in form and bounded, and
nothing is read that was said before it was asked for: what stood in the clear before TLS is no answer under it.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from typing import Any

MOST = 16_384
"""Most bytes of a reply."""

PIECE = 16_384
"""Bytes that are written at a time."""

GOODBYE = 2.0
"""Most seconds that the last word may take, when all is done."""

_REPLY = re.compile(rb"([2-5]\d\d)(?:([ -])(.*?))?\r?\n", re.DOTALL)


class BrokenError(Exception):
    """The conversation cannot go on; the message is no more than the server's word for it."""


class Wire(smtplib.SMTP):
    """A conversation over a connection that is there already. ``name`` is what we call ourselves."""

    def __init__(self, sock: socket.socket, name: str, deadline: float) -> None:
        """``deadline`` is in seconds of ``time.monotonic``; TimeoutError when it has passed."""
        super().__init__(local_hostname=name)
        self.sock: socket.socket | None = sock
        self.deadline = deadline
        self._heard = bytearray()

    def left(self) -> float:
        """Seconds until the deadline."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on under TLS, and forget all that was said before."""
        sock = self._open()
        sock.settimeout(self.left())
        self.sock = context.wrap_socket(sock, server_hostname=host)
        self.esmtp_features, self.does_esmtp = {}, False

    def send(self, s: Any) -> None:
        """Write a command or a piece of the mail, unless the server has spoken out of turn."""
        self.quiet()
        written = s.encode("ascii") if isinstance(s, str) else bytes(s)
        for start in range(0, len(written), PIECE):
            sock = self._open()
            sock.settimeout(self.left())
            sock.sendall(written[start : start + PIECE])

    def getreply(self) -> tuple[int, bytes]:
        """The code and the text of a whole reply."""
        lines: list[bytes] = []
        codes = set()
        size = 0
        while True:
            line = self._line()
            size += len(line)
            found = _REPLY.fullmatch(line)
            if found is None:
                raise BrokenError(f"what it said is no SMTP reply: {_text(line)}")
            lines.append((found[3] or b"").strip())
            codes.add(found[1])
            if len(codes) > 1:
                raise BrokenError(f"it said several things at once: {_text(line)}")
            if size > MOST:
                raise BrokenError("its reply does not end")
            if found[2] != b"-":
                return int(found[1]), b"\n".join(lines)

    def quiet(self) -> None:
        """Nothing may be there that was not asked for: not a reply to what has not been said yet, not the end."""
        sock = self._open()
        sock.settimeout(0)
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            got = b"" if self._heard else sock.recv(4096)
            if not got and not self._heard:
                raise BrokenError("it closed the connection")
            self._heard += got
        if self._heard:
            raise BrokenError(f"it spoke before it was asked: {_text(bytes(self._heard))}")

    def finish(self) -> None:
        """Write the dot that ends a mail; whoever reads it has the whole mail, even where this fails."""
        sock = self._open()
        sock.settimeout(self.left())
        sock.sendall(b".\r\n")

    def leave(self) -> None:
        """Say goodbye; all is done, and what comes of this changes nothing."""
        self.deadline = min(self.deadline, time.monotonic() + GOODBYE)
        with contextlib.suppress(OSError, BrokenError, smtplib.SMTPException):
            self.docmd("QUIT")

    def _line(self) -> bytes:
        while (end := self._heard.find(b"\n")) < 0:
            if len(self._heard) > MOST:
                raise BrokenError("its reply does not end")
            sock = self._open()
            sock.settimeout(self.left())
            got = sock.recv(4096)
            if not got:
                raise BrokenError("it closed the connection")
            self._heard += got
        line = bytes(self._heard[: end + 1])
        del self._heard[: end + 1]
        return line

    def _open(self) -> socket.socket:
        if self.sock is None:
            raise BrokenError("the connection is closed")
        return self.sock


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip()
