"""Counts -> the rows of an answer: rates, means and money.

Sums are exact integers and rates fractions of them; only what is printed is rounded, money to the cent. A number that
is whole is printed as an integer, rates and seconds too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from runner.engine.funnel.cohort import Cohort
from runner.engine.funnel.pipelines import Status
from runner.engine.moments import DAY

Number: TypeAlias = int | float | None
Row: TypeAlias = dict[str, Any]

TOTALS = (
    "count",
    "count_total_complete",
    "count_total_won",
    "count_win_rate",
    "value_total_complete",
    "value_total_won",
    "value_win_rate",
    "average_time_to_win",
    "average_value_annualized_per_won_opportunity",
    "sales_velocity",
)
"""The numbers of a row of totals, in their order."""

STAGE = (
    "count",
    "count_conversion_rate",
    "count_lost",
    "count_lost_ratio",
    "value",
    "value_conversion_rate",
    "value_lost",
    "value_lost_ratio",
    "weighted_value",
    "weighted_value_conversion_rate",
    "average_time_to_advance",
)
"""The numbers of a stage's row, in their order; before them comes its ``status``."""

_SECOND = 1_000_000
_PERCENT = 100


def totals(cohort: Cohort) -> Row:
    """What became of a cohort. Rates are of those that were won or lost; without any they are None."""
    fates = cohort.fates
    count = sum(fate.count for fate in fates)
    complete, complete_value = sum(fate.complete for fate in fates), sum(fate.complete_value for fate in fates)
    won, won_value = sum(fate.won for fate in fates), sum(fate.won_value for fate in fates)
    won_time = sum(fate.won_time for fate in fates)
    days = Fraction(won_time, (won or 1) * DAY)
    velocity = count * Fraction(won_value, complete or 1) / max(Fraction(1), days)
    return {
        "count": count,
        "count_total_complete": complete,
        "count_total_won": won,
        "count_win_rate": _rate(won, complete, of=complete),
        "value_total_complete": complete_value,
        "value_total_won": won_value,
        "value_win_rate": _rate(won_value, complete_value, of=complete),
        "average_time_to_win": _seconds(won_time, won),
        "average_value_annualized_per_won_opportunity": _cents(won_value, won or 1),
        "sales_velocity": _cents(velocity.numerator, velocity.denominator),
    }


def stages(cohort: Cohort, listed: Sequence[Status]) -> list[Row]:
    """A row for each stage, also for those nobody reached: all its rates are None."""
    return [_stage(cohort, status) for status in listed]


def _stage(cohort: Cohort, status: Status) -> Row:
    """One that was only in stages before and after has passed the stage; it took no time there."""
    count = value = weighted = count_advanced = value_advanced = weighted_advanced = 0
    for lot in cohort.lots:
        if lot.low is None or lot.high is None or not lot.low <= status.no <= lot.high:
            continue
        count, value, weighted = count + lot.count, value + lot.value, weighted + lot.weighted
        if lot.high != status.no:
            count_advanced += lot.count
            value_advanced += lot.value
            weighted_advanced += lot.weighted
    steps = [step for step in cohort.steps if step.stage == status.no]
    count_lost, value_lost = sum(step.lost for step in steps), sum(step.lost_value for step in steps)
    return {
        "status": {"id": status.id, "label": status.label, "type": status.type},
        "count": count,
        "count_conversion_rate": _rate(count_advanced, count, of=count),
        "count_lost": count_lost,
        "count_lost_ratio": _rate(count_lost, count, of=count),
        "value": value,
        "value_conversion_rate": _rate(value_advanced, value, of=count),
        "value_lost": value_lost,
        "value_lost_ratio": _rate(value_lost, value, of=count),
        "weighted_value": _cents(weighted, _PERCENT),
        "weighted_value_conversion_rate": _rate(weighted_advanced, weighted, of=count),
        "average_time_to_advance": _seconds(sum(step.time for step in steps), count_advanced),
    }


def _rate(part: int, whole: int, *, of: int) -> Number:
    """A share of something: None without objects it is the rate ``of``, 0 where they are worth nothing."""
    if not of:
        return None
    return _ratio(part, whole) if whole else 0


def _seconds(microseconds: int, count: int) -> Number:
    """The mean in seconds; None without any."""
    return _ratio(microseconds, count * _SECOND) if count else None


def _ratio(part: int, whole: int) -> int | float:
    """The nearest there is to the exact quotient."""
    return part / whole if part % whole else part // whole


def _cents(part: int, whole: int) -> int:
    """A quotient of money to the cent, halves away from zero; ``whole`` is positive."""
    cents = (2 * abs(part) + whole) // (2 * whole)
    return cents if part >= 0 else -cents
