"""What a change of definitions does: each as it was and as it is, evaluated as of one instant, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from runner import diff, run
from runner.asking import Asking
from runner.cli import choosing, comparing, progress, story
from runner.cli.forecast import Forecast, Measured
from runner.cli.options import Options, Selection
from runner.client import Client, recording
from runner.diff import Difference, Side
from runner.errors import DefinitionError, EmptySelectionError, Problem, RunnerError, UsageError
from runner.lookups import lock
from runner.model import Digest, Plan, Profile, Spec
from runner.wiring import ci, project, revision, service
from runner.wiring.project import Home
from runner.wiring.revision import Commit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    selection: Selection
    base: str | None
    replay: Path | None
    name: str
    output: Path | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A definition that changed: what differs, or its digest where it is ``new``; what a run would ask.

    ``reason`` says why there are no numbers, ``unplanned`` why it is not known what the project's own profile would be
    asked; the plan is then that of the numbers.
    """

    name: str
    title: str
    new: bool = False
    difference: Difference | None = None
    digest: Digest | None = None
    reason: str = ""
    plan: Plan | None = None
    unplanned: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """All that the comment says. ``world`` are the words for whose numbers they are."""

    wanted: Wanted
    where: Home
    base: Commit
    as_of: datetime
    world: str
    problems: tuple[Problem, ...]
    definitions: tuple[Reviewed, ...]
    gone: tuple[str, ...]
    others: tuple[str, ...]
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class _World:
    """Whom the numbers are from, and as of when."""

    profile: Profile
    as_of: datetime
    sample: bool
    words: str


def made(options: Options, wanted: Wanted) -> Review:
    """The review of what changed since the base; UsageError where there is none."""
    where = project.home(options.project)
    name = wanted.base or ci.base()
    if not name:
        raise UsageError("say what the change is to go into, for example --base origin/main")
    base = revision.left(where.root, name)
    world = _world(options, wanted, where)
    right: list[Spec] = []
    problems = project.read(where, _changed(options, where, name, wanted.selection), right.append)
    definitions = tuple(_reviewed(options, wanted, where, base, world, right))
    plans = [each.plan for each in definitions if each.plan]
    gone, others = _others(where, revision.changed(where.root, name))
    profile = where.profile(options.profile)
    forecast = Measured().forecast(plans, profile, frozenset())
    known = tuple(problems), definitions, gone, others, forecast
    return Review(wanted, where, base, world.as_of, world.words, *known)


def _changed(options: Options, where: Home, base: str, chosen: Selection) -> list[Path]:
    """The definitions that are not as at the base, of those selected; none is no error."""
    words = tuple(f"{word},git:{base}" for word in chosen.words) or (f"git:{base}",)
    try:
        return choosing.paths(options, where, Selection(words, chosen.exclude))
    except EmptySelectionError:
        return []


def _world(options: Options, wanted: Wanted, where: Home) -> _World:
    """The recording, the profile that was named, or the sample organization."""
    if wanted.replay:
        as_of, sample = recording.read(wanted.replay)
        return _World(where.profile(options.profile), options.as_of or as_of, sample, f"recorded in {wanted.replay}")
    if options.profile:
        profile = where.profile(options.profile)
        return _World(profile, options.instant, profile.service == "sample", f"of profile '{profile.name}'")
    return _World(Profile("sample", "sample"), options.instant, True, "of an invented sample organization")


def _reviewed(
    options: Options, wanted: Wanted, where: Home, base: Commit, world: _World, specs: Sequence[Spec]
) -> list[Reviewed]:
    if not specs:
        return []
    with progress.bars() as screen:
        way = replace(story.way(options, screen), replay=wanted.replay)
        with service.when_needed(world.profile, where.root, world.as_of, screen, way) as client:
            asked = partial(_digests, where, world, client, screen)
            found = [_one(where, base, spec, asked) for spec in specs]
        return [_planned(options, where, world, each, spec, screen) for each, spec in zip(found, specs, strict=True)]


Asked = Callable[[Sequence[Spec]], list[tuple[Plan, Digest]]]


def _one(where: Home, base: Commit, spec: Spec, asked: Asked) -> Reviewed:
    """The definition as it was and as it is; why not, where its numbers cannot be had."""
    try:
        before: Spec | None = comparing.committed(where, base, spec.name)
    except (UsageError, DefinitionError):  # it was not there, or it was wrong
        before = None
    new = Reviewed(spec.name, spec.title, new=before is None)
    try:
        if before is None:
            ((plan, digest),) = asked([spec])
            return replace(new, digest=digest, plan=plan)
        sides = [
            Side(label, plan, digest)
            for label, (plan, digest) in zip(("before", "after"), asked([before, spec]), strict=True)
        ]
        return replace(new, difference=diff.between(*sides), plan=sides[1].plan)
    except RunnerError as error:
        return replace(new, reason=_short(error))


def _digests(
    where: Home, world: _World, client: Callable[[], Client], screen: progress.Screen, specs: Sequence[Spec]
) -> list[tuple[Plan, Digest]]:
    """A digest of each; what several ask is asked once."""
    at, profile = story.only(world.as_of), world.profile
    plans = story.plans(where, profile, specs, at, client=client, screen=screen, checked=True)
    ask = run.Asked(client(), profile.limits.in_flight).ask
    with Asking(plans, ask, threads=profile.limits.in_flight, heard=partial(screen, "asking")) as asking:
        return [(plan, run.digest(plan, asking.answers(plan), sample=world.sample)) for plan in plans]


def _planned(
    options: Options, where: Home, world: _World, found: Reviewed, spec: Spec, screen: progress.Screen
) -> Reviewed:
    """With what a run by the project's own profile would ask, as far as that is known without asking it."""
    profile = where.profile(options.profile)

    def nobody() -> Client:
        raise UsageError(
            f"not all names are pinned for profile '{profile.name}'; `runner lock` keeps what they stand for"
        )

    try:
        way = story.way(options, screen)
        with service.when_needed(profile, where.root, world.as_of, screen, way) as client:
            asks = nobody if profile.service == "close" else client
            (plan,) = story.plans(where, profile, [spec], story.only(world.as_of), client=asks, screen=screen)
    except RunnerError as error:
        return replace(found, unplanned=_short(error))
    return replace(found, plan=plan)


def _others(where: Home, changed: set[Path]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The definitions that are gone, and what else changed that all definitions depend on."""
    root, reports = where.root, where.root / where.project.reports
    gone = [path.stem for path in changed if path.is_relative_to(reports) and not path.exists()]
    shared = [root / project.SETTINGS, root / lock.FILE]
    templates = root / where.project.templates
    others = [path for path in changed if path in shared or path.is_relative_to(templates)]
    return tuple(sorted(gone)), tuple(sorted(path.relative_to(root).as_posix() for path in others))


def _short(error: RunnerError) -> str:
    """The first problem, in one line."""
    if isinstance(error, DefinitionError):
        first = error.problems[0]
        return f"{first.location}: {first.message} [{first.rule}]"
    return str(error).partition("\n")[0]
