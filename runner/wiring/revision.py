"""Which git commit the definitions are at, so that a digest says what made it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 5


def of(folder: Path, files: Sequence[str]) -> Mapping[str, str]:
    """File -> the short commit, with ``(changed)`` where the file is not as committed; nothing outside git."""
    commit = _git(folder, "rev-parse", "--short=8", "HEAD").strip()
    if not commit or not files:
        return {}
    changed = _git(
        folder, "status", "--porcelain", "-z", "--no-renames", "--", *(str(Path(file).resolve()) for file in files)
    )
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    touched = {top / entry[3:] for entry in changed.split("\0") if entry}
    return {file: f"{commit} (changed)" if Path(file).resolve() in touched else commit for file in files}


def _git(folder: Path, *words: str) -> str:
    """What git prints; nothing where there is no git, no repository or no answer in time."""
    call = ["git", "-C", str(folder), *words]
    try:
        ran = subprocess.run(call, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - fixed words and paths
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout if ran.returncode == 0 else ""
