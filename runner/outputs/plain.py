"""What was found, for people."""

from __future__ import annotations

from collections.abc import Iterator

from runner.outputs.account import Account, Definition


def text(account: Account) -> str:
    """Problems with their lines, then a line for each definition and job, each delivery, and the sum."""
    blocks = [f"{problem}\n" for problem in account.problems]
    blocks += [line for each in account.definitions for line in _definition(each)]
    blocks += [f"{each.state:10}  {each.key}{f'  {each.reason}' if each.reason else ''}" for each in account.deliveries]
    blocks += [f"error: {said}" for said in account.errors]
    return "".join(f"{block}\n" for block in [*blocks, account.summary])


def _definition(each: Definition) -> Iterator[str]:
    yield f"{each.name}{f'  {each.period}' if each.period else ''}  {each.title}"
    for job in each.jobs:
        yield f"  {job.state:7}  {job.name}{f'  {job.problem.message}' if job.problem else ''}"
