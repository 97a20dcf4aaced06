"""The command line against a service that fails in every way: what it asks, says, writes and keeps to itself."""

from __future__ import annotations

import base64
import email.utils
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from runner.model import Json
from tests.faults import answers, certificates, scenarios, world
from tests.faults.answers import Header, limited, raw, whole
from tests.faults.certificates import Authority
from tests.faults.scenarios import ATTEMPTS
from tests.faults.server import Answer, Request, Script, Server, close, drip, flood, keep, pause, send
from tests.faults.world import GOOD, KEY, NUMBER, PEOPLE_SHOWN, SHOWN, Door, Ran, leaks, overview


def serving(*scripts: Answer, **more: tuple[Answer, ...]) -> Server:
    """A service that is sound but for the answers to the report (or to what ``more`` names)."""
    changed: Mapping[str, tuple[Answer, ...]] = {"overview": scripts, **more} if scripts else more
    return Server({**GOOD, **changed}, name=world.by_question)


def base(server: Server) -> str:
    return f"{server.url}/api/v1/"


def is_well(ran: Ran) -> None:
    """The number is in the digest and no fault is."""
    assert (ran.code, SHOWN in ran.digest) == (0, True), ran.err
    believes_nothing_false(ran)


def has_failed(ran: Ran, says: str) -> None:
    """The job has failed and says why, in one line; the digest says so too and has no number."""
    assert ran.code == 3, ran.err
    assert any(says in line for line in ran.err.splitlines() if " attempt " not in line)  # those are of --verbose
    assert ran.digest
    assert SHOWN not in ran.digest
    is_readable(ran)
    believes_nothing_false(ran)


def is_readable(ran: Ran) -> None:
    """What is said is lines for people: no traceback, nothing that steers a terminal, no end in sight."""
    assert "Traceback" not in ran.err
    assert all(char.isprintable() or char == "\n" for char in ran.err + ran.out)
    assert max(map(len, ran.err.splitlines())) < 600


def believes_nothing_false(ran: Ran) -> None:
    """No number of a broken answer is anywhere, nor is the key."""
    written = b"\n".join(content for name, content in ran.files.items() if name.startswith("out/"))
    assert str(world.BROKEN).encode() not in written
    assert world.BROKEN_SHOWN.encode() not in written
    assert leaks(ran.everything) == []


@pytest.mark.parametrize(
    ("scripts", "asked", "says"),
    [*scenarios.WELL, *scenarios.STATUSES, *scenarios.BROKEN, *scenarios.UNUSABLE, *scenarios.ODD],
)
def test_an_answer_is_had_in_the_end_or_the_job_says_why_not(
    door: Door, scripts: tuple[Answer, ...], asked: int, says: str
) -> None:
    with serving(*scripts) as server:
        ran = door(base(server), "--verbose")
        assert len(server.asked("overview")) == asked
    assert ran.err.count("POST report/activity/ attempt ") == asked
    has_failed(ran, says) if says else is_well(ran)


@pytest.mark.parametrize(("scripts", "asked", "says"), scenarios.WELL)
def test_a_recording_is_of_the_same_answer(door: Door, scripts: tuple[Answer, ...], asked: int, says: str) -> None:
    with serving(*scripts) as server:
        is_well(door(base(server), "--record", "recorded"))
        assert len(server.asked("overview")) == asked
        replayed = door(base(server), "--replay", "recorded")
        assert len(server.asked("overview")) == asked
    is_well(replayed)


@pytest.mark.parametrize("status", [500, 401, 404])
def test_a_digest_says_what_failed(door: Door, status: int) -> None:
    with serving(scenarios.refused(status)) as server:
        ran = door(base(server))
    assert f"HTTP {status}" in ran.digest
    result = json.loads(next(content for name, content in ran.files.items() if name.endswith("result.json")))
    assert [f"HTTP {status}" in str(one["failed"]) for one in result["asked"] if one["period"]] == [True]


# ---- hints of when to come again -------------------------------------------------------------------------


def date(moment: datetime) -> str:
    return email.utils.format_datetime(moment, usegmt=True)


def on(now: datetime, later: float) -> tuple[Header, Header]:
    """A ``Date``, and a ``Retry-After`` so many seconds later."""
    return ("Date", date(now)), ("Retry-After", date(now + timedelta(seconds=later)))


