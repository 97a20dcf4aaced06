"""A plan as people read it, and as data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from runner import render, result
from runner.model import Ask, Json, Period, Plan


def texts(plans: Collection[Plan], output: Path) -> str:
    """Every plan, and how many requests they are together: what several ask goes out once."""
    users: dict[str, list[Ask]] = {}
    owners: dict[str, dict[str, None]] = {}
    for plan in plans:
        for ask in plan.asks:
            users.setdefault(ask.query.key, []).append(ask)
            owners.setdefault(ask.query.key, {})[plan.spec.name] = None
    shared = {key: _shared(len(asks), list(owners[key])) for key, asks in users.items() if len(asks) > 1}
    told = [_text(plan, output, shared) for plan in plans]
    total = len({query.key for plan in plans for query in plan.lookups}) + len(users)
    return "\n\n".join([*told, *([f"{total} requests in all"] if len(plans) > 1 else [])])


def _shared(jobs: int, definitions: Sequence[str]) -> str:
    return f"asked once, used by {jobs} jobs" + (f" of {', '.join(definitions)}" if len(definitions) > 1 else "")


def _text(plan: Plan, output: Path, shared: Mapping[str, str]) -> str:
    """A line for the definition, one for each query with who needs it, the notes, the files.

    The look-ups of names come first; a run asks them once for all its definitions.
    """
    spec = plan.spec
    lines = [f"{spec.name}: {spec.title}", f"  as of {plan.as_of.isoformat(timespec='seconds')}, {spec.timezone}"]
    lines += [f"  names: {query.method} {query.path}" for query in plan.lookups]
    for ask in _once(plan):
        lines.append(f"  {ask.job.name}: {ask.query.method} {ask.query.path}{_span(ask.part or ask.period)}")
        lines += [f"      {shared[ask.query.key]}"] if ask.query.key in shared else []
    lines += [f"  note: {note}" for note in plan.notes]
    if spec.deliver:
        lines.append(f"  if a job fails: {'sent with the rest' if spec.on_partial == 'send' else 'held back'}")
    lines += [f"  writes {file}" for file in files(plan, output)]
    return "\n".join([*lines, f"  {len(plan.lookups) + len(_once(plan))} requests"])


def data(plan: Plan, output: Path) -> dict[str, Json]:
    """The same as JSON: every query exactly as it would go out."""
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
            }
            for ask in _once(plan)
        ],
        "notes": list(plan.notes),
        "on_partial": plan.spec.on_partial,
        "files": [str(file) for file in files(plan, output)],
    }


def files(plan: Plan, output: Path) -> list[Path]:
    """Every file a run would write."""
    folder = output / plan.spec.name / plan.period.name
    names = render.names(plan.spec.formats, [job.name for job in plan.spec.jobs])
    return [folder / name for name in (*names, result.FILE)]


def _once(plan: Plan) -> list[Ask]:
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
