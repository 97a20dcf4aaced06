"""``runner doctor``: what is checked of each service, what is said when something is wrong, and what is not shown."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from runner.engine import sample
from tests.cli.command import AS_OF, environment
from tests.cli.conftest import Runner
from tests.client.oauth_service import APP, ME, Reply, Service, keep, serving

KEY = "a-test-key"
PACKAGED = {"PYTHONTZPATH": ""}
"""Time zones as they come with runner, whatever the machine has."""

LIVE = "profiles:\n  live: {{service: close, base_url: '{api}'}}\n"
OAUTH = (
    "profiles:\n  live: {{service: close, base_url: '{api}', oauth: {{token_file: t.json, token_url: '{token}'}}}}\n"
)
MACHINE = ["time zones", "output folder", "cache folder", "runner", "libraries", "TLS"]


@pytest.fixture(scope="module")
def engine(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``runner serve`` on loopback."""
    call = [sys.executable, "-m", "runner", "--as-of", AS_OF, "serve", "--port", "0"]
    env = environment(cache, RUNNER_SERVE_KEY=KEY)
    folder = tmp_path_factory.mktemp("serve")
    with subprocess.Popen(call, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process.stderr.readline().split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


def checked(ran: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    """Each check with its status and what was found."""
    assert "Traceback" not in ran.stderr
    lines = [line for line in ran.stdout.splitlines() if not line.startswith(" ")]
    return {line[9:24].strip(): (line[:7].strip(), line[24:]) for line in lines}


def files(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*")}


def app(service: Service, project: Path) -> dict[str, str]:
    """A project that asks the service as an OAuth app, and the environment that it needs."""
    (project / "runner.yaml").write_text(OAUTH.format(api=service.api, token=service.token_url))
    return {"CLOSE_CLIENT_ID": APP["client_id"], "CLOSE_CLIENT_SECRET": APP["client_secret"], **PACKAGED}


# ---- in order


def test_without_a_project_file_the_sample_is_asked_and_nothing_is_left_behind(
    call: Runner, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    before = files(project, home)
    ran = call("doctor", "--as-of", AS_OF, HOME=str(home), XDG_CACHE_HOME=str(home / "cache"), **PACKAGED)
    found = checked(ran)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert list(found) == ["runner.yaml", "definitions", "service", "runner.lock", *MACHINE]
    assert {status for status, _ in found.values()} == {"ok"}
    assert found["service"][1].startswith("profile 'sample': user user_")
    assert "Python package tzdata" in found["time zones"][1]
    for library in ("httpx", "duckdb", "jinja2", "tzdata"):
        assert f"{library} " in found["libraries"][1]
    assert files(project, home) == before


def test_local_data_is_asked(call: Runner, project: Path) -> None:
    sample.write(project / "dump", datetime(2026, 11, 23, tzinfo=UTC))
    (project / "runner.yaml").write_text("profiles: {old: {service: data, data: dump}}\n")
    before = files(project)
    ran = call("doctor", **PACKAGED)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert checked(ran)["service"][1].startswith("profile 'old': user user_")
    assert files(project) == before


def test_close_is_asked_who_asks_what_time_it_is_and_what_the_limit_is(
    call: Runner, project: Path, engine: str
) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api=engine))
    ran = call("doctor", "--verbose", CLOSE_API_KEY=KEY, **PACKAGED)
    found = checked(ran)
    assert ran.returncode == 0, ran.stdout
    assert list(found) == ["runner.yaml", "definitions", "service", "runner.lock", "clock", "rate limit", *MACHINE]
    assert {status for status, _ in found.values()} == {"ok"}
    assert "Fernhill Supply Co. (sample) (orga_" in found["service"][1]
    assert found["rate limit"][1] == "the service does not say one"
    assert ran.stderr.startswith("GET me/ attempt 1: 200, ")
    assert KEY not in ran.stdout + ran.stderr


def test_the_pins_are_compared_with_the_organization(call: Runner, project: Path, engine: str) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api=engine))
    assert call("lock", CLOSE_API_KEY=KEY).returncode == 0
    ran = call("doctor", CLOSE_API_KEY=KEY)
    assert ran.returncode == 0
    assert "pinned, of Fernhill Supply Co. (sample) (orga_" in checked(ran)["runner.lock"][1]
    lock = project / "runner.lock"
    lock.write_text(lock.read_text().replace("orga_", "orga_other"))
    ran = call("doctor", CLOSE_API_KEY=KEY)
    assert ran.returncode == 2
    assert checked(ran)["runner.lock"][0] == "failed"
    lock.write_text("version: 7\n")
    ran = call("doctor", CLOSE_API_KEY=KEY)
    assert (ran.returncode, checked(ran)["service"][0]) == (2, "ok")
    assert checked(ran)["runner.lock"][1].startswith("runner.lock:1:10: this version of runner reads version 1")


