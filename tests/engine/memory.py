"""The canonical tables in a DuckDB in memory, filled row by row: a backend for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
from werkzeug.test import Client, TestResponse

from runner.engine.app import create
from runner.engine.layout import TABLES

KEY = "api_test"
NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
"""A Wednesday."""

_CALENDAR = """
INSERT INTO calendar
SELECT day, day * 86400000000::BIGINT, (day + 3) // 7, (day + 4) // 7, months, months // 3, months // 12 FROM (
  SELECT day, (year(DATE '1970-01-01' + day) - 1970) * 12 + month(DATE '1970-01-01' + day) - 1 AS months
  FROM (SELECT unnest(range(19600, 21000))::INTEGER AS day)
)
"""
"""August 2023 to June 2027."""


def micros(text: str) -> int:
    """Microseconds since 1970 of an ISO datetime with an offset."""
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def day(text: str) -> int:
    """Days since 1970 of a plain date."""
    return micros(f"{text}T00:00:00Z") // 86_400_000_000


class Memory:
    """A backend whose rows are added one by one; columns that are not named are NULL."""

    def __init__(self, **resources: list[dict[str, Any]]) -> None:
        self._connection = duckdb.connect()
        self._resources = resources
        self._rows = dict.fromkeys(TABLES, 0)
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns})")
        self._connection.execute(_CALENDAR)

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.cursor().execute(sql).fetchall()

    def resources(self, kind: str) -> list[dict[str, Any]]:
        return self._resources.get(kind, [])

    def add(self, table: str, **columns: object) -> None:
        """A row, with its number and the days of its moments."""
        row = {"no": self._rows[table]} | columns
        self._rows[table] += 1
        for moment, known in (("ts", "day"), ("created", "created_day")):
            if isinstance(row.get(moment), str):
                row[moment] = micros(str(row[moment]))
            if f" {known} INTEGER" in TABLES[table] and isinstance(at := row.get(moment), int):
                row[known] = at // 86_400_000_000
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    def add_user(self, identity: str, name: str, *, present: bool = True) -> None:
        """A user; ``name`` is first and last name of a present one, the full name of a removed one."""
        first, _, last = name.partition(" ")
        names = {"first_name": first, "last_name": last} if present else {"full_name": name}
        self.add("user_account", id=identity, email=f"{identity}@example.com", present=int(present), **names)


class Api:
    """Asks an application the way a client with a key does."""

    def __init__(self, backend: Any, now: Callable[[], datetime] = lambda: NOW, **options: Any) -> None:
        self.client = Client(create(backend, keys=frozenset({KEY}), now=now, **options))

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(f"/api/v1/{path}", **{"auth": (KEY, ""), **options})

    def post(self, path: str, body: object, **options: Any) -> TestResponse:
        return self.client.post(f"/api/v1/{path}", json=body, **{"auth": (KEY, ""), **options})

    def report(self, offset: str | None = None, **body: object) -> Any:
        """The activity report, which must succeed."""
        response = self.post("report/activity/", body, headers={} if offset is None else {"x-tz-offset": offset})
        assert response.status_code == 200, response.text
        return response.get_json()

    def refusal(self, **body: object) -> dict[str, str]:
        """The field errors of an activity report, which must be refused."""
        response = self.post("report/activity/", body)
        assert response.status_code == 400, response.text
        told = response.get_json()
        assert set(told) == {"errors", "field-errors"}
        fields: dict[str, str] = told["field-errors"]
        return fields
