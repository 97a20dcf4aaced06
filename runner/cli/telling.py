"""What ``run`` says of each definition, once its digest is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock

from runner import run
from runner.cli import accounts, checking, progress
from runner.cli.outputs import Outputs
from runner.client import Heard, Tried
from runner.model import FailedSection, Plan
from runner.wiring import project, terminal
from runner.wiring.service import Way


def timed(way: Way) -> tuple[Way, Mapping[str, float]]:
    """The same way, and how many seconds each query takes on it, by its key."""
    seconds: dict[str, float] = {}
    lock = Lock()

    def hear(heard: Heard) -> None:
        if isinstance(heard, Tried):
            with lock:
                seconds[heard.query.key] = seconds.get(heard.query.key, 0.0) + heard.seconds
        way.hear(heard)

    return replace(way, hear=hear), seconds


class Told:
    """Tells of every definition when its digest is written.

    ``failed`` is how many lack numbers, ``alarmed`` in how many a check failed.
    """

    def __init__(
        self,
        screen: progress.Screen,
        outputs: Outputs,
        seconds: Mapping[str, float],
        templates: Path | None,
        *,
        show: bool,
    ) -> None:
        self._screen, self._outputs, self._seconds = screen, outputs, seconds
        self._templates, self._show = templates, show
        self.failed = self.alarmed = 0

    def __call__(self, outcome: run.Outcome) -> None:
        """Say it, and keep count."""
        self.failed += not outcome.complete
        self.alarmed += checking.failed(outcome.digest)
        files = [str(project.shown(file.resolve())) for file in outcome.files]
        self._outputs.definition(accounts.ran(outcome, self._seconds, files))
        _tell(outcome, self._screen)
        for problem in checking.problems(outcome.digest):
            self._screen.say(f"\n{problem}\n")
            self._outputs.problem(problem)
        digest = _shown(outcome, self._templates) if self._show else None
        plain = self._outputs.plain
        say = self._screen.result if plain and digest is None else self._screen.say
        for file in files:
            say(file)
        if digest is not None:
            (self._screen.result if plain else self._screen.say)(digest.removesuffix("\n"))


def _tell(outcome: run.Outcome, screen: progress.Screen) -> None:
    """A line for the definition and one a job on stderr, the places of what was refused."""
    plan = outcome.plan
    against = "".join(f" vs {period.name}" for period in plan.compared)
    screen.say(f"{plan.spec.name}  {plan.period.name}{against}  {plan.spec.timezone}")
    width = max(len(job.name) for job in plan.spec.jobs)
    for section in outcome.digest.sections:
        failed = isinstance(section, FailedSection)
        said = section.reason if isinstance(section, FailedSection) else _requests(plan, section.job)
        screen.say(f"  {'failed' if failed else 'ok    '}  {section.job:{width}}  {said}")
    for failure in outcome.failures:
        screen.say(f"\n{failure.problem}\n" if failure.problem else f"  warning: {failure.reason}")


def _shown(outcome: run.Outcome, templates: Path | None) -> str:
    """The digest's text, coloured where stdout is a terminal that wants colours."""
    from runner import render  # here: it takes longer to load than the first request to be on its way

    return render.text(render.words(outcome.digest), templates, colour=terminal.coloured())


def _requests(plan: Plan, job: str) -> str:
    count = len({ask.query.key for ask in plan.asks if ask.job.name == job})
    return f"{count} {'request' if count == 1 else 'requests'}"
