"""Where a number is from: the line that asked for it, the request, the place in the answer, how it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runner import endpoints
from runner.endpoints import links, origin
from runner.endpoints.origin import Origin
from runner.errors import Location
from runner.explain import rules
from runner.explain.cells import Found
from runner.explain.rules import Rule
from runner.model import Answer, Ask, Digest, Failure, Job, Path, Period, Plan, Value
from runner.render import changes, numbers, scene, style

__all__ = ["Before", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class Before:
    """What the number was in a period it is compared with; ``change`` as a digest says it."""

    period: Period
    value: Value
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of a number.

    ``text`` is the number as a digest has it. ``parts`` are what it is made of, by the JSON pointer of each inside the
    answer to ``ask``. ``line`` is the definition's, at ``asked_at``. ``description`` is the service's own of a metric.
    ``search`` finds what is counted, ``page`` shows it; each may be empty. ``sample``: the number is invented.
    """

    plan: Plan
    job: Job
    found: Found
    text: str
    before: tuple[Before, ...]
    ask: Ask
    made: str
    parts: tuple[tuple[str, Value], ...]
    asked_at: Location
    line: str
    rule: Rule
    description: str
    search: str
    page: str
    sample: bool


def explain(plan: Plan, answers: Mapping[str, Answer | Failure], digest: Digest, found: Found) -> Explanation:
    """All that is known of the number that was found in the digest."""
    job = next(job for job in plan.spec.jobs if job.name == found.section.job)
    ask, where = endpoints.source(plan, answers, job, found.table, found.row, found.column)
    said = answers[ask.query.key]
    answer = said.data if isinstance(said, Answer) else None
    look, column, cell = style.of(digest), found.table.columns[found.column], found.cell
    before = tuple(
        Before(
            period, value, numbers.text(value, column.unit, look), str(changes.delta(cell.value, value, column, look))
        )
        for period, value in zip(found.section.compared, cell.before, strict=True)
    )
    place = plan.spec.source.location(_place(plan, job, column.key))
    return Explanation(
        plan=plan,
        job=job,
        found=found,
        text=numbers.text(cell.value, column.unit, look),
        before=before,
        ask=ask,
        made=where.rule,
        parts=_parts(where, answer),
        asked_at=place,
        line=plan.spec.source.line(place.line),
        rule=rules.of(job.endpoint, found.table.key, column.key),
        description=_description(answers, column.key),
        search=links.either(origin.at(answer, where.search)) if where.search else "",
        page=scene.address(cell, digest),
        sample=digest.sample,
    )


def _parts(where: Origin, answer: object) -> tuple[tuple[str, Value], ...]:
    return tuple((origin.pointer(part), origin.at(answer, part)) for part in where.parts)


def _place(plan: Plan, job: Job, column: str) -> Path:
    """Where the definition asks for the column: the metric, the y, or else the endpoint."""
    for key in ("metrics", "y", "endpoint"):
        path = job.places.get(key)
        if path is None:
            continue
        written = plan.spec.source.at(path)
        if key == "metrics" and isinstance(written, list) and column in written:
            return (*path, written.index(column))
        if key != "metrics":
            return path
    return ("jobs", job.name)


def _description(answers: Mapping[str, Answer | Failure], metric: str) -> str:
    """What the service says of a metric of activity; nothing for other columns."""
    listed = answers.get(endpoints.activity.METRICS.key)
    rows = links.inside(listed.data, "metrics") if isinstance(listed, Answer) else None
    for row in rows if isinstance(rows, list) else ():
        if links.inside(row, "key") == metric:
            return str(links.inside(row, "description") or "")
    return ""
