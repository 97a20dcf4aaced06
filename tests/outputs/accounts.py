"""Accounts to write."""

from __future__ import annotations

from runner.errors import Location, Problem, Severity
from runner.outputs import Account, Definition, Delivered, Job

FILE = "reports/ä b%.yaml"
PLACE = Location(FILE, 3, 61)
PROBLEM = Problem("activity has no key 'metric'", "unknown-key", PLACE, "  a: {metric: [x]}", "did you mean 'metrics'?")
WARNING = Problem("old | word", "old-word", Location("reports/b.yaml", 1, 2), "x", severity=Severity.WARNING)
REFUSED = Problem("no such metric", "refused-by-service", Location("reports/c.yaml", 8, 36), "    metrics: [x]")
LOST = Problem("c 2026-W47 mail ann@example.com: uncertain", "delivery-uncertain", Location("reports/c.yaml", 12, 5))

JOBS = (
    Job("good", "ok", Location("reports/c.yaml", 3, 3), 2, 0.25),
    Job("bad", "failed", Location("reports/c.yaml", 5, 3), 1, 0.5, REFUSED),
)
RUN = Definition(
    "c", "Report <c>", "reports/c.yaml", JOBS, "2026-W47", "2026-11-23T00:00:00+00:00", ("out/c/digest.md",)
)
RIGHT = Definition("b", "B", "reports/b.yaml", (Job("one", "right", Location("reports/b.yaml", 3, 3)),))

SENT = Delivered("c 2026-W47 mail bo@example.com", "sent")
UNSENT = Delivered("c 2026-W47 mail ann@example.com", "uncertain", "no answer", LOST)

EMPTY = Account("validate", "1.2.3")
VALIDATED = Account("validate", "1.2.3", (PROBLEM, WARNING), definitions=(RIGHT,), exit_code=2, seconds=1.0)
RAN = Account(
    "run", "1.2.3", (WARNING,), ("no profile 'x'",), (RUN,), (SENT, UNSENT), exit_code=3, seconds=2.5, page="**more**"
)

ACCOUNTS = {"empty": EMPTY, "validated": VALIDATED, "ran": RAN}
