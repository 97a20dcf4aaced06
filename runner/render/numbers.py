"""Where raw values become text: every number of every format is written here, so it reads the same in all of them.

``None`` (and what is no finite number) is an en dash, never 0. Halves are rounded away from zero. Numbers and their
units are held together by no-break spaces; a minus is U+2212. Rules by unit:

    count, number   grouped; a number with at most two decimals
    money           hundredths of the currency; whole from 1,000 units on and where there is no fraction, else with the
                    currency's own digits: $84,250  $120  $99.50  ¥5,000
    seconds         45 s, 3 min 20 s, 4 h 12 min, from two days on 2.5 days, 23 days; one decimal under 10 s
    fraction        27.3%
    datetime, date  in the digest's zone; a column of times is labelled as a whole, see ``heads``

A change is said with an arrow and without a sign: per cent for counts, money, seconds and numbers (``▲ 16.4%``), the
difference where a count is under 10 on either side (``▼ 3``), percentage points for fractions (``▲ 3.1 pp``), ``new``
from nothing, ``same`` for no difference, an en dash where one side is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from typing import Literal, TypeAlias

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    parse_pattern,
)

from runner.model import Column, Unit, Value
from runner.render import dates
from runner.render.style import Style

NONE = "–"
NBSP = "\u00a0"
MINUS = "−"

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

DAYS = 2 * 86400
"""Seconds from which on a duration is told in days."""

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


def text(value: Value, unit: Unit, style: Style) -> str:
    """A value as people read it."""
    if value is None:
        return NONE
    if isinstance(value, datetime):
        return dates.day(value, style) if unit is Unit.DATE else dates.moment(value, style)
    if isinstance(value, str):
        return value
    number = _number(value)
    if number is None:
        return NONE
    with _exact(number):
        return _WRITERS.get(unit, _plain)(number, style)


def short(value: Decimal | int | float, unit: Unit, style: Style) -> str:
    """A round number for the grid of a chart: money without a fraction, thousands as K, durations in one unit."""
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    with _exact(number):
        if unit is Unit.SECONDS:
            return _one_unit(number, style)
        if unit is Unit.FRACTION:
            return _percent(number, style, places=0 if (number * 100) % 1 == 0 else 1)
        size, letter = next(
            (size, letter) for size, letter in _SHORT if abs(number) >= size * _CENTS.get(unit, 1) or not letter
        )
        writers = _THOUSANDS if letter else _WRITERS
        written = writers.get(unit, _plain)(number / size, style)
        last = max((place for place, char in enumerate(written) if char.isdigit()), default=len(written))
        return f"{written[: last + 1]}{letter}{written[last + 1 :]}"


def brief(value: Value, unit: Unit, style: Style) -> str:
    """A value in few characters, to stand above its column: as ``text`` where that is short, else ``$84K``."""
    written, number = text(value, unit, style), _number(value)
    if number is None or len(written) <= BRIEF:
        return written
    cents = _CENTS.get(unit, 1)
    return short(_rough(number / cents) * cents, unit, style)


BRIEF = 5
"""Characters of a number that is short as it is."""


def whole_percent(value: Value, style: Style) -> str:
    """A fraction in whole per cent, for where there is little room: ``64%``."""
    number = _number(value)
    if number is None:
        return NONE
    with _exact(number):
        return _percent(number, style, places=0)


def difference(now: Value, before: Value, column: Column, style: Style) -> str:
    """How much more or less, with its sign: ``+$11,850``; empty where it is nothing or cannot be said."""
    new, old = _number(now), _number(before)
    if new is None or old is None or new == old or column.unit in (Unit.TEXT, Unit.DATE, Unit.DATETIME):
        return ""
    with _exact(new, old):
        if column.unit is Unit.FRACTION:
            size = f"{_least(abs(new - old) * 100, style)}{NBSP}pp"
        else:
            size = _WRITERS.get(column.unit, _plain)(abs(new - old), style)
    return f"{'+' if new > old else MINUS}{size}"


def heads(values: Sequence[Value], unit: Unit, style: Style) -> tuple[str, ...]:
    """The first column of a table: as ``text``, but times are said as exactly as their distance asks for."""
    times = [value for value in values if isinstance(value, datetime)]
    if unit is not Unit.DATETIME or len(times) != len(values):
        return tuple(text(value, unit, style) for value in values)
    return dates.labels(times, style)


def delta(now: Value, before: Value, column: Column, style: Style) -> Delta | None:
    """The change from ``before`` to ``now``; None for a column that has no numbers."""
    if column.unit in (Unit.TEXT, Unit.DATE, Unit.DATETIME):
        return None
    new, old = _number(now), _number(before)
    if new is None or old is None:
        return Delta("", NONE, spoken="not comparable")
    if new == old:
        return Delta("", "same")
    with _exact(new, old):
        return _change(new, old, column, style)


# ---- values ----------------------------------------------------------------------------------------------


def _number(value: Value) -> Decimal | None:
    """The exact decimal number; None for what is no number."""
    if value is None or isinstance(value, str | datetime):
        return None
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _exact(*numbers: Decimal) -> AbstractContextManager[Context]:
    """Arithmetic wide enough for these numbers, with halves away from zero; Babel rounds by it too."""
    digits = max(max(number.adjusted(), 0) + len(number.as_tuple().digits) for number in numbers)
    return localcontext(Context(prec=2 * digits + 40, rounding=ROUND_HALF_UP))


def _rounded(number: Decimal, places: int) -> Decimal:
    """The number with so many decimals, never a negative zero."""
    return number.quantize(Decimal(1).scaleb(-places)) + 0


def _rough(number: Decimal) -> Decimal:
    """Two digits of a number, three where it has that many before its thousands begin: 5.1, 26, 112 (thousand)."""
    return Context(prec=3 if number.adjusted() % 3 == 2 else 2, rounding=ROUND_HALF_UP).plus(number)


def _local(written: str, style: Style) -> str:
    return style.digits(written).replace("-", MINUS).replace(" ", NBSP)


def _decimal(number: Decimal, places: int, style: Style) -> str:
    pattern = _decimal_pattern(style.locale, places)
    return _local(
        format_decimal(_rounded(number, places), pattern, style.locale, numbering_system=style.numbering),
        style,
    )


@cache
def _parsed(pattern: str) -> NumberPattern:
    """CLDR's pattern, taken apart once: Babel would do so for each number."""
    return parse_pattern(pattern)


