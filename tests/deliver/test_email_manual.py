"""The manual of the e-mail channel is true."""

from __future__ import annotations

import re
from pathlib import Path

from runner import source, spec
from runner.deliver import fields, smtp
from tests.deliver.mails import FILES, MAILBOX, composed

MANUAL = (Path(__file__).parents[2] / "docs" / "email.md").read_text(encoding="utf-8")


def test_its_examples_are_right_together() -> None:
    settings, definition = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
    project = spec.read_project(source.read("runner.yaml", settings.encode()))
    made, warnings = spec.read(source.read("reports/weekly-sales.yaml", definition.encode()), project)
    assert ([way.via for way in (*made.deliver, *made.on_failure)], warnings) == (["mail", "mail"], ())


def test_it_names_every_header_that_means_something() -> None:
    mail = composed(thread=True, attachments=FILES).split(b"\r\n\r\n")[0].decode()
    for name in re.findall(r"^([A-Z][A-Za-z-]+):", mail, re.MULTILINE):
        assert f"`{name}`" in MANUAL or name in ("MIME-Version", "Content-Type")


def test_its_numbers_are_the_programs() -> None:
    assert f"at most {fields.MOST} characters" in MANUAL
    assert smtp.ANSWER == 1 / 5
    assert "less than a fifth of the time" in MANUAL
    assert f"{type(MAILBOX)('m', 'h', 's').timeout:g} if not given" in MANUAL
