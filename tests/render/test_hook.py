"""What a webhook is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from runner import render
from runner.render import hook
from tests.render.digests import ALL, COMPARED, hostile

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")


def notice() -> Any:
    return hook.notice("weekly", "Weekly\x00 sales", "2026-W47", COMPARED.as_of, ["calls: HTTP 503\n"])


def payload() -> Any:
    return hook.payload(COMPARED, render.words(COMPARED))


@pytest.mark.parametrize("name", ALL)
def test_a_digest_is_its_json_in_an_envelope(name: str) -> None:
    made: Any = hook.payload(ALL[name], render.words(ALL[name]))
    (document,) = render.documents(ALL[name], ("json",))
    assert made["digest"] == json.loads(document.content)
    assert (made["version"], made["kind"], made["report"]) == (1, "digest", ALL[name].name)
    assert (made["title"], made["period"], made["sample"]) == (ALL[name].title, "2026-W47", ALL[name].sample)
    assert made["as_of"] == ALL[name].as_of.isoformat()


def test_a_notice_has_the_same_envelope() -> None:
    assert notice() == {
        "version": 1,
        "kind": "failure",
        "report": "weekly",
        "title": "Weekly  sales",
        "as_of": "2026-11-23T07:02:00-05:00",
        "sample": False,
        "period": "2026-W47",
        "failures": ["calls: HTTP 503 "],
    }
    assert set(payload()) - set(notice()) == {"digest"}


def test_any_text_can_be_sent() -> None:
    made = hook.payload(hostile("\ud800\x00<>"), render.words(hostile("\ud800\x00<>")))
    json.dumps(made, ensure_ascii=False, allow_nan=False).encode()


def test_the_manual_lists_each_key() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", MANUAL, re.MULTILINE))
    assert set(payload()) | set(notice()) == listed
