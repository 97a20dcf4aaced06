"""What each endpoint asks and what its answers mean: a table of like modules.

An endpoint's module has two functions. ``asks(job, moment)`` gives every query of a job, with absolute times, without
asking. ``section(job, told)`` makes a digest's section of the answers. ``plan`` and ``digest`` do so for a whole
definition; a job whose answer is missing becomes a section that says so, and never stops another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from runner.endpoints import activity
from runner.endpoints.moment import Moment, Told
from runner.errors import DefinitionError, Problem, ServiceError
from runner.model import Answer, Ask, Digest, FailedSection, Failure, Job, Json, Path, Period, Plan, Section, Spec


class Endpoint(Protocol):
    """What a module of the table offers."""

    def asks(self, job: Job, moment: Moment) -> tuple[Ask, ...]:
        """Every query of the job, made without asking."""
        ...

    def unready(self, job: Job) -> tuple[tuple[str, Path, str], ...]:
        """What this version cannot ask yet: (setting, path inside it, why)."""
        ...

    def section(self, job: Job, told: Told) -> Section:
        """What the answers mean; ServiceError when they cannot be read."""
        ...


ENDPOINTS: Mapping[str, Endpoint] = {"activity": activity}
"""Endpoint of a definition -> its module. Those that are not here yet can be written and checked, but not run."""


def plan(spec: Spec, as_of: datetime) -> Plan:
    """Every query of the definition at the instant ``as_of``; DefinitionError for what this version cannot ask."""
    problems = tuple(problem for job in spec.jobs for problem in _unready(spec, job))
    if problems:
        raise DefinitionError(*problems)
    zone = ZoneInfo(spec.timezone)
    moment = Moment(as_of.astimezone(zone), zone, spec.week_start)
    asks = tuple(ask for job in spec.jobs for ask in ENDPOINTS[job.endpoint].asks(job, moment))
    lead = next((job for job in spec.jobs if job.name == spec.headline), spec.jobs[0])
    current, *compared = [ask.period for ask in asks if ask.job is lead and ask.period is not None]
    notes = dict.fromkeys(note for ask in asks for note in _notes(ask))
    return Plan(spec, moment.as_of, current, tuple(compared), asks, tuple(notes))


def digest(plan: Plan, answers: Mapping[str, Answer | Failure], *, sample: bool) -> Digest:
    """What the answers (by ``Query.key``) say together. ``sample`` marks numbers that are invented."""
    spec = plan.spec
    return Digest(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        timezone=spec.timezone,
        locale=spec.locale,
        currency=spec.currency,
        period=plan.period,
        compared=plan.compared,
        as_of=plan.as_of,
        definition=spec.source.file,
        requests=len({ask.query.key for ask in plan.asks}),
        sample=sample,
        sections=tuple(_section(plan, job, answers) for job in spec.jobs),
        notes=plan.notes,
    )


def _unready(spec: Spec, job: Job) -> tuple[Problem, ...]:
    place = spec.source.problem
    module = ENDPOINTS.get(job.endpoint)
    if module is None:
        said = f"endpoint '{job.endpoint}' can be written and checked, but this version does not run it yet"
        return (place(job.places["endpoint"], said, "not-yet", hint=f"runs now: {', '.join(ENDPOINTS)}"),)
    return tuple(place((*job.places[setting], *path), said, "not-yet") for setting, path, said in module.unready(job))


def _section(plan: Plan, job: Job, answers: Mapping[str, Answer | Failure]) -> Section | FailedSection:
    numbers: list[tuple[Period, Json]] = []
    lookups: dict[str, Json] = {}
    for ask in plan.asks:
        if ask.job is not job:
            continue
        answer = answers[ask.query.key]
        if isinstance(answer, Answer) and ask.period is None:
            lookups[ask.query.path] = answer.data
        elif isinstance(answer, Answer) and ask.period is not None:
            numbers.append((ask.period, answer.data))
        elif isinstance(answer, Failure) and ask.period is not None:
            return FailedSection(job.name, job.title, answer.reason)
    (period, current), *compared = numbers
    try:
        return ENDPOINTS[job.endpoint].section(job, Told(period, current, tuple(compared), lookups))
    except ServiceError as error:
        return FailedSection(job.name, job.title, str(error))


def _notes(ask: Ask) -> tuple[str, ...]:
    """What a reader must know of how the numbers were asked for."""
    span = ask.period
    if span is None or span.start is None or span.start.utcoffset() == span.end.utcoffset():
        return ()
    offset = span.start.isoformat()[-6:]
    return (f"{ask.job.name}: the clock changes within {span.name}; its days are counted at {offset} all through",)