@cache
def _decimal_pattern(locale: Locale, places: int) -> NumberPattern:
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return parse_pattern(f"#,#{pattern}" if locale.decimal_formats[None].pattern.startswith("#,##,") else pattern)


def _count(number: Decimal, style: Style) -> str:
    return _decimal(number, 0, style)


def _plain(number: Decimal, style: Style) -> str:
    rounded = _rounded(number, 2)
    return _decimal(rounded, max(0, -int(rounded.normalize().as_tuple().exponent)), style)


def _money(cents: Decimal, style: Style, digits: int | None = None) -> str:
    """``digits`` after the point; None: as the currency has them, none from 1,000 on and where there is no fraction."""
    places = get_currency_precision(style.currency) if digits is None else digits
    amount = _rounded(cents / 100, places)
    if digits is None and (abs(amount) >= 1000 or amount == amount.to_integral_value()):
        places = 0
    pattern = style.locale.currency_formats["standard"].pattern
    pattern = pattern.replace("0.00", f"0.{'0' * places}" if places else "0")
    written = format_currency(
        _rounded(amount, places),
        style.currency,
        _parsed(pattern),
        style.locale,
        currency_digits=False,
        numbering_system=style.numbering,
    )
    return _local(written, style)


def _round_money(cents: Decimal, style: Style) -> str:
    """Money of which there are thousands: at most two decimals, no zeros at the end of them."""
    exponent = int(_rounded(cents / 100, 2).normalize().as_tuple().exponent)
    return _money(cents, style, digits=max(0, -exponent))


