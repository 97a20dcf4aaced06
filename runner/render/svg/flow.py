"""Where things moved: two columns of statuses, and bands as broad as what went from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from runner.render.svg import labels
from runner.render.svg.element import element, group, number, picture, stretched
from runner.render.view import Band, Flow, Node

WHOLE = 220.0
"""Pixels that everything together is high, without the gaps."""

LEAST = 18.0
"""Pixels that a status takes at least: its name has to be read."""

GAP = 5.0
THIN = 1.5
"""Pixels that the thinnest band or status is high."""

LONGEST = 17
"""Columns of text that a name may take: two of them stand side by side on a phone."""


def draw(chart: Flow, name: str) -> Markup:
    """The flow from the left to the right. Names lie on the bands, so that a phone has room for both."""
    left, right = _tops(chart.sources), _tops(chart.targets)
    height = max(_bottom(chart.sources), _bottom(chart.targets), LEAST)
    return picture(
        name,
        chart.title,
        _numbers(chart),
        stretched(group(_bands(chart, left, right, height)), height=height),
        *(_node(node, top, "left") for node, top in zip(chart.sources, left, strict=True)),
        *(_node(node, top, "right") for node, top in zip(chart.targets, right, strict=True)),
        class_="flow",
        height=height,
    )


def _tall(node: Node) -> float:
    return max(WHOLE * node.share, THIN)


def _tops(nodes: Sequence[Node]) -> list[float]:
    """Where each status begins, from the top; a thin one is in the middle of the room that its name takes."""
    tops, at = [], 0.0
    for node in nodes:
        room = max(_tall(node), LEAST)
        tops.append(at + (room - _tall(node)) / 2)
        at += room + GAP
    return tops


def _bottom(nodes: Sequence[Node]) -> float:
    return sum(max(_tall(node), LEAST) + GAP for node in nodes) - GAP


def _node(node: Node, top: float, side: str) -> Markup:
    """A status as an upright bar, its name and its number beside it."""
    tall = _tall(node)
    where = {"x": "0"} if side == "left" else {"x": "100%", "transform": "translate(-7 0)"}
    name = {"x": "15", "class_": "name"} if side == "left" else {"x": "100%", "dx": "-15", "class_": "name end"}
    return group(
        [
            element("rect", element("title", _said(node)), class_="node", y=top, width=7, height=tall, rx=1.5, **where),
            element(
                "text", labels.cut(node.label, LONGEST), " ", element("tspan", labels.cut(node.text), class_="value"),
                y=top + tall / 2 + 4, **name,
            ),
        ]
    )  # fmt: skip


def _bands(chart: Flow, left: Sequence[float], right: Sequence[float], height: float) -> Iterator[Markup]:
    """Each band leaves its status below the one before, and comes in below the one before."""
    out, into = list(left), list(right)
    for band in chart.bands:
        tall = WHOLE * band.share
        path = _path(out[band.source], into[band.target], max(tall, THIN), height)
        yield element("path", element("title", _moved(chart, band)), class_="band", d=path)
        out[band.source] += tall
        into[band.target] += tall


def _path(start: float, end: float, tall: float, height: float) -> str:
    """A band with both edges curved, in per cent of the picture."""
    up = [number(100 * y / height) for y in (start, end)]
    low = [number(100 * (y + tall) / height) for y in (start, end)]
    return f"M0 {up[0]}C50 {up[0]} 50 {up[1]} 100 {up[1]}V{low[1]}C50 {low[1]} 50 {low[0]} 0 {low[0]}Z"


def _numbers(chart: Flow) -> str:
    return "; ".join(_moved(chart, band) for band in chart.bands)


def _moved(chart: Flow, band: Band) -> str:
    return f"{chart.sources[band.source].label} → {chart.targets[band.target].label}: {band.text}"


def _said(node: Node) -> str:
    return f"{node.label}: {node.text}"
