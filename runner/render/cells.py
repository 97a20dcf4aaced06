"""Charts for e-mail, made of table cells: the only drawing that every mail client shows, in light and dark.

Classes alone say how a cell looks; the template's style is written into each of them afterwards. Heights are pixels,
widths per cent. What is not known is not drawn; what is nothing is a thin grey line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from runner.render import plain
from runner.render.changes import Delta
from runner.render.numbers import NONE
from runner.render.view import Bucket, Chart, Columns, Flow, Funnel, Line, Lines, Move, Point, Step

SPARK, TALL = 28, 96
"""Pixels of the highest column, in a tile and in a chart."""

SPARKS = 14
"""Most columns in a tile; more are drawn together, by their mean."""

MOST_BUCKETS = 31
"""Most columns of a chart over time: the last ones."""

FEW_BUCKETS = 8
"""So many columns have room for a number above each of them."""

MOST_GROUPS = 3
"""Most series in a column beside the others together."""

LABELS = 6
"""Most labels under more columns than a few."""

SERIES = ("b1", "x2", "x3", "b2")
"""The class of each part of a column, from the bottom."""

_PARTS = re.compile("(?<=[^\\W\\d_])\u00a0(?=\\d)")
_LONG = re.compile(r"\w{11,}")
_SYLLABLES = re.compile(r"\w{6}(?=\w{4})")


def spark(line: Line) -> Markup:
    """The course of a number, without words."""
    heights = _thinned([point.now for point in line.points])
    cells = [_cell(_column(height, SPARK), "s", len(heights)) for height in heights]
    return Markup(
        '<table class="sp" width="100%" cellpadding="0" cellspacing="0" aria-hidden="true"><tr>{}</tr></table>'
    ).format(_all(cells))


def drawn(chart: Chart) -> Markup:
    """A chart, with its legend."""
    match chart:
        case Lines():
            return _pairs(chart)
        case Funnel():
            return _funnel(chart)
        case Flow():
            return _moves(chart)
        case Columns():
            return _stacks(chart)


def change(delta: Delta, *, spoken: bool = True) -> Markup:
    """A change in its tone; its arrow has a name for those who hear it, but for where there are hundreds of them."""
    said = _text(str(delta))
    if spoken and delta.arrow:
        named = Markup('<span role="img" aria-label="{}">{}</span>&nbsp;{}')
        said = named.format(delta.spoken, delta.arrow, _text(delta.text))
    return said if delta.tone == "flat" else Markup('<span class="{}">{}</span>').format(delta.tone, said)


def soft(text: str) -> Markup:
    """A heading whose long words may be parted where there is no room, but not near their ends."""
    return _text(_LONG.sub(lambda word: _SYLLABLES.sub("\\g<0>\u00ad", word[0]), text))


def narrow(text: str) -> str:
    """A number that may be parted between its units (``4 h`` and ``12 min``), where a column is narrow."""
    return _PARTS.sub(" ", text)


# ---- over time -------------------------------------------------------------------------------------------


def _pairs(chart: Lines) -> Markup:
    """The first metric's columns, each beside the one before it where there is room for two."""
    line = chart.lines[0]
    points = line.points[-MOST_BUCKETS:]
    few = len(points) <= FEW_BUCKETS
    before = chart.before if few and any(point.before is not None for point in points) else ""
    top = max((each for point in points for each in (point.now, point.before if before else None) if each), default=1)
    cells = [_pair(point, top, few=few, before=bool(before)) for point in points]
    key = [Markup("<b>{}</b>").format(_text(line.label))]
    if before:
        key += [_swatch("b1", chart.now), _swatch("b2", before)]
    if not few and line.peak is not None:
        highest = line.points[line.peak]
        key.append(_text(f"highest {highest.text} ({highest.label})"))
    said = "; ".join(f"{point.label}: {point.text}" for point in points)
    return _key(key) + _chart(f"{line.label}: {said}", cells, [point.label for point in points])


