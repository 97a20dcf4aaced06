"""Loading a dump: every rule of the data, bad rows, and what is left when it fails."""

from __future__ import annotations

import base64
import contextlib
import gzip
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine.layout import TABLES
from runner.engine.load import load
from runner.engine.store import Store
from runner.errors import RunnerError
from tests.engine.dumps import Form, Row, write_dump

CORPORA = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
DAY = 86_400_000_000
NEW_YEAR = 1_767_225_600_000_000
"""2026-01-01T00:00:00Z in microseconds."""


def lead(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"lead_{number}", "display_name": f"Lead {number}", "date_created": "2026-01-01T00:00:00Z", **more}


def opportunity(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"oppo_{number}", "lead_id": "lead_1", "date_created": "2026-01-01T00:00:00Z", **more}


def activity(kind: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "_type": kind, "id": f"acti_{number}", "lead_id": "lead_1", "user_id": "user_a",
        "date_created": "2026-01-02T00:00:00Z", **more,
    }  # fmt: skip


def change(number: int, at: str, old: str | None, new: str | None, **more: Any) -> dict[str, Any]:
    return activity("LeadStatusChange", number, date_created=at, old_status_id=old, new_status_id=new, **more)


STATUSES = [{"id": f"stat_{name}", "label": name.upper()} for name in "abc"]
PIPELINES = [
    {
        "id": "pipe_1", "name": "Sales",
        "statuses": [
            {"id": "stat_new", "label": "New", "type": "active"},
            {"id": "stat_won", "label": "Won", "type": "won"},
            {"id": "stat_lost", "label": "Lost", "type": "lost"},
        ],
    }
]  # fmt: skip


