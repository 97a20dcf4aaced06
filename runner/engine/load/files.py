"""The files of a dump, found and read row by row with the line each row begins at."""

from __future__ import annotations

import codecs
import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from runner.errors import RunnerError

SMALL = (
    "organization", "user", "group", "lead_status", "pipeline", "saved_search", "email_template", "custom_field"
)  # fmt: skip
LARGE = ("lead", "activity")
ENDINGS = (".json", ".ndjson", ".json.gz", ".ndjson.gz")

CHUNK = 1 << 20
LONGEST = 32 << 20
"""Bytes of the largest object; a lead with all its activities is one."""

_FLAT = re.compile(rb'"custom\.((?:[^"\\]|\\.){1,500})"[ \t\n\r]*:')
_FLAT_REACH = 1024
"""Bytes that a flat custom field's key may take at most, blanks and quotes included."""

_SPACE = re.compile(r"[ \t\n\r]*")
_BETWEEN = re.compile(r"[ \t\n\r,]*")


@dataclass(frozen=True, slots=True)
class File:
    """One resource of a dump."""

    resource: str
    path: Path


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be loaded: its file, the line it begins at, its ID where it has one, and why."""

    file: str
    line: int
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.id or 'a row without an id'}: {self.reason}"


def find(dump: Path) -> dict[str, File]:
    """The dump's files by resource; RunnerError when there is none, or two of one resource."""
    found: dict[str, File] = {}
    for path in _listed(dump):
        resource = path.name.partition(".")[0]
        if resource not in (*SMALL, *LARGE) or path.name.removeprefix(resource) not in ENDINGS:
            continue
        if resource in found:
            raise RunnerError(f"{dump}: both {found[resource].path.name} and {path.name}; keep one of them")
        found[resource] = File(resource, path)
    if not found:
        expected = f"one file each of {' '.join((*SMALL, *LARGE))}, ending in {' '.join(ENDINGS)}"
        raise RunnerError(f"{dump}: no data; a dump has files such as lead.json or activity.ndjson.gz: {expected}")
    return found


def strangers(dump: Path) -> tuple[str, ...]:
    """The names in the folder that are no file of a dump, ``activities.json`` for one; they are not read."""
    known = {f"{resource}{ending}" for resource in (*SMALL, *LARGE) for ending in ENDINGS}
    return tuple(path.name for path in _listed(dump) if path.name not in known)


def _listed(dump: Path) -> list[Path]:
    try:
        return sorted(dump.iterdir())
    except OSError as error:
        raise RunnerError(f"{dump}: cannot be read: {error.strerror}") from error


def is_array(file: File) -> bool:
    """Whether the file is one JSON array (else it is one object after the other)."""
    with _opened(file) as stream:
        first = _piece(file, stream).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if not first and ".ndjson" not in file.path.suffixes:
        raise RunnerError(f"{file.path}: empty; a file without rows is [] or has the ending .ndjson")
    return first == b"["


def flat_names(file: File) -> tuple[str, ...]:
    """The names of all custom fields that are spelled flat somewhere in the file, ``"custom.NAME": value``.

    It looks at the bytes alone, which is quick, so a name may come from inside a text: then no object has it.
    """
    found: set[bytes] = set()
    tail = b""
    with _opened(file) as stream:
        while piece := _piece(file, stream):
            found.update(_FLAT.findall(tail + piece))
            tail = (tail + piece)[-_FLAT_REACH:]
    return tuple(sorted(filter(None, map(_unescaped, found))))


def _unescaped(name: bytes) -> str:
    """The text of a JSON string's inside; empty where it is none."""
    try:
        text = json.loads(b'"' + name + b'"')
        text.encode()
    except ValueError:
        return ""
    return str(text)


def rows(file: File) -> Iterator[tuple[int, Any, str]]:
    """Every row with the line it begins at: (line, object, ""), or (line, None, why) where it is no JSON.

    Reading goes on after a bad line of NDJSON; an array cannot be read past a fault, which is its last row then. An
    object that is a page of the API, ``{"data": [...]}`` without an id, stands for the rows in it.
    """
    array = is_array(file)
    with _opened(file) as stream:
        text = _Text(file, stream)
        if array:
            text.skip(_SPACE)
            text.position += 1
        yield from _values(text, array=array)


def _values(text: _Text, *, array: bool) -> Iterator[tuple[int, Any, str]]:
    while text.skip(_BETWEEN if array else _SPACE):
        if array and text.peek() == "]":
            return
        line = text.line()
        try:
            value = text.take()
        except (ValueError, RecursionError) as error:
            yield line, None, f"not JSON: {_brief(error)}"
            if array or not text.skip_line():
                return
            continue
        paged = not array and isinstance(value, dict) and "id" not in value and isinstance(value.get("data"), list)
        yield from ((line, row, "") for row in (value["data"] if paged else [value]))
    if array:
        yield text.line(), None, "not JSON: the array is not closed"


class _Text:
    """The file's text, decoded piece by piece; what has been read is let go."""

    def __init__(self, file: File, stream: BinaryIO) -> None:
        self._file = file
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._json = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
        self._lines = 1
        self._counted = 0
        self._ended = False
        self.buffer = ""
        self.position = 0

    def skip(self, what: re.Pattern[str]) -> bool:
        """Go past blanks; whether anything follows."""
        while True:
            match = what.match(self.buffer, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.buffer) or not self._more():
                return self.position < len(self.buffer)

    def peek(self) -> str:
        """The character that follows."""
        return self.buffer[self.position]

    def take(self) -> Any:
        """The JSON value that follows; ValueError when there is none."""
        while True:
            try:
                value, end = self._json.raw_decode(self.buffer, self.position)
            except ValueError:
                if len(self.buffer) - self.position > LONGEST or not self._more():
                    raise
                continue
            if end < len(self.buffer) or not self._more():  # a number may go on in the next piece
                self.position = end
                return value

    def skip_line(self) -> bool:
        """Go to the next line; whether there is one."""
        while (end := self.buffer.find("\n", self.position)) < 0:
            self.position = len(self.buffer)
            if not self._more():
                return False
        self.position = end + 1
        return True

    def line(self) -> int:
        """The number of the line we are at."""
        self._lines += self.buffer.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._lines

    def _more(self) -> bool:
        if self._ended:
            return False
        self.line()
        piece = _piece(self._file, self._stream)
        self._ended = not piece
        self.buffer = self.buffer[self.position :] + self._decoder.decode(piece, final=self._ended)
        self.position = self._counted = 0
        return bool(piece)


@contextmanager
def _opened(file: File) -> Iterator[BinaryIO]:
    try:
        plain = file.path.open("rb")
    except OSError as error:
        raise RunnerError(f"{file.path}: {error.strerror}") from error
    with plain:
        if file.path.suffix == ".gz":
            with gzip.open(plain) as unpacked:
                yield cast("BinaryIO", unpacked)  # it reads bytes as a file does
        else:
            yield plain


def _piece(file: File, stream: BinaryIO) -> bytes:
    try:
        return stream.read(CHUNK)
    except (OSError, EOFError, zlib.error) as error:
        raise RunnerError(f"{file.path}: damaged: {error}") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number beyond all bounds")
    return number


def _brief(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error).partition(": line")[0]
