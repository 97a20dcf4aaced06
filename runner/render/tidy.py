"""CSV for machines: a line for each number, raw, with its unit.

Columns: ``report job table row key metric label unit period start end value note link``. ``row`` is what people read
(a name, a moment), ``key`` what the API calls it; the service's own totals have the key ``total``. ``value`` is raw:
money in cents (``cents:USD``), durations in ``seconds``, empty where the service gave none. ``note`` says ``sample
data``, why a job has no numbers, or which check a number failed. ``link`` leads to what the period's own number
counts, in Close. Quoted as in RFC 4180, UTF-8; with a byte order mark and CRLF where a digest is for Excel. Text that
a spreadsheet could take for a formula begins with an apostrophe, numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from runner.model import Digest, Document, FailedSection, Period, Row, Section, Table, Unit, Value
from runner.render import plain, scene

COLUMNS = (
    "report", "job", "table", "row", "key", "metric", "label", "unit", "period", "start", "end", "value", "note", "link"
)  # fmt: skip

Line = list[Value]


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
    for line in _failed(section, digest) if isinstance(section, FailedSection) else _lines(section, digest):
        writer.writerow([_text(value) for value in line])
    return out.getvalue().encode("utf-8-sig" if digest.excel else "utf-8")


def _failed(section: FailedSection, digest: Digest) -> Iterator[Line]:
    yield _bare(digest, section.job, f"not loaded: {section.reason}")


def _bare(digest: Digest, job: str | None, note: str) -> Line:
    """A line without a number, so that the file says why there is none."""
    return [digest.name, job, *[None] * 10, f"{note}; sample data" if digest.sample else note, None]


def _lines(section: Section, digest: Digest) -> Iterator[Line]:
    sample = ["sample data"] if digest.sample else []
    failed = _failing(section, digest)
    if not any(table.rows or table.total for table in section.tables):
        yield _bare(digest, section.job, "no rows")
    for table in section.tables:
        for row in (*table.rows, *([table.total] if table.total else [])):
            for line, link in _row(row, table, section, digest):
                own = failed.get((table.key, row.key, line[2]), []) if line[5] == section.period.name else []
                yield [digest.name, section.job, table.key, *line, "; ".join([*own, *sample]), link]


def _failing(section: Section, digest: Digest) -> dict[tuple[Value, ...], list[str]]:
    """The checks that numbers of the section failed, by table, row and metric."""
    found: dict[tuple[Value, ...], list[str]] = {}
    for verdict in digest.checks:
        for breach in verdict.breaches:
            if verdict.check.number.job == section.job and breach.row and breach.column:
                names = found.setdefault((breach.table, breach.row.key, breach.column.key), [])
                if (said := f"check {verdict.check.name} failed") not in names:
                    names.append(said)
    return found


def _row(row: Row, table: Table, section: Section, digest: Digest) -> Iterator[tuple[Line, str]]:
    """A line for each number, and the link of the period's own."""
    for cell, column in zip(row.cells, table.columns, strict=True):
        unit = f"cents:{digest.currency}" if column.unit is Unit.MONEY else column.unit.value
        spans = [
            (section.period, cell.value, scene.address(cell, digest)),
            *((period, value, "") for period, value in zip(section.compared, cell.before, strict=False)),
        ]
        for period, value, link in spans:
            yield [row.head, row.key, column.key, column.label, unit, *_period(period), value], link


def _period(period: Period) -> tuple[Value, Value, Value]:
    return period.name, period.start, period.end


def _text(value: Value) -> str | int | float:
    if isinstance(value, datetime):
        return value.isoformat()
    return plain.cell(value) if isinstance(value, str) else "" if value is None else value
