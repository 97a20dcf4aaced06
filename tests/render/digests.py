"""Made-up digests to render."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from runner.model import Cell, Column, Digest, FailedSection, Period, Row, Section, Table, Unit, Value
from tests.render.demanding import demanding
from tests.render.everything import everything

ZONE = ZoneInfo("America/New_York")


def span(name: str, start: str, end: str) -> Period:
    return Period(
        name, datetime.fromisoformat(start).replace(tzinfo=ZONE), datetime.fromisoformat(end).replace(tzinfo=ZONE)
    )


W47 = span("2026-W47", "2026-11-16", "2026-11-23")
W46 = span("2026-W46", "2026-11-09", "2026-11-16")
LAST_YEAR = span("2025-11-16--2025-11-22", "2025-11-16", "2025-11-23")

COLUMNS = (
    Column("calls.outbound.all.count", "Outbound calls", Unit.COUNT),
    Column("calls.outbound.all.avg_duration", "Call duration (average)", Unit.SECONDS),
    Column("opportunities.won.all.sum_annualized_value", "Annualized value won", Unit.MONEY),
    Column("opportunities.lost.all.count", "Opportunities lost", Unit.COUNT),
    Column("reply_rate", "Reply rate", Unit.FRACTION),
)


def row(key: str, head: Value, *values: Value, before: tuple[tuple[Value, ...], ...] = ()) -> Row:
    return Row(
        key, head, tuple(Cell(value, tuple(past[place] for past in before)) for place, value in enumerate(values))
    )


def by_day(*, before: tuple[tuple[Value, ...], ...] = ()) -> Table:
    assert W47.start is not None
    days = [W47.start + timedelta(days=day) for day in range(7)]
    rows = tuple(
        row(at.isoformat(), at, 10 * n, 61.5 * n or None, 123_456 * n, n % 3, n / 20) for n, at in enumerate(days)
    )
    total = row("total", "Total", 210, 3725.4, 2_592_576, 5, 0.125, before=before)
    return Table("overview", "Over time", Column("datetime", "When", Unit.DATETIME), COLUMNS, rows, total)


def by_user(*names: str, before: tuple[tuple[Value, ...], ...] = ()) -> Table:
    rows = tuple(row(f"user_{n}", name, 12 - n, 45 + n, 99_950, n, 0.5, before=before) for n, name in enumerate(names))
    return Table("comparison", "By user", Column("user_id", "User", Unit.TEXT), COLUMNS, rows)


def digest(*sections: Section | FailedSection, compared: tuple[Period, ...] = ()) -> Digest:
    return Digest(
        name="weekly",
        title="Weekly sales",
        description="What the team did.",
        timezone="America/New_York",
        locale="en_US",
        currency="USD",
        period=W47,
        compared=compared,
        as_of=datetime(2026, 11, 23, 7, 2, tzinfo=ZONE),
        definition="reports/weekly.yaml",
        requests=5,
        sample=False,
        sections=sections,
    )


PAST = (200, 3725.4, 2_000_000, 9, 0.1)

COMPARED = digest(
    Section("days", "Day by day", W47, (W46,), (by_day(before=(PAST,)),)),
    Section(
        "people",
        "Who did what",
        W47,
        (W46, LAST_YEAR),
        (by_user("Ann Lee", "Zoë", before=(PAST, (None, 0, 0, 0, None))),),
    ),
    compared=(W46,),
)
PLAIN = replace(
    digest(
        Section("days", "Day by day", W47, (), (by_day(),)),
        FailedSection("people", "Who did what", "report/activity/: HTTP 503: try later"),
    ),
    sample=True,
    notes=("the clock changes within it",),
)
EMPTY = digest(Section("people", "Who did what", W47, (), (by_user(),)))
GERMAN = replace(COMPARED, locale="de_DE", currency="EUR", title="Wochenbericht")

DEMANDING = demanding(COMPARED)

ALL = {
    "compared": COMPARED,
    "plain": PLAIN,
    "empty": EMPTY,
    "german": GERMAN,
    "demanding": DEMANDING,
    "every-endpoint": everything(),
}


def hostile(text: str) -> Digest:
    """The text in every slot that data can fill."""
    columns = tuple(replace(column, label=text, key=text) for column in COLUMNS)
    table = replace(by_user(text, text), title=text, columns=columns)
    linked = replace(table, rows=tuple(_linked(row, text) for row in table.rows))
    period = replace(W47, name="2026-W47")
    made = replace(
        digest(Section(text, text, period, (), (table, linked)), FailedSection(text, text, text)),
        name=text, title=text, description=text, definition=text, notes=(text,),
    )  # fmt: skip
    return demanding(made, text)


def _linked(row: Row, text: str) -> Row:
    return replace(row, cells=tuple(replace(cell, link=f"/search/{text}/") for cell in row.cells))
