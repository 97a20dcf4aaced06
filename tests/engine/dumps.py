"""Dump folders made from plain Python rows, as an export of Close would leave them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

Form = Literal["json", "ndjson", "json.gz", "ndjson.gz"]
Row = Mapping[str, Any]


def encode(rows: Sequence[Row], form: Form) -> bytes:
    """``rows`` as the bytes of a file of that form."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    text = "".join(line + "\n" for line in lines) if form.startswith("ndjson") else "[" + ",\n ".join(lines) + "]\n"
    data = text.encode()
    return gzip.compress(data, mtime=0) if form.endswith(".gz") else data


def write_dump(folder: Path, *, form: Form = "json", **resources: Sequence[Row]) -> Path:
    """Write one file per resource into ``folder`` (made if absent), and give the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in resources.items():
        (folder / f"{name}.{form}").write_bytes(encode(rows, form))
    return folder
