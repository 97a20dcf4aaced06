"""Columns over time, in parts that lie on each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from runner.render.svg import labels
from runner.render.svg.element import element, group, number, percent, picture
from runner.render.view import Bucket, Columns

HEIGHT = 160.0
FULL = 0.86
"""How much of its place a column takes."""

BROADEST = 14.0
"""Per cent of the drawing that a column may take where there are few."""

MANY = 16
"""More columns than this have no room for each total."""

NEAR = 20.0
"""Per cent of the width under which two totals would touch."""

COLOURS = 7
DESK = 980.0
"""Pixels that the drawing is wide on a desk."""


def draw(chart: Columns, name: str) -> Markup:
    """The columns with their totals above, and their names below."""
    buckets = chart.buckets
    places = [100 * (index + 0.5) / len(buckets) for index in range(len(buckets))]
    tops = [HEIGHT * (1 - sum(part.height for part in bucket.parts)) - 7 for bucket in buckets]
    over = _over(buckets)
    phone, desk = labels.PHONE - 2 * over, DESK - 2 * over
    ground = [HEIGHT + 18] * len(buckets)
    return picture(
        name,
        chart.title,
        _numbers(chart),
        *(_column(bucket, place, len(buckets)) for bucket, place in zip(buckets, places, strict=True)),
        element("line", class_="grid", x1=0, x2="100%", y1=HEIGHT, y2=HEIGHT),
        *_totals(buckets, places, tops, phone=phone, desk=desk),
        *labels.along([bucket.label for bucket in buckets], places, ground, phone=phone, desk=desk),
        *(_so_far(place) for bucket, place in zip(buckets, places, strict=True) if bucket.running),
        class_="plot columns",
        height=HEIGHT,
        style=f"--start:{number(over)}px;--end:{number(over)}px",
    )


def _totals(
    buckets: Sequence[Bucket], places: Sequence[float], tops: Sequence[float], *, phone: float, desk: float
) -> list[Markup]:
    """The totals; where there is no room for all, or they are many, the highest and the last have theirs."""
    texts = [bucket.text for bucket in buckets]
    every = range(len(buckets))
    narrow, broad = (
        every if len(every) <= MANY and labels.fitting(texts, places, room) == every else _ends(places, tops)
        for room in (phone, desk)
    )
    return labels.put(texts, places, tops, narrow, broad, "value middle")


def _ends(places: Sequence[float], tops: Sequence[float]) -> set[int]:
    """The highest column, and the last one where the two do not touch."""
    last = len(places) - 1
    highest = min(range(len(tops)), key=tops.__getitem__, default=last)
    return {highest} if not places or places[last] - places[highest] <= NEAR else {highest, last}


def shade(series: int) -> str:
    """The class of a series by its place in the legend, from 0."""
    return f"series-{series % COLOURS + 1}"


def _column(bucket: Bucket, place: float, count: int) -> Markup:
    """The parts from the ground up, a pixel apart."""
    wide = min(100 / count * FULL, BROADEST)
    return element(
        "g",
        element("title", _said(bucket)),
        group(_parts(bucket, percent(place - wide / 2), percent(wide))),
        class_="running" if bucket.running else "full",
    )


def _parts(bucket: Bucket, x: str, width: str) -> Iterator[Markup]:
    ground = HEIGHT
    for index, part in enumerate(bucket.parts):
        tall = HEIGHT * part.height
        ground -= tall
        if tall:
            yield element("rect", class_=shade(index), x=x, y=ground, width=width, height=max(tall - 1, 1), rx=2)


def _so_far(place: float) -> Markup:
    return element("text", "so far", class_="label", x=percent(place), y=HEIGHT + 33)


def _over(buckets: Sequence[Bucket]) -> float:
    """What a label may be broader than its column's place on a phone, on one side."""
    broadest = labels.longest([labels.cut(text) for bucket in buckets for text in (bucket.label, bucket.text)])
    return max((broadest - labels.PHONE / max(len(buckets), 1)) / 2, 0)


def _numbers(chart: Columns) -> str:
    return "; ".join(_said(bucket, chart.legend) for bucket in chart.buckets)


def _said(bucket: Bucket, legend: Sequence[str] = ()) -> str:
    """A column in words: ``16 Nov: $48,000 (Inbound $27,000, Partner $21,000), so far``."""
    parts = ", ".join(f"{name} {part.text}" for name, part in zip(legend, bucket.parts, strict=False))
    return f"{bucket.label}: {bucket.text or '–'}{f' ({parts})' if parts else ''}{', so far' if bucket.running else ''}"
