"""Bodies within bounds: what is read, what is broken and may come whole the next time, what is refused."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator

import httpx
import pytest

from runner.client import body
from runner.client.faults import BrokenError, UnusableError


class Parts(httpx.SyncByteStream):
    """A body as it comes over the wire."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts


def read(*parts: bytes, encoding: str | None = None, seconds: float = 60) -> bytes:
    headers = {} if encoding is None else {"content-encoding": encoding}
    return body.read(httpx.Response(200, headers=headers, stream=Parts(*parts)), time.monotonic() + seconds)


def pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def test_a_plain_body_is_its_parts() -> None:
    assert read(b"ab", b"", b"c") == b"abc"
    assert read(b"ab", encoding="identity") == b"ab"


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_gzip_body_is_unpacked_whatever_its_parts(size: int) -> None:
    content = bytes(range(256)) * 500
    assert read(*pieces(gzip.compress(content), size), encoding="gzip") == content


def test_an_empty_gzip_body_is_empty() -> None:
    assert read(gzip.compress(b""), encoding="GZIP ") == b""


def test_a_body_may_be_as_large_as_the_bound_and_no_larger() -> None:
    assert len(read(*[bytes(2**20)] * 8)) == body.WIRE
    with pytest.raises(UnusableError, match="larger than 8 MiB"):
        read(*[bytes(2**20)] * 8, b"x")


@pytest.mark.parametrize("size", [2**25 - 1, 2**25])
def test_as_much_as_the_bound_is_unpacked(size: int) -> None:
    assert len(read(gzip.compress(bytes(size)), encoding="gzip")) == size


@pytest.mark.parametrize("size", [1_000, 2**20])
def test_a_bomb_is_stopped_at_the_bound(size: int) -> None:
    bomb = gzip.compress(bytes(2**28))
    with pytest.raises(UnusableError, match="unpacks to more than 32 MiB"):
        read(*pieces(bomb, size), encoding="gzip")


@pytest.mark.parametrize("size", [1, 50, 10_000])
def test_a_second_member_or_anything_else_behind_is_refused(size: int) -> None:
    for behind in (gzip.compress(b"more"), b"\0", b"<p>"):
        with pytest.raises(UnusableError, match="more behind the end"):
            read(*pieces(gzip.compress(b"all" * 100) + behind, size), encoding="gzip")


@pytest.mark.parametrize("cut", [0, 5, 11, -9, -8, -1])
def test_a_gzip_stream_that_ends_early_is_broken(cut: int) -> None:
    with pytest.raises(BrokenError, match="ends early"):
        read(gzip.compress(b"all" * 1000)[:cut], encoding="gzip")


def test_a_gzip_stream_with_a_wrong_byte_is_broken() -> None:
    packed = bytearray(gzip.compress(b"all of it" * 1000))
    packed[-6] ^= 1
    with pytest.raises(BrokenError, match="no sound gzip"):
        read(bytes(packed), encoding="gzip")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x-gzip", ""])
def test_any_other_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(UnusableError, match="was not asked for"):
        read(zlib.compress(b"all"), encoding=encoding)


def test_a_body_that_goes_on_too_long_is_broken() -> None:
    with pytest.raises(BrokenError, match="in time"):
        read(b"a", b"b", seconds=-1)
