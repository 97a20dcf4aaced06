"""Parcels to send, and what a channel is given to send them with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx

from runner.client import Network
from runner.deliver import Access
from runner.model import Channel, Document, Hook, Json, Key, Parcel, Secret

AS_OF = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SLACK = Hook("room", "ROOM_URL", "slack", timeout=5)
WEBHOOK = Hook("hook", "ROOM_URL", "webhook", timeout=5)


def parcel(
    channel: Channel,
    *,
    report: str = "weekly",
    period: str = "2026-W47",
    recipient: str = "",
    sample: bool = False,
    message: bytes = b"",
    data: Json = None,
    files: tuple[Document, ...] = (),
) -> Parcel:
    key = Key(report, period, channel.name, recipient or channel.name)
    return Parcel(key, channel, AS_OF, "f1", sample, message, data, files)


def network(hook: Hook) -> httpx.BaseTransport:
    return Network(ca_file=Path(hook.ca_file) if hook.ca_file else None)


def access(root: Path = Path(), **secrets: str) -> Access:
    return Access(secret(secrets), root, network)


def secret(texts: Mapping[str, str]) -> dict[str, Secret]:
    return {name: Secret(text) for name, text in texts.items()}
