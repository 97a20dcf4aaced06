"""The organization's users, present and removed."""

from __future__ import annotations

from typing import NamedTuple

from runner.engine.inquiry import Backend, kept

_ACCOUNTS = "SELECT no, id, first_name, last_name, email, full_name, present FROM user_account"


class Account(NamedTuple):
    """A user; ``no`` is the place in the order of ``GET /user/``, removed ones, whose ``present`` is 0, are last."""

    no: int
    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    full_name: str | None
    present: int

    @property
    def display(self) -> str:
        """The name people read: first and last, else the e-mail; of a removed user the full name; else the ID."""
        own = " ".join(part for part in (self.first_name, self.last_name) if part) or self.email
        return (own if self.present else self.full_name) or self.id


@kept
def read(backend: Backend) -> tuple[Account, ...]:
    """All users in the order of ``GET /user/``."""
    return tuple(map(Account._make, sorted(backend.lookup(_ACCOUNTS))))