def test_the_same_as_data(call: Runner, project: Path, service: Service) -> None:
    service.refusing = lambda _: Reply(200, ME, {"RateLimit": "limit=100, remaining=50, reset=5.2"})
    (project / "runner.yaml").write_text(LIVE.format(api=service.api))
    ran = call("doctor", "--format", "json", CLOSE_API_KEY=KEY, **PACKAGED)
    found = {check.pop("what"): check for check in json.loads(ran.stdout)}
    assert (ran.returncode, ran.stderr) == (0, "")
    assert found["service"]["detail"] == "profile 'live': user user_1 of Example (orga_1)"
    assert found["rate limit"] == {"status": "ok", "detail": "50 of 100 requests left for 5.2 s", "remedy": ""}


# ---- what the service says


def test_a_wrong_key_fails_and_the_rest_is_checked(call: Runner, project: Path, engine: str) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api=engine))
    ran = call("doctor", "--verbose", CLOSE_API_KEY="a-wrong-key", **PACKAGED)
    found = checked(ran)
    assert ran.returncode == 3
    assert [what for what, (status, _) in found.items() if status == "failed"] == ["service"]
    assert "HTTP 401" in found["service"][1]
    assert "         see that the profile's key or app is the right one and still valid" in ran.stdout
    assert list(found)[-8:] == ["clock", "rate limit", *MACHINE]
    assert "a-wrong-key" not in ran.stdout + ran.stderr


def test_a_service_that_cannot_be_reached_fails_soon(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api="http://127.0.0.1:9/api/v1/"))
    ran = call("doctor", CLOSE_API_KEY=KEY)
    found = checked(ran)
    assert ran.returncode == 3
    assert found["service"][0] == "failed"
    assert "could not be reached" in found["service"][1]
    assert "(after 2 attempts)" in found["service"][1]
    assert "clock" not in found
    assert list(found)[-6:] == MACHINE


def test_a_clock_that_is_wrong_is_a_warning(call: Runner, project: Path, service: Service) -> None:
    service.refusing = lambda _: Reply(200, ME)
    service.date = "Thu, 01 Jan 2015 00:00:00 GMT"
    (project / "runner.yaml").write_text(LIVE.format(api=service.api))
    ran = call("doctor", "--as-of", "2015-01-01", CLOSE_API_KEY=KEY)
    status, said = checked(ran)["clock"]
    assert (ran.returncode, status) == (0, "warning")
    assert said.endswith("s ahead of the service's")
    service.date = "no date"
    assert checked(call("doctor", CLOSE_API_KEY=KEY))["clock"][0] == "warning"


# ---- OAuth


def test_an_app_renews_its_token_and_shows_none(call: Runner, project: Path, service: Service) -> None:
    env = app(service, project)
    file = keep(project / "t.json", access="access-0")
    ran = call("doctor", "--verbose", **env)
    assert (ran.returncode, checked(ran)["service"][1]) == (0, "profile 'live': user user_1 of Example (orga_1)")
    assert json.loads(file.read_text()) == {"access_token": "access-2", "refresh_token": "refresh+2/x"}
    again = call("doctor", "--verbose", **env)
    assert (again.returncode, service.renewals) == (0, 1)
    shown = ran.stdout + ran.stderr + again.stdout + again.stderr
    for secret in ("access-", "refresh+", *APP.values()):
        assert secret not in shown


