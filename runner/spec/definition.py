"""A report definition: ``Source`` -> ``Spec``, or every problem of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from runner.errors import DefinitionError, Problem, Severity
from runner.model import Job, Json, Path, Project, Source, Spec, WeekStart
from runner.spec import deliveries, derived, meaning, schedules, settings, wording
from runner.spec.findings import Finding, problems
from runner.spec.schema import rules

DEMANDS = ("checks", "targets", "working_days")
"""Keys that demand something of numbers."""

FORMATS = ("html", "md", "csv", "txt")
"""What a run writes where a definition does not choose."""


def read(source: Source, project: Project | None = None) -> tuple[Spec, tuple[Problem, ...]]:
    """The definition and its warnings; DefinitionError with all problems of the file, in file order.

    ``project`` gives what the definition does not say, and what it may choose from.
    """
    project = project or Project()
    breaches = [] if rules("report").accepts(source.data) else wording.breaches("report", source)
    broken = {breach.path[:length] for breach in breaches for length in range(len(breach.path) + 1)}
    found = [*wording.findings(breaches), *_meant(source.data, project, broken)]
    told = problems(source, found) if found else ()
    if any(problem.severity is Severity.ERROR for problem in told):
        raise DefinitionError(*told)
    return _spec(source, source.data, project), told


def same_name(source: Source, taken: dict[str, str]) -> tuple[Problem, ...]:
    """A problem if the definition has the name (the file's stem, in any case) of an earlier file's.

    ``taken`` has the names of the files before and their files; this one's is added.
    """
    name = _name(source)
    earlier = taken.setdefault(name.casefold(), source.file)
    if earlier == source.file:
        return ()
    said = f"the name '{name}' is taken: {earlier} has it too"
    return (source.problem((), said, "duplicate-name", hint="rename one of the files"),)


def _name(source: Source) -> str:
    return PurePath(source.file).stem


def _meant(data: Json, project: Project, broken: Collection[Path]) -> Iterator[Finding]:
    """What a schema cannot see, in those parts of the file that the schema found nothing wrong with.

    ``broken`` has the path of everything that is wrong, and of everything that it is inside of.
    """
    yield from meaning.one_line(data)
    if not isinstance(data, dict):
        return

    def sound(*path: str | int) -> bool:
        return path[0] in data and path not in broken

    right: dict[str, Any] = {key: value for key, value in data.items() if sound(key)}
    wrong_zone = list(meaning.timezone(right["timezone"], ("timezone",))) if "timezone" in right else []
    yield from wrong_zone
    yield from _names(data, right, project)
    jobs: Any = data.get("jobs")
    if isinstance(jobs, dict) and ("defaults" in right or "defaults" not in data):
        zone = ZoneInfo("UTC" if wrong_zone else right.get("timezone", project.timezone))
        defaults = right.get("defaults", {})
        named = {name: settings.job(name, jobs[name], defaults) for name in jobs if sound("jobs", name)}
        yield from _jobs(named.values(), zone, right.get("week_start", project.week_start))
        yield from _numbers(data, right, named)


def _names(data: Mapping[str, Json], right: Mapping[str, Any], project: Project) -> Iterator[Finding]:
    """Whether what the file names is known."""
    jobs = data.get("jobs")
    if "locale" in right:
        yield from meaning.locale(right["locale"], ("locale",))
    yield from deliveries.check(right, project.policy)
    if "schedule" in right:
        yield from schedules.check(right["schedule"])
    if "headline" in right and isinstance(jobs, dict):
        yield from meaning.headline(right["headline"], jobs)


def _jobs(jobs: Iterable[Job], zone: ZoneInfo, week_start: WeekStart) -> Iterator[Finding]:
    for job in jobs:
        misfits = list(settings.misfits(job))
        yield from misfits or meaning.job(job, zone, week_start)


def _numbers(data: Any, right: Mapping[str, Any], jobs: Mapping[str, Job]) -> Iterator[Finding]:
    """Whether the metrics that the file makes, and the numbers that it demands something of, can be had."""
    own = right.get("metrics", {})
    readable = "metrics" in right or "metrics" not in data
    wrong = list(derived.check(own, jobs)) if readable else []
    yield from wrong
    if not any(key in data for key in DEMANDS):
        return
    from runner.spec import demands  # here and below: few definitions have some, and they take time to load

    if not readable or any(finding.severity is Severity.ERROR for finding in wrong):
        yield from demands.check(right, data["jobs"], {})
        return
    known = derived.read(own)
    yield from demands.check(right, data["jobs"], {name: derived.given(job, known) for name, job in jobs.items()})


def _spec(source: Source, data: Any, project: Project) -> Spec:
    defaults, own = data.get("defaults", {}), derived.read(data.get("metrics", {}))
    return Spec(
        name=_name(source),
        title=data["title"],
        description=data.get("description", ""),
        timezone=data.get("timezone", project.timezone),
        week_start=data.get("week_start", project.week_start),
        locale=data.get("locale", project.locale),
        currency=data.get("currency", project.currency),
        jobs=tuple(derived.given(settings.job(name, said, defaults), own) for name, said in data["jobs"].items()),
        formats=_formats(data),
        deliver=deliveries.read("deliver", data.get("deliver", ()), project.policy),
        on_failure=deliveries.read("on_failure", data.get("on_failure", ()), project.policy),
        on_partial=data.get("on_partial", "send"),
        when_empty=data.get("when_empty", "send"),
        send_if=data.get("send_if", "always"),
        for_each=data.get("for_each", ""),
        schedule=schedules.read(data["schedule"]) if "schedule" in data else None,
        excel=data.get("output", {}).get("csv", {}).get("excel", False),
        source=source,
        headline=data.get("headline", ""),
        owner=data.get("owner", ""),
        tags=tuple(data.get("tags", ())),
        app_url=project.app_url,
        **_demanded(data),
    )


def _demanded(data: Any) -> dict[str, Any]:
    """The definition's checks and targets, as fields of a ``Spec``."""
    if not any(key in data for key in DEMANDS):
        return {}
    from runner.spec import demands

    return {
        "checks": demands.checks(data.get("checks", {})),
        "targets": demands.targets(data.get("targets", {})),
        "working_days": demands.working_days(data.get("working_days", {})),
    }


def _formats(data: Any) -> tuple[str, ...]:
    """What is written: what is chosen, and the e-mail where one is sent."""
    chosen = data.get("output", {}).get("formats", FORMATS)
    mailed = any("email" in way for way in data.get("deliver", ()))
    return (*chosen, *(["eml"] if mailed and "eml" not in chosen else []))
