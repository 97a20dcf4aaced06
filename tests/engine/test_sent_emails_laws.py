"""The report of sent e-mails over hostile organizations: against its plain restatement, and the laws it must keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.laws import OFFSETS, Office, office, path
from tests.engine.oracle import sent_emails as oracle
from tests.engine.oracle.statuses import period

Row = dict[str, Any]


@pytest.fixture(scope="module", params=range(20, 22), ids=lambda seed: f"seed {seed}")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(request.param, tmp_path_factory.mktemp("sent")) as found:
        yield found


def request(the: Office) -> tuple[Row, str | None]:
    return the.dates() | ({"user_id": the.user()} if the.chance(0.5) else {}), the.offset()


def backwards(params: Row, offset: str | None, now: int) -> bool:
    over = period(params, OFFSETS[offset], now)
    return "date_end" in params and over.start is not None and over.start > over.end


def agree(the: Office, requests: int) -> None:
    for _ in range(requests):
        params, offset = request(the)
        told = the.get(path("sent_emails"), params, offset)
        if backwards(params, offset, the.now):
            assert "sent_email_stats" not in told, (the.seed, params, offset)
        else:
            assert told == oracle.report(the.world, params, OFFSETS[offset], the.now), (the.seed, params, offset)


def list_what_they_count(the: Office, requests: int) -> None:
    """Every string finds the leads of the e-mails counted."""
    for _ in range(requests):
        params, offset = request(the)
        if backwards(params, offset, the.now):
            continue
        rows = oracle.emails(the.world, params, OFFSETS[offset], the.now)
        for told in the.get(path("sent_emails"), params, offset)["sent_email_stats"]:
            template = told["template_id"]
            own = [row for row in rows if template is None or row["template_id"] == template]
            for name, counted in oracle.counted(own).items():
                assert told[name] == len(counted)
                query = told["_queries"][name]
                assert the.leads(query, offset) == the.world.holders(counted), (the.seed, params, offset, query)


def test_the_engine_and_the_plain_restatement_agree(asked: Office) -> None:
    agree(asked, requests=60)


def test_every_string_lists_the_leads_of_the_emails_counted(asked: Office) -> None:
    list_what_they_count(asked, requests=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 203))
def test_the_engine_and_the_plain_restatement_agree_at_length(seed: int, tmp_path: Path) -> None:
    with office(seed, tmp_path) as the:
        agree(the, requests=150)
        list_what_they_count(the, requests=15)


def test_no_part_is_more_than_the_whole(asked: Office) -> None:
    for _ in range(20):
        params, offset = request(asked)
        if backwards(params, offset, asked.now):
            continue
        every, *templates = asked.get(path("sent_emails"), params, offset)["sent_email_stats"]
        for row in (every, *templates):
            assert 0 <= row["opened"] <= row["total"]
            assert 0 <= row["responded"] <= row["total"]
            assert 0 <= row["percentage_opened"] <= 100
            assert 0 <= row["percentage_responded"] <= 100
        for name in ("total", "opened", "responded"):
            assert sum(row[name] for row in templates) <= every[name]


def test_the_same_request_gives_the_same_bytes(asked: Office) -> None:
    params, _ = request(asked)
    first, second = (asked.api.get(path("sent_emails"), query_string=params).data for _ in range(2))
    assert first == second
