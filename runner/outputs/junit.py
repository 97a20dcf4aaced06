"""JUnit XML as Jenkins, GitLab and others read it: a suite for each definition, a case for each job or problem.

A file that is wrong has failures; a job without its numbers, or a delivery that was not made, is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runner.errors import Problem, Severity
from runner.outputs.account import Account, Definition

_INVALID = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled when it is needed: it takes long
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    place: str
    seconds: float = 0.0
    failure: str = ""
    error: str = ""
    out: str = ""
    rule: str = ""
    message: str = ""


def text(account: Account) -> str:
    """The document; characters that XML cannot hold are left out."""
    suites = list(_suites(account))
    cases = [case for _, inside in suites for case in inside]
    head = f"<testsuites{_attributes(name=f'runner {account.command}', **_counts(cases))}>"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head]
    for name, inside in suites:
        lines.append(f"  <testsuite{_attributes(name=name, **_counts(inside))}>")
        lines += [_xml(case) for case in inside]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def valid(said: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return re.sub(_INVALID, "", said)


def _suites(account: Account) -> Iterator[tuple[str, list[_Case]]]:
    by_file: dict[str, list[Problem]] = {}
    for problem in account.problems:
        by_file.setdefault(problem.location.file, []).append(problem)
    for each in account.definitions:
        yield each.name, [*_problems(by_file.pop(each.file, [])), *_jobs(each)]
    for file, problems in by_file.items():
        yield file, list(_problems(problems))
    if account.deliveries:
        yield "deliveries", list(_deliveries(account))
    if account.errors:
        errors = [_Case("runner", account.command, error=said, message=said, rule="error") for said in account.errors]
        yield f"runner {account.command}", errors


def _problems(problems: Iterable[Problem]) -> Iterator[_Case]:
    for problem in problems:
        place = problem.location
        name = f"{place.line}:{place.column} {problem.rule}: {problem.message}"
        if problem.severity is Severity.ERROR:
            yield _Case(name, place.file, failure=str(problem), rule=problem.rule, message=problem.message)
        else:
            yield _Case(name, place.file, out=str(problem))


def _jobs(each: Definition) -> Iterator[_Case]:
    for job in each.jobs:
        if job.problem:
            rule, message = job.problem.rule, job.problem.message
            yield _Case(job.name, each.file, job.seconds, error=str(job.problem), rule=rule, message=message)
        else:
            yield _Case(job.name, each.file, job.seconds)


def _deliveries(account: Account) -> Iterator[_Case]:
    for each in account.deliveries:
        if each.problem:
            said = f"{each.state}: {each.reason}"
            yield _Case(each.key, "deliveries", error=str(each.problem), rule=each.problem.rule, message=said)
        else:
            yield _Case(each.key, "deliveries", out=f"{each.state}  {each.reason}".rstrip())


def _counts(cases: list[_Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.failure) for case in cases)),
        "errors": str(sum(bool(case.error) for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _xml(case: _Case) -> str:
    head = f"    <testcase{_attributes(name=case.name, classname=case.place, time=f'{case.seconds:.3f}')}"
    about = _attributes(type=case.rule, message=case.message)
    inside = f"<error{about}>{_escaped(case.error)}</error>" if case.error else ""
    inside += f"<failure{about}>{_escaped(case.failure)}</failure>" if case.failure else ""
    inside += f"<system-out>{_escaped(case.out)}</system-out>" if case.out else ""
    return f"{head}>{inside}</testcase>" if inside else f"{head}/>"


def _attributes(**said: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in said.items())


def _escaped(said: str) -> str:
    """For text and for attributes: ends of lines are said as numbers, since a reader changes them."""
    return "".join(_ESCAPES.get(sign, sign) for sign in valid(said))
