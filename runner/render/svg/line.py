"""A metric over time: a filled line for now, a dashed one for before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from runner.render.svg import labels
from runner.render.svg.element import element, group, number, percent, picture, stretched
from runner.render.view import Line, Point

HEIGHT = 130.0
"""Pixels from the ground to the highest thing drawn."""

DOTS = 16
"""So many points have a dot each; more would hide their line."""

NEAR = 25.0
"""Per cent of the width under which the numbers of two points would touch."""

Dot = tuple[float, float]


def draw(line: Line, name: str, before: str = "") -> Markup:
    """A chart of its own: grid, both lines, the highest point and the last one with their numbers."""
    half = overhang(line)
    start = max(labels.longest([labels.cut(tick.text) for tick in line.ticks]) + 10, half)
    return picture(
        name,
        f"{line.label}: {line.text}",
        numbers(line, before),
        *_grid(line),
        shapes(line.points),
        *_marks(line),
        *axis(line.points, start + half),
        class_="plot",
        height=HEIGHT,
        style=f"--start:{number(start)}px;--end:{number(half)}px",
    )


def numbers(line: Line, before: str) -> str:
    """Every number of the line in words; ``before`` names the period that the dashed line is of."""
    return "; ".join(
        f"{point.label}: {point.text}"
        + (f" ({before or 'before'} {point.before_text})" if point.before is not None else "")
        for point in line.points
    )


def shapes(points: Sequence[Point]) -> Markup:
    """Both lines and the area, as broad as the drawing."""
    now = list(_runs([point.now for point in points]))
    before = _runs([point.before for point in points])
    return stretched(
        element("path", class_="area", d="".join(f"{_path(run)}V100H{number(run[0][0])}Z" for run in now)),
        element("path", class_="before", d="".join(map(_path, before))),
        element("path", class_="now", d="".join(map(_path, now))),
        height=HEIGHT,
    )


def dot(x: float, height: float, kind: str, said: str) -> Markup:
    """A point of the line; what it says is shown to those who rest on it."""
    size = 4 if kind == "peak" else 2.5
    return element("circle", element("title", said), class_=kind, cx=percent(x), cy=HEIGHT * (1 - height), r=size)


def axis(points: Sequence[Point], taken: float) -> list[Markup]:
    """The names of the points below them; ``taken`` are the pixels that are left free on both sides."""
    heights = [HEIGHT + 18] * len(points)
    phone, desk = labels.PHONE - taken, labels.DESK - taken
    return labels.along([point.label for point in points], places(len(points)), heights, phone=phone, desk=desk)


def overhang(line: Line) -> float:
    """Half of the longest name: what hangs over at either end."""
    return max(labels.longest([labels.cut(point.label) for point in line.points]) / 2, 6)


def places(count: int) -> list[float]:
    """Where so many points are, in per cent of the width."""
    return [50.0] if count == 1 else [100 * index / (count - 1) for index in range(count)]


def _runs(heights: Sequence[float | None]) -> Iterator[list[Dot]]:
    """The points that hang together, in per cent of the drawing; what is not known is a gap."""
    run: list[Dot] = []
    for x, height in zip(places(len(heights)), heights, strict=True):
        if height is not None:
            run.append((x, 100 - 100 * height))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: Sequence[Dot]) -> str:
    """A line; a point on its own is a line of no length, which round ends make a dot."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (run if len(run) > 1 else [*run, *run]))


def _grid(line: Line) -> Iterator[Markup]:
    for tick in line.ticks:
        y = HEIGHT * (1 - tick.height)
        yield element("line", class_="grid", x1=0, x2="100%", y1=y, y2=y)
        yield element("text", labels.cut(tick.text), class_="label tick", x=-8, y=y + 4)


def _marks(line: Line) -> Iterator[Markup]:
    """A dot for each point unless they are many, and the numbers of the highest and of the last."""
    points = line.points
    known = [(index, x, points[index].now) for index, x in enumerate(places(len(points)))]
    drawn = [(index, x, height) for index, x, height in known if height is not None]
    for index, x, height in drawn:
        if index == line.peak or len(points) <= DOTS:
            said = f"{points[index].label}: {points[index].text}"
            yield dot(x, height, "peak" if index == line.peak else "dot", said)
    top = [mark for mark in drawn if mark[0] == line.peak]
    last = [mark for mark in drawn[-1:] if not top or mark[1] - top[0][1] > NEAR]
    yield group(_value(x, height, points[index].text) for index, x, height in [*top, *last])


def _value(x: float, height: float, text: str) -> Markup:
    side = "start" if x < NEAR else "end" if x > 100 - NEAR else "middle"
    return element("text", labels.cut(text), class_=f"value {side}", x=percent(x), y=HEIGHT * (1 - height) - 9)
