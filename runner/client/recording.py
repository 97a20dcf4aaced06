"""Record what a service says, and give it back without the service.

A recording is a folder of JSON files fit for git: pretty, sorted, one for each question, without any header. Both sides
are httpx transports, so all that the client promises holds over a recording as over the network.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from runner import files, hiding
from runner.client import body, strict
from runner.client.faults import UnusableError
from runner.client.network import Network
from runner.errors import RunnerError, UsageError
from runner.model import Json

ABOUT = "recording.json"
"""What the recording is of: the instant of the run, and whether its numbers are invented."""

UNPACKED = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
"""Headers of an answer that are not true any more once its body is unpacked."""

KEPT = frozenset({200, 400, 402, 404, 405, 415})
"""Answers that would be the same if they were asked for again."""


class Recorder(httpx.BaseTransport):
    """Another transport, each of whose answers is also written into ``folder``, unless it repeats a secret."""

    def __init__(
        self, inner: httpx.BaseTransport, folder: Path, base_url: str, secrets: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._inner, self._folder, self._base = inner, folder, httpx.URL(base_url).path
        self._secrets = secrets

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The other transport's answer, unpacked."""
        response = self._inner.handle_request(request)
        try:
            content = body.read(response, request.extensions.get("deadline", time.monotonic() + 90))
        finally:
            response.close()
        if response.status_code in KEPT:
            self._keep(request, response.status_code, content)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() not in UNPACKED]
        return httpx.Response(response.status_code, headers=headers, content=content)

    def abort(self) -> None:
        """End every request of a network that is under way."""
        if isinstance(self._inner, Network):
            self._inner.abort()

    def close(self) -> None:
        """Let go of the other transport's connections."""
        self._inner.close()

    def _keep(self, request: httpx.Request, status: int, content: bytes) -> None:
        asked = _asked(request, self._base)
        try:
            told: dict[str, Json] = {"request": asked, "status": status, "answer": strict.read(content)}
        except UnusableError:
            return  # the client says what is wrong with it
        if hiding.repeated(json.dumps(told, ensure_ascii=False), self._secrets()):
            return
        _write(self._folder / _name(asked), told)


class Replay(httpx.BaseTransport):
    """Answers from a recording, and from nothing else."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder, self._base = folder, httpx.URL(base_url).path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The recorded answer; UnusableError where this question was not recorded."""
        asked = _asked(request, self._base)
        file = self._folder / _name(asked)
        try:
            told: Any = json.loads(file.read_bytes())
            return httpx.Response(told["status"], json=told["answer"])
        except FileNotFoundError:
            raise UnusableError(f"not in the recording {self._folder}; record it with --record") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnusableError(f"{file} is no recorded answer: {error}") from error


def begin(folder: Path, as_of: datetime, *, sample: bool) -> None:
    """Make a recording, or go on with one of the same instant; UsageError where it is of another."""
    about: dict[str, Json] = {"as_of": as_of.isoformat(), "sample": sample}
    if (folder / ABOUT).exists() and read(folder) != (as_of, sample):
        raise UsageError(f"{folder} records another run ({read(folder)[0].isoformat()}); name an empty folder")
    _write(folder / ABOUT, about)


def read(folder: Path) -> tuple[datetime, bool]:
    """The instant of a recording and whether its numbers are invented; UsageError where it is none."""
    try:
        said: Any = json.loads((folder / ABOUT).read_bytes())
        return datetime.fromisoformat(said["as_of"]), bool(said["sample"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder} is no recording ({ABOUT}: {error}); `runner run --record` makes one") from error


def _asked(request: httpx.Request, base: str) -> dict[str, Json]:
    """A request as data: what decides the answer, and nothing of who asks."""
    asked: dict[str, Json] = {"method": request.method, "path": request.url.path.removeprefix(base)}
    if request.url.params:
        asked["params"] = [[key, value] for key, value in request.url.params.multi_items()]
    if request.content:
        asked["body"] = json.loads(request.content)
    if "x-tz-offset" in request.headers:
        asked["x-tz-offset"] = request.headers["x-tz-offset"]
    return asked


def _name(asked: dict[str, Json]) -> str:
    about = re.sub(r"[^a-z0-9]+", "-", str(asked["path"]).lower()).strip("-")[:60]
    return f"{about}-{hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]}.json"


def _write(file: Path, told: Json) -> None:
    try:
        files.put(file, json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise RunnerError(f"{file}: could not write: {error.strerror or error}") from error
