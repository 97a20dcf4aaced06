"""What ``test`` does, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from runner import render, spec, trial
from runner.cli import progress, story
from runner.cli.numbers import Numbers
from runner.cli.options import Options, Selection
from runner.cli.outputs import Outputs
from runner.client import recording
from runner.errors import DefinitionError, EmptySelectionError, Location, Problem, RunnerError
from runner.model import Profile, Spec, Trial
from runner.outputs import Definition, Job
from runner.wiring import project
from runner.wiring.project import Home

FAILED = 1

Case = tuple[Spec, Trial]


def run(options: Options, selection: Selection, outputs: Outputs) -> int:
    """Run the tests of the definitions: a line for each, below it what is not as expected. The exit code."""
    where = project.home(options.project)
    cases = _cases(options, where, selection, outputs)
    failed = 0
    with progress.bars() as screen:
        tests = _Tests(options, where, _Quiet(screen))
        for _, group in groupby(cases, key=lambda case: (case[1].dump, case[1].recording, case[1].as_of)):
            for case, problems in tests.judged(list(group)):
                failed += bool(problems)
                _tell(case, problems, outputs)
    click.echo(f"{len(cases)} {'test' if len(cases) == 1 else 'tests'}: {failed or 'none'} failed", err=True)
    return FAILED if failed else 0


def _cases(options: Options, where: Home, selection: Selection, outputs: Outputs) -> list[Case]:
    """Every test of the definitions; DefinitionError with all that is wrong with files of tests."""
    cases: list[Case] = []
    problems = [] if selection != Selection() else [_stray(path) for path in project.strays(_reports(where))]
    for one in story.definitions(options, where, selection, outputs.warning):
        for file in project.tests(Path(one.source.file)):
            try:
                cases += [(one, each) for each in spec.read_trials(project.load(file), ZoneInfo(one.timezone))]
            except DefinitionError as error:
                problems += error.problems
    if problems:
        raise DefinitionError(*problems)
    if not cases:
        raise EmptySelectionError("there is no test; those of reports/NAME.yaml are in reports/NAME.test.yaml")
    return cases


def _reports(where: Home) -> Path:
    return where.root / where.project.reports


def _stray(path: Path) -> Problem:
    name = path.name.replace(project.TESTS, "", 1)
    return Problem(
        f"there is no definition {name} beside these tests", "stray", Location(str(project.shown(path)), 1, 1)
    )


class _Tests:
    """Runs tests on the numbers that they are given."""

    def __init__(self, options: Options, where: Home, screen: progress.Screen) -> None:
        self._options, self._where, self._screen = options, where, screen

    def judged(self, cases: Sequence[Case]) -> list[tuple[Case, list[Problem]]]:
        """What is not as expected in tests that are given the same numbers at the same instant."""
        first = cases[0][1]
        try:
            with self._numbers(first) as numbers:
                return [(case, self._judged(case, numbers)) for case in cases]
        except RunnerError as error:
            return [(case, _broken(case[1], error)) for case in cases]

    def _numbers(self, one: Trial) -> Numbers:
        way = story.way(self._options, self._screen)
        sample: bool | None = None
        instant = one.as_of
        if one.recording:
            folder = self._where.root / one.recording
            recorded, sample = recording.read(folder)
            instant, way = instant or recorded, replace(way, replay=folder)
        return Numbers(instant or self._options.now, way, self._screen, sample=sample, now=self._options.now)

    def _judged(self, case: Case, numbers: Numbers) -> list[Problem]:
        one, test = case
        try:
            digest = numbers.digest(self._where, self._profile(test), one)
            return trial.judge(test, digest, render.text(render.words(digest), self._where.templates))
        except RunnerError as error:
            return _broken(test, error)

    def _profile(self, one: Trial) -> Profile:
        if one.recording:
            return self._where.profile(self._options.profile)
        if one.dump:
            return Profile(f"the dump {one.dump}", "data", data=one.dump)
        return Profile("sample", "sample")


class _Quiet:
    """A screen that shows how far things are, and hears no words: a test says what is wrong itself."""

    def __init__(self, inner: progress.Screen) -> None:
        self._inner = inner

    def __call__(self, what: str, done: int, total: int, /) -> None:
        self._inner(what, done, total)

    def say(self, line: str) -> None:
        """Nothing."""

    def result(self, line: str) -> None:
        self._inner.result(line)

    def waits(self, seconds: float, reason: str) -> None:
        self._inner.waits(seconds, reason)


def _broken(one: Trial, error: RunnerError) -> list[Problem]:
    """Why the test could not be run; what is wrong with the definition's names has its places there."""
    own = list(error.problems) if isinstance(error, DefinitionError) else []
    said = "the names of the definition stand for nothing in these numbers" if own else str(error)
    return [one.source.problem(one.place, said, "not-run", key=True), *own]


def _tell(case: Case, problems: Sequence[Problem], outputs: Outputs) -> None:
    one, test = case
    place = test.source.location(test.place, key=True)
    if outputs.plain:
        click.echo(f"{'failed' if problems else 'ok    '}  {one.name}  {test.name}")
        for problem in problems:
            click.echo(f"{problem}\n")
    for problem in problems:
        outputs.problem(problem)
    if not problems:
        outputs.definition(Definition(one.name, one.title, test.source.file, (Job(test.name, "ok", place),)))
