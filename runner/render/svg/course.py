"""The course of the first number of a page: the lines alone, with what they are said at their ends."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from runner.render.svg import labels
from runner.render.svg.element import element, number, picture
from runner.render.svg.line import HEIGHT, axis, dot, numbers, overhang, places, shapes
from runner.render.view import Line

APART = 32.0
"""Pixels between the two ends, so that two lines of text fit to each."""

LEADING = 14.0

Ends = dict[str, tuple[float, list[str]]]
"""``now`` and ``before`` -> how many pixels from the top the line ends, and what is said there."""


def draw(line: Line, name: str, now: str = "", before: str = "") -> Markup:
    """The lines without a grid; ``now`` and ``before`` name the two periods."""
    ends = _ends(line, now, before)
    half = overhang(line)
    room = max(labels.longest([text for _, said in ends.values() for text in said]) + 14, half)
    return picture(
        name,
        f"{line.label}: {line.text}",
        numbers(line, before),
        element("line", class_="grid", x1=0, x2="100%", y1=HEIGHT, y2=HEIGHT),
        shapes(line.points),
        *_last_dot(line),
        *(_end(kind, y, said) for kind, (y, said) in ends.items()),
        *axis(line.points, half + room),
        class_="plot",
        height=HEIGHT,
        style=f"--start:{number(half)}px;--end:{number(room)}px",
    )


def _last_dot(line: Line) -> list[Markup]:
    marks = [
        dot(x, point.now, "peak", f"{point.label}: {point.text}")
        for x, point in zip(places(len(line.points)), line.points, strict=True)
        if point.now is not None
    ]
    return marks[-1:]


def _ends(line: Line, now: str, before: str) -> Ends:
    """A line's last number is said only where it is the whole, as it is of a sum so far."""
    last = [(point.now, point.text) for point in line.points if point.now is not None][-1:]
    then = [(point.before, point.before_text) for point in line.points if point.before is not None][-1:]
    whole = bool(last) and last[0][1] == line.text
    ends = {
        kind: (HEIGHT * (1 - height), [labels.cut(said) for said in (text if whole else "", period) if said])
        for kind, period, found in (("now", now, last), ("before", before, then))
        for height, text in found
    }
    return _apart(ends)


def _apart(ends: Ends) -> Ends:
    """The texts moved so far from each other, and from the axis, that all can be read."""
    order = sorted(ends, key=lambda kind: ends[kind][0])
    tops: list[float] = []
    for kind in order:
        tops.append(max(ends[kind][0], tops[-1] + APART if tops else 0))
    above = max(tops[-1] + LEADING - HEIGHT, 0) if len(tops) > 1 else 0
    return {kind: (top - above, ends[kind][1]) for kind, top in zip(order, tops, strict=True)}


def _end(kind: str, y: float, said: Sequence[str]) -> Markup:
    lines = [
        element("tspan", text, x="100%", dx=11, dy=LEADING if place else 0, class_="label" if place else "value")
        for place, text in enumerate(said)
    ]
    return element("text", *lines, class_=f"course {kind}", y=y + 4)
