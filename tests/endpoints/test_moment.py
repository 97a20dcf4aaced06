"""Moments as services write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runner.endpoints import moment


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-11-16T00:00:00Z", datetime(2026, 11, 16, tzinfo=UTC), id="UTC"),
        pytest.param("2026-11-16T02:30:00+02:30", datetime(2026, 11, 16, tzinfo=UTC), id="an offset"),
        pytest.param("2026-11-16T00:00:00", None, id="no offset"),
        pytest.param("2026-11-16", None, id="a date"),
        pytest.param("Monday", None, id="a word"),
        pytest.param("", None, id="nothing"),
        pytest.param("0001-01-01T00:00:00+14:00", None, id="the first day, which is none in UTC"),
        pytest.param("9999-12-31T23:59:59-14:00", None, id="the last day, which is none in UTC"),
    ],
)
def test_a_moment_has_an_offset_and_is_one_in_every_zone(text: str, at: datetime | None) -> None:
    assert moment.instant(text) == at
