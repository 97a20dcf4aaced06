"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import files
from runner.errors import RunnerError
from runner.model import Document


def test_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "weekly" / "2026-W47"
    written = files.write(folder, [Document("a.html", b"<p>"), Document("b.csv", b"x")])
    assert written == (folder / "a.html", folder / "b.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["a.html", "b.csv"]
    assert (folder / "a.html").read_bytes() == b"<p>"


def test_a_second_write_replaces_the_first(tmp_path: Path) -> None:
    files.write(tmp_path, [Document("a.html", b"old and longer")])
    files.write(tmp_path, [Document("a.html", b"new")])
    assert (tmp_path / "a.html").read_bytes() == b"new"


def test_files_can_be_read_by_others(tmp_path: Path) -> None:
    (written,) = files.write(tmp_path, [Document("a.html", b"")])
    assert written.stat().st_mode & 0o777 == 0o644


def test_when_one_file_cannot_be_written_the_old_ones_stay(tmp_path: Path) -> None:
    files.write(tmp_path, [Document("a.html", b"old")])
    with pytest.raises(RunnerError, match="could not write"):
        files.write(tmp_path, [Document("a.html", b"new"), Document("x" * 300, b"name too long")])
    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_file_where_the_folder_should_be_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(RunnerError, match="out"):
        files.write(tmp_path / "out" / "weekly", [Document("a.html", b"")])
