"""The reports' SQL means the same on another engine: DuckDB and SQLite give the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from runner.engine import app, sample
from runner.engine.layout import TABLES
from runner.engine.load import load
from runner.engine.metrics import METRICS
from runner.engine.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Sqlite:
    """A backend in ten lines, as the layout promises."""

    def __init__(self, store: Store) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.resources = store.resources
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * (columns.count(",") + 1))
            self._connection.executemany(
                f"INSERT INTO {table} VALUES ({marks})", store.execute(f"SELECT * FROM {table}")
            )

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Client]]:
    folder: Path = tmp_path_factory.mktemp("portable")
    (folder / "dump").mkdir()
    sample.write(folder / "dump", NOW, history=40)
    load(folder / "dump", folder / "store")
    with Store.open(folder / "store") as store:
        other = Sqlite(store)
        backends = (store, other)
        yield tuple(Client(app.create(each, keys=frozenset({"k"}), now=lambda: NOW)) for each in backends)  # type: ignore[misc]  # two of them
        other.close()


@pytest.mark.parametrize("kind", ["overview", "comparison"])
@pytest.mark.parametrize("offset", ["0", "-5", "5.5", "-4.95"])
@pytest.mark.parametrize("word", ["yesterday", "last-week", "last-month", "this-year", "all-time"])
def test_every_metric_is_the_same_on_both(engines: tuple[Client, Client], kind: str, offset: str, word: str) -> None:
    body = {"type": kind, "metrics": list(METRICS), "relative_range": word}
    answers = [
        engine.post("/api/v1/report/activity/", json=body, auth=("k", ""), headers={"x-tz-offset": offset})
        for engine in engines
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize("offset", ["0", "-4.95"])
@pytest.mark.parametrize("word", ["last-week", "last-month", "all-time"])
def test_statuses_and_funnels_are_the_same_on_both(engines: tuple[Client, Client], offset: str, word: str) -> None:
    told: list[list[bytes]] = [[], []]
    for engine, answers in zip(engines, told, strict=True):

        def ask(path: str, body: dict[str, Any] | None = None, *, client: Client = engine, **query: str) -> Any:
            method = "GET" if body is None else "POST"
            options = {"query_string": query} if body is None else {"json": body}
            headers = {"x-tz-offset": offset}
            return client.open(f"/api/v1/{path}", method=method, auth=("k", ""), headers=headers, **options)

        organization = ask("me/").get_json()["organizations"][0]["id"]
        for kind in ("lead", "opportunity"):
            path = f"report/statuses/{kind}/{organization}/"
            answers += [ask(path, date_start="2026-11-01").data, ask(path).data]
        for pipeline in ask("pipeline/").get_json()["data"]:
            for report in ("totals", "stages"):
                active = {"type": "active-stage-cohort", "pipeline": pipeline["id"], "report_relative_range": word}
                created = {"type": "created-cohort", "pipeline": pipeline["id"], "cohort_relative_range": word}
                answers += [ask(f"report/funnel/opportunity/{report}/", body).data for body in (active, created)]
    assert told[0] == told[1]
    assert not any(b"error" in answer for answer in told[0])
