"""CSV for machines: a line for each number, raw, with its unit.

Columns: ``report job table row key metric label unit period start end value note link``. ``row`` is what people read
(a name, a moment), ``key`` what the API calls it; the service's own totals have the key ``total``. ``value`` is raw:
money in cents (``cents:USD``), durations in ``seconds``, empty where the service gave none. ``note`` says ``sample
data``, why a job has no numbers, or which check a number failed. ``link`` leads to what the period's own number
counts, in Close. Quoted as in RFC 4180, UTF-8; with a byte order mark and CRLF where a digest is for Excel. Text that
a spreadsheet could take for a formula begins with an apostrophe, numbers stay numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from runner.model import Column, Digest, Document, FailedSection, Section, Unit, Value
from runner.render import plain, scene

COLUMNS = (
    "report", "job", "table", "row", "key", "metric", "label", "unit", "period", "start", "end", "value", "note", "link"
)  # fmt: skip


def render(digest: Digest) -> tuple[Document, ...]:
    """A file for each job, so that each has one kind of rows."""
    return tuple(Document(name(section.job), _file(section, digest)) for section in digest.sections)


def name(job: str) -> str:
    """The file of a job."""
    return f"digest.{job}.csv"


def _file(section: Section | FailedSection, digest: Digest) -> bytes:
    lines = _failed(section, digest) if isinstance(section, FailedSection) else _lines(section, digest)
    end = "\r\n" if digest.excel else "\n"
    return end.join([_joined(*COLUMNS), *lines, ""]).encode("utf-8-sig" if digest.excel else "utf-8")


def _failed(section: FailedSection, digest: Digest) -> Iterator[str]:
    yield _bare(digest, section.job, f"not loaded: {section.reason}")


def _bare(digest: Digest, job: str, note: str) -> str:
    """A line without a number, so that the file says why there is none."""
    return _joined(digest.name, job, *[None] * 10, f"{note}; sample data" if digest.sample else note, None)


def _lines(section: Section, digest: Digest) -> Iterator[str]:
    """A line for each number; what many lines share is written once for all of them."""
    failed = _failing(section, digest)
    if not any(table.rows or table.total for table in section.tables):
        yield _bare(digest, section.job, "no rows")
    now, *compared = (_joined(period.name, period.start, period.end) for period in (section.period, *section.compared))
    sample = ["sample data"] if digest.sample else []
    note = "".join(sample)
    for table in section.tables:
        columns = [_joined(column.key, column.label, _unit(column, digest)) for column in table.columns]
        keys = [column.key for column in table.columns]
        for row in (*table.rows, *([table.total] if table.total else [])):
            about = _joined(digest.name, section.job, table.key, row.head, row.key)
            for cell, column, key in zip(row.cells, columns, keys, strict=True):
                said = failed.get((table.key, row.key, key), ())
                own = _field("; ".join([*said, *sample]))
                yield f"{about},{column},{now},{_field(cell.value)},{own},{_field(scene.address(cell, digest))}"
                for period, value in zip(compared, cell.before, strict=False):
                    yield f"{about},{column},{period},{_field(value)},{note},"


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


def _unit(column: Column, digest: Digest) -> str:
    return f"cents:{digest.currency}" if column.unit is Unit.MONEY else column.unit.value


def _joined(*values: Value) -> str:
    return ",".join(map(_field, values))


def _field(value: Value) -> str:
    """The value as it stands in a line."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


@lru_cache(4096)
def _quoted(text: str) -> str:
    """Text that is no formula, in quotes where a separator or a quote is in it; it has no line breaks any more."""
    harmless = plain.cell(text)
    if "," not in harmless and '"' not in harmless:
        return harmless
    doubled = harmless.replace('"', '""')
    return f'"{doubled}"'
