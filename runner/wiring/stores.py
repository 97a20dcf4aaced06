"""Local data: a store, a dump that is loaded first, or the sample organization, made once and kept in a cache."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from runner import __version__
from runner.engine import load, sample
from runner.engine.store import Store
from runner.errors import UsageError

KEPT_SAMPLES = 3
"""How many sample organizations stay in the cache; each is about 10 MB."""


@contextmanager
def open_data(data: str, as_of: datetime, listener: load.Listener) -> Iterator[Store]:
    """The store that ``data`` names: ``sample``, a store's folder, or a dump's folder (loaded for this run only)."""
    if data == "sample":
        with Store.open(_sample(as_of, listener)) as store:
            yield store
        return
    folder = Path(data)
    if not folder.is_dir():
        raise UsageError(f"{data}: no such folder; name a store, a dump or 'sample'")
    if (folder / "manifest.json").is_file():
        with Store.open(folder) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="runner-") as temporary:
        load.load(folder, Path(temporary) / "store", progress=listener)
        with Store.open(Path(temporary) / "store") as store:
            yield store


@contextmanager
def passing_sample(as_of: datetime) -> Iterator[Path]:
    """A dump of the sample organization that is gone afterwards, and not in the cache."""
    with tempfile.TemporaryDirectory(prefix="runner-") as temporary:
        sample.write(Path(temporary), _hour(as_of))
        yield Path(temporary)


def _hour(as_of: datetime) -> datetime:
    return as_of.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _sample(as_of: datetime, listener: load.Listener) -> Path:
    """The sample organization's store up to the last full hour before ``as_of``."""
    hour = _hour(as_of)
    cache = cache_folder() / f"sample-{__version__}"
    store = cache / f"{hour:%Y%m%dT%H}"
    if not (store / "manifest.json").is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="runner-") as temporary:
            sample.write(Path(temporary), hour)
            load.load(Path(temporary), store, progress=listener)
        _prune(cache, store)
    return store


def _prune(cache: Path, newest: Path) -> None:
    others = [path for path in cache.iterdir() if path != newest]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_SAMPLES - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def cache_folder() -> Path:
    """The user's cache folder (XDG_CACHE_HOME), or one for this user in the temporary folder."""
    named = os.environ.get("XDG_CACHE_HOME")  # noqa: TID251 - the environment is read here only
    home = Path(named) if named else Path.home() / ".cache"
    return home / "close-report-runner"
