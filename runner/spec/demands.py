"""Checks and targets: whether the numbers they name are there, whether their limits can be limits of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from runner import nearest
from runner.errors import Severity
from runner.model import Amount, Check, Job, Limit, Number, Path, Sort, Target, Unit, WorkingDays
from runner.spec import amounts, numbers
from runner.spec.findings import Finding, show

SORTS: tuple[Sort, ...] = get_args(Sort)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def check(right: Mapping[str, Any], named: Mapping[str, Any], jobs: Mapping[str, Job]) -> Iterator[Finding]:
    """What is wrong with the checks and targets that the schema accepts.

    ``named`` are the jobs by their names, ``jobs`` those of them that are right.
    """
    for name, said in right.get("checks", {}).items():
        path: Path = ("checks", name)
        yield from _limits(said, path)
        yield from _number(said, path, named, jobs, {sort: said[sort] for sort in SORTS if sort in said})
    for name, said in right.get("targets", {}).items():
        path = ("targets", name)
        yield from _goal(said, path, jobs)
        yield from _number(said, path, named, jobs, {"goal": said["goal"]})
    yield from _holidays(right.get("working_days", {}).get("holidays", []))


def checks(said: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks of a definition that is right."""
    return tuple(
        Check(
            name=name,
            number=_place(one),
            limits=tuple(Limit(sort, amounts.read(one[sort])) for sort in SORTS if sort in one),
            place=("checks", name),
            nullable=not one.get("not_null", True),
            severity=Severity(one.get("severity", "error")),
            message=one.get("message", ""),
        )
        for name, one in said.items()
    )


def targets(said: Mapping[str, Any]) -> tuple[Target, ...]:
    """The targets of a definition that is right."""
    return tuple(
        Target(
            name=name,
            number=_place(one),
            goal=amounts.read(one["goal"]),
            place=("targets", name),
            label=one.get("label", ""),
            per=one.get("per"),
            paced=one.get("pacing", "working-days") != "none",
        )
        for name, one in said.items()
    )


def working_days(said: Mapping[str, Any]) -> WorkingDays:
    """The days that targets are paced by."""
    week = frozenset(_DAYS.index(day) for day in said.get("week", _DAYS[:5]))
    return WorkingDays(week, frozenset(date.fromisoformat(day) for day in said.get("holidays", ())))


def _place(one: Mapping[str, Any]) -> Number:
    return Number(one["job"], one["number"], one.get("row", "total"), one.get("table", ""))


def _number(
    said: Mapping[str, Any],
    path: Path,
    named: Mapping[str, Any],
    jobs: Mapping[str, Job],
    sizes: Mapping[str, Any],
) -> Iterator[Finding]:
    """Whether the number is one that the job will have, and can be of these sizes."""
    if said["job"] not in named:
        hint = nearest.hint(said["job"], named) or f"one of: {', '.join(named)}"
        yield Finding((*path, "job"), f"no job is named {show(said['job'])}", "unknown-job", hint)
    if said["job"] not in jobs:
        return
    job = jobs[said["job"]]
    tables = numbers.of(job)
    table = said.get("table", "")
    if table and table not in tables:
        hint = nearest.hint(table, tables) or f"its tables are: {', '.join(tables)}"
        yield Finding((*path, "table"), f"job '{job.name}' has no table {show(table)}", "unknown-table", hint)
        return
    held = [one for key, one in tables.items() if table in ("", key) and said["number"] in one]
    if not held:
        known = [key for name, one in tables.items() if table in ("", name) for key in one.units if key[-1] != "*"]
        hint = nearest.hint(said["number"], known) or f"it has: {', '.join(known)}"
        yield Finding(
            (*path, "number"), f"job '{job.name}' has no number {show(said['number'])}", "unknown-number", hint
        )
        return
    if said.get("row", "total") == "total" and not any(one.total for one in held):
        hint = "say the row: one by its key or name, or every"
        place = (*path, "row") if "row" in said else path
        message = f"job '{job.name}' has no total of this"
        yield Finding(place, message, "unknown-row", hint, key="row" not in said)
    unit = held[0].unit(said["number"])
    yield from _sizes(sizes, path, unit, job)
    if unit is Unit.FRACTION and "per" in said:
        yield Finding((*path, "per"), "a rate is the same for every span", "goal", "remove per", key=True)


def _sizes(sizes: Mapping[str, Any], path: Path, unit: Unit | None, job: Job) -> Iterator[Finding]:
    for key, size in sizes.items():
        amount = amounts.read(size)
        if not key.startswith("change_"):
            yield from amounts.misfit(amount, unit, (*path, key)) if unit else ()
            continue
        if "compare" not in job.settings:
            said = f"job '{job.name}' is compared with nothing, so that no change is known"
            yield Finding((*path, key), said, "compare", "give the job a compare", key=True)
        elif unit and amount.mark == "pp" and unit is not Unit.FRACTION:
            said = f"{show(amount.text)} is percentage points, but the number is no rate"
            yield Finding((*path, key), said, "limit", "write it in per cent")


def _limits(said: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    if not (said.keys() & {*SORTS}) and said.get("not_null") is not True:
        hint = "give min, max, change_min, change_max or not_null: true"
        yield Finding(path, f"check '{path[-1]}' demands nothing", "no-limit", hint, key=True)
    for least, most in (("min", "max"), ("change_min", "change_max")):
        if least in said and most in said:
            low, high = amounts.read(said[least]), amounts.read(said[most])
            if _alike(low, high) and low.size > high.size:
                yield Finding((*path, most), f"{most} {high.text} is below {least} {low.text}", "limit")


def _alike(one: Amount, other: Amount) -> bool:
    return one.mark == other.mark


def _goal(said: Mapping[str, Any], path: Path, jobs: Mapping[str, Job]) -> Iterator[Finding]:
    if amounts.read(said["goal"]).size <= 0:
        yield Finding((*path, "goal"), "a goal is more than 0", "goal")
    if said.get("row") == "every":
        hint = "write a target for each row, or for the total"
        yield Finding((*path, "row"), "a target is one number", "goal", hint)
    job = jobs.get(said["job"])
    base = "cohort" if job and job.settings.get("type") == "created-cohort" else "range"
    if job and job.settings.get(base, "all-time") == "all-time" and ("per" in said or said.get("pacing")):
        hint = f"give the job a {base}"
        key = "per" if "per" in said else "pacing"
        yield Finding((*path, key), f"job '{job.name}' has no beginning to count days from", "goal", hint, key=True)


def _holidays(said: list[str]) -> Iterator[Finding]:
    for index, day in enumerate(said):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Finding(("working_days", "holidays", index), f"{show(day)} is not in the calendar", "calendar")
