"""Numbers, changes and periods as people read them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from runner.model import Column, Period, Unit, Value
from runner.render import changes, columns, dates, digits, numbers, plain
from runner.render.style import Style
from tests.render.digests import span

ZONE = ZoneInfo("America/New_York")
DE = Style(Locale.parse("de_DE"), "EUR", ZONE)
US = Style(Locale.parse("en_US"), "USD", ZONE)
GERMANY = Style(Locale.parse("de_DE"), "EUR", ZONE)
FRANCE = Style(Locale.parse("fr_FR"), "EUR", ZONE)
JAPAN = Style(Locale.parse("ja_JP"), "JPY", ZONE)
EGYPT = Style(Locale.parse("ar_EG"), "EGP", ZONE)
INDIA = Style(Locale.parse("hi_IN"), "INR", ZONE)


@pytest.mark.parametrize(
    ("value", "unit", "style", "expected"),
    [
        (None, Unit.COUNT, US, "–"),
        (0, Unit.COUNT, US, "0"),
        (1234567, Unit.COUNT, US, "1,234,567"),
        (1234567, Unit.COUNT, GERMANY, "1.234.567"),
        (1234567, Unit.COUNT, INDIA, "12,34,567"),
        (1234567, Unit.COUNT, EGYPT, "\u0661\u066c\u0662\u0663\u0664\u066c\u0665\u0666\u0667"),
        (1234.5, Unit.NUMBER, US, "1,234.5"),
        (2 / 3, Unit.NUMBER, GERMANY, "0,67"),
        (0, Unit.MONEY, US, "$0"),
        (99_950, Unit.MONEY, US, "$999.50"),
        (100_000, Unit.MONEY, US, "$1,000"),
        (123_456_789, Unit.MONEY, US, "$1,234,568"),
        (123_456, Unit.MONEY, GERMANY, "1.235 €"),
        (12_345, Unit.MONEY, FRANCE, "123,45 €"),
        (-5000, Unit.MONEY, US, "−$50"),
        (0, Unit.SECONDS, US, "0 s"),
        (45, Unit.SECONDS, US, "45 s"),
        (200.4, Unit.SECONDS, US, "3 min 20 s"),
        (3600, Unit.SECONDS, US, "1 h"),
        (15_130, Unit.SECONDS, US, "4 h 12 min"),
        (0.125, Unit.FRACTION, US, "12.5%"),
        (1, Unit.FRACTION, GERMANY, "100,0 %"),
        ("Ann", Unit.TEXT, US, "Ann"),
    ],
)
def test_a_value_is_printed_by_its_unit(value: Value, unit: Unit, style: Style, expected: str) -> None:
    printed = numbers.text(value, unit, style)
    assert printed.replace("\u00a0", " ").replace("\u202f", " ") == expected
    assert " " not in printed


@pytest.mark.parametrize(
    ("value", "unit", "style", "expected"),
    [
        (None, Unit.COUNT, US, "–"), (0, Unit.MONEY, US, "$0"), (1204, Unit.COUNT, US, "1,204"),
        (12_345, Unit.COUNT, US, "12K"), (999_999, Unit.COUNT, US, "1M"), (514_000, Unit.MONEY, US, "$5.1K"),
        (8_425_000, Unit.MONEY, US, "$84K"), (11_250_000, Unit.MONEY, US, "$113K"), (9_950, Unit.MONEY, US, "$100"),
        (8_425_000, Unit.MONEY, DE, "84K\u00a0€"), (0.273, Unit.FRACTION, US, "27.3%"),
        (125, Unit.SECONDS, US, "2.1\u00a0min"), (1367 * 3600, Unit.SECONDS, US, "57\u00a0d"),
    ],
)  # fmt: skip
def test_above_a_column_a_number_is_brief(value: Value, unit: Unit, style: Style, expected: str) -> None:
    assert numbers.brief(value, unit, style) == expected


def test_the_grid_of_a_chart_says_what_its_lines_are_worth() -> None:
    assert numbers.short(1_500, Unit.COUNT, US) == "1.5K"
    assert numbers.short(250_000, Unit.MONEY, US) == "$2.5K"
    assert numbers.short(5_400, Unit.SECONDS, US) == "1.5\u00a0h"


@pytest.mark.parametrize(
    ("now", "before", "unit", "metric", "expected", "tone"),
    [
        (130, 100, Unit.COUNT, "calls.x", "▲ 30.0%", "good"),
        (60, 100, Unit.COUNT, "calls.x", "▼ 40.0%", "bad"),
        (112, 100, Unit.COUNT, "calls.x", "▲ 12.0%", "flat"),
        (160, 100, Unit.COUNT, "opportunities.lost.all.count", "▲ 60.0%", "bad"),
        (100, 100, Unit.COUNT, "calls.x", "same", "flat"),
        (12, 9, Unit.COUNT, "calls.x", "▲ 3", "good"),
        (5000, 0, Unit.MONEY, "opportunities.won.x", "new", "good"),
        (0, 5000, Unit.MONEY, "opportunities.won.x", "▼ 100%", "bad"),
        (0.27, 0.24, Unit.FRACTION, "rate", "▲ 3.0 pp", "flat"),
        (318, 100, Unit.COUNT, "calls.x", "▲ 218%", "good"),
        (5, None, Unit.COUNT, "calls.x", "–", "flat"),
        (None, 5, Unit.COUNT, "calls.x", "–", "flat"),
    ],
)
def test_a_change_has_an_arrow_a_size_and_a_tone(
    now: Value, before: Value, unit: Unit, metric: str, expected: str, tone: str
) -> None:
    delta = changes.delta(now, before, Column(metric, metric, unit), US)
    assert delta is not None
    assert str(delta).replace("\u00a0", " ") == expected
    assert delta.tone == tone


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from([Unit.COUNT, Unit.MONEY, Unit.SECONDS, Unit.FRACTION, Unit.NUMBER]),
    st.sampled_from([US, GERMANY, JAPAN, EGYPT]),
)
def test_every_finite_number_is_printed(value: float, unit: Unit, style: Style) -> None:
    assert numbers.text(value, unit, style)
    assert changes.delta(value, 3, Column("calls", "Calls", unit), style)


@pytest.mark.parametrize(
    ("period", "style", "expected"),
    [
        (span("2026-11-16", "2026-11-16", "2026-11-17"), US, "Mon 16 Nov 2026"),
        (span("2026-W47", "2026-11-16", "2026-11-23"), US, "16–22 Nov 2026"),
        (span("2026-W53", "2026-12-28", "2027-01-04"), US, "28 Dec 2026 – 3 Jan 2027"),
        (span("2026-11", "2026-11-01", "2026-12-01"), US, "Nov 2026"),
        (span("2026-Q4", "2026-10-01", "2027-01-01"), US, "Q4 2026"),
        (span("2026", "2026-01-01", "2027-01-01"), US, "2026"),
        (span("2026-W47", "2026-11-16", "2026-11-23"), GERMANY, "16.–22. Nov. 2026"),
        (span("x", "2026-11-16T09:30", "2026-11-16T10:00"), US, "Mon 16 Nov 2026 09:30–10:00"),
    ],
)
def test_a_period_is_said_with_its_last_day_included(period: Period, style: Style, expected: str) -> None:
    assert dates.words(period, style).replace("\u202f", " ") == expected


def test_the_year_is_said_once() -> None:
    before = span("2026-W46", "2026-11-09", "2026-11-16")
    assert dates.words(before, US, beside=span("2026-W47", "2026-11-16", "2026-11-23")) == "9–15 Nov"


def test_all_time_is_said_up_to_when() -> None:
    period = Period("all-time", None, datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("UTC")))
    assert dates.words(period, US) == "all time up to Mon 23 Nov 2026 07:00"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(1, "09:00"), (24, "Mon 16 Nov"), (168, "16 Nov"), (744, "Nov 2026"), (2184, "Q4 2026"), (8760, "2026")],
)
def test_a_row_of_time_is_named_by_how_far_rows_lie_apart(hours: float, expected: str) -> None:
    first = datetime(2026, 11, 16, 9 if hours == 1 else 0, tzinfo=ZONE)
    assert numbers.heads([first, first + timedelta(hours=hours)], Unit.DATETIME, US)[0] == expected


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👍", 2), ("a\u200bb", 2), ("", 0)]
)
def test_width_is_what_a_screen_shows(text: str, wide: int) -> None:
    assert columns.width(text) == wide


def test_a_very_long_word_is_folded_in_a_moment() -> None:
    began = time.process_time()
    lines = columns.wrap("日" * 50_000).split("\n")
    assert time.process_time() - began < 1  # it took 5 s when each line measured all that was left
    assert {columns.width(line) for line in lines} == {80}


@pytest.mark.parametrize(
    "locale", ["de_DE", "de_CH", "fr_FR", "hi_IN", "ar_EG", "ja_JP", "es_ES", "sv_SE", "fa_IR", "he_IL"]
)
@given(number=st.decimals(-(10**12), 10**12, places=2))
def test_digits_are_written_as_babel_writes_them(locale: str, number: Decimal) -> None:
    style = Style(Locale.parse(locale), "EUR", ZONE)
    grouped = style.locale.decimal_formats[None].pattern.replace("###", "00")
    money = style.locale.currency_formats["standard"].pattern
    told = [
        (digits.decimal(style, 2), format_decimal(number, grouped, style.locale, numbering_system=style.numbering)),
        (
            digits.money(style, 2),
            format_currency(number, "EUR", money, style.locale, numbering_system=style.numbering),
        ),
    ]
    for form, theirs in told:
        assert form.write(number + 0) == style.digits(theirs).replace("-", digits.MINUS).replace(" ", digits.NBSP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\uff1d1", "'\uff1d1"),
        ("=1", "'=1"), (" +1", " '+1"), ("a;=1", "a;'=1"), ("a, -1", "a, '-1"), ("a\t=1", "a =1"), ("Ann", "Ann"),
        ("a@example.com", "a@example.com"), ("@sum", "'@sum"), ("a-b", "a-b"),
    ],
)  # fmt: skip
def test_no_text_is_a_formula(text: str, expected: str) -> None:
    assert plain.cell(text) == expected


def test_characters_that_turn_the_line_round_are_left_out() -> None:
    assert plain.line("a\u202eb\u2066c\x00d\ne") == "abc d e"
