"""The organization's users, present and removed."""

from __future__ import annotations

from typing import NamedTuple

from runner.engine.inquiry import Backend, kept

_ACCOUNTS = "SELECT no, id, first_name, last_name, email, full_name, present FROM user_account"


class Account(NamedTuple):
    """A user; ``no`` is the place in the order of ``GET /user/``, removed ones, whose ``present`` is 0, are last.

    ``display`` is the name people read: first and last, else the e-mail; of a removed user the full name; else the ID.
    """

    no: int
    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    full_name: str | None
    present: int
    display: str


@kept
def read(backend: Backend) -> tuple[Account, ...]:
    """All users in the order of ``GET /user/``."""
    return tuple(_account(*row) for row in sorted(backend.execute(_ACCOUNTS)))


def _account(
    no: int, id_: str, first: str | None, last: str | None, email: str | None, full_name: str | None, present: int
) -> Account:
    own = " ".join(part for part in (first, last) if part) or email
    return Account(no, id_, first, last, email, full_name, present, (own if present else full_name) or id_)
