"""What an editor offers and marks with the schemas that ``runner init`` and ``runner schema --from-org`` write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import AS_OF, runner
from tests.editor.server import Editor, editor
from tests.spec.definitions import BAD, GOOD

pytestmark = pytest.mark.slow

WRITTEN = """\
title: Team
defaults:
  query:
    smart_view: H
  users: [p]
jobs:
  calls:
    endpoint: activity
    type: comparison
    range: last-week
    metrics:
      - c
  funnel:
    endpoint: funnel/opportunity/stages
    type: created-cohort
    pipeline: S
  fields:
    endpoint: custom
    x: o
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project whose schema knows the sample organization."""
    folder, cache = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("cache")
    runner("init", cwd=folder, cache=cache)
    words = ("schema", "report", "--from-org", "--output", ".runner/report.schema.json", "--as-of", AS_OF)
    assert runner(*words, cwd=folder, cache=cache).returncode == 0
    (folder / "reports" / "team.yaml").write_text(WRITTEN)
    for file in (*GOOD, *BAD):
        said = file.read_bytes().replace(b"# yaml-language-server: $schema=../schemas/", b"# schemas/")
        (folder / "reports" / f"{file.parent.name}-{file.name}").write_bytes(said)
    return folder


@pytest.fixture(scope="module")
def opened(project: Path) -> Iterator[Editor]:
    """The project in an editor with the settings that ``runner init`` wrote."""
    settings = json.loads((project / ".vscode" / "settings.json").read_text())
    with editor(project, schemas=settings["yaml.schemas"], yamlVersion=settings["yaml.yamlVersion"]) as one:
        one.open(project / "reports" / "team.yaml")
        yield one


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param("- c", "calls.outbound.all.count", id="a metric"),
        pytest.param("users: [p", "priya@example.com", id="a user's e-mail"),
        pytest.param("users: [p", "group:SDR team", id="a group"),
        pytest.param("pipeline: S", "Sales", id="a pipeline"),
        pytest.param("smart_view: H", "Hot leads", id="a smart view"),
        pytest.param("x: o", "opportunity.annualized_value", id="a field"),
    ],
)
def test_names_of_the_organization_are_offered(opened: Editor, project: Path, after: str, expected: str) -> None:
    assert expected in [text.strip().strip("\"'") for text in opened.offered(project / "reports" / "team.yaml", after)]


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_what_is_right_is_not_marked(opened: Editor, project: Path, file: Path) -> None:
    assert opened.open(project / "reports" / f"{file.parent.name}-{file.name}") == []


SHARED = {
    *("enum", "pattern", "type", "key-name", "unknown-key", "unique-items", "duplicate-key", "yaml", "minimum"),
    *("min-items", "max-items", "min-length", "max-length", "min-properties"),
}
"""Rules that a schema or a reader of YAML can see; `runner validate` alone knows what things mean."""


def expected(file: Path) -> list[tuple[int, str]]:
    """Line and rule of everything that `runner validate` says of a bad definition."""
    said = file.read_bytes().partition(b"\n")[0].decode().removeprefix("# expect: ")
    return [(int(one.split(":")[0]), one.split()[1]) for one in said.split(", ")]


@pytest.mark.parametrize(
    "file", [file for file in BAD if {rule for _, rule in expected(file)} <= SHARED], ids=lambda file: file.stem
)
def test_what_is_wrong_is_marked_where_validate_says_it_is(opened: Editor, project: Path, file: Path) -> None:
    marked = opened.open(project / "reports" / f"{file.parent.name}-{file.name}")
    assert {line for line, _ in expected(file)} <= {one["range"]["start"]["line"] + 1 for one in marked}


def test_a_file_of_tests_has_the_schema_of_tests_and_no_other(opened: Editor, project: Path) -> None:
    file = project / "reports" / "pipeline.test.yaml"
    file.write_text("tests:\n  a:\n    as_of: 2026-11-23\n    expect: {period: 2026-10}\n")
    assert opened.open(file) == []
    file = project / "reports" / "email-templates.test.yaml"
    file.write_text("tests:\n  a:\n    as_of: 2026-11-23\n    expects: {period: 2026-10}\n")
    assert {one["range"]["start"]["line"] for one in opened.open(file)} >= {3}
