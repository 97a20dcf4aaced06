"""The ``git`` program, as the ledger uses it: in a private repository, with the credentials of the project's.

The project's repository is asked for its settings and never written to: no ref, object, index or file of it changes.
Settings that say how a remote is reached (its URL, credentials, headers, proxies, certificates, ssh) are handed on in
the environment, so that what ``git fetch`` can do in the project can be done here too; they are on no command line and
in no file. No hook runs, nothing is signed, nobody is asked for a password.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runner.ledger.moves import LedgerError, one_line

TIMEOUT = 120.0
"""Most seconds for one call of git, the network included."""

REACH = re.compile(r"(http|https|credential|url|ssh|protocol|core\.sshcommand|core\.askpass|core\.gitproxy)(\.|$)")
"""Settings of the project's repository that say how remotes are reached; those of the user and system hold anyway."""

PLACES = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
    *("GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_QUARANTINE_PATH"),
    *("GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE_PACKET", "GIT_EXTERNAL_DIFF", "GIT_CONFIG"),
)
"""Variables that lead git elsewhere, or have it print headers; a hook that starts a run has set some of them."""

PLAIN = (
    *("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "push.gpgSign=false"),
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.fsmonitor=false", "-c", "push.followTags=false"),
)
"""What the user's settings may turn on and the ledger does without."""

SHORT = 6
"""Fewer characters are hidden only where they stand in a URL; they occur in any text."""

WHO = {"NAME": "runner", "EMAIL": "runner@localhost"}

_CREDENTIALS = re.compile(r"(?<=://)[^/\s'\"]*@")


class GitError(LedgerError):
    """Git failed. ``said`` is its reason, without secrets; ``output`` is what it had printed."""

    def __init__(self, said: str, output: str = "") -> None:
        super().__init__(f"git fails at the ledger: {said}")
        self.said, self.output = said, output


@dataclass(frozen=True, slots=True)
class Git:
    """Git in a bare repository of its own, beside the project's."""

    folder: Path
    top: Path
    environment: Mapping[str, str]
    secrets: tuple[str, ...]

    def __call__(self, *words: str, data: bytes = b"") -> bytes:
        """What git prints; GitError where it fails or takes too long. Paths of remotes are relative to the project."""
        call = ["git", *PLAIN, f"--git-dir={self.folder}", *words]
        return _run(call, self.top, self.environment, self.secrets, data)


def beside(root: Path, remote: str, environment: Mapping[str, str], folder: Path) -> Git:
    """Git in the new repository ``folder``, which reaches ``remote`` as the repository round ``root`` does."""
    kept = _environment(environment)
    try:
        top = Path(_run(["git", "rev-parse", "--show-toplevel"], root, kept).decode().rstrip("\n"))
        said = list(
            _settings(_run(["git", "config", "--list", "--show-scope", "--includes", "-z"], top, kept).decode())
        )
        urls = [value for _, key, value in said if key == f"remote.{remote}.url"]
        if not urls:
            raise LedgerError(f"{top} has no git remote '{remote}'; runner.yaml says: ledger: {{remote: NAME}}")
        local = [(key, value) for scope, key, value in said if scope in ("local", "worktree")]
        ours = [(key, value) for key, value in local if REACH.match(key) or _of(key, remote)]
        _run(["git", *PLAIN, "init", "--quiet", "--bare", "--template=", str(folder)], top, kept)
    except GitError as error:
        raise LedgerError(f"the ledger is a branch of a git remote, but git fails in {root}: {error.said}") from error
    secrets = tuple(secret for _, _, value in said for secret in _hidden(value))
    return Git(folder, top, {**kept, **_handed(ours, kept)}, secrets)


def _environment(said: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in said.items() if name not in PLACES}
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in WHO.items()}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C"}
    return {**kept, **who, **quiet}


def _settings(told: str) -> Iterator[tuple[str, str, str]]:
    """Scope, key and value of what ``git config --list --show-scope -z`` prints."""
    words = told.split("\0")
    for scope, setting in zip(words[::2], words[1::2], strict=False):
        key, _, value = setting.partition("\n")
        yield scope, key, value


def _of(key: str, remote: str) -> bool:
    names = ("url", "pushurl", "proxy", "proxyauthmethod", "uploadpack", "receivepack", "vcs", "serveroption")
    return key in {f"remote.{remote}.{name}" for name in names}


def _handed(settings: list[tuple[str, str]], environment: Mapping[str, str]) -> dict[str, str]:
    """The settings as variables that git reads, behind those that are there."""
    there = environment.get("GIT_CONFIG_COUNT", "")
    first = int(there) if there.isdecimal() else 0
    made = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return made


def _hidden(value: str) -> Iterator[str]:
    """What is secret in a setting: user and password of a URL, what follows the name of a header."""
    for found in _CREDENTIALS.findall(value):
        yield found[:-1]
        yield from found[:-1].split(":", 1)[1:]
    name, colon, rest = value.partition(": ")
    if colon and name.replace("-", "").isalnum():
        yield from rest.split()[-1:]


def _run(
    call: list[str], folder: Path, environment: Mapping[str, str], secrets: tuple[str, ...] = (), data: bytes = b""
) -> bytes:
    """What a program prints. It has no terminal, and ends with all that it started when its time is over."""
    try:
        process = subprocess.Popen(  # noqa: S603 - git, with words from here and checked settings, and no shell
            call,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise GitError(f"git cannot be started: {error.strerror or error}") from error
    with process:
        try:
            output, errors = process.communicate(data, TIMEOUT)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise GitError(f"git took longer than {TIMEOUT:.0f} seconds") from error
            raise
    if process.returncode:
        raise GitError(_plain(errors.decode(errors="replace"), secrets), output.decode(errors="replace"))
    return output


def _plain(said: str, secrets: tuple[str, ...]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        said = said.replace(secret, "***") if len(secret) >= SHORT else said
    told = [line.strip() for line in _CREDENTIALS.sub("***@", said).splitlines()]
    return one_line("; ".join(line for line in told if line and not line.startswith("hint:"))) or "no reason given"
