"""A digest with checks that failed and targets on their way, made of literals."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from runner import checks, goals, source
from runner.errors import Severity
from runner.model import Check, Digest, Limit, Number, Sort, Spec, Target, WorkingDays
from runner.spec import amounts

CALLS, WON, RATE = "calls.outbound.all.count", "opportunities.won.all.sum_annualized_value", "reply_rate"

TEXT = "title: Weekly\nchecks:\n  calls: {min: 1}\n  others: {min: 1}\n"


def demanding(digest: Digest, said: str = "") -> Digest:
    """The digest with demands on its numbers, as of Wednesday; ``said`` stands in every text that an author writes."""
    as_of = datetime.fromisoformat("2026-11-18T17:00:00-05:00").astimezone(digest.as_of.tzinfo)
    made = spec(said)
    sections = digest.sections
    return replace(
        digest,
        as_of=as_of,
        checks=checks.verdicts(made, sections),
        targets=goals.progress(made, sections, as_of),
    )


def spec(said: str = "") -> Spec:
    return Spec(
        "weekly", "Weekly", "", "America/New_York", "monday", "en_US", "USD", (), ("html",),
        source.read("reports/weekly.yaml", TEXT.encode()),
        checks=(
            check("calls", Number("days", CALLS), min=300, message=said or "The team makes too few calls."),
            check("others", Number("days", "opportunities.lost.all.count"), change_min="-10%"),
            check("everyone", Number("people", CALLS, "every"), severity=Severity.WARNING, min=20),
            check("gone", Number("people", CALLS, said or "Bob"), severity=Severity.WARNING, min=20),
            check("fine", Number("days", CALLS), min=200),
        ),
        targets=(
            target("calls", Number("days", CALLS), 500),
            target("won", Number("days", WON), 20_000, said),
            target("rate", Number("days", RATE), "25%", "Replies"),
            target("nobody", Number("people", CALLS, said or "Bob"), 20),
        ),
        working_days=WorkingDays(),
    )  # fmt: skip


def check(
    name: str,
    number: Number,
    *,
    severity: Severity = Severity.ERROR,
    message: str = "",
    **limits: str | float,
) -> Check:
    sorts: dict[str, Sort] = {"min": "min", "max": "max", "change_min": "change_min", "change_max": "change_max"}
    demanded = tuple(Limit(sorts[sort], amounts.read(size)) for sort, size in limits.items())
    return Check(name, number, demanded, ("checks", name), severity=severity, message=message)


def target(name: str, number: Number, goal: str | float, label: str = "") -> Target:
    return Target(name, number, amounts.read(goal), ("targets", name), label)
