"""Days over a clock change, asked of the engine: each row is its local day, whatever the clock does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runner import endpoints, period
from runner.endpoints import clock
from runner.engine.metrics import METRICS
from runner.model import Answer, Job, Period, Query, Section, Source, Spec, Table
from tests.endpoints.made import AS_OF, values
from tests.engine.memory import Api
from tests.engine.test_activity_laws import ADDITIVE, Chance, served

CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2025, 10, 26)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Africa/Cairo", date(2024, 10, 31)),
    ("Africa/Casablanca", date(2025, 2, 23)),
    ("America/Havana", date(2024, 11, 3)),
]
"""Zones with a day on which their clocks are changed: at night or at midnight, by an hour or half of one."""

_Row = dict[str, Any]


class Place:
    """A zone round a day on which its clock is changed."""

    def __init__(self, zone: str, changed: date) -> None:
        self.zone, self.changed = ZoneInfo(zone), changed

    def begin(self, days: int) -> datetime:
        """The beginning of the local day that is so many after the change."""
        return period.begin(self.changed + timedelta(days=days), self.zone)

    def whole_days(self, pick: random.Random) -> tuple[datetime, datetime]:
        """A span of two to ninety whole days with the change in it."""
        return self.begin(-pick.randrange(45)), self.begin(pick.randrange(2, 46))


def utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


@pytest.fixture(scope="module", params=CHANGES, ids=lambda change: f"{change[0]} {change[1]}")
def place(request: pytest.FixtureRequest) -> Place:
    return Place(*request.param)


@pytest.fixture(scope="module")
def plain(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Every day has two calls, one at its first and one at its last moment, and an opportunity that was won on it."""
    calls = [
        {"id": f"acti_{days}_{end}", "_type": "Call", "date_created": at.isoformat()}
        for days in range(-45, 46)
        for end, at in enumerate((utc(place.begin(days)), utc(place.begin(days + 1)) - timedelta.resolution))
    ]
    created = {"date_created": "2017-01-01T00:00:00Z"}
    won = [
        {
            "id": f"oppo_{days}",
            "status_type": "won",
            "date_won": (place.changed + timedelta(days)).isoformat(),
            **created,
        }
        for days in range(-46, 47)
    ]
    lead: _Row = {"id": "lead_1", "display_name": "One", "opportunities": won, "activities": calls, **created}
    dump = {"organization": [{"id": "orga_1", "name": "One"}], "lead": [lead]}
    with served(dump, tmp_path_factory.mktemp("plain")) as api:
        yield api


@pytest.fixture(scope="module")
def crowded(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Objects of every kind, crowding round the midnights near the change."""
    chance = Chance(place.changed.toordinal())
    chance.bounds = [at for days in range(-3, 5) for at in _near(place.begin(days))]
    with served(chance.dump(), tmp_path_factory.mktemp("crowded")) as api:
        yield api


def _near(begun: datetime) -> list[datetime]:
    """A beginning of a day, what the neighbouring offset takes for it, and its neighbours."""
    at = utc(begun)
    return [at, at, *(at + timedelta(minutes=minutes) for minutes in (-60, -30, 30, 60))]


def overview(api: Api, place: Place, start: datetime, end: datetime, *metrics: str) -> tuple[Table, tuple[str, ...]]:
    """The table of an overview from ``start`` to ``end``, asked as it is planned, and what is noted of it."""
    span: Any = {"start": start.isoformat(), "end": end.isoformat()}
    job = Job("one", "activity", "One", {"type": "overview", "metrics": list(metrics), "range": span}, {})
    source = Source("one.yaml", "title: One\n", {}, {(): (1, 1)}, {})
    spec = Spec("one", "One", "", place.zone.key, "monday", "en_US", "USD", (job,), ("html",), source)
    plan = endpoints.plan(spec, AS_OF)
    told = {ask.query.key: Answer(asked(api, ask.query)) for ask in plan.asks}
    made = endpoints.digest(plan, told, sample=False)
    (section,) = made.sections
    assert isinstance(section, Section), section
    return section.tables[0], made.notes


def asked(api: Api, query: Query) -> Any:
    if query.body is None:
        return api.get(query.path).get_json()
    return api.report(f"{query.tz_offset:g}", **query.body)


def alone(api: Api, day: Period, metrics: list[str]) -> _Row:
    """The totals of one local day that is asked by itself, at its own offset."""
    assert day.start is not None
    said = {"start": day.start.isoformat(), "end": day.end.isoformat()}
    answer = api.report(f"{clock.offset(day):g}", type="overview", metrics=metrics, datetime_range=said)
    totals: _Row = answer["aggregations"]["totals"]
    return totals


def days(start: datetime, end: datetime, zone: ZoneInfo) -> list[Period]:
    """Every local day from ``start`` to ``end``, which are beginnings of days."""
    dates = [start.date() + timedelta(days=number) for number in range((end.date() - start.date()).days + 1)]
    begins = [period.begin(each, zone) for each in dates]
    return [period.between(*ends, zone) for ends in pairwise(begins)]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_on_one_day_is_in_its_row_and_in_no_other(plain: Api, place: Place, seed: int) -> None:
    start, end = place.whole_days(random.Random(seed))
    calls, won = "calls.all.all.count", "opportunities.won.all.count"
    table, notes = overview(plain, place, start, end, calls, won)
    expected = days(start, end, place.zone)
    assert [row.head for row in table.rows] == [day.start for day in expected]
    assert [tuple(cell.value for cell in row.cells) for row in table.rows] == [(2, 1)] * len(expected)
    assert values(table, "total") == {calls: 2 * len(expected), won: len(expected)}
    assert not any("all through" in note for note in notes)


def test_a_day_s_row_is_what_the_day_has_alone_and_counts_add_up(crowded: Api, place: Place) -> None:
    metrics = list(METRICS)
    table, _ = overview(crowded, place, place.begin(-3), place.begin(4), *metrics)
    expected = [alone(crowded, day, metrics) for day in days(place.begin(-3), place.begin(4), place.zone)]
    rows = [
        {column.key: cell.value for column, cell in zip(table.columns, row.cells, strict=True)} for row in table.rows
    ]
    assert rows == expected
    totals = values(table, "total")
    assert {key: sum(row[key] for row in expected) for key in ADDITIVE} == {key: totals[key] for key in ADDITIVE}
    assert sum(value or 0 for value in totals.values() if isinstance(value, int)) > 0


@pytest.mark.parametrize("seed", range(3))
def test_the_days_of_a_span_that_begins_and_ends_at_any_hour_are_as_true(crowded: Api, place: Place, seed: int) -> None:
    pick = random.Random(seed)
    cut = timedelta(minutes=pick.randrange(90, 22 * 60))
    start, end = utc(place.begin(-2)) + cut, utc(place.begin(3)) - cut
    calls = "calls.all.all.count"
    table, notes = overview(crowded, place, start, end, calls)
    edges = [start, *(place.begin(number) for number in range(-1, 3)), end]
    spans = [period.between(one.astimezone(place.zone), other.astimezone(place.zone), place.zone)
             for one, other in pairwise(edges)]  # fmt: skip
    assert [row.cells[0].value for row in table.rows] == [alone(crowded, span, [calls])[calls] for span in spans]
    assert not any("all through" in note for note in notes)


@pytest.mark.parametrize(("zone", "changed"), CHANGES)
def test_the_clocks_change_on_these_days(zone: str, changed: date) -> None:
    place = Place(zone, changed)
    assert place.begin(1).timestamp() - place.begin(0).timestamp() != 24 * 3600
