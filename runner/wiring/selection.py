"""Which definitions a command is about: names, globs, paths, and what is said in a definition or known of it.

    weekly-sales              by name (the file's stem)        daily-*             by a glob of names
    reports/weekly.yaml       a file                           reports/emea        all in a folder
    path:reports/emea/*       by the file's place              tag:weekly          by a tag
    endpoint:activity         by what its jobs ask             metric:calls.*      by what they measure
    owner:Ann*                by its owner                     git:main            changed since a commit
    result:failed             a job failed in its last run     due:now             owed now, by its schedule

Several words select all that any of them does; of several joined by commas, what all of them do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from runner.errors import DefinitionError, EmptySelectionError, RunnerError, UsageError
from runner.nearest import nearest
from runner.wiring import project
from runner.wiring.project import Home


def paths(
    where: Home, words: Collection[str], exclude: Collection[str] = (), due: Callable[[], Collection[Path]] = tuple
) -> list[Path]:
    """The files that any of ``words`` selects (all without words) but none of ``exclude``, in the order of the words.

    ``due`` gives the files of the definitions that are owed now. EmptySelectionError where nothing is selected.
    """
    known = _Known(where, due)
    found = [path for word in words for path in _selected(word, known)] if words else known.files
    left_out = {path for word in exclude for path in _selected(word, known)}
    left = [path for path in dict.fromkeys(found) if path not in left_out]
    if not left:
        said = f"nothing is selected by {' '.join(words)}" if words else f"no definitions in {known.folder}"
        raise EmptySelectionError(said + (f" without {' '.join(exclude)}" if exclude else ""))
    return left


def _selected(word: str, known: _Known) -> list[Path]:
    """The files that every part of the word selects, in the order of the first."""
    first, *others = [_part(part, known) for part in word.split(",")] if "," in word else [_part(word, known)]
    return [path for path in first if all(path in other for other in others)]


def _part(part: str, known: _Known) -> list[Path]:
    method, colon, value = part.partition(":")
    if colon and method in METHODS:
        if not value:
            raise UsageError(f"{method}: needs a value, for example {EXAMPLES[method]}")
        return [path for path in known.files if path in set(METHODS[method](known, value))]
    if colon and not Path(part).exists():
        near = nearest(method, list(METHODS))
        hint = f"did you mean '{near}:'?" if near else f"there is: {', '.join(METHODS)}"
        raise UsageError(f"no way to select by '{method}:'; {hint}")
    if any(sign in part for sign in "*?["):
        return [path for name, path in known.names.items() if fnmatchcase(name, part)]
    return [known.names[part]] if part in known.names else project.given(part, known.names)


class _Known:
    """The project's definitions, and what is known of them, read when it is first needed."""

    def __init__(self, where: Home, due: Callable[[], Collection[Path]]) -> None:
        self.where, self.due = where, due
        self.folder = project.shown(where.root / where.project.reports)

    @cached_property
    def files(self) -> list[Path]:
        return project.inside(self.where.root / self.where.project.reports)

    @cached_property
    def names(self) -> dict[str, Path]:
        return {path.stem: path for path in self.files}

    @cached_property
    def data(self) -> dict[Path, Mapping[str, Any]]:
        """What stands in each file, right or not; nothing in one that is no YAML: `validate` says so."""
        found: dict[Path, Mapping[str, Any]] = {}
        for path in self.files:
            try:
                data = project.load(path).data
            except DefinitionError:
                data = None
            found[path] = data if isinstance(data, dict) else {}
        return found

    def jobs(self, path: Path) -> Iterable[Mapping[str, Any]]:
        """The definition's jobs that are mappings."""
        jobs = self.data[path].get("jobs")
        return [job for job in jobs.values() if isinstance(job, dict)] if isinstance(jobs, dict) else []


def _by_path(known: _Known, value: str) -> Iterable[Path]:
    root = known.where.root
    return (path for path in known.files if fnmatchcase(path.relative_to(root).as_posix(), value))


def _by_tag(known: _Known, value: str) -> Iterable[Path]:
    return _matching(known, value, lambda path: known.data[path].get("tags"))


def _by_endpoint(known: _Known, value: str) -> Iterable[Path]:
    return _matching(known, value, lambda path: [job.get("endpoint") for job in known.jobs(path)])


def _by_metric(known: _Known, value: str) -> Iterable[Path]:
    return _matching(known, value, lambda path: [one for job in known.jobs(path) for one in job.get("metrics") or ()])


def _by_owner(known: _Known, value: str) -> Iterable[Path]:
    return _matching(known, value, lambda path: [known.data[path].get("owner")])


def _matching(known: _Known, pattern: str, said: Callable[[Path], Any]) -> Iterable[Path]:
    for path in known.files:
        texts = said(path)
        if isinstance(texts, list) and any(isinstance(text, str) and fnmatchcase(text, pattern) for text in texts):
            yield path


def _by_git(known: _Known, value: str) -> Iterable[Path]:
    """The definitions that changed since a commit; all, where what they share changed."""
    from runner.wiring import revision  # here, as above

    changed = revision.changed(known.where.root, value)
    root, settings = known.where.root, known.where.project
    shared = [root / project.SETTINGS, root / settings.templates]
    if any(path == one or path.is_relative_to(one) for path in changed for one in shared):
        return known.files
    return changed


def _by_result(known: _Known, value: str) -> Iterable[Path]:
    if value != "failed":
        raise UsageError(f"result:{value} selects nothing; write result:failed")
    return (path for path in known.files if _failed(known.where.output / path.stem))


def _failed(folder: Path) -> bool:
    """Whether a job failed in the latest kept run of a definition; no run is none that failed."""
    from runner import result  # here, since few selections ask it

    try:
        return result.failed(result.find(folder, None))
    except EmptySelectionError:
        return False
    except RunnerError:
        return True  # what cannot be read is made anew


def _by_due(known: _Known, value: str) -> Iterable[Path]:
    if value != "now":
        raise UsageError(f"due:{value} selects nothing; write due:now")
    return known.due()


METHODS: Mapping[str, Callable[[_Known, str], Iterable[Path]]] = {
    "path": _by_path,
    "tag": _by_tag,
    "endpoint": _by_endpoint,
    "metric": _by_metric,
    "owner": _by_owner,
    "git": _by_git,
    "result": _by_result,
    "due": _by_due,
}
"""Word before the colon -> the files that what follows it selects."""

EXAMPLES = {
    "path": "path:reports/emea/*",
    "tag": "tag:weekly",
    "endpoint": "endpoint:activity",
    "metric": "metric:calls.*",
    "owner": "owner:Ann*",
    "git": "git:main",
    "result": "result:failed",
    "due": "due:now",
}
