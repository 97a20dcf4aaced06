"""What definitions, plans, runs and deliveries are in the account of a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import Problem
from runner.outputs.account import Definition, Delivered, Job

if TYPE_CHECKING:
    from runner.model import Failure, Key, Plan, Receipt, Spec
    from runner.model import Job as Asked
    from runner.run import Outcome

UNMADE = frozenset({"refused", "deferred", "uncertain"})
"""States of deliveries that somebody must look at."""


def right(spec: Spec) -> Definition:
    """A definition in which nothing is wrong."""
    jobs = tuple(Job(job.name, "right", spec.source.location(_path(job), key=True)) for job in spec.jobs)
    return Definition(spec.name, spec.title, spec.source.file, jobs)


def planned(plan: Plan, files: Iterable[Path]) -> Definition:
    """What a run would do."""
    spec = plan.spec
    jobs = tuple(
        Job(job.name, "planned", spec.source.location(_path(job), key=True), len(_keys(plan, job))) for job in spec.jobs
    )
    return _definition(plan, jobs, [str(file) for file in files])


def ran(outcome: Outcome, seconds: Mapping[str, float], files: Sequence[str]) -> Definition:
    """What a run came to; ``seconds`` are those that each query took, by its key."""
    plan = outcome.plan
    reasons = {section.job: getattr(section, "reason", "") for section in outcome.digest.sections}
    jobs = []
    for job in plan.spec.jobs:
        keys, reason = _keys(plan, job), reasons.get(job.name, "")
        jobs.append(
            Job(
                job.name,
                "failed" if reason else "ok",
                plan.spec.source.location(_path(job), key=True),
                len(keys),
                sum(seconds.get(key, 0.0) for key in keys),
                _problem(plan.spec, job, reason, outcome.failures) if reason else None,
            )
        )
    return _definition(plan, tuple(jobs), files)


def delivered(key: Key, receipt: Receipt, specs: Mapping[str, Spec]) -> Delivered:
    """What became of a delivery; one that was not made has its place in the definition that asks for it."""
    spec = specs.get(key.report.partition("/")[0].partition("!")[0])
    problem = None
    if receipt.state.value in UNMADE and spec:
        ways = [each.place for each in (*spec.deliver, *spec.on_failure) if each.via == key.channel]
        said = f"{key}: {receipt.state.value}{f', {receipt.reason}' if receipt.reason else ''}"
        problem = spec.source.problem(ways[0] if ways else ("deliver",), said, f"delivery-{receipt.state.value}")
    return Delivered(str(key), receipt.state.value, receipt.reason, problem)


def _definition(plan: Plan, jobs: tuple[Job, ...], files: Sequence[str]) -> Definition:
    spec = plan.spec
    as_of = plan.as_of.isoformat()
    return Definition(spec.name, spec.title, spec.source.file, jobs, plan.period.name, as_of, tuple(files))


def _problem(spec: Spec, job: Asked, reason: str, failures: Iterable[Failure]) -> Problem:
    """Why the job failed: at the words that the service refused, where that is known, else at the job."""
    exact = (failure.problem for failure in failures if failure.problem and failure.reason == reason)
    return next(exact, None) or spec.source.problem(_path(job), reason, "job-failed", key=True)


def _path(job: Asked) -> tuple[str, ...]:
    return ("jobs", job.name)


def _keys(plan: Plan, job: Asked) -> set[str]:
    return {ask.query.key for ask in plan.asks if ask.job.name == job.name}
