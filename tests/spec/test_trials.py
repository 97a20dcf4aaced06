"""Files of tests: what they mean, and where they are wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from runner import source, spec
from runner.errors import DefinitionError
from runner.model import Trial

ZONE = ZoneInfo("America/New_York")
GOOD = """\
tests:
  a-week:
    description: The week of Thanksgiving.
    as_of: 2026-11-23
    given: {dump: data/small}
    expect:
      period: 2026-W47
      failed: [other]
      checks: {calls-hold-up: fails}
      sentences: [Ann leads]
      cells:
        - {job: calls, column: count, value: 42}
        - {job: calls, table: stages, row: Ann, column: count, value: null, before: "$1"}
  recorded:
    given: {recording: recordings/week-47}
    expect: {period: 2026}
  sample:
    as_of: 2026-11-23T08:00:00+01:00
    expect: {period: 2026-W47}
"""


def read(text: str) -> tuple[Trial, ...]:
    return spec.read_trials(source.read("reports/weekly.test.yaml", text.encode()), ZONE)


def wrong(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    found = caught.value.problems
    return [f"{one.location.line}:{one.location.column} {one.rule}" for one in found]


def test_a_file_of_tests_means_what_it_says() -> None:
    week, recorded, sample = read(GOOD)
    assert (week.name, week.dump, week.recording, week.period) == ("a-week", "data/small", "", "2026-W47")
    assert week.as_of == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert (week.failed, week.sentences) == (("other",), ("Ann leads",))
    assert week.checks == {"calls-hold-up": "fails"}
    total, row = week.cells
    assert (total.job, total.row, total.table, total.column, total.value, total.compared) == (
        *("calls", "", "", "count", 42),
        False,
    )
    assert (row.row, row.table, row.value, row.before, row.compared) == ("Ann", "stages", None, "$1", True)
    assert week.source.location(row.place).line == 13
    assert (recorded.as_of, recorded.recording, recorded.period) == (None, "recordings/week-47", "2026")
    assert sample.as_of == datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("tests:\n", "test:\n", ["1:1 unknown-key"], id="no tests"),
        pytest.param("  a-week:", "  A week:", ["2:3 key-name"], id="a name"),
        pytest.param("    as_of: 2026-11-23\n", "", ["2:3 missing-key"], id="no instant"),
        pytest.param("as_of: 2026-11-23\n", "as_of: 2026-02-30\n", ["4:12 calendar"], id="no day"),
        pytest.param("as_of: 2026-11-23\n", "as_of: yesterday\n", ["4:12 pattern"], id="no moment"),
        pytest.param("dump: data/small", "dump: /data", ["5:19 pattern"], id="elsewhere"),
        pytest.param("dump: data/small", "dump: data/../../x", ["5:19 pattern"], id="outside"),
        pytest.param("{dump: data/small}", "{dump: a, recording: b}", ["5:22 max-properties"], id="two givens"),
        pytest.param("{dump: data/small}", "sample", ["5:12 type"], id="a word"),
        pytest.param("value: 42", "valeu: 42", ["12:39 unknown-key"], id="a key"),
        pytest.param("value: 42", "value: true", ["12:46 type"], id="a value"),
        pytest.param("expect: {period: 2026}", "expect: {}", ["16:13 min-properties"], id="nothing"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(old: str, new: str, expected: list[str]) -> None:
    assert old in GOOD
    found = wrong(GOOD.replace(old, new))
    assert found == expected


def test_everything_wrong_is_told_at_once() -> None:
    found = wrong(GOOD.replace("period: 2026-W47\n", "peroid: 2026-W47\n").replace("job: calls, column", "column"))
    assert found == ["7:7 unknown-key", "12:11 missing-key"]
