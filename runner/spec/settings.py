"""The jobs of a definition, with the file's ``defaults`` filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runner.model import Job, Json, Path
from runner.spec.findings import Finding
from runner.spec.schema import Branch, branches

OF_THE_JOB = frozenset({"endpoint", "title"})
"""Keys that are fields of a ``Job`` themselves."""


def job(name: str, said: Mapping[str, Json], defaults: Mapping[str, Json]) -> Job:
    """The job with the defaults that its endpoint knows and it does not say itself; null takes a default away."""
    filled = {**{key: defaults[key] for key in _missing(said, defaults)}, **said}
    settings = {key: value for key, value in filled.items() if value is not None and key not in OF_THE_JOB}
    places: dict[str, Path] = {
        key: ("jobs", name, key) if key in said else ("defaults", key) for key in filled if filled[key] is not None
    }
    return Job(name, str(said["endpoint"]), str(said.get("title") or words(name)), settings, places)


def misfits(job: Job) -> Iterator[Finding]:
    """Defaults that the job's endpoint has a key for, but not with that value."""
    for key, place in job.places.items():
        if place[0] == "defaults" and not _branch(job.endpoint).keys[key](job.settings[key]):
            said = f"the file's default '{key}' does not fit endpoint '{job.endpoint}'"
            hint = f"give the job its own {key}, or '{key}: null' for none"
            yield Finding(("jobs", job.name), said, "default", hint, key=True)


def words(name: str) -> str:
    """A name as a title: ``calls-by-day`` is ``Calls by day``."""
    text = name.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _branch(endpoint: str) -> Branch:
    return branches()[endpoint]


def _missing(said: Mapping[str, Json], defaults: Mapping[str, Json]) -> Iterator[str]:
    """The defaults that the job takes over."""
    unused = set(said)
    if "bounds" in said:
        unused |= {"range", "compare"}  # bounds are the range of a number, and a number has no time before
    if said.get("type") == "active-stage-cohort":
        unused.add("cohort")
    for key in defaults:
        if key in _branch(str(said["endpoint"])).keys and key not in unused:
            yield key
