"""What ``doctor`` looks at, in its order. Whatever is wrong, the checks that do not need it are made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runner.cli import consultation, progress
from runner.cli.check import Check, failed
from runner.cli.options import Options
from runner.errors import DefinitionError, EmptySelectionError, RunnerError, Severity, UsageError
from runner.model import Profile
from runner.wiring import folders, machine, project, selection
from runner.wiring.project import Home


def checks(options: Options, screen: progress.Screen) -> Iterator[Check]:
    """Every check, as it is made. Nothing is written but OAuth tokens that have to be renewed."""
    where: Home | None = None
    profile: Profile | None = None
    try:
        where = project.home(options.project)
        yield _settings(where)
        profile = where.profile(options.profile)
    except RunnerError as error:
        remedy = f"name one of: {', '.join(where.project.profiles)}" if where else ""
        yield failed("profile" if where else project.SETTINGS, error, remedy)
    if where:
        yield _definitions(where)
    if where and profile:
        yield from consultation.checks(where, profile, options, screen)
    yield from _machine(where)


def _settings(where: Home) -> Check:
    names = ", ".join(f"{name} ({profile.service})" for name, profile in where.project.profiles.items())
    file = where.root / project.SETTINGS
    return Check("ok", project.SETTINGS, f"{project.shown(file) if file.is_file() else 'none'}; profiles: {names}")


def _definitions(where: Home) -> Check:
    try:
        right: list[str] = []
        problems = project.read(where, selection.paths(where, ()), lambda spec: right.append(spec.name))
    except EmptySelectionError as error:
        return Check("warning", "definitions", str(error), "`runner schema` and docs/tutorial.md help to write one")
    except RunnerError as error:
        return failed("definitions", error)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        return failed("definitions", DefinitionError(*errors), "`runner validate` shows each")
    return Check("ok", "definitions", f"{len(right)} right, in {project.shown(where.root / where.project.reports)}")


def _machine(where: Home | None) -> Iterator[Check]:
    yield _zones(where.project.timezone if where else "UTC")
    if where:
        yield _folder("output folder", where.output, "let `output` in runner.yaml name another, or --output")
    yield _folder("cache folder", folders.cache(), "let the environment variable XDG_CACHE_HOME name another")
    yield Check("ok", "runner", machine.runner())
    yield _libraries()
    yield Check("ok", "TLS", machine.tls())


def _zones(name: str) -> Check:
    what = "time zones"
    try:
        found = machine.zones(name)
    except (OSError, ValueError) as error:
        return Check("failed", what, f"{name}: {error}", "install the Python package tzdata anew", UsageError.exit_code)
    if not found.folder:
        return Check("ok", what, f"{found.packaged}, of the Python package tzdata")
    said = f"{found.system or 'of unknown version'}, of {found.folder}"
    if found.system and found.system < found.packaged:
        remedy = "bring the system's up to date, or set PYTHONTZPATH to nothing to use the package's"
        return Check("warning", what, f"{said}; the Python package tzdata has {found.packaged}", remedy)
    return Check("ok", what, said)


def _folder(what: str, folder: Path, remedy: str) -> Check:
    shown = project.shown(folder)
    reason = machine.unwritable(folder)
    if reason:
        return Check("failed", what, f"{shown}: {reason}", remedy, UsageError.exit_code)
    return Check("ok", what, f"{shown}{'' if folder.exists() else ', not there yet,'} can be written")


def _libraries() -> Check:
    found = machine.libraries()
    missing = [name for name, version in found.items() if not version]
    if missing:
        remedy = "install runner anew, with what it needs"
        return Check("failed", "libraries", f"not there: {', '.join(missing)}", remedy, UsageError.exit_code)
    return Check("ok", "libraries", ", ".join(f"{name} {version}" for name, version in found.items()))
