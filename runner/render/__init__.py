"""A digest as files: HTML, Markdown, CSV, text. A table of formats, each a function from a digest to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from runner import assets
from runner.model import Digest, Document
from runner.render import templating, tidy, view
from runner.render.view import View

Words: TypeAlias = Callable[[], View]
"""Gives the digest in words; it is made when the first format asks for it."""


def _template(form: str) -> Callable[[Digest, Words], bytes]:
    return lambda _, words: templating.fill(assets.folder("templates"), f"digest.{form}.j2", words())


FORMATS: Mapping[str, Callable[[Digest, Words], bytes]] = {
    "html": _template("html"),
    "md": _template("md"),
    "csv": lambda digest, _: tidy.render(digest),
    "txt": _template("txt"),
}
"""Format of a definition's ``output`` -> how it is made."""


def documents(digest: Digest, formats: Sequence[str]) -> tuple[Document, ...]:
    """A file ``digest.FORMAT`` for each format, in order."""
    words = cache(lambda: view.make(digest))
    return tuple(Document(f"digest.{form}", FORMATS[form](digest, words)) for form in formats)
