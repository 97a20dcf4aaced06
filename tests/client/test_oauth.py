"""OAuth against a real service on loopback: who renews, when, what is kept, and what is never shown."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.client import App, Client, Heard, Network, OAuth, TokenFile, Tried
from runner.client.recording import Recorder
from runner.client.tokens import Tokens
from runner.errors import AccessError, RunnerError, ServiceError, StoppedError, UsageError
from runner.model import Limits, Query, Secret
from tests.client.oauth_service import APP, ME, Reply, Service, keep, serving

QUERY = Query("GET", "me/", {"id": str, "organizations": list})
LIMITS = Limits(wait=0.02, timeout=20)

ASK = """\
import sys
from pathlib import Path
from tests.client.test_oauth import QUERY, client
with client(sys.argv[1], Path(sys.argv[2])) as asking:
    print("ready", flush=True)
    sys.stdin.readline()
    print(asking.ask(QUERY).data["id"])
"""


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return keep(tmp_path / "tokens.json", access="access-0")


def oauth(url: str, file: TokenFile, network: Network, *, seconds: float = 20) -> OAuth:
    app = App(Secret(APP["client_id"]), Secret(APP["client_secret"]), f"{url}/oauth2/token/")
    return OAuth(app, file, network, seconds=seconds)


def client(url: str, file: Path, heard: list[Heard] | None = None, kept: TokenFile | None = None) -> Client:
    network = Network()
    auth = oauth(url, kept or TokenFile(file), network)
    hear = (lambda _: None) if heard is None else heard.append
    return Client(network, f"{url}/api/v1/", auth, limits=LIMITS, listener=hear)


def tokens(file: Path) -> tuple[str, str]:
    said = json.loads(file.read_text())
    return said["access_token"], said["refresh_token"]


# ---- renewing


def test_a_token_that_is_accepted_is_not_renewed(service: Service, tmp_path: Path) -> None:
    file = keep(tmp_path / "tokens.json")
    before = file.read_bytes()
    with client(service.url, file) as asking:
        assert asking.ask(QUERY).data == ME
    assert (service.asked, service.forms, file.read_bytes()) == (["Bearer access-1"], [], before)


def test_eight_threads_with_an_old_token_renew_it_once(service: Service, file: Path) -> None:
    together = threading.Barrier(8)
    first = threading.local()

    def before() -> None:
        if not getattr(first, "met", False):  # each connection has a thread of its own here
            first.met = True
            together.wait(10)

    service.before = before
    with client(service.url, file) as asking, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: asking.ask(QUERY).data, range(8)))
    assert answers == [ME] * 8
    assert service.renewals == len(service.forms) == 1
    assert sorted(service.asked) == ["Bearer access-0"] * 8 + ["Bearer access-2"] * 8


def test_new_tokens_are_in_the_file_for_its_owner_only_before_they_are_used(service: Service, file: Path) -> None:
    found: list[tuple[str, str]] = []
    service.before = lambda: found.append(tokens(file))
    with client(service.url, file) as asking:
        asking.ask(QUERY)
    assert found == [("access-0", "refresh+1/x"), ("access-2", "refresh+2/x")]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["tokens.json", "tokens.json.lock"]
    assert stat.S_IMODE(file.with_name("tokens.json.lock").stat().st_mode) == 0o600


def test_a_token_that_expires_again_is_renewed_again(service: Service, file: Path) -> None:
    with client(service.url, file) as asking:
        asking.ask(QUERY)
        service.access = "expired"
        asking.ask(QUERY)
    assert service.renewals == 2
    assert tokens(file) == ("access-3", "refresh+3/x")


def test_without_an_access_token_the_first_one_is_got(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.touch(mode=0o600)
    file.write_text('{"refresh_token": "refresh+1/x"}')
    with client(service.url, file) as asking:
        assert asking.ask(QUERY).data == ME
    assert service.asked == ["", "Bearer access-2"]


def test_a_service_that_gives_no_new_refresh_token_leaves_the_old_one(service: Service, file: Path) -> None:
    service.renewing = lambda: Reply(200, {"access_token": service.access})
    with client(service.url, file) as asking:
        asking.ask(QUERY)
    assert tokens(file) == ("access-2", "refresh+1/x")


def test_a_link_to_the_file_stays_a_link(service: Service, file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    with client(service.url, link) as asking:
        asking.ask(QUERY)
    assert link.is_symlink()
    assert tokens(file) == ("access-2", "refresh+2/x")


# ---- several processes, and what a crash leaves


def start(service: Service, file: Path) -> subprocess.Popen[str]:
    """A process that asks as soon as it is told to."""
    root = Path(__file__).resolve().parents[2]
    call = [sys.executable, "-c", ASK, service.url, str(file)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(call, cwd=root, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_renew_once_between_them(service: Service, file: Path) -> None:
    together = threading.Barrier(2)

    def before() -> None:
        if len(service.asked) < 2:
            together.wait(10)

    service.before = before
    service.renewing = lambda: time.sleep(0.3)
    processes = [start(service, file), start(service, file)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [(*process.communicate(timeout=30), process.returncode) for process in processes]
    assert ends == [("user_1\n", "", 0)] * 2
    assert service.renewals == len(service.forms) == 1
    assert tokens(file) == ("access-2", "refresh+2/x")


def test_a_process_that_dies_while_it_renews_leaves_the_old_file_whole(service: Service, file: Path) -> None:
    before = file.read_bytes()
    process = start(service, file)
    service.renewing = lambda: os.kill(process.pid, signal.SIGKILL)
    out, error = process.communicate("\n", timeout=30)
    assert (process.returncode, out, error) == (-signal.SIGKILL, "", "")
    assert file.read_bytes() == before
    with client(service.url, file) as asking, pytest.raises(AccessError, match="invalid_grant"):
        asking.ask(QUERY)


def test_tokens_that_cannot_be_kept_are_not_used(service: Service, file: Path) -> None:
    class Full(TokenFile):
        """A disk that fills up at the wrong moment."""

        def write(self, _: Tokens) -> None:
            raise RunnerError("no space")

    with client(service.url, file, kept=Full(file)) as asking, pytest.raises(RunnerError, match="no space"):
        asking.ask(QUERY)
    assert service.asked == ["Bearer access-0"]
    assert tokens(file) == ("access-0", "refresh+1/x")


@pytest.mark.parametrize("kind", ["lock", "trial"])
def test_a_file_that_cannot_be_written_costs_no_token(service: Service, file: Path, kind: str) -> None:
    with client(service.url, file) as asking:
        file.with_name(f"tokens.json.{kind}").mkdir()
        with pytest.raises(RunnerError, match=r"tokens\.json.*: Is a directory"):
            asking.ask(QUERY)
    assert (service.forms, tokens(file)) == ([], ("access-0", "refresh+1/x"))


def test_an_old_token_of_another_process_is_renewed_too(service: Service, file: Path) -> None:
    with client(service.url, file) as slow:
        with client(service.url, file) as quick:
            quick.ask(QUERY)
        service.access = "expired"
        assert slow.ask(QUERY).data == ME
    assert service.asked[2:] == ["Bearer access-0", "Bearer access-2", "Bearer access-3"]


def test_a_process_that_renews_for_too_long_is_said(service: Service, file: Path) -> None:
    kept = TokenFile(file, wait=0.01)
    with (
        TokenFile(file).locked(),
        client(service.url, file, kept=kept) as asking,
        pytest.raises(ServiceError, match="another process has been renewing the OAuth tokens"),
    ):
        asking.ask(QUERY)
    assert service.forms == []


# ---- refusals


def test_a_spent_refresh_token_is_an_access_error_with_its_remedy_and_asked_for_once(
    service: Service, tmp_path: Path
) -> None:
    file = keep(tmp_path / "tokens.json", access="access-0", refresh="spent")
    remedy = re.escape(f"authorise the app again and put its new tokens into {file} (docs/access.md)")
    with client(service.url, file) as asking:
        for _ in range(2):
            with pytest.raises(AccessError, match=rf"could not be renewed: HTTP 400: invalid_grant; .*{remedy}"):
                asking.ask(QUERY)
    assert len(service.forms) == 1


def test_an_app_that_is_not_known_has_another_remedy(service: Service, file: Path) -> None:
    service.renewing = lambda: Reply(401, {"error": "invalid_client"})
    with client(service.url, file) as asking, pytest.raises(AccessError, match="see that the client ID and the client"):
        asking.ask(QUERY)


def test_a_service_that_refuses_every_token_is_an_access_error(service: Service, file: Path) -> None:
    service.refusing = lambda _: Reply(401, {"error": "no"})
    with client(service.url, file) as asking, pytest.raises(AccessError, match="me/: HTTP 401: no"):
        asking.ask(QUERY)
    assert service.renewals == 2


def test_a_redirect_is_a_refusal_and_nothing_goes_to_the_other_host(service: Service, file: Path) -> None:
    with serving() as other:
        service.renewing = lambda: Reply(307, headers={"Location": other.token_url})
        with client(service.url, file) as asking, pytest.raises(AccessError, match="HTTP 307"):
            asking.ask(QUERY)
        assert (other.forms, other.asked) == ([], [])


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_at_the_token_url_is_tried_again(service: Service, file: Path, status: int) -> None:
    old = service.refresh
    replies = iter([Reply(status, {"error": "busy"}, {"Retry-After": "0"})] * 2)

    def renewing() -> Reply | None:
        reply = next(replies, None)
        service.refresh = old if reply else service.refresh
        return reply

    service.renewing = renewing
    heard: list[Heard] = []
    with client(service.url, file, heard) as asking:
        assert asking.ask(QUERY).data == ME
    came = [event.came for event in heard if isinstance(event, Tried)]
    assert came[:2] == [f"the OAuth token could not be renewed: HTTP {status}: busy"] * 2
    assert came[2:] == ["200"]


def test_a_token_url_that_cannot_be_reached_is_given_up_after_the_usual_attempts(service: Service, file: Path) -> None:
    network = Network()
    auth = oauth("http://127.0.0.1:9", TokenFile(file), network)
    with (
        Client(network, service.api, auth, limits=LIMITS) as asking,
        pytest.raises(
            ServiceError, match=r"could not be renewed: the service could not be reached.* \(after 5 attempts"
        ),
    ):
        asking.ask(QUERY)
    assert tokens(file) == ("access-0", "refresh+1/x")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param(Reply(200, headers={"Content-Type": "text/html"}), "expected JSON, got text/html", id="html"),
        pytest.param(Reply(200, {"access_token": 7}), "access_token: expected text", id="shape"),
        pytest.param(Reply(200, content=b'{"access_token": "a", "access_token": "b"}'), "there twice", id="twice"),
        pytest.param(Reply(200, {"access_token": "a\r\nX-Evil: 1"}), "is no token", id="control characters"),
        pytest.param(Reply(200, {"access_token": ""}), "is no token", id="empty"),
        pytest.param(Reply(200, {"access_token": "a", "refresh_token": "b c"}), "is no token", id="blank"),
        pytest.param(Reply(200, {"access_token": "x" * 4001}), "is no token", id="long"),
        pytest.param(Reply(200, {"access_token": "a", "token_type": "mac"}), "no bearer token", id="another type"),
        pytest.param(Reply(200, content=b" " * (2**23 + 1)), "larger than 8 MiB", id="endless"),
    ],
)
def test_an_answer_that_brings_no_token_is_an_error_and_is_not_kept(
    service: Service, file: Path, reply: Reply, said: str
) -> None:
    service.renewing = lambda: reply
    with client(service.url, file) as asking, pytest.raises(ServiceError, match=said):
        asking.ask(QUERY)
    assert tokens(file) == ("access-0", "refresh+1/x")


def test_a_renewal_that_takes_too_long_ends_in_time(service: Service, file: Path) -> None:
    over = threading.Event()
    service.renewing = lambda: Reply(500) if over.wait(20) else None
    network = Network()
    auth = oauth(service.url, TokenFile(file), network, seconds=0.1)
    limits = Limits(attempts=1, timeout=20)
    with (
        Client(network, service.api, auth, limits=limits) as asking,
        pytest.raises(ServiceError, match=r"no answer within 0\.1 s"),
    ):
        asking.ask(QUERY)
    over.set()


def test_stop_ends_a_renewal_and_every_thread_that_waits_for_it(service: Service, file: Path) -> None:
    under_way, over = threading.Event(), threading.Event()

    def renewing() -> Reply | None:
        under_way.set()
        over.wait(20)
        return None

    service.renewing = renewing
    with client(service.url, file) as asking, ThreadPoolExecutor(4) as pool:
        found = [pool.submit(asking.ask, QUERY) for _ in range(4)]
        assert under_way.wait(10)
        began = time.monotonic()
        asking.stop()
        errors = [future.exception(10) for future in found]
        assert time.monotonic() - began < 5
        over.set()
    assert [type(error) for error in errors] == [StoppedError] * 4


# ---- the file


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        pytest.param(None, 0o600, "No such file", id="missing"),
        pytest.param("{}", 0o644, "can be read by others; do: chmod 600 ", id="open to others"),
        pytest.param("{}", 0o600, "holds no OAuth tokens", id="no token"),
        pytest.param("", 0o600, "holds no OAuth tokens", id="empty"),
        pytest.param("[1]", 0o600, "holds no OAuth tokens", id="a list"),
        pytest.param("shh-a-token", 0o600, "holds no OAuth tokens", id="no JSON"),
        pytest.param('{"refresh_token": 7}', 0o600, "holds no OAuth tokens", id="a number"),
        pytest.param('{"refresh_token": "shh\\u0000"}', 0o600, "holds no OAuth tokens", id="control character"),
        pytest.param('{"refresh_token": "shh", "access_token": "a\\nb"}', 0o600, "no OAuth tokens", id="line break"),
    ],
)
def test_a_file_without_tokens_is_told_with_its_place_and_remedy(
    tmp_path: Path, text: str | None, mode: int, said: str
) -> None:
    file = tmp_path / "tokens.json"
    if text is not None:
        file.write_text(text)
        file.chmod(mode)
    with pytest.raises(UsageError) as caught:
        client("http://127.0.0.1:9", file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "docs/access.md" in str(caught.value)
    assert "shh" not in str(caught.value)


# ---- what is never shown


def test_no_token_old_or_new_is_in_any_error_or_event(service: Service, file: Path) -> None:
    heard: list[Heard] = []
    with client(service.url, file, heard) as asking:
        service.refusing = lambda header: Reply(400 if "access-2" in header else 401, {"error": f"bad {header}"})
        with pytest.raises(ServiceError) as refused:
            asking.ask(QUERY)
        service.renewing = lambda: Reply(500, {"error": "refresh+2/x refresh%2B2%2Fx access-0"})
        service.refusing = lambda header: Reply(401, {"error": f"bad {header}"})
        with pytest.raises(AccessError) as spent:
            asking.ask(QUERY)
        things = f"{asking!r} {asking._auth!r} {TokenFile(file).read()!r}"
    came = [event.came for event in heard if isinstance(event, Tried)]
    assert str(refused.value) == "me/: HTTP 400: bad Bearer ***"
    assert came[1] == "the OAuth token could not be renewed: HTTP 500: *** *** ***"
    assert "grant_type=refresh_token&refresh_token=***&client_id=***&client_secret=***" in str(spent.value)
    shown = " ".join([f"{refused.value!r} {spent.value!r}", things, *came])
    for secret in ("access-0", "access-2", "refresh+1/x", "refresh+2/x", "refresh%2B2%2Fx", APP["client_secret"]):
        assert secret not in shown


def test_the_secrets_are_all_tokens_there_were_and_the_owner_stays(service: Service, file: Path) -> None:
    with Network() as network:
        auth = oauth(service.url, TokenFile(file), network)
        owner = auth.owner()
        assert auth.renew(auth.header())
        assert auth.owner() == owner == APP["client_id"]
        assert {"access-0", "access-2", "refresh+1/x", "refresh+2/x", "refresh%2B2%2Fx"} < set(auth.secrets())


def test_a_recording_holds_no_token(service: Service, file: Path, tmp_path: Path) -> None:
    network = Network()
    auth = oauth(service.url, TokenFile(file), network)
    with Client(Recorder(network, tmp_path / "kept", service.api), service.api, auth, limits=LIMITS) as asking:
        asking.ask(QUERY)
    (kept,) = (tmp_path / "kept").iterdir()
    assert service.renewals == 1
    assert not [word for word in ("access-", "refresh", "Bearer") if word in kept.read_text()]
