"""A body, read whole and within bounds, or not at all."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator

import httpx

from runner.client.faults import BrokenError, UnusableError

WIRE = 8 * 2**20
"""Most bytes of a body as it comes over the wire."""

DECODED = 32 * 2**20
"""Most bytes of a body when it is unpacked."""

GZIP = 16 + zlib.MAX_WBITS
STEP = 2**16


def read(response: httpx.Response, deadline: float) -> bytes:
    """The body's bytes; BrokenError where it ends early or too late, UnusableError where it is not to be read at all.

    Only gzip is unpacked, and by ourselves: a bomb is stopped at ``DECODED`` bytes, a second member or anything behind
    the first is refused, and so is any encoding that was not asked for.
    """
    if response.is_stream_consumed:  # made in this process, from bytes
        return response.content
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    parts = _bounded(response, deadline)
    if encoding == "identity":
        return b"".join(parts)
    if encoding == "gzip":
        return _unpacked(parts)
    raise UnusableError(f"the answer is packed as '{encoding[:40]}', which was not asked for")


def _bounded(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    came = 0
    for part in response.iter_raw():
        came += len(part)
        if came > WIRE:
            raise UnusableError(f"the answer is larger than {WIRE // 2**20} MiB")
        if time.monotonic() > deadline:
            raise BrokenError("the answer did not end in time")
        yield part


def _unpacked(parts: Iterator[bytes]) -> bytes:
    unpacker = zlib.decompressobj(GZIP)
    whole = bytearray()
    try:
        for part in parts:
            while part and not unpacker.eof:
                whole += unpacker.decompress(part, STEP)
                if len(whole) > DECODED:
                    raise UnusableError(f"the answer unpacks to more than {DECODED // 2**20} MiB")
                part = unpacker.unconsumed_tail
            if unpacker.eof and (part or unpacker.unused_data):
                raise UnusableError("the answer has more behind the end of its gzip stream")
    except zlib.error as error:
        raise BrokenError(f"the answer is no sound gzip stream ({error})") from error
    if not unpacker.eof:
        raise BrokenError("the answer's gzip stream ends early")
    return bytes(whole)
