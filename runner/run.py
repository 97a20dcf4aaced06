"""The story of a run: plan, ask, digest, render, write."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self, TypeAlias

from runner import editions, endpoints, files, formula, result
from runner.asking import Asking, Found
from runner.client import Client
from runner.client.cache import Cache
from runner.errors import Problem, ServiceError
from runner.model import Answer, Ask, Digest, Document, FailedSection, Failure, Plan
from runner.model import Path as Place

Told: TypeAlias = Callable[["Outcome"], None]
"""Hears of every definition when its digest is written."""

Heard: TypeAlias = Callable[[int, int], None]
"""Hears, from any thread, how many queries of how many are answered."""

WRITERS = 8
"""Digests written at a time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of one definition came to: the digest, the files written, the queries that failed."""

    plan: Plan
    digest: Digest
    files: tuple[Path, ...]
    failures: tuple[Failure, ...]

    @property
    def complete(self) -> bool:
        """Whether every job has its numbers."""
        return not any(isinstance(section, FailedSection) for section in self.digest.sections)


@dataclass(frozen=True, slots=True)
class Rest:
    """What a run left open: plans without a digest or with failed jobs, and the answers that came for them."""

    plans: tuple[Plan, ...]
    answers: Mapping[str, Answer]
    interrupted: bool


def run(
    plans: Collection[Plan],
    asked: Asked,
    folder: Path,
    *,
    sample: bool,
    tell: Told,
    heard: Heard,
    templates: Path | None = None,
) -> Rest:
    """Ask everything the plans name and write each digest into ``folder``/NAME/PERIOD as soon as it can be made.

    A query that fails costs its own jobs only, and a question that several ask goes out once. ``sample`` marks the
    numbers as invented, ``templates`` is the project's folder of its own. Ctrl-C stops the asking; what came is in what
    is returned.
    """
    left: list[Plan] = []
    answers: dict[str, Answer] = {}
    done, interrupted = 0, False
    with Asking(plans, asked.ask, threads=asked.threads, heard=heard) as asking, _Writing(folder, tell) as writing:
        try:
            for plan in plans:
                found = asking.answers(plan)
                outcome, documents = _made(plan, _explained(plan, found), templates, sample=sample)
                writing.put(outcome, documents)
                done += 1
                if not outcome.complete:
                    left.append(plan)
                    answers |= {key: answer for key, answer in found.items() if isinstance(answer, Answer)}
                asking.release(plan)
        except KeyboardInterrupt:
            interrupted = True
            asked.client.stop()
    for plan in islice(plans, done, None):
        left.append(plan)
        answers |= asking.so_far(plan)
    return Rest(tuple(left), answers, interrupted)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a query is answered: by what is ``known`` from an unfinished run, by the cache, or by the service."""

    client: Client
    threads: int
    known: Mapping[str, Answer] = field(default_factory=dict)
    cache: Cache | None = None

    def ask(self, one: Ask) -> Answer:
        """The answer; ServiceError where none can be had."""
        kept = self.known.get(one.query.key) or (self.cache and self.cache.get(one))
        if kept:
            return kept
        answer = self.client.ask(one.query)
        if self.cache:
            self.cache.put(one, answer)
        return answer


class _Writing:
    """Writes digests while the next are asked and made, and tells of each in its order once it is on disk.

    A disk takes its time to say that it will keep a file, and little more to say so of several. Leaving the block waits
    for all; RunnerError, here or in ``put``, for what could not be written.
    """

    def __init__(self, folder: Path, tell: Told) -> None:
        self._folder, self._tell = folder, tell
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._waiting: deque[tuple[Outcome, Future[tuple[Path, ...]]]] = deque()
        self._lock = RLock()
        self._fault: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._pool:
            if kind is None:
                self._wait(0)

    def put(self, outcome: Outcome, documents: Sequence[Document]) -> None:
        """Write a digest as soon as its turn comes."""
        place = self._folder / outcome.plan.spec.name / outcome.plan.period.name
        written = self._pool.submit(files.write, place, documents)
        with self._lock:
            self._waiting.append((outcome, written))
        written.add_done_callback(self._heard)
        self._wait(WRITERS)

    def _wait(self, most: int) -> None:
        """Wait until no more than ``most`` digests are not written; RunnerError for one that could not be."""
        while first := self._first(most):
            first.result()
            self._say()
        if self._fault:
            raise self._fault

    def _heard(self, _: Future[tuple[Path, ...]]) -> None:
        """What cannot be told, as nobody reads it any more, ends the run in its own thread."""
        try:
            self._say()
        except OSError as error:
            self._fault = error

    def _first(self, most: int) -> Future[tuple[Path, ...]] | None:
        """The digest to wait for, where more than ``most`` are not told of."""
        with self._lock:
            return self._waiting[0][1] if len(self._waiting) > most else None

    def _say(self) -> None:
        """Tell of each digest that is on disk and has none before it that is not."""
        with self._lock:
            while self._waiting and self._waiting[0][1].done() and not self._waiting[0][1].exception():
                outcome, written = self._waiting.popleft()
                self._tell(replace(outcome, files=written.result()))


