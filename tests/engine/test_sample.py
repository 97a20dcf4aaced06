from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine import sample
from runner.engine.sample import days, journey
from runner.engine.sample.team import SEATS, Team, holders
from runner.errors import RunnerError

Row: TypeAlias = "dict[str, Any]"
Dump: TypeAlias = "dict[str, list[Row]]"

NEW_YORK = ZoneInfo("America/New_York")
AS_OF = datetime(2026, 11, 24, 9, 30, tzinfo=NEW_YORK)
RESOURCES = {
    "organization", "user", "group", "lead_status", "pipeline", "saved_search", "email_template", "lead", "activity",
}  # fmt: skip


def read(folder: Path) -> Dump:
    return {file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in folder.iterdir()}


def made(folder: Path, as_of: datetime, *, seed: int = 1, history: int = 400) -> Dump:
    sample.write(folder, as_of, seed=seed, history=history)
    return read(folder)


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Dump:
    return made(tmp_path_factory.mktemp("sample"), AS_OF)


@pytest.fixture(scope="module")
def window(dump: Dump) -> list[Row]:
    """The activities of the 400 days of which everything is there."""
    start = text(AS_OF - timedelta(days=400))
    return [row for row in dump["activity"] if row["activity_at"] >= start]


def text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def local(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(NEW_YORK)


def opportunities(dump: Dump) -> list[Row]:
    return [opportunity for lead in dump["lead"] for opportunity in lead["opportunities"]]


def of_type(rows: list[Row], kind: str) -> list[Row]:
    return [row for row in rows if row["_type"] == kind]


def share(rows: list[Row], key: str) -> float:
    return sum(bool(row[key]) for row in rows) / len(rows)


def everyone(dump: Dump) -> set[str]:
    removed = {member["user_id"] for member in dump["organization"][0]["inactive_memberships"]}
    return removed | {user["id"] for user in dump["user"]}


def changes(dump: Dump, kind: str, key: str) -> dict[str, list[Row]]:
    """The status changes of each object, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(of_type(dump["activity"], kind), key=lambda row: row["activity_at"]):
        found[row[key]].append(row)
    return found


# ---- the same on every run -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of which only the last day is all there."""
    folder = tmp_path_factory.mktemp("short")
    sample.write(folder, AS_OF, history=1)
    return folder


def test_two_writes_are_the_same_to_the_byte_whatever_the_zone_of_the_instant(short: Path, tmp_path: Path) -> None:
    sample.write(tmp_path, AS_OF.astimezone(ZoneInfo("Asia/Tokyo")), history=1)
    files = {file.name: file.read_bytes() for file in short.iterdir()}
    assert set(files) == {f"{name}.ndjson" for name in RESOURCES}
    assert files == {file.name: file.read_bytes() for file in tmp_path.iterdir()}


def test_another_seed_is_another_history_of_the_same_organization(short: Path, tmp_path: Path) -> None:
    one, two = read(short), made(tmp_path, AS_OF, history=1, seed=2)
    assert {row["id"] for row in one["lead"]}.isdisjoint(row["id"] for row in two["lead"])
    for name in RESOURCES - {"lead", "activity"}:
        assert one[name] == two[name]


def test_every_line_is_one_object_with_sorted_keys(short: Path) -> None:
    for file in short.iterdir():
        lines = file.read_bytes().decode().split("\n")
        assert lines.pop() == ""
        for line in lines:
            assert line == json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def as_it_happened(rows: list[Row], start: datetime, end: datetime) -> dict[str, Row]:
    """The activities of a span without what came of them later."""
    found = {row["id"]: dict(row) for row in rows if text(start) <= row["activity_at"] < text(end)}
    for row in found.values():
        row.pop("opens", None)
        row.pop("has_reply", None)
        if row["_type"] == "Meeting" and row["status"] in ("in-progress", "completed"):
            row["status"] = "held"
    return found


@pytest.mark.parametrize(
    ("earlier", "later", "history"),
    [
        pytest.param(datetime(2026, 11, 24, 14, 30, tzinfo=UTC), timedelta(minutes=1), 16, id="a minute later"),
        pytest.param(datetime(2024, 3, 8, 20, 0, tzinfo=UTC), timedelta(days=5), 16, id="over a changed clock"),
        pytest.param(
            datetime(2031, 6, 14, 12, 0, tzinfo=UTC),
            timedelta(days=13),
            16,
            id="most of it later",
            marks=pytest.mark.slow,
        ),
        pytest.param(AS_OF, timedelta(days=300), 400, id="most of a year later", marks=pytest.mark.slow),
        pytest.param(AS_OF - timedelta(days=1), timedelta(days=1), 400, id="a day of a year", marks=pytest.mark.slow),
    ],
)
def test_the_past_never_changes(tmp_path: Path, earlier: datetime, later: timedelta, history: int) -> None:
    first, second = (made(tmp_path / str(n), earlier + n * later, history=history) for n in (0, 1))
    span = (earlier + later - timedelta(days=history), earlier)
    assert as_it_happened(first["activity"], *span) == as_it_happened(second["activity"], *span)
    assert len(as_it_happened(first["activity"], *span)) > 100
    after = {row["id"]: row for row in second["activity"]}
    for row in of_type(first["activity"], "Email"):
        if row["id"] in after:
            assert row["has_reply"] <= after[row["id"]]["has_reply"]
            assert all(opened in after[row["id"]]["opens"] for opened in row["opens"])
    fixed = ("id", "name", "custom", "contacts", "created_by", "date_created")
    was, became = ({lead["id"]: lead for lead in each["lead"]} for each in (first, second))
    for identity in was.keys() & became.keys():
        assert [was[identity][key] for key in fixed] == [became[identity][key] for key in fixed]


def stamps(value: object) -> Iterator[str]:
    """Every instant written anywhere in it."""
    if isinstance(value, str):
        if value[10:11] == "T" and value.endswith("+00:00"):
            yield value
        return
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from stamps(part)


def test_nothing_lies_after_the_instant(dump: Dump) -> None:
    for rows in dump.values():
        assert max(stamps(rows), default="") < text(AS_OF)
    assert max(row["date_won"] or "" for row in opportunities(dump)) <= AS_OF.date().isoformat()


def test_what_happens_at_the_instant_itself_is_not_there_yet(short: Path, tmp_path: Path) -> None:
    happened = sorted(row["activity_at"] for row in read(short)["activity"])
    upto = made(tmp_path, datetime.fromisoformat(happened[-1]), history=1)["activity"]
    assert sorted(row["activity_at"] for row in upto) == [at for at in happened if at < happened[-1]]
    second = datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)
    assert [days.seconds(second + timedelta(microseconds=part)) for part in (-1, 0, 1)] == [7, 7, 8]


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        pytest.param(AS_OF.replace(tzinfo=None), "an instant with a time zone", id="no zone"),
        pytest.param(AS_OF.replace(year=2017), "begins in 2018", id="too early"),
    ],
)
def test_an_instant_that_means_nothing_is_refused_before_anything_is_written(
    tmp_path: Path, as_of: datetime, message: str
) -> None:
    with pytest.raises((ValueError, RunnerError), match=message):
        sample.write(tmp_path / "new", as_of)
    assert not (tmp_path / "new").exists()


