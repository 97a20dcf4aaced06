"""Whatever is asked, the answer is an answer or a refusal in the API's words, never a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.engine.ranges import SAME_DAYS, WORDS
from tests.engine.laws import Office, office, path
from tests.engine.organizations import ORGANIZATION

Row = dict[str, Any]

MANY = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

TEXTS = st.sampled_from(
    (
        *("", " ", "*", "user_a", "user_gone", "group_1", "pipe_0", "pipe_none", "save_1", "save_s0", "nothing", "\0"),
        *("overview", "comparison", "created-cohort", "active-stage-cohort", "auto", "day", "week", "5", "-1", "1e9"),
        *("calls.all.all.count", "leads.contacted.all.count", "calls.all.all.avg_duration", *WORDS, *SAME_DAYS),
        *("2026-10-25", "2026-10-25T01:00:00Z", "2026-11-01T00:00:00.5-05:00", "2026-10-25 01:00", "2026-02-30"),
        *("9998-12-31T23:59:59.999999Z", "9998-12-31", "0002-01-01T00:00:00+14:00", "0002-01-01"),
        *("lead.status_id", "lead.count", "lead.date_created", "opportunity.value", "lead.custom.Score", "email.sent"),
        *("avg", "sum", "opportunity.date_lost", "call.duration", "email.has_reply", "saved_search"),
        *("'; DROP TABLE lead", 'name:"x', 'status:"Won"', "é"),
    )
) | st.text(max_size=5)  # fmt: skip
ATOMS = (
    TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
)
RANGE = st.fixed_dictionaries({}, optional={"start": ATOMS, "end": ATOMS, "more": ATOMS})
VIEW = st.fixed_dictionaries({}, optional={"type": st.just("saved_search") | ATOMS, "saved_search_id": ATOMS})
ANYTHING = ATOMS | st.lists(ATOMS, max_size=3) | RANGE | VIEW

KEYS = (
    *("type", "metrics", "datetime_range", "relative_range", "query", "users", "pipeline", "report_relative_range"),
    *("report_datetime_range", "cohort_relative_range", "cohort_datetime_range", "compared_relative_range"),
    *("compared_datetime_range", "compared_custom_range", "Unknown"),
)
BODIES = st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=8) | st.fixed_dictionaries(
    {
        "type": st.sampled_from(("overview", "comparison", "created-cohort", "active-stage-cohort")),
        "pipeline": st.sampled_from(("pipe_0", "pipe_none")),
        "metrics": st.lists(TEXTS, min_size=1, max_size=3) | st.just(["calls.all.all.count"]),
    },
    optional={key: ANYTHING for key in KEYS[2:] if key != "pipeline"},
)
PARAMETERS = st.dictionaries(
    st.sampled_from(("date_start", "date_end", "user_id", "query", "smart_view_id", "x", "y", "interval", "transform_y",
                     "group_by", "start", "end", "_limit", "_skip", "_fields", "type__in")),
    TEXTS, max_size=6,
)  # fmt: skip
POSTS = ("report/activity/", "report/funnel/opportunity/totals/", "report/funnel/opportunity/stages/")
GETS = (
    *(path(report) for report in ("sent_emails", "statuses/lead", "statuses/opportunity", "custom", "custom")),
    *("me/", "user/", "group/", "saved_search/", "pipeline/", "status/lead/", "lead/", f"organization/{ORGANIZATION}/"),
)
OFFSETS = st.sampled_from((None, "0", "-5", "23.99", "-23.99", "24", "x", "", "1e3"))


@pytest.fixture(scope="module")
def the(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(60, tmp_path_factory.mktemp("any")) as found:
        yield found


def is_answered_or_refused(response: Any) -> None:
    assert response.status_code in (200, 400), response.text
    if response.status_code == 400:
        told = response.get_json()
        assert told.keys() == {"errors", "field-errors"}
        assert told["errors"] or told["field-errors"]
        assert all(isinstance(text, str) and text for text in (*told["errors"], *told["field-errors"].values()))


@MANY
@given(st.sampled_from(POSTS), BODIES, OFFSETS, st.sampled_from(("application/json", "text/csv")))
def test_any_body_is_answered_or_refused(the: Office, post: str, body: Row, offset: str | None, accept: str) -> None:
    headers = {"Accept": accept} | ({} if offset is None else {"x-tz-offset": offset})
    is_answered_or_refused(the.api.post(post, body, headers=headers))


@MANY
@given(st.sampled_from(GETS), PARAMETERS, OFFSETS)
def test_any_parameters_are_answered_or_refused(the: Office, get: str, params: Row, offset: str | None) -> None:
    headers = {} if offset is None else {"x-tz-offset": offset}
    is_answered_or_refused(the.api.get(get, query_string=params, headers=headers))
