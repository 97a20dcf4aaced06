"""What ``diff`` does: both sides as plans with their digests, then what differs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from runner import diff, endpoints, result, run, source, spec
from runner.asking import Asking
from runner.cli import kept, progress, sides, story
from runner.cli.options import Options, Selection
from runner.cli.sides import Committed, Defined, Filed, Kept, Said
from runner.diff import Difference, Side, data, words
from runner.errors import RunnerError, UsageError
from runner.model import Digest, FailedSection, Plan, Spec
from runner.nearest import hint
from runner.result import Result
from runner.wiring import project, revision, service
from runner.wiring.project import Home
from runner.wiring.revision import Commit

MOVED = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    first: str
    second: str | None
    report: str | None
    period: str | None
    output: Path | None
    form: str
    everything: bool
    exit_code: bool


def difference(options: Options, wanted: Wanted) -> int:
    """Print what differs. The exit code: 3 where a job of a definition failed now, 6 for a difference if wanted."""
    where = project.home(options.project)
    said = sides.read(wanted.first, wanted.second, wanted.report)
    found, failed = _between(options, where, said, wanted)
    if wanted.form == "json":
        click.echo(json.dumps(data.data(found, everything=wanted.everything), indent=2, ensure_ascii=False))
    else:
        written = words.text if wanted.form == "text" else words.markdown
        click.echo(written(found, everything=wanted.everything))
    if failed:
        return RunnerError.exit_code
    return MOVED if wanted.exit_code and found.differs else 0


def _between(options: Options, where: Home, said: Sequence[Said], wanted: Wanted) -> tuple[Difference, bool]:
    """What differs, and whether a job failed that was asked for it."""
    folder = wanted.output or where.output
    results = {place: _result(where, folder, one) for place, one in enumerate(said) if not isinstance(one, Defined)}
    defined = {place: one for place, one in enumerate(said) if isinstance(one, Defined)}
    _refuse(options, wanted, len(defined))
    made = {place: _kept(where, one) for place, one in results.items()}
    if defined:
        base = next(iter(results.values()), None)
        if wanted.period:
            base = kept.find(where, folder, next(iter(defined.values())).name, wanted.period)
        asked = _Asked(options, where, base, only=bool(wanted.period))
        made |= zip(defined, asked.sides(list(defined.values())), strict=True)
    failed = any(isinstance(each, FailedSection) for place in defined for each in made[place].digest.sections)
    return diff.between(made[0], made[1]), failed


def _refuse(options: Options, wanted: Wanted, definitions: int) -> None:
    """UsageError where what is wanted cannot be, with so many definitions among the two sides."""
    if wanted.period and definitions < 2:
        raise UsageError("--period says whose answers two definitions are evaluated from; here a side is a result")
    if wanted.period and options.as_of:
        raise UsageError("--period evaluates both as of the instant of its result; leave --as-of out")


def _result(where: Home, folder: Path, said: Kept | Filed | Committed) -> Result:
    match said:
        case Filed():
            return result.read(said.file)
        case Kept():
            return kept.find(where, folder, said.name, said.period)
        case Committed():
            commit = revision.commit(where.root, said.ref)
            return result.parse(Path(f"{said.ref}:{said.path}"), commit.read(said.path))


def _kept(where: Home, one: Result) -> Side:
    """A result by the definition that it was made with."""
    plan, answers = kept.plan(where, one)
    return Side(str(one.file), plan, endpoints.digest(plan, answers, sample=one.sample))


class _Asked:
    """Definitions as of one instant: from the answers of ``base`` where those are enough, else all asked anew.

    ``only``: from these answers, or not at all. Another instant that was said leaves ``base`` out.
    """

    def __init__(self, options: Options, where: Home, base: Result | None, *, only: bool) -> None:
        self._options, self._where, self._only = options, where, only
        self._base = None if options.as_of and base and options.as_of != base.as_of else base

    def sides(self, said: Sequence[Defined]) -> list[Side]:
        """A side for each."""
        specs = [spec_of(self._where, one) for one in said]
        made = self._recalled(specs) or self._fresh(specs)
        return [
            Side(spec.source.file, replace(plan, revision=_revision(self._where, one, plan)), digest)
            for one, spec, (plan, digest) in zip(said, specs, made, strict=True)
        ]

    def _recalled(self, specs: Sequence[Spec]) -> list[tuple[Plan, Digest]]:
        """From kept answers; nothing where there are none, or not enough."""
        base = self._base
        if not base:
            return []
        try:
            plans = story.recalled(self._where, specs, [base] * len(specs))
            return [(plan, endpoints.digest(plan, result.answers(base, plan), sample=base.sample)) for plan in plans]
        except RunnerError as error:
            if self._only:
                raise
            click.echo(f"the kept answers are not enough, so all is asked anew: {error}", err=True)
            return []

    def _fresh(self, specs: Sequence[Spec]) -> list[tuple[Plan, Digest]]:
        """Asked now; what both ask is asked once."""
        options, where = self._options, self._where
        profile = where.profile(options.profile)
        if self._base:
            kept.belongs(self._base, profile)
        instant = self._base.as_of if self._base else options.instant
        with (
            progress.bars() as screen,
            service.when_needed(profile, where.root, instant, screen, story.way(options, screen)) as client,
        ):
            plans = story.plans(where, profile, specs, story.only(instant), client=client, screen=screen, checked=True)
            ask = run.Asked(client(), profile.limits.in_flight).ask
            heard = partial(screen, "asking")
            with Asking(plans, ask, threads=profile.limits.in_flight, heard=heard) as asking:
                sample = profile.service == "sample"
                return [(plan, run.digest(plan, asking.answers(plan), sample=sample)) for plan in plans]


def spec_of(where: Home, said: Defined) -> Spec:
    """The definition, of now or of a commit; what is not in the file is as runner.yaml says it now."""
    if said.ref is None:
        return next(iter(story.definitions(Options(), where, Selection((said.name,)))))
    return committed(where, revision.commit(where.root, said.ref), said.name)


def committed(where: Home, commit: Commit, name: str) -> Spec:
    """The definition as it is in a commit; UsageError with the nearest name where it is not in it."""
    there = {Path(path).stem: path for path in commit.files(where.project.reports) if path.endswith(project.SUFFIXES)}
    if name not in there:
        near = hint(name, there)
        raise UsageError(f"{commit.ref} has no definition '{name}'{f'; {near}' if near else ''}")
    path = there[name]
    found, _ = spec.read(source.read(f"{commit.ref}:{path}", commit.read(path)), where.project)
    return found


def _revision(where: Home, said: Defined, plan: Plan) -> str:
    return plan.revision if said.ref is None else revision.commit(where.root, said.ref).short
