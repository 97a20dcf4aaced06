"""The organization's users, present and removed."""

from __future__ import annotations

from dataclasses import dataclass

from runner.engine.inquiry import Backend

_ACCOUNTS = "SELECT no, id, first_name, last_name, email, full_name, present FROM user_account"


@dataclass(frozen=True, slots=True)
class Account:
    """A user; ``no`` is the place in the order of ``GET /user/``, removed ones after the present."""

    no: int
    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    full_name: str | None
    present: bool

    @property
    def display(self) -> str:
        """The name people read: first and last, else the e-mail; of a removed user the full name; else the ID."""
        own = " ".join(part for part in (self.first_name, self.last_name) if part) or self.email
        return (own if self.present else self.full_name) or self.id


def read(backend: Backend) -> tuple[Account, ...]:
    """All users in the order of ``GET /user/``."""
    found = [
        Account(no, identity, first, last, email, full, bool(present))
        for no, identity, first, last, email, full, present in backend.lookup(_ACCOUNTS)
    ]
    return tuple(sorted(found, key=lambda account: account.no))
