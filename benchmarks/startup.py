"""How soon the command line answers: ``python -m benchmarks.startup``.

``runner --help`` and ``runner validate`` of 20 definitions, each a process of its own, beside a Python that imports
click and does nothing. The goal is at most 3 times as long. The best of several rounds, in which all take turns.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 3.0
FILES = 20
RUNNER = str(Path(sys.executable).with_name("runner"))
"""The command as it is installed."""
DEFINITION = """\
title: Report {number}
timezone: America/New_York
defaults: {{range: last-week, compare: previous}}
jobs:
  calls:
    endpoint: activity
    type: overview
    metrics: [calls.outbound.all.count, emails.sent.all.count]
  funnel:
    endpoint: funnel/opportunity/totals
    pipeline: Sales
    type: created-cohort
    cohort: last-quarter
output: {{formats: [html, md, csv]}}
"""


def main() -> int:
    """Measure and print the table; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "reports").mkdir()
        for number in range(FILES):
            (folder / "reports" / f"report-{number}.yaml").write_text(DEFINITION.format(number=number))
        calls = {
            "import click": [sys.executable, "-c", "import click"],
            "runner --help": [RUNNER, "--help"],
            f"runner validate, {FILES} files": [RUNNER, "validate"],
        }
        best = dict.fromkeys(calls, float("inf"))
        for _ in range(rounds):
            for what, words in calls.items():
                best[what] = min(best[what], _seconds(folder, words))
    base = best["import click"]
    print("| | ms | to import click |\n|---|---:|---:|")
    for what, seconds in best.items():
        print(f"| {what} | {seconds * 1000:.0f} | {seconds / base:.2f} |")
    return int(max(best.values()) > GOAL * base)


def _seconds(folder: Path, words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
