"""The definitions that the command line selects, as files."""

from __future__ import annotations

from pathlib import Path

from runner.cli.options import Options, Selection
from runner.model import Spec
from runner.wiring import project, selection
from runner.wiring.project import Home


def paths(options: Options, where: Home, chosen: Selection) -> list[Path]:
    """The files, in the order of the words; EmptySelectionError where there is none."""
    return selection.paths(where, chosen.words, chosen.exclude, lambda: _owed(options, where))


def _owed(options: Options, where: Home) -> list[Path]:
    """The files of the definitions that owe something now; one that is wrong owes nothing until it is right."""
    from runner.cli import agenda  # here, since few selections ask it

    specs: list[Spec] = []
    project.read(where, project.inside(where.root / where.project.reports), specs.append)
    standings = agenda.read(options, where, specs, where.output).standings
    return [Path(one.spec.source.file).resolve() for one in standings if one.owed]
