"""What the owner allows definitions to do with digests, and the ways out there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["email", "slack", "webhook", "folder"]
"""What a channel speaks."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A channel that sends e-mail over SMTP.

    ``security`` is ``tls`` (from the first byte) or ``starttls``; ``none`` is for this machine only. ``username_env``
    and ``password_env`` name environment variables; without them nobody logs in. ``sender`` is an address, with a name
    before it in ``sender_name``. ``unsubscribe`` is an address or an https URL, ``ca_file`` holds authorities that are
    trusted besides the public ones. ``timeout`` is seconds for one message, from the connection to the answer.
    """

    name: str
    host: str
    sender: str
    port: int = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    sender_name: str = ""
    reply_to: str = ""
    username_env: str = ""
    password_env: str = ""
    unsubscribe: str = ""
    ca_file: str = ""
    timeout: float = 60.0
    kind: Literal["email"] = "email"


@dataclass(frozen=True, slots=True)
class Hook:
    """A channel that posts to a webhook. ``url_env`` names the environment variable that holds its URL, a secret."""

    name: str
    url_env: str
    kind: Literal["slack", "webhook"]
    ca_file: str = ""
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Shelves:
    """A channel that copies digests into a folder, for web pages and shared drives. ``path`` is the owner's word."""

    name: str
    path: str
    kind: Literal["folder"] = "folder"


Channel: TypeAlias = Mailbox | Hook | Shelves
"""A way out that ``runner.yaml`` names."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What definitions may do with digests: who may receive them, how many, where links may lead.

    ``recipients`` are addresses, or ``@DOMAIN`` for all there; empty allows nobody. ``link_hosts`` are hosts besides
    the one of Close's app.
    """

    recipients: tuple[str, ...] = ()
    max_recipients: int = 50
    link_hosts: tuple[str, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)

    def allows(self, address: str) -> bool:
        """Whether digests may go to this address; capital letters make no difference."""
        folded = address.casefold()
        known = {one.casefold() for one in self.recipients}
        _, at, domain = folded.rpartition("@")
        return folded in known or f"{at}{domain}" in known


@dataclass(frozen=True, slots=True)
class LedgerAt:
    """Where the ledger is: a SQLite file below the project, or a branch of a git remote."""

    store: Literal["sqlite", "git"] = "sqlite"
    path: str = ".runner/ledger.sqlite"
    remote: str = "origin"
    branch: str = "runner-ledger"