# ---- whole and consistent --------------------------------------------------------------------------------


def test_ids_are_unique_and_look_like_closes(dump: Dump) -> None:
    prefixes = {
        "organization": "orga", "user": "user", "group": "group", "lead_status": "stat", "pipeline": "pipe",
        "saved_search": "save", "email_template": "tmpl", "lead": "lead", "activity": "acti",
    }  # fmt: skip
    ids = [(prefixes[name], row["id"]) for name, rows in dump.items() for row in rows]
    ids += [("oppo", row["id"]) for row in opportunities(dump)]
    ids += [("cont", contact["id"]) for lead in dump["lead"] for contact in lead["contacts"]]
    ids += [("stat", status["id"]) for pipeline in dump["pipeline"] for status in pipeline["statuses"]]
    assert len({identity for _, identity in ids}) == len(ids)
    assert all(re.fullmatch(rf"{prefix}_[A-Za-z0-9]{{40}}", identity) for prefix, identity in ids)


def test_every_reference_resolves(dump: Dump) -> None:
    leads, users = {row["id"] for row in dump["lead"]}, everyone(dump)
    templates = {row["id"] for row in dump["email_template"]} | {None}
    known = {row["id"]: row["opportunities"] for row in dump["lead"]}
    for row in dump["activity"]:
        assert row["lead_id"] in leads
        assert row["user_id"] in users
        assert row.get("template_id") in templates
        if row["_type"] == "OpportunityStatusChange":
            assert row["opportunity_id"] in {opportunity["id"] for opportunity in known[row["lead_id"]]}
    stages = {
        status["id"]: (pipeline["id"], status["label"], status["type"])
        for pipeline in dump["pipeline"]
        for status in pipeline["statuses"]
    }
    labels = {row["id"]: row["label"] for row in dump["lead_status"]}
    for lead in dump["lead"]:
        assert (labels[lead["status_id"]], lead["created_by"] in users) == (lead["status_label"], True)
        for row in lead["opportunities"]:
            assert stages[row["status_id"]] == (row["pipeline_id"], row["status_label"], row["status_type"])
            assert (row["lead_id"], {row["user_id"], row["created_by"]} <= users) == (lead["id"], True)
    members = [member["user_id"] for group in dump["group"] for member in group["members"]]
    assert sorted(members) == sorted(user["id"] for user in dump["user"])


