"""How long a digest takes to render, and how much memory a thousand of them need.

    pip install papermill nbconvert ipykernel       # for the last line only
    python -m benchmarks.render --digests 1000

Renders a digest of every endpoint in three formats (html, md, csv) a thousand times, beside bare Jinja: the same
tables in a template of nothing but rows, without findings, charts, changes or escaping by kind. Prints milliseconds a
digest, the ratio, and the peak memory of each process. Where papermill and nbconvert are there, one report of the same
tables is made as a notebook and converted to HTML, once.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jinja2 import Environment

from runner import render
from runner.model import Digest, Section
from tests.render.everything import everything

FORMATS = ("html", "md", "csv")

BARE = {
    "html": """\
<h1>{{ title }}</h1>{% for table in tables %}<h2>{{ table.title }}</h2><table>
<tr>{% for head in table.heads %}<th>{{ head }}</th>{% endfor %}</tr>
{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>
{% endfor %}""",
    "md": """\
# {{ title }}
{% for table in tables %}## {{ table.title }}
| {{ table.heads|join(" | ") }} |
{% for row in table.rows %}| {{ row|join(" | ") }} |
{% endfor %}{% endfor %}""",
    "csv": """\
{% for table in tables %}{{ table.heads|join(",") }}
{% for row in table.rows %}{{ row|join(",") }}
{% endfor %}{% endfor %}""",
}

NOTEBOOK = """
import html
print(f"<h1>{title}</h1>")
for table in tables:
    for row in table["rows"]:
        print("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>")
"""


def tables(digest: Digest) -> list[dict[str, Any]]:
    """The same tables as raw text."""
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


def measure(name: str, count: int) -> None:
    """Print seconds and peak memory (MB, Linux) of this process for so many digests."""
    digest = everything()
    environment = Environment(autoescape=True)
    bare = {form: environment.from_string(text) for form, text in BARE.items()}

    def once() -> int:
        if name == "runner":
            return sum(len(document.content) for document in render.documents(digest, FORMATS))
        return sum(len(bare[form].render(title=digest.title, tables=tables(digest)).encode()) for form in FORMATS)

    once()
    began = time.perf_counter()
    for _ in range(count):
        once()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s*([0-9]+) kB", status)
    print(json.dumps({"seconds": time.perf_counter() - began, "peak": int(peak[1]) // 1024 if peak else None}))


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
        said = json.dumps({"title": digest.title, "tables": tables(digest)})
        (folder / "said.yaml").write_text(said, encoding="utf-8")
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
    for name in ("runner", "bare Jinja"):
        call = [sys.executable, "-m", "benchmarks.render", "--measure", name, "--digests", str(options.digests)]
        found[name] = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"{options.digests:,} digests of every endpoint, {len(FORMATS)} formats\n")
    print("| | ms a digest | to bare Jinja | peak MB |\n|---|---:|---:|---:|")
    for name, one in found.items():
        ratio = one["seconds"] / found["bare Jinja"]["seconds"]
        print(f"| {name} | {one['seconds'] / options.digests * 1000:.1f} | {ratio:.1f} | {one['peak']} |")
    seconds = notebook()
    if seconds is not None:
        print(f"| papermill and nbconvert, one report | {seconds * 1000:,.0f} | | |")


if __name__ == "__main__":
    main()