TODAY, LONG_AGO = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("script", "waits"),
    [
        pytest.param(limited(("RateLimit", "limit=100, remaining=0, reset=0.4")), 0.4, id="RateLimit"),
        pytest.param(limited(("ratelimit", "LIMIT=100,REMAINING=0,RESET=0.4")), 0.4, id="RateLimit in other letters"),
        pytest.param(limited(("RateLimit", "limit: 100, remaining: 0, reset: 0.4")), 0.4, id="RateLimit with colons"),
        pytest.param(limited(("Retry-After", "1")), 1, id="Retry-After in seconds"),
        pytest.param(limited(*on(TODAY, 1)), 1, id="Retry-After as a date"),
        pytest.param(limited(*on(LONG_AGO, 1)), 1, id="Retry-After as a date of another clock"),
        pytest.param(
            limited(body={"error": {"message": "Slow", "rate_reset": 0.4}}), 0.4, id="rate_reset inside error"
        ),
        pytest.param(limited(body={"error": "Slow", "rate_reset": 0.4}), 0.4, id="rate_reset at the top"),
        pytest.param(limited(body={"rate_reset": "0.4"}), 0.4, id="rate_reset as a text"),
        pytest.param(
            limited(
                ("RateLimit", "limit=100, remaining=0, reset=0.1"),
                ("Retry-After", "0"),
                body={"error": {"rate_reset": 0.4}, "rate_reset": 0.2},
            ),
            0.4,
            id="several, of which the largest counts",
        ),
        pytest.param(
            whole({"error": "Later"}, 503, ("Retry-After", "1")), 1, id="Retry-After of a service that is down"
        ),
    ],
)
def test_a_hint_is_waited_for(door: Door, script: Script, waits: float) -> None:
    with serving(script, scenarios.GOOD) as server:
        ran = door(base(server), limits={"wait": 1.2, "timeout": 5})
        first, second = (request.at for request in server.asked("overview"))
    is_well(ran)
    assert waits <= second - first < waits + 1


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(limited(("Retry-After", "31536000")), id="a year"),
        pytest.param(limited(("Retry-After", "9" * 400)), id="400 digits"),
        pytest.param(limited(("Retry-After", "1e309")), id="1e309"),
        pytest.param(limited(("RateLimit", "limit=1, remaining=0, reset=1e309")), id="RateLimit of 1e309"),
        pytest.param(limited(("RateLimit", "limit=1, remaining=0, reset=31536000")), id="RateLimit of a year"),
        pytest.param(limited(*on(TODAY, 86400 * 365)), id="a date in a year"),
        pytest.param(limited(body={"error": {"rate_reset": 10**30}}), id="a body of 10 to the 30th"),
        pytest.param(raw(b'{"rate_reset": 1e999}', 429), id="a body of 1e999"),
        pytest.param(raw(b'{"rate_reset": ' + b"9" * 400 + b"}", 429), id="a body of 400 digits"),
    ],
)
def test_a_hint_is_believed_up_to_the_limit(door: Door, script: Script) -> None:
    with serving(script, scenarios.GOOD) as server:
        ran = door(base(server), limits={"wait": 0.3, "timeout": 5})
        first, second = (request.at for request in server.asked("overview"))
    is_well(ran)
    assert 0.28 <= second - first < 1.3


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(limited(("Retry-After", "-5")), id="negative"),
        pytest.param(limited(("Retry-After", "NaN")), id="NaN"),
        pytest.param(limited(("Retry-After", "-inf")), id="minus infinity"),
        pytest.param(limited(("Retry-After", "abc")), id="abc"),
        pytest.param(limited(("Retry-After", "")), id="empty"),
        pytest.param(limited(("Retry-After", "Mon, 99 Foo 2026 99:99:99 GMT"), ("Date", date(TODAY))), id="no date"),
        pytest.param(limited(("Retry-After", date(TODAY)), ("Date", "today")), id="no Date"),
        pytest.param(limited(*on(TODAY, -3600)), id="a date an hour ago"),
        pytest.param(limited(("RateLimit", "limit=1, remaining=0, reset=-1")), id="RateLimit, negative"),
        pytest.param(limited(("RateLimit", "limit=x, remaining=y, reset=z")), id="RateLimit, letters"),
        pytest.param(limited(("RateLimit", "limit=0, remaining=-7, reset=0")), id="RateLimit, nothing at all"),
        pytest.param(limited(("RateLimit", "=,=;,;" * 2000)), id="RateLimit, noise"),
        pytest.param(raw(b'{"rate_reset": NaN}', 429), id="a body of NaN"),
        pytest.param(limited(body={"rate_reset": True, "error": {"rate_reset": None}}), id="a body of true and null"),
        pytest.param(limited(body={"rate_reset": {"a": []}, "error": ["b"]}), id="a body of lists"),
        pytest.param(raw(b"<h1>Slow down</h1>", 429, kind="text/html"), id="a page"),
        pytest.param(raw(b'{"error": ' + b"[" * 100_000, 429), id="a deep body"),
        pytest.param(raw(b"", 429), id="nothing"),
    ],
)
def test_an_absurd_hint_is_none(door: Door, script: Script) -> None:
    with serving(script, scenarios.GOOD) as server:
        ran = door(base(server), limits={"wait": 0.1, "timeout": 5})
        first, second = (request.at for request in server.asked("overview"))
    is_well(ran)
    assert second - first < 1


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        pytest.param("limit=10, remaining=0, reset=0.3", 0.3, id="none left"),
        pytest.param("limit=10, remaining=0, reset=31536000", 0.5, id="none left for a year"),
        pytest.param("limit=10, remaining=1, reset=31536000", 0, id="one left"),
        pytest.param("limit=10, remaining=0", 0, id="none left, until nobody knows"),
    ],
)
def test_when_no_request_is_left_the_next_waits_for_the_reset(door: Door, header: str, waits: float) -> None:
    with serving(metrics=(whole(world.METRICS, 200, ("RateLimit", header)),)) as server:
        ran = door(base(server), limits={"wait": 0.5, "timeout": 5, "in_flight": 1})
        first, second = (request.at for request in server.asked())
    is_well(ran)
    assert waits - 0.01 <= second - first < waits + 1


