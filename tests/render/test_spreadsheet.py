"""The CSV in a real spreadsheet: LibreOffice finds no formula in it, whatever the names are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from runner import render
from tests.render.digests import hostile

CORPORA = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
OWN = ["=1+1", "+1+1", "-1+1", "@SUM(1)", '"=1+1', "a,=1+1", "a;=1+1", "\t=1+1", "\uff1d1+1", "=cmd|' /C calc'!A0"]


def names() -> list[str]:
    found = list(OWN)
    for corpus in ("csv-formulas", "naughty-strings", "xss"):
        file = CORPORA / f"{corpus}.jsonl"
        if file.is_file():
            found += [str(value) for line in file.read_text(encoding="utf-8").splitlines() for value in texts(line)]
    return found


def texts(line: str) -> list[str]:
    said = json.loads(line)
    return [value for value in said.values() if isinstance(value, str)] if isinstance(said, dict) else [str(said)]


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here (Debian: libreoffice-calc-nogui)")
@pytest.mark.parametrize("separator", [44, 59, 9], ids=["comma", "semicolon", "tab"])
def test_no_name_becomes_a_formula_in_libreoffice(tmp_path: Path, separator: int) -> None:
    """All names in one file, which is opened with each separator that an office may be set to."""
    lines: list[bytes] = []
    for text in names():
        for document in render.documents(hostile(text), ("csv",)):
            lines += document.content.splitlines(keepends=True)
    (tmp_path / "all.csv").write_bytes(b"".join(lines))
    call = [str(OFFICE), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    convert = [f"--infilter=CSV:{separator},34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([*call, *convert, str(tmp_path / "all.csv")], check=True, timeout=300, capture_output=True)
    sheet = (tmp_path / "all.fods").read_text(encoding="utf-8")
    assert sheet.count("<table:table-row") > len(OWN)
    assert re.findall(r'table:formula="[^"]*"', sheet) == []


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here (Debian: libreoffice-calc-nogui)")
def test_the_check_would_find_a_formula(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("=1+1,2\n", encoding="utf-8")
    call = [str(OFFICE), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    convert = ["--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([*call, *convert, str(tmp_path / "one.csv")], check=True, timeout=300, capture_output=True)
    assert 'table:formula="' in (tmp_path / "one.fods").read_text(encoding="utf-8")
