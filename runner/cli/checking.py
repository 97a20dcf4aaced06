"""What the command line says of a digest's checks."""

from __future__ import annotations

from collections.abc import Iterator

from runner import checks
from runner.errors import Problem
from runner.model import Digest

FAILED = 1
"""Exit code where nothing else went wrong and a check of severity error failed."""


def problems(digest: Digest) -> Iterator[Problem]:
    """Each check that failed, at its place in the definition, with the number and its limit."""
    failed = [verdict for verdict in digest.checks if verdict.breaches]
    if not failed:
        return
    from runner.render import demands, style  # here: it takes longer to load than most of a run without checks

    look = style.of(digest)
    for verdict in failed:
        title, text = demands.words(verdict, digest, look)
        said = f"{title}. {text}".removesuffix(f", check {verdict.check.name}.")
        yield Problem(said, "check-failed", verdict.location, verdict.excerpt, severity=verdict.check.severity)


def failed(digest: Digest) -> bool:
    """Whether the exit code should say so."""
    return bool(checks.failed(digest))
