"""The definitions that the command line selects, as files."""

from __future__ import annotations

from pathlib import Path

from runner.cli.options import Options, Selection
from runner.wiring import selection
from runner.wiring.project import Home


def paths(options: Options, where: Home, chosen: Selection) -> list[Path]:
    """The files, in the order of the words; EmptySelectionError where there is none."""
    return selection.paths(where, chosen.words, chosen.exclude)