def _pair(point: Point, top: float, *, few: bool, before: bool) -> Markup:
    now = _column(None if point.now is None else point.now / top, TALL)
    label = Markup('<p class="v">{}</p>').format(_text(point.brief)) if few and point.brief != NONE else ""
    if not before:
        return Markup("{}{}").format(label, now)
    was = _column(None if point.before is None else point.before / top, TALL, "b2")
    return Markup(
        '{}<table width="100%" cellpadding="0" cellspacing="0"><tr><td width="50%" valign="bottom">{}</td>'
        '<td width="50%" valign="bottom">{}</td></tr></table>'
    ).format(label, now, was)


def _stacks(chart: Columns) -> Markup:
    """The last columns, their parts on each other: the largest groups, and the others together."""
    shown = chart.buckets[-FEW_BUCKETS:]
    groups = _groups(chart, shown)
    top = max((sum(part.height for part in bucket.parts) for bucket in shown), default=0) or 1
    cells = [_stack(bucket, [places for _, places in groups], top) for bucket in shown]
    key = [_swatch(kind, name) for kind, (name, _) in zip(SERIES, groups, strict=False) if name]
    if len(shown) < len(chart.buckets):
        key.append(_text(f"the last {len(shown)} of {len(chart.buckets)}"))
    labels = [f"{bucket.label} (so far)" if bucket.running else bucket.label for bucket in shown]
    said = "; ".join(f"{label}: {bucket.text}" for label, bucket in zip(labels, shown, strict=True))
    return _key(key) + _chart(f"{chart.title}: {said}", cells, labels)


def _groups(chart: Columns, shown: Sequence[Bucket]) -> list[tuple[str, list[int]]]:
    """What is drawn in one colour: its name and the places of its parts."""
    if len(chart.legend) <= len(SERIES):
        return [(name, [place]) for place, name in enumerate(chart.legend or ("",))]
    sizes = [sum(bucket.parts[place].height for bucket in shown) for place in range(len(chart.legend))]
    order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))
    first, rest = sorted(order[:MOST_GROUPS]), sorted(order[MOST_GROUPS:])
    return [*((chart.legend[place], [place]) for place in first), ("Others", rest)]


def _stack(bucket: Bucket, groups: Sequence[Sequence[int]], top: float) -> Markup:
    heights = [round(sum(bucket.parts[place].height for place in places) / top * TALL) for places in groups]
    parts = [
        Markup('<tr><td class="{} z" height="{}">&nbsp;</td></tr>').format(kind, height)
        for kind, height in zip(SERIES, heights, strict=False)
        if height
    ]
    label = Markup('<p class="v">{}</p>').format(_text(bucket.brief)) if bucket.brief != NONE else ""
    if not parts:
        return Markup("{}{}").format(label, _column(0 if label else None, TALL))
    return Markup('{}<table width="100%" cellpadding="0" cellspacing="1">{}</table>').format(label, _all(parts[::-1]))


