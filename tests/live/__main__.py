"""The command: ``python -m tests.live``, with a key in CLOSE_API_KEY.

Exit 0 where everything expected is there, 3 where something is not, 2 without a key.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from runner import source, spec
from runner.errors import RunnerError
from runner.model import Profile
from runner.wiring import service
from runner.wiring.service import Way
from tests.live import report, walk

BASE = "https://api.close.com/api/v1/"


def main() -> int:
    """Walk, write the report, print its path; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("--base-url", default=BASE, help="another server that speaks the API")
    parser.add_argument("--report", type=Path, default=Path("out/live/conformance.md"), help="where the report goes")
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=datetime.now(UTC), help="when it is asked")
    options = parser.parse_args()
    heedful = walk.Heedful()
    try:
        profile = _profile(options.base_url)
        with service.connect(profile, Path(), options.as_of, lambda *_: None, Way(hear=heedful)) as client:
            walked = walk.Walk(client, heedful)
            walk.everything(walked, options.as_of)
    except RunnerError as error:
        print(f"error: {error}\nmake live asks a real organization: set CLOSE_API_KEY to a key of it", file=sys.stderr)
        return error.exit_code
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(report.text(walked, options.as_of), encoding="utf-8")
    for one in walked.seen:
        if one.reason:
            print(f"{one.endpoint}: {one.reason}", file=sys.stderr)  # it may hold the organization's words: not kept
    print(options.report)
    return 0 if walked.sound else 3


def _profile(base_url: str) -> Profile:
    """A profile as runner.yaml would have it, so that its rules for addresses hold here too."""
    settings = {"profiles": {"live": {"service": "close", "base_url": base_url}}}
    return spec.read_project(source.read("--base-url", json.dumps(settings).encode())).profiles["live"]


if __name__ == "__main__":
    sys.exit(main())
