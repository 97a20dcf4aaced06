"""A digest -> what every format shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runner.model import Digest, FailedSection, Period, Section, Table, Unit
from runner.render import dates, demands, figures, findings, headline, looks, numbers, scene, style, tables
from runner.render.scene import Scene
from runner.render.style import Style
from runner.render.view import Fact, Hero, SectionView, View


def make(digest: Digest) -> View:
    """The digest in words."""
    look = style.of(digest)
    failed = sum(isinstance(section, FailedSection) for section in digest.sections)
    scenes = scene.scenes(digest, look)
    found = headline.totals(scenes)
    first = headline.hero(found)
    following = iter(scenes)
    sections = tuple(
        _failed(section, place) if isinstance(section, FailedSection) else _section(next(following), place)
        for place, section in enumerate(digest.sections, 1)
    )
    period = dates.words(digest.period, look)
    anchors = {section.job: _anchor(section.job, place) for place, section in enumerate(digest.sections, 1)}
    return View(
        language=look.language,
        name=digest.name,
        title=digest.title,
        description=digest.description,
        subject=_subject(digest, first, period),
        period=period,
        compared=_listed(digest.compared, digest.period, look),
        running=_running(digest.period, digest, look),
        sample=digest.sample,
        missing=f"{failed} of {len(digest.sections)} reports missing" if failed else "",
        state="" if any(not each.empty for each in sections) or failed else "Nothing was found in this range.",
        notes=digest.notes,
        hero=first,
        tiles=headline.tiles(found),
        looks=looks.looks(scenes, found),
        sections=sections,
        provenance=tuple(_provenance(digest, look)),
        alarm=demands.alarm(digest),
        alarms=demands.alarms(digest, look, anchors),
        goals=demands.goals(digest, look, anchors),
    )


def _failed(section: FailedSection, place: int) -> SectionView:
    return SectionView(
        _anchor(section.job, place),
        _kind(section.endpoint),
        section.title,
        "",
        "",
        section.reason,
        False,
        "",
        "",
        (),
        (),
    )


def _section(view: Scene, place: int) -> SectionView:
    section, digest = view.section, view.digest
    own = section.period != digest.period or section.compared != digest.compared
    charts = [figures.chart(table, view) for table in section.tables]
    return SectionView(
        id=_anchor(section.job, place),
        kind=_kind(section.endpoint),
        title=section.title,
        period=view.now if own else "",
        against=_listed(section.compared, section.period, view.look) if own or len(section.compared) > 1 else "",
        reason="",
        empty=not any(_has_something(table) for table in section.tables),
        finding=findings.finding(view),
        link=_link(section, view),
        charts=tuple(chart for chart in charts if chart),
        tables=tuple(
            tables.table(table, view, drawn=chart is not None or table.key in BEHIND)
            for table, chart in zip(section.tables, charts, strict=True)
        ),
    )


BEHIND = frozenset({"status_transitions", "series"})
"""Tables that are folded away beside the ones that say it better."""


def _anchor(job: str, place: int) -> str:
    return f"{place}-{re.sub(r'[^a-z0-9]+', '-', job.lower()).strip('-')}".rstrip("-")


def _kind(endpoint: str) -> str:
    return re.sub(r"[^a-z]+", "-", endpoint)


def _has_something(table: Table) -> bool:
    """Whether anything in the table is not nothing, now or before."""
    rows = (*table.rows, *([table.total] if table.total else []))
    return any(value for row in rows for cell in row.cells for value in (cell.value, *cell.before))


def _link(section: Section, view: Scene) -> str:
    """Where the section's own total leads, or its first row that leads somewhere."""
    for table in section.tables:
        rows = (*([table.total] if table.total else []), *table.rows[:1])
        for row in rows:
            found = next((link for cell in row.cells if (link := view.link(cell))), "")
            if found:
                return found
    return ""


def _subject(digest: Digest, first: Hero | None, period: str) -> str:
    """``Weekly sales: $84,250 won (▲ 16.4%), 16–22 Nov 2026``."""
    if first is None:
        return f"{digest.title}: {period}"
    return f"{digest.title}: {headline.words(first)}, {period}"


def _running(period: Period, digest: Digest, look: Style) -> str:
    if period.start is None or digest.as_of >= period.end:
        return ""
    return f"so far, up to {dates.moment(digest.as_of, look)}"


def _listed(periods: Sequence[Period], beside: Period, look: Style) -> str:
    """The periods in words; the year is left out only of a single one in the year named before."""
    known = beside if len(periods) == 1 else None
    return " and ".join(dates.words(period, look, beside=known) for period in periods)


def _provenance(digest: Digest, look: Style) -> Iterable[Fact]:
    """Where the numbers come from: enough to ask for them again."""
    yield Fact("Range", dates.bounds(digest.period, look))
    for period in digest.compared:
        yield Fact("Compared with", dates.bounds(period, look))
    yield Fact("Data as of", f"{dates.moment(digest.as_of, look)} ({dates.offset(digest.as_of, look)})")
    at = f" at {digest.revision}" if digest.revision else ""
    yield Fact("Definition", f"{digest.definition}{at}")
    yield from demands.passed(digest)
    yield Fact("Requests", numbers.text(digest.requests, Unit.COUNT, look))