def _chart(said: str, cells: Sequence[Markup], labels: Sequence[str]) -> Markup:
    """Columns side by side with their labels below; where there are many, a label for some."""
    wide = "c" if len(cells) <= 2 * FEW_BUCKETS else "s"
    step = 1 if len(cells) <= FEW_BUCKETS else -(-len(cells) // LABELS)  # what is left over has no room for a label
    axis = [
        Markup('<td class="ax" align="{}"{}>{}</td>').format(
            "center" if step == 1 else "left",
            Markup(' colspan="{}"').format(min(step, len(cells) - place)) if step > 1 else "",
            _text(labels[place]) if step == 1 or len(cells) - place >= step else "",
        )
        for place in range(0, len(cells), step)
    ]
    columns = [_cell(cell, wide, len(cells)) for cell in cells]
    return Markup(
        '<table class="ch" role="img" aria-label="{}" width="100%" cellpadding="0" cellspacing="0">'
        "<tr>{}</tr><tr>{}</tr></table>"
    ).format(_spoken(said), _all(columns), _all(axis))


def _cell(inside: Markup, kind: str, count: int) -> Markup:
    return Markup('<td class="{}" width="{}%" align="center" valign="bottom">{}</td>').format(
        kind, 100 // count, inside or Markup("&nbsp;")
    )


def _column(share: float | None, tall: int, kind: str = "b1") -> Markup:
    """One column up to ``tall`` pixels; a thin line for nothing, no mark where the number is not known."""
    if share is None:
        return Markup("")
    height = max(2, round(share * tall))
    return Markup(
        '<table width="100%" cellpadding="0" cellspacing="0"><tr><td class="{} z" height="{}">&nbsp;</td></tr></table>'
    ).format(kind if share else "b0", height)


def _thinned(values: Sequence[float | None]) -> list[float | None]:
    """At most so many values as a tile has room for: the means of neighbours."""
    size = -(-len(values) // SPARKS) or 1
    groups = [list(values[place : place + size]) for place in range(0, len(values), size)]
    known = [[each for each in group if each is not None] for group in groups]
    return [sum(group) / len(group) if group else None for group in known]


# ---- from the left ---------------------------------------------------------------------------------------


def _funnel(chart: Funnel) -> Markup:
    """A bar for each stage, a thin one for how long it was, and what part went on."""
    rows = [_stage(step) for step in chart.steps]
    key = [_swatch("b1", chart.now)]
    if any(step.before_share is not None for step in chart.steps):
        key.append(_swatch("b2", chart.before, "▬"))
    return Markup(
        '<table class="ch" role="presentation" width="100%" cellpadding="0" cellspacing="0">{}</table>{}'
    ).format(_all(rows), _key(key))


def _stage(step: Step) -> Markup:
    change_ = Markup(" {}").format(change(step.delta)) if step.delta else ""
    on = Markup('<p class="on">↓ {}{}</p>').format(_text(step.goes_on), change_) if step.goes_on else ""
    return Markup(
        '<tr valign="top"><td class="fl" width="28%">{}</td><td class="fb">{}{}{}</td>'
        '<td class="fv" width="16%" align="right">{}</td></tr>'
    ).format(
        soft(step.label),
        _bar(step.share, 14),
        _bar(step.before_share, 4, "b2"),
        on,
        _link(_text(step.text), step.link),
    )


def _moves(chart: Flow) -> Markup:
    """The largest moves, each with its bar below."""
    rows = [_move(move) for move in chart.moves]
    rest = Markup('<p class="p">{}</p>').format(_text(chart.rest)) if chart.rest else ""
    return Markup(
        '<table class="ch" role="presentation" width="100%" cellpadding="0" cellspacing="0">{}</table>{}'
    ).format(_all(rows), rest)


def _move(move: Move) -> Markup:
    delta = Markup('<div class="d">{}</div>').format(change(move.delta, spoken=False)) if move.delta else ""
    return Markup(
        '<tr valign="top"><td class="mv">{}{}</td><td class="mn" width="22%" align="right"><b>{}</b>{}</td></tr>'
    ).format(_text(move.label), _bar(move.share, 5), _link(_text(move.text), move.link), delta)


def _bar(share: float | None, height: int, kind: str = "b1") -> Markup:
    """A bar from the left, as wide as its share of what room there is."""
    if not share:
        return Markup("")
    width = max(1, round(share * 100))
    rest = Markup('<td class="z">&nbsp;</td>') if width < 100 else ""
    return Markup(
        '<table class="br" width="100%" cellpadding="0" cellspacing="0" role="presentation"><tr>'
        '<td class="{} z r" width="{}%" height="{}">&nbsp;</td>{}</tr></table>'
    ).format(kind, width, height, rest)


# ---- words -----------------------------------------------------------------------------------------------


def _key(parts: Sequence[Markup]) -> Markup:
    """What the colours mean."""
    return Markup('<p class="key">{}</p>').format(Markup(" &nbsp;").join(parts)) if parts else Markup("")


def _swatch(kind: str, name: str, mark: str = "■") -> Markup:
    return Markup('<span class="n"><span class="k{}" aria-hidden="true">{}</span>&nbsp;{}</span>').format(
        kind, mark, _text(name)
    )


def _link(text: Markup, url: str) -> Markup:
    return Markup('<a class="a" href="{}">{}</a>').format(plain.destination(url), text) if url else text


def _text(text: str) -> Markup:
    """Data, made harmless."""
    return Markup(plain.html(text))  # noqa: S704 - escaped


def _spoken(text: str) -> Markup:
    """Data inside an attribute, where a filter of some mail program could take ``<`` for a tag."""
    return _text(re.sub("[<>]", "", text))


def _all(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
