"""What ``run`` does, and what it says while it does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from runner import naming, run, unfinished
from runner.cli import checking, progress, story
from runner.cli.options import Options
from runner.client import Client, recording
from runner.client.cache import Cache
from runner.errors import RunnerError, UsageError
from runner.model import Answer, FailedSection, Plan, Profile
from runner.shelf import Shelf
from runner.wiring import project, service, terminal
from runner.wiring.project import Home

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run was told: which definitions, where to write, what to record, what may be taken from before."""

    names: tuple[str, ...]
    output: Path | None
    record: Path | None
    replay: Path | None
    resume: bool
    refresh: bool
    no_cache: bool
    show: bool = False


@dataclass(frozen=True, slots=True)
class _World:
    """The run in its project: the instant, whom it asks, what is known already."""

    where: Home
    profile: Profile
    output: Path
    names: Sequence[str]
    instant: datetime
    sample: bool
    known: dict[str, Answer]


def digests(options: Options, wanted: Wanted) -> int:
    """Run the definitions: how it goes to stderr, the files written to stdout. The exit code."""
    world = _world(options, wanted)
    templates = world.where.templates
    failed = alarmed = 0
    with progress.bars() as screen:
        way = replace(story.way(options, screen), record=wanted.record, replay=wanted.replay)

        def tell(outcome: run.Outcome) -> None:
            nonlocal failed, alarmed
            failed += not outcome.complete
            alarmed += checking.failed(outcome.digest)
            _tell(outcome, screen, _shown(outcome, templates) if wanted.show else None)

        with service.when_needed(world.profile, world.where.root, world.instant, screen, way) as client:
            made = _plans(world, client, screen)
            if world.sample:
                screen.say("sample data: every number is invented; a profile in runner.yaml asks your own account")
            asked = run.Asked(client(), _threads(world.profile), world.known, _cache(options, wanted, world, client()))
            rest = run.run(
                made,
                asked,
                world.output,
                sample=world.sample,
                tell=tell,
                heard=lambda done, total: screen("asking", done, total),
                templates=templates,
            )
        unfinished.keep(world.output, world.profile.name, rest.plans, rest.answers)
        if rest.interrupted:
            _missing(rest, len(made), screen)
            return INTERRUPTED
    return RunnerError.exit_code if failed else checking.FAILED if alarmed else 0


def _world(options: Options, wanted: Wanted) -> _World:
    where = project.home(options.project)
    output = wanted.output or where.output
    if wanted.resume:
        if wanted.names or options.as_of or options.profile or wanted.replay:
            raise UsageError("--resume goes on with the last run: with its definitions, its instant and its profile")
        rest = unfinished.read(output)
        profile = where.profile(rest.profile)
        return _World(where, profile, output, rest.files, rest.as_of, profile.service == "sample", dict(rest.answers))
    profile = where.profile(options.profile)
    instant, sample = options.instant, profile.service == "sample"
    if wanted.replay:
        recorded, sample = recording.read(wanted.replay)
        instant = options.as_of or recorded
    return _World(where, profile, output, wanted.names, instant, sample, {})


def _plans(world: _World, client: Callable[[], Client], screen: progress.Screen) -> Shelf[Plan]:
    """What is to be run; nothing else of the definitions is kept."""
    specs = story.definitions(world.where, world.names)
    return story.plans(world.where, world.profile, specs, world.instant, client=client, screen=screen, checked=True)


def _shown(outcome: run.Outcome, templates: Path | None) -> str:
    """The digest's text, coloured where stdout is a terminal that wants colours."""
    from runner import render  # here: it takes longer to load than the first request to be on its way

    return render.text(render.words(outcome.digest), templates, colour=terminal.coloured())


def _threads(profile: Profile) -> int:
    return profile.limits.in_flight


def _cache(options: Options, wanted: Wanted, world: _World, client: Client) -> Cache | None:
    """The profile's cache, where it has one and the run is one to keep answers of."""
    if not world.profile.cache or wanted.no_cache or wanted.record or wanted.replay:
        return None
    return service.kept(world.profile, client, naming.identify(client, None), options.now, refresh=wanted.refresh)


def _tell(outcome: run.Outcome, screen: progress.Screen, text: str | None) -> None:
    """A line for the definition and one a job on stderr, the places of what was refused, the files on stdout.

    Where there is the digest's ``text``, that goes to stdout, and the files to stderr.
    """
    plan = outcome.plan
    against = "".join(f" vs {period.name}" for period in plan.compared)
    screen.say(f"{plan.spec.name}  {plan.period.name}{against}  {plan.spec.timezone}")
    width = max(len(job.name) for job in plan.spec.jobs)
    for section in outcome.digest.sections:
        failed = isinstance(section, FailedSection)
        said = section.reason if isinstance(section, FailedSection) else _requests(plan, section.job)
        screen.say(f"  {'failed' if failed else 'ok    '}  {section.job:{width}}  {said}")
    for failure in outcome.failures:
        screen.say(f"\n{failure.problem}\n" if failure.problem else f"  warning: {failure.reason}")
    for line in checking.told(outcome.digest):
        screen.say(line)
    if plan.spec.deliver:
        held = not outcome.complete and plan.spec.on_partial == "hold"
        screen.say("  held back: a job failed" if held else "  warning: not delivered; this version writes files only")
    say = screen.result if text is None else screen.say
    for file in outcome.files:
        say(str(project.shown(file.resolve())))
    if text is not None:
        screen.result(text.removesuffix("\n"))


def _requests(plan: Plan, job: str) -> str:
    count = len({ask.query.key for ask in plan.asks if ask.job.name == job})
    return f"{count} {'request' if count == 1 else 'requests'}"


def _missing(rest: run.Rest, total: int, screen: progress.Screen) -> None:
    names = ", ".join(plan.spec.name for plan in rest.plans)
    screen.say(f"interrupted: {len(rest.plans)} of {total} digests not made: {names}")
    screen.say(f"{len(rest.answers)} answers are kept; `runner run --resume` goes on")
