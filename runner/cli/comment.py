"""A review as a comment on a pull request: Markdown of a size that GitHub takes, with a mark to find it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from runner import files, render
from runner.cli import page
from runner.cli.review import Review, Reviewed
from runner.diff import words
from runner.errors import RunnerError, Severity
from runner.outputs import markdown
from runner.outputs.account import count
from runner.outputs.markdown import word

MOST = 65_536
"""Characters: GitHub takes no more of a comment. Counted as bytes, which are never fewer."""

NOTE = 300
"""Characters that are kept for the word that something is left out."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece that is shown as a whole, or not: then ``short`` stands for it."""

    text: str
    short: str = ""


def put(review: Review) -> None:
    """Print the comment, or write its file as a whole."""
    said = text(review)
    if review.wanted.output is None:
        click.echo(said, nl=False)
        return
    try:
        files.put(review.wanted.output, said.encode())
    except OSError as error:
        raise RunnerError(f"{review.wanted.output}: {error.strerror or error}") from error


def mark(name: str) -> str:
    """The line that nobody sees, by which the comment is found again."""
    known = re.sub("[^A-Za-z0-9._-]", "-", name)
    return f"<!-- runner-ci-comment{f':{known}' if known else ''} -->"


def text(review: Review) -> str:
    """The comment: what is wrong, what moves, what would be asked; what does not fit is left out, and it says so."""
    head = "\n\n".join([mark(review.wanted.name), *map(markdown.quiet, _head(review))])
    changes = [_difference(each) for each in review.definitions]
    plans = [_plan(each, review) for each in review.definitions]
    room = MOST - _size(head) - NOTE
    shown = _fitting(changes, room)
    room -= sum(_size(block) + 2 for block in shown)
    asked = _fitting(plans, room)
    blocks = [block for pair in zip(shown, asked, strict=True) for block in pair if block]
    left = sum(not block for block in (*shown, *asked))
    note = f"{count(left, 'part is', 'parts are')} left out, as a comment has no room for more." if left else ""
    return "\n\n".join([head, *blocks, *([note] if note else [])]) + "\n"


def _head(review: Review) -> Iterator[str]:
    errors = [problem for problem in review.problems if problem.severity is Severity.ERROR]
    names = [each.name for each in review.definitions]
    changed = len(names) + len({problem.location.file for problem in errors})
    state = f"{count(changed, 'definition')} changed" if changed else "no definition changed"
    state += f", {count(len(errors), 'error')}" if errors else ""
    yield f"### {'❌' if errors else '✅'} Reports: {state}"
    yield (
        f"Against {word(review.base.ref)} (`{review.base.short}`), as of {review.as_of.isoformat(timespec='seconds')}. "
        f"The numbers are {word(review.world)}."
    )
    if review.problems:
        yield markdown.problems(list(review.problems))
    if review.gone:
        yield f"Gone: {', '.join(map(word, review.gone))}."
    if review.others:
        yield f"Also changed, and all definitions depend on it: {', '.join(map(word, review.others))}."
    if review.definitions:
        yield f"A run of what is right: {review.forecast}."


def _difference(each: Reviewed) -> _Block:
    title = f"#### {word(each.name)}: {word(each.title)}{' (new)' if each.new else ''}"
    if each.reason:
        return _Block(f"{title}\n\nNo numbers: {word(each.reason)}")
    if each.digest:
        shown = "\n".join(f"    {line}" for line in render.text(render.words(each.digest)).splitlines())
        inside = f"<details><summary>Its digest</summary>\n\n{shown}\n\n</details>"
        return _Block(f"{title}\n\n{inside}", f"{title}\n\nIts digest is too long to be shown here.")
    if each.difference:
        summary = words.summary(each.difference)
        if not each.difference.differs:
            return _Block(f"{title}\n\nThe digest is the same: {summary}.")
        tables = words.markdown(each.difference, everything=False).partition("\n\n")[2].rpartition("\n\n")[0]
        tables = re.sub("^### ", "##### ", markdown.quiet(tables), flags=re.MULTILINE)
        inside = f"<details><summary>{summary}</summary>\n\n{tables}\n\n</details>"
        return _Block(f"{title}\n\n{inside}", f"{title}\n\n{summary}; too much to be shown here.")
    return _Block(title)


def _plan(each: Reviewed, review: Review) -> _Block:
    if each.plan is None:
        return _Block(f"What would be asked is not known: {word(each.unplanned)}")
    said = page.plan(each.plan, review.where.output, review.forecast)
    if each.unplanned:
        said += f"\n\nPlanned for where the numbers are from, as {word(each.unplanned)}"
    requests = count(len({ask.query.key for ask in each.plan.asks}), "request")
    return _Block(f"<details><summary>Plan: {requests}</summary>\n\n{markdown.quiet(said)}\n\n</details>")


def _fitting(blocks: Sequence[_Block], room: int) -> list[str]:
    """Each block, or what stands for it, or nothing, so that all are within the room; the first have it first."""
    least = [_size(block.short) + 2 for block in blocks]
    found = []
    for number, block in enumerate(blocks):
        rest = room - sum(least[number + 1 :])
        said = next((said for said in (block.text, block.short) if _size(said) + 2 <= rest), "")
        room -= _size(said) + 2
        found.append(said)
    return found


def _size(said: str) -> int:
    return len(said.encode())
