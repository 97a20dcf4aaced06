"""What each endpoint asks and what its answers mean: a table of like modules.

An endpoint's module has three functions. ``asks(job, moment)`` gives every query of a job, with absolute times, without
asking. ``section(job, told)`` makes a digest's section of the answers, ``source`` says where a number of it stands in
them. ``plan`` and ``digest`` do so for a whole definition; a job whose answer is missing becomes a section that says
so, and never stops another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from runner import checks, goals
from runner.endpoints import activity, custom, funnel, people, sent_emails, statuses
from runner.endpoints.moment import Moment, Told
from runner.endpoints.origin import Origin
from runner.errors import ServiceError
from runner.model import Answer, Ask, Digest, FailedSection, Failure, Job, Period, Plan, Section, Spec, Table


class Endpoint(Protocol):
    """What a module of the table offers."""

    def asks(self, job: Job, moment: Moment) -> tuple[Ask, ...]:
        """Every query of the job, made without asking."""
        ...

    def section(self, job: Job, told: Told) -> Section:
        """What the answers mean; ServiceError when they cannot be read."""
        ...

    def source(self, job: Job, told: Told, table: Table, row: int | None, column: int) -> Origin:
        """Where a number of a section's table stands in the answers; ``row`` is None for the total."""
        ...


ENDPOINTS: Mapping[str, Endpoint] = {
    "activity": activity,
    "sent_emails": sent_emails,
    "statuses/lead": statuses,
    "statuses/opportunity": statuses,
    "custom": custom,
    "funnel/opportunity/totals": funnel,
    "funnel/opportunity/stages": funnel,
}
"""Endpoint of a definition -> its module."""


def plan(spec: Spec, as_of: datetime, organization: str = "") -> Plan:
    """Every query of the definition at the instant ``as_of``. ``organization`` is the ID that some paths need.

    Every name in the jobs' settings is an ID by now.
    """
    zone = ZoneInfo(spec.timezone)
    moment = Moment(as_of.astimezone(zone), zone, spec.week_start, organization)
    asks = tuple(ask for job in spec.jobs for ask in ENDPOINTS[job.endpoint].asks(job, moment))
    if spec.for_each:
        asks += people.asks(spec.jobs[0], moment)
    lead = _lead(spec)
    current, *compared = [ask.period for ask in asks if ask.job is lead and ask.period and not ask.part]
    notes = dict.fromkeys(ask.note for ask in asks if ask.note)
    return Plan(spec, moment.as_of, current, tuple(compared), asks, tuple(notes))


def period(spec: Spec, as_of: datetime) -> Period:
    """The digest's period at the instant ``as_of``, as ``plan`` has it; names need not be IDs for this."""
    zone, lead = ZoneInfo(spec.timezone), _lead(spec)
    moment = Moment(as_of.astimezone(zone), zone, spec.week_start)
    return moment.period(lead, funnel.base(lead) if ENDPOINTS[lead.endpoint] is funnel else "range")


def digest(plan: Plan, answers: Mapping[str, Answer | Failure], *, sample: bool) -> Digest:
    """What the answers (by ``Query.key``) say together. ``sample`` marks numbers that are invented."""
    spec = plan.spec
    unknown = _unknown_members(plan, answers)
    sections = tuple(
        FailedSection(job.name, job.title, unknown, job.endpoint) if unknown else _section(plan, job, answers)
        for job in spec.jobs
    )
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
        sections=sections,
        notes=_notes(plan, sections),
        app_url=spec.app_url,
        headline=spec.headline,
        revision=plan.revision,
        excel=spec.excel,
        checks=checks.verdicts(spec, sections),
        targets=goals.progress(spec, sections, plan.as_of),
    )


def _lead(spec: Spec) -> Job:
    """The job that leads the digest."""
    return next((job for job in spec.jobs if job.name == spec.headline), spec.jobs[0])


def _unknown_members(plan: Plan, answers: Mapping[str, Answer | Failure]) -> str:
    """Why it is not known for whom the digests for each member are; empty where it is, or none is asked for."""
    last = answers[plan.asks[-1].query.key]
    if plan.spec.for_each and isinstance(last, Failure):
        return f"who the members are could not be asked: {last.reason}"
    return ""


def _section(plan: Plan, job: Job, answers: Mapping[str, Answer | Failure]) -> Section | FailedSection:
    asked = [(ask, answers[ask.query.key]) for ask in plan.asks if ask.job is job]
    for ask, answer in asked:
        if isinstance(answer, Failure) and ask.period is not None:
            return FailedSection(job.name, job.title, answer.reason, job.endpoint)
    try:
        return replace(ENDPOINTS[job.endpoint].section(job, _told(plan, job, answers)), endpoint=job.endpoint)
    except ServiceError as error:
        return FailedSection(job.name, job.title, str(error), job.endpoint)


def source(
    plan: Plan, answers: Mapping[str, Answer | Failure], job: Job, table: Table, row: int | None, column: int
) -> tuple[Ask, Origin]:
    """Where a number of a job's table stands, and the ask whose answer it stands in."""
    found = ENDPOINTS[job.endpoint].source(job, _told(plan, job, answers), table, row, column)
    asks = [ask for ask in plan.asks if ask.job is job and ask.period and isinstance(answers[ask.query.key], Answer)]
    pieces = [ask for ask in asks if ask.part]
    return asks[0] if found.piece is None else pieces[found.piece], found


def _told(plan: Plan, job: Job, answers: Mapping[str, Answer | Failure]) -> Told:
    """What the job was told; every number that it needs is there."""
    asked = [(ask, answers[ask.query.key]) for ask in plan.asks if ask.job is job]
    given = [(ask, answer.data) for ask, answer in asked if isinstance(answer, Answer)]
    (period, current), *compared = [(ask.period, data) for ask, data in given if ask.period and not ask.part]
    parts = tuple((ask.part, data) for ask, data in given if ask.part)
    lookups = {ask.query.path: data for ask, data in given if not ask.period}
    return Told(period, current, tuple(compared), lookups, _written(plan.spec, job), parts)


def _notes(plan: Plan, sections: Iterable[Section | FailedSection]) -> tuple[str, ...]:
    """What the plan says of each job, or what its section says in place of it."""
    own = {section.job: section.notes for section in sections if isinstance(section, Section) and section.notes}
    said = [note for ask in plan.asks for note in own.get(ask.job.name, (ask.note,)) if note]
    return tuple(dict.fromkeys(said))


def _written(spec: Spec, job: Job) -> dict[str, str]:
    """The job's settings that are one text, as they stand in the file."""
    said = {key: spec.source.at(path) for key, path in job.places.items()}
    return {key: text for key, text in said.items() if isinstance(text, str)}
