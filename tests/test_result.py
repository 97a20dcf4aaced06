"""``result.json`` is a file to review: sorted, a number a line; it keeps the definition it was made with."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from runner import endpoints, result, source, spec
from runner.errors import RunnerError
from runner.model import Answer, Plan
from tests.endpoints.made import AS_OF

DEFINITION = """\
title: Calls
timezone: America/New_York
defaults: {range: 2026-W47}
jobs:
  people:
    endpoint: activity
    type: comparison
    users: [user_2, user_1]
    metrics:
      - calls.all.all.count
"""

NUMBERS = {
    "data": [{"user_id": "user_2", "calls.all.all.count": 7}, {"user_id": "user_1", "calls.all.all.count": 5}],
    "aggregations": {"totals": {"calls.all.all.count": 12}},
    "queries": {"leads": {"calls.all.all.count": ["call(user in (user_1, user_2))"]}},
}


def plan() -> Plan:
    made, _ = spec.read(source.read("reports/calls.yaml", DEFINITION.encode()))
    return endpoints.plan(made, AS_OF)


def text(numbers: Any) -> str:
    made = plan()
    answers = {ask.query.key: Answer(numbers if ask.period else {"metrics": []}) for ask in made.asks}
    return result.document(made, answers, sample=False).content.decode()


def test_one_other_number_is_one_other_line() -> None:
    other = json.loads(json.dumps(NUMBERS))
    other["data"][1]["calls.all.all.count"] = 6
    lines = difflib.unified_diff(text(NUMBERS).splitlines(), text(other).splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert [line.split() for line in changed] == [
        ["-", '"calls.all.all.count":', "5,"],
        ["+", '"calls.all.all.count":', "6,"],
    ]


def test_it_is_the_same_text_in_whatever_order_a_service_answers() -> None:
    backwards = {key: NUMBERS[key] for key in reversed(NUMBERS)}
    assert text(backwards) == text(NUMBERS)
    assert text(NUMBERS).endswith("}\n")


def test_no_line_has_two_numbers() -> None:
    for line in text({**NUMBERS, "series": [[1, 2.5], [-3, 4]]}).splitlines():
        assert len(re.findall(r"-?[0-9.]+", re.sub(r'"[^"]*"', "", line))) <= 1, line


def test_the_definition_is_kept_and_asks_the_same(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(text(NUMBERS))
    kept = result.read(file)
    again = result.definition(kept, "https://app.example.com")
    assert again is not None
    assert (kept.report, kept.period) == ("calls", "2026-W47")
    made = endpoints.plan(again, kept.as_of)
    assert [ask.query for ask in made.asks] == [ask.query for ask in plan().asks]
    assert again.source.text == DEFINITION
    assert str(again.source.location(again.jobs[0].places["metrics"])) == "reports/calls.yaml:10:7"
    digest = endpoints.digest(made, result.answers(kept, made), sample=False)
    assert digest.sections == endpoints.digest(plan(), result.answers(kept, plan()), sample=False).sections


def test_a_file_without_a_definition_is_still_read(tmp_path: Path) -> None:
    kept = json.loads(text(NUMBERS))
    del kept["definition"]
    read = result.parse(tmp_path / "result.json", json.dumps(kept).encode())
    assert (result.definition(read, ""), read.revision) == (None, "")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"jobs": 1}, id="jobs"),
        pytest.param({"jobs": [{}]}, id="a job"),
        pytest.param({"lines": ["a: &b 1"]}, id="its text"),
        pytest.param({"title": None, "lines": None}, id="no text"),
    ],
)
def test_a_definition_of_another_shape_is_said(tmp_path: Path, change: dict[str, Any]) -> None:
    kept = json.loads(text(NUMBERS))
    kept["definition"] |= change
    read = result.parse(tmp_path / "result.json", json.dumps(kept).encode())
    with pytest.raises(RunnerError, match="cannot be used"):
        result.definition(read, "")
