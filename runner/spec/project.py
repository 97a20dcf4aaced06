"""The owner's file ``runner.yaml``: ``Source`` -> ``Project``, or every problem of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from runner import nearest
from runner.errors import DefinitionError
from runner.model import Channel, Hook, LedgerAt, Mailbox, OAuthApp, Policy, Profile, Project, Shelves, Source
from runner.spec import meaning, wording
from runner.spec.findings import Finding, problems, show
from runner.spec.schema import rules

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself."""


def read_project(source: Source) -> Project:
    """What ``runner.yaml`` says; DefinitionError with all its problems, in file order."""
    right = rules("runner").accepts(source.data)
    found = _meant(source.data) if right else wording.findings(wording.breaches("runner", source))
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
    yield from _mailboxes(data.get("channels", {}))
    profiles, chosen = data.get("profiles", ["sample"]), data.get("default_profile")
    if chosen is not None and chosen not in profiles:
        hint = nearest.hint(chosen, profiles) or f"one of: {', '.join(profiles)}"
        yield Finding(("default_profile",), f"no profile is named {show(chosen)}", "unknown-profile", hint)


def _mailboxes(channels: Any) -> Iterator[Finding]:
    """Whether mail is safe on its way, and whoever logs in has both a name and a password."""
    for name, said in channels.items():
        if said.get("security") == "none" and said["host"].strip("[]") not in LOOPBACK:
            message = "only mail to a server on this machine may go without encryption"
            yield Finding(("channels", name, "security"), message, "security", "choose tls or starttls")
        for key, other in (("username_env", "password_env"), ("password_env", "username_env")):
            if key in said and other not in said:
                yield Finding(("channels", name, key), f"{key} goes with {other}", "login", f"add {other}", key=True)


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
        policy=_policy(policy, data.get("channels", {})),
        ledger=LedgerAt(**data.get("ledger", {})),
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


def _policy(said: Any, channels: Any) -> Policy:
    usual = Policy()
    return Policy(
        recipients=tuple(said.get("recipients", ())),
        max_recipients=said.get("max_recipients", usual.max_recipients),
        link_hosts=tuple(said.get("link_hosts", ())),
        channels={name: _channel(name, one) for name, one in channels.items()},
    )


def _channel(name: str, said: Any) -> Channel:
    settings = {key: value for key, value in said.items() if key != "type"}
    match said["type"]:
        case "email":
            return Mailbox(name, **settings)
        case "folder":
            return Shelves(name, **settings)
        case kind:
            return Hook(name, kind=kind, **settings)
