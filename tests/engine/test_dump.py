"""Dumps at their edges: odd values and dates, copies that nearly agree, files that are no plain rows, and size."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine import moments
from runner.engine.load import fields, load
from runner.engine.store import Store
from runner.errors import RunnerError
from tests.engine.dumps import Form, Row, write_dump

Rows = list[dict[str, Any]]


def lead(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"lead_{number}", "display_name": f"Lead {number}", "date_created": "2026-01-01T00:00:00Z", **more}


def opportunity(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"oppo_{number}", "date_created": "2026-01-01T00:00:00Z", **more}


def activity(kind: str, **more: Any) -> dict[str, Any]:
    return {"_type": kind, "id": "acti_1", "date_created": "2026-01-02T00:00:00Z", **more}


def ask(folder: Path, sql: str, **resources: Rows) -> list[tuple[Any, ...]]:
    """What SQL finds in the store of a dump of these rows."""
    load(write_dump(folder / "dump", form="json", **resources), folder / "store")
    with Store.open(folder / "store") as store:
        return store.execute(sql)


# ---- values


def test_a_call_without_a_direction_has_no_kind(tmp_path: Path) -> None:
    assert ask(tmp_path, "SELECT kind, direction FROM call", activity=[activity("Call")]) == [(None, None)]


def test_many_users_load_at_once(tmp_path: Path) -> None:
    members = [{"user_id": f"user_{number:05}", "user_full_name": f"Name {number}"} for number in range(5_000)]
    organization = {"id": "orga_1", "memberships": [{"user_id": "user_m"}], "inactive_memberships": members}
    rows = ask(
        tmp_path, "SELECT count(*), min(full_name), max(no) FROM user_account WHERE present = 0",
        organization=[organization],
    )  # fmt: skip
    assert rows == [(5_000, "Name 0", 5_000)]


def test_a_status_two_pipelines_list_belongs_to_the_first(tmp_path: Path) -> None:
    statuses = [{"id": "stat_won", "label": "Won", "type": "won"}]
    rows = ask(
        tmp_path, "SELECT o.id, s.pipeline FROM opportunity o JOIN opportunity_status s ON s.no = o.status",
        pipeline=[{"id": "pipe_1", "statuses": statuses}, {"id": "pipe_2", "statuses": statuses}],
        lead=[lead(opportunities=[opportunity(status_id="stat_won")])],
    )  # fmt: skip
    assert rows == [("oppo_1", 0)]


def test_a_date_in_a_far_century_adds_its_own_days_only(tmp_path: Path) -> None:
    objects = [lead(opportunities=[opportunity(1, date_won="0202-06-01"), opportunity(2, date_won="9998-12-31")])]
    rows = ask(tmp_path, "SELECT count(*), min(year), max(year) FROM calendar", lead=objects)
    assert rows == [(3 * 5, 202 - 1970, 9999 - 1970)]


def test_moments_before_1970_are_rounded_down_like_the_others(tmp_path: Path) -> None:
    sql = (
        "SELECT c.day, c.week, c.sunday_week, c.month, c.quarter, c.year "
        "FROM lead l JOIN calendar c ON c.day = l.created_day"
    )
    assert ask(tmp_path, sql, lead=[lead(date_created="1969-12-28T23:59:59Z")]) == [(-4, -1, 0, -1, -1, -1)]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
            st.datetimes().map(lambda moment: moment.isoformat(" ", "minutes") + "+0530"),
            st.dates().map(str),
            st.from_regex(
                r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,10})?Z", fullmatch=True
            ),
            st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat(timespec="microseconds")),
            st.from_regex(r"20[0-9 ]{2}-1[0-2 ]-1[0-9T]T1[0-9 ]:1[0-9:]:1[0-9.]\.[0-9 +Z]{6}\+00:00", fullmatch=True),
            st.from_regex(
                r"20[0-9]{2}-0[0-9]-1[0-9]([T ][01][0-9]:[0-5][0-9]([+-][0-2][0-9]:?[0-9]{2})?)?\n?", fullmatch=True
            ),
        ),
        max_size=50,
    )
)
def test_sql_and_python_read_the_same_moments(texts: list[str]) -> None:
    first, last = (moments.stored(f"{year:04}-01-01") for year in (fields.YEARS.start, fields.YEARS.stop - 1))
    last += 365 * moments.DAY
    sql = f"SELECT {fields.value('moment', 'm')} FROM (SELECT to_json(unnest(?::VARCHAR[])) AS m)"
    with duckdb.connect() as connection:
        found = [value for (value,) in connection.execute("SET TimeZone = 'UTC'").execute(sql, [texts]).fetchall()]
    read = [value if value is not None and first <= value < last else None for value in found]
    good = [not fields.fault("lead", lead(date_created=text)) for text in texts]
    expected = [
        moments.from_datetime(fields.instant(text)) if fine else None for text, fine in zip(texts, good, strict=True)
    ]
    assert read == expected


BAD_LEADS: list[tuple[str, str, str]] = [
    ('{"id": "lead_x", "date_created": "2026-01-01T24:00:00Z"}', "lead_x", "date_created is not an ISO 8601"),
    ('{"id": "lead_x", "date_created": "0001-01-01"}', "lead_x", "date_created is not an ISO 8601"),
    ('{"id": "lead_x", "date_created": "9999-12-31T23:00:00-05:00"}', "lead_x", "date_created is not an ISO 8601"),
    ('{"id": "lead_y", "date_created": "2026-01-01", "opportunities": [null]}', "", "not an object"),
    (
        '{"id": "lead_y", "date_created": "2026-01-01", '
        '"opportunities": [{"id": "oppo_x", "date_created": "2026-01-01", "confidence": 101}]}',
        "oppo_x", "confidence is not a whole number from 0 to 100",
    ),
    (
        '{"id": "lead_y", "date_created": "2026-01-01", '
        '"opportunities": [{"id": "oppo_x", "date_created": "2026-01-01", "value": 1234567890123456}]}',
        "oppo_x", "value is not a whole number of at most 15 digits",
    ),
    ('{"id": "lead_y", "date_created": "2026-01-01", "activities": [{"id": "acti_x"}]}', "acti_x", "no _type"),
    ("null", "", "not an object"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "identity", "reason"), BAD_LEADS)
def test_what_has_no_place_in_the_store_is_told(tmp_path: Path, text: str, identity: str, reason: str) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "lead.ndjson").write_text(text)
    with pytest.raises(RunnerError, match=f"lead.ndjson:1: {identity or 'a row without an id'}: {reason}"):
        load(tmp_path / "dump", tmp_path / "store")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param({"_type": "Created", "source": {}, "opens": 5}, "", id="a type that is passed over"),
        pytest.param(activity("Note", duration="x"), "", id="a field its type does not have"),
        pytest.param(activity("Call", duration="x"), "duration is not a whole number", id="a field its type has"),
        pytest.param({"_type": "Email", "id": "acti_1", "date_sent": "2026-01-01"}, "", id="its type's own date"),
        pytest.param({"_type": "Call", "id": "acti_1", "date_sent": "2026-01-01"}, "no date", id="another's date"),
    ],
)
def test_an_activity_is_judged_by_the_fields_of_its_type(tmp_path: Path, row: Row, said: str) -> None:
    dump = write_dump(tmp_path / "dump", form="ndjson", activity=[row])
    with pytest.raises(RunnerError, match=f"activity.ndjson:1: acti_1: {said}") if said else contextlib.nullcontext():
        load(dump, tmp_path / "store")
    beside_a_bad_one = write_dump(tmp_path / "bad", form="ndjson", activity=[row, {"_type": "Note"}])
    skipped = load(beside_a_bad_one, tmp_path / "store", skip_bad=True).skipped
    assert [bad.line for bad in skipped] == ([1, 2] if said else [2])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"memberships": [5]}, "memberships: not an object", id="member"),
        pytest.param({"memberships": [{"user_id": 5}]}, "memberships: user_id is not text", id="member's id"),
        pytest.param({"memberships": {}}, "memberships is not a list", id="members"),
        pytest.param({"date_updated": "soon"}, "date_updated is not an ISO 8601", id="updated"),
    ],
)
def test_a_bad_row_of_a_small_file_is_told_too(tmp_path: Path, more: Row, reason: str) -> None:
    dump = write_dump(tmp_path / "dump", organization=[{"id": "orga_1", **more}], lead=[lead()])
    with pytest.raises(RunnerError, match=f"organization.json:1: orga_1: {reason}"):
        load(dump, tmp_path / "store")
    assert [bad.id for bad in load(dump, tmp_path / "store", skip_bad=True).skipped] == ["orga_1"]


# ---- copies of one object


@pytest.mark.parametrize(
    "stranger", [[], [activity("Created", date_updated="2026-09-09", aaa=3)]], ids=["", "stranger"]
)
def test_copies_of_one_moment_are_told_apart_by_what_we_do_not_read_too(tmp_path: Path, stranger: Rows) -> None:
    nested, flat = activity("Call", duration=5, lead_id="lead_1", aaa=2), activity("Call", duration=9, aaa=1)
    rows = ask(
        tmp_path, "SELECT duration FROM call", lead=[lead(activities=[nested])], activity=[flat, *stranger]
    )  # fmt: skip
    assert rows == [(5,)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_where_copies_are_equal_the_lead_they_lie_in_decides(tmp_path: Path, order: tuple[int, ...]) -> None:
    leads = [lead(number, activities=[activity("Note")]) for number in order]
    assert ask(tmp_path, "SELECT l.id FROM note n JOIN lead l ON l.no = n.lead", lead=leads) == [("lead_2",)]


def test_copies_nested_too_deep_to_compare_are_said(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    deep = '{"id": "lead_1", "date_created": "2026-01-01", "name": "%s", "z": ' + "[" * 3_000 + "]" * 3_000 + "}\n"
    (tmp_path / "dump" / "lead.ndjson").write_text(deep % "a" + deep % "b")
    with pytest.raises(RunnerError, match="lead_1: nested too deep"):
        load(tmp_path / "dump", tmp_path / "store")


def test_of_doubled_keys_the_last_counts(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    text = '{"id": "lead_1", "id": "lead_2", "date_created": "2026-01-01"}'
    (tmp_path / "dump" / "lead.ndjson").write_text(text)
    load(tmp_path / "dump", tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        assert store.execute("SELECT id FROM lead") == [("lead_2",)]


# ---- files


def test_a_page_of_the_api_stands_for_its_rows(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    for name, rows in {"lead": [lead(1), lead(2)], "user": [{"id": "user_a"}]}.items():
        page = json.dumps({"has_more": False, "data": rows}, indent=1)
        (tmp_path / "dump" / f"{name}.json").write_text(page)
    loaded = load(tmp_path / "dump", tmp_path / "store").rows
    assert (loaded["lead"], loaded["user_account"]) == (2, 1)


def test_half_a_surrogate_pair_in_what_we_do_not_read_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "user.json").write_text(json.dumps([{"id": "user_a", "image": "\ud83d"}]))
    (tmp_path / "dump" / "lead.ndjson").write_text(json.dumps(lead(description="\ud83d")))
    assert load(tmp_path / "dump", tmp_path / "store").skipped == ()
    with Store.open(tmp_path / "store") as store:
        assert store.resources("user") == [{"id": "user_a", "image": "\ud83d"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "lead.json: empty", id="nothing in a file that is no NDJSON"),
        pytest.param(b'[{"id": "\xff"}]', "lead.json:1: .*: id is not text", id="not UTF-8"),
        pytest.param(b'[{"id": "lead_1", "x": 1e999}]', "lead.json:1: .*: not JSON: a number beyond", id="number"),
    ],
)
def test_what_is_no_json_of_rows_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "lead.json").write_bytes(content)
    with pytest.raises(RunnerError, match=said):
        load(tmp_path / "dump", tmp_path / "store")


def test_folders_that_are_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match="absent: cannot be read: No such file"):
        load(tmp_path / "absent", tmp_path / "store")
    dump = write_dump(tmp_path / "dump", lead=[lead()])
    with pytest.raises(RunnerError, match="could not be written"):
        load(dump, dump / "lead.json" / "store")


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump", lead=[lead()], activities=[])
    (dump / "notes.txt").write_text("")
    assert load(dump, tmp_path / "store").ignored == ("activities.json", "notes.txt")


# ---- on the way


def test_progress_is_told_in_bytes_of_each_file_and_then_in_tables(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    dump = write_dump(tmp_path / "dump", lead=[lead()], activity=[activity("Call")])
    load(dump, tmp_path / "store", progress=lambda *step: told.append(step))
    sizes = {path.name: path.stat().st_size for path in dump.iterdir()}
    assert [step for step in told if step[1] == step[2]] == [
        ("lead.json", sizes["lead.json"], sizes["lead.json"]),
        ("activity.json", sizes["activity.json"], sizes["activity.json"]),
        ("tables", 17, 17),
    ]
    assert all(0 <= done <= total for _, done, total in told)


def test_an_interrupted_load_leaves_the_old_store_and_nothing_else(tmp_path: Path) -> None:
    def interrupt(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    dump = write_dump(tmp_path / "dump", lead=[lead()])
    load(dump, tmp_path / "store")
    before = {path: path.read_bytes() for path in (tmp_path / "store").iterdir()}
    with pytest.raises(KeyboardInterrupt):
        load(dump, tmp_path / "store", progress=interrupt)
    assert {path: path.read_bytes() for path in (tmp_path / "store").iterdir()} == before
    assert sorted(tmp_path.iterdir()) == [dump, tmp_path / "store"]


STATUS = Path("/proc/self/status")

_PEAK = f"""
import pathlib, re, sys
from runner.engine.load import load
load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
print(re.search(r"VmHWM:\\s*([0-9]+) kB", pathlib.Path("{STATUS}").read_text())[1])
"""
"""Prints the peak of this program's own memory; ``ru_maxrss`` would count that of the process it was started from."""


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells a program's own peak")
@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_memory_does_not_grow_with_the_dump(tmp_path: Path, form: Form) -> None:
    dump = write_dump(tmp_path / "dump", lead=[lead()])
    with (dump / f"activity.{form}").open("w") as out:
        for number in range(300_000):
            row = json.dumps(activity("Call", duration=number % 900, note="x" * 400) | {"id": f"acti_{number}"})
            out.write(row + "\n" if form == "ndjson" else ("," if number else "[") + row)
        out.write("]" if form == "json" else "")
    run = subprocess.run(
        [sys.executable, "-c", _PEAK, str(dump), str(tmp_path / "store")], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 400 * 1024
