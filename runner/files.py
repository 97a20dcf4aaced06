"""Write files so that nobody ever sees half of one; read secrets only where nobody else can."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runner.errors import RunnerError, UsageError
from runner.model import Document

OTHERS = stat.S_IRWXG | stat.S_IRWXO
SECRETS = 2**16
"""Most characters of a file of secrets."""


def write(folder: Path, documents: Sequence[Document]) -> tuple[Path, ...]:
    """The paths written, in order. Either all files are new, or a RunnerError leaves the old ones as they were.

    Every file is written beside its place under another name and brought to disk before the first takes its place. The
    name of a document may have folders in it.
    """
    staged: list[tuple[Path, Path]] = []
    places = [folder / document.name for document in documents]
    try:
        for inside in dict.fromkeys([folder, *(place.parent for place in places)]):
            inside.mkdir(parents=True, exist_ok=True)
        for place, document in zip(places, documents, strict=True):
            staged.append((_stage(place.parent, Document(place.name, document.content)), place))
        for temporary, place in staged:
            temporary.replace(place)
        for inside in dict.fromkeys([folder, *(place.parent for place in places)]):
            sync(inside)
    except OSError as error:
        raise RunnerError(f"{folder}: could not write: {error.strerror or error}") from error
    finally:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):  # what took its place is no longer here under this name
                temporary.unlink(missing_ok=True)
    return tuple(place for _, place in staged)


def put(path: Path, content: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write one file as a whole, in a folder that is made where it is missing; OSError leaves the old one as it was.

    ``durable``: it is on disk before this returns. Without it a power cut may lose the file, never cut it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _stage(path.parent, Document(path.name, content), mode=mode, durable=durable)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def read_private(file: Path) -> str:
    """The text of a file of secrets; UsageError where it cannot be read, or anybody else can."""
    try:
        with file.open(encoding="utf-8") as opened:
            if os.fstat(opened.fileno()).st_mode & OTHERS:
                raise UsageError(f"{file} can be read by others; do: chmod 600 {file}")
            return opened.read(SECRETS)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'no UTF-8 text'}") from error


def sync(path: Path) -> None:
    """Bring to disk what a file holds, or which files a folder has; OSError where that fails."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stage(folder: Path, document: Document, *, mode: int = 0o644, durable: bool = True) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{document.name}.")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(document.content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
