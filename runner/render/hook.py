"""What a webhook is told: a digest or a notice in an envelope that is the same for both. ``docs/channels.md`` lists it.

``version`` grows when a key goes or its meaning changes; keys may be added without.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from runner.model import Digest, Json
from runner.render import data, plain
from runner.render.view import View

VERSION = 1


def payload(digest: Digest, view: View) -> Json:
    """The digest: what ``digest.json`` holds, in the envelope."""
    told: dict[str, Json] = json.loads(data.render(digest, view))
    envelope = ("report", "title", "as_of", "sample")
    return {
        "version": VERSION,
        "kind": "digest",
        **{key: told[key] for key in envelope},
        "period": digest.period.name,
        "digest": told,
    }


def notice(
    report: str, title: str, period: str, as_of: datetime, failures: Sequence[str], *, sample: bool = False
) -> Json:
    """The notice that a digest is not complete or could not be made; ``failures`` say what failed and why."""
    return {
        "version": VERSION,
        "kind": "failure",
        "report": report,
        "title": plain.line(title),
        "as_of": as_of.isoformat(),
        "sample": sample,
        "period": period,
        "failures": [plain.line(failure) for failure in failures],
    }