def test_lead_histories_chain_from_potential_to_the_present_status(dump: Dump) -> None:
    history = changes(dump, "LeadStatusChange", "lead_id")
    for lead in dump["lead"]:
        status = ("Potential", lead["date_created"])
        for row in history[lead["id"]]:
            assert row["old_status_label"] == status[0] != row["new_status_label"]
            assert row["activity_at"] > status[1]
            status = (row["new_status_label"], row["activity_at"])
        assert lead["status_label"] == status[0]


def test_opportunity_histories_chain_and_end_as_won_or_lost(dump: Dump) -> None:
    first = {pipeline["id"]: pipeline["statuses"][0]["label"] for pipeline in dump["pipeline"]}
    history = changes(dump, "OpportunityStatusChange", "opportunity_id")
    for row in opportunities(dump):
        label, kind, at = first[row["pipeline_id"]], "active", row["date_created"]
        for change in history[row["id"]]:
            assert (change["old_status_label"], change["old_status_type"]) == (label, "active")
            assert change["activity_at"] > at
            label, kind, at = change["new_status_label"], change["new_status_type"], change["activity_at"]
        assert (row["status_label"], row["status_type"]) == (label, kind)
        assert row["date_won"] == (local(at).date().isoformat() if kind == "won" else None)
        assert row["date_lost"] == (at if kind == "lost" else None)
        assert row["confidence"] == {"won": 100, "lost": 0}.get(kind, row["confidence"])
        assert 0 <= row["confidence"] <= 100


def test_nothing_happens_to_a_lead_before_it_is_there(dump: Dump) -> None:
    born = {lead["id"]: lead["date_created"] for lead in dump["lead"]}
    assert all(born[row["lead_id"]] < row["date_created"] <= row["activity_at"] for row in dump["activity"])
    assert all(born[row["lead_id"]] < row["date_created"] for row in opportunities(dump))


def test_mails_are_opened_after_they_are_sent_and_answered_by_a_mail_that_is_there(dump: Dump) -> None:
    received: dict[str, list[str]] = defaultdict(list)
    for row in of_type(dump["activity"], "Email"):
        if row["direction"] == "incoming":
            received[row["lead_id"]].append(row["date_sent"])
    for row in of_type(dump["activity"], "Email"):
        assert all(opened["opened_at"] > row["date_sent"] for opened in row["opens"])
        if row["has_reply"]:
            assert max(received[row["lead_id"]]) > row["date_sent"]
        assert (row["status"] == "draft") == (row["date_sent"] is None)
        assert not (row["sequence_id"] and row["bulk_email_action_id"])


