"""``runner schema``: as published, or with the organization's names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner import assets
from tests.cli.command import AS_OF
from tests.cli.conftest import Runner


@pytest.mark.parametrize("name", ["report", "test", "runner"])
def test_the_published_schema_is_printed_or_written(call: Runner, project: Path, name: str) -> None:
    published = (assets.folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    assert call("schema", name).stdout == published
    written = call("schema", name, "--output", f"new/{name}.json")
    assert (written.returncode, written.stdout) == (0, f"new/{name}.json\n")
    assert (project / "new" / f"{name}.json").read_text(encoding="utf-8") == published


def test_the_names_of_the_profile_s_organization_are_in_it(call: Runner, project: Path) -> None:
    ran = call("schema", "report", "--from-org", "--as-of", AS_OF)
    assert ran.returncode == 0, ran.stderr
    schema = json.loads(ran.stdout)
    assert "priya@example.com" in schema["$defs"]["user"]["examples"]
    assert "Sales" in schema["$defs"]["pipeline"]["examples"]
    assert "Fernhill Supply Co. (sample)" in schema["$comment"]
    assert "2 of pipeline" in ran.stderr
    assert ran.stdout == call("schema", "--from-org", "--as-of", AS_OF, PYTHONHASHSEED="3").stdout


def test_settings_have_no_names(call: Runner, project: Path) -> None:
    ran = call("schema", "runner", "--from-org")
    assert ran.returncode == 2
    assert "for the schema of definitions" in ran.stderr
