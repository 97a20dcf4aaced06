"""Definitions, plans and digests made by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from runner import endpoints
from runner.client import shape
from runner.model import Answer, Cell, Digest, Failure, Job, Json, Plan, Section, Source, Spec, Table, Value

AS_OF = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)


def job(endpoint: str, **settings: Json) -> Job:
    """A job named ``one``, titled ``One``."""
    return Job("one", endpoint, "One", settings, {key: ("jobs", "one", key) for key in (*settings, "endpoint")})


def spec(*jobs: Job, data: Json = None) -> Spec:
    source = Source("reports/weekly.yaml", "title: Weekly\n", data, {(): (1, 1)}, {})
    return Spec("weekly", "Weekly", "", "America/New_York", "monday", "en_US", "USD", jobs, ("html",), source)


def plan(*jobs: Job) -> Plan:
    return endpoints.plan(spec(*jobs), AS_OF, "orga_x")


def digest(made: Plan, *answers: Json | Failure) -> Digest:
    """The digest when the plan's queries are answered in order; the answers must have the shape that is expected."""
    told: dict[str, Answer | Failure] = {}
    for ask, answer in zip(made.asks, answers, strict=True):
        if isinstance(answer, Failure):
            told[ask.query.key] = answer
        else:
            assert shape.fault(answer, ask.query.expect) == ""
            told[ask.query.key] = Answer(answer)
    return endpoints.digest(made, told, sample=False)


def tables(made: Digest) -> tuple[Table, ...]:
    (section,) = made.sections
    assert isinstance(section, Section), section
    return section.tables


def cells(table: Table, key: str) -> dict[str, Cell]:
    """A row's cells by column."""
    rows = [row for row in (*table.rows, *([table.total] if table.total else [])) if row.key == key]
    (row,) = rows
    return {column.key: cell for column, cell in zip(table.columns, row.cells, strict=True)}


def values(table: Table, key: str) -> dict[str, Value]:
    return {column: cell.value for column, cell in cells(table, key).items()}


def said(made: Plan) -> list[tuple[str, str, Json]]:
    """Method, path, and what is asked, of every query but look-ups of the metrics' names."""
    return [
        (ask.query.method, ask.query.path, dict(ask.query.params) if ask.query.body is None else dict(ask.query.body))
        for ask in made.asks
        if ask.period
    ]
