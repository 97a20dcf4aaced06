"""What two plans of a definition ask differently, with the line of the definition that asks it on each side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from runner.errors import Location
from runner.model import Ask, Job, Json, Plan

SETTINGS: Mapping[str, str] = {
    "datetime_range": "range",
    "relative_range": "range",
    "report_datetime_range": "range",
    "report_relative_range": "range",
    "cohort_datetime_range": "cohort",
    "cohort_relative_range": "cohort",
    "date_start": "range",
    "date_end": "range",
    "start": "range",
    "end": "range",
    "user_id": "users",
    "smart_view_id": "query",
}
"""Key of a request -> the setting it comes from, where that is called otherwise."""

DAYS = ("range", "cohort", "compare")
"""Settings that stand for other days at another instant."""

OF_THE_REPORT = ("timezone",)
"""What is said once for all jobs."""

WHOLE = "job"
"""What differs where a job is on one side only."""


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a job's request that differs. ``before`` or ``after`` is None where that side does not have it.

    ``was_at`` and ``is_at`` are where each side's definition says so. ``only_later``: by the same words, of other days.
    """

    job: str
    what: str
    before: Json
    after: Json
    was_at: Location | None
    is_at: Location | None
    only_later: bool = False


def between(before: Plan, after: Plan) -> tuple[Question, ...]:
    """What differs, job by job in the order they have after; jobs are paired by name.

    A word such as ``last-week`` that stands for other days at another instant is no difference.
    """
    old = {job.name: job for job in before.spec.jobs}
    new = {job.name: job for job in after.spec.jobs}
    names = (*new, *(name for name in old if name not in new))
    both = ((name, _Asked(before, old.get(name)), _Asked(after, new.get(name))) for name in names)
    found = [one for name, was, now in both for one in _job(name, was, now)]
    return tuple(one for one in found if before.as_of == after.as_of or not one.only_later)


class _Asked:
    """What one side asks for a job, in parts, and where it says so."""

    def __init__(self, plan: Plan, job: Job | None) -> None:
        self._source, self._job = plan.spec.source, job
        self.parts = _said(plan, job)

    def written(self, what: str) -> Json:
        """The setting as it stands in the file; None where it does not."""
        path = self._job.places.get(what) if self._job else None
        return self._source.at(path) if path else None

    def place(self, what: str, item: Json = None) -> Location | None:
        """Where the setting stands, or the item of it, else the job; None where there is no job."""
        if self._job is None:
            return None
        path = (what,) if what in OF_THE_REPORT else self._job.places.get(what)
        if path is None:
            return self._source.location(("jobs", self._job.name), key=True)
        written = self._source.at(path)
        inside = isinstance(written, list) and item in written
        return self._source.location((*path, written.index(item)) if isinstance(written, list) and inside else path)


def _job(name: str, was: _Asked, now: _Asked) -> Iterator[Question]:
    keys = dict.fromkeys((*now.parts, *was.parts)) if was.parts and now.parts else {WHOLE: None}
    for key in keys:
        before, after = was.parts.get(key), now.parts.get(key)
        later = key in DAYS and was.written(key) == now.written(key)
        went, came = _items(before, after), _items(after, before)
        for item in went:
            yield Question(name, key, item, None, was.place(key, item), now.place(key), later)
        for item in came:
            yield Question(name, key, None, item, was.place(key), now.place(key, item), later)
        if before != after and not (went or came):
            yield Question(name, key, before, after, was.place(key), now.place(key), later)


def _items(one: Json, other: Json) -> list[Json]:
    """What a list has that the other has not; nothing where they are not both lists."""
    return [item for item in one if item not in other] if isinstance(one, list) and isinstance(other, list) else []


def _said(plan: Plan, job: Job | None) -> dict[str, Json]:
    """The job's own request as parts, and the names of the periods it is compared with."""
    asked = [one for one in plan.asks if job and one.job.name == job.name and one.period and not one.part]
    if job is None or not asked:
        return {}
    own, *compared = asked
    periods: dict[str, Json] = {"compare": [one.period.name for one in compared if one.period]} if compared else {}
    return {WHOLE: job.name, "endpoint": job.endpoint, "timezone": plan.spec.timezone, **_parts(own), **periods}


def _parts(one: Ask) -> dict[str, Json]:
    """The request's parts; the two ends of a range are one."""
    parts: dict[str, Json] = {}
    said: dict[str, Json] = {**dict(one.query.params), **dict(one.query.body or {})}
    for key, value in said.items():
        bounds = "bounds" in one.job.settings and key in ("start", "end")
        setting = "bounds" if bounds else SETTINGS.get(key, key)
        parts[setting] = _joined(parts[setting], value) if setting in parts else _ends(value)
    return parts


def _ends(value: Json) -> Json:
    if isinstance(value, dict) and value.keys() == {"start", "end"}:
        return f"{value['start']} to {value['end']}"
    if isinstance(value, dict) and "saved_search_id" in value:
        return value["saved_search_id"]
    return value


def _joined(one: Json, other: Json) -> Json:
    return f"{one} to {other}"
