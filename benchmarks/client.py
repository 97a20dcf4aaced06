"""How long 200 jobs take to be asked from a service that needs 50 ms for each answer, from start to exit.

    python -m benchmarks.client

The service (``benchmarks.service``) is a process of its own on loopback. ``runner run`` is a process too: it starts,
loads and checks the definitions, asks with 8 requests in flight, renders three formats and writes. The least that could
be is 200 / 8 x 50 ms. Each job asks an activity overview of metrics and a range of its own; all ask for the list of
metrics, which goes out once. Beside it Close's own Python client asks the same 200 questions in a loop, one after the
other, as its users do, and renders nothing. With half of the jobs repeated, the service sees fewer requests than there
are jobs. Prints a Markdown table, the best of several runs; exit 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import closeio_api

from benchmarks import service
from runner.engine.metrics import METRICS

JOBS, FLYING, DELAY = 200, 8, 0.05
IDEAL = JOBS / FLYING * DELAY
GOAL = 1.5
RUNS = 5

KEY = "api_benchmark"
SETTINGS = """\
profiles:
  live: {{service: close, base_url: "{base_url}", limits: {{in_flight: {flying}}}}}
"""
JOB = """\
  job-{number}:
    endpoint: activity
    type: overview
    metrics: [{metrics}]
    range: {{start: {start}, end: {end}}}
"""

Question = tuple[tuple[str, ...], date, date]
"""Metrics, start and end."""


def questions(count: int) -> list[Question]:
    """As many questions as asked for, no two alike: three metrics, a week of the last four years."""
    keys, first = list(METRICS), date(2022, 11, 21)
    found: list[Question] = []
    for number in range(count):
        turn, week = divmod(number, 200)
        start = first + timedelta(7 * week)
        metrics = tuple(keys[(turn + week + step) % len(keys)] for step in (0, 7, 19))
        found.append((metrics, start, start + timedelta(7)))
    return found


def write(folder: Path, asked: list[Question], jobs_in_each: int) -> None:
    """A project whose definitions have so many jobs each, a question for each job."""
    (folder / "reports").mkdir(parents=True)
    for first in range(0, len(asked), jobs_in_each):
        jobs = (
            JOB.format(number=number, metrics=", ".join(metrics), start=start, end=end)
            for number, (metrics, start, end) in enumerate(asked[first : first + jobs_in_each], first)
        )
        text = f"title: Report {first}\noutput: {{formats: [html, md, csv]}}\njobs:\n{''.join(jobs)}"
        (folder / "reports" / f"report-{first:05}.yaml").write_text(text, encoding="utf-8")


def run(folder: Path, base_url: str, asked: list[Question], jobs_in_each: int) -> tuple[float, int]:
    """Seconds of ``runner run`` over a project with these questions, and the requests the service saw."""
    write(folder, asked, jobs_in_each)
    (folder / "runner.yaml").write_text(SETTINGS.format(base_url=base_url, flying=FLYING), encoding="utf-8")
    service.seen(base_url)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "runner", "run", "--project", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CLOSE_API_KEY": KEY},
    )
    seconds = time.perf_counter() - began
    written = list(folder.rglob("digest.*"))
    if len(written) != 2 * len(asked) // jobs_in_each + len(asked):  # a page and its Markdown, a CSV for each job
        raise SystemExit(f"{len(written)} files were written")
    return seconds, service.seen(base_url)


def loop(base_url: str, asked: list[Question]) -> float:
    """Seconds of Close's own client for the same questions, one after the other."""
    api = closeio_api.API(base_url, api_key=KEY)
    began = time.perf_counter()
    for question in asked:
        api.post("report/activity", data=_body(question))
    return time.perf_counter() - began


def bare(base_url: str, asked: list[Question]) -> float:
    """Seconds of the least a program can do here: connections that stay open in as many threads, and nothing else."""
    parts = urlsplit(base_url)
    local = threading.local()

    def ask(question: Question) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        local.connection.request("POST", f"{parts.path}report/activity/", json.dumps(_body(question)))
        local.connection.getresponse().read()

    began = time.perf_counter()
    with ThreadPoolExecutor(FLYING) as pool:
        list(pool.map(ask, asked))
    return time.perf_counter() - began


def _body(question: Question) -> dict[str, Any]:
    metrics, start, end = question
    span = {"start": f"{start}T00:00:00+00:00", "end": f"{end}T00:00:00+00:00"}
    return {"type": "overview", "metrics": list(metrics), "datetime_range": span}


def cases(base_url: str) -> Iterator[tuple[str, Callable[[Path], tuple[float, int]]]]:
    """What is measured, by its name in the table."""
    asked = questions(JOBS)
    repeated = asked[: JOBS // 2] * 2
    yield "20 definitions of 10 jobs", lambda folder: run(folder, base_url, asked, 10)
    yield "200 definitions of 1 job", lambda folder: run(folder, base_url, asked, 1)
    yield "20 definitions of 10 jobs, half of them repeated", lambda folder: run(folder, base_url, repeated, 10)
    yield "the same questions in 8 bare threads", lambda _: (bare(base_url, asked), JOBS)
    yield "closeio in a loop", lambda _: (loop(base_url, asked), JOBS)


def main() -> int:
    """Measure and print the table; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    print(f"{JOBS} jobs, {FLYING} in flight, {DELAY * 1000:g} ms an answer; the least is {IDEAL:.2f} s\n")
    print("| | requests | seconds | to the least | to closeio |\n|---|---:|---:|---:|---:|")
    with service.running(DELAY) as base_url:
        found = _best(list(cases(base_url)), runs)
    theirs = found["closeio in a loop"][0]
    for name, (seconds, requests) in found.items():
        print(f"| {name} | {requests} | {seconds:.2f} | {seconds / IDEAL:.2f} | {seconds / theirs:.2f} |")
    return 0 if next(iter(found.values()))[0] <= GOAL * IDEAL else 1


def _best(measured: list[tuple[str, Callable[[Path], tuple[float, int]]]], runs: int) -> dict[str, tuple[float, int]]:
    """The shortest time of each case; the cases take turns, so that a busy minute of the machine is everyone's."""
    found: dict[str, tuple[float, int]] = {}
    for _ in range(runs):
        for name, measure in measured:
            with tempfile.TemporaryDirectory(prefix="runner-benchmark-") as folder:
                found[name] = min(found.get(name, (float("inf"), 0)), measure(Path(folder)))
    return found


if __name__ == "__main__":
    sys.exit(main())
