"""What a handler is given: the request, the data, the instant and the offset it is asked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from werkzeug import Request, Response

from runner.errors import RunnerError

WeekStart: TypeAlias = Literal["monday", "sunday"]


class OutOfMemoryError(RunnerError):
    """A statement needs more memory than there is; with less going on beside it there may be enough."""


class Backend(Protocol):
    """A store of the canonical layout on some SQL engine. Its methods may be called from several threads at once."""

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one statement in the portable subset of SQL. ``OutOfMemoryError`` where it needs too much."""

    def resources(self, kind: str) -> list[dict[str, Any]]:
        """The API objects of one dump file, in the file's order."""


_Found = TypeVar("_Found")
_Asked = ParamSpec("_Asked")


def kept(
    read: Callable[Concatenate[Backend, _Asked], _Found],
) -> Callable[Concatenate[Backend, _Asked], _Found]:
    """Reads the same once from each backend, as its data does not change; what was read is let go with the backend."""
    known: WeakKeyDictionary[Backend, dict[tuple[object, ...], _Found]] = WeakKeyDictionary()

    @wraps(read)
    def once(backend: Backend, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Found:
        found = known.setdefault(backend, {})
        asked = (*args, *named.items())
        if asked not in found:
            found[asked] = read(backend, *args, **named)
        return found[asked]

    return once


@kept
def lookup(backend: Backend, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement that many requests need."""
    return backend.execute(sql)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One request to the API, let in and ready to be answered.

    ``now`` is the one instant the whole answer is made at, in microseconds UTC; ``offset`` is in minutes east of UTC.
    """

    request: Request
    backend: Backend
    now: int
    offset: int
    week_start: WeekStart

    @property
    def week(self) -> str:
        """The grain (and column of the calendar) of this organization's weeks."""
        return "week" if self.week_start == "monday" else "sunday_week"

    def organization(self) -> dict[str, Any]:
        """The organization whose data this is; empty where the dump has none."""
        return next(iter(self.backend.resources("organization")), {})


Handler: TypeAlias = Callable[..., Response]
"""Answers an inquiry; the variable parts of its path come as keyword arguments."""
