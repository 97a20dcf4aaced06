"""The page about channels keeps up with them."""

from __future__ import annotations

import re
from pathlib import Path

from runner import source, spec
from runner.deliver import chat
from runner.model import State

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")


def test_the_settings_and_the_definition_are_right() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
    channels = [text.removeprefix("channels:\n") for text in examples if text.startswith("channels:")]
    project = spec.read_project(source.read("runner.yaml", f"channels:\n{''.join(channels)}".encode()))
    assert {channel.kind for channel in project.policy.channels.values()} == {"slack", "webhook", "folder"}
    (definition,) = [text for text in examples if text.startswith("title:")]
    made, warnings = spec.read(source.read("reports/weekly-sales.yaml", definition.encode()), project)
    assert ([one.via for one in (*made.deliver, *made.on_failure)], warnings) == (["sales-room"] * 2, ())


def test_the_statuses_are_listed() -> None:
    assert f"| {', '.join(map(str, sorted(chat.LATER)))} | deferred" in MANUAL
    assert f"| {', '.join(map(str, sorted(chat.MOVED)))} | refused" in MANUAL
    for state in (State.SENT, State.REFUSED, State.DEFERRED, State.UNCERTAIN):
        assert state.value in MANUAL
