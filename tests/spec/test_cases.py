"""The folders ``good`` and ``bad``: definitions that are right, and ones that say where and how they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import source, spec
from runner.errors import DefinitionError, Severity
from runner.spec.wording import WORDING
from tests.spec.definitions import BAD, GOOD, PROJECT

EXPECT = "# expect: "


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_definition_is_read_without_a_warning(file: Path) -> None:
    made, warnings = spec.read(source.read(str(file), file.read_bytes()), PROJECT)
    assert warnings == ()
    assert made.name == file.stem
    assert made.jobs


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_definition_is_refused_where_its_first_line_says(file: Path) -> None:
    content = file.read_bytes()
    expected = content.decode().split("\n", 1)[0].removeprefix(EXPECT)
    with pytest.raises(DefinitionError) as caught:
        spec.read(source.read(file.name, content), PROJECT)
    found = [f"{one.location.line}:{one.location.column} {one.rule}" for one in caught.value.problems]
    assert ", ".join(found) == expected
    assert all(one.severity is Severity.ERROR for one in caught.value.problems)


def test_the_bad_cases_break_every_rule() -> None:
    broken = {
        expected.split(" ")[1]
        for file in BAD
        for expected in file.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix(EXPECT).split(", ")
    }
    assert len(BAD) >= 100
    assert broken >= {
        *("unknown-key", "missing-key", "enum", "pattern", "type", "key-name", "unique-items", "minimum"),
        *("min-items", "min-length", "min-properties", "max-items", "max-length", "max-properties"),
        *(
            "timezone",
            "locale",
            "calendar",
            "channel",
            "recipient",
            "recipients",
            "schedule",
            "template",
            "compare",
            "bounds",
            "default",
            "unknown-job",
            "twice",
            "one-line",
        ),
        *("channel", "recipient", "recipients", "schedule", "template"),
        *("no-limit", "unknown-number", "unknown-table", "unknown-row", "unknown-metric", "limit", "goal", "formula"),
        *("empty-file", "one-document", "anchor", "alias", "merge-key", "tag", "duplicate-key", "key", "ambiguous"),
        *("empty-value", "number", "yaml", "character", "tab", "directive", "comment", "too-deep", "indentation"),
    }
    assert len(WORDING) == 15


def test_no_message_dumps_the_data_or_speaks_of_the_validator() -> None:
    for file in BAD:
        with pytest.raises(DefinitionError) as caught:
            spec.read(source.read(file.name, file.read_bytes()), PROJECT)
        for problem in caught.value.problems:
            assert len(problem.message) < 140, problem.message
            assert not {"{'", "['", "schema", "regex", "does not match", "is not of type"} & set(
                problem.message.split()
            )