def _seconds(number: Decimal, style: Style) -> str:
    sign, size = (MINUS if number < 0 else ""), abs(number)
    if _rounded(size, 1) < 10 and _rounded(size, 1) != size.to_integral_value():
        return f"{sign}{_decimal(size, 1, style)}{NBSP}s"
    whole = _rounded(size, 0)
    if whole < 3600:
        return sign + _pair(*divmod(whole, 60), ("min", "s"), style)
    if whole < DAYS:
        return sign + _pair(*divmod(_rounded(size / 60, 0), 60), ("h", "min"), style)
    days = size / 86400
    return f"{sign}{_plain(_rounded(days, 1 if days < 10 else 0), style)}{NBSP}days"


def _pair(large: Decimal, small: Decimal, units: tuple[str, str], style: Style) -> str:
    """Two parts of a duration; a part that is nothing is left out, unless both are."""
    parts = [f"{_count(large, style)}{NBSP}{units[0]}"] if large else []
    if small or not large:
        parts.append(f"{_count(small, style)}{NBSP}{units[1]}")
    return NBSP.join(parts)


def _one_unit(seconds: Decimal, style: Style) -> str:
    """A round duration in the largest unit that it has one of: ``15 min``, ``6 h``, ``5 d``."""
    size, name = next((size, name) for size, name in _ONE_UNIT if seconds >= size or size == 1)
    return f"{_plain(_rough(seconds / size), style)}{NBSP}{name}"


def _percent(fraction: Decimal, style: Style, *, places: int = 1) -> str:
    pattern = style.locale.percent_formats[None].pattern
    if places:
        pattern = pattern.replace("0", f"0.{'0' * places}")
    rounded = _rounded(fraction, places + 2)
    return _local(format_percent(rounded, _parsed(pattern), style.locale, numbering_system=style.numbering), style)


_ONE_UNIT = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_SHORT = ((10**9, "B"), (10**6, "M"), (10**3, "K"), (1, ""))
_CENTS: Mapping[Unit, int] = {Unit.MONEY: 100}

_WRITERS: Mapping[Unit, Callable[[Decimal, Style], str]] = {
    Unit.COUNT: _count,
    Unit.MONEY: _money,
    Unit.SECONDS: _seconds,
    Unit.FRACTION: _percent,
}
_THOUSANDS: Mapping[Unit, Callable[[Decimal, Style], str]] = {Unit.MONEY: _round_money}


# ---- changes ---------------------------------------------------------------------------------------------


def _change(now: Decimal, before: Decimal, column: Column, style: Style) -> Delta:
    more = now > before
    arrow, spoken = ("▲", "up") if more else ("▼", "down")
    if before == 0 and column.unit is not Unit.FRACTION:
        return Delta("", "new", _tone(column.key, more, notable=True))
    if column.unit is Unit.FRACTION:
        size, unit = abs(now - before) * 100, "pp"
        said = f"{_least(size, style)}{NBSP}pp"
    elif column.unit is Unit.COUNT and min(abs(now), abs(before)) < SMALL:
        size, unit = abs(now - before), ""
        said = _plain(size, style)
    else:
        size, unit = abs(now - before) / abs(before) * 100, "%"
        said = _relative(size, style)
    return Delta(arrow, said, _tone(column.key, more, notable=size >= NOTABLE[unit]), spoken)


def _least(points: Decimal, style: Style) -> str:
    """A difference in percentage points with one decimal; one that would be rounded to nothing is under 0.1."""
    smallest = Decimal("0.1")
    return _decimal(points, 1, style) if _rounded(points, 1) else f"<{_decimal(smallest, 1, style)}"


def _relative(percent: Decimal, style: Style) -> str:
    """A change in per cent: one decimal under 100, none from there on, and no more than three digits."""
    if percent >= Decimal("999.5"):
        return f">{_percent(Decimal('9.99'), style, places=0)}"
    if not _rounded(percent, 1):
        return f"<{_percent(Decimal('0.001'), style)}"
    return _percent(percent / 100, style, places=1 if _rounded(percent, 1) < 100 else 0)


def _tone(metric: str, more: bool, *, notable: bool) -> Tone:
    fits = [start for start in UP_IS_GOOD if metric.startswith(start)]
    if not (fits and notable):
        return "flat"
    return "good" if UP_IS_GOOD[max(fits, key=len)] is more else "bad"
