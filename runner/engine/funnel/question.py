"""What a funnel request asks: its body, checked, with every name found and every word of time made a range."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine import filters, ranges
from runner.engine.accounts import Account
from runner.engine.fields import Fields, body
from runner.engine.funnel import pipelines
from runner.engine.funnel.pipelines import Pipeline
from runner.engine.inquiry import Inquiry
from runner.engine.ranges import Range

ACTIVE = "active-stage-cohort"
CREATED = "created-cohort"

_COMPARED = {
    "compared_relative_range": "relative_range",
    "compared_datetime_range": "datetime_range",
    "compared_custom_range": "",
}
"""Field -> what the base range must be given by, where that matters."""
_UNKNOWN_SHOWN = 10
"""Unknown users that are named in a refusal; a longer list helps nobody."""


@dataclass(frozen=True, slots=True)
class Question:
    """A funnel request, checked.

    ``report`` is the range the opportunities are looked at in, as asked. ``created`` is the range the cohort was
    created in; None where the cohort is what was active or closed in the window. ``users`` are numbers, None for
    everyone and nobody's, an empty set for no one. ``leads`` is SQL of the numbers of the leads that are looked at, or
    empty. ``now`` is the instant of the inquiry.
    """

    pipeline: Pipeline
    report: Range
    created: Range | None
    users: frozenset[int] | None
    leads: str
    now: int

    @property
    def window(self) -> Range:
        """The report range up to now: there is nothing to see later."""
        start = self.report.start
        return Range(start, max(start, min(self.report.end, self.now)), self.report.offset)

    @property
    def is_empty(self) -> bool:
        """Whether a range without any moment was asked for."""
        return self.report.is_empty or (self.created is not None and self.created.is_empty)


def read(inquiry: Inquiry, people: tuple[Account, ...]) -> Question:
    """The question of a request's body. ``ValidationError`` names every field that is wrong.

    A ``compared_*`` range takes the place of the cohort range (created cohorts) or of the report range. A
    ``compared_relative_range`` may be a word of ``relative_range``, which stands for itself, or one of the same-days
    words, which move the base range; a ``compared_datetime_range`` is always one of the latter.
    """
    fields = body(inquiry.request)
    pipeline = pipelines.read(fields, inquiry.backend)
    kind = fields.choice("type", (CREATED, ACTIVE))
    report, created = _report(fields, inquiry), _created(fields, inquiry) if kind == CREATED else None
    compared = (
        _compared(fields, inquiry, report if created is None else created, kind) if fields.sound("type") else None
    )
    if compared is not None:
        report, created = (compared, None) if created is None else (report, compared)
    _, leads = filters.smart_view(fields, inquiry)
    question = Question(pipeline, report, created, _users(fields, inquiry, people), leads, inquiry.now)
    fields.check()
    return question


def _report(fields: Fields, inquiry: Inquiry) -> Range:
    absolute, relative = "report_datetime_range", "report_relative_range"
    if fields.has(absolute) or fields.has(relative):
        return ranges.read(fields, inquiry, absolute, relative)
    return ranges.resolve(ranges.ALL_TIME, inquiry)


def _created(fields: Fields, inquiry: Inquiry) -> Range:
    return ranges.read(fields, inquiry, "cohort_datetime_range", "cohort_relative_range")


def _compared(fields: Fields, inquiry: Inquiry, base: Range, kind: str) -> Range | None:
    """The range to look at instead of ``base``, or None; what is wrong with it is noted."""
    given = [key for key in _COMPARED if fields.has(key)]
    for key in given[1:]:
        fields.refuse(key, f"Give at most one of {', '.join(_COMPARED)}.")
    if len(given) != 1:
        return None
    (key,) = given
    needed = f"{'cohort' if kind == CREATED else 'report'}_{_COMPARED[key]}"
    if _COMPARED[key] and not fields.has(needed):
        fields.refuse(key, f"It goes with {needed} only.")
        return None
    if not _COMPARED[key]:
        return ranges.between(fields, key, inquiry.offset)
    return _by_word(fields, inquiry, base, key)


def _by_word(fields: Fields, inquiry: Inquiry, base: Range, key: str) -> Range | None:
    own = ranges.WORDS if key == "compared_relative_range" else ()
    word = fields.choice(key, (*own, *ranges.SAME_DAYS))
    if not fields.sound(key):
        return None
    return ranges.earlier(base, word) if word in ranges.SAME_DAYS else ranges.resolve(word, inquiry)


def _users(fields: Fields, inquiry: Inquiry, people: tuple[Account, ...]) -> frozenset[int] | None:
    """The users of ``users``, with the members of its groups, removed ones too."""
    known = {user.id: user.no for user in people}
    groups = {group["id"]: group.get("members") or [] for group in inquiry.backend.resources("group")}
    asked = fields.texts("users")
    unknown = [each[:40] for each in asked if each not in known and each not in groups]
    if unknown:
        fields.refuse("users", f"Unknown user or group: {', '.join(unknown[:_UNKNOWN_SHOWN])}.")
    if not asked:
        return None
    members = (member.get("user_id") for each in asked for member in groups.get(each, ()))
    return frozenset(known[user] for user in (*asked, *members) if user in known)
