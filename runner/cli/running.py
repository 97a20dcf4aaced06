"""What ``run`` does, and what it says while it does it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from runner import naming, run, unfinished
from runner.cli import checking, progress, story, telling
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs
from runner.client import Client, recording
from runner.client.cache import Cache
from runner.errors import RunnerError, StoppedError, UsageError
from runner.model import Answer, Plan, Profile, Spec
from runner.shelf import Shelf
from runner.wiring import project, service
from runner.wiring.project import Home

if TYPE_CHECKING:
    from runner.cli.filling import Span
    from runner.cli.proposal import Proposal

INTERRUPTED = StoppedError.exit_code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run was told: which definitions, where to write, what to record, what may be taken from before."""

    selection: Selection
    output: Path | None
    record: Path | None
    replay: Path | None
    resume: bool
    refresh: bool
    no_cache: bool
    due: bool = False
    plan: Path | None = None
    show: bool = False
    send: bool = False
    to: str | None = None
    dry_run: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _World:
    """The run in its project: the definitions and their instants, whom it asks, what is known already.

    ``instant`` is the clock of local data.
    """

    where: Home
    profile: Profile
    output: Path
    specs: Collection[Spec]
    instants: story.Instants
    instant: datetime
    sample: bool
    known: dict[str, Answer]
    held: Proposal | None = None


def digests(options: Options, wanted: Wanted, outputs: Outputs) -> int:
    """Run the definitions: how it goes to stderr, the files written to stdout. The exit code."""
    world = _world(options, wanted, outputs)
    if (wanted.due or wanted.span) and not world.specs:
        return 0  # it has been said that nothing is due, or missing
    templates = world.where.templates
    with progress.bars() as screen:
        way, seconds = telling.timed(replace(story.way(options, screen), record=wanted.record, replay=wanted.replay))
        told = telling.Told(screen, outputs, seconds, templates, show=wanted.show)

        with service.when_needed(world.profile, world.where.root, world.instant, screen, way) as client:
            made = _plans(world, client, screen)
            _hold(world, made)
            if wanted.send:
                _ready(world, made, wanted)
            if world.sample:
                screen.say("sample data: every number is invented; a profile in runner.yaml asks your own account")
            asked = run.Asked(client(), _threads(world.profile), world.known, _cache(options, wanted, world, client()))
            rest = run.run(
                made,
                asked,
                world.output,
                sample=world.sample,
                tell=told,
                heard=lambda done, total: screen("asking", done, total),
                templates=templates,
            )
        unfinished.keep(world.output, world.profile.name, rest.plans, rest.answers)
        if rest.interrupted:
            _missing(rest, len(made), screen)
            return INTERRUPTED
        sent = _send(options, world, made, wanted, screen, outputs=outputs) if wanted.send else 0
    return (RunnerError.exit_code if told.failed else 0) or sent or (checking.FAILED if told.alarmed else 0)


def _ready(world: _World, made: Shelf[Plan], wanted: Wanted) -> None:
    """UsageError where something that sending needs is missing, before a number is asked."""
    from runner.cli import posting  # here and below: most runs send nothing, and it takes long to load

    posting.ready(world.where, [plan.spec for plan in made], posting.Wanted(wanted.to, wanted.dry_run))


def _send(
    options: Options, world: _World, made: Shelf[Plan], wanted: Wanted, screen: progress.Screen, *, outputs: Outputs
) -> int:
    """Deliver what was just written. The exit code."""
    from runner.cli import posting

    how = posting.Wanted(wanted.to, wanted.dry_run)
    mailings = [posting.mailing(plan, world.output) for plan in made if posting.delivers(plan.spec, how)]
    heard = posting.heard(outputs, mailings)
    return posting.deliver(options, world.where, mailings, how, screen, tell=screen.say, heard=heard)


def _world(options: Options, wanted: Wanted, outputs: Outputs) -> _World:
    where = project.home(options.project)
    output = wanted.output or where.output
    if wanted.resume:
        return _resumed(options, wanted, where, output)
    if wanted.plan:
        return _agreed(options, wanted, where, outputs)
    profile = where.profile(options.profile)
    instant, sample = options.instant, profile.service == "sample"
    if wanted.replay:
        recorded, sample = recording.read(wanted.replay)
        instant = options.as_of or recorded
    specs: Collection[Spec] = story.definitions(options, where, wanted.selection, outputs.warning)
    instants = story.only(instant)
    if wanted.due:
        from runner.cli import agenda  # here, so that other runs need not load the ledger

        specs, instants = agenda.due(options, where, specs, output)
    if wanted.span:
        from runner.cli import filling

        specs, instants = filling.wanted(options, specs, output, wanted.span)
    return _World(where, profile, output, specs, instants, instant, sample, {})


def _agreed(options: Options, wanted: Wanted, where: Home, outputs: Outputs) -> _World:
    """What a plan in a file says, with its instant and its profile."""
    if wanted.selection != Selection() or options.as_of or options.profile or not wanted.plan:
        raise UsageError("--plan runs what the plan says: its definitions, its instant and its profile")
    from runner.cli import proposal  # here and below: it takes longer to load than most runs would like to wait

    held = proposal.read(wanted.plan)
    profile = where.profile(held.profile)
    chosen = Selection(proposal.paths(held, where))
    specs = story.definitions(options, where, chosen, outputs.warning)
    sample = profile.service == "sample"
    return _World(where, profile, where.output, specs, story.only(held.as_of), held.as_of, sample, {}, held)


def _hold(world: _World, made: Shelf[Plan]) -> None:
    """StaleError where the run would do anything else than what was planned."""
    if world.held:
        from runner.cli import proposal

        proposal.hold(world.held, world.where, made)


def _resumed(options: Options, wanted: Wanted, where: Home, output: Path) -> _World:
    if wanted.selection != Selection() or options.as_of or options.profile or wanted.replay:
        raise UsageError("--resume goes on with the last run: with its definitions, its instant and its profile")
    rest = unfinished.read(output)
    profile = where.profile(rest.profile)
    specs = story.definitions(options, where, Selection(tuple(rest.instants)))
    sample = profile.service == "sample"
    return _World(
        where, profile, output, specs, lambda spec: rest.of(spec.source.file), rest.as_of, sample, dict(rest.answers)
    )


def _plans(world: _World, client: Callable[[], Client], screen: progress.Screen) -> Shelf[Plan]:
    """What is to be run; nothing else of the definitions is kept."""
    return story.plans(
        world.where, world.profile, world.specs, world.instants, client=client, screen=screen, checked=True
    )


def _threads(profile: Profile) -> int:
    return profile.limits.in_flight


def _cache(options: Options, wanted: Wanted, world: _World, client: Client) -> Cache | None:
    """The profile's cache, where it has one and the run is one to keep answers of."""
    if not world.profile.cache or wanted.no_cache or wanted.record or wanted.replay:
        return None
    return service.kept(world.profile, client, naming.identify(client, None), options.now, refresh=wanted.refresh)


def _missing(rest: run.Rest, total: int, screen: progress.Screen) -> None:
    names = ", ".join(plan.spec.name for plan in rest.plans)
    screen.say(f"interrupted: {len(rest.plans)} of {total} digests not made: {names}")
    screen.say(f"{len(rest.answers)} answers are kept; `runner run --resume` goes on")
