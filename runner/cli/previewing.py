"""What ``preview`` does: a digest that follows its files, behind a server on loopback."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from runner import assets, hosts, render
from runner.cli import progress, story
from runner.cli.numbers import Numbers
from runner.cli.options import Options, Selection
from runner.client import recording
from runner.errors import DefinitionError, RunnerError, UsageError
from runner.lookups import lock
from runner.model import Digest
from runner.preview import app, panes
from runner.preview.panes import Pane, Shown
from runner.wiring import project, selection, server
from runner.wiring.project import Home

HOST = "127.0.0.1"

THREADS = 8
"""One of them may be asking; the others say meanwhile that there is something new."""

FORMS: Sequence[tuple[str, str, str, Callable[[bytes], bytes]]] = (
    ("phone", "Phone, 390 px", "html", panes.light),
    ("desktop", "Desktop, 1200 px", "html", panes.light),
    ("dark", "In the dark", "html", panes.dark),
    ("mail", "E-mail", "eml", panes.mail),
    ("text", "Text", "txt", bytes),
)
"""What is shown, in this order: its address, its title, the format it is of, and what is made of that."""


def serve(options: Options, name: str, *, port: int, replay: Path | None) -> None:
    """Show the definition until Ctrl-C or SIGTERM; the address goes to stdout once there is something to see."""
    where = project.home(options.project)
    found = selection.paths(where, [name])
    if len(found) != 1:
        raise UsageError(f"{name}: a preview is of one definition, there are {len(found)}")
    recorded, invented = recording.read(replay) if replay else (None, None)
    instant = options.as_of or recorded or options.now
    with progress.bars() as screen:
        way = replace(story.way(options, screen), replay=replay)
        with Numbers(instant, way, screen, sample=invented, now=options.now) as numbers:
            preview = _Preview(options, where, found[0], numbers)

            def ready(url: str) -> None:
                preview.begin()
                screen.result(url)

            served = app.create(preview.state, preview.shown, names=hosts.LOOPBACK)
            server.listen(served, (HOST, port), ready, threads=THREADS)


class _Preview:
    """The forms of a definition's digest, as its files are. Its methods are called from several threads."""

    def __init__(self, options: Options, where: Home, file: Path, numbers: Numbers) -> None:
        self._options, self._where, self._file, self._numbers = options, where, file, numbers
        self._made: tuple[str, Digest] | None = None
        self._shown: Shown | None = None
        self._lock = Lock()

    def state(self) -> str:
        """Another text whenever one of the files has changed, come or gone."""
        return _state([*self._sources(), *self._templates()])

    def begin(self) -> None:
        """Ask the numbers. A mistake in the definition is for the page; RunnerError where nothing can be asked."""
        with contextlib.suppress(DefinitionError):
            self._digest()

    def shown(self) -> Shown:
        """The forms for the files as they are now; made once for each state of them."""
        with self._lock:
            state = self.state()
            if self._shown is None or self._shown.state != state:
                self._shown = self._make(state)
            return self._shown

    def _make(self, state: str) -> Shown:
        render.forget()
        try:
            digest = self._digest()
        except RunnerError as error:
            return Shown(state, self._file.stem, error=str(error))
        return Shown(state, digest.title, tuple(_panes(digest, self._where.templates)))

    def _digest(self) -> Digest:
        """The digest of what the definition says now; planned anew only where it may say something else."""
        state = _state(self._sources())
        if self._made is None or self._made[0] != state:
            self._where = project.home(self._options.project)
            profile = self._where.profile(self._options.profile)
            (spec,) = story.definitions(self._options, self._where, Selection((str(self._file),)))
            self._made = state, self._numbers.digest(self._where, profile, spec)
        return self._made[1]

    def _sources(self) -> list[Path]:
        return [self._file, self._where.root / project.SETTINGS, self._where.root / lock.FILE]

    def _templates(self) -> Iterator[Path]:
        for folder in (self._where.root / self._where.project.templates, assets.folder("templates")):
            yield from sorted(folder.rglob("*"))


def _panes(digest: Digest, own: Path | None) -> Iterator[Pane]:
    """Every form; one that cannot be made says why, and the others stand."""
    made = {form: _made(digest, form, own) for form in ("html", "eml", "txt") if form in render.FORMATS}
    for key, title, form, prepare in FORMS:
        match made.get(form):
            case RunnerError() as error:
                yield Pane(key, title, error=str(error))
            case bytes() as content:
                yield Pane(key, title, prepare(content), "text/plain" if form == "txt" else "text/html")
            case None:  # this runner does not make it
                pass


def _made(digest: Digest, form: str, own: Path | None) -> bytes | RunnerError:
    try:
        return render.documents(digest, (form,), own)[0].content
    except RunnerError as error:
        return error


def _state(files: Iterable[Path]) -> str:
    """Another text where one of the files has another time or size, or is not there."""
    found = hashlib.sha256()
    for file in files:
        try:
            stat = file.stat()
            found.update(f"{file}\0{stat.st_mtime_ns}\0{stat.st_size}\0".encode())
        except OSError:
            found.update(f"{file}\0-\0".encode())
    return found.hexdigest()[:16]
