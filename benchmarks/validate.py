"""How long 1,000 definitions take to be checked, against check-jsonschema on the same files and the same schema.

    python benchmarks/validate.py

Both are whole processes, from start to exit. check-jsonschema checks the schema only; runner also checks what a schema
cannot say, and reads the files more strictly. Best of three.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "schemas" / "report.schema.json"
FILES = 1000
ROUNDS = 3
GOAL = 4.0

DEFINITION = """\
# Definition {number}: thirty lines, as a team would write them.
title: Weekly sales {number}
description: What team {number} did last week, and who did it.
timezone: America/New_York
defaults:
  range: last-week
  compare: previous
jobs:
  team-by-day:
    title: The team, day by day
    endpoint: activity
    type: overview
    metrics:
      - calls.outbound.all.count
      - emails.sent.all.count
      - opportunities.won.all.sum_annualized_value
  leaderboard:
    endpoint: activity
    type: comparison
    users: ["group:Team {number}", ann@example.com]
    metrics: [calls.outbound.all.count, calls.outbound.all.sum_duration]
  funnel:
    endpoint: funnel/opportunity/stages
    pipeline: Sales
    type: created-cohort
    cohort: last-quarter
    compare: same-days-last-year
output: {{formats: [html, md, csv]}}
deliver:
  - email: {{to: [team-{number}@example.com], subject: "{{{{ title }}}}: {{{{ period }}}}"}}
"""


def seconds(command: list[str], folder: Path) -> float:
    """The shortest time of a few runs that succeed."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    """Print both times and their ratio; 1 where the goal is missed."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = [folder / f"weekly-{number:04}.yaml" for number in range(FILES)]
        for number, file in enumerate(files):
            file.write_text(DEFINITION.format(number=number), encoding="utf-8")
        theirs_command = [str(Path(sys.executable).with_name("check-jsonschema")), "--schemafile", str(SCHEMA)]
        ours = seconds([sys.executable, "-m", "runner", "validate", str(folder)], ROOT)
        theirs = seconds([*theirs_command, *map(str, files)], ROOT)
    print(f"{FILES} definitions of {DEFINITION.count(chr(10))} lines, best of {ROUNDS}")
    print(f"runner validate   {ours:7.3f} s")
    print(f"check-jsonschema  {theirs:7.3f} s")
    print(f"ratio             {theirs / ours:7.1f} (goal: {GOAL})")
    return 0 if theirs / ours >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
