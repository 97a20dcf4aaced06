"""The service a run asks: Close over the network, local data or the sample organization in process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import httpx

from runner.client import Client
from runner.engine.load import Listener
from runner.errors import UsageError
from runner.model import Profile
from runner.wiring import stores


@contextmanager
def connect(profile: Profile, root: Path, as_of: datetime, listener: Listener) -> Iterator[Client]:
    """A client of the profile's service, closed at the end. ``as_of`` is the clock of local data."""
    if profile.service == "close":
        transport: httpx.BaseTransport = httpx.HTTPTransport(retries=0)
        auth = httpx.BasicAuth(_key(profile), "")
        with Client(transport, profile.base_url, auth) as client:
            yield client
        return
    from runner.engine import app

    key = secrets.token_urlsafe()
    data = "sample" if profile.service == "sample" else str(root / profile.data)
    with stores.open_data(data, as_of, listener) as store:
        engine = app.create(store, keys=frozenset({key}), now=lambda: as_of)
        with Client(httpx.WSGITransport(app=engine), "http://engine/api/v1/", httpx.BasicAuth(key, "")) as client:
            yield client


@contextmanager
def when_needed(profile: Profile, root: Path, as_of: datetime, listener: Listener) -> Iterator[Callable[[], Client]]:
    """What gives the client of ``connect``, and connects when it is first called."""
    with ExitStack() as stack:

        @cache
        def client() -> Client:
            return stack.enter_context(connect(profile, root, as_of, listener))

        yield client


def _key(profile: Profile) -> str:
    key = os.environ.get(profile.api_key_env, "")  # noqa: TID251 - secrets come from the environment, here only
    if not key:
        raise UsageError(
            f"profile '{profile.name}' reads its API key from the environment variable {profile.api_key_env}, "
            "which is not set"
        )
    return key
