"""How long a digest takes to render, and how much memory a thousand of them need.

    pip install papermill nbconvert ipykernel       # for the last line only
    python -m benchmarks.render --digests 1000

Renders digests of every endpoint in three formats (html, md, csv), beside bare Jinja: the same tables with the same
words, changes and links, escaped in HTML and Markdown, and the same lines of CSV, from texts that are ready before the
clock starts. Bare Jinja writes no number, judges no change, finds no sentence, draws nothing, checks no template. The
least of bare Jinja has the raw values alone, without changes, totals and links, also in the CSV. No two
digests in a row have the same numbers, so that what is kept of one helps the next no more than in a real run. Prints
milliseconds of processor time a digest, the ratios, and the peak memory of each process. Where papermill and nbconvert
are there, one report of the same tables is made as a notebook and converted to HTML, once.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment

from runner import render
from runner.model import Cell, Digest, Row, Section, Table, Value
from tests.render.everything import everything

FORMATS = ("html", "md", "csv")

BARE = {
    "html": """\
<h1>{{ title }}</h1>{% for table, rows in tables %}<h2>{{ table.title }}</h2><table>
<tr><th>{{ table.head }}</th>{% for column in table.columns %}<th>{{ column }}</th>{% endfor %}</tr>
{% for row in rows %}<tr><th>{{ row.head }}</th>{% for cell in row.cells %}<td>\
{% if cell.link %}<a href="{{ cell.link }}">{{ cell.text }}</a>{% else %}{{ cell.text }}{% endif %}\
{% for delta in cell.deltas %}<span class="{{ delta.tone }}">{{ delta }}</span>{% endfor %}</td>{% endfor %}</tr>
{% endfor %}</table>
{% endfor %}""",
    "md": """\
# {{ title }}
{% for table, rows in tables %}## {{ table.title }}
| {{ table.head }} | {{ table.columns|join(" | ") }} |
{% for row in rows %}| {{ row.head }} |{% for cell in row.cells %} \
{% if cell.link %}[{{ cell.text }}]({{ cell.link }}){% else %}{{ cell.text }}{% endif %}\
{% for delta in cell.deltas %}<br><sub>{{ delta }}</sub>{% endfor %} |{% endfor %}
{% endfor %}{% endfor %}""",
    "csv": """\
{% for line in lines %}{{ line|join(",") }}
{% endfor %}""",
}

LEAST = {
    "html": """\
