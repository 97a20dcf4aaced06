"""The options every command takes, before or after the command's name. The clock is read here and nowhere below."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Options:
    """What was said on the command line for all commands."""

    as_of: datetime | None = None
    profile: str | None = None
    project: Path | None = None
    proxy: str | None = None
    verbose: bool = False

    @property
    def now(self) -> datetime:
        """The clock."""
        return datetime.now(UTC)  # noqa: TID251 - the one place where the clock is read

    @property
    def instant(self) -> datetime:
        """The instant a run is made for: what was said, or now."""
        return self.as_of or self.now


@dataclass(frozen=True, slots=True)
class Selection:
    """Which definitions a command is about: any of ``words``, but none of ``exclude``; all without words."""

    words: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def selecting(command: Command) -> Command:
    """Give a command that is about definitions the words that select them, as its parameter ``selection``."""

    @click.argument("words", nargs=-1, metavar="[SELECTION]...")
    @click.option("--exclude", multiple=True, metavar="SELECTION", help="Leave these definitions out; may be repeated.")
    @wraps(command)
    def call(*args: Any, words: tuple[str, ...], exclude: tuple[str, ...], **more: Any) -> Any:
        return command(*args, selection=Selection(words, exclude), **more)

    return cast("Command", call)


YEARS = range(1900, 9001)
"""Years that a run may be in: what is before and after its periods is in the calendar too."""


class Instant(click.ParamType[datetime]):
    """A date or ISO 8601 datetime; UTC where no offset is given."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware datetime, or a usage error that shows the form."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date or datetime; write 2026-11-23 or 2026-11-23T08:00:00-05:00", param, ctx)
        if instant.year not in YEARS:
            self.fail(f"{value} is outside of the years {YEARS.start} to {YEARS.stop - 1}", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


class Proxy(click.ParamType[str]):
    """The URL of an HTTP proxy."""

    name = "proxy"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The URL, or a usage error that shows the form (and not the password that may be in the URL)."""
        if not re.fullmatch(r"https?://([^\s/@]*@)?[^\s/@?#]+/?", value):
            self.fail("a proxy is said as http://HOST:PORT", param, ctx)
        return str(value)


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value not in (None, False):
        setattr(ctx.ensure_object(Options), param.name or "", value)


SHARED: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--as-of",),
        {
            "type": Instant(),
            "metavar": "INSTANT",
            "help": "Run as if it were this instant; UTC unless an offset is given. [default: now]",
        },
    ),
    (
        ("--profile",),
        {
            "metavar": "NAME",
            "help": "The service to ask, by its name in runner.yaml. [default: sample without a runner.yaml]",
        },
    ),
    (
        ("--project",),
        {
            "type": click.Path(exists=True, file_okay=False, path_type=Path),
            "help": "The project's folder. [default: the nearest folder upwards with a runner.yaml, else this one]",
        },
    ),
    (
        ("--proxy",),
        {
            "type": Proxy(),
            "metavar": "URL",
            "help": "Ask through this HTTP proxy; those that the environment names are not used.",
        },
    ),
    (
        ("--verbose", "-v"),
        {"is_flag": True, "help": "Say each request on stderr: what came of it, after how long."},
    ),
)
"""Names of an option that every command has, and its settings."""


def shared(command: Command) -> Command:
    """Give a command the options that all have; what the command says wins over the group."""
    for names, settings in reversed(SHARED):
        command = click.option(*names, callback=_keep, expose_value=False, **settings)(command)
    return command


def output(command: Command) -> Command:
    """Give a command the folder of digests, as its parameter ``output``."""
    return click.option(
        "--output",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="The folder of digests. [default: out, or what runner.yaml says]",
    )(command)


def period(command: Command) -> Command:
    """Give a command the period of a kept result, as its parameter ``period``."""
    return click.option("--period", metavar="NAME", help="The kept result's, such as 2026-W47. [default: the latest]")(
        command
    )
