"""What a digest says beside what a test expects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from runner import source, spec, trial
from runner.model import Cell, Column, Digest, FailedSection, Period, Row, Section, Table, Unit

ZONE = ZoneInfo("America/New_York")
WEEK = Period("2026-W47", datetime(2026, 11, 16, tzinfo=ZONE), datetime(2026, 11, 23, tzinfo=ZONE))
BEFORE = Period("2026-W46", datetime(2026, 11, 9, tzinfo=ZONE), WEEK.start or WEEK.end)
COLUMNS = (
    Column("calls.count", "Calls", Unit.COUNT),
    Column("won.value", "Won", Unit.MONEY),
    Column("calls.duration", "Talk", Unit.SECONDS),
    Column("rate", "Rate", Unit.FRACTION),
)
ANN = Row("user_1", "Ann Lee", (Cell(42, (40,)), Cell(125050, (-125050,)), Cell(11520, (None,)), Cell(0.25, (None,))))
BOB = Row("user_2", "Bob", (Cell(None, (1,)), Cell(0, (0,)), Cell(0, (0,)), Cell(1 / 3, (0.5,))))
TABLE = Table("people", "People", Column("user", "User", Unit.TEXT), COLUMNS, (ANN, BOB), ANN)
DIGEST = Digest(
    name="weekly",
    title="Weekly",
    description="",
    timezone="America/New_York",
    locale="en_US",
    currency="USD",
    period=WEEK,
    compared=(BEFORE,),
    as_of=datetime(2026, 11, 23, 5, tzinfo=UTC),
    definition="reports/weekly.yaml",
    requests=1,
    sample=True,
    sections=(Section("people", "People", WEEK, (BEFORE,), (TABLE,)),),
)


def found(expect: str, digest: Digest = DIGEST, text: str = "") -> list[str]:
    """Line, rule and message of what is not as expected; the expectations begin in line 5."""
    written = "".join(f"      {line}\n" for line in expect.splitlines())
    file = f"tests:\n  a:\n    as_of: 2026-11-23\n    expect:\n{written}"
    (one,) = spec.read_trials(source.read("weekly.test.yaml", file.encode()), ZONE)
    problems = trial.judge(one, digest, text)
    return [f"{problem.location.line} [{problem.rule}] {problem.message}" for problem in problems]


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("column: calls.count, value: 42, before: 40", id="a total"),
        pytest.param("row: Ann Lee, column: Calls, value: 42", id="by names"),
        pytest.param("row: ann lee, column: calls, value: 42", id="in any case"),
        pytest.param("row: user_1, column: calls.count, value: '42'", id="by IDs, as shown"),
        pytest.param("column: won.value, value: 1250.5, before: -1250.5", id="money in whole units"),
        pytest.param('column: won.value, value: "$1,251", before: "-$1,251"', id="money as shown"),
        pytest.param("column: calls.duration, value: 11520, before: null", id="seconds"),
        pytest.param("column: calls.duration, value: 3 h 12 min", id="a time as shown"),
        pytest.param("column: rate, value: 0.25", id="a fraction"),
        pytest.param("column: rate, value: 25.0%", id="per cent as shown"),
        pytest.param("row: Bob, column: calls.count, value: null, before: 1", id="missing"),
        pytest.param("row: Bob, column: rate, value: 33.3%, before: 50.0%", id="rounded as shown"),
        pytest.param("table: people, row: Bob, column: won.value, value: 0", id="nought, in a table by its key"),
    ],
)
def test_a_cell_that_is_as_expected_is_not_told(cell: str) -> None:
    assert found(f"cells:\n  - {{job: people, {cell}}}") == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param("column: calls.count, value: 41", "people: total, Calls is 42, not 41", id="another number"),
        pytest.param("column: calls.count, value: null", "people: total, Calls is 42, not missing", id="there"),
        pytest.param("row: Bob, column: Calls, value: 0", "people: Bob, Calls is –, not 0", id="missing is not 0"),
        pytest.param("column: won.value, value: 1250", "total, Won is $1,251 (1250.5), not 1250", id="exactly"),
        pytest.param("column: won.value, value: 125050", "total, Won is $1,251 (1250.5), not 125050", id="cents"),
        pytest.param('column: Won, value: "$1,250"', "total, Won is $1,251, not '$1,250'", id="as shown"),
        pytest.param("column: Calls, value: 42, before: 39", "people: total, Calls was 40, not 39", id="before"),
        pytest.param("row: Bob, column: Rate, value: 0.333", "Rate is 33.3% (0.3333333333), not 0.333", id="a rate"),
        pytest.param("column: Cals, value: 42", "there is no column 'Cals'; did you mean 'Calls'?", id="no column"),
        pytest.param("row: Rob, column: Calls, value: 42", "there is no row 'Rob'; did you mean 'Bob'?", id="no row"),
        pytest.param("table: x, column: Calls, value: 42", "job 'people' has no table 'x'; there is", id="no table"),
    ],
)
def test_a_cell_that_is_not_is_told_with_what_it_is(cell: str, said: str) -> None:
    (one,) = found(f"cells:\n  - {{job: people, {cell}}}")
    assert one.startswith("6 [cell] ")
    assert said in one


def test_a_job_that_is_not_there_is_told() -> None:
    (said,) = found("cells:\n  - {job: pepole, column: Calls, value: 42}")
    assert said == "6 [cell] weekly has no job 'pepole'; did you mean 'people'?"


def test_the_period_is_that_of_the_digest() -> None:
    assert found("period: 2026-W47") == []
    assert found("period: 2026-W46") == ["5 [period] the digest is of 2026-W47, not of 2026-W46"]


def test_a_sentence_may_be_on_several_lines() -> None:
    assert found("sentences: [Calls peaked on Tue (42)]", text="x Calls\n peaked on\N{NO-BREAK SPACE}Tue\n(42).") == []
    assert found("sentences: [Calls peaked on Mon]", text="Calls peaked on Tue") == [
        "5 [sentence] the digest does not say this"
    ]


def test_a_job_fails_where_that_is_expected_and_nowhere_else() -> None:
    broken = replace(DIGEST, sections=(*DIGEST.sections, FailedSection("other", "Other", "no such metric")))
    assert found("failed: [other]", broken) == []
    assert found("period: 2026-W47", broken) == ["2 [job-failed] job 'other' failed: no such metric"]
    assert found("failed: [people]", broken) == [
        "2 [job-failed] job 'other' failed: no such metric",
        "5 [job-failed] job 'people' did not fail",
    ]
    assert "had failed" in found("cells:\n  - {job: other, column: Calls, value: 1}", broken)[1]


def test_all_is_told_in_file_order() -> None:
    told = found(
        "sentences: [not said]\nperiod: 2026-W46\ncells:\n  - {job: people, column: Calls, value: 1}", text="yes"
    )
    assert [one.split()[0] for one in told] == ["5", "6", "8"]
