"""Metrics that a definition makes itself: whether their expressions are right, and which a job needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runner import nearest
from runner.errors import Severity
from runner.spec import settings
from runner.spec.findings import Finding, show
from runner.spec.schema import metrics

if TYPE_CHECKING:
    from runner.model import Derived, Job, Part, Path

DOTS = 3
"""A metric of the API has so many dots, or more."""


def check(said: Mapping[str, Any], jobs: Mapping[str, Job]) -> Iterator[Finding]:
    """What is wrong with the metrics that the schema accepts, or with jobs that ask for one there is not."""
    for name, one in said.items():
        yield from _expression(name, one, said)
    yield from _circles(said)
    used = {metric for job in jobs.values() for metric in _asked(job)}
    for job in jobs.values():
        for index, metric in enumerate(_asked(job)):
            if "." not in metric and metric not in said:
                path = (*job.places["metrics"], index)
                yield Finding(path, f"no metric is named {show(metric)}", "unknown-metric", _hint(metric, said))
    used |= {part.key for one in said.values() for part in _parts(one)}
    for name in said:
        if name not in used:
            said_ = f"no job shows metric '{name}'"
            hint = "name it among the metrics of a job, or remove it"
            yield Finding(("metrics", name), said_, "unused", hint, key=True, severity=Severity.WARNING)


def read(said: Mapping[str, Any]) -> dict[str, Derived]:
    """The metrics of a definition that is right, each after those it is made of."""
    if not said:
        return {}
    from runner import formula  # here and below: few definitions have metrics, and it takes time to load
    from runner.model import Derived, Unit

    made: dict[str, Derived] = {}

    def add(name: str) -> None:
        if name not in made and name in said:
            one = said[name]
            for part in _parts(one):
                add(part.key)
            text, more = (one, {}) if isinstance(one, str) else (one["is"], one)
            unit, label = Unit(more.get("unit", "number")), more.get("label") or settings.words(name)
            made[name] = Derived(name, label, unit, formula.parse(text), _path(name, one))

    for name in said:
        add(name)
    return made


def given(job: Job, known: Mapping[str, Derived]) -> Job:
    """The job with those of the definition's metrics that it asks for, and those they are made of."""
    if not known:
        return job
    from runner import formula

    wanted = set(_asked(job))
    for name, one in reversed(tuple(known.items())):
        if name in wanted:
            wanted |= {part.key for part in formula.parts(one.expression)}
    needed = tuple(one for name, one in known.items() if name in wanted)
    return replace(job, derived=needed) if needed else job


def _asked(job: Job) -> Sequence[str]:
    said = job.settings.get("metrics")
    return [str(metric) for metric in said] if isinstance(said, list) else []


def _path(name: str, one: Any) -> Path:
    return ("metrics", name) if isinstance(one, str) else ("metrics", name, "is")


def _text(one: Any) -> str:
    return one if isinstance(one, str) else str(one["is"])


def _parts(one: Any) -> tuple[Part, ...]:
    from runner import formula

    try:
        return tuple(formula.parts(formula.parse(_text(one))))
    except formula.FormulaError:
        return ()


def _expression(name: str, one: Any, said: Mapping[str, Any]) -> Iterator[Finding]:
    from runner import formula

    path = _path(name, one)
    try:
        found = tuple(formula.parts(formula.parse(_text(one))))
    except formula.FormulaError as error:
        yield Finding(path, str(error), "formula", _EXAMPLE, offset=error.at)
        return
    for part in found:
        if part.key in said:
            continue
        if part.key.count(".") < DOTS:
            message = f"no metric is named {show(part.key)}"
            yield Finding(path, message, "unknown-metric", _hint(part.key, said), offset=part.at)
        elif meant := nearest.slip(part.key, metrics()):
            message, hint = f"{show(part.key)} is not a published metric", f"did you mean '{meant}'?"
            yield Finding(path, message, "unknown-metric", hint, severity=Severity.WARNING, offset=part.at)
    if not found:
        yield Finding(path, f"metric '{name}' is made of no metric", "formula", _EXAMPLE)


_EXAMPLE = "for example: emails.sent.manual_with_reply.count / emails.sent.manual.count"


def _hint(said: str, own: Iterable[str]) -> str:
    return nearest.hint(said, [*own, *metrics()]) or "metrics of the file are under 'metrics' at its top"


def _circles(said: Mapping[str, Any]) -> Iterator[Finding]:
    """Metrics that are made of themselves."""
    uses = {name: [part.key for part in _parts(one) if part.key in said] for name, one in said.items()}
    for name, one in said.items():
        reached, waiting = set[str](), list(uses[name])
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached.add(key)
                waiting += uses[key]
        if name in reached:
            at = next((part.at for part in _parts(one) if part.key == name), 0)
            yield Finding(_path(name, one), f"metric '{name}' is made of itself", "formula", offset=at)