# ---- time ------------------------------------------------------------------------------------------------

HELD = {"timeout": 0.25, "wait": 0.05, "attempts": 2}
_FALSE_HEAD = answers.head(200, ("Content-Length", str(len(world.FALSE))))
_CHUNKED_HEAD = answers.head(200, ("Transfer-Encoding", "chunked"))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((pause(10),), id="silence"),
        pytest.param((send(_FALSE_HEAD), pause(10)), id="silence after the headers"),
        pytest.param((send(_FALSE_HEAD + world.FALSE[:50]), pause(10)), id="silence in the body"),
        pytest.param(
            (send(_CHUNKED_HEAD + answers.chunks(world.FALSE)), pause(10)), id="silence before the last chunk"
        ),
        pytest.param((drip(answers.sized(world.FALSE), 0.05),), id="headers that drip"),
        pytest.param((send(_FALSE_HEAD), drip(world.FALSE, 0.05)), id="a body that drips"),
        pytest.param((send(_CHUNKED_HEAD), drip(answers.chunks(world.FALSE, 1), 0.05, 6)), id="chunks that drip"),
        pytest.param((drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500, 0.05, 28),), id="early hints without end"),
        pytest.param((flood(b"HTTP/1.1 103 Early Hints\r\n\r\n", 10**6),), id="a flood of early hints"),
        pytest.param((send(b"HTTP/1.1 200 OK\r\n"), drip(b"X-Odd: 1\r\n" * 500, 0.05, 10)), id="headers without end"),
        pytest.param(
            (send(_CHUNKED_HEAD + b"2;"), drip(b"odd=1;" * 500, 0.05, 6)), id="a chunk's extensions without end"
        ),
        pytest.param(
            (send(_CHUNKED_HEAD + answers.chunk(b"{}") + b"0\r\n"), drip(b"X-Odd: 1\r\n" * 500, 0.05, 10)),
            id="trailers without end",
        ),
    ],
)
def test_every_attempt_has_an_end(door: Door, script: Script) -> None:
    with serving(script) as server:
        ran = door(base(server), limits=HELD)
        assert len(server.asked("overview")) == HELD["attempts"]
    has_failed(ran, "report/activity/")
    assert ran.seconds < 3


def test_an_answer_within_the_time_counts_after_one_that_was_not(door: Door) -> None:
    with serving((pause(10),), scenarios.GOOD) as server:
        is_well(door(base(server), limits={**HELD, "timeout": 0.6}))
        assert len(server.asked("overview")) == 2


# ---- connections -----------------------------------------------------------------------------------------


