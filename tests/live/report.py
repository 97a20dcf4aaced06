"""The conformance report: structure, keys and counts. No value, name or ID of the organization is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from runner import __version__
from runner.client.hints import Rate
from runner.spec.schema import metrics
from tests.live.walk import Seen, Walk

BEYOND = frozenset({"meetings.held.all.count", "tasks.completed.all.count", "notes.created.all.count"})
"""Metrics that our own engine has and Close does not publish."""


def text(walk: Walk, as_of: datetime) -> str:
    """The report as Markdown."""
    return "".join(f"{line}\n" for line in _lines(walk, as_of))


def _lines(walk: Walk, as_of: datetime) -> Iterator[str]:
    sound = sum(one.sound for one in walk.seen)
    yield "# Conformance of a live organization"
    yield ""
    yield f"runner {__version__}, as of {as_of:%Y-%m-%d}. {sound} of {len(walk.seen)} endpoints are as expected."
    yield "Structure only: field names, types, metric keys and counts; nothing of what the organization holds."
    yield ""
    yield "| endpoint | status | fields right | missing | wrong | unknown | not seen | RateLimit | seconds |"
    yield "|---|---|---:|---:|---:|---:|---:|---|---:|"
    yield from map(_row, walk.seen)
    yield from (f"| `{endpoint}` | not asked: there is none | | | | | | | |" for endpoint in walk.unasked)
    for one in walk.seen:
        yield from _details(one)
    yield from _metrics(walk)


def _row(one: Seen) -> str:
    found = one.structure
    parts = (found.right, found.missing, found.wrong, found.unknown, found.unseen) if found else ()
    counts = [str(len(part)) for part in parts] or ["–"] * 5
    return f"| `{one.endpoint}` | {one.status} | {' | '.join(counts)} | {_rate(one.rate)} | {one.seconds:.2f} |"


def _rate(rate: Rate | None) -> str:
    return f"limit={rate.limit:g}, remaining={rate.remaining:g}, reset={rate.reset:g}" if rate else "none"


def _details(one: Seen) -> Iterator[str]:
    found = one.structure
    if found is None:
        yield from ("", f"## `{one.endpoint}`", "")
        yield "- not published by Close, and not there" if one.sound else "- no usable answer"
        return
    lines = [
        *(f"- missing: `{place}` ({times} times)" for place, times in sorted(found.missing.items())),
        *(f"- wrong: `{place}`: {said}" for place, said in sorted(found.wrong.items())),
        *(f"- unknown: `{place}` ({kind})" for place, kind in sorted(found.unknown.items())),
        *(f"- not seen, its list is empty: `{place}`" for place in sorted(found.unseen)),
    ]
    if lines:
        yield from ("", f"## `{one.endpoint}`", "", *lines)


def _metrics(walk: Walk) -> Iterator[str]:
    ours, theirs = set(metrics()) - BEYOND, set(walk.metrics)
    unknown, lacking = sorted(theirs - ours - BEYOND), sorted(ours - theirs)
    yield from ("", "## Metrics", "", f"The organization has {len(theirs)}; {len(ours)} are known to us.", "")
    yield from (f"- unknown to us: `{_key(key)}`" for key in unknown)
    yield from (f"- known to us, not there: `{key}`" for key in lacking)


def _key(key: str) -> str:
    """A metric's key on one line."""
    return "".join(char for char in key[:120] if char.isprintable() and char not in "`|")
