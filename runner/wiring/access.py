"""Secrets: read from where ``runner.yaml`` says they are, and from nowhere else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from runner.client import Auth, Key
from runner.errors import UsageError
from runner.model import Profile, Secret

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def auth(profile: Profile, root: Path) -> Auth:
    """How the profile says who asks; UsageError where its secret is missing or others can read it."""
    if profile.api_key_file:
        text, place = read_private(root / profile.api_key_file).strip(), f"the file {profile.api_key_file}"
    else:
        text, place = _environment(profile.api_key_env), f"the environment variable {profile.api_key_env}"
    return Key(_key(profile, text, place), f"the key of profile '{profile.name}', from {place}")


def _key(profile: Profile, text: str, place: str) -> Secret:
    if not text:
        raise UsageError(f"profile '{profile.name}' reads its API key from {place}, which is not set")
    if not (text.isascii() and text.isprintable()) or " " in text or ":" in text:
        raise UsageError(
            f"profile '{profile.name}': what {place} holds is no API key (it has a blank, ':' or the like)"
        )
    return Secret(text)


def read_private(file: Path) -> str:
    """The text of a file of secrets; UsageError where it cannot be read, or anybody else can."""
    try:
        with file.open(encoding="utf-8") as opened:
            if os.fstat(opened.fileno()).st_mode & OTHERS:
                raise UsageError(f"{file} can be read by others; do: chmod 600 {file}")
            return opened.read(10_000)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'no UTF-8 text'}") from error


def _environment(name: str) -> str:
    return os.environ.get(name, "")  # noqa: TID251 - secrets come from the environment, here and in server only
