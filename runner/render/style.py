"""How a digest writes its numbers and dates: its locale, its currency and its zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from runner.errors import RunnerError
from runner.model import Digest

ZEROS: dict[str, int] = {
    "adlm": 0x1E950,
    "arab": 0x0660,
    "arabext": 0x06F0,
    "beng": 0x09E6,
    "cakm": 0x11136,
    "deva": 0x0966,
    "hmnp": 0x1E140,
    "latn": 0x0030,
    "mtei": 0xABF0,
    "mymr": 0x1040,
    "nkoo": 0x07C0,
    "olck": 0x1C50,
    "tibt": 0x0F20,
}
"""Numbering system -> code point of its zero. Babel knows the systems' separators, but writes 0 to 9 in all of them."""


@dataclass(frozen=True, eq=False)
class Style:
    """A locale's ways with numbers and dates, the currency of money, the zone that days are told in.

    There is one for the same settings, so that what is written in a style can be kept by it.
    """

    locale: Locale
    currency: str
    zone: ZoneInfo

    @property
    def language(self) -> str:
        """The locale as HTML names it: ``de-DE``."""
        return str(self.locale).replace("_", "-")

    @cached_property
    def numbering(self) -> str:
        """The locale's numbering system, plain digits where its own is not known here."""
        system = self.locale.default_numbering_system
        return system if system in ZEROS else "latn"

    def digits(self, text: str) -> str:
        """The text with 0 to 9 written in the locale's own digits."""
        return text.translate(self._own) if self._own else text

    @cached_property
    def _own(self) -> Mapping[int, int]:
        zero, own = ord("0"), ZEROS[self.numbering]
        return {} if own == zero else {zero + digit: own + digit for digit in range(10)}


def of(digest: Digest) -> Style:
    """The style a digest asks for; ``RunnerError`` for a locale that is not known."""
    return _style(digest.locale, digest.currency, digest.timezone)


@lru_cache(64)
def _style(locale: str, currency: str, zone: str) -> Style:
    try:
        known = Locale.parse(locale, sep="_")
    except (UnknownLocaleError, ValueError) as error:
        raise RunnerError(f"the locale '{locale}' is not known: {error}") from error
    return Style(known, currency, ZoneInfo(zone))
