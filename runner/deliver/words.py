"""What a server says, as a reason that people may read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runner import hiding
from runner.lines import line

MOST = 400
"""Most characters of a reason."""

_SPACES = re.compile(" {2,}")


def said(text: str, secrets: Iterable[str]) -> str:
    """What a server says, in one line, with ``***`` for each secret in whatever form it is there.

    They are looked for before anything is taken out of it or cut, and after: the rest may be what makes one whole.
    """
    known = tuple(secrets)
    shown = "".join(char if char.isprintable() else " " for char in hiding.hidden(text, known))
    return line(hiding.hidden(_SPACES.sub(" ", shown), known), MOST)
