"""What an answer says of the rate limit, and of the clock: every form that was seen, and every absurd one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from runner.client import hints
from runner.client.hints import Rate

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        pytest.param({"ratelimit": "limit=100, remaining=0, reset=0.25"}, {}, 0.25, id="decimal reset"),
        pytest.param({"retry-after": "3"}, {}, 3, id="seconds"),
        pytest.param({"retry-after": "2.5"}, {}, 2.5, id="decimal seconds"),
        pytest.param({"retry-after": "Mon, 23 Nov 2026 12:00:09 GMT", "date": DATE}, {}, 9, id="date"),
        pytest.param({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT", "date": DATE}, {}, 0, id="date in the past"),
        pytest.param({"retry-after": "Mon, 23 Nov 2026 12:00:09 GMT"}, {}, None, id="date without a clock"),
        pytest.param({}, {"error": {"message": "slow", "rate_reset": 1.5}}, 1.5, id="old form of the body"),
        pytest.param({}, {"rate_reset": "4"}, 4, id="top of the body, as text"),
        pytest.param(
            {"ratelimit": "limit=1, remaining=0, reset=2", "retry-after": "3"}, {"rate_reset": 7}, 7, id="the longest"
        ),
        pytest.param({"ratelimit": "limit=1, remaining=0, reset=2", "retry-after": "soon"}, {}, 2, id="one readable"),
        pytest.param({}, {}, None, id="none"),
        pytest.param({"retry-after": "-5"}, {}, None, id="negative"),
        pytest.param({"retry-after": "nan"}, {}, None, id="no number"),
        pytest.param({"retry-after": "abc"}, {}, None, id="words"),
        pytest.param({"retry-after": "1e309"}, {}, float("inf"), id="beyond floats, to be clamped"),
        pytest.param({}, {"rate_reset": True}, None, id="a boolean"),
        pytest.param({}, {"rate_reset": None, "error": "text"}, None, id="null"),
        pytest.param({}, [1], None, id="a list"),
        pytest.param({"ratelimit": "limit=100;reset=x"}, {}, None, id="half a header"),
    ],
)
def test_the_longest_wait_that_can_be_read_counts(headers: dict[str, str], body: object, seconds: float | None) -> None:
    assert hints.wait(headers, json.dumps(body).encode()) == seconds


def test_a_body_that_is_no_json_says_nothing() -> None:
    assert hints.wait({}, b"<html>") is None
    assert hints.wait({}, b"[" * 100_000) is None


@pytest.mark.parametrize(
    ("header", "rate"),
    [
        ("limit=100, remaining=50, reset=5.2", Rate(100, 50, 5.2)),
        ("remaining=0,reset=1,limit=10", Rate(10, 0, 1)),
        ("Limit = 3; Remaining = 2; Reset = 1", Rate(3, 2, 1)),
        ("limit=100, remaining=50", None),
        ("limit=100, remaining=-1, reset=2", None),
        ("", None),
    ],
)
def test_the_header_is_read_when_it_says_all_three(header: str, rate: Rate | None) -> None:
    assert hints.rate({"ratelimit": header}) == rate


NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        pytest.param("Mon, 23 Nov 2026 11:58:00 GMT", 120.0, id="ahead"),
        pytest.param("Mon, 23 Nov 2026 13:00:00 +0100", 0.0, id="another zone"),
        pytest.param("Mon, 23 Nov 2026 12:01:01 GMT", -61.0, id="behind"),
        pytest.param("Mon, 23 Nov 2026 12:00:00 -0000", None, id="no zone"),
        pytest.param("noon", None, id="no date"),
        pytest.param(None, None, id="not said"),
    ],
)
def test_the_skew_is_read_from_the_date_of_an_answer(date: str | None, seconds: float | None) -> None:
    assert hints.skew({} if date is None else {"date": date}, NOON) == seconds
