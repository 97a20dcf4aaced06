"""For every test: no network but loopback, and golden files that ``pytest --update-golden`` writes anew."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("tests", deadline=None)  # a machine may be busy; what is slow is measured in benchmarks/
settings.load_profile("tests")

Golden = Callable[[Path, bytes], None]

LOOPBACK = ("127.", "localhost", "::1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with a golden file, or write it where that is asked for."""

    def check(path: Path, content: bytes) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert path.is_file(), f"{path.name} is not there; pytest --update-golden writes it"
        assert content.decode() == path.read_bytes().decode()

    return check


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine is an error of the test."""

    def guard(name: str) -> None:
        call = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any) -> Any:
            host = address[0] if isinstance(address, tuple) else ""
            if host and not str(host).startswith(LOOPBACK):
                pytest.fail(f"a test reached for {host}")
            return call(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)

    guard("connect")
    guard("connect_ex")
