"""The door of the API: who is let in, what is found where, how failures are told."""

from __future__ import annotations

import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runner.engine.app import ROUTES
from runner.engine.inquiry import OutOfMemoryError
from tests.engine.memory import KEY, NOW, Api, Memory

WEEK: dict[str, Any] = {"type": "overview", "metrics": ["calls.outbound.all.count"], "relative_range": "this-week"}
REQUESTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "requests.json"


@pytest.fixture(scope="module")
def office() -> Memory:
    office = Memory(
        organization=[{"id": "orga_X", "name": "Acme", "date_created": "2025-01-01T00:00:00Z"}],
        saved_search=[{"id": "save_A", "name": "Hot", "type": "lead"}],
    )
    office.add_user("user_A", "Ann Able")
    office.add_user("user_B", "Bob Baker")
    return office


@pytest.fixture(scope="module")
def api(office: Memory) -> Api:
    return Api(office)


# ---- keys and hosts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"auth": None}, id="no key"),
        pytest.param({"auth": ("api_wrong", "")}, id="wrong key"),
        pytest.param({"auth": ("", "")}, id="empty key"),
        pytest.param({"auth": ("", KEY)}, id="key as password"),
        pytest.param({"auth": (KEY, "secret")}, id="key with a password"),
        pytest.param({"auth": (KEY + "é\U0001f511", "")}, id="key beyond ASCII"),
        pytest.param({"auth": None, "headers": {"Authorization": f"Bearer {KEY}"}}, id="bearer"),
        pytest.param({"auth": None, "headers": {"Authorization": "Basic !!!"}}, id="no base64"),
        pytest.param({"auth": None, "headers": {"Authorization": "Basic é"}}, id="no ASCII"),
        pytest.param({"auth": None, "headers": {"Authorization": "Basic"}}, id="nothing after Basic"),
    ],
)
@pytest.mark.parametrize("path", ["me/", "nowhere/"])
def test_without_a_right_key_nothing_is_told(api: Api, options: dict[str, Any], path: str) -> None:
    response = api.get(path, **options)
    assert response.status_code == 401
    assert response.get_json() == {"error": "Give an API key as the user name of HTTP Basic, with an empty password."}
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Reporting API"'


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8765", 200),
        ("127.0.0.1:8765", 200),
        ("[::1]:8765", 200),
        ("[::1]", 200),
        ("evil.example.com", 421),
        ("localhost.evil.example.com:8765", 421),
        ("localhost:8765:8765", 421),
        ("", 421),
    ],
)
def test_only_known_host_names_are_answered(office: Memory, host: str, status: int) -> None:
    api = Api(office, hosts=frozenset({"localhost", "127.0.0.1", "[::1]"}))
    response = api.get("me/", headers={"Host": host})
    assert response.status_code == status
    assert ("error" in response.get_json()) == (status != 200)


def test_without_a_list_every_host_name_is_answered(api: Api) -> None:
    assert api.get("me/", headers={"Host": "anything.example.com"}).status_code == 200


