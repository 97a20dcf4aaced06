"""Texts along an axis: how much room they take, and which of them fit on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Container, Sequence

from markupsafe import Markup

from runner.render import columns, letters, plain
from runner.render.svg.element import element, percent

SIZE = 12.9
"""Pixels of the letters of an axis, as broad as bold ones."""

LONGEST = 14
"""Columns that a label may take; the description has all of it."""

GAP = 10
"""Pixels between two labels at least."""

PHONE, DESK = 290, 450
"""Pixels that a drawing is wide on a narrow phone, and in one of two columns of a desk."""


def cut(text: str, longest: int = LONGEST) -> str:
    """The text on one line, or as much of it as there is room for."""
    return columns.cut(plain.line(text), longest)


def length(text: str) -> float:
    """How many pixels the text takes, about."""
    return SIZE * letters.ems(text)


def longest(texts: Sequence[str]) -> float:
    """How many pixels the longest of the texts takes."""
    return max(map(length, texts), default=0)


def along(
    texts: Sequence[str],
    places: Sequence[float],
    heights: Sequence[float],
    *,
    phone: float,
    desk: float,
) -> list[Markup]:
    """The labels at their places in per cent, evenly apart, of drawings that are so many pixels wide.

    Those that have no room there are left out there; over the two ends of a drawing they may hang.
    """
    narrow, broad = fitting(texts, places, phone), fitting(texts, places, desk)
    return put(texts, places, heights, narrow, broad)


def put(
    texts: Sequence[str],
    places: Sequence[float],
    heights: Sequence[float],
    narrow: Container[int],
    broad: Container[int],
    kind: str = "label",
) -> list[Markup]:
    """The labels at their places: those of the numbers ``narrow`` on a phone, of ``broad`` on a desk."""
    texts = [cut(text) for text in texts]
    made = []
    for index, (text, x, y) in enumerate(zip(texts, places, heights, strict=True)):
        if text and (index in narrow or index in broad):
            where = "" if index in narrow and index in broad else " slim" if index in narrow else " wide"
            made.append(element("text", text, class_=kind + where, x=percent(x), y=y))
    return made


def fitting(texts: Sequence[str], places: Sequence[float], room: float) -> range:
    """All labels or one in so many, counted from the last, which is the newest."""
    gaps = len(texts) - 1
    span = (places[-1] - places[0]) / 100 if places else 0
    fit = int(room * span // (longest([cut(text) for text in texts]) + GAP))
    step = max(1, -(-gaps // fit)) if fit > 0 else len(texts)
    return range(gaps % step, len(texts), step) if texts else range(0)
