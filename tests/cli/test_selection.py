"""Which definitions the words of the command line select."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from runner.errors import EmptySelectionError, UsageError
from runner.wiring import project, selection
from tests.cli.conftest import Runner

JOB = "  numbers:\n    endpoint: {endpoint}\n    type: overview\n    range: last-week\n    metrics: [{metric}]\n"
FILES = {
    "weekly-sales.yaml": ("activity", "calls.outbound.all.count", "tags: [weekly, sales]\nowner: Ann Smith\n"),
    "daily-calls.yaml": ("activity", "calls.inbound.all.count", "tags: [daily]\nowner: Bo\n"),
    "emea/weekly-emea.yaml": ("funnel/opportunity/totals", "emails.sent.all.count", "tags: [weekly]\n"),
}


@pytest.fixture
def home(tmp_path: Path) -> project.Home:
    for name, (endpoint, metric, head) in FILES.items():
        file = tmp_path / "reports" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"title: T\n{head}jobs:\n{JOB.format(endpoint=endpoint, metric=metric)}")
    (tmp_path / "reports" / "broken.yaml").write_text("title: [\n")
    return project.home(tmp_path)


def chosen(home: project.Home, *words: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [path.stem for path in selection.paths(home, words, exclude)]


ALL = ["broken", "daily-calls", "weekly-emea", "weekly-sales"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param((), ALL, id="all"),
        pytest.param(("daily-calls",), ["daily-calls"], id="a name"),
        pytest.param(("weekly-*",), ["weekly-emea", "weekly-sales"], id="a glob"),
        pytest.param(("weekly-sales", "daily-calls"), ["weekly-sales", "daily-calls"], id="two, in their order"),
        pytest.param(("daily-calls", "*calls"), ["daily-calls"], id="one twice"),
        pytest.param(("tag:weekly",), ["weekly-emea", "weekly-sales"], id="a tag"),
        pytest.param(("tag:week*",), ["weekly-emea", "weekly-sales"], id="a glob of tags"),
        pytest.param(("tag:weekly,tag:sales",), ["weekly-sales"], id="both"),
        pytest.param(("tag:sales", "tag:daily"), ["weekly-sales", "daily-calls"], id="either"),
        pytest.param(("endpoint:funnel/*",), ["weekly-emea"], id="an endpoint"),
        pytest.param(("metric:calls.*",), ["daily-calls", "weekly-sales"], id="metrics"),
        pytest.param(("owner:Ann*",), ["weekly-sales"], id="an owner"),
        pytest.param(("path:reports/emea/*",), ["weekly-emea"], id="a path"),
        pytest.param(("weekly-*,path:reports/emea/*",), ["weekly-emea"], id="glob and path"),
    ],
)
def test_words_select_definitions(home: project.Home, words: tuple[str, ...], expected: list[str]) -> None:
    assert chosen(home, *words) == expected


def test_what_is_excluded_is_left_out(home: project.Home) -> None:
    assert chosen(home, exclude=("tag:weekly", "broken")) == ["daily-calls"]


@pytest.mark.parametrize("words", [("tag:none",), ("nothing-*",), ("tag:sales,tag:daily",)])
def test_nothing_selected_is_an_error_of_its_own(home: project.Home, words: tuple[str, ...]) -> None:
    with pytest.raises(EmptySelectionError, match="nothing is selected by"):
        chosen(home, *words)
    with pytest.raises(EmptySelectionError, match="without"):
        chosen(home, exclude=("*",))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        pytest.param("tga:weekly", "did you mean 'tag:'?", id="misspelt method"),
        pytest.param("tag:", "for example tag:weekly", id="no value"),
        pytest.param("weekly-sale", "did you mean 'weekly-sales'?", id="misspelt name"),
        pytest.param("result:ok", "write result:failed", id="result"),
        pytest.param("due:later", "write due:now", id="due"),
        pytest.param("git:main", "no git repository", id="no repository"),
    ],
)
def test_a_word_that_means_nothing_is_an_error_with_its_remedy(home: project.Home, word: str, said: str) -> None:
    with pytest.raises(UsageError, match="(?s).*" + said.replace("?", r"\?")):
        chosen(home, word)


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def test_what_changed_since_a_commit_is_selected(home: project.Home) -> None:
    git(home.root, "init", "-q", "-b", "main")
    git(home.root, "add", ".")
    git(home.root, "commit", "-qm", "All")
    with pytest.raises(EmptySelectionError):
        chosen(home, "git:main")
    (home.root / "reports" / "daily-calls.yaml").write_text("title: Changed\n")
    (home.root / "reports" / "new.yaml").write_text("title: New\n")
    assert chosen(home, "git:main") == ["daily-calls", "new"]
    git(home.root, "checkout", "-qb", "branch")
    git(home.root, "add", ".")
    git(home.root, "commit", "-qm", "Change")
    assert chosen(home, "git:main") == ["daily-calls", "new"]
    (home.root / "runner.yaml").write_text("{}")
    assert chosen(home, "git:main") == [*ALL[:3], "new", "weekly-sales"]
    with pytest.raises(UsageError, match="no such commit"):
        chosen(home, "git:nowhere")


def test_commands_take_the_same_words(call: Runner) -> None:
    assert call("list", "endpoint:activity", "--exclude", "whole-*").returncode == 0
    told = call("validate", "tag:nothing")
    assert (told.returncode, told.stderr) == (5, "error: nothing is selected by tag:nothing\n")