class Loaded:
    """Loads dumps into stores of a folder and asks them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = itertools.count()

    def ask(self, sql: str, *, form: Form = "json", **resources: Sequence[Row]) -> list[tuple[Any, ...]]:
        number = next(self._number)
        dump = write_dump(self._folder / f"dump{number}", form=form, **resources)
        load(dump, self._folder / f"store{number}")
        with Store.open(self._folder / f"store{number}") as store:
            return store.execute(sql)


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return Loaded(tmp_path)


# ---- objects


@pytest.mark.parametrize("form", ["json", "ndjson", "json.gz", "ndjson.gz"])
def test_every_form_of_file_loads(loaded: Loaded, form: Form) -> None:
    rows = loaded.ask("SELECT id, name FROM lead ORDER BY no", form=form, lead=[lead(2), lead(1)])
    assert rows == [("lead_1", "Lead 1"), ("lead_2", "Lead 2")]


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2026-01-01T00:00:00Z", 0),
        ("2026-01-01T00:00:00.123456+00:00", 123_456),
        ("2026-01-01 05:30:00+05:30", 0),
        ("2025-12-31T19:00:00-0500", 0),
        ("2026-01-01T00:00:00", 0),
        ("2026-01-01", 0),
    ],
)
def test_moments_are_read_with_their_offset_and_are_utc_without(loaded: Loaded, text: str, microseconds: int) -> None:
    assert loaded.ask("SELECT created FROM lead", lead=[lead(date_created=text)]) == [(NEW_YEAR + microseconds,)]


def test_users_stand_in_the_order_of_the_api_and_unknown_ones_are_removed(loaded: Loaded) -> None:
    rows = loaded.ask(
        "SELECT id, present FROM user_account ORDER BY no",
        user=[
            {"id": "user_z", "first_name": "Zoë", "last_name": "Abel", "email": "z@example.com"},
            {"id": "user_a", "first_name": "Ann", "last_name": "abel", "email": "a@example.com"},
            {"id": "user_n", "first_name": "No", "last_name": None, "email": "n@example.com"},
        ],
        organization=[
            {
                "id": "orga_1",
                "memberships": [{"user_id": "user_m", "user_full_name": "Member", "user_email": "m@example.com"}],
                "inactive_memberships": [{"user_id": "user_r", "user_full_name": "Gone"}],
            }
        ],
        lead=[lead(created_by="user_ghost")],
    )
    assert rows == [("user_m", 1), ("user_n", 1), ("user_z", 1), ("user_a", 1), ("user_ghost", 0), ("user_r", 0)]


def test_a_status_met_only_in_changes_is_deleted_and_comes_last(loaded: Loaded) -> None:
    rows = loaded.ask(
        "SELECT id, label, is_deleted FROM lead_status ORDER BY no",
        lead_status=[*STATUSES, {"id": "stat_d", "label": "D", "is_deleted": True}],
        lead=[lead(status_id="stat_y", status_label="Why")],
        activity=[change(1, "2026-01-02", "stat_x", "stat_a", old_status_label="Ex")],
    )
    assert [row[0] for row in rows] == ["stat_a", "stat_b", "stat_c", "stat_d", "stat_x", "stat_y"]
    assert rows[3:] == [("stat_d", "D", 1), ("stat_x", "Ex", 1), ("stat_y", "Why", 1)]


def test_the_pipeline_and_the_type_of_an_opportunity_come_from_its_status(loaded: Loaded) -> None:
    rows = loaded.ask(
        "SELECT o.status_type, s.pipeline FROM opportunity o JOIN opportunity_status s ON s.no = o.status",
        pipeline=PIPELINES,
        lead=[lead(opportunities=[opportunity(status_id="stat_won")])],
    )
    assert rows == [("won", 0)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({"value": 100, "value_period": "monthly"}, (100, "monthly", 1200, 0), id="monthly"),
        pytest.param({"value": 100, "value_period": "annual", "confidence": 50}, (100, "annual", 100, 50), id="annual"),
        pytest.param({"value": 100.0}, (100, "one_time", 100, 0), id="no period"),
        pytest.param({"value": None, "value_period": "monthly"}, (None, "monthly", 0, 0), id="no value"),
    ],
)
def test_values_are_annualized(loaded: Loaded, more: Row, expected: tuple[Any, ...]) -> None:
    sql = "SELECT value, value_period, annualized, confidence FROM opportunity"
    assert loaded.ask(sql, lead=[lead(opportunities=[opportunity(**more)])]) == [expected]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({"date_won": "2026-01-03"}, (None, 20_456, None, None), id="won on a day"),
        pytest.param({"date_lost": "2026-01-03"}, (None, None, None, 20_456), id="lost on a day"),
        pytest.param({"date_lost": "2026-01-02T00:00:00Z"}, (None, None, NEW_YEAR + DAY, None), id="lost at a moment"),
    ],
)
def test_plain_dates_stay_days(loaded: Loaded, more: Row, expected: tuple[Any, ...]) -> None:
    sql = "SELECT won_ts, won_day, lost_ts, lost_day FROM opportunity"
    assert loaded.ask(sql, lead=[lead(opportunities=[opportunity(**more)])]) == [expected]


def test_without_a_date_the_loss_is_the_last_change_into_a_lost_status(loaded: Loaded) -> None:
    def move(number: int, day: int, old: str, new: str) -> Row:
        return activity(
            "OpportunityStatusChange", number, date_created=f"2026-01-{day:02}", opportunity_id="oppo_1",
            old_status_id=f"stat_{old}", new_status_id=f"stat_{new}",
        )  # fmt: skip

    rows = loaded.ask(
        "SELECT lost_ts FROM opportunity",
        pipeline=PIPELINES,
        lead=[lead(opportunities=[opportunity(status_id="stat_lost")])],
        activity=[move(1, 3, "new", "lost"), move(2, 4, "lost", "new"), move(3, 5, "new", "lost")],
    )
    assert rows == [(NEW_YEAR + 4 * DAY,)]


def test_one_created_as_lost_was_lost_then(loaded: Loaded) -> None:
    objects = [lead(opportunities=[opportunity(status_id="stat_lost")])]
    assert loaded.ask("SELECT lost_ts FROM opportunity", pipeline=PIPELINES, lead=objects) == [(NEW_YEAR,)]


# ---- histories


SPANS = "SELECT p.since, nullif(p.until, 9223372036854775807), s.id, q.id FROM lead_span p JOIN lead_status s ON s.no = p.status LEFT JOIN lead_status q ON q.no = p.previous ORDER BY p.since, p.until"  # noqa: E501 - one statement reads best on one line


@pytest.mark.parametrize(
    ("present", "changes", "expected"),
    [
        pytest.param("a", [], [(0, None, "a", None)], id="no change: the present status since creation"),
        pytest.param("b", [(3, "a", "b")], [(0, 3, "a", None), (3, None, "b", "a")], id="a change"),
        pytest.param(
            "c", [(4, "b", "c"), (3, "a", "b")], [(0, 3, "a", None), (3, 4, "b", "a"), (4, None, "c", "b")], id="sorted"
        ),
        pytest.param("b", [(3, None, "b")], [(0, None, "b", None)], id="first change without an old status"),
        pytest.param("a", [(3, "a", None)], [(0, None, "a", None)], id="a change to nothing is none"),
        pytest.param(
            "b", [(3, "a", "b"), (4, "b", "b")], [(0, 3, "a", None), (3, None, "b", "a")], id="to what it already was"
        ),
        pytest.param(
            "c", [(3, "a", "b"), (4, "a", "c")], [(0, 3, "a", None), (3, 4, "b", "a"), (4, None, "c", "b")],
            id="an old status that contradicts is ignored",
        ),
        pytest.param(
            "b", [(-5, "a", "b")], [(0, 0, "a", None), (0, None, "b", "a")], id="before creation counts as at creation"
        ),
        pytest.param("a", [(3, "b", "c")], [(0, 3, "b", None), (3, None, "c", "b")], id="the history stands"),
    ],
)  # fmt: skip
def test_histories_become_spans(
    loaded: Loaded, present: str, changes: list[tuple[int, str | None, str | None]], expected: list[tuple[Any, ...]]
) -> None:
    def moved(number: int, day: int, old: str | None, new: str | None) -> Row:
        at = f"2026-01-{day + 1:02}" if day >= 0 else "2025-12-27"
        return change(number, at, old and f"stat_{old}", new and f"stat_{new}")

    rows = loaded.ask(
        SPANS,
        lead_status=STATUSES,
        lead=[lead(status_id=f"stat_{present}")],
        activity=[moved(number, *each) for number, each in enumerate(changes)],
    )
    days = [((a - NEW_YEAR) // DAY, b and (b - NEW_YEAR) // DAY, s[-1], q and q[-1]) for a, b, s, q in rows]
    assert days == expected


def test_changes_of_one_moment_follow_their_ids(loaded: Loaded) -> None:
    changes = [change(2, "2026-01-02", "b", "stat_c"), change(1, "2026-01-02", "stat_a", "stat_b")]
    rows = loaded.ask(SPANS, lead_status=STATUSES, lead=[lead(status_id="stat_c")], activity=changes)
    assert [row[2] for row in rows] == ["stat_a", "stat_b", "stat_c"]


# ---- activities


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"direction": "outbound"}, "regular"),
        ({"direction": "outbound", "call_method": "power"}, "power_dialer"),
        ({"direction": "outbound", "call_method": "predictive"}, "predictive_dialer"),
        ({"direction": "outbound", "call_method": "power", "source": "External"}, "external"),
        ({"direction": "inbound", "call_method": "power"}, None),
    ],
)
def test_outbound_calls_have_a_kind(loaded: Loaded, more: Row, kind: str | None) -> None:
    rows = loaded.ask("SELECT kind, duration FROM call", lead=[lead()], activity=[activity("Call", **more)])
    assert rows == [(kind, 0)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, ("manual", NEW_YEAR + DAY, 0), id="without a sent date when it happened"),
        pytest.param(
            {"date_sent": "2026-01-04", "activity_at": "2026-01-03", "opens": [{}]}, ("manual", NEW_YEAR + 3 * DAY, 1),
            id="by sent date",
        ),
        pytest.param(
            {"status": "draft", "date_sent": "2026-01-04", "activity_at": "2026-01-03"},
            ("manual", NEW_YEAR + 2 * DAY, 0), id="not sent: when it happened",
        ),
        pytest.param({"bulk_email_action_id": "bulk_1"}, ("bulk", NEW_YEAR + DAY, 0), id="bulk"),
        pytest.param(
            {"bulk_email_action_id": "b", "sequence_id": "s"}, ("sequences", NEW_YEAR + DAY, 0), id="sequence first"
        ),
        pytest.param({"direction": "incoming", "sequence_id": "s"}, (None, NEW_YEAR + DAY, 0), id="incoming"),
    ],
)  # fmt: skip
def test_emails_have_a_kind_and_the_instant_they_count_at(loaded: Loaded, more: Row, expected: tuple[Any, ...]) -> None:
    sent = {"direction": "outgoing", "status": "sent", **more}
    rows = loaded.ask("SELECT kind, ts, opened FROM email", lead=[lead()], activity=[activity("Email", **sent)])
    assert rows == [expected]


def test_activities_nested_in_leads_take_the_lead_and_strangers_have_none(loaded: Loaded) -> None:
    nested = {key: value for key, value in activity("Note", 1).items() if key != "lead_id"}
    rows = loaded.ask(
        "SELECT n.id, l.id FROM note n LEFT JOIN lead l ON l.no = n.lead ORDER BY n.id",
        lead=[lead(activities=[nested])],
        activity=[activity("Note", 2, lead_id="lead_elsewhere"), activity("Unheard", 3)],
    )
    assert rows == [("acti_1", "lead_1"), ("acti_2", None)]


def test_the_calendar_covers_the_data_with_two_days_to_spare(loaded: Loaded) -> None:
    rows = loaded.ask("SELECT min(day), max(day), count(*) FROM calendar", lead=[lead()])
    assert rows == [(20_452, 20_456, 5)]


def test_the_calendar_counts_weeks_from_both_days_and_months_across_years(loaded: Loaded) -> None:
    sql = "SELECT DISTINCT day, week, sunday_week, month, quarter, year FROM calendar WHERE day BETWEEN 20453 AND 20456"
    assert sorted(loaded.ask(sql, lead=[lead()])) == [
        (20_453, 2922, 2922, 671, 223, 55),
        (20_454, 2922, 2922, 672, 224, 56),
        (20_455, 2922, 2922, 672, 224, 56),
        (20_456, 2922, 2922, 672, 224, 56),
    ]


# ---- the same object twice


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        pytest.param(
            {"date_updated": "2026-02-01", "name": "z"}, {"date_updated": "2026-03-01", "name": "a"}, "a", id="later"
        ),
        pytest.param({"date_updated": None, "name": "z"}, {"date_updated": "2026-03-01", "name": "a"}, "a", id="null"),
        pytest.param({"name": "a"}, {"name": "b"}, "b", id="equal: the greater as canonical JSON"),
        pytest.param(
            {"date_updated": "2026-03-01T01:00:00+02:00", "name": "z"},
            {"date_updated": "2026-03-01T00:00:00Z", "name": "a"}, "a", id="offsets count",
        ),
    ],
)  # fmt: skip
def test_the_later_copy_wins_in_any_order(loaded: Loaded, first: Row, second: Row, name: str) -> None:
    base = {"id": "lead_1", "date_created": "2026-01-01"}
    for rows in ([{**base, **first}, {**base, **second}], [{**base, **second}, {**base, **first}]):
        assert loaded.ask("SELECT name FROM lead", lead=rows) == [(name,)]


def test_what_is_nested_in_an_older_copy_still_counts(loaded: Loaded) -> None:
    older = lead(
        date_updated="2026-01-01", opportunities=[opportunity(1), opportunity(2, date_updated="2026-05-01", value=5)]
    )
    newer = lead(date_updated="2026-02-01", opportunities=[opportunity(2, date_updated="2026-04-01", value=4)])
    rows = loaded.ask("SELECT id, value FROM opportunity ORDER BY id", lead=[older, newer])
    assert rows == [("oppo_1", None), ("oppo_2", 5)]


@settings(max_examples=5, deadline=None)
@given(order=st.permutations(range(6)), form=st.sampled_from(["json", "ndjson", "ndjson.gz"]))
def test_the_order_of_rows_and_the_form_of_files_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], form: Form
) -> None:
    leads = [lead(1, status_id="stat_a"), lead(2), lead(2, name="twin"), lead(3, opportunities=[opportunity(1)])]
    leads += [lead(3, date_updated="2026-04-01", opportunities=[opportunity(1, value=3)]), lead(4)]
    moved = [change(9, "2026-01-02", "stat_a", "stat_b"), change(8, "2026-01-02", "stat_b", "stat_c")]
    activities = [activity("Call", 1), activity("Call", 1, duration=5), *moved, activity("Note", 4), activity("SMS", 5)]

    def tables(folder: Path, order: list[int], form: Form) -> list[object]:
        rows = [leads[place] for place in order], [activities[place] for place in order]
        dump = write_dump(folder / "dump", form=form, lead_status=STATUSES, lead=rows[0], activity=rows[1])
        load(dump, folder / "store")
        with Store.open(folder / "store") as store:
            return [store.execute(f"SELECT * FROM {table}") for table in TABLES]

    folder = tmp_path_factory.mktemp("order")
    assert tables(folder / "a", order, form) == tables(folder / "b", list(range(6)), "json")


# ---- bad rows


BAD: list[tuple[str, str, str]] = [
    ("[]", "", "not an object"),
    ('{"date_created": "2026-01-01"}', "", "no id"),
    ('{"id": 5, "date_created": "2026-01-01"}', "", "id is not text that is not empty"),
    ('{"id": "lead_x"}', "lead_x", "no date_created"),
    ('{"id": "lead_x", "date_created": "2026-02-30"}', "lead_x", "date_created is not an ISO 8601 date or datetime"),
    ('{"id": "lead_x", "date_created": "yesterday"}', "lead_x", "date_created is not an ISO 8601 date or datetime"),
    ('{"id": "lead_x", "date_created": "2026-01-01", "name": 7}', "lead_x", "name is not text"),
    ('{"id": "lead_x", "date_created": "2026-01-01", "opportunities": {}}', "lead_x", "opportunities is not a list"),
    (
        '{"id": "lead_y", "date_created": "2026-01-01", '
        '"opportunities": [{"id": "oppo_x", "date_created": "2026-01-01", "value": 1.5}]}',
        "oppo_x", "value is not a whole number",
    ),
    (
        '{"id": "lead_y", "date_created": "2026-01-01", "activities": [{"_type": "Note", "id": "acti_x"}]}',
        "acti_x", "no date",
    ),
    ('{"id": "lead_x", "date_created": "2026-01-01", "name": "\\ud800"}', "lead_x", "name is not text"),
    ('{"id": "lead_x", ', "", "not JSON"),
    ('{"id": NaN}', "", "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "identity", "reason"), BAD)
def test_a_bad_row_stops_the_load_with_its_file_line_and_id(
    tmp_path: Path, text: str, identity: str, reason: str
) -> None:
    (tmp_path / "dump").mkdir()
    good = json.dumps(lead(1))
    (tmp_path / "dump" / "lead.ndjson").write_text(f"{good}\n\n{text}\n{json.dumps(lead(2))}\n")
    with pytest.raises(RunnerError) as caught:
        load(tmp_path / "dump", tmp_path / "store")
    assert f"lead.ndjson:3: {identity or 'a row without an id'}: {reason}" in str(caught.value)
    assert list(tmp_path.iterdir()) == [tmp_path / "dump"]

    loaded = load(tmp_path / "dump", tmp_path / "store", skip_bad=True)
    (row,) = loaded.skipped
    assert (row.file, row.line, row.id) == ("lead.ndjson", 3, identity)
    assert row.reason.startswith(reason)
    with Store.open(tmp_path / "store") as store:
        kept = {name for (name,) in store.execute("SELECT id FROM lead")}
    assert kept >= {"lead_1", "lead_2"}


def test_in_an_array_the_line_is_where_the_row_begins(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    rows = [json.dumps(lead(1), indent=1), '{"id": "lead_x"}', json.dumps(lead(2))]
    (tmp_path / "dump" / "lead.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
    with pytest.raises(RunnerError, match=r"lead\.json:7: lead_x: no date_created"):
        load(tmp_path / "dump", tmp_path / "store")


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    write_dump(tmp_path / "dump", form="ndjson", lead=[{"id": f"lead_{n}"} for n in range(25)])
    with pytest.raises(RunnerError, match=r"(?s)25 rows cannot be loaded.*and 5 more"):
        load(tmp_path / "dump", tmp_path / "store")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({}, "no data; a dump has files such as", id="nothing"),
        pytest.param({"lead.json": b"[]", "lead.ndjson": b""}, "both lead.json and lead.ndjson", id="two of one"),
        pytest.param({"lead.json.gz": gzip.compress(b"[]")[:-6]}, "damaged", id="gzip cut short"),
        pytest.param({"lead.json.gz": b"[]"}, "damaged", id="no gzip"),
        pytest.param({"lead.json": b'[{"id": "lead_1"'}, "not JSON", id="array cut short"),
        pytest.param({"lead.json": b"["}, "not closed", id="array not closed"),
    ],
)
def test_a_dump_that_cannot_be_read_is_said_and_leaves_nothing(
    tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    (tmp_path / "dump").mkdir()
    for name, content in files.items():
        (tmp_path / "dump" / name).write_bytes(content)
    with pytest.raises(RunnerError, match=said):
        load(tmp_path / "dump", tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_byte_order_marks_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    text = "\ufeff" + "\r\n".join(json.dumps(lead(number)) for number in (1, 2)) + "\r\n"
    (tmp_path / "dump" / "lead.ndjson").write_text(text, encoding="utf-8", newline="")
    assert load(tmp_path / "dump", tmp_path / "store").rows["lead"] == 2


def test_a_failed_load_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    load(write_dump(tmp_path / "good", lead=[lead()]), tmp_path / "store")
    before = {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()}
    with pytest.raises(RunnerError):
        load(write_dump(tmp_path / "bad", lead=[{"id": "lead_2"}]), tmp_path / "store")
    assert {path.name: path.read_bytes() for path in (tmp_path / "store").iterdir()} == before
    load(write_dump(tmp_path / "better", lead=[lead(1), lead(2)]), tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        assert store.execute("SELECT count(*) FROM lead") == [(2,)]


def test_a_folder_with_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "letter.txt").write_text("dear")
    with pytest.raises(RunnerError, match="holds other things than a store"):
        load(write_dump(tmp_path / "dump", lead=[lead()]), tmp_path / "store")
    assert (tmp_path / "store" / "letter.txt").read_text() == "dear"


# ---- hostile input


def corpus(name: str) -> list[Any]:
    path = CORPORA / f"{name}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora of bad input are not here")
def test_hostile_names_come_back_as_they_were(loaded: Loaded) -> None:
    names = sorted({*corpus("naughty-strings"), *corpus("sql-injection")} - {""})
    rows = loaded.ask(
        "SELECT l.id, l.name, s.label FROM lead l JOIN lead_status s ON s.no = l.status",
        lead=[lead(id=name, display_name=name, status_id=name, status_label=name) for name in names],
    )
    assert sorted(rows) == [(name, name, name) for name in names]


@pytest.mark.parametrize("folder", ["it's", "[a-c]*?", "sp ace", "ünï", "; DROP TABLE lead"])
def test_hostile_folder_names_are_only_names(tmp_path: Path, folder: str) -> None:
    dump = write_dump(tmp_path / folder, lead=[lead()])
    target = tmp_path / f"{folder} store".replace("?", "")
    load(dump, target)
    with Store.open(target) as store:
        assert store.execute("SELECT id FROM lead") == [("lead_1",)]


def test_a_store_s_path_cannot_have_a_question_mark(tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match="cannot have a '\\?'"):
        load(write_dump(tmp_path / "dump", lead=[lead()]), tmp_path / "store?")


JSON_FILES = [pytest.param(base64.b64decode(case["base64"]), id=case["name"]) for case in corpus("json-parsing")]


@pytest.mark.slow
@pytest.mark.parametrize("content", JSON_FILES)
def test_a_file_without_a_lead_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "lead.json").write_bytes(content)
    with contextlib.suppress(RunnerError):
        assert load(tmp_path / "dump", tmp_path / "store").rows["lead"] == 0
