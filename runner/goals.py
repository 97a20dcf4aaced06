"""Targets: how far numbers have come, and how far working days alone would have brought them by now.

A goal ``per`` week (or another unit) is, for any range, the sum over the range's working days of the part that each has
in its own week: for the week itself it is the goal, for two weeks twice that, for a day a fifth of it. While the period
runs, what is expected is the goal times the working days that are over, of all there are. Today is not over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import groupby

from runner import checks, period
from runner.checks import Sections
from runner.model import Breach, Column, Per, Period, Progress, Spec, Target, Unit, WeekStart, WorkingDays

MEANS = ("avg", "average", "velocity")
"""Words in the key of a number that does not grow with its period."""

_DAY = timedelta(days=1)


def progress(spec: Spec, sections: Sections, as_of: datetime) -> tuple[Progress, ...]:
    """How far each of the definition's targets has come, in its order."""
    return tuple(_progress(spec, target, sections, as_of) for target in spec.targets)


def grows(column: Column) -> bool:
    """Whether the number of two periods is the sum of theirs, so that a part of its goal may be expected."""
    summed = column.unit in (Unit.COUNT, Unit.MONEY, Unit.SECONDS)
    return summed and not any(word in column.key for word in MEANS)


def scaled(goal: float, per: Per, span: Period, working: WorkingDays, week_start: WeekStart) -> float:
    """The goal for this span, of one that is for each day, week, month, quarter or year."""
    share = Fraction(0)
    for (first, after), days in groupby(_days(span), lambda day: period.around(day, per, week_start)):
        unit = sum(first + place * _DAY in working for place in range((after - first).days))
        share += Fraction(sum(day in working for day in days), unit or 1)
    return float(Fraction(goal) * share)


def gone(span: Period, as_of: datetime, working: WorkingDays) -> tuple[int, int]:
    """How many working days of the span are over, and how many it has."""
    days = [day for day in _days(span) if day in working]
    today = as_of.astimezone(span.end.tzinfo).date() if as_of < span.end else date.max
    return sum(day < today for day in days), len(days)


def _progress(spec: Spec, target: Target, sections: Sections, as_of: datetime) -> Progress:
    found = checks.find(target.number, sections)
    if isinstance(found, Breach):
        return Progress(target, column=found.column, fault=_fault(found, target))
    (one,) = found
    span, column = one.section.period, one.column
    goal: float | None = target.goal.raw(column.unit)
    if goal is None:
        return Progress(target, span, column, one.cell, fault=f"{target.goal.text} is no {column.unit.value}")
    if target.per and span.start and grows(column):
        goal = scaled(goal, target.per, span, spec.working_days, spec.week_start)
    over, (past, days) = as_of >= span.end, gone(span, as_of, spec.working_days)
    paced = target.paced and not over and span.start is not None and grows(column) and days > 0
    expected = goal * past / days if paced else None
    return Progress(target, span, column, one.cell, goal, expected, over, past, days)


def _fault(found: Breach, target: Target) -> str:
    if found.fault == "not-loaded":
        return f"not loaded: {found.text}"
    row = "no total" if target.number.row == checks.TOTAL else f"no row '{target.number.row}'"
    what = f"no number '{target.number.column}'" if found.fault == "no-number" else row
    return f"{what}; {found.text}" if found.text else what


def _days(span: Period) -> Iterator[date]:
    """The local days of a span, the first and the last maybe in part; none of all time."""
    if span.start is None:
        return
    day, last = span.start.date(), (span.end - timedelta.resolution).date()
    while day <= last:
        yield day
        day += _DAY
