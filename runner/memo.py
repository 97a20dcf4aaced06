"""A definition as a result keeps it: what it asked with its names found, and its text for the places of it all.

So a result can be understood when the definition has changed since, and without asking what its names stand for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runner import source
from runner.model import Job, Json, Spec


def data(spec: Spec, revision: str) -> dict[str, Json]:
    """The definition as JSON has it, a line of its text a line. ``revision`` is the git commit it is at."""
    return {
        "file": spec.source.file,
        "revision": revision,
        "title": spec.title,
        "timezone": spec.timezone,
        "week_start": spec.week_start,
        "locale": spec.locale,
        "currency": spec.currency,
        "headline": spec.headline,
        "jobs": [_job(job) for job in spec.jobs],
        "lines": list(spec.source.text.split("\n")),
    }


def spec(name: str, kept: Mapping[str, Any], app_url: str) -> Spec:
    """The definition again, for the same questions; how it was written out and sent is forgotten.

    KeyError, TypeError, ValueError or DefinitionError where it is not as ``data`` makes it.
    """
    return Spec(
        name=name,
        title=str(kept["title"]),
        description="",
        timezone=str(kept["timezone"]),
        week_start="sunday" if kept["week_start"] == "sunday" else "monday",
        locale=str(kept["locale"]),
        currency=str(kept["currency"]),
        jobs=tuple(
            Job(
                str(job["name"]),
                str(job["endpoint"]),
                str(job["title"]),
                dict(job["settings"]),
                {str(key): tuple(path) for key, path in job["places"].items()},
            )
            for job in kept["jobs"]
        ),
        formats=(),
        source=source.read(str(kept["file"]), "\n".join(kept["lines"]).encode()),
        headline=str(kept["headline"]),
        app_url=app_url,
    )


def _job(job: Job) -> dict[str, Json]:
    return {
        "name": job.name,
        "endpoint": job.endpoint,
        "title": job.title,
        "settings": dict(job.settings),
        "places": {key: list(path) for key, path in job.places.items()},
    }