def test_a_refused_connection_is_said(door: Door) -> None:
    with socket.socket() as bound:  # bound, but nobody listens
        bound.bind(("127.0.0.1", 0))
        has_failed(door(f"http://127.0.0.1:{bound.getsockname()[1]}/api/v1/"), "could not be reached")


def test_a_name_that_nobody_has_is_said(door: Door) -> None:
    has_failed(door("https://nowhere.invalid/api/v1/", limits={"wait": 0.05, "timeout": 5}), "could not be reached")


def test_connections_that_are_reset_at_once_are_tried_again(door: Door) -> None:
    greetings = [(send(b"220 mail\r\n"), close()), (send(b"\0" * 50), close())]
    with Server(GOOD, greetings=greetings, name=world.by_question) as server:
        is_well(door(base(server)))
        assert server.connections >= 3


ME: dict[str, Json] = {
    "id": "user_1",
    "email": "ann@example.com",
    "first_name": "Ann",
    "last_name": "Lee",
    "organizations": [{"id": "orga_1", "name": "Example"}],
}
STATUSES: Json = {
    "status_overview": [],
    "status_transitions": [],
    "status_transitions_summary": [],
}
STATUS_PATH = "report/statuses/lead/orga_1/"


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        pytest.param((*whole(ME)[:-1], close()), [whole(STATUSES)], 1, id="ended while idle"),
        pytest.param(whole(ME), [(close(),), whole(STATUSES)], 2, id="ended as the next request came"),
        pytest.param(
            (*whole(ME)[:-1], send(b"HTTP/1.1 408 Late\r\n\r\n"), close()), [whole(STATUSES)], 1, id="with words"
        ),
    ],
)
def test_a_kept_connection_may_have_ended(door: Door, first: Script, second: list[Script], asked: int) -> None:
    scripts = {**GOOD, "me/": [first], STATUS_PATH: second}
    with Server(scripts, name=world.by_question) as server:
        ran = door(base(server), jobs={"statuses": world.STATUSES})
        assert len(server.asked("me/")) == 1
        assert len(server.asked(STATUS_PATH)) == asked
    assert ran.code == 0, ran.err


def test_a_surplus_answer_is_not_the_answer_to_the_next_question(door: Door) -> None:
    row: Json = {"status_id": "s", "status_label": "x", "ended": world.BROKEN, "entered": 0, "left": 0}
    false: Json = {"status_overview": [row], "status_transitions": [], "status_transitions_summary": []}
    surplus = (send(answers.sized(answers.text(ME)) + answers.sized(answers.text(false))), keep())
    with Server({"me/": [surplus], STATUS_PATH: [whole(STATUSES)]}, name=world.by_question) as server:
        ran = door(base(server), jobs={"statuses": world.STATUSES})
    assert ran.code == 0, ran.err
    believes_nothing_false(ran)


ODD = "\x1b[2J\r\nodd" + "y" * 10_000
"""What steers a terminal, and at length."""


@pytest.mark.parametrize(
    ("scripts", "jobs", "says"),
    [
        pytest.param({"me/": [whole({"error": ODD}, 400)]}, {"a": world.STATUSES}, "me/: HTTP 400", id="a reason"),
        pytest.param(
            {"me/": [whole({**ME, "organizations": [{"id": ODD, "name": "x"}]})]},
            {"a": world.STATUSES},
            "is no ID",
            id="an organization's ID",
        ),
        pytest.param(
            {"comparison": [whole({**world.comparison(), "data": [{"user_id": ODD}] * 2})]},
            {"a": world.COMPARISON},
            "two rows for user_id",
            id="a row that is there twice",
        ),
    ],
)
def test_what_a_service_says_is_one_short_line_without_control_characters(
    door: Door, scripts: Mapping[str, list[Script]], jobs: Mapping[str, Mapping[str, Json]], says: str
) -> None:
    with Server({**GOOD, **scripts}, name=world.by_question) as server:
        ran = door(base(server), jobs=jobs)
    assert ran.code == 3
    assert says in ran.err
    is_readable(ran)


