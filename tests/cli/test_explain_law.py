"""For every number of the shipped reports: it stands where ``explain`` says, and its search finds what it counts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runner import endpoints, result
from runner.cli import kept
from runner.client import Client
from runner.endpoints import origin
from runner.explain import Explanation, cells, explain, records, rules
from runner.model import Answer, FailedSection, Profile
from runner.wiring import project, service
from tests.cli.command import AS_OF, runner
from tests.cli.conftest import ROOT

REPORTS = sorted(path.stem for path in (ROOT / "reports").glob("*.yaml"))

OVER_A_CLOCK_CHANGE = """\
title: Autumn
timezone: America/New_York
jobs:
  days: {endpoint: activity, type: overview, range: 2026-W44, compare: previous, metrics: [calls.all.all.count]}
  hours: {endpoint: activity, type: overview, range: "2026-11-01", metrics: [calls.all.all.avg_duration]}
output: {formats: [txt]}
"""


@pytest.fixture
def report() -> str:
    return "autumn"


@pytest.fixture
def home(tmp_path: Path, cache: Path, report: str) -> Path:
    """A project with a kept result of a shipped report, or of one over a clock change."""
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    (tmp_path / "reports" / "autumn.yaml").write_text(OVER_A_CLOCK_CHANGE)
    ran = runner("run", report, "--as-of", AS_OF, cwd=tmp_path, cache=cache)
    assert ran.returncode in (0, 1), ran.stderr  # a check of the report may fail
    return tmp_path


@pytest.fixture
def client(home: Path, cache: Path) -> Iterator[Client]:
    """The sample organization that the reports were run on."""
    (store,) = (file.parent for file in cache.rglob("manifest.json") if file.parent.name == "20261123T12")
    profile = Profile("kept", "data", data=str(store))
    with service.connect(profile, home, datetime.fromisoformat(AS_OF), lambda *_: None) as client:
        yield client


def read(data: Any, pointer: str) -> Any:
    """RFC 6901, on its own."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data


@pytest.mark.slow
@pytest.mark.parametrize("report", [*REPORTS, "autumn"])
def test_every_number_stands_where_it_is_said_and_its_search_finds_what_it_counts(
    home: Path, client: Client, report: str
) -> None:
    where = project.home(home)
    plan, answers = kept.plan(where, result.read(result.find(home / "out" / report, None)))
    digest = endpoints.digest(plan, answers, sample=True)
    assert not any(isinstance(section, FailedSection) for section in digest.sections)
    found: dict[str, list[Explanation]] = {}
    for cell in cells.everything(digest):
        job = next(job for job in plan.spec.jobs if job.name == cell.section.job)
        ask, source = endpoints.source(plan, answers, job, cell.table, cell.row, cell.column)
        said = answers[ask.query.key]
        assert isinstance(said, Answer)
        assert source.value(said.data) == cell.cell.value
        for part in source.parts:
            assert origin.at(said.data, part) == read(said.data, origin.pointer(part))
        own = source.rule == "own"
        assert rules.of(job.endpoint, cell.table.key, cell.table.columns[cell.column].key, own=own).sentence
        if source.search and origin.at(said.data, source.search):
            explained = explain(plan, answers, digest, cell)
            found.setdefault(explained.search, []).append(explained)
    for explanations in found.values():
        behind = records.find(explanations[0], client.ask)
        for explained in explanations:
            value = explained.found.cell.value
            if records.noun(explained) == "leads":
                assert behind.total == value
            elif records.noun(explained):
                assert isinstance(value, int)
                assert behind.total <= value
            assert (behind.total > 0) == bool(value)
            assert behind.fits


def test_days_over_a_clock_change_are_found_in_their_pieces(home: Path) -> None:
    where = project.home(home)
    plan, answers = kept.plan(where, result.read(result.find(home / "out" / "autumn", None)))
    digest = endpoints.digest(plan, answers, sample=True)
    asked = [explain(plan, answers, digest, cells.find(digest, "days", f"2026-{day}/calls.all.all.count", None)).ask
             for day in ("10-26", "10-31", "11-01")]  # fmt: skip
    assert asked[0].part == asked[1].part != asked[2].part
    assert [one.part is not None for one in asked] == [True, True, True]
