"""How fast the engine answers, beside the same numbers written by hand.

    python -m benchmarks.engine --activities 1000000 10000000

For each size it writes a synthetic dump, loads it, and asks every report of one quarter (of two years of data). The
same numbers are made by hand with DuckDB, Polars and pandas (``benchmarks.rivals``; needs ``polars``, ``pandas`` and
``pyarrow``), with the engine's own SQL on SQLite, and compared: a rival that differs stops the run. ``scan`` reads the
needed columns and adds them up, nothing more. Prints a Markdown table: milliseconds (the best of several runs, one
process for each rival: on a machine with other work the median says more about that) and the engine's ratio to the
better of DuckDB and Polars; then the peak memory of each process, growth with the size, and the load.
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

from werkzeug.test import Client

from benchmarks import load, rivals
from benchmarks.rivals import END, START, Rows
from runner.engine.app import create
from runner.engine.layout import TABLES
from runner.engine.store import Store

ROUNDS = 4
"""Processes of each of the fast ones, in turns."""

RUNS = 15
LONGEST = 5.0
"""Seconds after which a case is not run again."""

NAMES = ("engine", "duckdb", "polars", "pandas", "sqlite", "scan")
_FAST = ("engine", "duckdb", "polars", "scan")
KEY = "api_benchmark"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_METRICS = ["calls.outbound.all.count", "calls.outbound.all.sum_duration", "emails.sent.all.count"]
_FIRST, _LAST = (datetime.fromtimestamp(at / 1e6, UTC).isoformat() for at in (START, END))
_SECONDS = {"date_start": _FIRST, "date_end": datetime.fromtimestamp(END / 1e6 - 1, UTC).isoformat()}
_QUARTER = {"start": _FIRST, "end": _LAST}

REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "activity overview": (
        "POST", "report/activity/", {"type": "overview", "metrics": _METRICS, "datetime_range": _QUARTER}
    ),
    "activity comparison": (
        "POST", "report/activity/", {"type": "comparison", "metrics": _METRICS, "datetime_range": _QUARTER}
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


def _numbers(case: str, answer: Any) -> Rows:
    """The numbers of the engine's answer, as the rivals give them."""
    match case:
        case "activity overview":
            return [tuple(row[metric] for metric in _METRICS) for row in answer["data"]]
        case "activity comparison":
            return sorted((row["user_id"], *(row[metric] for metric in _METRICS)) for row in answer["data"])
        case "sent_emails":
            rows = answer["sent_email_stats"]
            (_, *all_), *used = [(row["template_id"], row["total"], row["opened"], row["responded"]) for row in rows]
            without = (each - sum(column) for each, column in zip(all_, [*zip(*used, strict=True)][1:], strict=True))
            return sorted([("", *without), *used])
        case "statuses/lead":
            keys = ("started", "ended", "entered", "left")
            return [tuple(row[key] for key in keys) for row in answer["status_overview"]]
        case "custom":
            return [(y,) for _, y in answer["series"][0]["data"]]
        case _:
            return [
                (row["count"], row["value"], round(row["count"] * row["count_conversion_rate"]), row["count_lost"])
                for row in answer["aggregations"]["stages"]
            ]


def _asking(backend: Any) -> Callable[[str], Rows]:
    client = Client(create(backend, keys=frozenset({KEY}), now=lambda: NOW))

    def ask(case: str) -> Rows:
        method, path, said = REQUESTS[case]
        body, asked = (said, None) if method == "POST" else (None, said)
        response = client.open(f"/api/v1/{path}", method=method, auth=(KEY, ""), json=body, query_string=asked)
        if response.status_code != 200:
            raise SystemExit(f"{case}: {response.text}")
        return _numbers(case, response.get_json())

    return ask


class _Lite:
    """The engine's tables in SQLite, copied from a store."""

    def __init__(self, store: Store) -> None:
        self.resources = store.resources
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        for table, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * len(columns.split(", ")))
            self._connection.executemany(
                f"INSERT INTO {table} VALUES ({marks})", store.execute(f"SELECT * FROM {table}")
            )
        self._connection.execute("CREATE INDEX calendar_day ON calendar (day)")

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    lookup = execute


def _opened(name: str, folder: Path) -> Callable[[str], Rows]:
    match name:
        case "engine":
            return _asking(Store.open(folder))
        case "sqlite":
            return _asking(_Lite(Store.open(folder)))
        case _:
            return rivals.BY[name](folder)


def measure(name: str, folder: Path) -> None:
    """Print what one rival needs for every case: seconds, numbers, and the peak memory of this process (Linux)."""
    run = _opened(name, folder)
    found = {}
    for case in REQUESTS:
        numbers = run(case)
        times: list[float] = []
        while len(times) < RUNS and sum(times) < LONGEST:
            began = time.perf_counter()
            run(case)
            times.append(time.perf_counter() - began)
        found[case] = {
            "seconds": min(times),
            "numbers": [[str(value) for value in row] for row in numbers],
        }
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s*([0-9]+) kB", status)
    print(json.dumps({"cases": found, "peak": int(peak[1]) // 1024 if peak else None}))


def _measured(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in (*NAMES, *_FAST * (ROUNDS - 1)):
        command = [sys.executable, "-m", "benchmarks.engine", "--measure", name, str(folder)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        best = found.setdefault(name, told)
        best["peak"] = max(best["peak"], told["peak"])
        for case, got in told["cases"].items():
            if name != "scan" and got["numbers"] != found["engine"]["cases"][case]["numbers"]:
                raise SystemExit(f"{case}: {name} has other numbers than the engine")
            best["cases"][case]["seconds"] = min(best["cases"][case]["seconds"], got["seconds"])
    return found


def _table(count: int, found: dict[str, Any]) -> list[float]:
    """Print one size; gives the engine's seconds by case."""
    print(f"\n### {count:,} activities\n")
    print(f"| report | {' | '.join(NAMES)} | to the better of DuckDB and Polars |")
    print("|---|" + "---:|" * (len(NAMES) + 1))
    for case in REQUESTS:
        seconds = {name: found[name]["cases"][case]["seconds"] for name in NAMES}
        ratio = seconds["engine"] / min(seconds["duckdb"], seconds["polars"])
        cells = " | ".join(f"{seconds[name] * 1000:,.1f}" for name in NAMES)
        print(f"| `{case}` | {cells} | {ratio:.2f} |")
    print("| peak MB | " + " | ".join(f"{found[name]['peak']:,}" for name in NAMES) + " | |")
    return [found["engine"]["cases"][case]["seconds"] for case in REQUESTS]


def main() -> None:
    """Measure every size and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, nargs="+", default=[1_000_000])
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
            sizes.append(_table(count, _measured(store)))
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
