"""The ways out of a project, ready to be used: secrets, networks, the ledger, and the signals that end a delivery."""

from __future__ import annotations

import signal
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import httpx

from runner.client import Network
from runner.deliver import Access
from runner.errors import UsageError
from runner.model import Channel, Hook, Mailbox, Policy, Secret
from runner.wiring import access

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def ways(root: Path, policy: Policy, used: Collection[str]) -> Access:
    """What the channels of these names need; UsageError where a secret is missing or no certificates can be read."""
    channels = [policy.channels[name] for name in dict.fromkeys(used)]
    secrets = {name: secret for channel in channels for name, secret in _secrets(channel).items()}
    for channel in channels:
        if isinstance(channel, Hook):
            _network(channel, root).close()  # what is wrong with its certificates is told before anything is sent
    return Access(secrets, root, lambda channel: _network(channel, root))


def _network(channel: Hook, root: Path) -> httpx.BaseTransport:
    try:
        return Network(connections=1, ca_file=root / channel.ca_file if channel.ca_file else None)
    except OSError as error:
        said = error.strerror or error
        raise UsageError(f"channel '{channel.name}' trusts {channel.ca_file}, which cannot be read: {said}") from error


def _secrets(channel: Channel) -> Mapping[str, Secret]:
    match channel:
        case Mailbox():
            names = [name for name in (channel.username_env, channel.password_env) if name]
        case Hook():
            names = [channel.url_env]
        case _:
            names = []
    return {name: access.variable(name, f"channel '{channel.name}'") for name in names}


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, in place of ending what goes on; a second Ctrl-C ends it."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
