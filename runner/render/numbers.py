"""Where raw values become text: every number of every format is written here, so it reads the same in all of them.

``None`` (and what is no finite number) is an en dash, never 0. Halves are rounded away from zero. Numbers and their
units are held together by no-break spaces; a minus is U+2212. Rules by unit:

    count, number   grouped; a number with at most two decimals
    money           hundredths of the currency; whole from 1,000 units on and where there is no fraction, else with the
                    currency's own digits: $84,250  $120  $99.50  ¥5,000
    seconds         45 s, 3 min 20 s, 4 h 12 min, from two days on 2.5 days, 23 days; one decimal under 10 s
    fraction        27.3%
    datetime, date  in the digest's zone; a column of times is labelled as a whole, see ``heads``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

from babel.numbers import get_currency_precision

from runner.model import Unit, Value
from runner.render import dates, digits
from runner.render.digits import MINUS, NBSP
from runner.render.style import Style

NONE = "–"

DAYS = 2 * 86400
"""Seconds from which on a duration is told in days."""


def text(value: Value, unit: Unit, style: Style) -> str:
    """A value as people read it."""
    if value is None:
        return NONE
    return value if isinstance(value, str) else _text(value, unit, style)


@lru_cache(4096, typed=True)
def _text(value: int | float | datetime, unit: Unit, style: Style) -> str:
    """The same numbers stand in a table, its chart and its finding, and small ones in every digest."""
    if isinstance(value, datetime):
        return dates.day(value, style) if unit is Unit.DATE else dates.moment(value, style)
    number = exact(value)
    if number is None:
        return NONE
    with arithmetic(number):
        return written(number, unit, style)


def short(value: Decimal | int | float, unit: Unit, style: Style) -> str:
    """A round number for the grid of a chart: money without a fraction, thousands as K, durations in one unit."""
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    with arithmetic(number):
        if unit is Unit.SECONDS:
            return _one_unit(number, style)
        if unit is Unit.FRACTION:
            return percent(number, style, places=0 if (number * 100) % 1 == 0 else 1)
        size, letter = next(
            (size, letter) for size, letter in _SHORT if abs(number) >= size * _CENTS.get(unit, 1) or not letter
        )
        writers = _THOUSANDS if letter else _WRITERS
        said = writers.get(unit, plain)(number / size, style)
        last = max((place for place, char in enumerate(said) if char.isdigit()), default=len(said))
        return f"{said[: last + 1]}{letter}{said[last + 1 :]}"


def brief(value: Value, unit: Unit, style: Style) -> str:
    """A value in few characters, to stand above its column: as ``text`` where that is short, else ``$84K``."""
    said = text(value, unit, style)
    number = exact(value) if len(said) > BRIEF else None
    if number is None:
        return said
    cents = _CENTS.get(unit, 1)
    return short(_rough(number / cents) * cents, unit, style)


BRIEF = 5
"""Characters of a number that is short as it is."""


def whole_percent(value: Value, style: Style) -> str:
    """A fraction in whole per cent, for where there is little room: ``64%``."""
    number = exact(value)
    if number is None:
        return NONE
    with arithmetic(number):
        return percent(number, style, places=0)


def heads(values: Sequence[Value], unit: Unit, style: Style) -> tuple[str, ...]:
    """The first column of a table: as ``text``, but times are said as exactly as their distance asks for."""
    times = [value for value in values if isinstance(value, datetime)]
    if unit is not Unit.DATETIME or len(times) != len(values):
        return tuple(text(value, unit, style) for value in values)
    return dates.labels(times, style)


# ---- exact numbers ---------------------------------------------------------------------------------------

USUAL = Context(prec=100, rounding=ROUND_HALF_UP)
"""Wide enough for numbers of up to 30 digits."""


def exact(value: Value) -> Decimal | None:
    """The exact decimal number; None for what is no number."""
    if isinstance(value, int):
        return Decimal(value)
    if not isinstance(value, float):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def arithmetic(*numbers: Decimal) -> AbstractContextManager[Context]:
    """Arithmetic wide enough for these numbers, with halves away from zero."""
    size = max(number.adjusted() for number in numbers)
    return localcontext(USUAL if size < 30 else Context(prec=4 * size, rounding=ROUND_HALF_UP))


def rounded(number: Decimal, places: int) -> Decimal:
    """The number with so many decimals, never a negative zero."""
    return number.quantize(LAST[places]) + 0


LAST = tuple(Decimal(1).scaleb(-places) for places in range(8))
"""One of the last of so many decimals."""


def _rough(number: Decimal) -> Decimal:
    """Two digits of a number, three where it has that many before its thousands begin: 5.1, 26, 112 (thousand)."""
    return Context(prec=3 if number.adjusted() % 3 == 2 else 2, rounding=ROUND_HALF_UP).plus(number)


# ---- by unit ---------------------------------------------------------------------------------------------


def written(number: Decimal, unit: Unit, style: Style) -> str:
    """A number as its unit asks for, inside its ``arithmetic``."""
    return _WRITERS.get(unit, plain)(number, style)


def decimal(number: Decimal, places: int, style: Style) -> str:
    """A number with so many decimals."""
    return digits.decimal(style, places).write(rounded(number, places))


def plain(number: Decimal, style: Style) -> str:
    """A number with at most two decimals, none that say nothing."""
    return decimal(number, _decimals(number), style)


def percent(fraction: Decimal, style: Style, *, places: int = 1) -> str:
    """A fraction in per cent, with so many decimals."""
    return digits.percent(style, places).write(rounded(100 * fraction, places))


def _count(number: Decimal, style: Style) -> str:
    return decimal(number, 0, style)


def _decimals(number: Decimal) -> int:
    """How many of the first two decimals say something."""
    return max(0, -int(rounded(number, 2).normalize().as_tuple().exponent))


def _money(cents: Decimal, style: Style) -> str:
    places = get_currency_precision(style.currency)
    amount = rounded(cents / 100, places)
    if abs(amount) >= 1000 or amount == amount.to_integral_value():
        places = 0
    return digits.money(style, places).write(rounded(amount, places))


def _round_money(cents: Decimal, style: Style) -> str:
    """Money of which there are thousands: at most two decimals, no zeros at the end of them."""
    amount = cents / 100
    places = _decimals(amount)
    return digits.money(style, places).write(rounded(amount, places))


def _seconds(number: Decimal, style: Style) -> str:
    sign, size = (MINUS if number < 0 else ""), abs(number)
    if rounded(size, 1) < 10 and rounded(size, 1) != size.to_integral_value():
        return f"{sign}{decimal(size, 1, style)}{NBSP}s"
    whole = rounded(size, 0)
    if whole < 3600:
        return sign + _pair(*divmod(whole, 60), ("min", "s"), style)
    if whole < DAYS:
        return sign + _pair(*divmod(rounded(size / 60, 0), 60), ("h", "min"), style)
    days = size / 86400
    return f"{sign}{plain(rounded(days, 1 if days < 10 else 0), style)}{NBSP}days"


def _pair(large: Decimal, small: Decimal, units: tuple[str, str], style: Style) -> str:
    """Two parts of a duration; a part that is nothing is left out, unless both are."""
    parts = [f"{_count(large, style)}{NBSP}{units[0]}"] if large else []
    if small or not large:
        parts.append(f"{_count(small, style)}{NBSP}{units[1]}")
    return NBSP.join(parts)


def _one_unit(seconds: Decimal, style: Style) -> str:
    """A round duration in the largest unit that it has one of: ``15 min``, ``6 h``, ``5 d``."""
    size, name = next((size, name) for size, name in _ONE_UNIT if seconds >= size or size == 1)
    return f"{plain(_rough(seconds / size), style)}{NBSP}{name}"


_ONE_UNIT = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_SHORT = ((10**9, "B"), (10**6, "M"), (10**3, "K"), (1, ""))
_CENTS: Mapping[Unit, int] = {Unit.MONEY: 100}

_WRITERS: Mapping[Unit, Callable[[Decimal, Style], str]] = {
    Unit.COUNT: _count,
    Unit.MONEY: _money,
    Unit.SECONDS: _seconds,
    Unit.FRACTION: percent,
}
_THOUSANDS: Mapping[Unit, Callable[[Decimal, Style], str]] = {Unit.MONEY: _round_money}
