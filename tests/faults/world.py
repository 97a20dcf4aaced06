"""A project whose profile asks a server of the test, the command line that runs in it, the looks of a secret."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from runner.model import Json
from tests.cli.command import AS_OF
from tests.faults import answers
from tests.faults.server import Answer, Request

KEY = 'api_0Zq/T+x%9"fault.key'
"""It looks different in every form it may be written in."""

CALLS = "calls.outbound.all.count"
PATH = "/api/v1/report/activity/"

FAST: Mapping[str, float] = {"timeout": 1.5, "wait": 0.01}
"""Limits of a profile, for tests that do not look at time."""

NUMBER, SHOWN = 7317, "7,317"
"""In every sound answer, and as a digest shows it."""

BROKEN, BROKEN_SHOWN = 90210, "90,210"
"""In every answer that must not be believed."""

PEOPLE, PEOPLE_SHOWN = 5151, "5,151"


def overview(number: int = NUMBER) -> dict[str, Json]:
    """What the service answers to ``type: overview``."""
    row: Json = {"datetime": "2026-11-16T00:00:00+00:00", CALLS: number}
    return {"data": [row], "aggregations": {"totals": {CALLS: number}}}


def comparison(number: int = PEOPLE) -> dict[str, Json]:
    """What the service answers to ``type: comparison``."""
    row: Json = {"user_id": "user_1", CALLS: number}
    return {
        "data": [row],
        "aggregations": {"totals": {CALLS: number}},
        "lookup": {"user": {"user_1": {"display": "Ann"}}},
    }


METRICS: Json = {"metrics": [{"key": CALLS, "name": "Outbound calls"}]}

FALSE = answers.text(overview(BROKEN))
"""The body of an answer that must not be believed."""

GOOD: Mapping[str, Sequence[Answer]] = {
    "metrics": [answers.whole(METRICS)],
    "overview": [answers.whole(overview())],
    "comparison": [answers.whole(comparison())],
}


PATHS: Mapping[str, str] = {PATH: "overview", f"{PATH}metrics/": "metrics"}
"""What is asked at which path for one overview."""


def by_question(request: Request) -> str:
    """``metrics``, ``overview`` or ``comparison``; other requests by their path below the base."""
    if request.path == PATH:
        return str(json.loads(request.body)["type"])
    if request.path == f"{PATH}metrics/":
        return "metrics"
    return request.path.removeprefix("/api/v1/")


# ---- a project -------------------------------------------------------------------------------------------

OVERVIEW: Mapping[str, Json] = {"endpoint": "activity", "type": "overview", "range": "last-week", "metrics": [CALLS]}
COMPARISON: Mapping[str, Json] = {**OVERVIEW, "type": "comparison"}
STATUSES: Mapping[str, Json] = {"endpoint": "statuses/lead", "range": "last-week"}


def project(folder: Path, base_url: str, jobs: Mapping[str, Mapping[str, Json]], **profile: object) -> None:
    """Write ``runner.yaml`` and the definition ``report``; ``profile`` holds more keys of the profile."""
    live = {"service": "close", "base_url": base_url, "api_key_env": "CLOSE_API_KEY", "limits": dict(FAST), **profile}
    _write(folder / "runner.yaml", {"profiles": {"live": live}})
    definition = {
        "title": "Calls",
        "timezone": "UTC",
        "jobs": jobs,
        "output": {"formats": ["html", "md"]},
    }
    _write(folder / "reports" / "report.yaml", definition)


def words(*more: str) -> list[str]:
    """The command, as of an instant."""
    return ["run", "report", "--as-of", AS_OF, *more]


def _write(file: Path, data: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(data))  # JSON is YAML


# ---- what came of it -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """The exit code, what was said, the files of the project by their path in it, and how long it took."""

    code: int
    out: str
    err: str
    files: Mapping[str, bytes]
    seconds: float

    @property
    def digest(self) -> str:
        """The digest as Markdown; empty where none was written."""
        found = [content for name, content in self.files.items() if name.endswith("digest.md")]
        return found[0].decode() if found else ""

    @property
    def everything(self) -> bytes:
        """All that anybody can read afterwards."""
        return b"\n".join((self.out.encode(), self.err.encode(), *self.files.values()))


Door = Callable[..., Ran]
"""Run the command line in a project."""


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def forms(secret: str) -> Iterator[tuple[str, str]]:
    """The forms in which a secret may come to light, with their names.

    Of base64 only those characters that do not depend on what follows the secret, so that ``KEY`` and ``KEY:`` are both
    found.
    """
    raw, certain = secret.encode(), len(secret.encode()) * 8 // 6
    yield "plain", secret
    yield "base64", base64.b64encode(raw).decode()[:certain]
    yield "base64 for URLs", base64.urlsafe_b64encode(raw).decode()[:certain]
    yield "percent-encoded", quote(secret, safe="")
    yield "hex", raw.hex()
    yield "reversed", secret[::-1]
    yield "JSON", json.dumps(secret)[1:-1]
    yield "HTML", html.escape(secret)


def leaks(content: bytes, secret: str = KEY) -> list[str]:
    """The forms of the secret that are in the content."""
    low = content.lower()
    return [name for name, form in forms(secret) if form.lower().encode() in low]
