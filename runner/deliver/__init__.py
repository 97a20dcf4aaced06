"""Send a parcel over its channel. A table of channels, each a function from a parcel to a receipt.

    sent       whoever takes it on has said so
    refused    they will not take it, now or later (or the owner's policy does not allow it)
    deferred   it was certainly not sent, and may be tried again: no connection, a temporary refusal
    uncertain  it may have been sent: the connection ended or nothing was heard after the last byte

A channel never raises for what happens on its way; what it cannot put down to certainly not sent is ``uncertain``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx

from runner.model import Hook, Kind, Parcel, Receipt, Secret


@dataclass(frozen=True, slots=True)
class Access:
    """What a channel needs besides the parcel.

    ``secrets`` are by the name of their environment variable, paths are relative to ``root``. ``transport`` gives the
    network for a hook; it keeps to the ``deadline`` that a request has among its extensions (``time.monotonic``).
    """

    secrets: Mapping[str, Secret]
    root: Path
    transport: Callable[[Hook], httpx.BaseTransport]


Send: TypeAlias = Callable[[Parcel, Access], Receipt]

CHANNELS: Mapping[Kind, Send] = {}
"""Type of channel -> how a parcel goes over it."""
