"""Entries as files that a person can read and compare: one for each report and period, a line for each delivery.

    ledger.json                       {"what": "...", "version": 1}
    weekly-sales/2026-W47.json        the deliveries of one digest
    team%2Fann@example.com/2026-W47.json

So a file stays small however long the ledger gets, and a change is one line of one file. The folder is the report's
name, the file the period's, with ``%`` and two digits for every character that a path of any system might not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from runner.ledger.moves import identify
from runner.model import Entry, Json, Key, State

VERSION = 1
"""Of the format of all files; said in ``MARK``."""

MARK = "ledger.json"
"""The file that makes a branch a ledger."""

WHAT = "what runner has delivered; it writes this branch, see docs/ledger.md"

TEXTS = ("channel", "recipient", "state", "as_of", "changed", "reason", "fingerprint", "run", "word")


def mark() -> bytes:
    """The content of ``MARK``."""
    return json.dumps({"what": WHAT, "version": VERSION}).encode() + b"\n"


def version(content: bytes) -> int:
    """The version that a ``MARK`` says; ValueError where it says none."""
    said = json.loads(content)
    found = said.get("version") if isinstance(said, dict) else None
    if type(found) is not int:
        raise ValueError("no version")
    return found


def path(key: Key) -> str:
    """The file that the key's entry is in."""
    return f"{_name(key.report)}/{_name(key.period)}.json"


def write(entries: Iterable[Entry]) -> bytes:
    """The file of entries of one report and period."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    head = {"report": ordered[0].key.report, "period": ordered[0].key.period}
    lines = ",\n".join("  " + json.dumps(_data(entry), ensure_ascii=False) for entry in ordered)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "deliveries": [\n{lines}\n]}}\n'.encode()


def read(name: str, content: bytes) -> dict[Key, Entry]:
    """The entries in the file of this path; ValueError where it is not as it was written."""
    try:
        said = json.loads(content)
        entries = [_entry(said["report"], said["period"], delivery) for delivery in said["deliveries"]]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    found = {entry.key: entry for entry in entries}
    if len(found) != len(entries) or any(path(key) != name for key in found):
        raise ValueError("a delivery is in it twice, or in the wrong file")
    return found


def _name(said: str) -> str:
    quoted = quote(said, safe="@!+=,").replace("~", "%7E")
    return quoted if not quoted.startswith(".") else f"%2E{quoted[1:]}"


def _data(entry: Entry) -> dict[str, Json]:
    return {
        "channel": entry.key.channel,
        "recipient": entry.key.recipient,
        "state": entry.state.value,
        "as_of": entry.as_of.isoformat(),
        "changed": entry.changed.isoformat(),
        "attempts": entry.attempts,
        "reason": entry.reason,
        "fingerprint": entry.fingerprint,
        "run": entry.run,
        "word": entry.word,
    }


def _entry(report: str, period: str, said: dict[str, str | int]) -> Entry:
    texts = {name: said[name] for name in TEXTS}
    attempts = said["attempts"]
    if not all(isinstance(text, str) for text in (report, period, *texts.values())) or type(attempts) is not int:
        raise ValueError("a text or a number is of another kind")
    word = {name: str(text) for name, text in texts.items()}
    key = Key(report, period, word["channel"], word["recipient"])
    as_of, changed = datetime.fromisoformat(word["as_of"]), datetime.fromisoformat(word["changed"])
    if as_of.tzinfo is None or changed.tzinfo is None:
        raise ValueError("an instant has no offset")
    rest = word["reason"], attempts, word["fingerprint"], word["run"], word["word"]
    return Entry(identify(key), key, State(word["state"]), as_of, changed, *rest)
