"""Periods in words, by locale: the last day included, the zone and its offset where it matters."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_interval, format_skeleton

from runner.model import Period

_MOMENT = timedelta(microseconds=1)

_SKELETONS = (
    (re.compile(r"\d{4}"), "y"),
    (re.compile(r"\d{4}-\d\d"), "yMMM"),
    (re.compile(r"\d{4}-Q\d"), "yQQQ"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "yMMMEd"),
)
"""Form of a period's name -> what is said of its first day; other names are spans of days."""


def period(span: Period, locale: Locale) -> str:
    """The span as people name it: ``Nov 16 – 22, 2026``, ``Nov 2026``, ``Q4 2026``."""
    if span.start is None:
        return f"all time to {format_skeleton('yMMMd', span.end, locale=locale)}"
    for form, skeleton in _SKELETONS:
        if form.fullmatch(span.name):
            return format_skeleton(skeleton, span.start.date(), locale=locale)
    if "T" in span.name:
        return f"{moment(span.start)} to {moment(span.end)}"
    return format_interval(span.start.date(), (span.end - _MOMENT).date(), "yMMMd", locale=locale)


def exact(span: Period) -> str:
    """Both ends with their offsets, for those who repeat the request: the end is not part of the span."""
    start = moment(span.start) if span.start else "the beginning"
    return f"{start} up to {moment(span.end)}"


def moment(at: datetime) -> str:
    """``2026-11-16 00:00 -05:00``: the same in every locale."""
    offset = at.isoformat()[-6:]
    return f"{at:%Y-%m-%d %H:%M} {offset}"
