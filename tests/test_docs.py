"""The manual keeps up with the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from runner import source, spec
from runner.cli import COMMANDS, cli, manual
from runner.endpoints import ENDPOINTS
from runner.engine.app import ROUTES
from runner.errors import RunnerError
from runner.outputs import FORMATS as OUTPUTS
from runner.spec.definition import FORMATS
from tests.conftest import Golden

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 120


def test_the_definition_and_the_settings_in_the_readme_are_right() -> None:
    definition, settings = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    made, warnings = spec.read(source.read("reports/weekly-sales.yaml", definition.encode()))
    assert (len(made.jobs), warnings) == (2, ())
    assert spec.read_project(source.read("runner.yaml", settings.encode())).default_profile == "live"


def test_the_example_of_the_page_about_tests_is_that_of_a_new_project() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    shipped = (ROOT / "starter" / "project" / "reports" / "weekly-sales.test.yaml").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert shipped.endswith(example)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_a_module(name: str) -> None:
    commands = README.partition("## Commands")[2].partition("\n## ")[0]
    assert re.search(rf"\b{name}\b", commands)
    assert (ROOT / "runner" / "cli" / f"{name}_command.py").is_file()


def test_the_manual_of_the_commands_says_what_they_say(golden: Golden) -> None:
    golden(ROOT / "docs" / "commands.md", manual.page().encode())


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 6, 130])
def test_every_exit_code_in_use_is_in_the_readme(code: int) -> None:
    assert re.search(rf"\b{code} \w", README)


def test_no_error_has_an_exit_code_that_is_not_documented() -> None:
    def family(kind: type[RunnerError]) -> set[type[RunnerError]]:
        return {kind}.union(*map(family, kind.__subclasses__()))

    assert {kind.exit_code for kind in family(RunnerError)} <= {2, 3, 4, 5, 6, 130}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_format_and_endpoint_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
    for word in (*FORMATS, *ENDPOINTS):
        assert word in manual


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_has_a_page_with_an_example_that_is_right_and_a_report(endpoint: str) -> None:
    page = (ROOT / "docs" / "endpoints" / f"{endpoint.replace('/', '-')}.md").read_text(encoding="utf-8")
    example, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    made, warnings = spec.read(source.read("reports/example.yaml", f"title: Example\n{example}".encode()))
    assert ([job.endpoint for job in made.jobs], warnings) == ([endpoint], ())
    assert any(f"endpoint: {endpoint}" in path.read_text(encoding="utf-8") for path in (ROOT / "reports").iterdir())


@pytest.mark.parametrize("path", [path for _, path, _ in ROUTES])
def test_every_path_of_the_engine_is_in_the_manual(path: str) -> None:
    written = path.replace("<organization>", "ORG").replace("<identity>", "ID").replace("<kind>", "KIND")
    assert f"`{written}`" in (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_begins_with_the_schema_line(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/report.schema.json"


def test_every_definition_in_the_page_on_checks_is_right() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        assert spec.read(source.read("reports/example.yaml", example.encode()))[1] == ()


CI = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", OUTPUTS)
def test_every_format_of_outputs_is_in_the_manual(form: str) -> None:
    assert f"| `{form}` |" in CI


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", CI, re.DOTALL), ids=["github", "gitlab"])
def test_every_command_of_a_pipeline_in_the_manual_can_be_typed(block: str) -> None:
    assert isinstance(yaml.safe_load(block), dict)
    typed = [shlex.split(line) for line in re.findall(r"(?:- run: |- )runner (.*)", block)]
    assert typed
    for words in typed:
        group: click.Command = cli
        with click.Context(cli, info_name="runner") as context:
            while isinstance(group, click.Group):
                inner = group.get_command(context, words.pop(0))
                assert inner
                group = inner
            group.make_context("runner", words, parent=context)
