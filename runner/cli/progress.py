"""What is said on stderr while something takes long: a bar on a terminal, in a pipe a line for a long wait only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LONG = 5.0
"""Seconds; a shorter wait is not worth a line in a log."""


class Screen(Protocol):
    """Where the course of things is shown, from any thread."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """So much of ``what`` is done, of so much."""
        ...

    def say(self, line: str) -> None:
        """A line on stderr."""
        ...

    def result(self, line: str) -> None:
        """A line on stdout."""
        ...

    def waits(self, seconds: float, reason: str) -> None:
        """Nothing goes on for so long."""
        ...


@contextmanager
def bars() -> Iterator[Screen]:
    """A bar for each thing that is worked on where somebody watches, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Plain()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    words = TextColumn("{task.description}"), TextColumn("[dim]{task.fields[note]}", markup=True)
    with Progress(
        words[0],
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        words[1],
        console=Console(stderr=True, highlight=False),
        transient=True,
    ) as progress:
        yield _Terminal(progress)


class _Plain:
    def __init__(self) -> None:
        self._lock = Lock()
        self._said: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int, /) -> None:
        pass

    def say(self, line: str) -> None:
        click.echo(line, err=True)

    def result(self, line: str) -> None:
        click.echo(line)

    def waits(self, seconds: float, reason: str) -> None:
        """Say a long wait once, not for each thread that waits."""
        with self._lock:
            new = seconds >= LONG and seconds > self._said.get(reason, 0.0) + LONG
            self._said[reason] = seconds
        if new:
            click.echo(f"waiting {seconds:.0f} s: {reason}", err=True)


class _Terminal:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._lock = Lock()

    def __call__(self, what: str, done: int, total: int, /) -> None:
        with self._lock:
            if what not in self._tasks:
                self._tasks[what] = self._progress.add_task(what, total=total, note="")
            self._progress.update(self._tasks[what], completed=done, total=total, note="", visible=done < total)

    def say(self, line: str) -> None:
        self._progress.console.print(line, markup=False, soft_wrap=True)

    def result(self, line: str) -> None:
        """The bar is taken away for a moment, since stdout may be the same terminal."""
        self._progress.stop()
        click.echo(line)
        self._progress.start()

    def waits(self, seconds: float, reason: str) -> None:
        for task in self._progress.task_ids:
            self._progress.update(task, note=f"{reason}, {seconds:.0f} s")
