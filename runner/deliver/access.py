"""What every channel is given, and what a channel is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx

from runner.model import Hook, Parcel, Receipt, Secret


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
"""Takes a parcel on its way, and says what came of it."""
