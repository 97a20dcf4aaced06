"""The client at the httpx seam: what goes out, and what becomes of every kind of answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
import respx

from runner.client import Client, Key
from runner.errors import ServiceError
from runner.model import Limits, Query, Secret

BASE = "http://close.example.com/api/v1/"
METRICS = Query("GET", "report/activity/metrics/", {"metrics": [{"key": str}]})
REPORT = Query(
    "POST",
    "report/activity/",
    {"data": [{"datetime": str, "calls?": (int, type(None))}]},
    params=(("a", "b c"),),
    body={"type": "overview", "metrics": ["calls"]},
    tz_offset=-4.5,
)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(httpx.HTTPTransport(), BASE, Key(Secret("api_1234")), limits=Limits(wait=0.01)) as client:
        yield client


@respx.mock
def test_a_get_goes_to_its_path_below_the_base_with_the_key(client: Client) -> None:
    route = respx.get(BASE + METRICS.path).respond(json={"metrics": [{"key": "calls"}]})
    assert client.ask(METRICS).data == {"metrics": [{"key": "calls"}]}
    request = route.calls.last.request
    assert request.headers["authorization"] == "Basic YXBpXzEyMzQ6"
    assert "x-tz-offset" not in request.headers
    assert request.headers["accept"] == "application/json"


@respx.mock
def test_a_post_carries_its_body_parameters_and_offset(client: Client) -> None:
    route = respx.post(BASE + REPORT.path).respond(json={"data": []})
    client.ask(REPORT)
    request = route.calls.last.request
    assert json.loads(request.content) == {"type": "overview", "metrics": ["calls"]}
    assert request.url.query == b"a=b+c"
    assert request.headers["x-tz-offset"] == "-4.5"


@respx.mock
@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        pytest.param(401, {"error": "Invalid key"}, "HTTP 401: Invalid key", id="error text"),
        pytest.param(400, {"errors": ["Bad."], "field-errors": {}}, "HTTP 400: Bad.", id="list of errors"),
        pytest.param(
            400,
            {"errors": [], "field-errors": {"metrics": "This field is required."}},
            "metrics: This field",
            id="field",
        ),
        pytest.param(503, None, "HTTP 503: Service Unavailable", id="no body"),
        pytest.param(418, ["odd"], "HTTP 418: I'm a teapot", id="odd body"),
        pytest.param(302, None, "HTTP 302: Found", id="a redirect is not followed"),
    ],
)
def test_a_refusal_is_said_in_one_line(client: Client, status: int, body: object, said: str) -> None:
    respx.get(BASE + METRICS.path).mock(
        httpx.Response(status, json=body) if body is not None else httpx.Response(status, html="<h1>no</h1>")
    )
    with pytest.raises(ServiceError, match="report/activity/metrics/: ") as caught:
        client.ask(METRICS)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@respx.mock
def test_what_the_service_says_of_a_field_is_kept_apart(client: Client) -> None:
    respx.get(BASE + METRICS.path).respond(400, json={"errors": [], "field-errors": {"users": "Unknown user"}})
    with pytest.raises(ServiceError) as caught:
        client.ask(METRICS)
    assert caught.value.fields == {"users": "Unknown user"}


@respx.mock
@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        pytest.param(b"<html>", "text/html", "expected JSON, got text/html", id="html with 200"),
        pytest.param(b"{}", "", "expected JSON, got an answer without a content type", id="no content type"),
        pytest.param(b"", "application/json", "the answer is empty", id="empty"),
        pytest.param(b'{"metrics": [', "application/json", "is not JSON", id="cut short"),
        pytest.param(b'{"metrics": [{}]}', "application/json", "metrics[0].key: missing", id="wrong shape"),
    ],
)
def test_an_answer_that_cannot_be_used_is_an_error(client: Client, content: bytes, kind: str, said: str) -> None:
    headers = {"content-type": kind} if kind else {}
    respx.get(BASE + METRICS.path).mock(httpx.Response(200, content=content, headers=headers))
    with pytest.raises(ServiceError) as caught:
        client.ask(METRICS)
    assert said in str(caught.value)


@respx.mock
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(httpx.ReadTimeout("slow"), r"no answer within 90 s \(after 5 attempts\)", id="time-out"),
        pytest.param(httpx.ConnectError("refused"), "could not be reached: refused", id="refused"),
    ],
)
def test_a_service_that_does_not_answer_is_an_error(client: Client, fault: Exception, said: str) -> None:
    respx.get(BASE + METRICS.path).mock(side_effect=fault)
    with pytest.raises(ServiceError, match=said):
        client.ask(METRICS)


@respx.mock
def test_the_key_is_in_no_error(client: Client) -> None:
    respx.get(BASE + METRICS.path).respond(500, json={"error": "broken"})
    with pytest.raises(ServiceError) as caught:
        client.ask(METRICS)
    assert "YXBp" not in repr(caught.value)


def test_the_same_question_has_the_same_key_whatever_is_expected() -> None:
    same = Query("GET", "report/activity/metrics/", {"metrics": list})
    assert same.key == METRICS.key
    assert REPORT.key != METRICS.key
