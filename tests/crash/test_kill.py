"""``kill -9`` at any moment of a delivery, over e-mail, a webhook and a folder, with both ledgers."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.crash.office import SEND, driving, faults, office
from tests.crash.receivers import receiving

TRIALS = int(os.environ.get("CRASHES", "15"))  # noqa: TID251 -- `make crash` asks for many more


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "git"])
def test_nothing_is_sent_twice_or_lost_or_left_unsaid_when_a_run_is_killed(tmp_path: Path, store: str) -> None:
    chance = random.Random(11)
    with receiving() as received:
        made = office(tmp_path / "office", store, received, tmp_path / "cache")
        with driving(made.environment) as driver:
            whole = made.copy(tmp_path / "whole")
            began = time.monotonic()
            assert driver.run(whole, *SEND) == 0, (whole / "said.txt").read_text()
            lasts = time.monotonic() - began
            assert faults(whole, made.entries(whole), received.take()) == []
            killed = doubts = 0
            for trial in range(TRIALS):
                project = made.copy(tmp_path / str(trial))
                child = driver.start(project, *SEND)
                after = chance.uniform(0, 0.8 * lasts)
                time.sleep(after)
                with contextlib.suppress(ProcessLookupError):  # it was done before
                    os.kill(child, signal.SIGKILL)
                struck = driver.end() == -signal.SIGKILL
                killed += struck
                lasts = lasts if struck else min(lasts, after)
                code = driver.run(project, *SEND)
                said = (project / "said.txt").read_text()
                time.sleep(0.02)  # what was in a server's hands when its client died is noted by now
                entries = made.entries(project)
                assert faults(project, entries, received.take()) == [], said
                doubt = [entry for entry in entries if entry.state.value == "uncertain"]
                assert code == (4 if doubt and store == "sqlite" else 0), said  # a lease does not end so soon
                assert all(str(entry.key) in said for entry in doubt), said
                doubts += bool(doubt)
            assert killed > TRIALS * 0.3
            assert doubts
