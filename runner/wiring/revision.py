"""Which git commit the definitions are at, so that a digest says what made it; and files as they are in a commit."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.errors import UsageError
from runner.nearest import hint

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that ``ref`` names; ``id`` is its whole hash. Paths are relative to ``folder``."""

    folder: Path
    ref: str
    id: str

    @property
    def short(self) -> str:
        """Its hash as a digest says it."""
        return self.id[:8]

    def read(self, path: str) -> bytes:
        """The file as it was then; UsageError with the nearest name where there was none."""
        found = _bytes(self.folder, "show", f"{self.id}:./{path}")
        if found is None:
            near = hint(path, self.files())
            raise UsageError(f"{self.ref} has no file '{path}'{f'; {near}' if near else ''}")
        return found

    def files(self, below: str = "") -> list[str]:
        """The paths of all its files in ``folder``, or below a folder in it."""
        listed = _git(self.folder, "ls-tree", "-r", "-z", "--name-only", self.id, *([f"{below}/"] if below else []))
        return list(filter(None, listed.split("\0")))


def commit(folder: Path, ref: str) -> Commit:
    """The commit that is called so; UsageError where there is none."""
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").strip()
    if not found:
        if not _git(folder, "rev-parse", "--git-dir"):
            raise UsageError(f"'{ref}': {folder} is in no git repository")
        near = hint(ref, _git(folder, "for-each-ref", "--format=%(refname:short)").split())
        raise UsageError(f"git knows no commit '{ref}'{f'; {near}' if near else ''}")
    return Commit(folder, ref, found)


def of(folder: Path) -> Callable[[str], str]:
    """What gives the short commit of a file, with ``(changed)`` where it is not as committed; empty outside git."""
    commit = _git(folder, "rev-parse", "--short=8", "HEAD").strip()
    if not commit:
        return lambda _: ""
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    changed = _git(folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    touched = {top / entry[3:] for entry in changed.split("\0") if entry}

    def at(file: str) -> str:
        path = Path(file).resolve()
        if not path.is_relative_to(top):
            return ""
        return f"{commit} (changed)" if path in touched else commit

    return at


def top(folder: Path) -> Path | None:
    """The top of the repository that a folder is in; None where it is in none."""
    found = _git(folder, "rev-parse", "--show-toplevel").strip()
    return Path(found) if found else None


def changed(folder: Path, since: str) -> set[Path]:
    """The files below the repository's top that are not as at the commit: changed, new, and not yet added ones.

    Against a branch it is the commit at which this one left it. UsageError where there is no such commit.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not top:
        raise UsageError(f"git:{since} asks git what changed, and {folder} is in no git repository")
    if since.startswith("-") or not _git(folder, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}"):
        raise UsageError(f"git:{since}: git knows no such commit; in CI, fetch it first (fetch-depth: 0)")
    base = _left(folder, since)
    known = _git(folder, "diff", "--name-only", "-z", "--no-renames", base, "--")
    new = _git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--full-name", top)
    return {Path(top) / name for name in (known + new).split("\0") if name}


def hosts(folder: Path) -> set[str]:
    """The hosts of the git remotes of the repository that the folder is in; nothing outside git."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), folder)
    said = _git(there, "config", "--get-regexp", r"^remote\..*\.url$")
    urls = [line.partition(" ")[2] for line in said.splitlines()]
    found = (re.match(r"(?:[a-z+]+://)?(?:[^@/]*@)?([^/:]+)", url) for url in urls)
    return {match[1].casefold() for match in found if match}


def left(folder: Path, since: str) -> Commit:
    """The commit at which this branch left another one, or the commit that is named; UsageError where there is none."""
    named = commit(folder, since)
    return Commit(folder, since, _left(folder, named.id))


def _left(folder: Path, since: str) -> str:
    return _git(folder, "merge-base", since, "HEAD").strip() or since


def _git(folder: Path, *words: str) -> str:
    """What git prints; nothing where there is no git, no repository or no answer in time."""
    return (_bytes(folder, *words) or b"").decode("utf-8", "replace")


def _bytes(folder: Path, *words: str) -> bytes | None:
    """The same as it comes; None where it failed."""
    call = ["git", "-C", str(folder), *words]
    try:
        ran = subprocess.run(call, capture_output=True, check=False, timeout=SECONDS)  # noqa: S603 - no shell, no option
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 else None
