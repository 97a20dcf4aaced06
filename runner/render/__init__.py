"""A digest as files: HTML, Markdown, CSV, text. A table of formats, each a function from a digest to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from runner import assets
from runner.model import Digest, Document
from runner.render import compose, templating, tidy


def _template(form: str) -> Callable[[Digest], bytes]:
    return lambda digest: templating.fill(assets.folder("templates"), f"digest.{form}.j2", compose.make(digest))


FORMATS: Mapping[str, Callable[[Digest], bytes]] = {
    "html": _template("html"),
    "md": _template("md"),
    "csv": tidy.render,
    "txt": _template("txt"),
}
"""Format of a definition's ``output`` -> how it is made."""


def documents(digest: Digest, formats: Sequence[str]) -> tuple[Document, ...]:
    """A file ``digest.FORMAT`` for each format, in order."""
    return tuple(Document(f"digest.{form}", FORMATS[form](digest)) for form in formats)
