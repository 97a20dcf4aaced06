"""A short mail that says which jobs of a report failed, to those who can do something about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from runner import lines
from runner.deliver import letter
from runner.model import FailedSection, Key, Mailbox

MOST = 500
"""Most characters of a reason."""


def notice(
    mailbox: Mailbox,
    key: Key,
    *,
    title: str,
    period: str,
    failures: Sequence[FailedSection],
    held: str,
    at: datetime,
    test: bool = False,
) -> bytes:
    """The mail in plain text: the report with its period, each job with its reason, and what was ``held``, a sentence.

    RunnerError where it cannot be made so that it says just this.
    """
    count = f"{len(failures)} {'job' if len(failures) == 1 else 'jobs'} failed"
    mail = EmailMessage(policy=SMTP)
    mail.set_content("\n".join(_lines(title, period, count, failures, held)), cte="quoted-printable")
    return letter.compose(
        mail.as_bytes(), mailbox, key, subject=f"{title}: {count}, {period}", title=title, at=at, test=test
    )


def _lines(title: str, period: str, count: str, failures: Sequence[FailedSection], held: str) -> Iterator[str]:
    yield lines.line(f"{title}, {period}: {count}.", MOST)
    yield ""
    for failure in failures:
        yield lines.line(f"- {failure.title or failure.job} ({failure.job}): {failure.reason}", MOST)
    if held:
        yield from ("", lines.line(held, MOST))
    yield ""
