"""One run at a time on this machine: a lock of the kernel, which goes when its process does, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from runner.ledger.moves import LedgerError

WAIT = 300.0
"""Most seconds to wait for another run."""

STEP = 0.1


def hold(path: Path, say: Callable[[str], None], wait: float = WAIT) -> int:
    """The handle of the lock, given back with ``os.close``; LedgerError where another run keeps it for too long.

    The file stays, and holds the process ID of the run that had it last. ``say`` hears once whom this one waits for.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(handle, path, say, wait)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _wait(handle: int, path: Path, say: Callable[[str], None], wait: float) -> None:
    begun, told = time.monotonic(), False
    while not _taken(handle):
        if not told:
            say(f"waiting for another run ({_holder(handle)})")
            told = True
        if time.monotonic() - begun > wait:
            raise LedgerError(
                f"{path}: another run ({_holder(handle)}) has held the ledger for over {wait:.0f} seconds; "
                "see whether it hangs, end it if it does, and run again"
            )
        time.sleep(STEP)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(handle: int) -> str:
    said = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    return f"pid {said}" if said.isdecimal() else "pid unknown"
