"""OAuth tokens and the file they are kept in: on disk before anybody uses them, one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runner import files
from runner.client.faults import BrokenError
from runner.errors import RunnerError, UsageError
from runner.model import Secret

TOKEN = re.compile(r"[!-~]{1,4000}")
"""What a token may be: it goes out in a header, so nothing that would end one."""

WAIT = 10.0
"""Most seconds to wait for another process that renews the tokens; the caller may come again."""

STEP = 0.05

ROOM = 10_000
"""Bytes that a file of tokens may need."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A refresh token, and the access token that it brought last; there may be none yet."""

    refresh: Secret
    access: Secret | None = None


class TokenFile:
    """``{"refresh_token": "...", "access_token": "..."}``, for its owner's eyes only."""

    def __init__(self, path: Path, *, wait: float = WAIT) -> None:
        """Where ``path`` is a link, the file that it leads to is written, and the link stays."""
        self.path, self._wait = path, wait
        self._file = path.resolve()

    def read(self) -> Tokens:
        """The tokens; UsageError where the file is not there, holds none, or can be read by others."""
        try:
            said = json.loads(files.read_private(self._file))
            refresh, access = said["refresh_token"], said.get("access_token") or ""
            if TOKEN.fullmatch(refresh) and (not access or TOKEN.fullmatch(access)):
                return Tokens(Secret(refresh), Secret(access) if access else None)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            pass  # the words of these errors may hold a part of the file
        except UsageError as error:
            raise UsageError(f"{error} (the OAuth tokens; docs/access.md says how to make the file)") from error
        raise UsageError(
            f"{self.path} holds no OAuth tokens; it must be "
            '{"refresh_token": "...", "access_token": "..."}, as docs/access.md says'
        )

    def rehearse(self) -> None:
        """RunnerError where ``write`` would fail; the file itself is not touched."""
        trial = self._file.with_name(f"{self._file.name}.trial")
        self._put(trial, b" " * ROOM)
        trial.unlink(missing_ok=True)

    def write(self, tokens: Tokens) -> None:
        """Keep the tokens; they are on disk when this returns. RunnerError leaves the file as it was."""
        access = tokens.access.reveal() if tokens.access else ""
        said = {"refresh_token": tokens.refresh.reveal(), "access_token": access}
        self._put(self._file, json.dumps(said, indent=1).encode() + b"\n")

    def _put(self, file: Path, content: bytes) -> None:
        try:
            files.put(file, content, mode=0o600, durable=True)
        except OSError as error:
            raise RunnerError(f"{self.path}: could not write the OAuth tokens: {error.strerror or error}") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from renewing the tokens; BrokenError where one does so for longer than ``wait``."""
        lock = self._file.with_name(f"{self._file.name}.lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(f"{lock}: {error.strerror}; new OAuth tokens are written beside the old ones") from error
        try:
            _lock(handle, self._wait)
            yield
        finally:
            os.close(handle)  # gives the lock back


def _lock(handle: int, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BrokenError("another process has been renewing the OAuth tokens for too long") from None
            time.sleep(STEP)
        else:
            return
