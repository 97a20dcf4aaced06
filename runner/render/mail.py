"""The digest as an e-mail: one file with the text and the page, ready to be opened, checked and sent.

It has no recipients and is marked as a draft (``X-Unsent``): who gets it is added when it is delivered. The page is
written for the narrowest and oldest of mail clients: its style stands in each element, queries only widen it and make
it dark. It has no image and asks for nothing from any host.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, Policy
from pathlib import Path

from runner.errors import RunnerError
from runner.render import plain, templating
from runner.render.view import Chart, Columns, Flow, Funnel, Lines, RowView, SectionView, TableView, View

GOOD, MOST = 90_000, 100_000
"""Bytes of the page: more than the first is cut, more than the second is never made. Gmail shows 102 KB, not more."""

STEPS = ((10, True), (10, False), (7, False), (5, False), (3, False))
"""Most rows of a table, and whether each number is a link (a quarter of the page), while the page is too large."""

BOUNDARY = "=_digest"
"""Between the parts. A quoted-printable part cannot have it: there, ``=`` is followed by a digit or ends the line."""


def message(view: View, text: str, at: datetime, own: Path | None = None) -> bytes:
    """The file ``digest.eml`` of that date; ``text`` is the digest for those who read no HTML."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _Subject(plain.line(view.subject))
    mail["Date"] = at
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page(view, own), subtype="html", cte="quoted-printable")
    mail.set_boundary(BOUNDARY)
    mail["Content-Language"] = view.language  # only now: what is said of content goes with the first part
    return mail.as_bytes()


class _Subject(str):
    """A header that comes back as it was: the library's own folding adds spaces to some, and reads ``=?`` as a code."""

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: Policy) -> str:
        """The whole text in encoded words, a line each."""
        words = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


def page(view: View, own: Path | None = None) -> str:
    """The HTML, cut down until it is small enough: links and rows step by step, then sections from the end."""
    short = view
    for rows, linked in STEPS:
        short = replace(view, sections=tuple(_brief(section, rows, linked=linked) for section in view.sections))
        made = _page(short, own)
        if _size(made) <= GOOD:
            return made
    left = bisect_left(
        range(len(view.sections)), True, key=lambda left: _size(_page(_without(short, left), own)) <= GOOD
    )
    made = _page(_without(short, left), own)
    if _size(made) > MOST:
        raise RunnerError(f"{view.name}: its title and notes alone are more than an e-mail may have")
    return made


def _size(page: str) -> int:
    return len(page.encode())


def _page(view: View, own: Path | None) -> str:
    """The page with its first style written into every element; the queries stay where they are."""
    import css_inline  # here, as it takes longer to load than most commands take, and most need no e-mail

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)
    return inliner.inline(templating.fill("mail", view, own).decode())


def _without(view: View, left: int) -> View:
    """The view without its last sections, which it says."""
    if not left:
        return view
    note = f"{left} {'report is' if left == 1 else 'reports are'} in the other formats only: too long for here"
    return replace(view, sections=view.sections[: len(view.sections) - left], notes=(*view.notes, note))


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