def test_names_are_invented_and_addresses_lead_nowhere(dump: Dump) -> None:
    contacts = [contact for lead in dump["lead"] for contact in lead["contacts"]]
    addresses = [email["email"] for contact in contacts for email in contact["emails"]]
    addresses += [user["email"] for user in dump["user"]]
    assert all(re.fullmatch(r"[a-z.-]+@([a-z-]+\.)?example\.com", address) for address in addresses)
    assert all(re.fullmatch(r"\+12025550[01]\d\d", phone["phone"]) for each in contacts for phone in each["phones"])
    assert sum(not contact["name"].isascii() for contact in contacts) > 100
    assert any(not lead["name"].isascii() for lead in dump["lead"])
    assert dump["organization"][0]["name"] == "Fernhill Supply Co. (sample)"
    assert dump["organization"][0]["date_created"] < min(lead["date_created"] for lead in dump["lead"])


def test_the_organization_is_set_up_as_sales_teams_are(dump: Dump) -> None:
    assert [group["name"] for group in dump["group"]] == ["SDR team", "Account executives"]
    assert [pipeline["name"] for pipeline in dump["pipeline"]] == ["Sales", "Partners"]
    for pipeline in dump["pipeline"]:
        types = [status["type"] for status in pipeline["statuses"]]
        assert types == sorted(types, key=["active", "won", "lost"].index)
        assert set(types) == {"active", "won", "lost"}
    labels = {row["label"] for row in dump["lead_status"]}
    for view in dump["saved_search"]:
        assert view["type"] == "lead"
        if view["query"].startswith("lead_status"):
            assert set(re.findall(r'"([A-Z][^"]*)"', view["query"])) <= labels
    assert len(dump["saved_search"]) == 6
    assert len(dump["email_template"]) == 8
    assert set(dump["lead"][0]["custom"]) == {"Industry", "Source", "Employees", "Region"}


# ---- lifelike --------------------------------------------------------------------------------------------


def test_it_is_as_large_as_a_year_of_a_small_team(dump: Dump, window: list[Row]) -> None:
    assert 70_000 <= len(window) <= 110_000
    assert 2_600 <= len(dump["lead"]) <= 3_600
    assert 10 <= len(dump["user"]) <= 12
    assert 1_200 <= len(opportunities(dump)) <= 2_000
    kinds = Counter(row["_type"] for row in window)
    least = {
        "Call": 20_000, "Email": 20_000, "SMS": 2_000, "Meeting": 1_500, "Note": 2_000, "TaskCompleted": 2_000,
        "LeadStatusChange": 4_000, "OpportunityStatusChange": 2_000,
    }  # fmt: skip
    assert kinds.keys() == least.keys()
    assert all(kinds[kind] >= number for kind, number in least.items())


def test_a_week_has_its_rhythm(window: list[Row]) -> None:
    calls = Counter(local(row["activity_at"]).weekday() for row in of_type(window, "Call"))
    plain = sum(calls[day] for day in range(4)) / 4
    assert 0.5 * plain < calls[4] < 0.85 * plain
    assert 0 < calls[5] + calls[6] < 0.1 * plain


def test_a_day_has_a_morning_and_an_afternoon(window: list[Row]) -> None:
    hours = Counter(local(row["activity_at"]).hour for row in of_type(window, "Call"))
    assert hours[10] > 1.4 * hours[12] < hours[14]
    assert sum(hours[hour] for hour in range(8, 19)) > 0.98 * hours.total()


def test_holidays_and_the_end_of_the_year_are_quiet(window: list[Row]) -> None:
    by_day = Counter(local(row["activity_at"]).date() for row in of_type(window, "Call"))
    plain = median(by_day[date(2026, 3, 2) + timedelta(days=n)] for n in range(5))
    for holiday in (date(2025, 12, 25), date(2026, 5, 25), date(2026, 9, 7), date(2025, 11, 27), date(2025, 11, 28)):
        assert by_day[holiday] < 0.2 * plain
    assert by_day[date(2025, 12, 29)] < 0.7 * plain
    march, july = (sum(n for day, n in by_day.items() if day.month == month) for month in (3, 7))
    assert july < 0.95 * march


def test_mails_are_opened_and_answered_as_often_as_people_do(window: list[Row]) -> None:
    sent = [row for row in of_type(window, "Email") if row["direction"] == "outgoing" and row["status"] == "sent"]
    assert 0.40 <= share(sent, "opens") <= 0.50
    assert 0.08 <= share(sent, "has_reply") <= 0.12
    assert 0.2 <= share(sent, "sequence_id") <= 0.5
    assert 0.1 <= share(sent, "bulk_email_action_id") <= 0.3
    assert 0.5 <= share(sent, "template_id") <= 0.8