<h1>{{ title }}</h1>{% for table in values %}<h2>{{ table.title }}</h2><table>
<tr>{% for head in table.heads %}<th>{{ head }}</th>{% endfor %}</tr>
{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>
{% endfor %}""",
    "md": """\
# {{ title }}
{% for table in values %}## {{ table.title }}
| {{ table.heads|join(" | ") }} |
{% for row in table.rows %}| {{ row|join(" | ") }} |
{% endfor %}{% endfor %}""",
    "csv": """\
{% for table in values %}{{ table.heads|join(",") }}
{% for row in table.rows %}{{ row|join(",") }}
{% endfor %}{% endfor %}""",
}

DIFFERENT = 100
"""So many digests take turns, each with numbers of its own."""

NOTEBOOK = """
import html
print(f"<h1>{title}</h1>")
for table in tables:
    for row in table["rows"]:
        print("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>")
"""


def digests() -> list[Digest]:
    """Digests of the same shape, each with numbers of its own."""
    return [_with(everything(), 1 + place / 7) for place in range(DIFFERENT)]


def _with(digest: Digest, factor: float) -> Digest:
    def value(given: Value) -> Value:
        return (
            round(given * factor) if isinstance(given, int) else given * factor if isinstance(given, float) else given
        )

    def row(given: Row) -> Row:
        cells = (Cell(value(each.value), tuple(map(value, each.before)), each.link) for each in given.cells)
        return replace(given, cells=tuple(cells))

    def table(given: Table) -> Table:
        return replace(given, rows=tuple(map(row, given.rows)), total=row(given.total) if given.total else None)

    sections = (
        replace(each, tables=tuple(map(table, each.tables))) if isinstance(each, Section) else each
        for each in digest.sections
    )
    return replace(digest, sections=tuple(sections))


def values(digest: Digest) -> list[dict[str, Any]]:
    """The tables' raw values as text."""
    return [
        {
            "title": table.title,
            "heads": [table.head.label, *(column.label for column in table.columns)],
            "rows": [[str(row.head), *(str(cell.value) for cell in row.cells)] for row in table.rows],
        }
        for section in digest.sections
        if isinstance(section, Section)
        for table in section.tables
    ]


def said(digest: Digest) -> dict[str, Any]:
    """What a template is given that has nothing left to do: the words of each table, the lines of each CSV."""
    files = [document.content.decode() for document in render.documents(digest, ("csv",))]
    tables = [
        (table, [*table.rows, *([table.total] if table.total else [])])
        for section in render.words(digest).sections
        for table in section.tables
    ]
    lines = [line for file in files for line in csv.reader(file.splitlines())]
    return {"title": digest.title, "tables": tables, "lines": lines, "values": values(digest)}


def whole(digest: Digest) -> Callable[[], int]:
    """What renders a digest, all of it."""
    return lambda: sum(len(document.content) for document in render.documents(digest, FORMATS))


def bare(texts: Mapping[str, str], digest: Digest) -> Callable[[], int]:
    """What fills bare templates with a digest."""
    templates = [Environment(autoescape=form != "csv").from_string(texts[form]) for form in FORMATS]
    told = said(digest)
    return lambda: sum(len(template.render(told).encode()) for template in templates)


MEASURED: Mapping[str, Callable[[Digest], Callable[[], int]]] = {
    "runner": whole,
    "bare Jinja": partial(bare, BARE),
    "bare Jinja, raw values alone": partial(bare, LEAST),
}
"""Name in the table -> what is measured."""


def measure(name: str, count: int) -> None:
    """Print seconds of processor time and peak memory (MB, Linux) of this process for so many digests."""
    each = [MEASURED[name](digest) for digest in digests()]
    each[0]()
    began = time.process_time()
    for place in range(count):
        each[place % len(each)]()
    seconds = time.process_time() - began
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s*([0-9]+) kB", status)
    print(json.dumps({"seconds": seconds, "peak": int(peak[1]) // 1024 if peak else None}))


def notebook() -> float | None:
    """Seconds that papermill and nbconvert take for one report; None where they are not there."""
    digest = everything()
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": NOTEBOOK,
    }
    parameters = {"tags": ["parameters"]}
    first = {**cell, "metadata": parameters, "source": "title, tables = '', []"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = {"cells": [first, cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    with tempfile.TemporaryDirectory(prefix="runner-benchmark-") as temporary:
        folder = Path(temporary)
        (folder / "in.ipynb").write_text(json.dumps(book), encoding="utf-8")
        given = json.dumps({"title": digest.title, "tables": values(digest)})
        (folder / "said.yaml").write_text(given, encoding="utf-8")
        began = time.perf_counter()
        for words in (
            ["papermill", "in.ipynb", "out.ipynb", "-f", "said.yaml", "--no-progress-bar"],
            ["nbconvert", "--to", "html", "--no-input", "out.ipynb"],
        ):
            call = [sys.executable, "-m", *words]
            if subprocess.run(call, cwd=folder, check=False, capture_output=True).returncode:
                return None
        return time.perf_counter() - began


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digests", type=int, default=1000)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.digests)
        return
    found = {}
    for name in MEASURED:
        call = [sys.executable, "-m", "benchmarks.render", "--measure", name, "--digests", str(options.digests)]
        found[name] = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"{options.digests:,} digests of every endpoint, {len(FORMATS)} formats\n")
    print("| | ms a digest | to bare Jinja | to raw values alone | peak MB |\n|---|---:|---:|---:|---:|")
    *_, words, raw = [one["seconds"] for one in found.values()]
    for name, one in found.items():
        seconds = one["seconds"]
        ratios = f"{seconds / words:.1f} | {seconds / raw:.1f}"
        print(f"| {name} | {seconds / options.digests * 1000:.1f} | {ratios} | {one['peak']} |")
    took = notebook()
    if took is not None:
        print(f"| papermill and nbconvert, one report | {took * 1000:,.0f} | | | |")


if __name__ == "__main__":
    main()
