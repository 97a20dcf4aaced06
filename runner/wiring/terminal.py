"""What the terminal can do, and what its owner wants of it."""

from __future__ import annotations

import os
import sys


def coloured() -> bool:
    """Whether what is printed may be coloured: on a terminal that can, unless NO_COLOR is set (https://no-color.org)."""
    said = os.environ  # noqa: TID251 - the environment is read in wiring only
    return sys.stdout.isatty() and not said.get("NO_COLOR") and said.get("TERM") != "dumb"
