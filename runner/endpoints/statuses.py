"""``statuses/lead`` and ``statuses/opportunity``: how many are in each status, how they moved. Contract section 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runner.endpoints import clock, links, settings
from runner.endpoints.moment import Moment, Told, inclusive
from runner.endpoints.origin import Origin
from runner.endpoints.tables import NUMBER, TEXT, Figures, by_key, cells, ratio, size
from runner.model import Ask, Column, Job, Period, Query, Row, Section, Shape, Table, Unit

COLUMNS = (
    Column("started", "Started", Unit.COUNT),
    Column("ended", "Ended", Unit.COUNT),
    Column("share", "Share at end", Unit.FRACTION),
    Column("change", "Net change", Unit.COUNT),
    Column("change_rate", "Change rate", Unit.FRACTION),
    Column("gained", "Gained", Unit.COUNT),
    Column("lost", "Lost", Unit.COUNT),
    Column("entered", "Entered", Unit.COUNT),
    Column("left", "Left", Unit.COUNT),
)

COUNTS = ("started", "ended", "change", "gained", "lost", "entered", "left")

PAGES = {"statuses/lead": ("_leads",), "statuses/opportunity": ("_opportunities", "_leads")}
"""Endpoint -> how the keys of its links begin, the best first."""

PAIR = ("from_status_id", "to_status_id")

_OVERVIEW: Shape = {
    **dict.fromkeys(("status_id", "status_label"), TEXT),
    **dict.fromkeys(("ended", "entered", "left"), NUMBER),
    **dict.fromkeys(("started?", "change?", "gained?", "lost?"), NUMBER),
}
_TRANSITION: Shape = {
    **dict.fromkeys(("from_status_id", "from_status_label", "to_status_id", "to_status_label"), TEXT),
    "count": NUMBER,
}

EXPECT: Shape = {
    "status_overview": [_OVERVIEW],
    "status_transitions": [_TRANSITION],
    "status_transitions_summary": [_TRANSITION],
}


def asks(job: Job, moment: Moment) -> tuple[Ask, ...]:
    """The job's own period, and each period it is compared with."""
    current = moment.period(job)
    return tuple(Ask(job, _query(job, moment, period), period) for period in (current, *moment.compared(job, current)))


def section(job: Job, told: Told) -> Section:
    """Three tables: each status, every move between two of them, and where they went from start to end."""
    tables = (
        _overview(job, told),
        _moves(job, told, "status_transitions", "Moves between statuses"),
        _moves(job, told, "status_transitions_summary", "From start to end"),
    )
    return Section(job.name, job.title, told.period, told.spans, tables)


def source(_: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
    """Where a number of one of the tables stands; no table has a total."""
    if row is None:
        return Origin(())
    rows, key, wanted = told.current[table.key], table.columns[column].key, table.rows[row].key
    if table.key != "status_overview":
        there = [_pair(tuple(one.get(side) for side in PAIR)) for one in rows].index(wanted)
        return Origin(((table.key, there, key),), search=(table.key, there, "_query"))
    there = [str(one.get("status_id")) for one in rows].index(wanted)
    if key == "share":
        ended = [(table.key, place, "ended") for place in range(len(rows))]
        return Origin((ended[there], *ended), "share")
    if key == "change_rate":
        return Origin(tuple((table.key, there, part) for part in ("change", "started")), "ratio")
    return Origin(((table.key, there, key),), search=(table.key, there, "_queries", key))


def _query(job: Job, moment: Moment, period: Period) -> Query:
    params = settings.filled(
        user_id="".join(settings.users(job)),
        query=settings.filtered(job, "search"),
        smart_view_id=settings.filtered(job, "smart_view"),
    )
    path = f"report/{job.endpoint}/{moment.organization_path}/"
    return Query("GET", path, EXPECT, params=(*params, *inclusive(period)), tz_offset=clock.offset(period))


def _overview(job: Job, told: Told) -> Table:
    now, *before = [_statuses(data["status_overview"]) for data in (told.current, *told.before)]
    listed = by_key(told.current["status_overview"], "status_id")
    columns = tuple(column for column in COLUMNS if any(column.key in figures for figures in now.values()))
    rows = []
    for key, row in listed.items():
        past = [figures.get(key) for figures in before]
        if not (row.get("status_is_deleted") and _empty(now[key], *past)):
            label = _label(row, "status")
            rows.append(Row(str(*key), label, cells(columns, now[key], past, _links(job, row))))
    head = Column("status_id", "Status", Unit.TEXT)
    return Table("status_overview", "By status", head, columns, tuple(rows))


def _statuses(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Figures]:
    """Status -> what is known of it. Each object is in one status at the end: the shares are of their sum."""
    ended = [row.get("ended") for row in rows]
    known = [count for count in ended if count is not None]
    everything = sum(known) if len(known) == len(ended) else None
    return {key: _figures(row, everything) for key, row in by_key(rows, "status_id").items()}


def _figures(row: Mapping[str, Any], everything: int | None) -> Figures:
    found = {key: row[key] for key in COUNTS if key in row}
    if "ended" in found:
        found["share"] = ratio(found["ended"], everything)
    if "change" in found and "started" in found:
        found["change_rate"] = ratio(found["change"], found["started"])
    return found


def _empty(*figures: Figures | None) -> bool:
    return not any(value for known in figures for value in (known or {}).values())


def _moves(job: Job, told: Told, key: str, title: str) -> Table:
    columns = (Column("count", "Opportunities" if job.endpoint == "statuses/opportunity" else "Leads", Unit.COUNT),)
    now, *before = [by_key(data[key], *PAIR) for data in (told.current, *told.before)]
    rows = [
        Row(
            _pair(pair),
            f"{_label(row, 'from_status')} → {_label(row, 'to_status')}",
            cells(columns, row, [rows.get(pair) for rows in before], {"count": _link(job, row)}),
        )
        for pair, row in now.items()
    ]
    rows.sort(key=lambda row: -size(row.cells[0].value))
    return Table(key, title, Column("status_ids", "From → to", Unit.TEXT), columns, tuple(rows))


def _pair(statuses: tuple[str | None, ...]) -> str:
    return ">".join(status or "" for status in statuses)


def _label(row: Mapping[str, Any], of: str) -> str:
    """A status as people call it; objects that come from none were created."""
    if row.get(f"{of}_id") is None:
        return "Created"
    label = str(row.get(f"{of}_label") or row[f"{of}_id"])
    return f"{label} (deleted)" if row.get(f"{of}_is_deleted") is True else label


def _links(job: Job, row: Mapping[str, Any]) -> dict[str, str]:
    pages = [f"{begin}_page_urls" for begin in PAGES[job.endpoint]]
    return {count: _first(*(links.inside(row, page, count) for page in pages)) for count in COUNTS}


def _link(job: Job, row: Mapping[str, Any]) -> str:
    return _first(*(row.get(f"{begin}_page_url") for begin in PAGES[job.endpoint]))


def _first(*paths: object) -> str:
    return next(filter(None, map(links.page, paths)), "")
