"""What commands share: read all definitions, find all names, plan all, before anything is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

import click

from runner import endpoints, naming
from runner.cli import choosing, progress
from runner.cli.options import Options, Selection
from runner.client import Client, Heard, Tried
from runner.errors import DefinitionError, Problem, Severity
from runner.lookups import lock, shown
from runner.model import Plan, Profile, Spec
from runner.result import Result
from runner.shelf import Shelf
from runner.wiring import pins, project, revision
from runner.wiring.project import Home
from runner.wiring.service import Way

Instants: TypeAlias = Callable[[Spec], Sequence[datetime]]
"""The instants that a definition is run for."""


def _warn(problem: Problem) -> None:
    click.echo(f"{problem}\n", err=True)


def only(instant: datetime) -> Instants:
    """The same instant for every definition."""
    return lambda _: (instant,)


def definitions(
    options: Options, where: Home, chosen: Selection, warn: Callable[[Problem], None] = _warn
) -> Shelf[Spec]:
    """The definitions selected; DefinitionError with every problem of all of them. Warnings go to stderr."""
    specs: Shelf[Spec] = Shelf()
    problems = project.read(where, choosing.paths(options, where, chosen), specs.put)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(*errors)
    for warning in problems:
        warn(warning)
    return specs


def plans(
    where: Home,
    profile: Profile,
    specs: Collection[Spec],
    instants: Instants,
    *,
    client: Callable[[], Client],
    screen: progress.Screen,
    checked: bool = False,
) -> Shelf[Plan]:
    """A plan for each definition and instant; DefinitionError with every problem of all before any number is asked.

    ``checked`` asks the service whether it is of the organization that runner.lock pins.
    """
    made: Shelf[Plan] = Shelf()
    at = revision.of(where.root)
    unpinned: dict[str, None] = {}
    for each in naming.resolve(specs, pins.read(where).get(profile.name), client, checked=checked):
        unpinned |= dict.fromkeys(shown(name.text) for name in each.unpinned)
        for instant in instants(each.spec):
            made.put(_plan(each, instant, at(each.spec.source.file)))
    if unpinned:
        said = ", ".join(f"'{name}'" for name in unpinned)
        screen.say(f"not pinned: {said}; `runner lock` keeps the IDs they stand for")
    return made


def recalled(where: Home, specs: Sequence[Spec], kept: Sequence[Result]) -> list[Plan]:
    """A plan for each definition as of what was kept for it, with the names as they were found then."""
    at = revision.of(where.root)
    each = zip(specs, kept, strict=True)
    return [_plan(naming.recall(spec, one.names), one.as_of, at(spec.source.file)) for spec, one in each]


def _plan(named: naming.Named, instant: datetime, at: str) -> Plan:
    plan = endpoints.plan(named.spec, instant, named.organization)
    names = lock.data(named.found) if named.found else None
    return replace(plan, lookups=named.lookups, revision=at, names=names)


def way(options: Options, screen: progress.Screen) -> Way:
    """How the service is reached, as the command line says; waits are shown, with --verbose each attempt is said."""

    def hear(heard: Heard) -> None:
        if not isinstance(heard, Tried):
            screen.waits(heard.seconds, heard.reason)
        elif options.verbose:
            query = heard.query
            screen.say(f"{query.method} {query.path} attempt {heard.attempt}: {heard.came}, {heard.seconds:.2f} s")

    return Way(proxy=options.proxy, hear=hear)
