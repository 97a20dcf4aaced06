"""CSV for machines: a line for each number, raw, with its unit.

Columns: ``report job table row key metric label unit period start end value note link``. ``row`` is what people read (a
name, a moment), ``key`` what the API calls it; the service's own totals have the key ``total``. ``value`` is raw: money
in cents (``cents:USD``), durations in ``seconds``, empty where the service gave none. ``note`` says ``sample data``, or
why a job has no numbers. ``link`` leads to what the period's own number counts, in Close. Quoted as in RFC 4180, UTF-8;
with a byte order mark and CRLF where a digest is for Excel. Text that a spreadsheet could take for a formula begins
with an apostrophe, numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from runner.model import Column, Digest, Document, FailedSection, Period, Section, Unit, Value
from runner.render import plain, scene

COLUMNS = (
    "report", "job", "table", "row", "key", "metric", "label", "unit", "period", "start", "end", "value", "note", "link"
)  # fmt: skip

Clean: TypeAlias = str | int | float
"""What no spreadsheet takes for a formula."""

Line: TypeAlias = tuple[Clean, ...]


def render(digest: Digest) -> tuple[Document, ...]:
    """A file for each job, so that each has one kind of rows."""
    return tuple(Document(name(section.job), _file(section, digest)) for section in digest.sections)


def name(job: str) -> str:
    """The file of a job."""
    return f"digest.{job}.csv"


def _file(section: Section | FailedSection, digest: Digest) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if digest.excel else "\n")
    writer.writerow(COLUMNS)
    writer.writerows(_failed(section, digest) if isinstance(section, FailedSection) else _lines(section, digest))
    return out.getvalue().encode("utf-8-sig" if digest.excel else "utf-8")


def _failed(section: FailedSection, digest: Digest) -> Iterator[Line]:
    yield _bare(digest, section.job, f"not loaded: {section.reason}")


def _bare(digest: Digest, job: str, note: str) -> Line:
    """A line without a number, so that the file says why there is none."""
    said = f"{note}; sample data" if digest.sample else note
    return (_clean(digest.name), _clean(job), *[""] * 10, _clean(said), "")


def _lines(section: Section, digest: Digest) -> Iterator[Line]:
    """What many lines share is made clean once for all of them."""
    if not any(table.rows or table.total for table in section.tables):
        yield _bare(digest, section.job, "no rows")
    now, *compared = (_period(period) for period in (section.period, *section.compared))
    note = "sample data" if digest.sample else ""
    for table in section.tables:
        columns = [_column(column, digest) for column in table.columns]
        for row in (*table.rows, *([table.total] if table.total else [])):
            about = tuple(map(_clean, (digest.name, section.job, table.key, row.head, row.key)))
            for cell, column in zip(row.cells, columns, strict=True):
                yield (*about, *column, *now, _clean(cell.value), note, _clean(scene.address(cell, digest)))
                for period, value in zip(compared, cell.before, strict=False):
                    yield (*about, *column, *period, _clean(value), note, "")


def _column(column: Column, digest: Digest) -> Line:
    unit = f"cents:{digest.currency}" if column.unit is Unit.MONEY else column.unit.value
    return _clean(column.key), _clean(column.label), _clean(unit)


def _period(period: Period) -> Line:
    return _clean(period.name), _clean(period.start), _clean(period.end)


def _clean(value: Value) -> Clean:
    if isinstance(value, str):
        return plain.cell(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value
