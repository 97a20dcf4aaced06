"""A plan as people read it, and as data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from runner import render, result
from runner.cli.forecast import Forecast
from runner.model import Ask, Delivery, Json, Period, Plan, Spec

UNLESS = {"changed": "no number changed since it was last sent", "check_failed": "no check failed"}
"""What keeps a digest from being sent, by the definition's ``send_if``."""


def texts(plans: Collection[Plan], output: Path, forecast: Forecast) -> str:
    """Every plan, and what they cost together: what several ask goes out once."""
    users: dict[str, list[Ask]] = {}
    owners: dict[str, dict[str, None]] = {}
    for plan in plans:
        for ask in plan.asks:
            users.setdefault(ask.query.key, []).append(ask)
            owners.setdefault(ask.query.key, {})[plan.spec.name] = None
    known = {key: [_shared(len(asks), list(owners[key]))] for key, asks in users.items() if len(asks) > 1}
    for key in forecast.cached:
        known.setdefault(key, []).append("in the cache")
    told = [_text(plan, output, known) for plan in plans]
    return "\n\n".join([*told, str(forecast)])


def _shared(jobs: int, definitions: Sequence[str]) -> str:
    return f"asked once, used by {jobs} jobs" + (f" of {', '.join(definitions)}" if len(definitions) > 1 else "")


def _text(plan: Plan, output: Path, known: Mapping[str, Sequence[str]]) -> str:
    """A line for the definition, one for each query with who needs it, the notes, the files.

    The look-ups of names come first; a run asks them once for all its definitions.
    """
    spec = plan.spec
    lines = [f"{spec.name}: {spec.title}", f"  as of {plan.as_of.isoformat(timespec='seconds')}, {spec.timezone}"]
    lines += [f"  names: {query.method} {query.path}" for query in plan.lookups]
    for ask in once(plan):
        lines.append(f"  {ask.job.name}: {ask.query.method} {ask.query.path}{_span(ask.part or ask.period)}")
        lines += [f"      {said}" for said in known.get(ask.query.key, ())]
    lines += [f"  note: {note}" for note in plan.notes]
    lines += [f"  writes {file}" for file in files(plan, output)]
    lines += [f"  {line}" for line in sends(spec)]
    return "\n".join([*lines, f"  {len(plan.lookups) + len(once(plan))} requests"])


def sends(spec: Spec) -> Iterator[str]:
    """Who would get the digest, and on what conditions."""
    each = f" to each {spec.for_each}" if spec.for_each else ""
    for delivery in spec.deliver:
        to = f" to {', '.join(delivery.to)}" if delivery.to else each if delivery.kind == "email" else ""
        yield f"sends {delivery.kind} over {delivery.via}{to}"
    if spec.deliver:
        yield f"if a job fails: {'sent with the rest' if spec.on_partial == 'send' else 'held back'}"
    for delivery in spec.on_failure:
        yield f"if a job fails: tells {', '.join(delivery.to) or delivery.via} over {delivery.via}"
    if spec.when_empty == "skip":
        yield "if every number is 0 or missing: not sent"
    if spec.send_if != "always":
        yield f"if {UNLESS[spec.send_if]}: not sent"


def data(plan: Plan, output: Path, forecast: Forecast | None = None) -> dict[str, Json]:
    """The same as JSON: every query exactly as it would go out, and whether the cache answers it."""
    return {
        "report": plan.spec.name,
        "file": plan.spec.source.file,
        "as_of": plan.as_of.isoformat(),
        "timezone": plan.spec.timezone,
        "period": _data(plan.period),
        "compared": [_data(period) for period in plan.compared],
        "lookups": [result.describe(query) for query in plan.lookups],
        "requests": [
            {
                "jobs": [other.job.name for other in plan.asks if other.query.key == ask.query.key],
                "period": _data(ask.period) if ask.period else None,
                "part": _data(ask.part) if ask.part else None,
                **result.describe(ask.query),
                **({"cached": ask.query.key in forecast.cached} if forecast else {}),
            }
            for ask in once(plan)
        ],
        "notes": list(plan.notes),
        "deliver": [_delivery(delivery) for delivery in plan.spec.deliver],
        "on_failure": [_delivery(delivery) for delivery in plan.spec.on_failure],
        "for_each": plan.spec.for_each or None,
        "on_partial": plan.spec.on_partial,
        "when_empty": plan.spec.when_empty,
        "send_if": plan.spec.send_if,
        "files": [str(file) for file in files(plan, output)],
    }


def _delivery(delivery: Delivery) -> dict[str, Json]:
    return {"kind": delivery.kind, "via": delivery.via, "to": list(delivery.to), "attach": list(delivery.attach)}


def files(plan: Plan, output: Path) -> list[Path]:
    """Every file a run would write; those of each member are named for one that stands for all."""
    folder = output / plan.spec.name / plan.period.name
    names = render.names(plan.spec.formats, [job.name for job in plan.spec.jobs])
    members = [f"members/{plan.spec.for_each.upper()}/{name}" for name in names if plan.spec.for_each]
    return [folder / name for name in (*names, *members, result.FILE)]


def once(plan: Plan) -> list[Ask]:
    """The plan's different questions, each with the first job that asks it."""
    first: dict[str, Ask] = {}
    for ask in plan.asks:
        first.setdefault(ask.query.key, ask)
    return list(first.values())


def _span(period: Period | None) -> str:
    if period is None:
        return ""
    start = period.start.isoformat(timespec="minutes") if period.start else "the beginning"
    return f"\n      {period.name}: {start} to {period.end.isoformat(timespec='minutes')}"


def _data(period: Period) -> dict[str, Json]:
    return {
        "name": period.name,
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat(),
    }
