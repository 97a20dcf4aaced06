"""What ``diff`` takes each side for, as it is typed: no look at the disk, no guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.cli import sides
from runner.cli.sides import Committed, Defined, Filed, Kept, Said
from runner.errors import UsageError


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("calls@2026-W46", Kept("calls", "2026-W46")),
        ("calls@latest", Kept("calls", None)),
        ("@2026-W46", Kept("other", "2026-W46")),
        ("calls@git:main", Defined("calls", "main")),
        ("calls@git:origin/main", Defined("calls", "origin/main")),
        ("calls@git:HEAD@{1}", Defined("calls", "HEAD@{1}")),
        ("@git:v1", Defined("other", "v1")),
        ("calls", Defined("calls")),
        ("kept.json", Filed(Path("kept.json"))),
        ("out/calls/2026-W46", Filed(Path("out/calls/2026-W46/result.json"))),
        ("./calls", Filed(Path("calls/result.json"))),
        (".", Filed(Path("result.json"))),
        ("out/a@b/2026-W46", Filed(Path("out/a@b/2026-W46/result.json"))),
        ("main:out/result.json", Committed("main", "out/result.json")),
        ("HEAD@{1}:out/result.json", Committed("HEAD@{1}", "out/result.json")),
    ],
)
def test_a_side_is_what_it_looks_like(said: str, meant: Said) -> None:
    assert sides.read(said, "other@2026-W47", None if said[0] != "@" else "other")[0] == meant


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("calls", (Defined("calls", "HEAD"), Defined("calls"))),
        ("calls@git:v1", (Defined("calls", "v1"), Defined("calls"))),
        ("calls@2026-W46", (Kept("calls", "2026-W46"), Kept("calls", None))),
    ],
)
def test_the_other_side_may_be_left_out(said: str, both: tuple[Said, Said]) -> None:
    assert sides.read(said, None, None) == both


@pytest.mark.parametrize("said", ["", "@2026-W46", "calls@", "calls@git:", "out/calls", "main:result.json"])
def test_what_means_nothing_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="write"):
        sides.read(said, None, None)
