"""The owner's file ``runner.yaml``: ``Source`` -> ``Project``, or every problem of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from runner import nearest
from runner.errors import DefinitionError
from runner.model import OAuthApp, Profile, Project, Source
from runner.spec import meaning, wording
from runner.spec.findings import Finding, problems, show
from runner.spec.schema import rules


def read_project(source: Source) -> Project:
    """What ``runner.yaml`` says; DefinitionError with all its problems, in file order."""
    runner = rules("runner")
    right = runner.accepts(source.data)
    found = _meant(source.data) if right else wording.findings(wording.breaches(runner.validator, source))
    told = problems(source, [*meaning.one_line(source.data), *found])
    if told:
        raise DefinitionError(*told)
    return _project(source.data)


def _meant(data: Any) -> Iterator[Finding]:
    defaults = data.get("defaults", {})
    if "timezone" in defaults:
        yield from meaning.timezone(defaults["timezone"], ("defaults", "timezone"))
    if "locale" in defaults:
        yield from meaning.locale(defaults["locale"], ("defaults", "locale"))
    for name, said in data.get("profiles", {}).items():
        for key in ("api_key_env", "api_key_file"):
            if "oauth" in said and key in said:
                message = f"{key} and oauth exclude each other: a profile asks with a key or as an app"
                yield Finding(("profiles", name, key), message, "oauth", "remove one of them", key=True)
    profiles, chosen = data.get("profiles", ["sample"]), data.get("default_profile")
    if chosen is not None and chosen not in profiles:
        hint = nearest.hint(chosen, profiles) or f"one of: {', '.join(profiles)}"
        yield Finding(("default_profile",), f"no profile is named {show(chosen)}", "unknown-profile", hint)


def _project(data: Any) -> Project:
    usual = Project()
    profiles = {name: _profile(name, said) for name, said in data.get("profiles", {}).items()} or usual.profiles
    defaults, policy = data.get("defaults", {}), data.get("policy", {})
    return Project(
        profiles=profiles,
        default_profile=data.get("default_profile", next(iter(profiles))),
        reports=data.get("reports", usual.reports),
        output=data.get("output", usual.output),
        templates=data.get("templates", usual.templates),
        timezone=defaults.get("timezone", usual.timezone),
        week_start=defaults.get("week_start", usual.week_start),
        locale=defaults.get("locale", usual.locale),
        currency=defaults.get("currency", usual.currency),
        app_url=policy.get("app_url", usual.app_url).rstrip("/"),
        recipients=tuple(policy.get("recipients", ())),
    )


def _profile(name: str, said: Any) -> Profile:
    usual = Profile(name, said["service"])
    return Profile(
        name,
        said["service"],
        base_url=said.get("base_url", usual.base_url).rstrip("/") + "/",
        api_key_env=said.get("api_key_env", usual.api_key_env),
        api_key_file=said.get("api_key_file", usual.api_key_file),
        oauth=OAuthApp(**said["oauth"]) if "oauth" in said else None,
        ca_file=said.get("ca_file", usual.ca_file),
        limits=replace(usual.limits, **said.get("limits", {})),
        cache=said.get("cache", usual.cache),
        data=said.get("data", usual.data),
    )
