"""The one place where values become text, by locale and currency (Babel). Every format prints these texts.

Counts are grouped. Money comes in cents; from 1,000 units on it is printed without decimals, and so are whole amounts.
Durations come in seconds: hours and minutes, minutes and seconds, or seconds. A missing value is an en dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from runner.model import Unit, Value

MISSING = "–"
SMALL = 10
"""Counts below it change by a number, not by a per cent."""

WHOLE_FROM = 1_000
"""Units of money from which cents are left out."""

DOWN_IS_GOOD = (".lost.", ".value_lost.")
"""Parts of a metric's key that say less is better."""

Tone = Literal["good", "bad", "none"]


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers look in one digest."""

    locale: Locale
    currency: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A change as people read it: arrow, size, tone, and the words for those who do not see the arrow."""

    arrow: Literal["▲", "▼", ""]
    size: str
    tone: Tone
    words: str

    def __str__(self) -> str:
        return f"{self.arrow}\u00a0{self.size}" if self.arrow else self.size


def text(value: Value, unit: Unit, style: Style) -> str:
    """The value as people read it."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        skeleton = "yMMMEd" if unit is Unit.DATE else "yMMMEdHm"
        return format_skeleton(skeleton, value, locale=style.locale)
    return _number(Decimal(str(value)), unit, style)


def delta(now: Value, before: Value, unit: Unit, style: Style, *, metric: str) -> Delta:
    """How ``now`` differs from ``before``: per cent, points for fractions, a number for small counts."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return Delta("", MISSING, "none", "no comparison")
    if now == before:
        return Delta("", "same", "none", "same as before")
    was = text(before, unit, style)
    size = _size(Decimal(str(now)), Decimal(str(before)), unit, style)
    up = now > before
    good = up is not any(part in metric for part in DOWN_IS_GOOD)
    arrow: Literal["▲", "▼"] = "▲" if up else "▼"
    words = f"{'up' if up else 'down'} {size} from {was}" if before else f"new, {was} before"
    return Delta(arrow, size, "good" if good else "bad", words)


def _size(now: Decimal, before: Decimal, unit: Unit, style: Style) -> str:
    change = abs(now - before)
    if unit is Unit.FRACTION:
        return f"{format_decimal(round(change * 100, 1), locale=style.locale)}\u00a0pp"
    if unit is Unit.COUNT and min(abs(now), abs(before)) < SMALL:
        return _number(change, unit, style)
    if not before:
        return "new"
    share = change / abs(before)
    return _percent(round(share, 2 if share >= 1 else 3), style)


def _number(value: Decimal, unit: Unit, style: Style) -> str:
    match unit:
        case Unit.MONEY:
            return _money(value / 100, style)
        case Unit.SECONDS:
            return _duration(round(value), style)
        case Unit.FRACTION:
            return _percent(round(value, 3), style)
        case _:
            return format_decimal(round(value, 2), locale=style.locale).replace(" ", "\u00a0")


def _money(amount: Decimal, style: Style) -> str:
    if abs(amount) < WHOLE_FROM and amount != int(amount):
        printed = format_currency(amount, style.currency, locale=style.locale)
    else:
        pattern = style.locale.currency_formats["standard"].pattern.replace("0.00", "0")
        printed = format_currency(
            round(amount), style.currency, format=pattern, locale=style.locale, currency_digits=False
        )
    return printed.replace(" ", "\u00a0")


def _percent(share: Decimal, style: Style) -> str:
    return format_percent(share, locale=style.locale, decimal_quantization=False).replace(" ", "\u00a0")


def _duration(seconds: int, style: Style) -> str:
    """The two largest units of three; exact, since a digest's durations are whole seconds."""
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    parts = [(hours, "hour"), (minutes, "minute")] if hours else [(minutes, "minute"), (seconds % 60, "second")]
    said = [format_unit(count, unit, length="narrow", locale=style.locale) for count, unit in parts if count]
    said = said or [format_unit(0, "second", length="narrow", locale=style.locale)]
    return sign + "\u00a0".join(said).replace(" ", "\u00a0")


def bucket(at: datetime, hours: float, style: Style) -> str:
    """A row of time by how far its rows lie apart: an hour, a day, a week's first day, or a month."""
    skeletons = ((2, "Hm"), (36, "MMMEd"), (24 * 10, "yMMMd"))
    skeleton = next((skeleton for most, skeleton in skeletons if hours < most), "yMMM")
    return format_skeleton(skeleton, at, tzinfo=at.tzinfo, locale=style.locale)
