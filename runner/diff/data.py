"""A difference for machines."""

from __future__ import annotations

from datetime import datetime

from runner.diff import Change, Difference, JobChange, Side, TableChange
from runner.endpoints.tables import difference, ratio
from runner.model import Column, Json, Row, Value


def data(found: Difference, *, everything: bool) -> dict[str, Json]:
    """Raw values with units: money in cents, durations in seconds; ``everything`` has the same ones too."""
    return {
        "report": found.after.plan.spec.name,
        "differs": found.differs,
        "before": _side(found.before),
        "after": _side(found.after),
        "asked": [
            {
                "job": one.job,
                "what": one.what,
                "before": one.before,
                "after": one.after,
                "before_at": str(one.was_at) if one.was_at else None,
                "after_at": str(one.is_at) if one.is_at else None,
            }
            for one in found.asked
        ],
        "jobs": [_job(job, everything=everything) for job in found.jobs if job.differs or job.state or everything],
        "same": found.same,
    }


def _side(side: Side) -> Json:
    return {
        "label": side.label,
        "period": side.plan.period.name,
        "as_of": side.plan.as_of.isoformat(),
        "definition": side.plan.spec.source.file,
        "revision": side.plan.revision,
        "sample": side.digest.sample,
        "currency": side.digest.currency,
    }


def _job(job: JobChange, *, everything: bool) -> Json:
    tables: list[Json] = [_table(each, everything=everything) for each in job.tables if each.differs or everything]
    return {"job": job.job, "state": job.state, "reason": job.reason, "tables": tables}


def _table(table: TableChange, *, everything: bool) -> Json:
    return {
        "key": table.key,
        "title": table.title,
        "state": table.state,
        "changes": [_change(change) for change in table.changes if change.moved or everything],
        "rows_came": [_row(row) for row in table.rows_came],
        "rows_went": [_row(row) for row in table.rows_went],
        "columns_came": [_column(column) for column in table.columns_came],
        "columns_went": [_column(column) for column in table.columns_went],
    }


def _change(change: Change) -> Json:
    gap = difference(change.after, change.before)
    return {
        "row": change.row,
        "head": _value(change.head),
        "column": change.column.key,
        "unit": change.column.unit.value,
        "before": _value(change.before),
        "after": _value(change.after),
        "difference": gap,
        "relative": ratio(gap, change.before),
    }


def _row(row: Row) -> Json:
    return {"key": row.key, "head": _value(row.head), "values": [_value(cell.value) for cell in row.cells]}


def _column(column: Column) -> Json:
    return {"key": column.key, "label": column.label, "unit": column.unit.value}


def _value(value: Value) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value
