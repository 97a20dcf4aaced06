"""Sizes as definitions write them: ``300``, ``25%``, ``-5pp``, ``90 min``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from runner.model import Amount, Path, Unit
from runner.spec.findings import Finding, show

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_KINDS = {"%": "per cent", "pp": "percentage points", "s": "a duration"}


def read(said: str | int | float) -> Amount:
    """The size that a number or a text means; the schema lets nothing else through."""
    text = str(said)
    if not isinstance(said, str):
        return Amount(said, "", text)
    digits = text.rstrip("%pshmind ")
    mark = text[len(digits) :].strip()
    number = Decimal(digits)
    if mark in ("%", "pp"):
        return Amount(float(number / 100), "%" if mark == "%" else "pp", text)
    return Amount(float(number * _SECONDS[mark]), "s", text)


def misfit(amount: Amount, unit: Unit, path: Path) -> Iterator[Finding]:
    """Whether the size can be one of a number in this unit."""
    if amount.raw(unit) is None:
        kind = _KINDS.get(amount.mark, "a bare number")
        said = f"{show(amount.text)} is {kind}, but the number is in {unit.value}"
        yield Finding(path, said, "limit", "write it without a unit" if amount.mark else "")
    elif unit is Unit.FRACTION and amount.mark == "" and abs(amount.size) > 1:
        said = f"{amount.text} is {amount.size * 100:g}% of a rate"
        yield Finding(path, said, "limit", f"write {amount.text}% if that is meant")
