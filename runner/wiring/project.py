"""The files of a project: ``runner.yaml`` and the report definitions, found and read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from runner import nearest, source, spec
from runner.errors import DefinitionError, Problem, UsageError
from runner.model import Profile, Project, Source, Spec

SETTINGS = "runner.yaml"
SUFFIXES = (".yaml", ".yml")
TESTS = ".test"
"""What stands before the suffix of a file of tests: ``NAME.test.yaml`` is of ``NAME.yaml`` beside it."""


@dataclass(frozen=True, slots=True)
class Home:
    """A project and the folder it lives in."""

    root: Path
    project: Project

    @property
    def output(self) -> Path:
        """Where digests are written."""
        return shown(self.root / self.project.output)

    @property
    def templates(self) -> Path | None:
        """The project's own templates, where it has some."""
        folder = self.root / self.project.templates
        return folder if folder.is_dir() else None

    def profile(self, name: str | None) -> Profile:
        """The profile that was asked for, or the project's default; UsageError with the nearest name."""
        wanted = name or self.project.default_profile
        if wanted not in self.project.profiles:
            raise UsageError(f"no profile '{wanted}'{_nearest(wanted, self.project.profiles)}")
        return self.project.profiles[wanted]


def home(folder: Path | None) -> Home:
    """The project in ``folder``, or in the nearest folder upwards that has a ``runner.yaml``, or here without one."""
    here = (folder or Path()).resolve()
    candidates = [here] if folder else [here, *here.parents]
    root = next((path for path in candidates if (path / SETTINGS).is_file()), None)
    if root is None:
        return Home(here, Project())
    return Home(root, spec.read_project(load(root / SETTINGS)))


def names(where: Home) -> list[str]:
    """What the project's definitions are called."""
    return [path.stem for path in inside(where.root / where.project.reports)]


def read(where: Home, files: Iterable[Path], put: Callable[[Spec], object]) -> list[Problem]:
    """Hand each definition that is right to ``put``; every problem of all files, warnings too, in file order."""
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for file in files:
        try:
            data = load(file)
            problems += spec.same_name(data, taken)
            made, warnings = spec.read(data, where.project)
        except DefinitionError as error:
            problems += error.problems
        else:
            put(made)
            problems += warnings
    return problems


def load(file: Path) -> Source:
    """The file's data with its places; DefinitionError where it is no strict YAML, UsageError where it is no file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{shown(file)}: {error.strerror}") from error
    return source.read(str(shown(file)), content)


def given(name: str, known: Iterable[str]) -> list[Path]:
    """The files of a path: itself, or all in a folder; UsageError with the nearest of the ``known`` names."""
    path = Path(name)
    if path.is_dir():
        return inside(path)
    if _is_tests(path):
        raise UsageError(f"{path} is no definition but the tests of one: runner test {path.stem.removesuffix(TESTS)}")
    if path.is_file() or path.suffix in SUFFIXES or len(path.parts) > 1:
        return [path]
    raise UsageError(f"no definition '{name}'{_nearest(name, known)}")


def inside(folder: Path) -> list[Path]:
    """The definitions' files in a folder and those in it, sorted."""
    return [path for path in _yaml(folder) if not _is_tests(path)]


def tests(definition: Path) -> list[Path]:
    """The files of tests of a definition: beside it, with its name."""
    there = (definition.with_name(f"{definition.stem}{TESTS}{suffix}") for suffix in SUFFIXES)
    return [path for path in there if path.is_file()]


def strays(folder: Path) -> list[Path]:
    """The files of tests in a folder and those in it that are of no definition, sorted."""
    known = {path for definition in inside(folder) for path in tests(definition)}
    return [path for path in _yaml(folder) if _is_tests(path) and path not in known]


def shown(path: Path) -> Path:
    """The path as people type it: relative to where they are, when it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _yaml(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def _is_tests(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.stem.endswith(TESTS)


def _nearest(name: str, known: Iterable[str]) -> str:
    meant = nearest.hint(name, known)
    return f"; {meant}" if meant else ""
