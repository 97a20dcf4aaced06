"""The hooks that this repository offers to pre-commit, and the one that ``runner init`` writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.command import runner

ROOT = Path(__file__).resolve().parents[2]
PRE_COMMIT = str(Path(sys.executable).with_name("pre-commit"))
NAMES = """\
title: A
jobs:
  a: {endpoint: funnel/opportunity/totals, type: created-cohort, cohort: last-quarter, pipeline: Sales}
"""


@pytest.fixture
def repository(tmp_path: Path, cache: Path) -> Path:
    """A git repository with a new project."""
    folder = tmp_path / "repository"
    runner("init", str(folder), cwd=tmp_path, cache=cache)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    return folder


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


def hook(repository: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    call = [PRE_COMMIT, *words, "--all-files", "--color=never"]
    path = f"{Path(sys.executable).parent}:{os.defpath}"
    return subprocess.run(
        ["env", *(f"{name}={value}" for name, value in {"PATH": path, **more}.items()), *call],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def test_the_manifest_is_right() -> None:
    subprocess.run([PRE_COMMIT, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=True)


def test_the_hook_of_a_new_project_checks_definitions(repository: Path, tmp_path: Path) -> None:
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    ran = hook(repository, "run", **home)
    assert (ran.returncode, "Passed" in ran.stdout) == (0, True), ran.stdout + ran.stderr
    (repository / "reports" / "pipeline.yaml").write_text("title: A\njobs: {}\n")
    ran = hook(repository, "run", **home)
    assert ran.returncode == 1
    assert "reports/pipeline.yaml:2:7:" in ran.stdout


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """This repository as it is now, committed."""
    folder = tmp_path / "offered"
    for name in ("runner", "schemas", "starter", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "--quiet", "-m", "now")
    return folder


@pytest.mark.slow
def test_the_hooks_of_this_repository_install_and_say_what_is_wrong(
    repository: Path, offered: Path, tmp_path: Path, cache: Path
) -> None:
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(cache)}
    hooks = [{"id": "runner-validate"}, {"id": "runner-lock-check"}]
    repo = {"repo": str(offered), "rev": git(offered, "rev-parse", "HEAD").strip(), "hooks": hooks}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}))
    pipeline = repository / "reports" / "pipeline.yaml"
    pipeline.write_text(NAMES)
    assert runner("lock", cwd=repository, cache=cache).returncode == 0
    git(repository, "add", "--all")
    ran = hook(repository, "run", **home)
    assert (ran.returncode, ran.stdout.count("Passed")) == (0, 2), ran.stdout + ran.stderr
    pipeline.write_text(NAMES.replace("Sales", "Renewals"))
    ran = hook(repository, "run", "runner-lock-check", **home)
    assert ran.returncode == 1
    assert "no pipeline is named 'Renewals'" in ran.stdout
    pipeline.write_text("title: A\njobs: {}\n")
    ran = hook(repository, "run", "runner-validate", **home)
    assert ran.returncode == 1
    assert "reports/pipeline.yaml:2:7:" in ran.stdout
