"""Secrets: read from where ``runner.yaml`` says they are, and from nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import httpx

from runner.client import App, Auth, Key, OAuth, TokenFile
from runner.errors import UsageError
from runner.files import read_private
from runner.model import OAuthApp, Profile, Secret


def auth(profile: Profile, root: Path, transport: httpx.BaseTransport) -> Auth:
    """How the profile says who asks; UsageError where its secret is missing or others can read it.

    New OAuth tokens are got through ``transport``, which must not keep what goes over it.
    """
    if profile.oauth:
        file = TokenFile(root / profile.oauth.token_file)
        source = f"the OAuth app of profile '{profile.name}', tokens from the file {profile.oauth.token_file}"
        return OAuth(_app(profile.name, profile.oauth), file, transport, seconds=profile.limits.timeout, source=source)
    if profile.api_key_file:
        text, place = read_private(root / profile.api_key_file).strip(), f"the file {profile.api_key_file}"
    else:
        text, place = _environment(profile.api_key_env), _variable(profile.api_key_env)
    key = _secret(profile.name, "API key", text, place)
    return Key(key, f"the key of profile '{profile.name}', from {place}")


def variable(name: str, who: str) -> Secret:
    """What the environment variable holds; UsageError that names ``who`` reads it, where it holds nothing."""
    text = _environment(name)
    if not text or not text.isprintable():
        said = "is not set" if not text else "holds what is no single line"
        raise UsageError(f"{who} reads the environment variable {name}, which {said}")
    return Secret(text)


def _app(profile: str, said: OAuthApp) -> App:
    client_id = _secret(profile, "client ID", _environment(said.client_id_env), _variable(said.client_id_env))
    client_secret = _secret(
        profile, "client secret", _environment(said.client_secret_env), _variable(said.client_secret_env)
    )
    return App(client_id, client_secret, said.token_url)


def _secret(profile: str, what: str, text: str, place: str) -> Secret:
    if not text:
        raise UsageError(f"profile '{profile}' reads its {what} from {place}, which is not set")
    if not (text.isascii() and text.isprintable()) or " " in text or ":" in text:
        raise UsageError(f"profile '{profile}': what {place} holds is no {what} (it has a blank, ':' or the like)")
    return Secret(text)


def _variable(name: str) -> str:
    return f"the environment variable {name}"


def _environment(name: str) -> str:
    return os.environ.get(name, "")  # noqa: TID251 - secrets come from the environment, here and in server only
