"""JSON for machines: the digest with raw values and units, and what the view says of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from runner.model import Cell, Digest, FailedSection, Period, Row, Section, Table, Value
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
        "sections": [_section(section, place, view, digest) for place, section in enumerate(digest.sections)],
    }
    return (json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


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
