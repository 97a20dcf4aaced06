"""The story of a run: plan, ask, digest, render, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from runner import endpoints, render
from runner.client import Client
from runner.deliver import files
from runner.errors import Problem, ServiceError
from runner.model import Answer, Ask, Digest, Document, FailedSection, Failure, Json, Plan, Query

Listener: TypeAlias = Callable[[Ask, "Answer | Failure"], None]
"""Hears of every query when it is answered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of one definition came to: the digest, the files written, the queries that failed."""

    digest: Digest
    files: tuple[Path, ...]
    failures: tuple[Failure, ...]

    @property
    def complete(self) -> bool:
        """Whether every job has its numbers."""
        return not any(isinstance(section, FailedSection) for section in self.digest.sections)


def run(plan: Plan, client: Client, folder: Path, *, sample: bool, listener: Listener) -> Outcome:
    """Ask everything the plan names and write the digest into ``folder``/NAME/PERIOD.

    A query that fails costs its own job only. ``sample`` marks the numbers as invented.
    """
    answers = ask(plan, client, listener)
    digest = endpoints.digest(plan, answers, sample=sample)
    documents = (*render.documents(digest, plan.spec.formats), result(plan, answers))
    written = files.write(folder / plan.spec.name / plan.period.name, documents)
    return Outcome(digest, written, tuple(answer for answer in answers.values() if isinstance(answer, Failure)))


def ask(plan: Plan, client: Client, listener: Listener) -> dict[str, Answer | Failure]:
    """The answer to every query, by its key. The same question is asked once, however many jobs need it."""
    answers: dict[str, Answer | Failure] = {}
    for one in plan.asks:
        if one.query.key not in answers:
            try:
                answer: Answer | Failure = client.ask(one.query)
            except ServiceError as error:
                answer = Failure(str(error), _blame(plan, one, error))
            answers[one.query.key] = answer
            listener(one, answer)
    return answers


def result(plan: Plan, answers: Mapping[str, Answer | Failure]) -> Document:
    """``result.json``: every query with its answer, so that the digest can be made again without asking."""
    asked: list[Json] = [
        {
            "job": one.job.name,
            "period": one.period.name if one.period else None,
            "part": one.part.name if one.part else None,
            "request": describe(one.query),
            "answer": answer.data if isinstance(answer, Answer) else {"failed": answer.reason},
        }
        for one, answer in ((one, answers[one.query.key]) for one in plan.asks)
    ]
    kept = {"report": plan.spec.name, "period": plan.period.name, "as_of": plan.as_of.isoformat(), "asked": asked}
    text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return Document("result.json", f"{text}\n".encode())


def describe(query: Query) -> dict[str, Json]:
    """A query as data for people and files: what goes over the wire, without host and key."""
    said: dict[str, Json] = {"method": query.method, "path": query.path}
    if query.params:
        said["params"] = dict(query.params)
    if query.body is not None:
        said["body"] = dict(query.body)
    if query.tz_offset is not None:
        said["x-tz-offset"] = query.tz_offset
    return said


def _blame(plan: Plan, one: Ask, error: ServiceError) -> Problem | None:
    """The line of the definition that asked for what the service refused, as exactly as its words allow."""
    for field, text in error.fields.items():
        setting = {"datetime_range": "range", "relative_range": "range"}.get(field, field)
        if setting not in one.job.places:
            continue
        path, said = one.job.places[setting], one.job.settings[setting]
        items = (
            said if isinstance(said, list) and said == plan.spec.source.at(path) else []
        )  # as written, no names in it
        named = [(text.index(str(value)), item) for item, value in enumerate(items) if str(value) in text]
        place = (*path, min(named)[1]) if named else path  # the first one named; a message may go on to suggest others
        return plan.spec.source.problem(place, text, "refused-by-service")
    return None
