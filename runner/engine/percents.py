"""Percentages as answers give them: whole numbers."""

from __future__ import annotations


def nearest(part: int, whole: int) -> int | None:
    """How many percent ``part`` is of ``whole`` (not negative), halves away from zero; None of nothing."""
    if not whole:
        return None
    size = (200 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size
