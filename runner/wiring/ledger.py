"""The project's ledger, with the environment that ``git`` finds its credentials in."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from runner import ledger
from runner.ledger import Ledger
from runner.wiring.project import Home, shown


def at(where: Home, now: datetime, say: Callable[[str], None]) -> Ledger:
    """The ledger that ``runner.yaml`` names, not yet entered. ``say`` hears what takes long; ``now`` is the clock."""
    environment = dict(os.environ)  # noqa: TID251 - what git inherits; read in wiring only
    return ledger.open_at(where.project.ledger, shown(where.root), now, environment=environment, say=say)
