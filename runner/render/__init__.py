"""A digest as files: HTML, Markdown, CSV, text, e-mail. A table of formats, each a function from a digest to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from runner import assets
from runner.errors import RunnerError
from runner.model import Digest, Document
from runner.render import columns, compose, mail, templating, tidy


def text(digest: Digest, *, colour: bool = False) -> str:
    """The digest for 80 columns of plain text, or of a terminal with colours (ANSI)."""
    page = templating.fill(assets.folder("templates"), "digest.txt.j2", compose.make(digest)).decode()
    return page.translate({ord(sign): ANSI[tone] if colour else "" for tone, sign in columns.MARKS.items()})


ANSI = {"good": "\x1b[32m", "bad": "\x1b[31m", "strong": "\x1b[1m", "dim": "\x1b[2m", "": "\x1b[0m"}
"""Tone -> how a terminal is told."""


def markdown(digest: Digest) -> bytes:
    """The digest for job summaries and comments on GitHub, without its last sections where it is too long for them."""
    view = compose.make(digest)
    for kept in range(len(view.sections), -1, -1):
        left = len(view.sections) - kept
        note = f"{left} {'report is' if left == 1 else 'reports are'} in the other formats only: too long for here"
        shorter = replace(view, sections=view.sections[:kept], notes=(*view.notes, note)) if left else view
        page = templating.fill(assets.folder("templates"), "digest.md.j2", shorter)
        if len(page.decode()) <= MARKDOWN:
            return page
    raise RunnerError(f"{digest.definition}: its title and notes alone are more than GitHub takes")


MARKDOWN = 60_000
"""Most characters of Markdown; a comment on GitHub may have 65,536."""


def _template(form: str) -> Callable[[Digest], bytes]:
    return lambda digest: templating.fill(assets.folder("templates"), f"digest.{form}.j2", compose.make(digest))


FORMATS: Mapping[str, Callable[[Digest], bytes]] = {
    "html": _template("html"),
    "md": markdown,
    "csv": tidy.render,
    "txt": lambda digest: text(digest).encode(),
    "eml": lambda digest: mail.message(digest, text(digest)),
}
"""Format of a definition's ``output`` -> how it is made."""


def documents(digest: Digest, formats: Sequence[str]) -> tuple[Document, ...]:
    """A file ``digest.FORMAT`` for each format, in order."""
    return tuple(Document(f"digest.{form}", FORMATS[form](digest)) for form in formats)
