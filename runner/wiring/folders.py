"""Where things are kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    """The user's cache folder (XDG_CACHE_HOME), or one for this user in the temporary folder."""
    named = os.environ.get("XDG_CACHE_HOME")  # noqa: TID251 - the environment is read here only
    home = Path(named) if named else Path.home() / ".cache"
    return home / "close-report-runner"
