"""SARIF 2.1.0 (OASIS), for code scanning: rules, results with their places, what went wrong besides.

Columns count characters, as everywhere in runner; ``columnKind`` says so.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from runner.errors import Problem, Severity
from runner.model import Json
from runner.outputs.account import Account

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def text(account: Account) -> str:
    """The log, one run in it."""
    found = list(account.findings())
    rules = list(dict.fromkeys(problem.rule for problem in found))
    driver: dict[str, Json] = {
        "name": "runner",
        "version": account.version,
        "rules": [_rule(rule, found) for rule in rules],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(account)],
        "results": [_result(problem, rules.index(problem.rule)) for problem in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _rule(rule: str, found: list[Problem]) -> Json:
    severity = next(problem.severity for problem in found if problem.rule == rule)
    return {
        "id": rule,
        "name": rule,
        "shortDescription": {"text": rule.replace("-", " ")},
        "defaultConfiguration": {"level": severity.value},
    }


def _invocation(account: Account) -> Json:
    notes: list[Json] = [{"level": Severity.ERROR.value, "message": {"text": error}} for error in account.errors]
    return {
        "executionSuccessful": account.exit_code == 0,
        "exitCode": account.exit_code,
        "toolExecutionNotifications": notes,
    }


def _result(problem: Problem, index: int) -> Json:
    place = problem.location
    region: dict[str, Json] = {"startLine": place.line, "startColumn": place.column}
    if problem.excerpt:
        region["snippet"] = {"text": problem.excerpt}
    message: dict[str, Json] = {"text": problem.message}
    if problem.hint:
        message["text"] = f"{problem.message}\n{problem.hint}"
    return {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": problem.severity.value,
        "message": message,
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(place.file), "region": region}}],
    }


def _artifact(file: str) -> dict[str, Json]:
    if file.startswith("/"):
        return {"uri": f"file://{_quoted(file)}"}
    return {"uri": _quoted(file), "uriBaseId": "%SRCROOT%"}


def _quoted(file: str) -> str:
    return quote(file.encode("utf-8", "surrogatepass"), safe="/")
