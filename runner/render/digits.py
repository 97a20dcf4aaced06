"""How a locale writes the digits of a number: CLDR's patterns and symbols, looked up once for each kind of number.

Babel looks them up for each number, which takes ten times as long as to write it. It knows them; here they are used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import NumberPattern, get_currency_symbol, get_decimal_symbol, get_group_symbol, parse_pattern

from runner.render.style import Style

NBSP = "\u00a0"
MINUS = "−"

KINDS = 512
"""Kinds of numbers (a locale, a unit, so many decimals) that are kept; a digest has about ten."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of number. The first of each pair is for numbers from zero on, the second for those below."""

    before: tuple[str, str]
    after: tuple[str, str]
    groups: tuple[int, int]
    letters: Mapping[int, str]

    def write(self, number: Decimal) -> str:
        """The number with the decimals that it has."""
        plain = f"{number.copy_abs():,f}" if self.groups == (3, 3) else self._grouped(f"{number.copy_abs():f}")
        below = number < 0
        return f"{self.before[below]}{plain.translate(self.letters) if self.letters else plain}{self.after[below]}"

    def _grouped(self, plain: str) -> str:
        whole, point, part = plain.partition(".")
        first, others = self.groups
        parts = []
        while len(whole) > first:
            whole, last = whole[:-first], whole[-first:]
            parts.append(last)
            first = others
        return ",".join([whole, *reversed(parts)]) + point + part


@lru_cache(KINDS)
def decimal(style: Style, places: int) -> Form:
    """Numbers with so many decimals."""
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    indian = style.locale.decimal_formats[None].pattern.startswith("#,##,")
    return _form(parse_pattern(f"#,#{pattern}" if indian else pattern), style)


@lru_cache(KINDS)
def percent(style: Style, places: int) -> Form:
    """Numbers of per cent with so many decimals."""
    pattern = style.locale.percent_formats[None].pattern
    return _form(parse_pattern(pattern.replace("0", f"0.{'0' * places}") if places else pattern), style)


@lru_cache(KINDS)
def money(style: Style, places: int) -> Form:
    """Amounts of the digest's currency with so many decimals."""
    pattern = style.locale.currency_formats["standard"].pattern
    return _form(parse_pattern(pattern.replace("0.00", f"0.{'0' * places}" if places else "0")), style)


def _form(pattern: NumberPattern, style: Style) -> Form:
    symbols = {
        ",": get_group_symbol(style.locale, numbering_system=style.numbering),
        ".": get_decimal_symbol(style.locale, numbering_system=style.numbering),
    }
    letters = {sign: _local(symbols.get(sign, sign), style) for sign in ",.0123456789"}
    return Form(
        (_around(pattern.prefix[0], style), _around(pattern.prefix[1], style)),
        (_around(pattern.suffix[0], style), _around(pattern.suffix[1], style)),
        pattern.grouping,
        {ord(sign): letter for sign, letter in letters.items()} if any(a != b for a, b in letters.items()) else {},
    )


def _around(text: str, style: Style) -> str:
    """What stands around the digits: with the currency in its place, and without the quotes of CLDR."""
    named = text.replace("¤¤", style.currency.upper()).replace("¤", get_currency_symbol(style.currency, style.locale))
    return _local(re.sub(r"'([^']*)'", lambda found: found[1] or "'", named), style)


def _local(text: str, style: Style) -> str:
    return style.digits(text).replace("-", MINUS).replace(" ", NBSP)
