"""What a schema cannot say: whether days exist, names are known, and the parts of a definition fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path as File
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]  # it ships no types
from babel import Locale, UnknownLocaleError, localedata

from runner import nearest, period
from runner.errors import Severity
from runner.model import Job, Json, Path, WeekStart
from runner.spec.findings import Finding, show
from runner.spec.schema import metrics

MANY_LINES = frozenset({"description", "search"})
"""Keys whose text may have several lines; everything else ends up in a heading, a subject, a name or a request."""

ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
"""Absolute ranges are the same from wherever they are seen."""

_RELATIVE = frozenset({*period.WORDS, *period.SAME_DAYS, "all-time", "previous"})


def timezone(name: Json, path: Path) -> Iterator[Finding]:
    """Whether the time zone is one of the IANA database, whatever this machine has installed."""
    if name not in _timezones():
        hint = nearest.hint(str(name), _timezones()) or "for example: America/New_York, Europe/Berlin, UTC"
        yield Finding(path, f"{show(name)} is no time zone", "timezone", hint)


def locale(name: Json, path: Path) -> Iterator[Finding]:
    """Whether numbers and dates can be written as this locale does."""
    if not _known_locale(str(name)):
        hint = nearest.hint(str(name), localedata.locale_identifiers()) or "for example: en_US, de_DE"
        yield Finding(path, f"{show(name)} is no known locale", "locale", hint)


def one_line(data: Json, path: Path = ()) -> Iterator[Finding]:
    """Line breaks and tabs in text that must be one line."""
    if isinstance(data, str):
        if ("\n" in data or "\t" in data) and path[-1:] and path[-1] not in MANY_LINES:
            yield Finding(path, "this text must be one line, without tabs", "one-line", "end a block with >- or |-")
    elif isinstance(data, dict):
        for key, value in data.items():
            if "\n" in key or "\t" in key:
                yield Finding((*path, key), "a key must be one line, without tabs", "one-line", key=True)
            yield from one_line(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from one_line(value, (*path, index))


def headline(name: Json, jobs: Mapping[str, Json]) -> Iterator[Finding]:
    """Whether the job that leads the digest is one of its jobs."""
    if name not in jobs:
        hint = nearest.hint(str(name), jobs) or f"one of: {', '.join(jobs)}"
        yield Finding(("headline",), f"no job is named {show(name)}", "unknown-job", hint)


def twice(items: Mapping[Path, str]) -> Iterator[Finding]:
    """Items that differ from an earlier one in case only."""
    seen: dict[str, str] = {}
    for path, item in items.items():
        first = seen.setdefault(item.casefold(), item)
        if first is not item:
            yield Finding(path, f"{show(item)} stands here twice, first as {show(first)}", "twice", "remove one")


def job(job: Job, zone: ZoneInfo, week_start: WeekStart) -> Iterator[Finding]:
    """Everything about one job, its defaults filled in."""
    yield from _needed(job)
    yield from _compared(job)
    yield from _bounds(job)
    yield from _unused(job)
    yield from _metrics(job)
    if isinstance(users := job.settings.get("users"), list):
        yield from twice({(*job.places["users"], index): str(user) for index, user in enumerate(users)})
    for key in ("range", "cohort", "compare"):
        said = job.settings.get(key)
        for index, span in enumerate(said) if isinstance(said, list) else ((None, said),):
            path = job.places.get(key, ())
            yield from _span(span, path if index is None else (*path, index), zone, week_start)


def _needed(job: Job) -> Iterator[Finding]:
    wanted = {
        "range": job.endpoint == "activity",
        "pipeline": job.endpoint.startswith("funnel/"),
        "cohort": job.settings.get("type") == "created-cohort",
    }
    for key in [key for key, needed in wanted.items() if needed]:
        if key not in job.settings:
            said = f"job '{job.name}' needs the key '{key}', in the job or in the file's defaults"
            yield Finding(("jobs", job.name), said, "missing-key", key=True)


def _compared(job: Job) -> Iterator[Finding]:
    """Whether there is a span of time that the comparison can start from."""
    if "compare" not in job.settings:
        return
    base = "cohort" if job.settings.get("type") == "created-cohort" else "range"
    own = job.places["compare"][0] == "jobs"
    path = job.places["compare"] if own else ("jobs", job.name)
    hint = f"give the job a {base}, or no compare" if own else "write 'compare: null' in the job"
    if "bounds" in job.settings:
        yield Finding(path, "bounds of a number have nothing before them to compare with", "compare", "remove compare")
    elif base not in job.settings:
        said = f"job '{job.name}' has no {base} whose numbers could be compared"
        yield Finding(path, said, "compare", hint, key=not own)
    elif job.settings[base] == "all-time":
        said = f"the {base} of job '{job.name}' is all-time: nothing lies before it to compare with"
        yield Finding(path, said, "compare", hint, key=not own)


def _bounds(job: Job) -> Iterator[Finding]:
    bounds = job.settings.get("bounds")
    if not isinstance(bounds, dict):
        return
    path = job.places["bounds"]
    if "range" in job.settings:
        said = "bounds and range exclude each other"
        yield Finding(path, said, "bounds", "bounds are for a number x, range is for a date", key=True)
    start, end = bounds.get("start"), bounds.get("end")
    if isinstance(start, int) and isinstance(end, int) and start >= end:
        yield Finding((*path, "end"), f"the end {end} is not after the start {start}", "bounds")


def _unused(job: Job) -> Iterator[Finding]:
    if job.settings.get("type") == "active-stage-cohort" and "cohort" in job.settings:
        said = "an active-stage-cohort is made by the range; its cohort is ignored"
        yield Finding(job.places["cohort"], said, "unused", "remove it", key=True, severity=Severity.WARNING)


def _metrics(job: Job) -> Iterator[Finding]:
    said = job.settings.get("metrics")
    for index, metric in enumerate(said if isinstance(said, list) else ()):
        if meant := nearest.slip(str(metric), metrics()):
            path = (*job.places["metrics"], index)
            message = f"{show(metric)} is not a published metric"
            yield Finding(path, message, "unknown-metric", f"did you mean '{meant}'?", severity=Severity.WARNING)


def _span(said: Json, path: Path, zone: ZoneInfo, week_start: WeekStart) -> Iterator[Finding]:
    """Whether an absolute range names days that exist, the end after the start."""
    if not isinstance(said, str | int | dict) or (isinstance(said, str) and _is_relative(said)):
        return
    if isinstance(said, dict):
        wrong = [key for key, text in said.items() if not _is_moment(str(text))]
        for key in wrong:
            yield Finding((*path, key), f"{show(said[key])} is not in the calendar", "calendar")
        if wrong:
            return
        path = (*path, "end")
    try:
        period.resolve(said, ANY_INSTANT, zone, week_start)
    except ValueError as error:
        yield Finding(
            path,
            str(error),
            "calendar",
            "the end is not included: it comes after the start" if path[-1:] == ("end",) else "",
        )


def _is_relative(said: str) -> bool:
    return said in _RELATIVE or said.endswith("-days")


def _is_moment(text: str) -> bool:
    try:
        date.fromisoformat(text) if len(text) == len("2026-11-16") else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _timezones() -> frozenset[str]:
    return frozenset(File(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split())


@cache
def _known_locale(name: str) -> bool:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return True
