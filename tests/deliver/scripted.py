"""A mail server that keeps to a script: what it says at each step, byte for byte, and how it misbehaves."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeAlias

Act: TypeAlias = "Callable[[Talk], bool]"
"""Does something in place of an answer; whether the conversation goes on."""

GOOD: Mapping[str, bytes] = {
    "banner": b"220 mail.example.com ESMTP\r\n",
    "EHLO": b"250-mail.example.com\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n",
    "STARTTLS": b"220 go\r\n",
    "AUTH": b"235 welcome\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go\r\n",
    ".": b"250 queued as 7F\r\n",
    "QUIT": b"221 bye\r\n",
}
"""Step -> what a healthy server says."""

OFFERS = b"250-mail.example.com\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"
"""What a server says to EHLO that can do STARTTLS."""


class Talk:
    """One connection: what came over it, and a hand to answer with."""

    def __init__(self, sock: socket.socket, ended: threading.Event) -> None:
        self.sock, self.ended = sock, ended
        self._buffer = b""

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def hear(self, until: bytes) -> bytes:
        """All up to and with these bytes; empty where the connection ends before."""
        while until not in self._buffer:
            got = self.sock.recv(65536)
            if not got:
                return b""
            self._buffer += got
        heard, _, self._buffer = self._buffer.partition(until)
        return heard + until


class Server:
    """On loopback, for as long as its ``with``. ``heard`` are the commands, ``mails`` the mails that came whole.

    ``tls`` secures from the first byte, or after STARTTLS. A script has another answer to some steps.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, later: bool = False, **script: bytes | Act) -> None:
        """``later``: TLS comes with STARTTLS. Steps are in the letters of ``GOOD``; ``end`` is the final dot."""
        said = {("." if step == "end" else step): answer for step, answer in script.items()}
        self._script: dict[str, bytes | Act] = {**GOOD, **({"EHLO": OFFERS} if later else {}), **said}
        self._tls, self._later = tls, later
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._listen)]
        self._open: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        self.heard: list[bytes] = []
        self.mails: list[bytes] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        for each in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(sock.close)
            if self._tls and not self._later:
                sock = stack.enter_context(self._tls.wrap_socket(sock, server_side=True))
                self._open.append(sock)
            talk = Talk(sock, self._ended)
            step = "banner"
            while self._answer(talk, step):
                if step == "STARTTLS" and self._tls:
                    talk.sock = stack.enter_context(self._tls.wrap_socket(talk.sock, server_side=True))
                    self._open.append(talk.sock)
                step = self._next(talk, step)

    def _next(self, talk: Talk, step: str) -> str:
        if step == "DATA":
            mail = talk.hear(b"\r\n.\r\n")
            if mail:
                self.mails.append(mail)
            return "." if mail else ""
        line = talk.hear(b"\r\n")
        if line:
            self.heard.append(line.rstrip(b"\r\n"))
        word = line.split(b" ")[0].strip().decode("latin-1")
        return word.upper() if word.upper() in self._script else ("AUTH" if word else "")

    def _answer(self, talk: Talk, step: str) -> bool:
        """Say what the script has for that step; whether the conversation goes on."""
        said = self._script.get(step)
        if said is None:
            return False
        if isinstance(said, bytes):
            talk.say(said)
            return step != "QUIT"
        return said(talk)


def close(talk: Talk) -> bool:
    """Hang up."""
    return False


def silent(talk: Talk) -> bool:
    """Say nothing until the end."""
    talk.ended.wait(20)
    return False


def drip(data: bytes, pause: float = 0.1) -> Act:
    """A byte at a time, slowly."""

    def act(talk: Talk) -> bool:
        for byte in data:
            if talk.ended.wait(pause):
                return False
            talk.say(bytes([byte]))
        return True

    return act


def endless(data: bytes) -> Act:
    """The same again and again, as fast as it is taken."""

    def act(talk: Talk) -> bool:
        while not talk.ended.is_set():
            talk.say(data * 1000)
        return False

    return act


def last(data: bytes) -> Act:
    """Say it and hang up."""

    def act(talk: Talk) -> bool:
        talk.say(data)
        return False

    return act


def in_turn(*answers: bytes) -> Act:
    """Another answer each time; the last one for ever."""
    left = list(answers)

    def act(talk: Talk) -> bool:
        talk.say(left.pop(0) if len(left) > 1 else left[0])
        return True

    return act


def middle(talk: Talk) -> bool:
    """Hang up in the middle of the mail."""
    talk.say(b"354 go\r\n")
    talk.hear(b"\r\n")
    return False


def stuck(talk: Talk) -> bool:
    """Take no byte of the mail."""
    talk.say(b"354 go\r\n")
    return silent(talk)
