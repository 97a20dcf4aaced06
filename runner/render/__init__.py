"""A digest as files. A table of formats, each a function from a digest to its documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from runner.errors import RunnerError
from runner.model import Digest, Document
from runner.render import columns, compose, data, headline, mail, plain, templating, tidy
from runner.render.view import View

MARKDOWN = 60_000
"""Most characters of Markdown; a comment on GitHub may have 65,536."""

ANSI = {"good": "\x1b[32m", "bad": "\x1b[31m", "strong": "\x1b[1m", "dim": "\x1b[2m", "": "\x1b[0m"}
"""Tone -> how a terminal is told."""

Maker: TypeAlias = Callable[[Digest, View, Path | None], tuple[Document, ...]]
"""Makes the documents of a digest and its view, by templates of the project's folder where it has some."""


def words(digest: Digest) -> View:
    """The digest in words, as templates get it."""
    return compose.make(digest)


def html(view: View, own: Path | None = None) -> bytes:
    """The digest as a web page."""
    return templating.fill("html", view, own)


def text(view: View, own: Path | None = None, *, colour: bool = False) -> str:
    """The digest for 80 columns of plain text, or of a terminal with colours (ANSI)."""
    page = templating.fill("txt", view, own).decode()
    return page.translate({ord(sign): ANSI[tone] if colour else "" for tone, sign in columns.MARKS.items()})


def markdown(view: View, own: Path | None = None) -> bytes:
    """The digest for job summaries and comments on GitHub, without its last sections where it is too long for them."""
    for kept in range(len(view.sections), -1, -1):
        left = len(view.sections) - kept
        note = f"{left} {'report is' if left == 1 else 'reports are'} in the other formats only: too long for here"
        shorter = replace(view, sections=view.sections[:kept], notes=(*view.notes, note)) if left else view
        page = templating.fill("md", shorter, own)
        if len(page.decode()) <= MARKDOWN:
            return page
    raise RunnerError(f"{view.name}: its title and notes alone are more than GitHub takes")


def subject(view: View, template: str) -> str:
    """A definition's own subject line, a template of ``title``, ``period`` and ``headline`` (the first number).

    Without one, and where nothing is left of it, the digest's. RunnerError where it cannot be filled.
    """
    known = {
        "title": view.title,
        "period": view.period,
        "headline": headline.words(view.hero) if view.hero else "",
    }
    return templating.line(template, known) or plain.line(view.subject).strip()


def _page(form: str, make: Callable[[View, Path | None], bytes]) -> Maker:
    return lambda _, view, own: (Document(f"digest.{form}", make(view, own)),)


FORMATS: Mapping[str, Maker] = {
    "html": _page("html", html),
    "md": _page("md", markdown),
    "csv": lambda digest, *_: tidy.render(digest),
    "txt": _page("txt", lambda view, own: text(view, own).encode()),
    "json": lambda digest, view, _: (Document("digest.json", data.render(digest, view)),),
    "eml": lambda digest, view, own: (Document("digest.eml", mail.message(view, text(view, own), digest.as_of, own)),),
}
"""Format of a definition's ``output`` -> how it is made."""


def forget() -> None:
    """Look for templates anew, since some may have come or gone; a change of one is noticed without."""
    templating.forget()


def documents(digest: Digest, formats: Sequence[str], own: Path | None = None) -> tuple[Document, ...]:
    """The files of each format, in order; ``own`` is the project's folder of templates."""
    view = words(digest)
    return tuple(document for form in formats for document in FORMATS[form](digest, view, own))


def names(formats: Sequence[str], jobs: Sequence[str]) -> list[str]:
    """The names of these files, without making them."""
    return [
        name for form in formats for name in ([tidy.name(job) for job in jobs] if form == "csv" else [f"digest.{form}"])
    ]
