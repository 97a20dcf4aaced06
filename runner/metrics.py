"""What the API's names of measures and fields say of their numbers."""

from __future__ import annotations

from runner.model import Unit

UNITS = {"count": Unit.COUNT, "duration": Unit.SECONDS, "value": Unit.MONEY}
"""Last word of a measure's or field's name -> its unit; anything else is a plain number."""


def unit(key: str) -> Unit:
    """The unit of a measure by the last word of its key (``calls.all.all.sum_duration`` is in seconds)."""
    return UNITS.get(key.rpartition(".")[2].rpartition("_")[2], Unit.NUMBER)
