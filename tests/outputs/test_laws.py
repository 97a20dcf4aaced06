"""Whatever a problem says, it can be read back from what is written."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from runner.errors import Location, Problem, Severity
from runner.outputs import FORMATS
from runner.outputs.junit import valid
from tests.outputs.accounts import EMPTY

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.one_of(TEXT, st.text("%\r\n:,=&<>\"'\0\x1b \t\x85\u2028\ufffe😀a", max_size=30))

PROBLEMS = st.builds(
    Problem,
    message=WORDS,
    rule=WORDS,
    location=st.builds(Location, WORDS, st.integers(1, 10**6), st.integers(1, 10**4)),
    excerpt=WORDS,
    hint=st.just(""),
    severity=st.sampled_from(Severity),
)


def unescaped(said: str, *more: tuple[str, str]) -> str:
    for code, sign in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        said = said.replace(code, sign)
    return said


@given(PROBLEMS)
def test_an_annotation_is_one_line_that_reads_back_as_the_problem(problem: Problem) -> None:
    said = FORMATS["github"](replace(EMPTY, problems=(problem,)))
    assert said.count("\n") == 1
    found = re.fullmatch(r"::(\w+) file=([^,]*),line=(\d+),col=(\d+),title=([^,:]*)::(.*)\n", said, re.DOTALL)
    assert found
    assert found[1] == problem.severity.value
    properties = (("%3A", ":"), ("%2C", ","))
    assert Location(unescaped(found[2], *properties), int(found[3]), int(found[4])) == problem.location
    assert unescaped(found[5], *properties) == problem.rule
    assert unescaped(found[6]) == problem.message


@given(PROBLEMS)
def test_sarif_reads_back_as_the_problem(problem: Problem) -> None:
    (run,) = json.loads(FORMATS["sarif"](replace(EMPTY, problems=(problem,))))["runs"]
    (result,) = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["message"]["text"], result["ruleId"]) == (problem.message, problem.rule)
    assert (region["startLine"], region["startColumn"]) == (problem.location.line, problem.location.column)
    assert region.get("snippet", {"text": ""})["text"] == problem.excerpt


@given(PROBLEMS)
def test_junit_reads_back_as_the_problem_without_what_xml_cannot_hold(problem: Problem) -> None:
    root = ElementTree.fromstring(FORMATS["junit"](replace(EMPTY, problems=(problem,))))
    (case,) = root.iter("testcase")
    (inside,) = case
    assert inside.text == valid(str(problem))
    assert case.get("classname") == valid(problem.location.file)
    if problem.severity is Severity.ERROR:
        assert (inside.get("message"), inside.get("type")) == (valid(problem.message), valid(problem.rule))


@given(PROBLEMS)
def test_json_reads_back_as_the_problem(problem: Problem) -> None:
    account = replace(EMPTY, problems=(problem,))
    (found,) = json.loads(FORMATS["json"](account))["problems"]
    first, _ = FORMATS["jsonl"](account).removesuffix("\n").split("\n")
    assert found == {key: value for key, value in json.loads(first).items() if key not in ("event", "command")}
    assert (found["message"], found["rule"], found["file"]) == (problem.message, problem.rule, problem.location.file)


@given(PROBLEMS)
def test_a_row_of_markdown_is_one_line(problem: Problem) -> None:
    said = FORMATS["markdown"](replace(EMPTY, problems=(problem,)))
    assert len(said.split("\n")) == 6
