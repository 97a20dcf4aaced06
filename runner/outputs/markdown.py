"""What was found as Markdown: the summary of a job in CI, a part of a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runner.errors import Problem, Severity
from runner.outputs.account import Account, Definition, count

_SIGNS = re.compile(r"[\\`*_\[\]|~]")
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")

MOST = 200
"""So many rows a table has; more help nobody."""


def text(account: Account) -> str:
    """A heading that says what came of it, then a table for each kind of thing that was found."""
    state = "✅" if account.exit_code == 0 else "❌"
    blocks = [f"### {state} runner {account.command}: {account.summary}", *_blocks(account)]
    return "\n\n".join(blocks) + "\n"


def word(said: str) -> str:
    """A text that shows as it is written, on one line: no mark-up, nobody notified."""
    flat = " ".join(said.split())
    quoted = _SIGNS.sub(r"\\\g<0>", flat).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return quiet(quoted)


def quiet(said: str) -> str:
    """Markdown that notifies nobody."""
    return _MENTION.sub("@\N{ZERO WIDTH SPACE}", said)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table; of very many rows the first, and how many there are besides."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows[:MOST]]
    more = len(rows) - MOST
    return "\n".join(lines) + (f"\n\n{count(more, 'more row is', 'more rows are')} left out here." if more > 0 else "")


def problems(found: list[Problem]) -> str:
    """A table of problems, each with its place and its remedy."""
    return table(("", "Where", "What", "Rule"), [_problem(each) for each in found])


def _blocks(account: Account) -> Iterator[str]:
    found = list(account.findings())
    if found:
        yield problems(found)
    if account.errors:
        yield "\n".join(f"- {word(said)}" for said in account.errors)
    if account.definitions:
        head = ("Definition", "Period", "Jobs", "Requests", "Files")
        yield table(head, [_definition(each) for each in account.definitions])
    if account.deliveries:
        rows = [(word(each.key), word(each.state), word(each.reason)) for each in account.deliveries]
        yield table(("Delivery", "State", "Why"), rows)
    if account.page:
        yield account.page


def _problem(each: Problem) -> tuple[str, ...]:
    sign = "❌" if each.severity is Severity.ERROR else "⚠️"
    said = word(each.message) + (f"<br>{word(each.hint)}" if each.hint else "")
    return sign, word(str(each.location)), said, word(each.rule)


def _definition(each: Definition) -> tuple[str, ...]:
    failed = sum(job.problem is not None for job in each.jobs)
    jobs = f"{len(each.jobs) - failed} of {len(each.jobs)}" if failed else str(len(each.jobs))
    requests = sum(job.requests for job in each.jobs)
    return word(each.name), word(each.period), jobs, str(requests or ""), str(len(each.files) or "")