# ---- paths and methods -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(path for method, path, _ in ROUTES if method == "GET" and "<" not in path))
def test_paths_are_answered_with_and_without_their_last_slash(api: Api, path: str) -> None:
    with_slash, without = api.get(path), api.get(path.removesuffix("/"))
    assert (with_slash.status_code, without.status_code) == (200, 200)
    assert with_slash.data == without.data


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nowhere/",
        "user//",
        "user/user_A/more/",
        "user/user_zz/",
        "organization/orga_other/",
        "report/",
        "report/sent_emails/orga_other/",
        "report/statuses/lead/orga_other/",
        "report/statuses/task/orga_X/",
        "report/custom/orga_other/",
        "report/funnel/lead/totals/",
        "report/activity/orga_other/",
        "user/%00%ff/",
        "../../../etc/passwd",
    ],
)
def test_what_is_not_there_is_404(api: Api, path: str) -> None:
    response = api.get(path)
    assert (response.status_code, response.mimetype) == (404, "application/json")
    assert list(response.get_json()) == ["error"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "report/activity/", {"POST"}),
        ("DELETE", "report/activity", {"POST"}),
        ("POST", "me/", {"GET", "HEAD"}),
        ("PUT", "user/user_A/", {"GET", "HEAD"}),
        ("OPTIONS", "user/", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(api: Api, method: str, path: str, allow: set[str]) -> None:
    response = api.client.open(f"/api/v1/{path}", method=method, auth=(KEY, ""))
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == allow
    assert list(response.get_json()) == ["error"]


def test_the_report_that_was_replaced_says_what_to_ask_instead(api: Api) -> None:
    response = api.get("report/activity/orga_X/?date_start=2015-01-25&date_end=2015-01-26&user_id=user_A")
    assert response.status_code == 405
    assert response.headers["Allow"] == ""
    assert response.get_json() == {
        "error": "This report was replaced: POST to report/activity/ with type, metrics and a range."
    }


def test_head_has_the_headers_of_get_and_no_body(api: Api) -> None:
    head, get = (api.client.open("/api/v1/me/", method=method, auth=(KEY, "")) for method in ("HEAD", "GET"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.data))


def test_answers_are_compact_json_that_nobody_keeps(api: Api) -> None:
    response = api.get("organization/orga_X/")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data.startswith(b'{"id":"orga_X","name":"Acme","memberships":[{"user_id":"user_A",')


# ---- bodies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "The body is not JSON.", id="empty"),
        pytest.param(b"{", "The body is not JSON.", id="cut off"),
        pytest.param(b'{"type": NaN}', "The body is not JSON.", id="not a number"),
        pytest.param(b"\xff\xfe\xfd", "The body is not JSON.", id="no text"),
        pytest.param(b"[" * 100_000, "The body is not JSON.", id="deep"),
        pytest.param(b'{"a": ' + b"9" * 5_000 + b"}", "The body is not JSON.", id="endless number"),
        pytest.param(b"[]", "The body must be a JSON object.", id="list"),
        pytest.param(b'"overview"', "The body must be a JSON object.", id="text"),
        pytest.param(b"null", "The body must be a JSON object.", id="null"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(api: Api, data: bytes, said: str) -> None:
    response = api.client.post("/api/v1/report/activity/", data=data, content_type="application/json", auth=(KEY, ""))
    assert response.status_code == 400
    assert response.get_json() == {"errors": [said], "field-errors": {}}


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_said_to_be_json_is_refused(api: Api, content_type: str | None) -> None:
    response = api.client.post(
        "/api/v1/report/activity/", data=json.dumps(WEEK), content_type=content_type, auth=(KEY, "")
    )
    assert response.status_code == 415
    assert list(response.get_json()) == ["error"]


@pytest.mark.parametrize(("size", "status"), [(1 << 20, 200), ((1 << 20) + 1, 413)])
def test_a_body_may_have_a_mebibyte(api: Api, size: int, status: int) -> None:
    data = json.dumps(WEEK).ljust(size)
    response = api.client.post("/api/v1/report/activity/", data=data, content_type="application/json", auth=(KEY, ""))
    assert response.status_code == status
    assert ("error" in response.get_json()) == (status == 413)


def test_a_body_of_unsaid_length_is_cut_off_too(api: Api) -> None:
    response = api.client.post(
        "/api/v1/report/activity/",
        content_type="application/json",
        auth=(KEY, ""),
        environ_overrides={
            "wsgi.input": io.BytesIO(b" " * ((1 << 20) + 1)),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert response.status_code == 413


# ---- the offset, the clock, failures ---------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "abc", "24", "nan"])
def test_an_offset_that_is_no_number_of_hours_is_refused(api: Api, header: str) -> None:
    response = api.post("report/activity/", WEEK, headers={"x-tz-offset": header})
    assert response.status_code == 400
    assert list(response.get_json()["field-errors"]) == ["x-tz-offset"]


def test_the_clock_is_read_once_for_a_request(office: Memory) -> None:
    readings: list[datetime] = []

    def now() -> datetime:
        readings.append(NOW)
        return NOW

    api = Api(office, now)
    api.report(**WEEK)
    api.report(**WEEK)
    assert len(readings) == 2


def test_the_clock_may_stand_in_any_zone(office: Memory) -> None:
    east = datetime.fromisoformat("2026-11-16T00:30:00+05:30")
    assert Api(office, lambda: east).report(**WEEK)["data"][0]["datetime"] == "2026-11-09T00:00:00+00:00"


class Broken:
    """A backend that fails."""

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        raise ArithmeticError(f"secret of {sql}")

    def resources(self, kind: str) -> list[dict[str, Any]]:
        raise ArithmeticError(f"secret of {kind}")


def test_a_failure_inside_is_logged_and_told_without_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="runner.engine.app"):
        response = Api(Broken()).post("report/activity/", WEEK)
    assert response.status_code == 500
    assert response.get_json() == {"error": "The engine failed; its log says why."}
    assert "POST /api/v1/report/activity/ failed" in caplog.text
    assert "ArithmeticError" in caplog.text
    assert KEY not in caplog.text


def test_the_same_request_gives_the_same_bytes_also_from_several_threads(api: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("report/activity/", WEEK).data, range(24)))
    assert len(set(answers)) == 1


# ---- requests seen in public code ------------------------------------------------------------------------


def activity_requests() -> list[Any]:
    if not REQUESTS.exists():
        return []
    listed = json.loads(REQUESTS.read_text())["requests"]
    return [pytest.param(each, id=each["id"]) for each in listed if each["path"].startswith("/api/v1/report/activity/")]


@pytest.mark.skipif(not REQUESTS.exists(), reason="the collection of public requests is not here")
@pytest.mark.parametrize("request_", activity_requests() or [None])
def test_requests_of_public_clients_are_answered(api: Api, request_: Any) -> None:
    response = api.client.open(
        request_["path"],
        method=request_["method"],
        query_string=request_.get("query"),
        json=request_.get("body"),
        headers=request_.get("headers"),
        auth=(KEY, ""),
    )
    body = request_.get("body", {})
    if request_["method"] == "GET":
        assert (response.status_code, list(response.get_json())) == (405, ["error"])
    elif "query" in body:
        assert response.status_code == 400
        missing = [] if "metrics" in body else ["metrics"]
        assert list(response.get_json()["field-errors"]) == [*missing, "query.saved_search_id"]
    else:
        assert response.status_code == 200
        assert list(response.get_json()["aggregations"]["totals"]) == body["metrics"]


def test_no_route_is_listed_twice() -> None:
    assert len({(method, path) for method, path, _ in ROUTES}) == len(ROUTES)


def test_moments_before_1970_and_far_ahead_are_answered(api: Api) -> None:
    far = {"start": "0002-01-01T00:00:00Z", "end": "0002-01-02T00:00:00Z"}
    told = api.report(type="overview", metrics=["calls.all.all.count"], datetime_range=far)
    assert told["data"][0]["datetime"] == "0002-01-01T00:00:00+00:00"
    late = {"start": "9998-12-30T00:00:00Z", "end": "9998-12-31T23:59:59.999Z"}
    told = api.report("23", type="overview", metrics=["calls.all.all.count"], datetime_range=late)
    assert told["data"][-1]["datetime"] == "9999-01-01T00:00:00+23:00"


class Full(Memory):
    """A backend that has no memory left."""

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        raise OutOfMemoryError(sql)


def test_what_needs_too_much_memory_can_be_asked_again() -> None:
    response = Api(Full()).post("report/activity/", WEEK)
    assert response.status_code == 503
    assert response.get_json() == {"error": "The engine has too little memory for that; ask again, or for less."}
