"""What a digest says beside what a test expects of it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from runner import nearest
from runner.errors import Problem, RunnerError
from runner.explain import cells
from runner.model import Column, Digest, Expected, FailedSection, Path, Trial, Unit, Value
from runner.render import demands, numbers, style
from runner.render.digits import MINUS
from runner.render.style import Style

SCALE = {Unit.MONEY: 100}
"""Unit -> how many of its raw values are one of what people write."""


def judge(trial: Trial, digest: Digest, text: str) -> list[Problem]:
    """Everything in which the digest, and its ``text``, is not as expected: each at its place in the file of tests."""
    look = style.of(digest)
    found = [*_period(trial, digest), *_failed(trial, digest), *_checks(trial, digest, look)]
    for one in trial.cells:
        found += _cell(trial, one, digest, look)
    found += _sentences(trial, text)
    return sorted(found, key=lambda problem: (problem.location.line, problem.location.column))


def _period(trial: Trial, digest: Digest) -> Iterator[Problem]:
    if trial.period and trial.period != digest.period.name:
        said = f"the digest is of {digest.period.name}, not of {trial.period}"
        yield trial.source.problem((*trial.expect, "period"), said, "period")


def _failed(trial: Trial, digest: Digest) -> Iterator[Problem]:
    reasons = {section.job: section.reason for section in digest.sections if isinstance(section, FailedSection)}
    for job, reason in reasons.items():
        if job not in trial.failed:
            yield trial.source.problem(trial.place, f"job '{job}' failed: {reason}", "job-failed", key=True)
    for index, job in enumerate(trial.failed):
        if job not in reasons:
            yield trial.source.problem((*trial.expect, "failed", index), f"job '{job}' did not fail", "job-failed")


def _checks(trial: Trial, digest: Digest, look: Style) -> Iterator[Problem]:
    verdicts = {verdict.check.name: verdict for verdict in digest.checks}
    for name, expected in trial.checks.items():
        path = (*trial.expect, "checks", name)
        if name not in verdicts:
            hint = nearest.hint(name, list(verdicts)) or "the digest has no check at all"
            yield trial.source.problem(path, f"there is no check '{name}'", "check", key=True, hint=hint)
        elif ("fails" if verdicts[name].breaches else "passes") != expected:
            said = f". {' '.join(demands.words(verdicts[name], digest, look))}" if verdicts[name].breaches else ""
            told = "fails, and was to pass" if said else "passes, and was to fail"
            yield trial.source.problem(path, f"the check '{name}' {told}{said}", "check")


def _cell(trial: Trial, one: Expected, digest: Digest, look: Style) -> Iterator[Problem]:
    name = f"{one.row}/{one.column}" if one.row else one.column
    try:
        found = cells.find(digest, one.job, name, one.table or None)
    except RunnerError as error:
        yield trial.source.problem(one.place, str(error), "cell")
        return
    column = found.table.columns[found.column]
    told = f"{one.job}: {one.row or 'total'}, {column.label}"
    if not _same(found.cell.value, one.value, column, look):
        yield _other(trial, (*one.place, "value"), f"{told} is", (found.cell.value, one.value), (column, look))
    if one.compared:
        before = found.cell.before[0] if found.cell.before else None
        if not _same(before, one.before, column, look):
            yield _other(trial, (*one.place, "before"), f"{told} was", (before, one.before), (column, look))


def _other(
    trial: Trial, place: Path, told: str, values: tuple[Value, str | float | None], how: tuple[Column, Style]
) -> Problem:
    (actual, expected), (column, look) = values, how
    shown = _plain(numbers.text(actual, column.unit, look))
    scaled = _scaled(actual, column)
    exact = "" if scaled is None or isinstance(expected, str) else f"{scaled:.10g}"
    more = f" ({exact})" if exact and exact != shown else ""
    wanted = "missing" if expected is None else f"'{expected}'" if isinstance(expected, str) else f"{expected:.10g}"
    return trial.source.problem(place, f"{told} {shown}{more}, not {wanted}", "cell")


def _same(actual: Value, expected: str | float | None, column: Column, look: Style) -> bool:
    if expected is None or actual is None:
        return expected is actual
    if isinstance(expected, str):
        return _plain(numbers.text(actual, column.unit, look)) == _plain(expected)
    scaled = _scaled(actual, column)
    return scaled is not None and isclose(scaled, expected, rel_tol=1e-9, abs_tol=1e-9)


def _scaled(actual: Value, column: Column) -> float | None:
    """The number as people write it; None for what is none."""
    return actual / SCALE.get(column.unit, 1) if isinstance(actual, int | float) else None


def _sentences(trial: Trial, text: str) -> Iterator[Problem]:
    said = _plain(text)
    for index, sentence in enumerate(trial.sentences):
        if _plain(sentence) not in said:
            yield trial.source.problem((*trial.expect, "sentences", index), "the digest does not say this", "sentence")


def _plain(text: str) -> str:
    """The text with every space one blank, and a minus that is on keyboards."""
    return " ".join(text.split()).replace(MINUS, "-")
