"""What is drawn on stderr while something takes long: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

Show = Callable[[str, int, int], None]
"""Told of a step: what is worked on, how much of it is done, of how much."""


@contextmanager
def bars() -> Iterator[Show]:
    """A bar for each thing that is worked on, one after the other, drawn only where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    with ExitStack() as stack:
        drawn: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in drawn:
                stack.close()
                bar = click.progressbar(length=total, label=what, file=sys.stderr, width=30)
                drawn[what] = stack.enter_context(bar)
            drawn[what].update(done - drawn[what].pos)
            if done >= total:
                stack.close()  # what is said next begins on a line of its own

        yield show
