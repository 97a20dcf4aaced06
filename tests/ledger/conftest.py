"""A world for each store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.worlds import WORLDS, World


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A place for a ledger, once for each store."""
    return WORLDS[request.param](tmp_path)
