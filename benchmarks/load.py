"""How fast a dump loads: writes a synthetic one, loads it in a process of its own, compares with a bare scan.

    python -m benchmarks.load --activities 1000000

Prints the size of the dump, the seconds a bare ``read_json`` of the activities takes, the seconds of the load, the
ratio of the two, activities per second and the peak memory of the loading process (Linux only). Beside the seconds on
the clock are those of the processors, which say more where the machine has other things to do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from runner.engine.load.fields import FIELDS

LEADS_SHARE = 20
"""Activities for each lead."""

_LEADS = """
    SELECT 'lead_' || i AS id, 'Lead ' || i AS display_name, 'stat_' || i % 4 AS status_id, {at} AS date_created,
        [{{'id': 'oppo_' || i, 'status_id': 'ostat_' || i % 5, 'user_id': 'user_' || i % 50, 'value': i % 9000,
           'value_period': 'monthly', 'confidence': i % 100, 'date_created': {at}}}] AS opportunities
    FROM range({count}) t(i)
"""

_ACTIVITIES = """
    SELECT kind AS _type,
        'acti_' || lpad(i::VARCHAR, 26, 'x') AS id, 'lead_' || hash(i + 1) % {leads} AS lead_id,
        'user_' || hash(i + 2) % 50 AS user_id, {at} AS date_created, {at} AS date_updated, {at} AS activity_at,
        CASE WHEN kind = 'Email' THEN 'outgoing' ELSE 'outbound' END AS direction,
        'sent' AS status, (hash(i + 3) % 900)::INTEGER AS duration, 'Close.io' AS source,
        'power' AS call_method, {at} AS date_sent, true AS has_reply, [{{'opened_at': {at}}}] AS opens,
        CASE WHEN kind = 'OpportunityStatusChange' THEN 'oppo_' || hash(i + 1) % {leads} END AS opportunity_id,
        CASE WHEN kind LIKE 'O%' THEN 'ostat_' || hash(i + 4) % 5 ELSE 'stat_' || hash(i + 4) % 4 END AS old_status_id,
        CASE WHEN kind LIKE 'O%' THEN 'ostat_' || hash(i + 5) % 5 ELSE 'stat_' || hash(i + 5) % 4 END AS new_status_id,
        CASE WHEN kind = 'Email' AND i % 3 = 0 THEN 'tmpl_' || hash(i + 6) % 20 END AS template_id,
        repeat('lorem ipsum ', 12) AS note
    FROM (SELECT i, [{types}][(hash(i) % 16)::INTEGER + 1] AS kind FROM range({count}) t(i))
"""

_KINDS = [*["Call"] * 5, *["Email"] * 5, "SMS", "SMS", "Meeting", "Note", "LeadStatusChange", "OpportunityStatusChange"]
_TYPES = ", ".join(f"'{kind}'" for kind in _KINDS)

_FEW = {
    "organization": [{"id": "orga_1", "name": "Bench", "date_created": "2024-01-01T00:00:00Z"}],
    "user": [{"id": f"user_{number}", "first_name": f"User {number}"} for number in range(50)],
    "lead_status": [{"id": f"stat_{number}", "label": f"Status {number}"} for number in range(4)],
    "email_template": [{"id": f"tmpl_{number}", "name": f"Template {number}"} for number in range(20)],
    "pipeline": [
        {
            "id": "pipe_1",
            "name": "Sales",
            "statuses": [
                {"id": f"ostat_{number}", "label": f"Stage {number}", "type": kind}
                for number, kind in enumerate(("active", "active", "active", "won", "lost"))
            ],
        }
    ],
}
"""The organization: 50 users, 4 lead statuses, 20 templates, a pipeline of three stages, won and lost."""

_LOAD = r"""
import pathlib, re, sys
import runner.engine.load
runner.engine.load.load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
print(re.search(r"VmHWM:\s*([0-9]+) kB", pathlib.Path("/proc/self/status").read_text())[1])
"""
"""Prints the peak of this program's own memory; ``ru_maxrss`` would count that of the process it was started from."""

_AT = "strftime(TIMESTAMP '2024-01-01' + to_seconds((hash(i) % 63072000)::BIGINT), '%Y-%m-%dT%H:%M:%S.%f+00:00')"


def write(folder: Path, activities: int) -> Path:
    """Write the dump; gives the file of the activities."""
    leads = max(activities // LEADS_SHARE, 1)
    file = folder / "activity.ndjson"
    for name, rows in _FEW.items():
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for path, sql in (
            (folder / "lead.ndjson", _LEADS.format(at=_AT, count=leads)),
            (file, _ACTIVITIES.format(types=_TYPES, at=_AT, count=activities, leads=leads)),
        ):
            connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT json)")
    return file


def scan(file: Path) -> float:
    """Seconds that reading the fields of every activity takes, doing nothing with them."""
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in FIELDS["activity"])
    counts = ", ".join(f"COUNT({name})" for name in FIELDS["activity"])
    with duckdb.connect() as connection:
        began = time.perf_counter()
        connection.execute(f"SELECT {counts} FROM read_json('{file}', columns = {{{columns}}}, format = 'nd')")
        return time.perf_counter() - began


def load(dump: Path, store: Path) -> tuple[float, int]:
    """Seconds and peak memory (MB) of a process that loads the dump."""
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", _LOAD, str(dump), str(store)], check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - began, int(run.stdout) // 1024


def cpu() -> float:
    """Seconds of all processors that this process, and those it has waited for, have used so far."""
    return sum(os.times()[:4])


def main() -> None:
    """Write, scan, load, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, default=1_000_000)
    count = parser.parse_args().activities
    with tempfile.TemporaryDirectory(prefix="runner-benchmark-") as temporary:
        folder = Path(temporary) / "dump"
        folder.mkdir()
        file = write(folder, count)
        written = cpu()
        bare = scan(file)
        scanned = cpu()
        seconds, peak = load(folder, Path(temporary) / "store")
        scan_cpu, load_cpu = scanned - written, cpu() - scanned
        print(f"dump      {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:10,.0f} MB")
    print(f"bare scan {bare:10.2f} s    {scan_cpu:10.2f} s CPU")
    print(f"load      {seconds:10.2f} s    {load_cpu:10.2f} s CPU")
    print(f"ratio     {seconds / bare:10.1f}      {load_cpu / scan_cpu:10.1f}")
    print(f"rate      {count / seconds:10,.0f} activities a second")
    print(f"peak      {peak:10,} MB")


if __name__ == "__main__":
    main()
