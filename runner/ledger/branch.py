"""The ledger as a branch of a git remote: for runners that are thrown away.

Every change is a commit on the tip that is known, pushed without force: the remote takes it only if nothing came
between (compare and swap). Where something did, the tip is fetched and the change is thought over with what it says
now. So a key is claimed by one run however many try at once.

No lock says which run is alive. An attempt that is older than ``LEASE`` is taken for a dead run's; its age is the
difference between the clock of the machine that claimed and the clock of the one that looks, so clocks must not differ
by more than ``LEASE`` less the longest delivery. A clock that is wrong makes entries uncertain too early, never sends
twice: what is uncertain is not tried again.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from runner.ledger import pages
from runner.ledger.book import Change
from runner.ledger.git import Git, GitError, beside
from runner.ledger.moves import LedgerError, one_line
from runner.model import Entry, Key

LEASE = timedelta(minutes=15)
"""How long an attempt may be a living run's; longer than any delivery may take."""

ATTEMPTS = 20
"""Most pushes for one change, while other runs are faster."""

STUCK = 4
"""Most pushes that are refused although nobody was faster."""

FETCHES = 3
"""Most attempts to reach the remote."""

PAUSE = 3.0
"""Most seconds between two pushes."""

FINAL = ("hook declined", "protected", "permission", "denied", "not allowed", "read-only", "error: 40")
"""Words of refusals that asking again does not change."""

_RANDOM = secrets.SystemRandom()