@pytest.mark.parametrize(
    ("script", "says", "asked"),
    [
        pytest.param(whole({"error": "Not you"}, 401), "CLOSE_API_KEY", 1, id="401"),
        pytest.param((close(),), "after 5 attempts", ATTEMPTS, id="closed"),
        pytest.param(scenarios.refused(503), "HTTP 503", ATTEMPTS, id="503"),
        pytest.param(raw(b"["), "not JSON", 1, id="no JSON"),
        pytest.param(whole({}), "missing", 1, id="wrong shape"),
        pytest.param(whole({**ME, "organizations": []}), "no organization", 1, id="no organization"),
    ],
)
def test_who_cannot_be_told_is_an_error_before_any_number_is_asked(
    door: Door, script: Script, says: str, asked: int
) -> None:
    with Server({**GOOD, "me/": [script]}, name=world.by_question) as server:
        ran = door(base(server), jobs={"statuses": world.STATUSES})
        assert [request.path for request in server.asked()] == ["/api/v1/me/"] * asked
    assert ran.code == 3
    assert ran.err.startswith("error: me/: ")
    assert says in ran.err
    assert ran.digest == ""
    is_readable(ran)


# ---- TLS -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "make", "says"),
    [
        pytest.param(certificates.stranger, Authority.itself, "self-signed", id="self-signed"),
        pytest.param(certificates.stranger, Authority.good, "issuer", id="of a stranger"),
        pytest.param(certificates.authority, Authority.expired, "expired", id="expired"),
        pytest.param(certificates.authority, Authority.elsewhere, "mismatch", id="of another name"),
    ],
)
def test_a_certificate_that_is_not_right_is_refused_before_anything_is_sent(
    door: Door, tmp_path: Path, who: Callable[[], Authority], make: Callable[[Authority], ssl.SSLContext], says: str
) -> None:
    (tmp_path / "ca.pem").write_bytes(certificates.authority().pem)
    with Server(GOOD, tls=make(who()), name=world.by_question) as server:
        has_failed(door(base(server), ca_file="ca.pem"), says)
        assert server.asked() == []


def test_a_certificate_of_an_authority_that_is_given_is_trusted(door: Door, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(certificates.authority().pem)
    with Server(GOOD, tls=certificates.authority().good(), name=world.by_question) as server:
        is_well(door(base(server), ca_file="ca.pem"))
        assert len(server.asked("overview")) == 1


def test_without_the_authority_it_is_not(door: Door) -> None:
    with Server(GOOD, tls=certificates.authority().good(), name=world.by_question) as server:
        has_failed(door(base(server)), "issuer")
        assert server.asked() == []


def test_an_answer_cut_off_inside_tls_is_asked_for_again(door: Door, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(certificates.authority().pem)
    short = answers.cut(answers.sized(world.FALSE), close(), at=150)
    scripts = {**GOOD, "overview": [short, scenarios.GOOD]}
    with Server(scripts, tls=certificates.authority().good(), name=world.by_question) as server:
        is_well(door(base(server), ca_file="ca.pem"))
        assert len(server.asked("overview")) == 2


@pytest.mark.parametrize(
    "greeting",
    [
        pytest.param((pause(10),), id="silent"),
        pytest.param((send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), close()), id="without TLS"),
    ],
)
def test_a_server_that_shakes_no_hands_is_given_up(door: Door, greeting: Script) -> None:
    with Server(GOOD, greetings=[greeting] * 20) as server:
        ran = door(f"https://127.0.0.1:{server.port}/api/v1/", limits=HELD)
    has_failed(ran, "report/activity/")
    assert ran.seconds < 5


@pytest.mark.parametrize("content", [None, b"", b"no certificate"], ids=["missing", "empty", "no certificate"])
def test_an_authority_that_cannot_be_read_is_an_error_of_use(door: Door, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with serving() as server:
        ran = door(base(server), ca_file="ca.pem")
        assert server.connections == 0
    assert ran.code == 2
    assert "ca.pem" in ran.err
    assert leaks(ran.everything) == []


# ---- elsewhere -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(door: Door, status: int) -> None:
    with serving() as other:
        with serving(raw(b"", status, ("Location", f"{other.url}{world.PATH}"))) as server:
            has_failed(door(base(server)), f"HTTP {status}")
            assert len(server.asked("overview")) == 1
        assert other.connections == 0


def test_a_redirect_to_the_same_place_is_not_followed_either(door: Door) -> None:
    with serving(raw(b"", 307, ("Location", "/api/v1/report/activity/")), scenarios.GOOD) as server:
        has_failed(door(base(server)), "HTTP 307")
        assert len(server.asked("overview")) == 1


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_proxies_and_passwords_of_the_environment_are_not_used(door: Door, tmp_path: Path, scheme: str) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    with Server({}) as proxy, serving() as server:
        named = f"{scheme}://127.0.0.1:{proxy.port}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        netrc = {"NETRC": str(tmp_path / ".netrc")}
        ran = door(base(server), environment={**dict.fromkeys(names, named), **netrc})
        basic = base64.b64encode(f"{KEY}:".encode()).decode()
        assert {request.headers["authorization"] for request in server.asked()} == {f"Basic {basic}"}
        assert proxy.connections == 0
    is_well(ran)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param(
            (send(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), keep()), "407", id="407"
        ),
        pytest.param((send(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), close()), "502", id="502"),
        pytest.param((send(b"HTTP/1.1 200 Connected\r\n\r\n"), close()), "after 2 attempts", id="closed in the tunnel"),
        pytest.param(
            (send(b"HTTP/1.1 200 Connected\r\n\r\n"), pause(5)), "after 2 attempts", id="silent in the tunnel"
        ),
        pytest.param((send(b"noise\r\n\r\n"), close()), "after 2 attempts", id="noise"),
        pytest.param((pause(5),), "after 2 attempts", id="silent"),
        pytest.param((close(),), "after 2 attempts", id="closed"),
    ],
)
def test_a_proxy_that_fails_is_given_up_and_never_sees_the_key(door: Door, script: Script, says: str) -> None:
    with Server({"127.0.0.1:9": [script]}) as proxy:
        named = proxy.url.replace("//", "//ann:pass%20word@")
        ran = door("https://127.0.0.1:9/api/v1/", "--verbose", "--proxy", named, limits=HELD)
        assert {request.method for request in proxy.asked()} == {"CONNECT"}
        basic = base64.b64encode(b"ann:pass word").decode()
        assert {request.headers["proxy-authorization"] for request in proxy.asked()} == {f"Basic {basic}"}
        assert leaks(repr(proxy.asked()).encode()) == []
    has_failed(ran, says)
    assert leaks(ran.everything, "pass word") == []
    assert leaks(ran.everything, basic) == []


