"""The command line as people use it: a process of its own, with its own cache and no environment of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

AS_OF = "2026-11-23T07:02:00-05:00"


def environment(cache: Path, **more: str) -> dict[str, str]:
    """A clean environment whose sample organizations are kept in ``cache``."""
    kept = {"PATH": os.defpath, "HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
    return {**kept, "PYTHONWARNINGS": "error", **more}


def runner(*words: str, cwd: Path, cache: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``runner`` with these words and wait for it."""
    call = [sys.executable, "-m", "runner", *words]
    return subprocess.run(
        call, cwd=cwd, env=environment(cache, **more), capture_output=True, text=True, check=False, timeout=120
    )