def digest(plan: Plan, found: Mapping[str, Found], *, sample: bool) -> Digest:
    """What was found, as a digest that is not written."""
    return endpoints.digest(plan, _explained(plan, found), sample=sample)


def again(
    plan: Plan, answers: Mapping[str, Answer | Failure], folder: Path, *, sample: bool, templates: Path | None
) -> Outcome:
    """Write the digest of kept answers into ``folder``, beside them; nobody is asked."""
    made = endpoints.digest(plan, answers, sample=sample)
    written = files.write(folder, _documents(plan, answers, made, templates))
    return Outcome(plan, made, written, ())


def _made(
    plan: Plan, answers: Mapping[str, Answer | Failure], templates: Path | None, *, sample: bool
) -> tuple[Outcome, tuple[Document, ...]]:
    """What came of a definition, before it is written, and its documents with the answers to keep beside them."""
    made = endpoints.digest(plan, answers, sample=sample)
    failures = tuple(answer for answer in answers.values() if isinstance(answer, Failure))
    kept = result.document(plan, answers, sample=sample)
    return Outcome(plan, made, (), failures), (*_documents(plan, answers, made, templates), kept)


def _documents(
    plan: Plan, answers: Mapping[str, Answer | Failure], made: Digest, templates: Path | None
) -> tuple[Document, ...]:
    """The digest in each format; where each member has one, those too, in a folder of each."""
    from runner import render  # here: it is loaded while the first answers are under way

    own = [
        replace(document, name=f"members/{edition.member}/{document.name}")
        for edition in (editions.of(plan, answers, made) if plan.spec.for_each else ())
        if edition.member
        for document in render.documents(edition.digest, plan.spec.formats, templates)
    ]
    return (*render.documents(made, plan.spec.formats, templates), *own)


def _explained(plan: Plan, found: Mapping[str, Found]) -> dict[str, Answer | Failure]:
    """What was found, with the place in the definition for what was refused."""
    answers: dict[str, Answer | Failure] = {}
    for one in plan.asks:
        answer = found[one.query.key]
        if isinstance(answer, Answer):
            answers[one.query.key] = answer
        elif one.query.key not in answers:
            answers[one.query.key] = Failure(str(answer), _blame(plan, one, answer))
    return answers


def _blame(plan: Plan, one: Ask, error: ServiceError) -> Problem | None:
    """The line of the definition that asked for what the service refused, as exactly as its words allow."""
    for name, text in error.fields.items():
        setting = {"datetime_range": "range", "relative_range": "range"}.get(name, name)
        if setting not in one.job.places:
            continue
        places = [place for place in _named(plan, one, setting) if place[0] in text]
        # The first one named; a message may go on to suggest others.
        _, path, offset = min(places, key=lambda place: text.index(place[0]), default=("", one.job.places[setting], 0))
        return plan.spec.source.problem(path, text, "refused-by-service", offset=offset)
    return None


def _named(plan: Plan, one: Ask, setting: str) -> Iterator[tuple[str, Place, int]]:
    """What a message may name: the items of a setting as they are written, the metrics that others are made of."""
    path, said = one.job.places[setting], one.job.settings[setting]
    if isinstance(said, list) and said == plan.spec.source.at(path):  # as written, no names in it
        yield from ((str(value), (*path, item), 0) for item, value in enumerate(said))
    if setting == "metrics":
        for own in one.job.derived:
            yield from ((part.key, own.place, part.at) for part in formula.parts(own.expression))
