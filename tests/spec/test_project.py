"""The owner's file ``runner.yaml``."""

from __future__ import annotations

import pytest

from runner import source, spec
from runner.errors import DefinitionError, Problem
from runner.model import Hook, LedgerAt, Mailbox, OAuthApp, Policy, Profile, Project, Shelves

MAIL = "{type: email, host: smtp.example.com, sender: a@example.com}"


def read(text: str) -> Project:
    return spec.read_project(source.read("runner.yaml", text.encode()))


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return caught.value.problems


def test_everything_can_be_said() -> None:
    assert read(
        """
profiles:
  live: {service: close, api_key_env: MY_KEY}
  near: {service: close, base_url: "http://127.0.0.1:8080/api/v1"}
  app: {service: close, oauth: {token_file: secrets/tokens.json}}
  other:
    service: close
    oauth: {client_id_env: ID, client_secret_env: SHH, token_file: /t.json, token_url: "http://localhost:1/token"}
  old: {service: data, data: exports/2026}
  sample: {service: sample}
default_profile: old
defaults: {timezone: Asia/Tokyo, week_start: sunday, locale: ja_JP, currency: JPY}
reports: definitions
output: digests
policy:
  app_url: https://app.example.com/
  recipients: ["@example.com", ann@example.com]
"""
    ) == Project(
        profiles={
            "live": Profile("live", "close", api_key_env="MY_KEY"),
            "near": Profile("near", "close", base_url="http://127.0.0.1:8080/api/v1/"),
            "app": Profile("app", "close", oauth=OAuthApp("secrets/tokens.json")),
            "other": Profile("other", "close", oauth=OAuthApp("/t.json", "ID", "SHH", "http://localhost:1/token")),
            "old": Profile("old", "data", data="exports/2026"),
            "sample": Profile("sample", "sample"),
        },
        default_profile="old",
        reports="definitions",
        output="digests",
        timezone="Asia/Tokyo",
        week_start="sunday",
        locale="ja_JP",
        currency="JPY",
        app_url="https://app.example.com",
        policy=Policy(recipients=("@example.com", "ann@example.com")),
    )


def test_it_says_how_digests_are_delivered() -> None:
    project = read(
        """\
policy: {recipients: ["@example.com"], max_recipients: 9, link_hosts: [wiki.example.com]}
channels:
  mail:
    type: email
    host: smtp.example.com
    port: 587
    security: starttls
    username_env: NAME
    password_env: WORD
    sender: a@example.com
    sender_name: Sales reports
  near: {type: email, host: 127.0.0.1, security: none, sender: a@example.com}
  room: {type: slack, url_env: ROOM}
  hook: {type: webhook, url_env: HOOK, timeout: 5}
  site: {type: folder, path: public}
ledger: {store: git, branch: sent}
"""
    )
    assert (project.policy.recipients, project.policy.max_recipients) == (("@example.com",), 9)
    assert project.policy.link_hosts == ("wiki.example.com",)
    assert project.policy.channels == {
        "mail": Mailbox(
            *("mail", "smtp.example.com", "a@example.com", 587, "starttls", "Sales reports"),
            username_env="NAME",
            password_env="WORD",
        ),
        "near": Mailbox("near", "127.0.0.1", "a@example.com", security="none"),
        "room": Hook("room", "ROOM", "slack"),
        "hook": Hook("hook", "HOOK", "webhook", timeout=5),
        "site": Shelves("site", "public"),
    }
    assert project.ledger == LedgerAt("git", branch="sent")


def test_what_is_not_said_is_as_without_the_file() -> None:
    assert read("{}") == Project()
    assert read("{output: digests}") == Project(output="digests")


def test_the_first_profile_is_asked_where_none_is_chosen() -> None:
    assert read("profiles: {live: {service: close}, sample: {service: sample}}").default_profile == "live"


