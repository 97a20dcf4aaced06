"""Charts as inline SVG, each a pure function of what a view says: no library, no file, the same bytes every time.

A drawing is as wide as its place and of a fixed height. Places along its width are per cent, so that text, dots and
strokes keep their size on a phone and on a desk; what has to stretch lies in a picture within the picture. Its colours
are CSS classes (``now``, ``before``, ``series-1``...), so that a page has them follow light and dark. ``name`` is an id
that is unique on the page; the drawing's title and description, which tells all its numbers, have ids made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.render.svg import columns, course, flow, line, spark

FILTERS: Mapping[str, Callable[..., object]] = {
    "svg_columns": columns.draw,
    "svg_course": course.draw,
    "svg_flow": flow.draw,
    "svg_line": line.draw,
    "svg_spark": spark.draw,
}
"""Name of a filter in HTML templates -> what draws."""
