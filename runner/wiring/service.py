"""The service a run asks: Close over the network, local data or the sample organization in process, a recording."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import httpx

from runner import client as asking
from runner.client import Auth, Client, Key, Network, recording
from runner.client.cache import Cache
from runner.engine.load import Listener
from runner.errors import UsageError
from runner.lookups.directory import Identity
from runner.model import Limits, Profile, Secret
from runner.wiring import access, stores

ENGINE = "http://engine/api/v1/"
"""The address of the engine in process; a recording answers below it too."""

AGES = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Way:
    """How the service is reached: through a ``proxy``, recording into a folder, from a recording; who listens."""

    proxy: str | None = None
    record: Path | None = None
    replay: Path | None = None
    hear: asking.Listener = lambda _: None


@contextmanager
def connect(
    profile: Profile, root: Path, as_of: datetime, listener: Listener, way: Way | None = None
) -> Iterator[Client]:
    """A client of the profile's service, closed at the end. ``as_of`` is the clock of local data."""
    way = way or Way()
    with ExitStack() as stack:
        auth: Auth | None = None
        base, limits = ENGINE, Limits()
        transport: httpx.BaseTransport
        if way.replay:
            transport = recording.Replay(way.replay, base)
        elif profile.service == "close":
            base, limits = profile.base_url, profile.limits
            transport = _network(profile, root, way)
            auth = access.auth(profile, root, transport)
        else:
            transport, auth = stack.enter_context(_engine(profile, root, as_of, listener))
        if way.record:
            recording.begin(way.record, as_of, sample=profile.service == "sample")
            transport = recording.Recorder(transport, way.record, base)
        yield stack.enter_context(Client(transport, base, auth, limits=limits, listener=way.hear))


@contextmanager
def when_needed(
    profile: Profile, root: Path, as_of: datetime, listener: Listener, way: Way | None = None
) -> Iterator[Callable[[], Client]]:
    """What gives the client of ``connect``, and connects when it is first called."""
    with ExitStack() as stack:

        @cache
        def client() -> Client:
            return stack.enter_context(connect(profile, root, as_of, listener, way))

        yield client


def kept(profile: Profile, client: Client, identity: Identity, now: datetime, *, refresh: bool) -> Cache | None:
    """The profile's cache of answers; None where it has none. ``now`` is the real clock, ``identity`` who asks."""
    if not profile.cache:
        return None
    age = int(profile.cache[:-1]) * AGES[profile.cache[-1]]
    who = (profile.base_url, identity.organization.id, identity.user, client.owner)
    return Cache(stores.cache_folder() / "answers", who, age=age, now=now, refresh=refresh)


def _network(profile: Profile, root: Path, way: Way) -> Network:
    ca_file = root / profile.ca_file if profile.ca_file else None
    try:
        return Network(connections=profile.limits.in_flight, ca_file=ca_file, proxy=way.proxy)
    except OSError as error:
        raise UsageError(f"{ca_file}: no PEM file of certificates: {error}") from error


@contextmanager
def _engine(
    profile: Profile, root: Path, as_of: datetime, listener: Listener
) -> Iterator[tuple[httpx.BaseTransport, Auth]]:
    from runner.engine import app

    key = secrets.token_urlsafe()
    data = "sample" if profile.service == "sample" else str(root / profile.data)
    with stores.open_data(data, as_of, listener) as store:
        engine = app.create(store, keys=frozenset({key}), now=lambda: as_of)
        yield httpx.WSGITransport(app=engine), Key(Secret(key))