@pytest.mark.parametrize("secure", [False, True])
def test_a_proxy_passes_on_what_is_asked_for(door: Door, tmp_path: Path, secure: bool) -> None:
    (tmp_path / "ca.pem").write_bytes(certificates.authority().pem)
    tls = certificates.authority().good() if secure else None
    scripts = {f"http://127.0.0.1:9{path}": GOOD[name] for path, name in world.PATHS.items()}
    with Server(scripts, tls=tls) as proxy:
        is_well(door("http://127.0.0.1:9/api/v1/", "--proxy", proxy.url, ca_file="ca.pem"))
        assert proxy.connections >= 1


# ---- several jobs ----------------------------------------------------------------------------------------

BOTH = {"calls": world.OVERVIEW, "people": world.COMPARISON}


@pytest.mark.parametrize(
    ("script", "asked", "says"),
    [
        pytest.param(scenarios.refused(500), ATTEMPTS, "HTTP 500", id="500"),
        pytest.param(scenarios.refused(404), 1, "HTTP 404", id="404"),
        pytest.param(raw(b"[" * 9), 1, "not JSON", id="no JSON"),
        pytest.param(answers.cut(answers.sized(world.FALSE), close(), at=150), ATTEMPTS, "report/activity/", id="cut"),
    ],
)
def test_a_job_that_fails_costs_its_own_part_only(door: Door, script: Script, asked: int, says: str) -> None:
    with serving(script) as server:
        ran = door(base(server), jobs=BOTH)
        assert (len(server.asked("overview")), len(server.asked("comparison"))) == (asked, 1)
    has_failed(ran, says)
    assert PEOPLE_SHOWN in ran.digest


def test_names_that_cannot_be_had_cost_no_number(door: Door) -> None:
    with serving(metrics=(scenarios.refused(500),)) as server:
        ran = door(base(server))
        assert len(server.asked("metrics")) == ATTEMPTS
    is_well(ran)
    assert world.CALLS in ran.digest


