"""The exact pass over a file that SQL cannot read whole: which rows are bad and why, and the good ones anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runner.engine.load import fields, files
from runner.engine.load.files import BadRow, File


def sift(file: File, clean: Path) -> list[BadRow]:
    """Write the good rows to ``clean`` as NDJSON, with the fields we read only; the bad ones in the file's order.

    A bad object nested in a lead is left out alone; the lead stays.
    """
    bad: list[BadRow] = []
    with clean.open("w", encoding="ascii") as out:
        for line, row, unreadable in files.rows(file):
            name = file.path.name
            reason = unreadable or fields.fault(file.resource, row)
            if reason:
                bad.append(BadRow(name, line, fields.identity(row), reason))
                continue
            kept = _kept(file.resource, row)
            for key, resource in fields.NESTED.items() if file.resource == "lead" else ():
                nested = row.get(key) or []
                told = [(item, fields.fault(resource, item)) for item in nested]
                bad += [BadRow(name, line, fields.identity(item), why) for item, why in told if why]
                kept[key] = [_kept(resource, item) for item, why in told if not why]
            out.write(json.dumps(kept) + "\n")
    return bad


def _kept(resource: str, row: dict[str, Any]) -> dict[str, Any]:
    """The fields we read: what we do not read cannot spoil the file again. ``flat`` gathers the flat custom fields."""
    kept = {name: row[name] for name in fields.FIELDS[resource] if name in row and name != "opens"}
    if resource == "activity":
        kept["opens"] = [1] if row.get("opens") else []
    if resource in fields.CUSTOM:
        kept["flat"] = fields.flat(row)
    return kept
