"""What the owner's file ``runner.yaml`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from runner.model.policy import LedgerAt, Policy

WeekStart: TypeAlias = Literal["monday", "sunday"]

APP_URL = "https://app.close.com"
"""Where Close's own app is, unless the project says otherwise."""


class Secret:
    """A text that nobody is shown: printed or logged it is ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The text itself, for the wire only."""
        return self._text


@dataclass(frozen=True, slots=True)
class Limits:
    """How patiently a service is asked.

    ``attempts`` for one query at the most, ``timeout`` seconds for each of them, ``wait`` seconds at the most between
    two, ``in_flight`` requests at a time.
    """

    attempts: int = 5
    timeout: float = 90.0
    wait: float = 120.0
    in_flight: int = 8


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """An OAuth app: the environment variables that hold its ID and secret, its file of tokens, who gives new ones."""

    token_file: str
    client_id_env: str = "CLOSE_CLIENT_ID"
    client_secret_env: str = "CLOSE_CLIENT_SECRET"  # noqa: S105 - its name, not the secret
    token_url: str = "https://api.close.com/oauth2/token/"  # noqa: S105 - an address


@dataclass(frozen=True, slots=True)
class Profile:
    """A service that can be asked: the sample organization, Close (or a server like it), or local data.

    ``api_key_env`` names the environment variable that holds the key, ``api_key_file`` a file that does; an ``oauth``
    app asks without a key. ``data`` is a store or a dump, ``ca_file`` holds authorities that are trusted besides the
    public ones. Paths are relative to the project's folder. ``cache`` is how long numbers of closed periods are kept
    (``12h``), empty: not at all.
    """

    name: str
    service: Literal["sample", "close", "data"]
    base_url: str = "https://api.close.com/api/v1/"
    api_key_env: str = "CLOSE_API_KEY"
    api_key_file: str = ""
    oauth: OAuthApp | None = None
    ca_file: str = ""
    limits: Limits = Limits()
    cache: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """What ``runner.yaml`` says; without the file, these defaults. ``reports``, ``output``, ``templates`` are in it."""

    profiles: Mapping[str, Profile] = field(default_factory=lambda: {"sample": Profile("sample", "sample")})
    default_profile: str = "sample"
    reports: str = "reports"
    output: str = "out"
    templates: str = "templates"
    timezone: str = "UTC"
    week_start: WeekStart = "monday"
    locale: str = "en_US"
    currency: str = "USD"
    app_url: str = APP_URL
    policy: Policy = field(default_factory=Policy)
    ledger: LedgerAt = field(default_factory=LedgerAt)