class Branch:
    """A store in a branch that holds nothing else. The project's repository is left as it is."""

    lease: timedelta | None = LEASE

    def __init__(
        self, root: Path, remote: str, branch: str, environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self._root, self._remote, self._environment, self._say = root, remote, environment, say
        self._ref, self._name = f"refs/heads/{branch}", f"branch {branch} of {remote}"
        self._folder: Path | None = None
        self._git: Git | None = None
        self._tip = ""
        self._pages: dict[str, tuple[str, dict[Key, Entry]]] = {}

    def enter(self) -> None:
        """Fetch the branch, and see that it is a ledger this runner knows."""
        self._open()
        if not self._tip:
            self._say(f"{self._name}: begins a new ledger")

    def leave(self) -> None:
        """Remove the private repository."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._git = None
        self._tip = ""

    def read(self) -> Mapping[Key, Entry]:
        """Everything as the remote has it now; nothing where the branch is not there."""
        if self._git is not None:
            self._fetch(self._git)
            return self._entries(self._git, None)
        try:
            return self._entries(self._open(), None)
        finally:
            self.leave()

    def change(self, change: Change, keys: Collection[Key] | None) -> None:
        """A commit that is on the remote when this returns."""
        git, stuck = self._git, 0
        if git is None:
            raise LedgerError(f"{self._name} is not open")
        for attempt in range(ATTEMPTS):
            made = change(self._entries(git, keys))
            base = self._tip
            if not made or self._push(git, self._commit(git, made), last=stuck + 1 == STUCK):
                return
            stuck = stuck + 1 if self._tip == base else 0
            time.sleep(_RANDOM.uniform(0, min(PAUSE, 0.1 * 2**attempt)))
        raise LedgerError(f"{self._name}: other runs were faster {ATTEMPTS} times; run again when fewer run at once")

    def _open(self) -> Git:
        self._folder = Path(tempfile.mkdtemp(prefix="runner-ledger-"))
        try:
            self._git = beside(self._root, self._remote, self._environment, self._folder / "git")
            self._fetch(self._git)
        except BaseException:
            self.leave()
            raise
        return self._git

    def _fetch(self, git: Git) -> None:
        """Know the remote's tip; of the first only the last commit, for a ledger grows old."""
        depth = [] if self._tip else ["--depth=1"]
        words = "--quiet", "--no-tags", "--no-write-fetch-head", *depth, self._remote, f"+{self._ref}:refs/heads/tip"
        for attempt in range(FETCHES):
            try:
                git("fetch", *words)
                break
            except GitError as error:
                if "couldn't find remote ref" in error.said:
                    self._missing()
                    return
                if attempt + 1 == FETCHES:
                    remedy = f"see whether `git fetch {self._remote}` works here"
                    raise LedgerError(f"{self._name} cannot be fetched: {error.said}; {remedy}") from error
            time.sleep(0.5 * 2**attempt)
        self._tip = git("rev-parse", "refs/heads/tip").decode().strip()

    def _missing(self) -> None:
        if self._tip:
            raise LedgerError(f"{self._name} was deleted during the run; push {self._tip} to it, or see docs/ledger.md")

    def _entries(self, git: Git, keys: Collection[Key] | None) -> dict[Key, Entry]:
        """The entries at the tip that is known: of all files, or of those that the keys are in."""
        if not self._tip:
            return {}
        files = dict(self._files(git))
        if pages.MARK not in files:
            raise LedgerError(
                f"{self._name} is no ledger, it has no {pages.MARK}; name a branch in runner.yaml that holds nothing "
                f"else, or put it right: {self._restore()}"
            )
        wanted = files if keys is None else files.keys() & {pages.MARK, *map(pages.path, keys)}
        fresh = [name for name in wanted if self._pages.get(name, ("",))[0] != files[name]]
        for name, content in zip(fresh, _blobs(git, [files[name] for name in fresh]), strict=True):
            self._pages[name] = files[name], self._page(name, content)
        found = {key: entry for name in wanted for key, entry in self._pages[name][1].items()}
        return found if keys is None else {key: found[key] for key in keys if key in found}

    def _files(self, git: Git) -> Iterator[tuple[str, str]]:
        for line in git("ls-tree", "-r", "-z", "--full-tree", self._tip).decode().split("\0")[:-1]:
            about, _, name = line.partition("\t")
            if name == pages.MARK or (name.endswith(".json") and name.count("/") == 1):
                yield name, about.split()[2]

    def _page(self, name: str, content: bytes) -> dict[Key, Entry]:
        try:
            if name != pages.MARK:
                return pages.read(name, content)
            version = pages.version(content)
        except ValueError as error:
            raise LedgerError(f"{self._name}: {name} is damaged ({error}); {self._restore()}") from error
        if version > pages.VERSION:
            raise LedgerError(
                f"{self._name} was written by a newer runner (format {version}, this one knows {pages.VERSION}); "
                "use that one"
            )
        return {}

    def _commit(self, git: Git, made: Sequence[Entry]) -> str:
        """A commit on the tip with these entries; it is here only until it is pushed."""
        parts = [_text("data", _message(made))]
        parts += [f"from {self._tip}\n".encode()] if self._tip else [_file(pages.MARK, pages.mark())]
        ordered = sorted(made, key=lambda entry: pages.path(entry.key))
        for name, group in groupby(ordered, lambda entry: pages.path(entry.key)):
            there = self._pages.get(name, ("", {}))[1] if self._tip else {}
            parts.append(_file(name, pages.write({**there, **{entry.key: entry for entry in group}}.values())))
        when = int(max(entry.changed for entry in made).timestamp())
        head = f"commit refs/heads/next\nmark :1\ncommitter runner <runner@localhost> {when} +0000\n".encode()
        stream = b"".join([head, *parts, b"\nget-mark :1\ndone\n"])
        try:
            return git("fast-import", "--quiet", "--force", "--done", data=stream).decode().strip()
        except GitError as error:
            raise LedgerError(
                f"{self._name}: git could not make a commit: {error.said}; see whether the disk is full"
            ) from error

    def _push(self, git: Git, commit: str, *, last: bool) -> bool:
        """Whether the remote has the commit now; LedgerError where it refuses for another reason than a faster run."""
        base = self._tip
        try:
            git("push", "--porcelain", "--no-verify", self._remote, f"{commit}:{self._ref}")
        except GitError as error:
            self._fetch(git)
            if self._tip and not git("rev-list", "--max-count=1", commit, f"^{self._tip}"):
                return True  # it was the answer that got lost
            refusal = _refusal(error)
            if self._tip == base and (last or any(word in refusal.casefold() for word in FINAL)):
                raise LedgerError(
                    f"{self._name} cannot be pushed: {refusal}; this runner must be able to push to it without force, "
                    "and no rule may protect it"
                ) from error
            return False
        self._tip = commit
        return True

    def _restore(self) -> str:
        branch = self._ref.removeprefix("refs/heads/")
        return (
            f"`git fetch {self._remote} {branch}`, find the last good commit with `git log FETCH_HEAD`, then "
            f"`git push --force {self._remote} COMMIT:{self._ref}`; what was delivered after it may be sent again"
        )


def _blobs(git: Git, names: Sequence[str]) -> Iterator[bytes]:
    """The content of each."""
    told = git("cat-file", "--batch", data="".join(f"{name}\n" for name in names).encode()) if names else b""
    at = 0
    for _ in names:
        start = told.index(b"\n", at) + 1
        at = start + int(told[at:start].split()[2])
        yield told[start:at]
        at += 1


def _message(made: Sequence[Entry]) -> str:
    """What changed, for `git log`; hosts that test every push are asked not to."""
    more = f" and {len(made) - 1} more" if len(made) > 1 else ""
    return f"{one_line(str(made[0].key))}: {made[0].state.value}{more}\n\n[skip ci]\n"


def _text(command: str, text: str) -> bytes:
    content = text.encode()
    return f"{command} {len(content)}\n".encode() + content + b"\n"


def _file(name: str, content: bytes) -> bytes:
    return f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n"


def _refusal(error: GitError) -> str:
    """What the remote says of the branch, and git of the rest."""
    lines = [line.split("\t")[-1] for line in error.output.splitlines() if line.startswith("!")]
    return one_line("; ".join([*lines, error.said]))