def weeks(count: int) -> dict[str, Mapping[str, Json]]:
    """Jobs that ask a different question each."""
    return {f"week-{number}": {**world.OVERVIEW, "range": f"2026-W{number:02}"} for number in range(1, count + 1)}


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_ends_the_run(door: Door, status: int) -> None:
    scripts = {name: [whole({"error": "Not you"}, status)] for name in GOOD}
    with Server(scripts, name=world.by_question) as server:
        ran = door(base(server), jobs=weeks(40))
        assert len(server.asked()) <= 8  # those that were under way when the first was answered
    assert ran.code == 3
    assert f"HTTP {status}: Not you" in ran.err
    assert "live" in ran.err
    assert "CLOSE_API_KEY" in ran.err
    assert leaks(ran.everything) == []


def test_an_outage_fails_fast(door: Door) -> None:
    scripts = {name: [scenarios.refused(503)] for name in GOOD}
    with Server(scripts, name=world.by_question) as server:
        ran = door(base(server), jobs=weeks(40))
        assert len(server.asked()) <= 41 + 25
    has_failed(ran, "HTTP 503")
    assert ran.seconds < 10


# ---- the key ---------------------------------------------------------------------------------------------

FORMS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 with the colon": lambda key: base64.b64encode(f"{key}:".encode()).decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(f"{key}:".encode()).decode(),
    "percent-encoded": lambda key: quote(key, safe=""),
    "hex": lambda key: key.encode().hex(),
    "reversed": lambda key: key[::-1],
}
"""What a service may make of the key that it was sent."""

PLACES: Mapping[str, Callable[[str], Script]] = {
    "error": lambda said: whole({"error": f"No such key: {said}."}, 400),
    "errors": lambda said: whole({"errors": [f"No such key: {said}."]}, 400),
    "field-errors": lambda said: whole({"errors": [], "field-errors": {"metrics": f"not for {said}"}}, 400),
    "name of a field": lambda said: whole({"errors": [], "field-errors": {said: "not yours"}}, 400),
    "401": lambda said: whole({"error": f"No such key: {said}."}, 401),
    "503": lambda said: whole({"error": {"message": said}}, 503, ("Retry-After", said)),
    "reason": lambda said: (send(f"HTTP/1.1 400 {said}\r\nContent-Length: 0\r\n\r\n".encode()), keep()),
    "content type": lambda said: raw(world.FALSE, kind=said),
    "packing": lambda said: answers.zipped(b"", b"", said),
    "redirect": lambda said: raw(b"", 302, ("Location", f"https://example.com/{quote(said)}")),
    "key that is there twice": lambda said: raw(f"{{{json.dumps(said)}: 1, {json.dumps(said)}: 2}}".encode()),
    "moment": lambda said: whole(
        {"data": [{"datetime": said, world.CALLS: 1}], "aggregations": {"totals": {world.CALLS: 1}}}
    ),
    "status line": lambda said: (send(f"{said}\r\n\r\n".encode()), close()),
    "header": lambda said: (send(f"HTTP/1.1 200 OK\r\n{said}\r\n\r\n".encode()), close()),
    "chunk": lambda said: (send(_CHUNKED_HEAD + f"{said}\r\n".encode()), close()),
}
"""Where it may say so."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_a_service_that_repeats_the_key_is_not_quoted(door: Door, place: str, form: str) -> None:
    def echo(request: Request) -> Script:
        _, _, basic = request.headers["authorization"].partition(" ")
        sent = base64.b64decode(basic).decode().removesuffix(":")
        return PLACES[place](FORMS[form](sent))

    with serving(echo) as server:
        ran = door(base(server), "--verbose", "--record", "recorded")
        assert len(server.asked("overview")) >= 1
    assert ran.code == 3, ran.err
    assert "report/activity/" in ran.err
    assert "recorded/recording.json" in ran.files
    assert leaks(ran.everything) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_leak_would_be_found(form: str) -> None:
    assert leaks(f"so {FORMS[form](KEY)} said".encode()) != []


def test_verbose_says_what_was_asked_and_how_it_went_but_not_the_key(door: Door) -> None:
    with serving(limited(("Retry-After", "0")), (close(),), scenarios.GOOD) as server:
        ran = door(base(server), "--verbose")
    is_well(ran)
    assert "report/activity/" in ran.err
    assert "429" in ran.err


def test_a_number_that_is_asked_for_again_is_the_last_one_said(door: Door) -> None:
    with serving(answers.cut(answers.sized(world.FALSE), close(), at=150), whole(overview(NUMBER))) as server:
        ran = door(base(server))
        requests = server.asked("overview")
    is_well(ran)
    assert requests[0].body == requests[1].body
    assert requests[0].headers == requests[1].headers
