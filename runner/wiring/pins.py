"""The project's ``runner.lock``: read and written."""

from __future__ import annotations

from pathlib import Path

from runner import files
from runner.lookups import lock
from runner.lookups.lock import Lock
from runner.model import Document
from runner.wiring import project
from runner.wiring.project import Home


def read(where: Home) -> Lock:
    """What the project's ``runner.lock`` says; nothing where there is none."""
    file = where.root / lock.FILE
    return lock.read(project.load(file)) if file.is_file() else {}


def write(where: Home, pins: Lock) -> Path:
    """Write the project's ``runner.lock``, as a whole or not at all; its path."""
    (file,) = files.write(where.root, [Document(lock.FILE, lock.text(pins).encode())])
    return project.shown(file)
