"""How fast the engine answers, beside the same numbers written by hand.

    python -m benchmarks.engine --activities 1000000 10000000

For each size it writes a synthetic dump, loads it, and asks every report of one quarter (of two years of data). The
same numbers are made by hand with DuckDB, Polars and pandas (``benchmarks.rivals``; needs ``polars``, ``pandas`` and
``pyarrow``), with the engine's own SQL on SQLite, and compared: a rival that differs stops the run. ``scan`` reads the
needed columns and adds them up, nothing more.

All that is timed ends in JSON. Of the engine it is what a server does: from a request, already in memory, to the bytes
of the answer, search strings and all. What a client does, to say the question and to understand the answer, is not. Of
a rival it is from its question, which it knows, to the bytes of the numbers.

Prints a Markdown table: milliseconds (the best of several runs, one process for each rival: on a machine with other
work the median says more about that) and the engine's ratio to the better of DuckDB and Polars; then the peak memory of
each process, growth with the size, and the load. A rival that needs longer than ``--limit`` seconds for all of its
reports, opening included, is stopped and has no numbers.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet
from werkzeug.test import EnvironBuilder

from benchmarks import figures, load, rivals
from benchmarks.figures import END, METRICS, START
from benchmarks.rivals import Answer
from runner.engine.app import create
from runner.engine.layout import TABLES
from runner.engine.store import Store

ROUNDS = 8
"""Processes of each of the fast ones, in turns."""

RUNS = 40
LONGEST = 5.0
"""Seconds after which a case is not run again."""

NAMES = ("engine", "duckdb", "polars", "pandas", "sqlite", "scan")
_FAST = ("engine", "duckdb", "polars", "scan")
KEY = "api_benchmark"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_FIRST, _LAST = (datetime.fromtimestamp(at / 1e6, UTC).isoformat() for at in (START, END))
_SECONDS = {"date_start": _FIRST, "date_end": datetime.fromtimestamp(END / 1e6 - 1, UTC).isoformat()}
_QUARTER = {"start": _FIRST, "end": _LAST}

REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "activity overview": (
        "POST", "report/activity/", {"type": "overview", "metrics": METRICS, "datetime_range": _QUARTER}
    ),
    "activity comparison": (
        "POST", "report/activity/", {"type": "comparison", "metrics": METRICS, "datetime_range": _QUARTER}
    ),
    "sent_emails": ("GET", "report/sent_emails/orga_1/", _SECONDS),
    "statuses/lead": ("GET", "report/statuses/lead/orga_1/", _SECONDS),
    "custom": (
        "GET", "report/custom/orga_1/", {"x": "call.activity_at", "y": "call.duration", "interval": "week", **_QUARTER}
    ),
    "funnel stages": (
        "POST", "report/funnel/opportunity/stages/",
        {"pipeline": "pipe_1", "type": "created-cohort", "cohort_datetime_range": _QUARTER},
    ),
}  # fmt: skip


def _asking(backend: Any) -> Callable[[str], Answer]:
    """Makes a request of the API ready to be answered."""
    app = create(backend, keys=frozenset({KEY}), now=lambda: NOW)

    def ready(case: str) -> Answer:
        method, path, said = REQUESTS[case]
        body, asked = (said, None) if method == "POST" else (None, said)
        builder = EnvironBuilder(f"/api/v1/{path}", method=method, auth=(KEY, ""), json=body, query_string=asked)
        environ = builder.get_environ()
        return lambda: b"".join(app(environ, _start))

    return ready


def _start(status: str, *_: Any) -> Callable[[bytes], object]:
    if status != "200 OK":
        raise SystemExit(f"The engine answered {status}.")
    return bytes


class _Lite:
    """The engine's tables in a SQLite file beside a store, copied from its Parquet files where it is not there yet."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.resources = store.resources
        there = (folder / "store.sqlite").exists()
        self._connection = sqlite3.connect(folder / "store.sqlite")
        self._connection.execute("PRAGMA cache_size = -400000")
        if not there:
            self._copy(folder)

    def _copy(self, folder: Path) -> None:
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * len(columns.split(", ")))
            with pyarrow.parquet.ParquetFile(folder / f"{table}.parquet") as file:
                for batch in file.iter_batches():
                    rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                    self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self._connection.execute("CREATE INDEX calendar_day ON calendar (day)")
        self._connection.commit()

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


