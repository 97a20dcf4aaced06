"""A digest's files in a folder: ``PATH/REPORT/PERIOD`` below the channel's path, all of them new or none.

The files are written beside their place and brought to disk; then the folder takes its name in one step. Where there
was one, it makes room first: for an instant there is none, never half of one. Every name is opened below the folder
that was opened before it and no link is followed, so that neither a name nor a link that others put there leads out.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from runner.deliver.access import Access
from runner.model import Document, Parcel, Receipt, Shelves, State

LONGEST = 200
"""Most bytes of a name, so that there is room to write beside it."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_INSIDE = _FOLDER | os.O_NOFOLLOW
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LINK = frozenset({errno.ELOOP, errno.ENOTDIR})


class _LinkError(Exception):
    """Something that is no folder stands where one should be."""


def send(parcel: Parcel, access: Access) -> Receipt:
    """Whether the parcel's ``files`` are in their folder now, and where that is."""
    channel = parcel.channel
    if not isinstance(channel, Shelves):
        raise TypeError(f"{channel.name} is no folder")
    names = [*parcel.key.report.split("/"), parcel.key.period]
    wrong = next((name for name in (*names, *(one.name for one in parcel.files)) if not _is_name(name)), None)
    if wrong is not None:
        return Receipt(State.REFUSED, f"{wrong[:60]!r} cannot be the name of a file")
    base = access.root / channel.path
    if parcel.sample and not base.resolve().is_relative_to(access.root.resolve()):
        return Receipt(State.REFUSED, "sample numbers stay in the project's folder")
    place = "/".join((channel.path.rstrip("/"), *names))
    try:
        safe = _placed(base, names, parcel.files)
    except _LinkError as error:
        return Receipt(State.REFUSED, f"{place}: {error}")
    except OSError as error:
        return Receipt(State.DEFERRED, f"{place}: could not write: {error.strerror or error}")
    return Receipt(State.SENT, place) if safe else Receipt(State.UNCERTAIN, f"{place}: may not outlast a power cut")


def _is_name(name: str) -> bool:
    """Whether it is the name of one file and shown as it is; hidden ones are ours."""
    if not name or not name.isprintable():
        return False
    return "/" not in name and not name.startswith(".") and len(name.encode()) <= LONGEST


def _placed(base: Path, names: Sequence[str], files: Sequence[Document]) -> bool:
    """Put the files there; False where they are but their folder's name may not be on disk yet.

    OSError or _LinkError where nothing has changed.
    """
    *above, last = names
    base.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(_opened(base, None))
        for name in above:
            folder = opened.enter_context(_below(name, folder))
        before = _kind(last, folder)
        if before and not stat.S_ISDIR(before):
            raise _LinkError("there is something else of this name")
        fresh = f".{last}.{token_hex(6)}"
        try:
            _written(fresh, folder, files)
            _swapped(fresh, last, folder, had=bool(before))
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True, dir_fd=folder)
            raise
        try:
            os.fsync(folder)
        except OSError:
            return False
        return True


def _written(name: str, folder: int, files: Sequence[Document]) -> None:
    """A new folder with the files, all on disk."""
    os.mkdir(name, 0o755, dir_fd=folder)
    with _opened(name, folder) as inside:
        for file in files:
            with os.fdopen(os.open(file.name, _NEW, 0o644, dir_fd=inside), "wb") as opened:
                opened.write(file.content)
                opened.flush()
                os.fsync(opened.fileno())
        os.fsync(inside)


def _swapped(fresh: str, name: str, folder: int, *, had: bool) -> None:
    """Give the folder its name; the one that had it makes room and goes, or comes back where that fails."""
    old = f"{fresh}.old"
    if had:
        _renamed(name, old, folder)
    try:
        _renamed(fresh, name, folder)
    except OSError:
        if had:
            _renamed(old, name, folder)
        raise
    if had:
        shutil.rmtree(old, ignore_errors=True, dir_fd=folder)


def _renamed(name: str, other: str, folder: int) -> None:
    os.rename(name, other, src_dir_fd=folder, dst_dir_fd=folder)


@contextmanager
def _opened(path: Path | str, folder: int | None) -> Iterator[int]:
    """A handle of a folder; below another one, only of one that is really there."""
    try:
        handle = os.open(path, _FOLDER if folder is None else _INSIDE, dir_fd=folder)
    except OSError as error:
        if folder is not None and error.errno in _LINK:
            raise _LinkError(f"{path} is a link, or no folder") from error
        raise
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _below(name: str, folder: int) -> Iterator[int]:
    """A handle of the folder of that name inside another, made where it is missing."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=folder)
        os.fsync(folder)
    with _opened(name, folder) as handle:
        yield handle


def _kind(name: str, folder: int) -> int:
    """What is there by that name, as ``stat`` has it; 0 where nothing is."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return 0
