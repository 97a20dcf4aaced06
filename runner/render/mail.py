"""The digest as an e-mail: one file with the text and the page, ready to be opened, checked and sent.

It has no recipients and is marked as a draft (``X-Unsent``): who gets it is added when it is delivered. The page is
written for the narrowest and oldest of mail clients: its style stands in each element, queries only widen it and make
it dark. It has no image and asks for nothing from any host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import css_inline

from runner import assets
from runner.errors import RunnerError
from runner.model import Digest
from runner.render import compose, plain, templating
from runner.render.view import Chart, Columns, Flow, Funnel, Lines, RowView, SectionView, TableView, View

GOOD, MOST = 90_000, 100_000
"""Bytes of the page: more than the first is cut, more than the second is never made. Gmail shows 102 KB, not more."""

STEPS = ((10, True), (10, False), (7, False), (5, False), (3, False))
"""Most rows of a table, and whether each number is a link (a quarter of the page), while the page is too large."""

BOUNDARY = "=_digest"
"""Between the parts. A quoted-printable part cannot have it: there, ``=`` is followed by a digit or ends the line."""

_INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False, minify_css=True)


def message(digest: Digest, text: str) -> bytes:
    """The file ``digest.eml``; ``text`` is the digest for those who read no HTML."""
    view = compose.make(digest)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(view)
    mail["Date"] = digest.as_of
    mail["Content-Language"] = view.language
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page(view), subtype="html", cte="quoted-printable")
    mail.set_boundary(BOUNDARY)
    return mail.as_bytes()


def subject(view: View) -> str:
    """The subject on one line. A run of spaces does not survive the folding of headers; ``=?`` would begin a code."""
    return re.sub(" +", " ", plain.line(view.subject)).strip(" ").replace("=?", "= ?")


def page(view: View) -> str:
    """The HTML, cut down until it is small enough."""
    made = ""
    for shorter in _shorter(view):
        made = _page(shorter)
        if len(made.encode()) <= GOOD:
            return made
    if len(made.encode()) <= MOST:
        return made
    raise RunnerError(f"{view.name}: its title and notes alone are more than an e-mail may have")


def _page(view: View) -> str:
    return _INLINER.inline(templating.fill(assets.folder("templates"), "digest.mail.j2", view).decode())


def _shorter(view: View) -> Iterator[View]:
    """The view with fewer and fewer links and rows in its tables, then with fewer and fewer sections."""
    short = view
    for rows, linked in STEPS:
        short = replace(view, sections=tuple(_brief(section, rows, linked=linked) for section in view.sections))
        yield short
    for kept in range(len(view.sections) - 1, -1, -1):
        left = len(view.sections) - kept
        note = f"{left} {'report is' if left == 1 else 'reports are'} in the other formats only: too long for here"
        yield replace(short, sections=short.sections[:kept], notes=(*view.notes, note))


def _brief(section: SectionView, rows: int, *, linked: bool) -> SectionView:
    tables = tuple(_cut(table, min(rows, table.cut)) for table in section.tables)
    if linked:
        return replace(section, tables=tables)
    charts = tuple(_unlinked(chart) for chart in section.charts)
    bare = (
        replace(table, rows=tuple(map(_bare, table.rows)), total=table.total and _bare(table.total)) for table in tables
    )
    return replace(section, charts=charts, tables=tuple(bare))


def _cut(table: TableView, rows: int) -> TableView:
    """The table's first rows; how many more there are is said below it."""
    left = len(table.rows) - rows
    if left <= 0:
        return table
    said = [f"and {left} more", *([table.folded] if table.folded else [])]
    return replace(table, rows=table.rows[:rows], folded="; ".join(said))


def _bare(row: RowView) -> RowView:
    return replace(row, cells=tuple(replace(cell, link="") for cell in row.cells))


def _unlinked(chart: Chart) -> Chart:
    match chart:
        case Flow():
            return replace(chart, moves=tuple(replace(move, link="") for move in chart.moves))
        case Funnel():
            return replace(chart, steps=tuple(replace(step, link="") for step in chart.steps))
        case Lines() | Columns():
            return chart
