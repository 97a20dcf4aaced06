"""The course of a number beside it: a bar for each point, no axis."""

from __future__ import annotations

from markupsafe import Markup

from runner.render.svg.element import element, percent, picture
from runner.render.svg.line import numbers
from runner.render.view import Line

HEIGHT = 30.0
FULL = 0.82
"""How much of its place a bar takes."""


def draw(line: Line, name: str, before: str = "") -> Markup:
    """A bar for each point, the highest as high as there is room; zero is a thin line, what is not known is nothing."""
    step = 100 / max(len(line.points), 1)
    top = max((point.now or 0 for point in line.points), default=0) or 1
    bars = []
    for index, point in enumerate(line.points):
        if point.now is None:
            continue
        tall = max(HEIGHT * point.now / top, 2) if point.now else 1.5
        bars.append(
            element(
                "rect",
                element("title", f"{point.label}: {point.text}"),
                class_="now" if point.now else "none",
                x=percent(step * (index + (1 - FULL) / 2)),
                y=HEIGHT - tall,
                width=percent(step * FULL),
                height=tall,
                rx=1.5,
            )
        )
    return picture(name, f"{line.label}: {line.text}", numbers(line, before), *bars, class_="spark", height=HEIGHT)
