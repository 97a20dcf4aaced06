"""The status reports of leads and opportunities, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine.layout import FAR, TABLES
from runner.engine.load import load
from runner.engine.store import Store
from tests.engine.dumps import write_dump
from tests.engine.memory import Api, Memory, micros

Row = dict[str, Any]
Way = Sequence[tuple[str | int, int]]
"""The statuses an object was in, by number, with the moment it came into each; the first is its creation."""

ORGANIZATION = [{"id": "orga_1", "name": "Acme"}]
NEW, HOT, COLD, GONE = range(4)
STATUSES = ((NEW, "stat_new", "New"), (HOT, "stat_hot", "Hot"), (COLD, "stat_cold", "Cold"), (GONE, "stat_gone", "Old"))
NUMBERS = ("started", "ended", "change", "change_percent", "gained", "lost", "entered", "left")

START, END = "2026-11-16 00:00:00", "2026-11-18 12:00:00"
PERIOD = {"date_start": "2026-11-16T00:00:00Z", "date_end": "2026-11-18T12:00:00Z"}
CREATED = f'created >= "{START}" and created <= "{END}"'
DATED = f'date >= "{START}" and date <= "{END}"'


class Office(Memory):
    """An organization with four lead and four opportunity statuses, the last of them deleted."""

    def __init__(self, statuses: Sequence[tuple[int, str, str | None]] = STATUSES, **resources: list[Row]) -> None:
        super().__init__(organization=ORGANIZATION, **resources)
        self.add_user("user_a", "Ann Able")
        self.add_user("user_gone", "Gil Gone", present=False)
        for no, identity, label in statuses:
            own = {"no": no, "id": identity, "label": label, "is_deleted": int(no == GONE)}
            self.add("lead_status", **own)
            self.add("opportunity_status", **own, type="active", pipeline=None if no == GONE else 0)

    def lead(self, *way: tuple[str | int, int], name: str = "Acme") -> int:
        """A lead with that way through the statuses; gives its number."""
        number = self._rows["lead"]
        status = way[-1][1] if way else None
        self.add("lead", id=f"lead_{number}", name=name, folded=name.lower(), created=_at(way), status=status)
        self._walk("lead", number, way)
        return number

    def deal(self, *way: tuple[str | int, int], lead: int | None = None, user: int | None = 0) -> int:
        """An opportunity with that way through the statuses; gives its number."""
        number = self._rows["opportunity"]
        status = way[-1][1] if way else None
        self.add("opportunity", id=f"oppo_{number}", lead=lead, user_no=user, created=_at(way), status=status)
        self._walk("opportunity", number, way)
        return number

    def clear(self) -> None:
        """Forget all leads."""
        self._rows["lead"] = 0
        for table in ("lead", "lead_span"):
            self._connection.execute(f"DELETE FROM {table}")

    def _walk(self, kind: str, owner: int, way: Way) -> None:
        moments = [*(_micros(at) for at, _ in way), FAR]
        before = [None, *(status for _, status in way)]
        marks = ", ".join("?" * len(TABLES[f"{kind}_span"].split(",")))
        for place, (_, status) in enumerate(way):
            span = [owner, place, moments[place], moments[place + 1], status, before[place]]
            span += [moments[place - 1] if place else -FAR, *_befores(moments, before, place)]
            self._connection.execute(f"INSERT INTO {kind}_span VALUES ({marks})", span)


def _befores(moments: list[int], statuses: list[int | None], place: int) -> list[int]:
    """When an object came into a status, left the one before and did both last, before it did so at a place."""
    pairs = [(statuses[each], statuses[each + 1]) for each in range(place + 1)]
    left, entered = pairs[place]
    earlier = list(enumerate(pairs[:place]))
    return [
        max((moments[each] for each, (_, new) in earlier if new == entered), default=-FAR),
        max((moments[each] for each, (old, _) in earlier if old == left), default=-FAR),
        max((moments[each] for each, pair in earlier if pair == (left, entered)), default=-FAR),
    ]


def _micros(at: str | int) -> int:
    return micros(at) if isinstance(at, str) else at


def _at(way: Way) -> int:
    return _micros(way[0][0]) if way else micros("2026-01-01T00:00:00Z")


def report(backend: Any, kind: str = "lead", offset: str | None = None, **parameters: str) -> Any:
    headers = {} if offset is None else {"x-tz-offset": offset}
    response = Api(backend).get(f"report/statuses/{kind}/orga_1/", query_string=parameters, headers=headers)
    assert response.status_code == 200, response.text
    told = response.get_json()
    assert list(told) == ["status_overview", "status_transitions", "status_transitions_summary"]
    return told


def numbers(told: Any) -> dict[str, dict[str, int]]:
    """The numbers of each status that are not 0, of those without any nothing."""
    shown = {row["status_label"]: {n: row[n] for n in NUMBERS if row.get(n)} for row in told["status_overview"]}
    return {label: told for label, told in shown.items() if told}


def pairs(rows: Any) -> list[tuple[str | None, str, int]]:
    return [(row["from_status_label"], row["to_status_label"], row["count"]) for row in rows]


def find(backend: Any, query: str) -> int:
    """How many leads a search string finds."""
    response = Api(backend).get("lead/", query_string={"query": query})
    assert response.status_code == 200, (query, response.text)
    total: int = response.get_json()["total_results"]
    return total


# ---- every field of an answer ----------------------------------------------------------------------------


def test_every_field_of_a_lead_report() -> None:
    office = Office()
    office.lead(("2026-11-01T00:00:00Z", NEW), ("2026-11-17T00:00:00Z", HOT))
    told = report(office, **PERIOD)
    started, ended = (f'lead_status(status:"New" on:"{at}")' for at in (START, END))
    queries = {
        "started": started,
        "ended": ended,
        "gained": f"not {started} and {ended}",
        "lost": f"{started} and not {ended}",
        "entered": f'(original_lead_status:"New" and {CREATED}) or lead_status_change(new_status:"New" and {DATED})',
        "left": f'lead_status_change(old_status:"New" and {DATED})',
    }
    row = told["status_overview"][NEW]
    urls = row.pop("_leads_page_urls")
    assert row == {
        "status_id": "stat_new",
        "status_label": "New",
        "status_is_deleted": False,
        "started": 1,
        "ended": 0,
        "change": -1,
        "change_percent": -100,
        "gained": 0,
        "lost": 1,
        "entered": 0,
        "left": 1,
        "_queries": queries,
    }
    assert list(urls) == list(queries)
    assert urls["started"] == ("/search/lead_status%28status%3A%22New%22%20on%3A%222026-11-16%2000%3A00%3A00%22%29/")
    assert urls["left"] == (
        "/search/lead_status_change%28old_status%3A%22New%22%20and%20date%20%3E%3D%20%222026-11-16%2000%3A00%3A00%22"
        "%20and%20date%20%3C%3D%20%222026-11-18%2012%3A00%3A00%22%29/"
    )
    sides = {
        "from_status_id": "stat_new",
        "from_status_label": "New",
        "from_status_is_deleted": False,
        "to_status_id": "stat_hot",
        "to_status_label": "Hot",
        "to_status_is_deleted": False,
        "count": 1,
    }
    assert told["status_transitions"] == [
        sides
        | {
            "_query": f'lead_status_change(old_status:"New" new_status:"Hot" and {DATED})',
            "_leads_page_url": "/search/lead_status_change%28old_status%3A%22New%22%20new_status%3A%22Hot%22%20and%20"
            "date%20%3E%3D%20%222026-11-16%2000%3A00%3A00%22%20and%20date%20%3C%3D%20%222026-11-18%2012%3A00%3A00%22"
            "%29/",
        }
    ]
    assert told["status_transitions_summary"] == [
        sides
        | {
            "_query": f'lead_status(status:"New" on:"{START}") and lead_status(status:"Hot" on:"{END}")',
            "_leads_page_url": "/search/lead_status%28status%3A%22New%22%20on%3A%222026-11-16%2000%3A00%3A00%22%29%20"
            "and%20lead_status%28status%3A%22Hot%22%20on%3A%222026-11-18%2012%3A00%3A00%22%29/",
        }
    ]


def test_every_field_of_an_opportunity_report() -> None:
    office = Office()
    office.deal(("2026-11-01T00:00:00Z", NEW), ("2026-11-17T00:00:00Z", HOT), lead=office.lead())
    told = report(office, "opportunity", **PERIOD)
    row = told["status_overview"][HOT]
    started, ended = (f'status(status:"Hot" on:"{at}")' for at in (START, END))
    assert {key: row[key] for key in row if not key.startswith("_")} == {
        "status_id": "stat_hot",
        "status_label": "Hot",
        "status_is_deleted": False,
        "started": 0,
        "ended": 1,
        "change": 1,
        "change_percent": None,
        "gained": 1,
        "lost": 0,
        "entered": 1,
        "left": 0,
    }
    entered = f'(original_status:"Hot" and {CREATED}) or status_change(new_status:"Hot" and {DATED})'
    assert row["_queries"] == {
        "started": f"opportunity({started})",
        "ended": f"opportunity({ended})",
        "gained": f"opportunity(not {started} and {ended})",
        "lost": f"opportunity({started} and not {ended})",
        "entered": f"opportunity({entered})",
        "left": f'opportunity(status_change(old_status:"Hot" and {DATED}))',
    }
    assert row["_leads_page_urls"]["started"] == (
        "/search/opportunity%28status%28status%3A%22Hot%22%20on%3A%222026-11-16%2000%3A00%3A00%22%29%29/"
    )
    dates = "custom_filter_date_end=2026-11-18&custom_filter_date_start=2026-11-16"
    hot_start = "custom_filter_start_status_id=stat_hot&custom_filter_start_status_label=Hot"
    hot_end = "custom_filter_end_status_id=stat_hot&custom_filter_end_status_label=Hot"
    on_start = "query=status%28status%3A%22Hot%22+on%3A%222026-11-16+00%3A00%3A00%22%29"
    on_end = on_start.replace("16+00", "18+12")
    changed = "date+%3E%3D+%222026-11-16+00%3A00%3A00%22+and+date+%3C%3D+%222026-11-18+12%3A00%3A00%22%29"
    created = changed.replace("date", "created").removesuffix("%29")
    assert row["_opportunities_page_urls"] == {
        "started": f"/opportunities/{dates}&{hot_start}&custom_filter_type=started&{on_start}/",
        "ended": f"/opportunities/{dates}&{hot_end}&custom_filter_type=ended&{on_end}/",
        "gained": f"/opportunities/{dates}&{hot_end}&custom_filter_type=gained&"
        f"{on_start.replace('query=', 'query=not+')}+and+{on_end.removeprefix('query=')}/",
        "lost": f"/opportunities/{dates}&{hot_start}&custom_filter_type=lost&"
        f"{on_start}+and+not+{on_end.removeprefix('query=')}/",
        "entered": f"/opportunities/{dates}&{hot_end}&custom_filter_type=entered&query=%28original_status%3A%22Hot%22"
        f"+and+{created}%29+or+status_change%28new_status%3A%22Hot%22+and+{changed}/",
        "left": f"/opportunities/{dates}&{hot_start}&custom_filter_type=left&"
        f"query=status_change%28old_status%3A%22Hot%22+and+{changed}/",
    }
    new_start = hot_start.replace("hot", "new").replace("Hot", "New")
    (moved,), (shifted,) = told["status_transitions"], told["status_transitions_summary"]
    assert moved["_query"] == f'opportunity(status_change(old_status:"New" new_status:"Hot" and {DATED}))'
    assert moved["_opportunities_page_url"] == (
        f"/opportunities/{dates}&{hot_end}&{new_start}&custom_filter_type=transition&"
        f"query=status_change%28old_status%3A%22New%22+new_status%3A%22Hot%22+and+{changed}/"
    )
    assert shifted["_query"] == (f'opportunity(status(status:"New" on:"{START}") and status(status:"Hot" on:"{END}"))')
    assert shifted["_opportunities_page_url"] == (
        f"/opportunities/{dates}&{hot_end}&{new_start}&custom_filter_type=transition&"
        f"{on_start.replace('Hot', 'New')}+and+{on_end.removeprefix('query=')}/"
    )


def test_a_created_object_comes_from_nothing() -> None:
    office = Office()
    office.deal(("2026-11-17T00:00:00Z", NEW), lead=office.lead(("2026-11-17T00:00:00Z", HOT)))
    leads, deals = report(office, **PERIOD), report(office, "opportunity", **PERIOD)
    nothing = {"from_status_id": None, "from_status_label": None, "from_status_is_deleted": None, "count": 1}
    for told in (leads, deals):
        for rows in ("status_transitions", "status_transitions_summary"):
            (row,) = told[rows]
            assert {key: row[key] for key in nothing} == nothing
    assert leads["status_transitions"][0]["_query"] == f'original_lead_status:"Hot" and {CREATED}'
    assert leads["status_transitions_summary"][0]["_query"] == (
        f'created > "{START}" and lead_status(status:"Hot" on:"{END}")'
    )
    assert deals["status_transitions"][0]["_query"] == f'opportunity(original_status:"New" and {CREATED})'
    (summary,) = deals["status_transitions_summary"]
    assert summary["_query"] == f'opportunity(created > "{START}" and status(status:"New" on:"{END}"))'
    assert summary["_opportunities_page_url"] == (
        "/opportunities/custom_filter_date_end=2026-11-18&custom_filter_date_start=2026-11-16"
        "&custom_filter_end_status_id=stat_new&custom_filter_end_status_label=New&custom_filter_type=transition"
        "&query=created+%3E+%222026-11-16+00%3A00%3A00%22+and+status%28status%3A%22New%22+on%3A"
        "%222026-11-18+12%3A00%3A00%22%29/"
    )


def test_every_status_has_a_row_in_the_order_of_the_organization() -> None:
    for kind in ("lead", "opportunity"):
        rows = report(Office(), kind, **PERIOD)["status_overview"]
        assert [(row["status_id"], row["status_is_deleted"]) for row in rows] == [
            ("stat_new", False),
            ("stat_hot", False),
            ("stat_cold", False),
            ("stat_gone", True),
        ]
        assert all(row[number] == (None if number == "change_percent" else 0) for row in rows for number in NUMBERS)


def test_a_label_that_is_the_id_of_another_status_is_not_taken_for_it() -> None:
    office = Office(((0, "stat_a", "stat_b"), (1, "stat_b", "Bee"), (2, "stat_c", "bee"), (3, "stat_d", "STAT_C")))
    for status in (0, 1, 1, 2, 2, 2, 3):
        office.lead(("2026-11-01T00:00:00Z", status))
    api = Api(office)
    for row in report(office)["status_overview"]:
        said = row["_queries"]["ended"]
        found = api.get("lead/", query_string={"query": said}).get_json()
        assert found["total_results"] == row["ended"], said


# ---- what counts -----------------------------------------------------------------------------------------


def test_objects_count_not_events() -> None:
    office = Office()
    office.lead(
        ("2026-11-01T00:00:00Z", NEW),
        ("2026-11-16T10:00:00Z", HOT),
        ("2026-11-16T11:00:00Z", NEW),
        ("2026-11-17T10:00:00Z", HOT),
        ("2026-11-17T11:00:00Z", NEW),
    )
    told = report(office, **PERIOD)
    assert numbers(told) == {
        "New": {"started": 1, "ended": 1, "entered": 1, "left": 1},
        "Hot": {"entered": 1, "left": 1},
    }
    assert pairs(told["status_transitions"]) == [("New", "Hot", 1), ("Hot", "New", 1)]
    assert told["status_transitions_summary"] == []


@pytest.mark.parametrize(
    ("created", "expected", "moved", "shifted"),
    [
        pytest.param("2026-11-15T23:59:59.999999Z", {"started": 1, "ended": 1}, 0, 0, id="just before the start"),
        pytest.param("2026-11-16T00:00:00Z", {"started": 1, "ended": 1, "entered": 1}, 1, 0, id="on the start"),
        pytest.param("2026-11-16T00:00:00.999999Z", {"started": 1, "ended": 1, "entered": 1}, 1, 0, id="its second"),
        pytest.param(
            "2026-11-16T00:00:01Z", {"ended": 1, "change": 1, "gained": 1, "entered": 1}, 1, 1, id="a second later"
        ),
        pytest.param(
            "2026-11-18T12:00:00.999999Z", {"ended": 1, "change": 1, "gained": 1, "entered": 1}, 1, 1, id="end's second"
        ),
        pytest.param("2026-11-18T12:00:01Z", {}, 0, 0, id="after the end"),
    ],
)
def test_creations_count_by_the_second(created: str, expected: dict[str, int], moved: int, shifted: int) -> None:
    office = Office()
    office.lead((created, NEW))
    told = report(office, **PERIOD)
    assert numbers(told) == ({"New": expected} if expected else {})
    assert pairs(told["status_transitions"]) == [(None, "New", 1)] * moved
    assert pairs(told["status_transitions_summary"]) == [(None, "New", 1)] * shifted


@pytest.mark.parametrize(
    ("changed", "on_start", "on_end", "moved"),
    [
        pytest.param("2026-11-15T23:59:59.999999Z", "Hot", "Hot", 0, id="before the start"),
        pytest.param("2026-11-16T00:00:00Z", "Hot", "Hot", 1, id="on the start"),
        pytest.param("2026-11-16T00:00:00.999999Z", "Hot", "Hot", 1, id="in the start's second"),
        pytest.param("2026-11-16T00:00:01Z", "New", "Hot", 1, id="after the start's second"),
        pytest.param("2026-11-18T12:00:00.999999Z", "New", "Hot", 1, id="in the end's second"),
        pytest.param("2026-11-18T12:00:01Z", "New", "New", 0, id="after the end's second"),
    ],
)
def test_changes_count_by_the_second(changed: str, on_start: str, on_end: str, moved: int) -> None:
    office = Office()
    office.lead(("2026-11-01T00:00:00Z", NEW), (changed, HOT))
    told = report(office, date_start="2026-11-16T00:00:00.7Z", date_end="2026-11-18T12:00:00.2Z")
    shown = numbers(told)
    assert [label for label in shown if shown[label].get("started")] == [on_start]
    assert [label for label in shown if shown[label].get("ended")] == [on_end]
    assert pairs(told["status_transitions"]) == [("New", "Hot", 1)] * moved
    assert pairs(told["status_transitions_summary"]) == [("New", "Hot", 1)] * (on_start != on_end)


def test_an_object_can_pass_through_statuses_in_no_time() -> None:
    office = Office()
    at = "2026-11-17T00:00:00Z"
    office.lead((at, NEW), (at, HOT), (at, COLD))
    told = report(office, **PERIOD)
    assert numbers(told) == {
        "New": {"entered": 1, "left": 1},
        "Hot": {"entered": 1, "left": 1},
        "Cold": {"ended": 1, "change": 1, "gained": 1, "entered": 1},
    }
    assert pairs(told["status_transitions"]) == [(None, "New", 1), ("New", "Hot", 1), ("Hot", "Cold", 1)]
    assert pairs(told["status_transitions_summary"]) == [(None, "Cold", 1)]


def test_a_period_of_one_second_is_a_period() -> None:
    office = Office()
    office.lead(("2026-11-01T00:00:00Z", NEW), ("2026-11-17T00:00:00.5Z", HOT))
    told = report(office, date_start="2026-11-17T00:00:00Z", date_end="2026-11-17T00:00:00.9Z")
    assert numbers(told) == {"New": {"left": 1}, "Hot": {"started": 1, "ended": 1, "entered": 1}}


def test_objects_without_a_status_count_nowhere() -> None:
    office = Office()
    office.lead()
    assert numbers(report(office, **PERIOD)) == numbers(report(office)) == {}


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(8, 9, 13), (8, 7, -13), (200, 201, 1), (3, 4, 33), (3, 5, 67), (1, 3, 200), (2, 0, -100), (0, 2, None)],
)
def test_the_change_in_percent_is_the_nearest_whole(before: int, after: int, percent: int | None) -> None:
    office = Office()
    for number in range(max(before, after)):
        way: list[tuple[str | int, int]] = [("2026-11-01T00:00:00Z", HOT if number < before else NEW)]
        if (number < before) != (number < after):
            way.append(("2026-11-17T00:00:00Z", NEW if number < before else HOT))
        office.deal(*way)
    row = report(office, "opportunity", **PERIOD)["status_overview"][HOT]
    assert (row["started"], row["ended"], row["change"], row["change_percent"]) == (
        before, after, after - before, percent
    )  # fmt: skip


def test_transitions_go_by_count_then_by_the_order_of_the_statuses() -> None:
    office = Office()
    day, later = "2026-11-17T00:00:00Z", "2026-11-17T01:00:00Z"
    for way in ((HOT, NEW), (COLD, NEW), (COLD, GONE), (GONE, COLD), (GONE, COLD)):
        office.lead(("2026-11-01T00:00:00Z", way[0]), (day, way[1]))
    office.lead((day, GONE))
    office.lead((day, NEW), (later, COLD))
    told = report(office, **PERIOD)
    assert pairs(told["status_transitions"]) == [
        ("Old", "Cold", 2), (None, "New", 1), (None, "Old", 1), ("New", "Cold", 1), ("Hot", "New", 1),
        ("Cold", "New", 1), ("Cold", "Old", 1),
    ]  # fmt: skip
    assert pairs(told["status_transitions_summary"]) == [
        ("Old", "Cold", 2), (None, "Cold", 1), (None, "Old", 1), ("Hot", "New", 1), ("Cold", "New", 1),
        ("Cold", "Old", 1),
    ]  # fmt: skip


# ---- the period ------------------------------------------------------------------------------------------


def test_plain_dates_are_days_of_the_offset() -> None:
    office = Office()
    office.lead(("2026-11-01T05:00:00Z", NEW), ("2026-11-03T04:59:59.9Z", HOT), ("2026-11-03T05:00:00Z", COLD))
    office.lead(("2026-11-01T04:59:59.9Z", NEW))
    told = report(office, offset="-5", date_start="2026-11-01", date_end="2026-11-02")
    assert numbers(told)["New"] == {"started": 2, "ended": 1, "change": -1, "change_percent": -50, "lost": 1} | {
        "entered": 1, "left": 1
    }  # fmt: skip
    assert numbers(told)["Hot"] == {"ended": 1, "change": 1, "gained": 1, "entered": 1}
    assert told["status_overview"][NEW]["_queries"]["left"] == (
        'lead_status_change(old_status:"New" and date >= "2026-11-01 05:00:00" and date <= "2026-11-03 04:59:59")'
    )


def test_pages_name_the_dates_in_utc() -> None:
    told = report(Office(), "opportunity", "-5", date_start="2026-11-01", date_end="2026-11-02")
    assert told["status_overview"][NEW]["_opportunities_page_urls"]["left"].startswith(
        "/opportunities/custom_filter_date_end=2026-11-03&custom_filter_date_start=2026-11-01&"
    )


def test_without_an_end_the_period_ends_with_the_present_second() -> None:
    office = Office()
    office.lead(("2026-11-01T00:00:00Z", NEW), ("2026-11-18T15:30:00.9Z", HOT), ("2026-11-18T15:30:01Z", COLD))
    told = report(office, date_start="2026-11-16")
    assert pairs(told["status_transitions"]) == [("New", "Hot", 1)]
    assert told["status_overview"][HOT]["_queries"]["ended"] == 'lead_status(status:"Hot" on:"2026-11-18 15:30:00")'


@pytest.mark.parametrize("parameters", [{"date_end": END.replace(" ", "T") + "Z"}, {"date_end": "", "date_start": ""}])
def test_without_a_start_the_report_is_overall(parameters: dict[str, str]) -> None:
    office = Office()
    office.lead(("2026-01-01T00:00:00Z", NEW), ("2026-11-17T00:00:00Z", HOT))
    office.lead(("2026-01-01T00:00:00Z", NEW), ("2026-11-17T00:00:00Z", HOT), ("2026-11-18T00:00:00Z", NEW))
    office.lead(("2027-01-01T00:00:00Z", COLD))
    told = report(office, **parameters)
    end = END if parameters["date_end"] else "2026-11-18 15:30:00"
    row = told["status_overview"][NEW]
    assert {key: row[key] for key in row if not key.startswith("_")} == {
        "status_id": "stat_new",
        "status_label": "New",
        "status_is_deleted": False,
        "ended": 1,
        "entered": 2,
        "left": 2,
    }
    assert row["_queries"] == {
        "ended": f'lead_status(status:"New" on:"{end}")',
        "entered": f'(original_lead_status:"New" and created <= "{end}") or '
        f'lead_status_change(new_status:"New" and date <= "{end}")',
        "left": f'lead_status_change(old_status:"New" and date <= "{end}")',
    }
    assert list(row["_leads_page_urls"]) == ["ended", "entered", "left"]
    assert [row["_query"] for row in told["status_transitions"]] == [
        f'original_lead_status:"New" and created <= "{end}"',
        f'lead_status_change(old_status:"New" new_status:"Hot" and date <= "{end}")',
        f'lead_status_change(old_status:"Hot" new_status:"New" and date <= "{end}")',
    ]
    assert pairs(told["status_transitions"]) == [(None, "New", 2), ("New", "Hot", 2), ("Hot", "New", 1)]
    assert pairs(told["status_transitions_summary"]) == [(None, "New", 1), (None, "Hot", 1)]
    assert told["status_transitions_summary"][1]["_query"] == f'lead_status(status:"Hot" on:"{end}")'


def test_pages_of_an_overall_report_have_no_start() -> None:
    office = Office()
    office.deal(("2026-11-17T00:00:00Z", NEW))
    told = report(office, "opportunity", date_end="2026-11-17")
    assert told["status_overview"][NEW]["_opportunities_page_urls"]["ended"] == (
        "/opportunities/custom_filter_date_end=2026-11-17&custom_filter_end_status_id=stat_new"
        "&custom_filter_end_status_label=New&custom_filter_type=ended"
        "&query=status%28status%3A%22New%22+on%3A%222026-11-17+23%3A59%3A59%22%29/"
    )


# ---- what narrows a report -------------------------------------------------------------------------------


def a_shop() -> Office:
    """Two leads of one name each, with opportunities of two users; one opportunity has no lead."""
    office = Office(saved_search=[{"id": "save_acme", "name": "Acme", "query": "name:acme"}])
    way = (("2026-11-01T00:00:00Z", NEW), ("2026-11-17T00:00:00Z", HOT))
    acme, bolt = office.lead(*way, name="Acme"), office.lead(*way, name="Bolt")
    for lead, user in ((acme, 0), (acme, 1), (acme, 1), (bolt, 0), (None, 0), (None, None)):
        office.deal(*way, lead=lead, user=user)
    return office


@pytest.mark.parametrize(
    ("kind", "parameters", "count", "form"),
    [
        pytest.param("lead", {}, 2, "{Q}", id="leads"),
        pytest.param(
            "lead",
            {"query": "name:acme or name:nobody"},
            1,
            "({Q}) and (name:acme or name:nobody)",
            id="leads of a query",
        ),
        pytest.param("lead", {"smart_view_id": "save_acme"}, 1, '({Q}) and in:"save_acme"', id="leads of a smart view"),
        pytest.param("lead", {"query": "  "}, 2, "{Q}", id="blank query"),
        pytest.param("lead", {"user_id": "user_x"}, 2, "{Q}", id="leads have no user"),
        pytest.param("opportunity", {}, 6, "opportunity({Q})", id="opportunities"),
        pytest.param("opportunity", {"user_id": "user_a"}, 3, 'opportunity(({Q}) and user:"user_a")', id="of a user"),
        pytest.param(
            "opportunity",
            {"query": "name:acme"},
            3,
            "(opportunity({Q})) and (name:acme)",
            id="opportunities of a query",
        ),
        pytest.param(
            "opportunity",
            {"user_id": "user_gone", "smart_view_id": "save_acme"},
            2,
            '(opportunity(({Q}) and user:"user_gone")) and in:"save_acme"',
            id="of a removed user and a smart view",
        ),
    ],
)
def test_a_report_can_be_narrowed(kind: str, parameters: dict[str, str], count: int, form: str) -> None:
    told = report(a_shop(), kind, **PERIOD, **parameters)
    hot = told["status_overview"][HOT]
    assert (hot["ended"], hot["entered"], told["status_overview"][NEW]["started"]) == (count, count, count)
    assert pairs(told["status_transitions"]) == pairs(told["status_transitions_summary"]) == [("New", "Hot", count)]
    word = "lead_status" if kind == "lead" else "status"
    assert hot["_queries"]["ended"] == form.replace("{Q}", f'{word}(status:"Hot" on:"{END}")')
    moved = f'{word}_change(old_status:"New" new_status:"Hot" and {DATED})'
    assert told["status_transitions"][0]["_query"] == form.replace("{Q}", moved)


def test_the_page_of_opportunities_is_narrowed_to_the_user() -> None:
    told = report(a_shop(), "opportunity", **PERIOD, user_id="user_a")
    assert told["status_overview"][HOT]["_opportunities_page_urls"]["ended"].endswith(
        "&query=%28status%28status%3A%22Hot%22+on%3A%222026-11-18+12%3A00%3A00%22%29%29+and+user%3A%22user_a%22/"
    )


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
@pytest.mark.parametrize(
    "parameters", [{}, {"query": "name:acme"}, {"smart_view_id": "save_acme"}, {"user_id": "user_a"}]
)
def test_the_strings_find_the_leads_of_what_is_counted(kind: str, parameters: dict[str, str]) -> None:
    shop = a_shop()
    hot = report(shop, kind, **PERIOD, **parameters)["status_overview"][HOT]
    leads = 1 if {"query", "smart_view_id"} & set(parameters) else 2
    assert [find(shop, hot["_queries"][number]) for number in ("started", "ended", "entered")] == [0, leads, leads]


# ---- names -----------------------------------------------------------------------------------------------


def test_labels_are_quoted() -> None:
    office = Office([(NEW, "stat_1", 'Say "hi" \\ now\nor ?&/'), (GONE, "stat_2", None)])
    office.lead(("2026-11-01T00:00:00Z", NEW))
    told = report(office, **PERIOD)
    row = told["status_overview"][0]
    assert row["_queries"]["ended"] == f'lead_status(status:"Say \\"hi\\" \\\\ now\nor ?&/" on:"{END}")'
    assert row["_leads_page_urls"]["ended"].startswith(
        "/search/lead_status%28status%3A%22Say%20%5C%22hi%5C%22%20%5C%5C%20now%0Aor%20%3F%26%2F%22%20on"
    )
    assert find(office, row["_queries"]["ended"]) == 1


@pytest.mark.parametrize(
    ("statuses", "names"),
    [
        pytest.param([("s_1", "Hot"), ("s_2", "hOT"), ("s_3", "Cold")], ["s_1", "s_2", "Cold"], id="same in any case"),
        pytest.param([("s_1", "s_2"), ("s_2", "Hot")], ["s_1", "Hot"], id="a label is another one's ID"),
        pytest.param([("s_1", "s_1"), ("s_2", "Hot")], ["s_1", "Hot"], id="a label is its own ID"),
        pytest.param([("s_1", None), ("s_2", None), ("s_3", "x")], ["s_1", "s_2", "x"], id="no label"),
        pytest.param([("s_1", ""), ("s_2", "x")], ["", "x"], id="the empty label"),
        pytest.param([("s_1", ""), ("s_2", None)], ["s_1", "s_2"], id="the empty label and none"),
    ],
)
def test_a_label_that_names_several_statuses_gives_way_to_the_id(
    statuses: list[tuple[str, str | None]], names: list[str]
) -> None:
    office = Office([(no, identity, label) for no, (identity, label) in enumerate(statuses)])
    for no in range(len(statuses)):
        for _ in range(no + 1):
            lead = office.lead(("2026-11-01T00:00:00Z", no))
            office.deal(("2026-11-01T00:00:00Z", no), lead=lead)
    for kind, form in (("lead", "lead_status({})"), ("opportunity", "opportunity(status({}))")):
        rows = report(office, kind, **PERIOD)["status_overview"]
        said = [row["_queries"]["ended"] for row in rows]
        assert said == [form.format(f'status:"{name}" on:"{END}"') for name in names]
        assert [find(office, query) for query in said] == [row["ended"] for row in rows]


# ---- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        pytest.param(
            "query=acme&smart_view_id=save_acme",
            {
                "query": "Give query or smart_view_id, not both.",
                "smart_view_id": "Give query or smart_view_id, not both.",
            },
            id="two filters",
        ),
        pytest.param("query=acme&query=bolt", {"query": "Give it once."}, id="two queries"),
        pytest.param("date_start=2026-11-18", None, id="a start alone"),
        pytest.param("date_start=2026-11-19", {"date_start": "The start is after the end, which is now."}, id="ahead"),
        pytest.param(
            "date_start=2026-11-18&date_end=2026-11-17", {"date_start": "The start is after the end."}, id="backwards"
        ),
        pytest.param(
            "date_start=x&date_end=2026-02-30",
            {
                "date_start": "'x' is not a moment with Z or an offset, like 2026-11-16T00:00:00-05:00.",
                "date_end": "'2026-02-30T00:00Z' is not in the calendar.",
            },
            id="no dates",
        ),
    ],
)
def test_wrong_parameters_are_refused(kind: str, query: str, fields: dict[str, str] | None) -> None:
    response = Api(a_shop()).get(f"report/statuses/{kind}/orga_1/?{query}")
    if fields is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 400
        assert response.get_json() == {"errors": [], "field-errors": fields}


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
@pytest.mark.parametrize(
    ("parameters", "field", "told"),
    [
        ({"query": "acme and nonsense:1"}, "query", "at 10"),
        ({"query": "acme)"}, "query", "at 5"),
        ({"smart_view_id": "save_x"}, "smart_view_id", "save_x"),
    ],
)
def test_filters_that_cannot_be_read_are_refused(kind: str, parameters: Row, field: str, told: str) -> None:
    response = Api(a_shop()).get(f"report/statuses/{kind}/orga_1/", query_string=parameters)
    assert response.status_code == 400
    refused = response.get_json()["field-errors"]
    assert list(refused) == [field]
    assert told in refused[field]


@pytest.mark.parametrize(("conditions", "depth"), [(85, 1), (1, 14)])
def test_what_may_narrow_a_report_may_narrow_its_strings(conditions: int, depth: int) -> None:
    text = "(" * depth + " ".join(["acme"] * conditions) + ")" * depth
    office = Office(saved_search=[{"id": "save_it", "query": text}])
    for parameters in ({"query": text}, {"smart_view_id": "save_it"}):
        for kind, more in (("lead", {}), ("opportunity", {"user_id": "user_a"})):
            longest = report(office, kind, **PERIOD, **parameters, **more)["status_overview"][0]["_queries"]["entered"]
            assert Api(office).get("lead/", query_string={"query": longest}).status_code == 200


@pytest.mark.parametrize(("conditions", "depth"), [(100, 1), (1, 15)])
def test_what_leaves_no_room_for_the_strings_is_refused(conditions: int, depth: int) -> None:
    text = "(" * depth + " ".join(["acme"] * conditions) + ")" * depth
    office = Office(saved_search=[{"id": "save_it", "query": " ".join(["acme"] * 100)}])
    told = "The search is too much to narrow a report by; give one with fewer conditions."
    for parameters in ({"query": text}, {"smart_view_id": "save_it"}):
        response = Api(office).get("report/statuses/lead/orga_1/", query_string=parameters)
        assert list(response.get_json()["field-errors"].values()) == [told]
    view = {"type": "saved_search", "saved_search_id": "save_it"}
    over = {"start": "2026-11-16T00:00:00Z", "end": "2026-11-17T00:00:00Z"}
    refused = Api(office).refusal(type="overview", metrics=["calls.all.all.count"], datetime_range=over, query=view)
    assert refused == {"query.saved_search_id": told}


def test_an_unknown_user_is_refused() -> None:
    response = Api(a_shop()).get("report/statuses/opportunity/orga_1/?user_id=user_x")
    assert response.status_code == 400
    assert response.get_json() == {"errors": [], "field-errors": {"user_id": "Unknown user: user_x."}}


@pytest.mark.parametrize("kind", ["lead", "opportunity"])
def test_another_organization_and_another_method_are_not_there(kind: str) -> None:
    api = Api(Office())
    assert api.get(f"report/statuses/{kind}/orga_2/").status_code == 404
    assert api.post(f"report/statuses/{kind}/orga_1/", {}).status_code == 405
    assert api.get(f"report/statuses/{kind}/orga_1").status_code == 200


# ---- from a dump -----------------------------------------------------------------------------------------


def test_a_dump_with_edited_changes_and_unknown_statuses(tmp_path: Path) -> None:
    def change(number: int, moment: str, old: str | None, new: str | None) -> Row:
        sides = {"old_status_id": old, "old_status_label": old and f"L {old}", "new_status_id": new}
        return {"id": f"acti_{number}", "_type": "LeadStatusChange", "date_created": moment} | sides

    history = [
        change(3, "2026-11-17T12:00:00Z", "stat_gone", "stat_hot"),  # says another status than the one before
        change(1, "2026-10-01T00:00:00Z", "stat_old", "stat_new"),  # dated before the creation
        change(2, "2026-11-17T00:00:00Z", "stat_new", "stat_new"),  # none at all
        change(4, "2026-11-17T13:00:00Z", "stat_hot", None),
    ]
    lead = {"id": "lead_1", "status_id": "stat_hot", "date_created": "2026-11-16T09:00:00Z", "activities": history}
    dump = write_dump(
        tmp_path / "dump",
        organization=ORGANIZATION,
        lead_status=[
            {"id": "stat_new", "label": "New"},
            {"id": "stat_off", "label": "Off", "is_deleted": True},
            {"id": "stat_hot", "label": "Hot"},
        ],
        lead=[lead, {"id": "lead_2", "status_id": "stat_off", "date_created": "2026-11-15T00:00:00Z"}],
    )
    load(dump, tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        told = report(store, **PERIOD)
        shown = [(row["status_id"], row["status_label"], row["status_is_deleted"]) for row in told["status_overview"]]
        assert shown == [
            ("stat_new", "New", False),
            ("stat_off", "Off", True),
            ("stat_hot", "Hot", False),
            ("stat_gone", "L stat_gone", True),
            ("stat_old", "L stat_old", True),
        ]
        assert numbers(told) == {
            "New": {"entered": 1, "left": 1},
            "Off": {"started": 1, "ended": 1},
            "Hot": {"ended": 1, "change": 1, "gained": 1, "entered": 1},
            "L stat_old": {"entered": 1, "left": 1},
        }
        assert pairs(told["status_transitions"]) == [
            (None, "L stat_old", 1),
            ("New", "Hot", 1),
            ("L stat_old", "New", 1),
        ]
        assert told["status_transitions"][0]["to_status_is_deleted"] is True
        assert [find(store, row["_query"]) for row in told["status_transitions"]] == [1, 1, 1]


# ---- laws ------------------------------------------------------------------------------------------------

SECONDS = st.integers(-3, 12).map(lambda halves: 1_763_000_000_000_000 + halves * 500_000)
WAYS = st.lists(st.tuples(SECONDS, st.integers(0, 3)), max_size=5).map(
    lambda steps: [step for place, step in enumerate(sorted(steps, key=lambda s: s[0])) if _moves(steps, place)]
)


def _moves(steps: list[tuple[int, int]], place: int) -> bool:
    ordered = sorted(steps, key=lambda step: step[0])
    return place == 0 or ordered[place][1] != ordered[place - 1][1]


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


@given(st.lists(WAYS, max_size=6), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_what_ended_is_what_started_with_gains_and_losses(
    office: Office, ways: list[Way], start: int, length: int
) -> None:
    office.clear()
    for way in ways:
        if way:
            office.lead(*way)
    first, last = 1_763_000_000 + start, 1_763_000_000 + start + length
    moments = {"date_start": first, "date_end": last}
    told = report(office, **{name: _iso(second) for name, second in moments.items()})
    rows = told["status_overview"]
    for row in rows:
        assert row["ended"] == row["started"] + row["gained"] - row["lost"]
        assert row["entered"] >= row["gained"] >= 0
        assert row["left"] >= row["lost"] >= 0
    created = sum((first + 1) * 10**6 <= _at(way) < (last + 1) * 10**6 for way in ways if way)
    assert sum(row["started"] for row in rows) + created == sum(row["ended"] for row in rows)
    summary = told["status_transitions_summary"]
    assert created == sum(row["count"] for row in summary if row["from_status_id"] is None)
    for row in rows:
        identity = row["status_id"]
        assert row["gained"] == sum(pair["count"] for pair in summary if pair["to_status_id"] == identity)
        assert row["lost"] == sum(pair["count"] for pair in summary if pair["from_status_id"] == identity)
        assert row["left"] <= sum(
            pair["count"] for pair in told["status_transitions"] if pair["from_status_id"] == identity
        )


def _iso(second: int) -> str:
    return f"2025-11-13T02:13:{second - 1_763_000_000 + 20:02}Z"
