"""The wheel carries its schemas and templates: built, installed elsewhere, run there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_a_wheel_installed_elsewhere_makes_a_digest(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("close_report_runner-*.whl")
    elsewhere = tmp_path / "elsewhere"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(elsewhere)
    assert (elsewhere / "runner" / "assets" / "schemas" / "report.schema.json").is_file()

    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "starter").rglob("*") if path.is_file()}
    assert shipped <= {
        path.relative_to(elsewhere / "runner/assets").as_posix()
        for path in elsewhere.rglob("*")
        if path.is_relative_to(elsewhere / "runner/assets")
    }

    project = tmp_path / "project"
    (project / "reports").mkdir(parents=True)
    (project / "reports" / "phones.yaml").write_text(
        "title: Phones\n"
        "jobs:\n"
        "  calls: {endpoint: activity, type: overview, range: last-week, metrics: [calls.all.all.count]}\n"
    )
    # -I keeps the checkout out of sys.path; the wheel's folder is put first, the libraries come from this environment.
    code = f"import sys; sys.path.insert(0, {str(elsewhere)!r}); from runner.__main__ import main; main()"
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code, "run", "phones", "--as-of", "2026-11-23"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (project / "out" / "phones" / "2026-W47" / "digest.html").is_file()
    where = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(elsewhere)!r}); import runner; print(runner.__file__)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(elsewhere) in where.stdout
