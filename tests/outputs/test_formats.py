"""Each format says all that was found."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from runner.errors import Location, Severity
from runner.outputs import FORMATS, Account, below
from runner.outputs.github import MOST
from runner.outputs.markdown import word
from tests.outputs.accounts import ACCOUNTS, EMPTY, PROBLEM, RAN, RIGHT, VALIDATED, WARNING


def test_annotations_name_the_place_the_rule_and_the_remedy() -> None:
    assert FORMATS["github"](VALIDATED).splitlines() == [
        "::error file=reports/ä b%25.yaml,line=3,col=61,title=unknown-key::"
        "activity has no key 'metric'%0Adid you mean 'metrics'?",
        "::warning file=reports/b.yaml,line=1,col=2,title=old-word::old | word",
    ]


def test_a_failed_job_a_lost_delivery_and_an_error_without_a_place_are_annotated() -> None:
    assert FORMATS["github"](RAN).splitlines() == [
        "::error title=runner run::no profile 'x'",
        "::error file=reports/c.yaml,line=8,col=36,title=refused-by-service::no such metric",
        "::error file=reports/c.yaml,line=12,col=5,title=delivery-uncertain::"
        "c 2026-W47 mail ann@example.com: uncertain",
        "::warning file=reports/b.yaml,line=1,col=2,title=old-word::old | word",
    ]


@pytest.mark.parametrize(("count", "lines", "last"), [(10, 10, "activity"), (11, 10, "2 errors are in the log")])
def test_of_more_annotations_than_github_takes_the_last_one_says_so(count: int, lines: int, last: str) -> None:
    said = FORMATS["github"](replace(EMPTY, problems=(PROBLEM,) * count)).splitlines()
    assert (len(said), MOST) == (lines, 10)
    assert last in said[-1]


def test_sarif_has_a_rule_for_each_kind_of_result_and_a_place_for_each_result() -> None:
    (run,) = json.loads(FORMATS["sarif"](RAN))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["old-word", "refused-by-service", "delivery-uncertain"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]
    assert run["columnKind"] == "unicodeCodePoints"
    (invocation,) = run["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (3, False)
    assert [note["message"]["text"] for note in invocation["toolExecutionNotifications"]] == ["no profile 'x'"]


def test_sarif_names_files_as_uris_and_places_as_the_text_does() -> None:
    (run,) = json.loads(FORMATS["sarif"](VALIDATED))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "reports/%C3%A4%20b%25.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 61, "snippet": {"text": "  a: {metric: [x]}"}}
    elsewhere = replace(PROBLEM, location=Location("/tmp/a.yaml", 1, 1))
    (run,) = json.loads(FORMATS["sarif"](replace(EMPTY, problems=(elsewhere,))))["runs"]
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///tmp/a.yaml"}


def test_junit_has_a_suite_for_each_definition_and_a_case_for_each_job() -> None:
    root = ElementTree.fromstring(FORMATS["junit"](RAN))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["c", "reports/b.yaml", "deliveries", "runner run"]
    good, bad = suites["c"]
    assert (good.attrib, len(good)) == ({"name": "good", "classname": "reports/c.yaml", "time": "0.250"}, 0)
    assert [(each.tag, each.get("type"), each.get("message")) for each in bad] == [
        ("error", "refused-by-service", "no such metric")
    ]
    assert suites["c"].attrib == {"name": "c", "tests": "2", "failures": "0", "errors": "1", "time": "0.750"}
    assert [each.get("name") for each in suites["deliveries"]] == [each.key for each in RAN.deliveries]
    assert (root.get("tests"), root.get("errors")) == ("6", "3")


def test_junit_says_errors_of_files_as_failures_and_warnings_as_words() -> None:
    root = ElementTree.fromstring(FORMATS["junit"](VALIDATED))
    assert (root.get("failures"), root.get("errors"), root.get("tests")) == ("1", "0", "3")
    cases = {case.get("name") or "": case for case in root.iter("testcase")}
    assert next(iter(cases["3:61 unknown-key: activity has no key 'metric'"])).text == str(PROBLEM)
    assert [each.tag for each in cases["1:2 old-word: old | word"]] == ["system-out"]
    assert not list(cases["one"])


def test_json_lines_are_events_and_the_last_one_says_how_it_ended() -> None:
    events = [json.loads(line) for line in FORMATS["jsonl"](RAN).splitlines()]
    assert [event["event"] for event in events] == ["problem", "definition", "delivery", "delivery", "error", "end"]
    assert events[1]["jobs"][1]["problem"]["rule"] == "refused-by-service"
    assert [event["problem"] is None for event in events[2:4]] == [True, False]
    assert events[-1] == {"event": "end", "command": "run", "exit_code": 3, "seconds": 2.5}


def test_json_is_one_document() -> None:
    said = json.loads(FORMATS["json"](VALIDATED))
    assert (said["command"], said["exit_code"], said["version"]) == ("validate", 2, "1.2.3")
    assert [problem["line"] for problem in said["problems"]] == [3, 1]
    assert [definition["name"] for definition in said["definitions"]] == ["b"]


def test_text_has_everything_and_the_sum() -> None:
    said = FORMATS["text"](RAN)
    for part in (str(WARNING), "failed   bad  no such metric", "uncertain   c 2026-W47 mail ann", "error: no profile"):
        assert part in said
    assert said.endswith("\n3 errors, 1 warning, 1 definition, 2 deliveries\n")


def test_markdown_says_what_came_of_it_and_escapes_what_others_wrote() -> None:
    said = FORMATS["markdown"](RAN)
    assert said.startswith("### ❌ runner run: 3 errors, 1 warning")
    assert "| ⚠️ | reports/b.yaml:1:2 | old \\| word | old-word |" in said
    assert "| c | 2026-W47 | 1 of 2 | 3 | 1 |" in said
    assert said.endswith("**more**\n")
    assert FORMATS["markdown"](EMPTY) == "### ✅ runner validate: nothing was found\n"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("a\n b", "a b", id="one line"),
        pytest.param("*a* `b` [c](d)", r"\*a\* \`b\` \[c\](d)", id="no mark-up"),
        pytest.param("<img> &amp;", "&lt;img&gt; &amp;amp;", id="no HTML"),
        pytest.param("@ann ann@example.com", "@\u200bann ann@example.com", id="nobody is notified"),
    ],
)
def test_a_word_in_markdown_shows_as_it_was_written(said: str, shown: str) -> None:
    assert word(said) == shown


@pytest.mark.parametrize(
    ("folder", "file", "said"),
    [
        ("", "reports/a.yaml", "reports/a.yaml"),
        ("sales", "reports/a.yaml", "sales/reports/a.yaml"),
        ("sales", "../a.yaml", "a.yaml"),
        ("sales", "/tmp/a.yaml", "/tmp/a.yaml"),
    ],
)
def test_files_are_said_from_the_top_of_the_repository(folder: str, file: str, said: str) -> None:
    account = replace(EMPTY, problems=(replace(PROBLEM, location=Location(file, 1, 1)),), definitions=(RIGHT,))
    moved = below(account, folder)
    assert moved.problems[0].location.file == said
    assert moved.definitions[0].file == (f"{folder}/{RIGHT.file}" if folder else RIGHT.file)


@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=ACCOUNTS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_error_is_in_every_format(form: str, account: Account) -> None:
    said = FORMATS[form](account)
    for problem in account.findings():
        if problem.severity is Severity.ERROR:
            assert any(word in said for word in (problem.rule, problem.message, problem.message.rpartition(": ")[2]))
