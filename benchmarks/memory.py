"""What a run of 10,000 jobs needs of memory, beside a run of 1,000.

    python -m benchmarks.memory

Both are processes of their own that ask the engine in process (the sample organization), render three formats and
write. Every job has a question of its own. Each size is run twice: in definitions of 10 jobs, and of one job each.
Prints a Markdown table of the peak resident memory (VmHWM, Linux); exit 1 where it grows by more than the goal.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import client

SIZES = (1_000, 10_000)
GOAL = 1.2
AS_OF = "2026-11-23T07:02:00-05:00"
PROGRAM = """\
import re, sys
from pathlib import Path
from runner.cli import cli
try:
    cli.main(sys.argv[1:], standalone_mode=False)
finally:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(re.search(r"VmHWM:\\s*([0-9]+) kB", status)[1], file=sys.stderr)
"""


def peak(jobs: int, jobs_in_each: int) -> tuple[float, float]:
    """Megabytes and seconds of a run of so many jobs."""
    with tempfile.TemporaryDirectory(prefix="runner-benchmark-") as temporary:
        folder = Path(temporary)
        client.write(folder, client.questions(jobs), jobs_in_each)
        began = time.perf_counter()
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM, "run", "--project", str(folder), "--as-of", AS_OF],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        seconds = time.perf_counter() - began
        written = len(list(folder.rglob("digest.html")))
    if written != jobs // jobs_in_each:
        raise SystemExit(f"{written} digests were written")
    return int(ran.stderr.splitlines()[-1]) / 1024, seconds


def main() -> int:
    """Measure and print the table; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, nargs=2, default=SIZES, metavar=("FEW", "MANY"))
    few, many = parser.parse_args().jobs
    print(f"| jobs in a definition | MB at {few:,} jobs | MB at {many:,} jobs | ratio | jobs a second |")
    print("|---:|---:|---:|---:|---:|")
    worst = 0.0
    for jobs_in_each in (10, 1):
        (small, _), (large, seconds) = peak(few, jobs_in_each), peak(many, jobs_in_each)
        worst = max(worst, large / small)
        row = f"{jobs_in_each} | {small:.0f} | {large:.0f} | {large / small:.2f} | {many / seconds:.0f}"
        print(f"| {row} |", flush=True)
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