def _opened(name: str, folder: Path) -> Callable[[str], Answer]:
    match name:
        case "engine":
            return _asking(Store.open(folder))
        case "sqlite":
            return _asking(_Lite(Store.open(folder), folder))
        case _:
            return rivals.BY[name](folder)


def measure(name: str, folder: Path) -> None:
    """Print what one rival needs for every case: seconds, numbers, and the peak memory of this process (Linux)."""
    ready = _opened(name, folder)
    found = {}
    for case in REQUESTS:
        answer = json.loads(ready(case)())
        times: list[float] = []
        while len(times) < RUNS and sum(times) < LONGEST:
            ask = ready(case)
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        found[case] = {"seconds": min(times), "numbers": figures.ordered(figures.told(answer))}
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s*([0-9]+) kB", status)
    print(json.dumps({"cases": found, "peak": int(peak[1]) // 1024 if peak else None}))


def _measured(folder: Path, limit: float) -> dict[str, Any]:
    """Rival -> what it needs, None where it did not come to an end."""
    found: dict[str, Any] = {}
    for name in (*NAMES, *_FAST * (ROUNDS - 1)):
        command = [sys.executable, "-m", "benchmarks.engine", "--measure", name, str(folder)]
        try:
            run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=limit)
        except subprocess.TimeoutExpired:
            found[name] = None
            continue
        told = json.loads(run.stdout)
        best = found.setdefault(name, told)
        best["peak"] = max(best["peak"], told["peak"])
        for case, got in told["cases"].items():
            if name != "scan" and got["numbers"] != found["engine"]["cases"][case]["numbers"]:
                raise SystemExit(f"{case}: {name} has other numbers than the engine")
            best["cases"][case]["seconds"] = min(best["cases"][case]["seconds"], got["seconds"])
    return found


def _table(count: int, found: dict[str, Any], limit: float) -> list[float]:
    """Print one size; gives the engine's seconds by case."""
    print(f"\n### {count:,} activities\n")
    print(f"| report | {' | '.join(NAMES)} | to the better of DuckDB and Polars |")
    print("|---|" + "---:|" * (len(NAMES) + 1))
    ran = {name: told for name, told in found.items() if told}
    for case in REQUESTS:
        seconds = {name: told["cases"][case]["seconds"] for name, told in ran.items()}
        ratio = seconds["engine"] / min(seconds["duckdb"], seconds["polars"])
        cells = " | ".join(f"{seconds[name] * 1000:,.1f}" if name in ran else "-" for name in NAMES)
        print(f"| `{case}` | {cells} | {ratio:.2f} |")
    print("| peak MB | " + " | ".join(f"{ran[name]['peak']:,}" if name in ran else "-" for name in NAMES) + " | |")
    stopped = [name for name in NAMES if name not in ran]
    if stopped:
        print(f"\nStopped after {limit:g} s: {', '.join(stopped)}.")
    return [found["engine"]["cases"][case]["seconds"] for case in REQUESTS]


def main() -> None:
    """Measure every size and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--limit", type=float, default=600, help="seconds one process of a rival may take")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "STORE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]))
        return
    sizes: list[list[float]] = []
    for count in options.activities:
        with tempfile.TemporaryDirectory(prefix="runner-benchmark-") as temporary:
            dump, store = Path(temporary) / "dump", Path(temporary) / "store"
            dump.mkdir()
            load.write(dump, count)
            seconds, peak = load.load(dump, store)
            sizes.append(_table(count, _measured(store, options.limit), options.limit))
            print(f"\nLoaded in {seconds:.1f} s, {count / seconds:,.0f} activities a second, peak {peak:,} MB.")
    for place in range(1, len(sizes)):
        ratios = [after / before for before, after in zip(sizes[place - 1], sizes[place], strict=True)]
        grown = options.activities[place] / options.activities[place - 1]
        print(
            f"\n{grown:g} times the activities: "
            + ", ".join(f"`{c}` {r:.1f} x" for c, r in zip(REQUESTS, ratios, strict=True))
        )


if __name__ == "__main__":
    main()
