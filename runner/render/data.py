"""JSON for machines: the digest with raw values and units, and what the view says of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from runner.model import (
    Breach,
    Cell,
    Digest,
    FailedSection,
    Number,
    Period,
    Progress,
    Row,
    Section,
    Table,
    Value,
    Verdict,
)
from runner.render import scene
from runner.render.view import View


def render(digest: Digest, view: View) -> bytes:
    """The digest as one JSON object: money in cents of ``currency``, durations in seconds, rates as fractions."""
    told = {
        "report": digest.name,
        "title": digest.title,
        "period": _period(digest.period),
        "compared": [_period(period) for period in digest.compared],
        "timezone": digest.timezone,
        "currency": digest.currency,
        "as_of": digest.as_of.isoformat(),
        "definition": digest.definition,
        "revision": digest.revision,
        "sample": digest.sample,
        "notes": list(digest.notes),
        "headline": {"label": view.hero.label, "text": view.hero.text, "story": view.hero.story} if view.hero else None,
        "looks": [
            {"tone": look.tone, "title": look.title, "text": look.text, "link": look.link} for look in view.looks
        ],
        "checks": [_check(verdict, digest) for verdict in digest.checks],
        "targets": [_target(progress, place, view) for place, progress in enumerate(digest.targets)],
        "sections": [_section(section, place, view, digest) for place, section in enumerate(digest.sections)],
    }
    return (json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def _check(verdict: Verdict, digest: Digest) -> dict[str, Any]:
    check = verdict.check
    return {
        "name": check.name,
        "severity": check.severity.value,
        "passed": not verdict.breaches,
        "definition": str(verdict.location),
        **_place(check.number),
        "limits": {limit.sort: limit.amount.text for limit in check.limits},
        "message": check.message,
        "breaches": [_breach(breach, digest) for breach in verdict.breaches],
    }


def _place(number: Number) -> dict[str, Any]:
    return {"job": number.job, "number": number.column, "row": number.row}


def _breach(breach: Breach, digest: Digest) -> dict[str, Any]:
    """``fault`` says why; the row and its raw number are there where the number is."""
    told: dict[str, Any] = {"fault": breach.fault, "limit": breach.limit.sort if breach.limit else None}
    if breach.text:
        told["text"] = breach.text
    if breach.row is None or breach.cell is None or breach.column is None:
        return told
    row = {"table": breach.table, "key": breach.row.key, "head": _value(breach.row.head)}
    return {**told, **row, "unit": breach.column.unit.value, **_cell(breach.cell, digest)}


def _target(progress: Progress, place: int, view: View) -> dict[str, Any]:
    """Raw numbers in the unit; ``days`` are the working days of the period, ``gone`` those that are over."""
    return {
        "name": progress.target.name,
        **_place(progress.target.number),
        "label": view.goals[place].label,
        "unit": progress.column.unit.value if progress.column else None,
        "value": _value(progress.cell.value) if progress.cell else None,
        "goal": progress.goal,
        "expected": progress.expected,
        "over": progress.over,
        "gone": progress.gone,
        "days": progress.days,
        "pace": view.goals[place].pace,
    }


def _section(section: Section | FailedSection, place: int, view: View, digest: Digest) -> dict[str, Any]:
    said = {"job": section.job, "title": section.title, "endpoint": section.endpoint}
    if isinstance(section, FailedSection):
        return {**said, "failed": section.reason}
    return {
        **said,
        "period": _period(section.period),
        "compared": [_period(period) for period in section.compared],
        "finding": view.sections[place].finding,
        "tables": [_table(table, digest) for table in section.tables],
    }


def _table(table: Table, digest: Digest) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "head": {"key": table.head.key, "label": table.head.label, "unit": table.head.unit.value},
        "columns": [{"key": each.key, "label": each.label, "unit": each.unit.value} for each in table.columns],
        "rows": [_row(row, digest) for row in table.rows],
        "total": _row(table.total, digest) if table.total else None,
    }


def _row(row: Row, digest: Digest) -> dict[str, Any]:
    return {"key": row.key, "head": _value(row.head), "cells": [_cell(cell, digest) for cell in row.cells]}


def _cell(cell: Cell, digest: Digest) -> dict[str, Any]:
    told: dict[str, Any] = {"value": _value(cell.value)}
    if cell.before:
        told["before"] = _values(cell.before)
    link = scene.address(cell, digest)
    return {**told, "link": link} if link else told


def _values(values: Sequence[Value]) -> list[Any]:
    return [_value(value) for value in values]


def _value(value: Value) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _period(period: Period) -> dict[str, Any]:
    return {
        "name": period.name,
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat(),
    }
