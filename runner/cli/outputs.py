"""``--output-format``: what a command found, printed or written in every form that was asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import click

from runner import __version__
from runner.errors import DefinitionError, Problem, RunnerError, StoppedError
from runner.outputs import FORMATS, LOGS, Account, Definition, Delivered, below, events, markdown
from runner.wiring import ci

Command = TypeVar("Command", bound=Callable[..., Any])

INTERRUPTED = StoppedError.exit_code
ORDER = (INTERRUPTED, 2, 3, 4, 6, 1, 5, 0)
"""Of several exit codes, the first of these."""

SUMMARY = 2**20 - 2**10
"""Bytes: GitHub takes 1 MiB of a step."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A format, and the file that it goes to; stdout where that is None."""

    form: str
    path: Path | None = None


class Form(click.ParamType[Wanted]):
    """``FORMAT`` or ``FORMAT:PATH``."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Wanted:
        """The format and its file, or a usage error that says which there are."""
        if isinstance(value, Wanted):
            return value
        form, colon, path = value.partition(":")
        if form not in FORMATS:
            self.fail(f"no format '{form}'; there is: {', '.join(FORMATS)}", param, ctx)
        if colon and (not path or Path(path).is_dir()):
            self.fail(f"'{value}' names no file; write {form}:PATH", param, ctx)
        return Wanted(form, Path(path) if path else None)


def reported(command: Command) -> Command:
    """Give a command ``--output-format``; it tells its parameter ``outputs`` what it finds."""

    @click.option(
        "--output-format",
        "forms",
        type=Form(),
        multiple=True,
        metavar="FORMAT[:PATH]",
        help=f"Say what was found as {', '.join(FORMATS)}, on stdout or in a file; may be repeated.",
    )
    @click.option(
        "--ci/--no-ci",
        default=True,
        envvar="RUNNER_CI",
        help="In GitHub Actions, annotate what is wrong and write the job's summary, or not. [default: do]",
    )
    @click.pass_context
    @wraps(command)
    def call(ctx: click.Context, /, *args: Any, forms: tuple[Wanted, ...], ci: bool, **more: Any) -> Any:
        with Outputs(ctx.info_name or "", forms, ci=ci) as outputs:
            return command(*args, outputs=outputs, **more)

    return cast("Command", call)


class Outputs:
    """Hears what a command finds, and says it in every form when the command ends. Use it as a context manager."""

    def __init__(self, command: str, wanted: Sequence[Wanted] = (), *, ci: bool = False) -> None:
        self._command, self._wanted, self._ci = command, wanted, ci
        self._stdout = [one.form for one in wanted if one.path is None]
        if len(self._stdout) > 1 and not LOGS.issuperset(self._stdout):
            raise click.UsageError(f"{' and '.join(self._stdout)} cannot both go to stdout; write one to a file: {HOW}")
        self._began = time.monotonic()
        self._problems: list[Problem] = []
        self._errors: list[str] = []
        self._definitions: list[Definition] = []
        self._deliveries: list[Delivered] = []
        self.page = ""

    @property
    def plain(self) -> bool:
        """Whether the command's own words go to stdout; else a format has it for itself."""
        return not self._stdout or "text" in self._stdout

    def problem(self, problem: Problem) -> None:
        """Something is wrong at a place in a file."""
        self._problems.append(problem)
        self._stream(problem)

    def warning(self, problem: Problem) -> None:
        """The same, and people are told on stderr."""
        click.echo(f"{problem}\n", err=True)
        self.problem(problem)

    def error(self, message: str) -> None:
        """Something went wrong that has no place in a file."""
        self._errors.append(message)
        self._stream(message)

    def definition(self, definition: Definition) -> None:
        """A definition is right, planned or run."""
        self._definitions.append(definition)
        self._stream(definition)

    def delivery(self, delivery: Delivered) -> None:
        """A delivery was made, or not."""
        self._deliveries.append(delivery)
        self._stream(delivery)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = self._ended(error)
        if code is None:
            return
        failed = self._written(self._account(code))
        worst = min(code, failed, key=ORDER.index) if code in ORDER else code
        if failed and worst != code:
            sys.exit(worst)

    def _ended(self, error: BaseException | None) -> int | None:
        """The exit code that the command ends with; None where it is nothing that a command should end with."""
        match error:
            case None:
                return 0
            case SystemExit() | click.exceptions.Exit():
                code = error.code if isinstance(error, SystemExit) else error.exit_code
                return code if isinstance(code, int) else 0
            case DefinitionError():
                for problem in error.problems:
                    self.problem(problem)
                return error.exit_code
            case RunnerError() | click.ClickException():
                self.error(str(error) if isinstance(error, RunnerError) else error.format_message())
                return error.exit_code
            case KeyboardInterrupt() | click.Abort():
                return INTERRUPTED
            case _:
                return None

    def _account(self, code: int) -> Account:
        return Account(
            self._command,
            __version__,
            tuple(self._problems),
            tuple(self._errors),
            tuple(self._definitions),
            tuple(self._deliveries),
            code,
            time.monotonic() - self._began,
            self.page,
        )

    def _stream(self, event: events.Event) -> None:
        if "jsonl" in self._stdout:
            click.echo(events.line(self._command, event), nl=False)

    def _written(self, account: Account) -> int:
        """Say it in every form. The exit code: an error where one could not be written."""
        failed = 0
        for one in self._wanted:
            if one.path is None:
                self._print(one.form, account)
                continue
            try:
                from runner import files  # here, since most commands write none

                files.put(one.path, _text(one.form, account).encode(errors="backslashreplace"))
            except OSError as error:
                click.echo(f"error: {one.path}: {error.strerror or error}", err=True)
                failed = RunnerError.exit_code
        self._annotate(account)
        return failed

    def _print(self, form: str, account: Account) -> None:
        if form == "jsonl":
            click.echo(events.end(account), nl=False)
        elif form != "text":
            click.echo(_text(form, account), nl=False)

    def _annotate(self, account: Account) -> None:
        """In GitHub Actions: annotations on stderr, where they are read as well, and the job's summary."""
        at = ci.found() if self._ci else ci.Ci()
        if at.github and "github" not in self._stdout:
            click.echo(_text("github", account), err=True, nl=False)
        if at.summary:
            said = f"{markdown.text(account)}\n".encode()[:SUMMARY].decode(errors="ignore")
            with suppress(OSError), at.summary.open("a", encoding="utf-8") as file:
                file.write(said)


HOW = "--output-format FORMAT:PATH"


def _text(form: str, account: Account) -> str:
    if form in ("github", "sarif"):
        account = below(account, ci.here())
    return FORMATS[form](account)
