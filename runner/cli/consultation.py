"""What ``doctor`` learns from the service: it asks ``me/``, and reads all that the answer says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from runner import naming
from runner.cli import progress, story
from runner.cli.check import Check, failed
from runner.cli.options import Options
from runner.client import Heard, Tried, hints
from runner.errors import AccessError, RunnerError, ServiceError
from runner.lookups import shown
from runner.lookups.directory import Identity
from runner.model import Profile
from runner.wiring import pins, service, stores
from runner.wiring.project import Home

ATTEMPTS = 2
"""A doctor does not wait for an outage to end."""

SKEW = 60.0
"""Seconds that a clock may be wrong without harm."""


@dataclass(slots=True)
class _Answer:
    """Who asks, or why that is not known; what came with the last answer, and when."""

    found: Identity | RunnerError
    headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


def checks(where: Home, profile: Profile, options: Options, screen: progress.Screen) -> Iterator[Check]:
    """The service and its key, the pins, the clock and the rate limit, as far as the service answers."""
    answer = _ask(where, profile, options, screen)
    yield _identity(profile, answer.found)
    yield _lock(where, profile, answer.found)
    if profile.service == "close" and answer.at:
        yield _clock(answer.headers, answer.at)
        yield _rate(answer.headers)


def _ask(where: Home, profile: Profile, options: Options, screen: progress.Screen) -> _Answer:
    way = story.way(options, screen)
    heard: list[tuple[Mapping[str, str], datetime]] = []

    def hear(event: Heard) -> None:
        way.hear(event)
        if isinstance(event, Tried) and event.headers:
            heard.append((event.headers, options.now))

    limits = replace(profile.limits, attempts=min(ATTEMPTS, profile.limits.attempts))
    asked = replace(profile, limits=limits)
    found: Identity | RunnerError
    try:
        with ExitStack() as stack:
            if profile.service == "sample":
                dump = stack.enter_context(stores.passing_sample(options.instant))
                asked = replace(asked, service="data", data=str(dump))
            heeded = replace(way, hear=hear)
            client = stack.enter_context(service.connect(asked, where.root, options.instant, screen, heeded))
            found = naming.identify(client, None)
    except RunnerError as error:
        found = error
    return _Answer(found, *heard[-1]) if heard else _Answer(found)


def _identity(profile: Profile, found: Identity | RunnerError) -> Check:
    if isinstance(found, RunnerError):
        return failed("service", found, _remedy(found) if profile.service == "close" else "")
    organization = found.organization
    said = f"user {found.user} of {shown(organization.name)} ({organization.id})"
    return Check("ok", "service", f"profile '{profile.name}': {said}")


def _remedy(error: RunnerError) -> str:
    if isinstance(error, AccessError):
        return (
            "see that the profile's key or app is the right one and still valid; docs/access.md says where it is kept"
        )
    if isinstance(error, ServiceError):
        return "see that base_url in runner.yaml is right, that the service is up, and whether a --proxy is needed"
    return "docs/access.md says where keys and tokens are kept"


def _lock(where: Home, profile: Profile, found: Identity | RunnerError) -> Check:
    what = "runner.lock"
    try:
        section = pins.read(where).get(profile.name)
        if section and isinstance(found, Identity):
            naming.check(found, section)
    except RunnerError as error:
        return failed(what, error)
    if section is None:
        return Check("ok", what, f"nothing is pinned for profile '{profile.name}': names are looked up at each run")
    said = f"{len(section.pins)} pinned, of {shown(section.organization.name)} ({section.organization.id})"
    if isinstance(found, RunnerError):
        return Check("warning", what, f"{said}; not compared, since the service did not say of which it is")
    return Check("ok", what, said)


def _clock(headers: Mapping[str, str], at: datetime) -> Check:
    seconds = hints.skew(headers, at)
    if seconds is None:
        return Check("warning", "clock", "not compared, since the service does not say what time it is")
    side = "ahead of" if seconds > 0 else "behind"
    said = f"{abs(seconds):.0f} s {side} the service's"
    if abs(seconds) > SKEW:
        return Check("warning", "clock", said, "set this machine's clock: words such as last-week are resolved with it")
    return Check("ok", "clock", said)


def _rate(headers: Mapping[str, str]) -> Check:
    rate = hints.rate(headers)
    if rate is None:
        return Check("ok", "rate limit", "the service does not say one")
    return Check("ok", "rate limit", f"{rate.remaining:g} of {rate.limit:g} requests left for {rate.reset:g} s")