@pytest.mark.parametrize(
    ("text", "expected", "hint"),
    [
        pytest.param("[]", "1:1 type", "", id="no mapping"),
        pytest.param("profile: {}", "1:1 unknown-key", "did you mean 'profiles'?", id="misspelt key"),
        pytest.param("profiles: {}", "1:11 min-properties", "", id="no profile"),
        pytest.param("profiles: {Live: {service: close}}", "1:12 key-name", "Lower-case", id="name of a profile"),
        pytest.param("profiles: {a: {}}", "1:12 missing-key", "for example: sample", id="no service"),
        pytest.param("profiles: {a: {service: closed}}", "1:25 enum", "did you mean 'close'?", id="service"),
        pytest.param("profiles: {a: {service: data}}", "1:12 missing-key", "", id="data without a path"),
        pytest.param("profiles: {a: {service: sample, data: x}}", "1:33 unknown-key", "its keys are", id="other's key"),
        pytest.param("default_profile: live", "1:18 unknown-profile", "one of: sample", id="unknown profile"),
        pytest.param("defaults: {timezone: Mars/Base}", "1:22 timezone", "for example", id="time zone"),
        pytest.param("defaults: {locale: qq_US}", "1:20 locale", "for example: en_US", id="locale"),
        pytest.param('reports: "a\\nb"', "1:10 one-line", "", id="line break in a path"),
        pytest.param("policy: {recipients: [example.com]}", "1:23 pattern", "@example.com", id="recipient"),
        pytest.param(f"channels: {{mail: {MAIL[:-1]}, security: none}}}}", "1:89 security", "choose tls", id="plain"),
        pytest.param(f"channels: {{mail: {MAIL[:-1]}, username_env: A}}}}", "1:79 login", "password_env", id="login"),
        pytest.param("channels: {mail: {type: mail}}", "1:25 enum", "did you mean 'email'?", id="type of channel"),
        pytest.param("channels: {room: {type: slack}}", "1:12 missing-key", "SLACK_SALES_ROOM", id="no url"),
        pytest.param("ledger: {store: redis}", "1:17 enum", "one of: sqlite, git", id="store"),
        pytest.param("policy: {app_url: 'http://app.close.com'}", "1:19 pattern", "https://", id="plain http link"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(text: str, expected: str, hint: str) -> None:
    (problem,) = refused(text)
    assert f"{problem.location.line}:{problem.location.column} {problem.rule}" == expected
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("address", "right"),
    [
        pytest.param("https://api.close.com/api/v1/", True, id="close"),
        pytest.param("http://localhost:8000/api/v1/", True, id="this machine by name"),
        pytest.param("http://[::1]:8000/", True, id="this machine, IPv6"),
        pytest.param("http://api.close.com/api/v1/", False, id="plain http elsewhere"),
        pytest.param("http://localhost.example.com/", False, id="a name that only begins so"),
        pytest.param("https://user:secret@api.close.com/", False, id="with a password"),
        pytest.param("https://api.close.com/?key=x", False, id="with a query"),
        pytest.param("ftp://api.close.com/", False, id="another scheme"),
    ],
)
def test_a_key_travels_over_https_or_within_this_machine(address: str, right: bool) -> None:
    text = f"profiles: {{live: {{service: close, base_url: '{address}'}}}}"
    if right:
        assert read(text).profiles["live"].base_url.startswith(address)
    else:
        assert refused(text)[0].rule == "pattern"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("api_key_env: api_7Xy2.secret", id="a key where its variable's name belongs"),
        pytest.param("api_key: api_7Xy2.secret", id="a key of its own"),
        pytest.param("token: api_7Xy2.secret", id="a token"),
        pytest.param("oauth: {token_file: a, client_secret: api_7Xy2.secret}", id="the secret of an app"),
        pytest.param("oauth: {token_file: a, client_secret_env: api_7Xy2.secret}", id="the same in place of its name"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_shown(said: str) -> None:
    (problem,) = refused(f"profiles:\n  live:\n    service: close\n    {said}\n")
    assert problem.location.line == 4
    assert "api_7Xy2" not in str(problem)
    assert "environment variable" in problem.hint


@pytest.mark.parametrize("key", ["api_key_env: MY_KEY", "api_key_file: key"])
def test_a_profile_asks_with_a_key_or_as_an_app(key: str) -> None:
    (problem,) = refused(f"profiles:\n  live:\n    service: close\n    oauth: {{token_file: t.json}}\n    {key}\n")
    assert (problem.location.line, problem.location.column, problem.rule) == (5, 5, "oauth")
    assert f"{key.split(':')[0]} and oauth exclude each other" in problem.message
    assert problem.hint == "remove one of them"


@pytest.mark.parametrize(
    ("said", "expected", "hint"),
    [
        pytest.param("{}", "1:32 missing-key", "for example: .secrets/close-tokens.json", id="no file of tokens"),
        pytest.param("{token_file: t, token_url: 'http://close.com/t'}", "1:66 pattern", "https://", id="plain http"),
        pytest.param("{token_file: t, token: x}", "1:55 unknown-key", "environment variable", id="a token"),
        pytest.param("t.json", "1:39 type", "", id="only the file"),
    ],
)
def test_a_mistake_in_an_app_is_told_with_its_place_and_remedy(said: str, expected: str, hint: str) -> None:
    (problem,) = refused(f"profiles: {{a: {{service: close, oauth: {said}}}}}")
    assert f"{problem.location.line}:{problem.location.column} {problem.rule}" == expected
    assert hint in problem.hint
