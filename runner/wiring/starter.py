"""What a new project begins with: files that ship with runner, and some that depend on where it is begun."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner import assets, files
from runner.errors import UsageError
from runner.model import Document
from runner.wiring import machine, revision

SERVICES = {"github": "github.", "gitlab": "gitlab."}
"""Who runs workflows -> what is in the name of its hosts."""

SCHEMAS = ("report", "test", "runner")
"""The JSON Schemas that editors check a project's files with."""

REQUIREMENTS = """\
# Where CI gets runner from. `uv pip compile --generate-hashes` (or pip-compile) makes a list of this line that has the
# version and hash of everything that runner needs, for the same environment every time.
"""

_WHEEL = """\
# It was installed from a folder here; this puts a wheel of it into the project:
#   pip wheel --no-deps --wheel-dir wheels FOLDER
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was written, what was there already and stays as it is, and whose workflows there are."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    services: tuple[str, ...]


def begin(folder: Path, services: Collection[str] | None) -> Begun:
    """Write what is missing of a project into ``folder``; UsageError where that is no folder.

    ``services`` are those whose workflows are wanted; None: of whoever has the git remote. Reports are written only
    where there is no folder of them.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    chosen = tuple(services) if services is not None else tuple(_hosting(folder))
    documents = list(_documents(chosen, reports=not (folder / "reports").exists()))
    there = {one.name for one in documents if (folder / one.name).exists() or (folder / one.name).is_symlink()}
    written = files.write(folder, [one for one in documents if one.name not in there])
    return Begun(written, tuple(folder / name for name in sorted(there)), chosen)


def _documents(services: Collection[str], *, reports: bool) -> Iterator[Document]:
    for part in ("project", *services):
        top = assets.folder("starter") / part
        for path in sorted(path for path in top.rglob("*") if path.is_file()):
            name = path.relative_to(top).as_posix()
            if reports or not name.startswith("reports/"):
                yield Document(name, _lasting(path.read_bytes()) if services else path.read_bytes())
    for name in SCHEMAS:
        schema = assets.folder("schemas") / f"{name}.schema.json"
        yield Document(f".runner/{schema.name}", schema.read_bytes())
    if services:
        line = machine.requirement()
        yield Document("requirements.txt", f"{REQUIREMENTS}{_WHEEL if line.startswith('./') else ''}{line}\n".encode())


def _lasting(content: bytes) -> bytes:
    """The file with a ledger that outlasts the machine: those that run workflows are thrown away."""
    return re.sub(rb"(?m)^#\n# (?=ledger: )", b"\n", content)


def _hosting(folder: Path) -> Iterator[str]:
    """Whoever has a git remote of the repository that the folder is in."""
    hosts = revision.hosts(folder)
    yield from (service for service, name in SERVICES.items() if any(name in host for host in hosts))