def test_an_app_whose_token_is_spent_is_told_what_to_do(call: Runner, project: Path, service: Service) -> None:
    env = app(service, project)
    keep(project / "t.json", access="access-0", refresh="no-longer+1/x")
    for words in (("doctor", "--verbose"), ("lock", "--verbose")):
        ran = call(*words, **env)
        assert ran.returncode == 3
        assert f"authorise the app again and put its new tokens into {project / 't.json'}" in ran.stdout + ran.stderr
        for secret in ("access-0", "no-longer", *APP.values()):
            assert secret not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("without", "mode", "said"),
    [
        pytest.param("CLOSE_CLIENT_ID", 0o600, "its client ID from the environment variable CLOSE_CLIENT_ID", id="id"),
        pytest.param("CLOSE_CLIENT_SECRET", 0o600, "its client secret from the environment", id="secret"),
        pytest.param("", 0o644, "t.json can be read by others; do: chmod 600", id="open to others"),
        pytest.param("t.json", 0o600, "t.json: No such file or directory", id="no tokens"),
    ],
)
def test_an_app_without_its_secrets_is_told_where_they_are_missing(
    call: Runner, project: Path, service: Service, without: str, mode: int, said: str
) -> None:
    env = app(service, project)
    file = keep(project / "t.json", mode=mode)
    if without == file.name:
        file.unlink()
    env.pop(without, None)
    ran = call("doctor", **env)
    assert ran.returncode == 2
    assert said in checked(ran)["service"][1]
    assert list(checked(ran))[-6:] == MACHINE
    assert service.asked == []


# ---- settings


def test_settings_that_cannot_be_read_are_told_and_the_machine_is_checked(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text("profile: {}\n")
    ran = call("doctor")
    found = checked(ran)
    assert ran.returncode == 2
    assert found["runner.yaml"] == ("failed", "runner.yaml:1:1: runner.yaml has no key 'profile' [unknown-key]")
    assert "         did you mean 'profiles'?" in ran.stdout
    assert list(found) == ["runner.yaml", "time zones", "cache folder", "runner", "libraries", "TLS"]


def test_a_key_that_is_not_set_and_an_unknown_profile_are_settings(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api="http://127.0.0.1:9/api/v1/"))
    ran = call("doctor")
    assert ran.returncode == 2
    assert "CLOSE_API_KEY, which is not set" in checked(ran)["service"][1]
    ran = call("doctor", "--profile", "lvie")
    assert ran.returncode == 2
    assert checked(ran)["profile"] == ("failed", "no profile 'lvie'; did you mean 'live'?")
    assert "service" not in checked(ran)


def test_wrong_settings_come_before_a_service_that_fails(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text(LIVE.format(api="http://127.0.0.1:9/api/v1/") + "output: out\n")
    (project / "reports" / "one.yaml").write_text("title: [\n")
    (project / "out").touch()
    ran = call("doctor", CLOSE_API_KEY=KEY, XDG_CACHE_HOME="/dev/null/cache")
    found = checked(ran)
    assert ran.returncode == 2
    failed = [what for what, (status, _) in found.items() if status == "failed"]
    assert failed == ["definitions", "service", "output folder", "cache folder"]
    assert found["definitions"][1].startswith("reports/one.yaml:")
    assert found["output folder"][1] == "out: Not a directory"


def test_no_definition_is_a_warning(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text("reports: none\n")
    ran = call("doctor", "--as-of", AS_OF)
    assert (ran.returncode, checked(ran)["definitions"]) == (0, ("warning", "no definitions in none"))


def test_time_zones_of_the_system_that_are_old_are_a_warning(call: Runner, project: Path) -> None:
    (project / "runner.yaml").write_text("profiles: {old: {service: data, data: nowhere}}\n")
    system = project / "zoneinfo"
    system.mkdir()
    (system / "UTC").write_bytes(resources.files("tzdata").joinpath("zoneinfo", "UTC").read_bytes())
    (system / "tzdata.zi").write_text("# version 2001a\n")
    ran = call("doctor", PYTHONTZPATH=str(system))
    found = checked(ran)
    assert found["time zones"][0] == "warning"
    assert found["time zones"][1].startswith(f"2001a, of {system}; the Python package tzdata has 20")
    assert (ran.returncode, found["service"][0]) == (2, "failed")
    assert found["service"][1].endswith("nowhere: no such folder; name a store, a dump or 'sample'")
