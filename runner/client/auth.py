"""Who asks: an API key, or nobody in particular; OAuth has a module of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Protocol

from runner.model import Secret


class Auth(Protocol):
    """What the client needs to know of a way to say who asks.

    ``source`` says where the secret is from, for people who must look there; empty where there is none.
    """

    source: str

    def header(self) -> str:
        """The value of the ``Authorization`` header."""
        ...

    def renew(self, refused: str) -> bool:
        """Whether there is another header than the one that was refused."""
        ...

    def secrets(self) -> Iterable[str]:
        """Every text that must not be shown."""
        ...

    def owner(self) -> str:
        """What stays the same as long as it is the same one who asks; never to be shown."""
        ...


class Nobody:
    """No authentication."""

    source = ""

    def header(self) -> str:
        """Nothing."""
        return ""

    def renew(self, refused: str) -> bool:  # noqa: ARG002 - the protocol's
        """Never."""
        return False

    def secrets(self) -> Iterable[str]:
        """None."""
        return ()

    def owner(self) -> str:
        """Nobody."""
        return ""


class Key:
    """An API key: HTTP Basic with the key as the user's name (contract section 1)."""

    def __init__(self, key: Secret, source: str = "") -> None:
        self._key, self.source = key, source
        pair = f"{key.reveal()}:".encode()
        self._basic = Secret(base64.b64encode(pair).decode())

    def header(self) -> str:
        """``Basic ...``."""
        return f"Basic {self._basic.reveal()}"

    def renew(self, refused: str) -> bool:  # noqa: ARG002 - the protocol's
        """Never: a refused key stays refused."""
        return False

    def secrets(self) -> Iterable[str]:
        """The key, and the form it goes out in."""
        return self._key.reveal(), self._basic.reveal()

    def owner(self) -> str:
        """The key."""
        return self._key.reveal()
