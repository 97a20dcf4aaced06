"""How a number changed, in words, and whether that is good.

A change is said with an arrow and without a sign: per cent for counts, money, seconds and numbers (``▲ 16.4%``), the
difference where a count is under 10 on either side (``▼ 3``), percentage points for fractions (``▲ 3.1 pp``), ``new``
from nothing, ``same`` for no difference, an en dash where one side is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from runner.model import Cell, Column, Unit, Value
from runner.render import numbers
from runner.render.digits import MINUS, NBSP
from runner.render.style import Style

Tone: TypeAlias = Literal["good", "bad", "flat"]

UP_IS_GOOD: Mapping[str, bool] = {
    "average_time_to_advance": False,
    "average_time_to_win": False,
    "average_value_annualized_per_won_opportunity": True,
    "calls.": True,
    "count_conversion_rate": True,
    "count_lost": False,
    "count_lost_ratio": False,
    "count_total_lost": False,
    "count_total_won": True,
    "count_win_rate": True,
    "emails.": True,
    "leads.": True,
    "meetings.": True,
    "notes.": True,
    "open_rate": True,
    "opportunities.": True,
    "opportunities.lost.": False,
    "opportunities.value_lost.": False,
    "reply_rate": True,
    "sales_velocity": True,
    "sms.": True,
    "tasks.": True,
    "value_conversion_rate": True,
    "value_lost": False,
    "value_total_won": True,
    "value_win_rate": True,
}
"""How a metric's key begins -> whether more of it is good. The longest fit counts; others are neither good nor bad."""

SMALL = 10
"""A count under this is compared by difference: from 1 to 3 is 2 more, not 200%."""

NOTABLE: Mapping[str, Decimal] = {"%": Decimal(25), "pp": Decimal(5), "": Decimal(3)}
"""How large a change must be to be coloured, by its unit: the eye should land on few."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A change: its arrow (or none), its size in words, whether that is good, and the arrow for those who hear it."""

    arrow: str
    text: str
    tone: Tone = "flat"
    spoken: str = ""

    def __str__(self) -> str:
        return f"{self.arrow}{NBSP}{self.text}" if self.arrow else self.text


UNKNOWN = Delta("", numbers.NONE, spoken="not comparable")
SAME = Delta("", "same")
NUMBERLESS = (Unit.TEXT, Unit.DATE, Unit.DATETIME)
SMALLEST = Decimal("0.1")


def delta(now: Value, before: Value, column: Column, style: Style) -> Delta | None:
    """The change from ``before`` to ``now``; None for a column that has no numbers."""
    return None if column.unit in NUMBERLESS else _delta(now, before, column.unit, column.key, style)


@lru_cache(4096, typed=True)
def _delta(now: Value, before: Value, unit: Unit, metric: str, style: Style) -> Delta:
    """The same changes are told in a table, on a tile and in a chart."""
    new, old = numbers.exact(now), numbers.exact(before)
    if new is None or old is None:
        return UNKNOWN
    if new == old:
        return SAME
    with numbers.arithmetic(new, old):
        return _change(new, old, unit, metric, style)


def deltas(cell: Cell, column: Column, style: Style) -> tuple[Delta, ...]:
    """The changes of a number against each it is compared with, in order."""
    found = [delta(cell.value, was, column, style) for was in cell.before]
    return tuple([each for each in found if each])


def difference(now: Value, before: Value, column: Column, style: Style) -> str:
    """How much more or less, with its sign: ``+$11,850``; empty where it is nothing or cannot be said."""
    new, old = numbers.exact(now), numbers.exact(before)
    if new is None or old is None or new == old or column.unit in NUMBERLESS:
        return ""
    with numbers.arithmetic(new, old):
        if column.unit is Unit.FRACTION:
            size = f"{_least(abs(new - old) * 100, style)}{NBSP}pp"
        else:
            size = numbers.written(abs(new - old), column.unit, style)
    return f"{'+' if new > old else MINUS}{size}"


def _change(now: Decimal, before: Decimal, unit: Unit, metric: str, style: Style) -> Delta:
    more = now > before
    arrow, spoken = ("▲", "up") if more else ("▼", "down")
    if before == 0 and unit is not Unit.FRACTION:
        return Delta("", "new", _tone(metric, more, notable=True))
    if unit is Unit.FRACTION:
        size, scale = abs(now - before) * 100, "pp"
        said = f"{_least(size, style)}{NBSP}pp"
    elif unit is Unit.COUNT and min(abs(now), abs(before)) < SMALL:
        size, scale = abs(now - before), ""
        said = numbers.plain(size, style)
    else:
        size, scale = abs(now - before) / abs(before) * 100, "%"
        said = _relative(size, style)
    return Delta(arrow, said, _tone(metric, more, notable=size >= NOTABLE[scale]), spoken)


def _least(points: Decimal, style: Style) -> str:
    """A difference in percentage points with one decimal; one that would be rounded to nothing is under 0.1."""
    said = numbers.decimal(points, 1, style)
    return said if numbers.rounded(points, 1) else f"<{numbers.decimal(SMALLEST, 1, style)}"


def _relative(percent: Decimal, style: Style) -> str:
    """A change in per cent: one decimal under 100, none from there on, and no more than three digits."""
    if percent >= Decimal("999.5"):
        return f">{numbers.percent(Decimal('9.99'), style, places=0)}"
    if not numbers.rounded(percent, 1):
        return f"<{numbers.percent(Decimal('0.001'), style)}"
    return numbers.percent(percent / 100, style, places=1 if numbers.rounded(percent, 1) < 100 else 0)


def _tone(metric: str, more: bool, *, notable: bool) -> Tone:
    good = _more_is_good(metric) if notable else None
    return "flat" if good is None else "good" if good is more else "bad"


@lru_cache(1024)
def _more_is_good(metric: str) -> bool | None:
    """Whether more of it is good; None where nobody can say."""
    fits = [start for start in UP_IS_GOOD if metric.startswith(start)]
    return UP_IS_GOOD[max(fits, key=len)] if fits else None