def test_calls_are_short_where_nobody_answers(window: list[Row]) -> None:
    by: dict[str, list[int]] = defaultdict(list)
    for row in of_type(window, "Call"):
        by[row["disposition"]].append(row["duration"])
    assert by.keys() == {"answered", "vm-left", "no-answer", "busy", "error"}
    assert 100 <= median(by["answered"]) <= 160
    assert sum(60 <= seconds <= 240 for seconds in by["answered"]) > 0.7 * len(by["answered"])
    assert max(by["vm-left"]) <= 40
    assert set(by["no-answer"] + by["busy"] + by["error"]) == {0}
    assert {row["call_method"] for row in of_type(window, "Call")} == {"regular", "power", "predictive"}
    assert {row["source"] for row in of_type(window, "Call")} == {"Close.io", "External"}
    assert {row["direction"] for row in of_type(window, "Call")} == {"inbound", "outbound"}


def test_deals_are_won_at_a_likely_rate_after_a_likely_time(dump: Dump) -> None:
    closed = [row for row in opportunities(dump) if row["status_type"] != "active"]
    won = [row for row in closed if row["status_type"] == "won"]
    assert 0.20 <= len(won) / len(closed) <= 0.27
    took = sorted((date.fromisoformat(row["date_won"]) - local(row["date_created"]).date()).days for row in won)
    assert took[len(took) // 20] >= 6
    assert 18 <= median(took) <= 35
    assert took[-1] <= 65
    periods = Counter(row["value_period"] for row in won)
    assert periods.keys() == {"monthly", "annual", "one_time"}
    assert periods["monthly"] == max(periods.values())
    values = [row["value"] for row in opportunities(dump)]
    assert 0.9 < sum(value is not None for value in values) / len(values) < 1
    assert all(value is None or value > 0 for value in values)


def test_people_differ(window: list[Row], dump: Dump) -> None:
    names = {user["id"]: user["first_name"] for user in dump["user"]}
    calls = Counter(names.get(row["user_id"]) for row in of_type(window, "Call"))
    assert calls["Ann"] > 1.2 * calls["Mateo"] > 1.2 * calls["Priya"]
    won = Counter(names.get(row["user_id"]) for row in opportunities(dump) if row["status_type"] == "won")
    assert won["Priya"] > won["Oluwaseun"] > 5


def test_some_weeks_go_badly(window: list[Row], dump: Dump) -> None:
    ann = next(user["id"] for user in dump["user"] if user["email"] == "ann@example.com")
    calls = [local(row["activity_at"]) for row in of_type(window, "Call") if row["user_id"] == ann]
    weeks = Counter(at.isocalendar()[:2] for at in calls)
    plain = median(weeks.values())
    assert 2 <= sum(number < 0.6 * plain for number in weeks.values()) <= 15


# ---- people who come and go ------------------------------------------------------------------------------

PLACE = SEATS.index(next(seat for seat in SEATS if seat.weeks == 40))


def test_a_new_person_does_less_at_first_and_the_one_before_is_removed(tmp_path: Path) -> None:
    before, after = list(holders(PLACE, AS_OF.toordinal() - 280, AS_OF.toordinal()))[-2:]
    start = datetime.combine(date.fromordinal(after.since), datetime.min.time(), NEW_YORK)
    dump = made(tmp_path, start + timedelta(days=100), history=100)
    assert before.id in {member["user_id"] for member in dump["organization"][0]["inactive_memberships"]}
    assert after.id in {user["id"] for user in dump["user"]}
    assert before.id not in {user["id"] for user in dump["user"]}
    times: dict[str, list[datetime]] = defaultdict(list)
    for row in of_type(dump["activity"], "Call"):
        times[row["user_id"]].append(local(row["activity_at"]))
    first, later = (sum(start + timedelta(days=n) <= at < start + timedelta(days=n + 28) for at in times[after.id])
                    for n in (0, 70))  # fmt: skip
    assert 20 < first < 0.75 * later
    assert min(times[after.id]) >= start > max(times[before.id]) + timedelta(days=10)
    user = next(user for user in dump["user"] if user["id"] == after.id)
    assert local(user["date_created"]) == start


def test_while_a_seat_is_vacant_a_teammate_stands_in(tmp_path: Path) -> None:
    person = next(holders(PLACE, AS_OF.toordinal(), AS_OF.toordinal()))
    vacant = datetime.combine(date.fromordinal(person.until + 3), datetime.min.time(), NEW_YORK)
    dump = made(tmp_path, vacant + timedelta(hours=17), history=2)
    removed = {member["user_id"] for member in dump["organization"][0]["inactive_memberships"]}
    assert person.id in removed
    assert removed.isdisjoint(row["user_id"] for row in opportunities(dump) if row["status_type"] == "active")
    late = [row for row in dump["activity"] if row["activity_at"] >= text(vacant)]
    assert late
    assert removed.isdisjoint(row["user_id"] for row in late)


@given(st.dates(date(2018, 1, 1), date(2060, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_on_any_day_somebody_left_within_the_sample_and_no_two_people_share_a_name(day: date) -> None:
    today = day.toordinal()
    people = [person for seat in range(len(SEATS)) for person in holders(seat, today - 520, today)]
    present = [person for person in people if not person.until or person.until > today]
    assert 10 <= len(present) <= 12
    assert 1 <= len(people) - len(present) <= 4
    assert len({person.first_name for person in present}) == len(present)
    assert len({person.id for person in people}) == len(people)
    assert all(person.since <= today for person in people)


# ---- always something to report --------------------------------------------------------------------------

MONDAYS = st.dates(date(2017, 1, 1), date(2060, 12, 31)).map(lambda day: day - timedelta(days=day.weekday()))


@given(MONDAYS, st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_every_week_has_a_win_calls_and_mails(monday: date, seed: int) -> None:
    team = Team(seed)
    start = monday.toordinal()
    sure = journey.grow(team, start - 28, 0)
    won = [move for deal in sure.deals for move in deal.moves if deal.pipeline.stages[move.stage].type == "won"]
    assert start <= won[0].day <= start + 4
    assert days.noon(start) - days.DAY / 2 < won[0].at < days.noon(start + 5) - days.DAY / 2
    grown = [journey.grow(team, day, n) for day in range(start - 7, start) for n in range(journey.births(team, day))]
    week = [event.body for lead in grown for event in lead.events if 0 <= event.at - days.noon(start) < 7 * days.DAY]
    assert {"Call", "Email"} <= {body["_type"] for body in week}


@pytest.mark.slow
@pytest.mark.parametrize("year", range(2018, 2038))
def test_the_last_week_always_has_data(tmp_path: Path, year: int) -> None:
    as_of = datetime(year, 1 + year * 7 % 12, 1 + year * 11 % 28, year % 24, 15, tzinfo=UTC)
    dump = made(tmp_path, as_of, history=14)
    monday = as_of.astimezone(NEW_YORK).date() - timedelta(days=as_of.astimezone(NEW_YORK).weekday() + 7)
    kinds = Counter(
        row["_type"] for row in dump["activity"] if 0 <= (local(row["activity_at"]).date() - monday).days < 7
    )
    assert min(kinds["Call"], kinds["Email"]) > 50
    won = [row["date_won"] for row in opportunities(dump) if row["date_won"]]
    assert any(monday.isoformat() <= day < (monday + timedelta(days=7)).isoformat() for day in won)


@pytest.mark.slow
@pytest.mark.parametrize(("year", "seed"), [(2018, 1), (2024, 7), (2031, 1), (2045, 23)])
def test_other_years_and_seeds_are_as_lifelike(tmp_path: Path, year: int, seed: int) -> None:
    dump = made(tmp_path, AS_OF.replace(year=year), seed=seed)
    closed = Counter(row["status_type"] for row in opportunities(dump))
    assert 0.19 <= closed["won"] / (closed["won"] + closed["lost"]) <= 0.28
    assert 70_000 <= len(dump["activity"]) <= 125_000
    assert 2_600 <= len(dump["lead"]) <= 3_600
